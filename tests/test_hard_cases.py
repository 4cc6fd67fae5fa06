"""Cases that once went wrong: prose lost to a rule, patterns that ran for minutes, errors without a sentence."""

import subprocess
import sys
from collections import Counter

import pytest
from make import NO_PAGES, column, document, edit_page, locked, prose, raw_pdf, texts, tidied, without, write_pdf
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from podprep import PageRangeError, PdfError, read_pdf
from podprep.fidelity import words
from podprep.reading.pdf import parse_pages
from podprep.rules.furniture import find_references
from podprep.rules.inline import addresses, author_year_citations
from podprep.rules.repairs import close_hyphen

BOLD = {"font": "Times-Bold"}


# prose lost on a first page
@pytest.mark.parametrize("line", [
    "Figure 3 shows what they had made by them in that year and",
    "Table manners were what they taught in the school to them",
    "Box office sales were good in the years that came after it",
    "abstract art was what they liked the most in those days of",
    "Summary judgement was what they liked the most in the days",
    "published in many lands and since then it has gone through",
    "received wisdom has it that they used in those days to talk",
    "citation counts have risen in the years since then as all",
    "email is what they used in those days to talk with others",
])
@pytest.mark.parametrize("place", [0, 6])
def test_a_body_line_of_the_first_page_that_begins_with_such_a_word_cuts_nothing(tmp_path, line, place):
    lines = prose(12)
    lines.insert(place, line)
    assert words(tidied(write_pdf(tmp_path / "p.pdf", column(*lines))).text) == words(" ".join(lines))


# bold or italic cross-reference at a line start
@pytest.mark.parametrize("font", ["Times-Bold", "Times-Italic"])
def test_a_bold_cross_reference_at_the_start_of_a_line_is_no_caption(tmp_path, font):
    run = (72, 780 - 12 * 6, [("Figure 3", {"font": font}), (" shows what was made in the year and", {})], {})
    path = write_pdf(tmp_path / "p.pdf", [*column(*prose(5), "and it ended here."), run, *column(*prose(6, 6), top=780 - 84)])
    made = tidied(path)
    assert made.words_removed() == {}


# landscape pages
def test_an_upright_line_of_a_turned_page_is_no_margin_text(tmp_path):
    canvas = Canvas(str(tmp_path / "wide.pdf"), pagesize=A4)
    canvas.rotate(90)
    for i, line in enumerate(prose(30)):
        canvas.drawString(72, -60 - 12 * i, line)
    canvas.save()
    path = edit_page(tmp_path / "wide.pdf", lambda page: page.rotate(90))
    assert words(tidied(path).text) == words(" ".join(prose(30)))


# short list
def test_a_short_reference_list_ends_at_back_matter_too():
    doc = document("\n".join([*prose(5), "References", "[1] A. Smith. A title. 2001.", "[2] B. Lee. Another. 2002.",
                              "Acknowledgements", "We thank all of them."]))
    assert texts(doc, find_references(doc)) == ["References", "[1] A. Smith. A title. 2001.", "[2] B. Lee. Another. 2002."]


# test_inline.py
@pytest.mark.parametrize("text", ["it began (January 2020) and", "it rose (In 2020) to"])
def test_dates_in_brackets_are_no_citations(text):
    assert without(text, author_year_citations) == text


@pytest.mark.parametrize(("text", "left"), [
    ("see https://example.org/some-\npage for more", "see for more"),
    ("see www.example.org/a_(b) for more", "see for more"),
])
def test_addresses_go_whole(text, left):
    assert without(text, addresses) == left


@pytest.mark.parametrize("text", ["0@0.AA1", "contact@uni.edu1 and"])
def test_an_address_is_not_cut_inside_a_word(text):
    left = without(text, addresses).split()
    assert all(word in text.split() for word in left)


# test_repairs.py
def test_a_compound_of_more_than_two_keeps_its_hyphens():
    assert close_hyphen("state-of-", "the-art", Counter()) == "state-of-the-art"


# test_pdf.py
@pytest.mark.parametrize("after_locked", [False, True])
def test_a_file_without_pages_is_said_to_have_none(tmp_path, after_locked):
    if after_locked:
        locked(tmp_path / "locked.pdf")
        with pytest.raises(PdfError):
            read_pdf(tmp_path / "locked.pdf")
    (tmp_path / "none.pdf").write_bytes(raw_pdf(NO_PAGES))
    with pytest.raises(PdfError, match=r"none\.pdf has no pages"):
        read_pdf(tmp_path / "none.pdf")


def test_a_cut_file_after_a_locked_one_is_not_said_to_be_locked(tmp_path):
    locked(tmp_path / "locked.pdf")
    with pytest.raises(PdfError):
        read_pdf(tmp_path / "locked.pdf")
    (tmp_path / "none.pdf").write_bytes(raw_pdf(NO_PAGES))
    with pytest.raises(PdfError) as caught:
        read_pdf(tmp_path / "none.pdf")
    assert "encrypted" not in str(caught.value)


def test_page_range_names_the_file(tmp_path):
    with pytest.raises(PageRangeError, match=r"p\.pdf"):
        read_pdf(write_pdf(tmp_path / "p.pdf", column("x")), pages="9")


@pytest.mark.parametrize("pages", [["1"], [1.5], [None]])
def test_selection_of_no_numbers(pages):
    with pytest.raises(PageRangeError):
        parse_pages(pages, 5)


@pytest.mark.parametrize("name", ["x" * 300 + ".pdf", "a\0b.pdf"])
def test_impossible_names(tmp_path, name):
    with pytest.raises(PdfError):
        read_pdf(tmp_path / name)


def test_a_huge_range_is_refused_before_it_is_spelt_out():
    import tracemalloc
    tracemalloc.start()
    with pytest.raises(PageRangeError):
        parse_pages("1-9999999", 5)
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


# 100,000 characters without a space
@pytest.mark.parametrize("text", ["a", ".", "a,", "A, ", "1-", "x-", "a.b.", "www."])
def test_a_long_run_of_characters_is_cleaned_in_seconds(text):
    code = f"from podprep import tidy_text; t = {text!r} * (20_000 // {len(text)}); tidy_text(t)"
    subprocess.run([sys.executable, "-c", code], timeout=4, check=True)
