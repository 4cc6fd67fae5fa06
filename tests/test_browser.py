"""In a real browser: the report, in Chromium, where it is installed. The panel is tested in `test_lab`."""

from __future__ import annotations

from dataclasses import replace

import pytest
from browsing import HOSTILE, grave
from make import document, sample, tidied

from podprep import Document, Line, Page, Removal, Review, write_report


def hostile_document():
    return Document.from_pages([Page(1, 600, 800, tuple(Line(text, 1) for text in HOSTILE))])


@pytest.fixture
def open_report(browser, tmp_path):
    """Open the report of a cleaned or reviewed document."""
    pages = []

    def opened(source, scheme="light"):
        path = write_report(source, tmp_path / f"{len(pages)}.html")
        page = browser.new_page(color_scheme=scheme, viewport={"width": 1200, "height": 900})
        pages.append(page)
        page.goto(path.as_uri())
        return page

    yield opened
    for page in pages:
        page.close()


def reviewed_sample():
    review = Review(sample())
    index, removal = next((i, c.removals[0]) for i, c in enumerate(sample().chunks) if len(c.removals) > 1)
    review.restore(index, removal)
    review.keep_raw(0)
    review.edit(1, "My own words.")
    return review


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_raises_no_serious_concern(open_report, scheme):
    page = open_report(reviewed_sample(), scheme)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert grave(page) == []


def test_folded_rows_unfold_by_keyboard(open_report):
    same = " ".join(f"Sentence {word} stays." for word in "one two three four five".split())
    page = open_report(tidied(document(f"We saw it [1] here. {same}")))
    row = page.get_by_role("cell", name="Sentence four stays.").first
    assert not row.is_visible()
    page.get_by_role("checkbox").focus()
    page.keyboard.press("Space")
    assert row.is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_fits_400_pixels(open_report, scheme):
    page = open_report(reviewed_sample(), scheme)
    page.set_viewport_size({"width": 400, "height": 800})
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") == 400
    assert page.locator(".bar").first.bounding_box()["width"] > 100
    cut = """[...document.querySelectorAll('td, p, summary')].filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth
             && getComputedStyle(e).display !== 'inline').length"""
    assert page.evaluate(cut) == 0


def test_the_report_prints_on_less_paper_than_its_two_columns_of_text(open_report, tmp_path):
    from html import escape

    from pypdfium2 import PdfDocument

    page = open_report(sample())
    page.pdf(path=tmp_path / "report.pdf", format="A4")
    cells = "".join(f"<tr><td>{escape(c.chunk.text)}<td>{escape(c.text)}" for c in sample().chunks)
    style = "@page { margin: 12mm } body { font: 7.5pt/1.3 system-ui } table { table-layout: fixed } td { padding: 0.1em 0.5em }"
    page.set_content(f"<style>{style}</style><table>{cells}</table>")
    page.pdf(path=tmp_path / "bare.pdf", format="A4")
    printed = PdfDocument(tmp_path / "report.pdf")
    assert len(printed) < len(PdfDocument(tmp_path / "bare.pdf"))
    blue = sum(r < 80 and b > 150 for r, _, b in printed[0].render().to_pil().convert("RGB").get_flattened_data())
    assert blue > 500  # the bars are printed


def test_flags_and_contents_lead_to_their_places(open_report):
    cleaned = sample()
    at = next(i for i, c in enumerate(cleaned.chunks) if len(c.text.split()) > 60 and i > 3)
    named = " ".join(cleaned.chunks[at].text.split()[40:43])
    chunks = list(cleaned.chunks)
    chunks[at] = chunks[at].doubted(f"doubtful: “{named}”").doubted("nowhere")
    review = Review(replace(cleaned, chunks=tuple(chunks)))
    review.comment(at, HOSTILE[1])
    page = open_report(review)
    page.get_by_role("link", name="flag 1").click()
    mark = page.locator(f"#chunk-{at}-flag-1")
    assert mark.is_visible()
    assert "flag 1" in mark.text_content()
    assert page.get_by_role("link", name="flag 2").count() == 0
    assert HOSTILE[1] in page.locator("blockquote").text_content()
    assert page.evaluate("window.hacked") is None
    page.locator("ol.contents a").nth(2).click()
    assert page.locator(":target").is_visible()


def test_chunks_fold_and_links_lead_to_them(open_report):
    page = open_report(sample())
    page.get_by_role("link", name="Everything removed").click()
    kind = page.locator("details.chunk:has(table.gone)").first
    kind.locator("summary").press("Enter")
    kind.get_by_role("link").first.click()
    assert page.url.split("#")[1].startswith("chunk-")
    assert page.locator(f"#{page.url.split('#')[1]}").is_visible()


def test_a_hostile_document_shows_whole_and_runs_nothing(open_report):
    page = open_report(Review(tidied(hostile_document())))
    assert page.evaluate("window.hacked") is None
    assert page.locator("main table.diff").count() == 1
    raw = page.locator("table.diff tr:has(td.diff_header) td[dir]:nth-child(3)").all_text_contents()
    for piece in ("<script>window.hacked = 1</script>", "&lt;b&gt;", "␀␇", "</td></tr></table>", "⟦RLO⟧abc⟦PDF⟧", "⟦ZWSP⟧"):
        assert piece in " ".join(raw), piece
    assert page.locator("main script, main img").count() == 0


def test_nothing_is_fetched(browser, tmp_path):
    page, asked = browser.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(write_report(sample(), tmp_path / "r.html").as_uri())
    page.close()
    assert len(asked) == 1


def test_a_kind_from_elsewhere_cannot_become_markup(open_report):
    cleaned = tidied(document("We saw it [1] here."))
    chunk = cleaned.chunks[0]
    kind = '"><img src=x onerror=window.hacked=1>'
    page = open_report(replace(cleaned, chunks=(replace(chunk, removals=(Removal(9, 13, kind),)),)))
    assert page.evaluate("window.hacked") is None
    assert page.locator("main img").count() == 0
