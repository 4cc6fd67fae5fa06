"""Doubt: a document that the probe cannot judge is cleaned with caution and says so; a chunk shows what is doubtful."""

import numpy as np
import pytest
from make import paragraph, placed, placed_document, prose

from podprep import Chunk, clean_with_probe
from podprep.cleaned import LOST
from podprep.probe.doubt import Judged


class Given:
    """Scores that are given, in place of the probe's own."""

    def __init__(self, scores):
        self.given = np.array(scores, np.float32)

    def scores(self, features):
        return self.given


TEXT = prose(20)
ENTRIES = ["[1] A. Smith and B. Jones. Bees of the hill. Journal of Bees, 3(2):4-9, 2001."] * 6


def cleaned(scores):
    """A page of prose and references, cleaned by the scores."""
    lines = [*paragraph(*TEXT, top=780), placed("References", 520, size=13, bold=True, font="Bold"),
             *paragraph(*ENTRIES, top=500)]
    return clean_with_probe(placed_document(*lines), probe=Given(scores))


def test_a_probe_that_is_sure_is_not_lost():
    made = cleaned([5.0] * 20 + [-5.0] * 7)
    assert made.warning == ""
    assert not made.flagged
    assert "Smith" not in made.text


def test_a_lost_probe_takes_out_only_what_the_rules_name_and_says_so():
    made = cleaned([-0.4] * 20 + [-5.0] * 7)
    assert all(line in " ".join(made.text.split()) for line in TEXT)
    assert "Smith" not in made.text
    assert "The probe was lost in this document" in made.warning
    assert all(LOST in chunk.fidelity.reasons for chunk in made.chunks)


def test_nothing_is_taken_out_that_a_lost_probe_keeps():
    assert "Smith" in cleaned([-0.4] * 20 + [0.4] * 7).text


CHUNK = Chunk(0, 0, 60, "The bees came home.\nTable of hives 3 4 5\nThey slept until noon", 1, 1)


def judged(starts, words, scores, named=False):
    return Judged(np.array(starts), np.array(words, float), np.array(scores), np.array(scores) > 0,
                  np.full(len(starts), named))


def doubts(scores, named=False):
    return [*judged([0, 20, 41], [7, 9, 4], scores, named).doubts(CHUNK)]


@pytest.mark.parametrize(("scores", "said"), [
    ((5, -5, 5), []),
    ((-0.1, -5, 5), ["removed, and may be text: The bees came home."]),
    ((5, 0.1, 5), ["kept, and may be no text: Table of hives 3 4 5"]),
    ((-0.1, 0.1, 5), ["removed, and may be text: The bees came home.", "kept, and may be no text: Table of hives 3 4 5"]),
])
def test_a_chunk_shows_what_its_scores_leave_open(scores, said):
    assert doubts(scores) == said


def test_what_the_rules_name_as_well_raises_no_doubt():
    assert doubts((-0.1, -5, 5), named=True) == []


def test_a_long_line_is_shown_by_its_first_words():
    text = "one two three four five six seven eight nine ten"
    assert [*judged([0], [10], [-0.1]).doubts(Chunk(0, 0, len(text), text, 1, 1))] == [
        "removed, and may be text: one two three four five six seven eight …"]


def test_lines_outside_the_chunk_do_not_count():
    assert [*judged([0, 100], [5, 5], [5.0, -0.1]).doubts(Chunk(0, 0, 50, "The bees came home in time.", 1, 1))] == []
