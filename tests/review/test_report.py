"""The report holds every chunk, every count and no script, whatever the PDF says."""

import re

from podprep import Document, Line, Page, tidy_document, write_report
from podprep.review.report import report_html

HOSTILE = ["<script>alert(1)</script>", "</td></table> &lt; &amp;", '" onload="x"', "\u202eabc\u202c", "a\ufffdb"]


def _document(lines):
    return Document.from_pages([Page(1, 600.0, 800.0, tuple(Line(t, 1) for t in lines))])


def test_hostile_text_is_shown_and_never_runs():
    page = report_html(tidy_document(_document(HOSTILE)))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "&lt;/td&gt;&lt;/table&gt; &amp;lt; &amp;amp;" in page
    assert page.count("<table") == page.count("</table>")


def test_ids_are_unique_and_links_lead_somewhere():
    page = report_html(tidy_document(_document(["One sentence here. And another one there."] * 80)))
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_counts_and_pages_are_told(tmp_path):
    document = _document(["Bees fly home [3]. They sleep."])
    page = write_report(tidy_document(document), tmp_path / "r.html").read_text()
    assert "removed: citation" in page
    assert "Chunk 1, page 1" in page
    assert "Flagged, and not yet decided: 0" in page
    assert "<dt>minutes read aloud</dt><dd>1</dd>" in page
    assert re.search(r"<dt>tokens \(SmolLM2-135M-Instruct\)</dt><dd>\d+</dd>", page)


def test_hostile_text_is_harmless_among_what_is_said_otherwise():
    english = "It is the way of the words that we know, e.g. <script>alert(1)</script> & <b> for the ones that are 5% of it. "
    page = report_html(tidy_document(_document([english * 3])), speech=True)
    assert "<script" not in page
    assert page.count("<ins>for example</ins>") == 3
    assert page.count("<table") == page.count("</table>")


def test_nothing_comes_from_outside():
    page = report_html(tidy_document(_document(["See https://example.org/x.js for more."])))
    assert not re.search(r'(?:src|href)="(?!#)', page)
