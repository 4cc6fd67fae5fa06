"""`[…]` stands where a sentence has a hole, and only where something went."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import PROPERTY, TEXTS, document, placed, placed_document, prose

from podprep import Removal, tidy_document, tidy_text, words
from podprep.rules import HOLE, assemble, join_words
from podprep.rules.holes import with_holes
from podprep.spans import merge_removals


@pytest.mark.parametrize(("text", "left"), [
    ("As proved in [3], it is so.", "As proved in […], it is so."),
    ("As proved [3], it is so.", "As proved, it is so."),
    ("It is at https://example.org/a. So it is.", "It is at […]. So it is."),
    ("We ask (see https://example.org/a) them.", "We ask (see […]) them."),
    ("It was so. [4] proposes another way.", "It was so. […] proposes another way."),
    ("Das steht in [3] und in [4].", "Das steht in […] und in […]."),
    ("C’est dans [3], selon [5].", "C’est dans […], selon […]."),
    ("Como se ve en [3], es así.", "Como se ve en […], es así."),
    ("Это показано в [3].", "Это показано в […]."),
    ("See Ref. [3] for more.", "See Ref. […] for more."),
    ("We asked Lee [3] and Ng [4].", "We asked Lee and Ng."),
])
def test_a_citation_that_the_sentence_needs_leaves_a_mark(text, left):
    assert tidy_text(text) == left


def paper(*rows):
    """A page of text with rows of a display in it: (text, left) each, or a text that stands at the margin."""
    lines = [placed(line, 780 - 12 * at) for at, line in enumerate(prose(8))]
    for row in [*rows, *prose(8, 8)]:
        text, left = row if isinstance(row, tuple) else (row, 72)
        lines.append(placed(text, lines[-1].box[1] - 9.5, x=left))
    return placed_document(*lines)


def test_a_displayed_formula_goes_as_one_and_leaves_one_mark():
    made = paper("Then the share of it is given by", ("k(t) = a + b", 200), ("− c", 210), "where t is the time of all that.")
    cleaned = tidy_document(made)
    gone = [removal for removal in cleaned.removals if removal.kind == "formula"]
    assert [made.text[r.start:r.end] for r in gone] == ["k(t) = a + b\n− c"]
    assert f"is given by {HOLE} where t is the time" in cleaned.text


def test_a_formula_after_a_whole_sentence_leaves_none():
    made = paper("Here all of the sentence is said.", ("k(t) = a + b (3)", 200), "Then the next sentence is said of it.")
    cleaned = tidy_document(made)
    assert [removal.kind for removal in cleaned.removals] == ["formula"]
    assert HOLE not in cleaned.text


def test_notation_in_a_row_of_text_stays():
    made = paper("Let x = a + b be the share of it", "and so it is said of all that.")
    assert "Let x = a + b be the share" in tidy_document(made).text


SPANS = st.lists(st.tuples(st.integers(0, 120), st.integers(1, 30), st.sampled_from(["formula", "citation", "other"])))


@PROPERTY
@given(TEXTS, SPANS)
def test_a_mark_stands_only_where_a_removal_stood_and_no_word_is_new(text, spans):
    made = document(text.replace(HOLE, ""))
    removals = merge_removals(
        Removal(start, min(start + length, len(made.text)), kind) for start, length, kind in spans if start < len(made.text)
    )
    plain = assemble(made, removals)
    marked = with_holes(made, plain, removals)
    starts = {removal.start for removal in removals if removal.kind != "other"}
    assert {word.start for word in marked if word.text == HOLE} <= starts
    assert [word.text for word in marked if word.text != HOLE] == [word.text for word in plain]
    assert words(join_words(marked)) == words(join_words(plain)) or HOLE in join_words(marked)
