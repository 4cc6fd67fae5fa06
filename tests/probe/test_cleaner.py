"""The probe cleaner: what it keeps comes from the PDF, what it drops is listed, and where it is lost it says so."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import LCSseq

from podprep import Document, Line, Page, Run, clean, clean_with_probe, read_pdf, words
from podprep.rules import join_words, source_words

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted((ROOT / "tests" / "documents").glob("*.pdf"))
SAMPLE = ROOT / "notebooks" / "sample" / "sample.pdf"


@pytest.fixture(scope="module")
def cleaned():
    return clean(SAMPLE)


class Given:
    """Scores that are given, in place of the probe's own."""

    def __init__(self, scores):
        self.given = np.array(scores, np.float32)

    def scores(self, features):
        return self.given


def _recall_and_precision(text, truth):
    a, b = words(truth), words(text)
    hits = LCSseq.similarity(a, b)
    return hits / len(a), hits / len(b)


def test_the_probe_is_the_default(cleaned):
    assert cleaned.cleaner == "probe"


def test_the_sample_comes_out_nearly_as_its_truth(cleaned):
    recall, precision = _recall_and_precision(cleaned.text, (SAMPLE.with_suffix(".txt")).read_text())
    assert recall > 0.99
    assert precision > 0.98


@pytest.mark.parametrize("pdf", DOCUMENTS, ids=lambda p: p.stem)
def test_documents_of_other_kinds_keep_their_prose(pdf):
    """None of these was trained on; lists stay, tables of contents go."""
    recall, precision = _recall_and_precision(clean(pdf).text, pdf.with_suffix(".prose.txt").read_text())
    assert recall > 0.93
    assert precision > 0.92


def test_plain_prose_is_kept():
    pdf = ROOT / "tests" / "documents" / "train-novel.pdf"
    recall, _ = _recall_and_precision(clean(pdf).text, pdf.with_suffix(".prose.txt").read_text())
    assert recall >= 0.995


def test_a_table_of_contents_goes():
    assert not re.search(r"(?:\. ?){4,}", clean(ROOT / "tests" / "documents" / "harbour-brochure.pdf").text)


def test_kept_and_removed_give_the_source_back(cleaned):
    assert "".join(text for chunk in cleaned.chunks for text, _ in chunk.segments()) == cleaned.document.text


def test_cleaned_words_are_a_subsequence_of_the_tidy_source_words(cleaned):
    source = words(join_words(source_words(cleaned.document)))
    mine = words(cleaned.text)
    assert len(mine) - LCSseq.similarity(source, mine) <= 2  # a word cut by a page's foot is whole only here


def test_every_removal_has_a_place_a_kind_and_a_score(cleaned):
    kinds = {r.kind for r in cleaned.removals}
    assert {"reference", "caption", "running head", "citation"} <= kinds
    assert all(0 <= r.score <= 1 for r in cleaned.removals)
    references = " ".join(cleaned.document.text[r.start:r.end] for r in cleaned.removals if r.kind == "reference")
    assert "Levenshtein" in references


def test_the_same_pdf_gives_the_same_text(cleaned):
    assert clean(SAMPLE).text == cleaned.text


def _document(texts):
    lines = tuple(Line(t, 1, (72, 700 - 12 * i, 400, 710 - 12 * i), 10.0) for i, t in enumerate(texts))
    return Document.from_pages([Page(1, 600.0, 800.0, lines)])


@pytest.mark.parametrize(
    "texts",
    [["∑∫√ ± × ÷ ≤"], ["عاد النحل إلى الخلية عند الظهر"], ["ミツバチは正午に巣に帰る。"], ["x" * 100_000], ["\ufffd" * 50], ["—"]],
    ids=["symbols", "Arabic", "Japanese", "no space", "unreadable", "dash"],
)
def test_odd_text_does_no_harm(texts):
    cleaned = clean_with_probe(_document(texts))
    assert "".join(text for chunk in cleaned.chunks for text, _ in chunk.segments()) == texts[0]


def test_an_empty_page_does_no_harm():
    assert clean_with_probe(Document.from_pages([Page(1, 600.0, 800.0, ())])).text == ""


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), min_size=1, max_size=60),
                min_size=1, max_size=8))
def test_nothing_is_invented_whatever_the_scores(texts):
    """Any scores at all: the letters of the clean text are a subsequence of the source's."""
    document = _document(texts)
    cleaned = clean_with_probe(document, probe=Given(np.random.default_rng(len(texts)).normal(size=len(texts))))
    assert "".join(text for chunk in cleaned.chunks for text, _ in chunk.segments()) == document.text
    source = iter(join_words(source_words(document)))
    letters = [c for c in cleaned.text if not c.isspace()]
    assert all(c in source for c in letters)


def test_where_nothing_tells_places_the_rules_stand_in_and_it_is_said():
    cleaned = clean(SAMPLE, engine="pypdf2")
    assert cleaned.text == clean(SAMPLE, engine="pypdf2", cleaner="tidy").text
    assert len(cleaned.flagged) == len(cleaned.chunks)
    assert "does not tell where its lines stand" in cleaned.warning


def test_read_pdf_and_pages_go_through():
    assert clean(read_pdf(SAMPLE, pages="2")).text == clean(SAMPLE, pages="2").text


def test_the_first_page_alone_is_cleaned_nearly_as_it_is_in_the_whole(tmp_path):
    def kept(document, removals):
        gone = {at for r in removals for at in range(r.start, r.end)}
        starts = zip(document.lines, document.line_starts)
        return [line.text for line, start in starts if line.page == 1 and start not in gone]

    whole = clean(SAMPLE)
    alone = clean(SAMPLE, pages="1")
    mine, theirs = kept(alone.document, alone.removals), kept(whole.document, whole.removals)
    assert LCSseq.similarity(mine, theirs) >= 0.95 * max(len(mine), len(theirs))
    assert clean(SAMPLE, pages="1", run=tmp_path / "run").text == alone.text
    assert Run.open(tmp_path / "run").document == alone.document
