"""Advice for a model: one that follows it leaves what the adviser leaves, however the text is cut into chunks."""

from pathlib import Path

import pytest
from make import placed, placed_document, prose

from podprep import PromptSettings, SkipCosts, clean_with_prompt, measure, read_pdf, tidy_document
from podprep.chunks import chunk_document
from podprep.model.advice import advise

SAMPLES = Path(__file__).parents[2] / "notebooks" / "sample"
DEAR = SkipCosts(opinion=1000.0)  # too dear to do anything else than what is advised


def display():
    """A page with a citation before a full stop, and a formula inside a sentence."""
    rows = [*prose(4), "and the bees were counted again and again [3, 4].", "Then the share of it is given by", "k(t) = a + b",
            "− c", "where t is the time of all that.", *prose(4, 8)]
    return placed_document(*(
        placed(row, 780 - 12 * at, x=200 if row in ("k(t) = a + b", "− c") else 72) for at, row in enumerate(rows)
    ))


@pytest.mark.parametrize("size", [100, 150, 220, 333, 1000])
@pytest.mark.parametrize("adviser", ["tidy", "probe"])
def test_words_that_go_as_advised_leave_the_advisers_text_and_gaps(adviser, size):
    document = read_pdf(SAMPLES / "sample.pdf")
    for advised in advise(document, chunk_document(document, size), adviser):
        chunk = advised.without_model()
        text, gap, removals = advised.without([opinion > 0 for opinion in advised.opinions])
        assert text == chunk.text
        assert gap == chunk.gap or not text
        assert {r.kind for r in removals} == {r.kind for r in chunk.removals}


@pytest.mark.parametrize("size", [100, 300])
def test_no_word_is_made_where_two_chunks_meet(size, language_model):
    document = display()
    advised = clean_with_prompt(document, language_model, PromptSettings(adviser="tidy", costs=DEAR), size)
    assert advised.text == tidy_document(document, size).text
    assert "again and again." in advised.text
    assert "given by […] where" in advised.text
    alone = clean_with_prompt(document, language_model, PromptSettings(adviser="none"), size)
    assert measure(document.text, alone.text).invented == ()
