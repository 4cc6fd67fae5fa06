"""Chunks tile the text, end at sentence ends where they can, and never cut a word."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from make import PROPERTY, TEXTS, document, sample

from podprep import SettingsError, chunk_document
from podprep.chunks import sentence_ends, split_sentences, split_text

SENTENCE = "Sphinx of black quartz, judge my vow today. "  # 44 characters


def parts(text, spans):
    return [text[a:b] for a, b in spans]


@PROPERTY
@given(TEXTS, st.integers(100, 200))
@example("a" * 5000, 100)
@example(("a" * 300 + " ") * 3, 100)
@example(" " * 500, 100)
@example("日本語" * 100, 100)
def test_chunks_tile_the_text_and_end_after_space(text, size):
    chunks = parts(text, split_text(text, size))
    assert "".join(chunks) == text
    assert all(chunk[-1].isspace() for chunk in chunks[:-1])
    assert all(len(chunk) <= size or len(chunk.split()) <= 2 for chunk in chunks)


def test_chunks_end_at_the_last_sentence_that_fits():
    assert parts(SENTENCE * 5, split_text(SENTENCE * 5, 100)) == [SENTENCE * 2, SENTENCE * 2, SENTENCE]


def test_without_sentences_chunks_end_at_line_ends_and_then_at_spaces():
    lines = ("no stop here at all, only words " * 2).strip() + "\n"
    assert parts(lines * 3, split_text(lines * 3, 100)) == [lines] * 3
    words = "word " * 50
    assert {len(chunk) for chunk in parts(words, split_text(words, 101))} == {100, 50}


def test_a_word_longer_than_a_chunk_stays_whole():
    text = "short " + "x" * 100_000 + " end"
    assert max(parts(text, split_text(text, 100)), key=len) == "x" * 100_000 + " "


def test_chunks_prefer_not_to_end_in_a_cut_word():
    text = "a line of words that is long enough to count and cut-\nting continues on this line here\nand this " * 3
    assert not any(chunk.endswith("-\n") for chunk in parts(text, split_text(text, 120)))


def test_chunk_sizes_have_a_floor():
    with pytest.raises(SettingsError, match=r"99 .*100 or more"):
        chunk_document(document("text"), 99)
    assert len(chunk_document(document("text"), 100)) == 1


def test_no_text_no_chunks():
    assert chunk_document(document("")) == []


def test_chunks_know_their_pages_and_place():
    doc = document("First page. " * 10, "Second page. " * 10)
    chunks = chunk_document(doc, 130)
    assert [chunk.index for chunk in chunks] == list(range(len(chunks)))
    assert all(doc.text[chunk.start:chunk.end] == chunk.text for chunk in chunks)
    assert (chunks[0].first_page, chunks[-1].last_page) == (1, 2)
    assert all(a.last_page <= b.first_page for a, b in pairwise(chunks))


def test_a_chunk_is_known_by_its_text_alone():
    first, second = chunk_document(document(SENTENCE * 2 + "\n" + SENTENCE), 100)
    other, moved = chunk_document(document("Other words stand first. " * 3, SENTENCE), 100)
    assert moved.id == second.id
    assert moved != second
    assert len({first.id, second.id, other.id}) == 3
    assert len(first.id) == 16


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two.", ["One. ", "Two."]),
        ("Is it? Yes! Good.", ["Is it? ", "Yes! ", "Good."]),
        ('"Go." She went.', ['"Go." ', "She went."]),
        ("See Fig. 3 and Smith et al. A. B. Lee said so.", None),
        ("Use e.g. Mice, i.e. Rodents, vs. Rats.", None),
        ("It was 3.5 m. then it fell.", None),
        ("Ends. (Next one.) [Third.]", ["Ends. ", "(Next one.) ", "[Third.]"]),
        ("Строка. Другая.", ["Строка. ", "Другая."]),
        ("One line.\nNext line.", ["One line.\n", "Next line."]),
        ("", []),
    ],
)
def test_sentences_worked_examples(text, sentences):
    assert parts(text, split_sentences(text, 1000)) == ([text] if sentences is None else sentences)


@PROPERTY
@given(TEXTS, st.integers(1, 100))
def test_sentences_tile_the_text(text, longest):
    assert "".join(parts(text, split_sentences(text, longest))) == text
    assert all(0 < end <= len(text) for end in sentence_ends(text))


def test_a_long_stretch_without_a_stop_is_cut_at_line_ends():
    table = "12 34 56\n" * 20
    rows = parts(table, split_sentences(table, 50))
    assert len(rows) > 3
    assert all(len(row) <= 50 and row.endswith("\n") for row in rows)


def test_most_chunks_of_the_sample_end_with_a_sentence():
    chunks = chunk_document(sample().document)
    assert "".join(chunk.text for chunk in chunks) == sample().document.text
    assert all(len(chunk.text) <= 1000 for chunk in chunks)
    closed = [chunk.text.rstrip().endswith((".", "?", "!")) for chunk in chunks]
    assert sum(closed) > 0.8 * len(closed)
