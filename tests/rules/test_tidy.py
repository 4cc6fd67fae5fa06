"""The rules together: on text made for the purpose, on any text at all, and on the sample with its known truth."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from make import (
    PROPERTY,
    SAMPLE,
    TEXTS,
    column,
    cut,
    document,
    in_order,
    letters,
    prose,
    sample,
    tidied,
    truth,
    write_pdf,
)
from rapidfuzz.distance import LCSseq

from podprep import tidy_document, tidy_text
from podprep.fidelity import words
from podprep.rules import find_removals, source_words

SCRIPTS = {
    "Arabic": "هذا نص عربي قصير. وهذه جملة أخرى.",
    "Japanese": "これは日本語の文章です。次の文もあります。",
    "Hebrew": "זהו טקסט קצר בעברית.",
    "Hindi": "यह हिन्दी का एक छोटा वाक्य है।",
    "combining": "une e\u0301te\u0301 a\u0300 la mer",
    "emoji": "a family 👩\u200d👩\u200d👧 and a flag 🇪🇺 and a hand 👍🏽",
    "symbols": "*** § ¶ † ‡ ∑ ∫ ≠ ∞ ###",
    "maths": "for all x ∈ ℝ: x² ≥ 0",
    "markup": "<script>alert(1)</script> &amp; </td>",
}


# Single strings


@pytest.mark.parametrize(
    ("raw", "clean_text"),
    [
        ("The \ufb01rst o\ufb03ce work-\nshop was held.", "The first office workshop was held."),
        ("A well-\nknown place is well-known.", "A well-known place is well-known."),
        ("We saw it [1] and again [2, 3].", "We saw it and again."),
        ("so it is (Smith et al., 2020). Lee et al. (2019) found", "so it is. Lee et al. found"),
        ("see https://example.org/a and a@b.org now", "see […] and […] now"),
        ("one  space\tonly", "one space only"),
        ("10² and ½ stay", "10² and ½ stay"),
        ("A first line\r\nand a second", "A first line and a second"),
        ("the word References in a\nreferences to others", "the word References in a references to others"),
        ("as seen before.\nFigure 3 shows it again.", "as seen before. Figure 3 shows it again."),
        ("", ""),
        ("\n \n\t\n", ""),
    ],
)
def test_tidy_text_worked_examples(raw, clean_text):
    assert tidy_text(raw) == clean_text


@pytest.mark.parametrize("name", SCRIPTS)
def test_other_scripts_and_signs_come_through(name):
    assert letters(tidy_text(SCRIPTS[name])) == letters(SCRIPTS[name])
    assert len(tidy_text(SCRIPTS[name]).split()) == len(SCRIPTS[name].split())


def test_joined_emoji_stay_joined():
    assert tidy_text(SCRIPTS["emoji"]) == SCRIPTS["emoji"]


@pytest.mark.parametrize("text", ["x" * 2000, "日本" * 1000, "x-" * 1000, "." * 2000])
def test_a_run_of_characters_without_a_space_stays_whole(text):
    assert tidy_text(text) == text


def test_characters_that_control_do_no_harm():
    assert letters(tidy_text("nul\0 bell\x07 escape\x1b[31m delete\x7f end")) == letters("nulbellescape[31mdeleteend")


# Any text


@PROPERTY
@given(TEXTS)
def test_nothing_is_invented_or_reordered(text):
    assert in_order(letters(tidy_text(text)), letters(text))


@PROPERTY
@given(TEXTS)
def test_same_text_same_result(text):
    assert tidy_text(text) == tidy_text(text)
    assert tidy_document(document(text), 100) == tidy_document(document(text), 100)


@PROPERTY
@given(TEXTS)
def test_what_is_clean_is_written_clean(text):
    result = tidy_text(text)
    assert result == result.strip()
    assert not re.search(r"[^\S\n ]|  | \n|\n |(?<!\n)\n(?!\n)|\n{3}", result)


@PROPERTY
@given(TEXTS)
def test_removals_are_sorted_disjoint_and_inside_the_text(text):
    doc = document(text)
    removals = find_removals(doc)
    assert all(a.end <= b.start for a, b in pairwise(removals))
    assert all(0 <= r.start < r.end <= len(doc.text) for r in removals)


# Made pages


def test_pages_of_prose_lose_nothing(tmp_path):
    path = write_pdf(tmp_path / "prose.pdf", column(*prose(50)), column(*prose(50, first=50)))
    assert words(tidied(path).text) == words(" ".join(prose(100)))


def test_a_made_article(tmp_path):
    refs = [f"[{i}] A. Name. The title of entry {i}. 20{i:02}." for i in range(1, 9)]
    page = lambda n, lines: [
        (250, 815, "Journal of Tests", {}), *column(*lines), (300, 30, str(n), {}),
    ]
    small = {"size": 6, "rise": 4}
    first = [*prose(20), "as was shown before [3] by some and again (Smith et al., 2020) by others, and",
             "a good work-", "shop was held. The workshop was good."]
    raised = (72, 480, [("and it is known", {}), ("4", small), (" that 10", {}), ("6", small), (" cells grow.", {})], {})
    note = (72, 60, "1 A note in small type at the foot of the page.", {"size": 7})
    second = [*prose(30, 20), "References", *refs]
    cleaned = tidied(write_pdf(tmp_path / "article.pdf", [*page(1, first), raised, note], page(2, second)))
    assert words(cleaned.text) == words(" ".join(
        [*prose(20), "as was shown before by some and again by others, and a good workshop was held.",
         "The workshop was good. and it is known that 10⁶ cells grow.", *prose(30, 20)]
    ))
    assert set(cleaned.words_removed()) == {"running head", "citation", "footnote", "reference"}


def test_an_empty_page_between_others_is_no_obstacle(tmp_path):
    path = write_pdf(tmp_path / "gap.pdf", column("The text goes on"), [], column("over an empty page."))
    cleaned = tidied(path)
    assert cleaned.document.empty_pages == (2,)
    assert cleaned.text == "The text goes on over an empty page.\n"


def test_pages_of_symbols_only(tmp_path):
    cleaned = tidied(write_pdf(tmp_path / "signs.pdf", column("* * *", "###", "= = =")))
    assert cleaned.text.split() == ["*", "*", "*", "###", "=", "=", "="]
    assert cleaned.flagged == ()


def test_both_engines_agree_on_plain_prose(tmp_path):
    path = write_pdf(tmp_path / "prose.pdf", column(*prose(30)))
    assert words(tidied(path, engine="pypdf2").text) == words(tidied(path, engine="pdfium").text)


def test_the_text_to_measure_against_leaves_out_only_what_no_reader_reads_as_words(tmp_path):
    run = (72, 700, [("as they found", {}), ("12", {"size": 6, "rise": 4}), (" [3] there", {})], {})
    doc = tidied(write_pdf(tmp_path / "cited.pdf", [run])).document
    assert [word.text for word in source_words(doc)] == ["as", "they", "found", "[3]", "there"]


# The sample, whose clean text is known


def test_the_sample_is_cleaned_almost_as_a_person_would():
    made, true = words(sample().text), words(truth())
    common = LCSseq.similarity(made, true)
    assert common / len(true) == 1
    assert common / len(made) > 0.997


def test_the_paragraphs_of_the_sample_are_found():
    made = {" ".join(words(p)) for p in sample().text.split("\n\n")}
    true = [" ".join(words(p)) for block in truth().split("\n\n") for p in block.split("\n") if p.strip()]
    assert sum(p in made for p in true) > 0.97 * len(true)


def test_no_chunk_of_the_sample_needs_a_look():
    assert sample().flagged == ()
    assert all(chunk.fidelity.invented == () for chunk in sample().chunks)


@pytest.mark.parametrize(
    "kept",
    [
        "The Page and the Ear: What Print Does to a Sentence That Is Meant to Be Heard",
        "words first, final, flow, offer, office, difficult and shuffle are drawn",
        "A well-known author, a side-by-side comparison, a second-hand opinion, a hard-won result, a word-by-word",
        "a program might simply stop when it meets the word References. It had better be careful",
        "Figure 1 shows it for the article that you are reading.",
        "Table 1 gives a made-up example",
        "It has a subject and a verb and a full stop. Only its size",
        "The method of Knuth and Plass counts up",
        "Alain and Bengio proposed to train",
        "Holtzman et al. found that a model",
        "Shannon asked people to guess",
        "and on the right of it. All of them take it for granted",
        "This article walks through the marks that a page leaves on a sentence",
        "We thank the people who make and look after the free software",
    ],
)
def test_the_prose_of_the_sample_comes_through(kept):
    assert kept in sample().text


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("running head", "podprep Working Notes 1 (2026)"),
        ("running head", "The page and the ear"),
        ("running head", "41"),
        ("running head", "45"),
        ("front matter", "The podprep authors"),
        ("front matter", "Received 21 November 2026."),
        ("front matter", "Keywords: reading aloud"),
        ("caption", "Figure 1. How often each word"),
        ("caption", "Table 1. A made-up passage"),
        ("footnote", "1 This is an example."),
        ("small print", "Word left broken 20 1 0 1 0.10"),
        ("citation", "[2]"),
        ("citation", "[2–5]"),
        ("citation", "(Vaswani et al., 2017)"),
        ("citation", "(Levenshtein, 1966; Hirschberg,"),
        ("citation", "(1951)"),
        ("address", "writing@example.org"),
        ("address", "https://example.org/"),
        ("reference", "[15] Y. Leviathan"),
    ],
)
def test_the_furniture_of_the_sample_goes(kind, text):
    assert [found for of_kind, found in cut(sample().document, sample().removals) if of_kind == kind and text in found]


@pytest.mark.parametrize(
    "gone",
    ["podprep Working Notes", "\nThe page and the ear\n", "writing@example", "https:", "Keywords", "memory. In G.", "[1",
     "(2020)", "et al., 2017", "Figure 1.", "Table 1.", "This is an example. It could be", "\ufb01", "\ufb00"],
)
def test_nothing_of_it_is_left(gone):
    assert gone not in sample().text
    assert gone not in truth()


@pytest.mark.parametrize("word", ["instructive", "comparison", "word-by-word", "half-finished", "side-by-side"])
def test_words_cut_at_line_ends_are_whole_and_words_with_hyphens_keep_them(word):
    assert sample().text.count(word) == truth().count(word) > 0


def test_no_word_of_the_sample_is_left_broken():
    assert re.findall(r"\w-\s+\w", sample().text) == re.findall(r"\w-\s+\w", truth()) == []


def test_the_sample_read_by_the_second_engine_can_be_cleaned():
    made, true = words(tidied(SAMPLE / "sample.pdf", engine="pypdf2").text), words(truth())
    assert LCSseq.similarity(made, true) > 0.95 * len(true)


def test_pages_can_be_cleaned_alone():
    part = tidied(SAMPLE / "sample.pdf", pages="2-5")
    assert {chunk.chunk.first_page for chunk in part.chunks} == {2, 3, 4, 5}
    assert in_order(words(part.text), words(sample().text))
    assert len(words(part.text)) > 0.6 * len(words(sample().text))
