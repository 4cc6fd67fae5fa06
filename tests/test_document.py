"""Offsets into the running text lead back to lines and pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import PROPERTY, document

from podprep import Document, Line, Page

TWO_PAGES = document("one\ntwo", "three")


def test_text_joins_lines_and_pages_by_line_ends():
    assert TWO_PAGES.text == "one\ntwo\nthree"
    assert TWO_PAGES.pages[0].text == "one\ntwo"
    assert TWO_PAGES.line_starts == (0, 4, 8)


@pytest.mark.parametrize(
    ("offset", "line", "page"),
    [(0, 0, 1), (2, 0, 1), (3, 0, 1), (4, 1, 1), (7, 1, 1), (8, 2, 2), (12, 2, 2), (13, 2, 2)],
    ids=["first", "inside", "line end", "second line", "page end", "second page", "last", "end"],
)
def test_an_offset_has_a_line_and_a_page(offset, line, page):
    assert TWO_PAGES.line_at(offset) == line
    assert TWO_PAGES.page_at(offset) == page


def test_pages_keep_their_numbers_when_only_some_were_read():
    part = Document.from_pages([Page(7, 595, 842, (Line("late", 7),))])
    assert part.page_at(0) == 7
    assert part.metadata.pages == 1


def test_empty_pages_are_listed():
    pages = [Page(1, 595, 842, ()), Page(2, 595, 842, (Line("text", 2),)), Page(3, 595, 842, (Line(" \t", 3),))]
    assert Document.from_pages(pages).empty_pages == (1, 3)


def test_a_document_without_pages_has_no_text():
    nothing = Document.from_pages([])
    assert (nothing.text, nothing.lines, nothing.line_starts, nothing.empty_pages) == ("", (), (), ())
    assert nothing.page_at(0) == 0


@PROPERTY
@given(st.lists(st.text(st.characters(exclude_characters="\n"), min_size=1), min_size=1))
def test_each_character_stands_in_the_line_that_holds_it(lines):
    doc = document("\n".join(lines))
    for offset, char in enumerate(doc.text):
        index = doc.line_at(offset)
        assert (doc.lines[index].text + "\n")[offset - doc.line_starts[index]] == char


def test_documents_are_plain_data():
    assert document("one").pages == document("one").pages
    with pytest.raises(AttributeError):
        document("one").lines[0].text = "other"
