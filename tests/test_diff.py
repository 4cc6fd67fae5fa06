"""Side by side: rows pair sentences with what became of them, and no text can break the table."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from make import PROPERTY, TEXTS, document, sample

from podprep import CleanedChunk, chunk_document, diff_table, measure, tidy_document
from podprep.diff import aligned_rows
from podprep.fidelity import words

HOSTILE = "<script>alert(1)</script> </td></tr></table> &lt;b&gt; \"quoted\" 'single' <img src=x onerror=alert(1)>"


def table(raw, cleaned):
    """The table of one chunk with this raw and cleaned text."""
    (chunk,) = chunk_document(document(raw), max(len(raw), 100))
    return diff_table(CleanedChunk(chunk, cleaned, "", (), measure(raw, cleaned)))


def plain(side):
    """A side of a row without its marks."""
    return re.sub("\0[-+^]|\1", "", side)


def pairs(raw, cleaned):
    return [(plain(a), plain(b)) for a, b, _ in aligned_rows(raw, cleaned)]


class Cells(HTMLParser):
    """Reads a table as a browser would: its rows of cells, and all tags there are."""

    def __init__(self, made):
        super().__init__()
        self.rows, self.tags, self.ids = [], Counter(), []
        self.feed(made)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        self.ids += [value for name, value in attrs if name == "id"]
        if tag == "tr":
            self.rows.append([])
        elif tag == "td":
            self.rows[-1].append("")

    def handle_data(self, data):
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def shown(made):
    """The words on the left of a table and those on the right."""
    rows = [row for row in Cells(made).rows if row]
    assert {len(row) for row in rows} <= {6}  # a link, a line number and the text, twice
    return " ".join(row[2] for row in rows).split(), " ".join(row[5] for row in rows).split()


def visible(text):
    """The words of a text as they are to be shown: control characters as signs."""
    return re.sub(r"[\x00-\x08\x0b-\x1f]", "\ufffd", text).split()


# Rows


@pytest.mark.parametrize(
    ("raw", "cleaned", "rows"),
    [
        ("One two. Three four.", "One two. Three four.", [("One two.", "One two."), ("Three four.", "Three four.")]),
        ("One two. Junk here. Three four.", "One two. Three four.",
         [("One two.", "One two."), ("Junk here.", ""), ("Three four.", "Three four.")]),
        ("One two. Three four.", "One two. New words. Three four.",
         [("One two.", "One two."), ("", "New words."), ("Three four.", "Three four.")]),
        ("A line-\nbreak [1] here. Next.", "A linebreak here. Next.",
         [("A line- break [1] here.", "A linebreak here."), ("Next.", "Next.")]),
        ("One two three. Four five six.", "One two three four five six.",
         [("One two three. Four five six.", "One two three four five six.")]),
        ("All gone. And this.", "", [("All gone.", ""), ("And this.", "")]),
        ("", "Made up.", [("", "Made up.")]),
        ("", "", []),
    ],
    ids="same removed added repaired merged emptied made-up empty".split(),
)
def test_rows_worked_examples(raw, cleaned, rows):
    assert pairs(raw, cleaned) == rows


def test_words_that_differ_are_marked_whole():
    ((left, right, changed),) = aligned_rows("We saw it [1] in the offfice.", "We saw it in the office.")
    assert left == "We saw it\0- [1]\1 in the\0^ offfice.\1"
    assert right == "We saw it in the\0^ office.\1"
    assert changed


def test_removed_and_added_sentences_are_marked_whole():
    assert aligned_rows("Gone now.", "") == [("\0-Gone now.\1", "", True)]
    assert aligned_rows("", "New.") == [("", "\0+New.\1", True)]


def test_what_did_not_change_is_not_marked():
    assert aligned_rows("Same as ever.", "Same as ever.") == [("Same as ever.", "Same as ever.", False)]


@PROPERTY
@given(TEXTS, TEXTS)
@example("a\0+b\1", "\0-\1\0^")
@example(HOSTILE, "")
def test_every_word_of_both_sides_stands_in_the_rows_once_and_in_order(raw, cleaned):
    rows = pairs(raw, cleaned)
    assert " ".join(left for left, _ in rows).split() == visible(raw)
    assert " ".join(right for _, right in rows).split() == visible(cleaned)
    assert all(left or right for left, right in rows)


@PROPERTY
@given(TEXTS)
def test_a_text_faces_itself_unchanged(text):
    rows = [(left, right, changed) for left, right, changed in aligned_rows(text, text) if words(left)]
    assert all(left == right and not changed for left, right, changed in rows)


# Tables

TAGS = {"table", "colgroup", "thead", "tbody", "tr", "th", "td", "span", "a", "br"}


def test_no_text_can_become_markup():
    made = table(HOSTILE, HOSTILE + " more")
    assert shown(made) == (HOSTILE.split(), [*HOSTILE.split(), "more"])
    assert set(Cells(made).tags) <= TAGS
    assert Cells(made).tags["table"] == made.count("</table>") == 1
    assert "&amp;lt;b&amp;gt;" in made


@pytest.mark.parametrize(
    "text", ["\0+a\1", "\x01\x00-", "a\0^b", "nul\0 bell\x07", "&nbsp; &#60;", "tab\there", "\x1b[31m", "<!-- a"]
)
def test_control_characters_and_entities_are_shown_as_they_are(text):
    made = table(text, text + " end")
    assert shown(made) == (visible(text), [*visible(text), "end"])
    assert not re.search(r"[\x00-\x08]", made)


@PROPERTY
@given(TEXTS.filter(str.strip))
def test_tables_hold_every_word_of_any_text(text):
    for chunk in tidy_document(document(text), 100).chunks:
        made = diff_table(chunk)
        assert shown(made) == (visible(chunk.chunk.text), visible(chunk.text))
        assert set(Cells(made).tags) <= TAGS


LONG = {
    "unbroken": "x" * 100_000, "words": "word " * 20_000, "alike": "Same line here. " * 400, "brackets": ")" * 5000,
    "short": "a.\n" * 2000, "markup": "<" * 20_000,
}


@pytest.mark.parametrize("name", LONG)
def test_long_and_repetitive_text_makes_a_table(name):
    raw, cleaned = LONG[name], LONG[name].replace("e", "")
    assert shown(table(raw, cleaned)) == (raw.split(), cleaned.split())


def test_ids_are_unique_across_tables():
    ids = Cells("".join(diff_table(chunk) for chunk in sample().chunks)).ids
    assert len(ids) == len(set(ids)) > len(sample().chunks)


def test_tables_bring_no_script_and_nothing_from_outside():
    page = "".join(diff_table(chunk) for chunk in sample().chunks)
    assert set(Cells(page).tags) <= TAGS
    assert not re.search(r"\bon\w+=|\bsrc=|\bhref=\"(?!#)", re.sub(r">[^<]*<", "><", page))


def test_the_sample_side_by_side():
    for chunk in sample().chunks:
        assert shown(diff_table(chunk)) == (chunk.chunk.text.split(), chunk.text.split())


def test_a_removed_citation_is_marked_as_removed():
    assert '<span class="diff_sub"> [1]</span>' in table("We saw it [1] here.", "We saw it here.")
