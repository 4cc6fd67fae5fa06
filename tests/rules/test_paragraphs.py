"""Lines become paragraphs: what joins, what starts anew, and that nothing is lost or made up on the way."""

from itertools import pairwise

import pytest
from hypothesis import given
from make import PROPERTY, TEXTS, document, letters, paragraph, placed, placed_document

from podprep import Removal
from podprep.rules import PARAGRAPH, assemble, join_words
from podprep.rules.repairs import normalise

WIDE = {"width": 300}


def paragraphs(doc, removals=()):
    return join_words(assemble(doc, removals)).split(PARAGRAPH)


def without(doc, *texts):
    """Removals of these stretches of the document's text."""
    return [Removal(doc.text.index(t), doc.text.index(t) + len(t), "citation") for t in texts]


# Words


def test_lines_are_joined_and_cut_words_closed_up():
    doc = document("The quick work-\nshop was a well-\nknown place. It is well-known\nby now.")
    assert paragraphs(doc) == ["The quick workshop was a well-known place. It is well-known by now."]


def test_a_word_is_closed_up_across_columns_pages_and_removed_lines():
    doc = document("A word is bro-\n12", "Running head\nken here.")
    assert paragraphs(doc, without(doc, "12", "Running head")) == ["A word is broken here."]


def test_two_words_with_a_slash_between_close_up_and_paths_do_not():
    doc = document("A cycle of light/\ndark (or day/\nnight) in /usr/share/\nand in src/\nThere it ends.")
    assert paragraphs(doc) == ["A cycle of light/dark (or day/night) in /usr/share/ and in src/ There it ends."]


def test_a_stop_left_alone_by_a_cut_joins_its_word():
    doc = document("as was shown\n[3]. Then more.")
    assert paragraphs(doc, without(doc, "[3]")) == ["as was shown. Then more."]


def test_a_comma_left_by_a_cut_opens_no_paragraph():
    doc = placed_document(placed("involved in inflammation", 700, width=120), placed("[3,4], kidney stones and more", 688, **WIDE),
                          placed("of the kind that lines are", 676, **WIDE), placed("in a column of some width", 664, **WIDE))
    assert paragraphs(doc, without(doc, "[3,4]"))[0].startswith("involved in inflammation, kidney stones and more of")


def test_a_cut_inside_a_line_sets_letters_apart():
    doc = document("one(2)two")
    assert paragraphs(doc, without(doc, "(2)")) == ["one two"]


def test_words_know_their_place():
    doc = document("A bro-\nken \ufb01t.")
    assert [(w.text, doc.text[w.start:w.end]) for w in assemble(doc, ())] == [
        ("A", "A"), ("broken", "bro-\nken"), ("fit.", "\ufb01t."),
    ]


@PROPERTY
@given(TEXTS)
def test_every_word_is_a_source_word_or_two_halves_closed_up(text):
    doc = document(text)
    for word in assemble(doc, ()):
        halves = [normalise(line).strip() for line in doc.text[word.start:word.end].split("\n")]
        assert word.text in {"".join(halves), "".join(half.removesuffix("-") for half in halves[:-1]) + halves[-1]}


@PROPERTY
@given(TEXTS)
def test_nothing_is_lost_without_removals(text):
    assert letters(join_words(assemble(document(text), ()))) == letters(text)


@PROPERTY
@given(TEXTS)
def test_words_stand_in_order_and_do_not_overlap(text):
    words = assemble(document(text), ())
    assert all(a.end <= b.start for a, b in pairwise(words))
    assert {w.gap for w in words} <= {"", " ", PARAGRAPH}


# Paragraphs, where the engine tells places


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            paragraph("A full line of text that goes on", "to the next line and on to", **WIDE),
            ["A full line of text that goes on to the next line and on to"],
        ),
        (
            [*paragraph(*["A full line of words that ends."] * 3, **WIDE), placed("Short end.", 664, width=90),
             placed("New one begins here.", 652, **WIDE)],
            [" ".join(["A full line of words that ends."] * 3 + ["Short end."]), "New one begins here."],
        ),
        (
            [*paragraph(*["A full line of words that ends."] * 3, **WIDE),
             placed("Indented one.", 664, x=84, width=288)],
            [" ".join(["A full line of words that ends."] * 3), "Indented one."],
        ),
        (
            [*paragraph(*["A full line of words that ends."] * 3, **WIDE), placed("After a wide gap.", 650, **WIDE)],
            [" ".join(["A full line of words that ends."] * 3), "After a wide gap."],
        ),
        (
            [*paragraph("A sentence stops here.", **WIDE), placed("A Heading", 680, size=14, bold=True),
             *paragraph("Text under it.", top=660, **WIDE)],
            ["A sentence stops here.", "A Heading", "Text under it."],
        ),
        (
            [placed("A Title That Runs", 700, size=18), placed("Over Two Lines", 678, size=18),
             *paragraph("Text below the title", "goes on here.", top=640, **WIDE)],
            ["A Title That Runs Over Two Lines", "Text below the title goes on here."],
        ),
        (
            paragraph("These are:", "• one thing and", "the rest of it", "• another", **WIDE),
            ["These are:", "• one thing and the rest of it", "• another"],
        ),
        (
            [*paragraph(*["A full line of words that go on"] * 3, **WIDE),
             *paragraph(*["at the top of the next column."] * 2, top=760, x=400, **WIDE)],
            [" ".join(["A full line of words that go on"] * 3 + ["at the top of the next column."] * 2)],
        ),
        (
            [*paragraph(*["A full line of words that go on"] * 3, **WIDE),
             placed("on the next page.", 760, page=2, **WIDE)],
            [" ".join(["A full line of words that go on"] * 3 + ["on the next page."])],
        ),
        (
            paragraph("The text goes on before it stops.", "2 Methods", "We then did this.", **WIDE),
            ["The text goes on before it stops.", "2 Methods We then did this."],
        ),
    ],
    ids="joined short-end indent gap heading title bullets columns pages numbered".split(),
)
def test_paragraphs_by_place(lines, expected):
    assert paragraphs(placed_document(*lines)) == expected


def test_a_run_in_heading_stands_on_its_own():
    heading = placed("2.1. Animals. The mice were kept in", 700, emphasis=((0, 13),), **WIDE)
    doc = placed_document(heading, placed("cages of steel.", 688, **WIDE))
    assert paragraphs(doc) == ["2.1. Animals.", "The mice were kept in cages of steel."]


def test_a_bold_word_inside_a_sentence_is_no_heading():
    line = placed("Animals were kept. The mice slept", 700, emphasis=((0, 7),), **WIDE)
    assert paragraphs(placed_document(line)) == ["Animals were kept. The mice slept"]


def test_a_label_that_articles_have_is_a_heading_by_its_colon():
    lines = paragraph("Methods: The mice were kept in", "cages of steel.", "Mice: they were grey and small", "of build.", **WIDE)
    assert paragraphs(placed_document(*lines)) == [
        "Methods:", "The mice were kept in cages of steel. Mice: they were grey and small of build."]


def test_what_goes_on_in_the_row_after_an_index_opens_no_paragraph():
    symbol = placed("is its coefficient D", 700, width=120)
    index = placed("*", 704, x=192, width=5, size=6)
    rest = placed("[x], which then falls", 700, x=198, width=120, bold=True)
    assert paragraphs(placed_document(symbol, index, rest)) == ["is its coefficient D * [x], which then falls"]


@pytest.mark.parametrize("rest", [". We then see it fall", "-trees are then balanced"])
def test_the_rest_of_a_sentence_or_word_opens_no_paragraph(rest):
    lines = placed("known of all such B", 700, **WIDE), placed(rest, 688, x=100, width=250, bold=True)
    assert len(paragraphs(placed_document(*lines))) == 1


# Paragraphs, where it does not


def test_paragraphs_by_words_alone():
    long = "A line of the usual length that runs to the edge"
    doc = document(f"{long}\n{long}\n{long} and ends.\nIt is over.\n{long}\n{long}.")
    assert paragraphs(doc) == [f"{long} {long} {long} and ends. It is over.", f"{long} {long}."]


@pytest.mark.parametrize("text", ["", "\n\n", " "])
def test_no_text_no_words(text):
    assert assemble(document(text), ()) == []
