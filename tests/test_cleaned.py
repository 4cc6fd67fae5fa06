"""A cleaned document: its parts give the raw text back, and its sums follow from them."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import PROPERTY, TEXTS, document, sample

from podprep import Cleaned, CleanedChunk, Removal, chunk_document, measure, tidy_document
from podprep.chunks import Chunk
from podprep.cleaned import removals_by_chunk
from podprep.rules import Word
from podprep.rules.paragraphs import text_and_gap, words_by_chunk
from podprep.spans import merge_removals

CHUNKS = [Chunk(0, 0, 10, "0123456789", 1, 1), Chunk(1, 10, 20, "abcdefghij", 1, 2)]


def cleaned_chunk(chunk=CHUNKS[1], text="", gap=" ", removals=(), source="", **more):
    spans = (Removal(start, end, "citation") for start, end in removals)
    return CleanedChunk(chunk, text, gap, tuple(spans), measure(source, text), **more)


@pytest.mark.parametrize(
    ("removals", "segments"),
    [
        ([], [("abcdefghij", False)]),
        ([(10, 20)], [("abcdefghij", True)]),
        ([(10, 12), (15, 16)], [("ab", True), ("cde", False), ("f", True), ("ghij", False)]),
        ([(12, 14), (14, 20)], [("ab", False), ("cd", True), ("efghij", True)]),
    ],
)
def test_segments_worked_examples(removals, segments):
    found = cleaned_chunk(removals=removals).segments()
    assert [(text, removal is not None) for text, removal in found] == segments


@PROPERTY
@given(TEXTS, st.integers(100, 300))
def test_segments_give_every_chunk_back(text, size):
    cleaned = tidy_document(document(text), size)
    assert ["".join(part for part, _ in chunk.segments()) for chunk in cleaned.chunks] == [
        chunk.text for chunk in chunk_document(cleaned.document, size)
    ]
    assert all(part for chunk in cleaned.chunks for part, _ in chunk.segments())


@PROPERTY
@given(st.lists(st.tuples(st.integers(0, 19), st.integers(0, 9))))
def test_dealing_removals_to_chunks_loses_none(spans):
    removals = merge_removals(Removal(a, min(a + n, 20), "caption") for a, n in spans)
    dealt = removals_by_chunk(CHUNKS, removals)
    for chunk, mine in zip(CHUNKS, dealt):
        assert all(chunk.start <= r.start < r.end <= chunk.end for r in mine)
    covered = [i for mine in dealt for r in mine for i in range(r.start, r.end)]
    assert covered == [i for r in removals for i in range(r.start, r.end)]


def test_words_go_to_the_chunk_they_start_in():
    kept = [Word("one", 0, 3, ""), Word("across", 8, 12, " "), Word("two", 13, 16, "\n\n")]
    first, second = words_by_chunk(CHUNKS, kept)
    assert [text_and_gap(first), text_and_gap(second)] == [("one across", ""), ("two", "\n\n")]
    assert text_and_gap([]) == ("", "")


def test_the_text_of_a_document_joins_its_chunks_by_their_gaps():
    chunks = (cleaned_chunk(text="One", gap="\n\n"), cleaned_chunk(text="", gap=""), cleaned_chunk(text="two."),
              cleaned_chunk(text="Three.", gap="\n\n"))
    assert Cleaned(document("raw"), "tidy", {}, chunks).text == "One two.\n\nThree.\n"
    assert Cleaned(document("raw"), "tidy", {}, chunks[1:2]).text == ""


@PROPERTY
@given(TEXTS)
def test_the_text_does_not_depend_on_the_size_of_chunks(text):
    assert tidy_document(document(text), 100).text == tidy_document(document(text), 100_000).text


def test_words_removed_are_counted_by_kind():
    doc = document("kept words [1, 2] here\nand a whole line gone")
    first, last = Removal(10, 17, "citation"), Removal(23, 44, "caption")
    chunk = CleanedChunk(chunk_document(doc)[0], "kept words here", "", (first, last), measure("", ""))
    cleaned = Cleaned(doc, "tidy", {}, (chunk,))
    assert cleaned.words_removed() == Counter({"citation": 2, "caption": 5})
    assert cleaned.removals == (first, last)


def test_flagged_chunks_come_failed_ones_first():
    source = "one two three four five six"
    fine, look = cleaned_chunk(text=source, source=source), cleaned_chunk(text=source + " seven", source=source)
    failed = cleaned_chunk(text="here you go with it " + source, source=source)
    cleaned = Cleaned(document("raw"), "prompt", {}, (fine, look, failed))
    assert [chunk.fidelity.verdict for chunk in cleaned.flagged] == ["failed", "look"]


def test_words_kept_and_removed_account_for_the_sample():
    source = sum(chunk.fidelity.source_words for chunk in sample().chunks)
    kept = sum(chunk.fidelity.cleaned_words for chunk in sample().chunks)
    assert source - kept == pytest.approx(sample().words_removed().total(), rel=0.03)
