"""Side by side: rows pair sentences with what became of them, and no text can break the table."""

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from make import PROPERTY, TEXTS, document, sample

from podprep import CleanedChunk, Removal, chunk_document, diff_table, measure, tidy_document
from podprep.fidelity import words
from podprep.review import shown
from podprep.review.pieces import Mark
from podprep.review.rows import Row, aligned_rows

HOSTILE = "<script>alert(1)</script> </td></tr></table> &lt;b&gt; \"quoted\" 'single' <img src=x onerror=alert(1)>"


def table(raw, cleaned):
    """The table of one chunk with this raw and cleaned text."""
    (chunk,) = chunk_document(document(raw), max(len(raw), 100))
    return diff_table(CleanedChunk(chunk, cleaned, "", (), measure(raw, cleaned)))


def plain(side):
    """A side of a row without its marks and the names in them."""
    return re.sub("\0[-+^](\2[^\3]*\3)?|\1", "", side)


def pairs(raw, cleaned):
    return [(plain(row.raw), plain(row.cleaned)) for row in aligned_rows(raw, cleaned)]


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


def sides(made):
    """The words on the left of a table and those on the right."""
    rows = [row for row in Cells(made).rows if row and "unchanged sentences" not in row[0]]
    assert {len(row) for row in rows} <= {6}  # a link, a line number and the text, twice
    return " ".join(row[2] for row in rows).split(), " ".join(row[5] for row in rows).split()


def visible(text):
    """The words of a text as they are to be shown: control characters as signs."""
    return shown(text).split()


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


@pytest.mark.parametrize("number", ["1.", "2.3.", "IV."])
def test_a_number_stands_with_the_heading_that_it_counts(number):
    text = f"It ends here. {number} Introduction to bees. It goes on. It ends in 12."
    cleaned = "It ends here. Introduction to bees. It goes on. It ends in 12."
    assert pairs(text, cleaned)[1] == (f"{number} Introduction to bees.", "Introduction to bees.")
    assert len(pairs(text, cleaned)) == len(pairs(text, text)) == 4


def test_words_that_differ_are_marked_whole():
    (row,) = aligned_rows("We saw it [1] in the of- fice twice.", "We saw it in the office once.")
    assert row.raw == "We saw it \0-[1]\1 in the \0-of- fice twice.\1"
    assert row.cleaned == "We saw it in the \0+office once.\1"
    assert row.changed


def test_repairs_are_told_from_changes():
    (row,) = aligned_rows("The o\ufb03ce in the work- shop and well- known.", "The office in the workshop and well-known.")
    assert row.raw == "The \0^o\ufb03ce\1 in the \0^work- shop\1 and \0^well- known.\1"
    assert row.cleaned == "The \0^office\1 in the \0^workshop\1 and \0^well-known.\1"


def test_what_is_removed_is_marked_by_its_place_to_the_letter():
    raw = "We saw them [2–5], and rats12 too."
    marks = [Mark(11, 17, "citation", 0.5), Mark(27, 29, "citation")]
    (row,) = aligned_rows(raw, "We saw them, and rats too.", marks, 100)
    assert row.raw == (
        "We saw them \0-\2-111-117|citation, certainty 0.50\3[2–5]\1, and "
        "rats\0-\2-127-129|citation, certainty 1.00\0031 2\1 too."
    ).replace("\0031 2", "\00312")
    assert row.cleaned == "We saw them, and rats too."
    assert row.kinds == ("citation",)


def test_neighbours_of_a_kind_are_one_mark_a_sentence():
    raw = "Lee, one\npaper. Roe,\nanother one. Kept."
    marks = [Mark(0, 8, "reference", 0.9), Mark(9, 20, "reference", 0.8), Mark(21, 33, "reference")]
    rows = aligned_rows(raw, "Kept.", marks)
    assert [re.findall("\2([^\3]*)\3", row.raw) for row in rows] == [
        ["-0-16|reference, certainty 0.80"], ["-16-33|reference, certainty 0.80"], []
    ]


def test_what_was_taken_back_is_marked_and_stays():
    (row,) = aligned_rows("We saw it [1] here.", "We saw it [1] here.", [Mark(9, 13, back=True)])
    assert row.raw == "We saw it \0^\2=9-13|restored\3[1]\1 here."
    assert row.cleaned == "We saw it [1] here."


def test_removed_and_added_sentences_are_marked_whole():
    assert aligned_rows("Gone now.", "") == [Row("\0-Gone now.\1", "", True)]
    assert aligned_rows("", "New.") == [Row("", "\0+New.\1", True)]


def test_what_did_not_change_is_not_marked():
    assert aligned_rows("Same as ever.", "Same as ever.") == [Row("Same as ever.", "Same as ever.", False)]


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
    rows = [row for row in aligned_rows(text, text) if words(row.raw) and "⟦" not in row.raw]
    assert all(row.raw == row.cleaned and not row.changed for row in rows)


# Tables

TAGS = {"table", "colgroup", "thead", "tbody", "tr", "th", "td", "span", "del", "ins", "a", "br", "label", "input"}


def test_no_text_can_become_markup():
    made = table(HOSTILE, HOSTILE + " more")
    assert sides(made) == (HOSTILE.split(), [*HOSTILE.split(), "more"])
    assert set(Cells(made).tags) <= TAGS
    assert Cells(made).tags["table"] == made.count("</table>") == 1
    assert "&amp;lt;b&amp;gt;" in made


@pytest.mark.parametrize(
    "text", ["\0+a\1", "\x01\x00-", "a\0^b", "nul\0 bell\x07", "&nbsp; &#60;", "tab\there", "\x1b[31m", "<!-- a", "a\x1cb", "\u202e\u200b"]
)
def test_control_characters_and_entities_are_shown_as_they_are(text):
    made = table(text, text + " end")
    assert sides(made) == (visible(text), [*visible(text), "end"])
    assert not re.search(r"[\x00-\x08\u202e]", made)


def test_bidi_controls_are_signs_and_every_side_finds_its_own_direction():
    made = table("abc \u202egnp.exe\u202c \u2066x\u2069 שלום", "abc")
    assert "⟦RLO⟧gnp.exe⟦PDF⟧ ⟦LRI⟧x⟦PDI⟧ שלום" in made
    assert made.count('dir="auto"') == 2


@PROPERTY
@given(TEXTS.filter(str.strip))
def test_tables_hold_every_word_of_any_text(text):
    for chunk in tidy_document(document(text), 100).chunks:
        made = diff_table(chunk)
        assert sides(made) == (visible(chunk.chunk.text), visible(chunk.text))
        assert set(Cells(made).tags) <= TAGS


LONG = {
    "unbroken": "x" * 100_000, "words": "word " * 20_000, "alike": "Same line here. " * 400, "brackets": ")" * 5000,
    "short": "a.\n" * 2000, "markup": "<" * 20_000,
    "similar": "".join(f"Line {n} of the table holds the number {n * n}.\n" for n in range(5000)),
}


@pytest.mark.parametrize("name", LONG)
def test_long_and_repetitive_text_makes_a_table(name):
    raw, cleaned = LONG[name], re.sub("e|Line", "", LONG[name])
    same = sides(table(raw, cleaned)) == (raw.split(), cleaned.split())
    assert same  # the lists are too long to be shown


def test_ids_are_unique_across_tables():
    ids = Cells("".join(diff_table(chunk) for chunk in sample().chunks)).ids
    assert len(ids) == len(set(ids)) > len(sample().chunks)


def test_tables_bring_no_script_and_nothing_from_outside():
    page = "".join(diff_table(chunk) for chunk in sample().chunks)
    assert set(Cells(page).tags) <= TAGS
    assert not re.search(r"\bon\w+=|\bsrc=|\bhref=\"(?!#)", re.sub(r">[^<]*<", "><", page))


def test_the_sample_side_by_side():
    for chunk in sample().chunks:
        assert sides(diff_table(chunk)) == (chunk.chunk.text.split(), chunk.text.split())


def test_removed_words_bear_their_place_and_kind():
    chunk = tidy_document(document("We saw it [1] here.")).chunks[0]
    mark = '<del class="diff_sub" data-span="9-13" title="citation, certainty 1.00">[1]</del>'
    assert mark in diff_table(chunk)
    assert 'role="button" tabindex="0" aria-pressed="false" data-span="9-13"' in diff_table(chunk, buttons=True)


def test_a_kind_cannot_become_markup():
    chunk = tidy_document(document("We saw it [1] here.")).chunks[0]
    made = diff_table(replace(chunk, removals=(Removal(9, 13, '"><script>\3\1'),)), label='"><script>')
    assert "<script" not in made
    assert {len(row) for row in Cells(made).rows if row} == {6}


def test_unchanged_sentences_fold_away_from_changes():
    same = ["First one here.", "Second one here.", "Third one here.", "Fourth one here.", "Fifth one here."]
    raw = "Gone altogether [9]. " + " ".join(same)
    made = table(raw, "Gone altogether. " + " ".join(same))
    assert made.count("show 4 unchanged sentences") == 1
    assert made.count("<tbody") == made.count("</tbody>") == 3
    assert "checkbox" not in table(raw, raw)


def test_a_sentence_removed_whole_faces_an_empty_cell_that_says_why():
    chunk = tidy_document(document("Bees fly home.\n[3]\nThey sleep there.")).chunks[0]
    made = diff_table(replace(chunk, text="Bees fly home.", removals=(Removal(18, 36, "caption"),)))
    assert re.search(r'<td[^>]* data-why="caption" dir="auto"></td>', made)
