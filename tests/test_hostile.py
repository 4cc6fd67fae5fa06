"""Hostile files and hostile text: short passes of the harnesses in benchmarks/."""

import sys
from itertools import islice
from pathlib import Path

import pytest
from make import raw_pdf

from podprep import PodprepError, clean, read_pdf, words

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import hostile
import mutations

SHORT = ("special tokens", "orders to a model", "null bytes")


@pytest.mark.parametrize("first", range(0, 40, 10))
def test_mutated_files_end_in_a_document_or_a_sentence(first):
    sources = [path.read_bytes() for path in mutations.SOURCES]
    outcomes = {mutations.attempt(mutations.mutated(seed, sources)) for seed in range(first, first + 10)}
    assert outcomes
    assert all(o == "no text" or o.startswith(("text", "refused: ")) for o in outcomes)


def test_a_mutation_can_be_made_again():
    sources = [path.read_bytes() for path in mutations.SOURCES]
    assert mutations.mutated(7, sources) == mutations.mutated(7, sources)
    assert len({mutations.mutated(seed, sources) for seed in range(20)}) > 15


@pytest.mark.parametrize("name", hostile.TEXTS)
def test_the_rules_invent_nothing(name):
    lines = (line[:100_000] for line in islice(hostile.TEXTS[name](), 5000))
    cleaned = clean(hostile.placed(lines), "tidy")
    assert hostile.invented(cleaned) == 0
    assert "".join(part for chunk in cleaned.chunks for part, _ in chunk.segments()) == cleaned.document.text


@pytest.mark.parametrize("name", SHORT)
def test_the_probe_invents_nothing(name):
    assert hostile.invented(clean(hostile.placed(hostile.TEXTS[name]()))) == 0


def test_orders_in_a_text_are_text():
    cleaned = clean(hostile.placed(iter(hostile.ORDERS)), "tidy")
    assert words(cleaned.text) == words(" ".join(hostile.ORDERS))


def test_measures_that_are_no_numbers_do_no_harm(tmp_path):
    """Font sizes and places beyond all bounds: the text is read, and no cleaner stumbles."""
    stream = "BT /F 1e38 Tf 1e38 0 0 1e38 1e38 1e38 Tm (Far away.) Tj ET BT /F 12 Tf 72 700 Td (Near.) Tj ET"
    objects = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
               "<</Type/Page/Parent 2 0 R/MediaBox[0 0 1e38 1e38]/Resources<</Font<</F 4 0 R>>>>/Contents 5 0 R>>",
               "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", f"<</Length {len(stream)}>>stream\n{stream}\nendstream"]
    (tmp_path / "far.pdf").write_bytes(raw_pdf(objects))
    for cleaner in ("tidy", "probe"):
        assert "Near." in read_pdf(tmp_path / "far.pdf").text
        try:
            clean(tmp_path / "far.pdf", cleaner)
        except PodprepError as error:
            pytest.fail(str(error))
