"""Headings that count sections stay, entries of a table of contents do not; pieces of a row stay with it."""

import numpy as np
from make import placed, prose

from podprep.probe.outline import in_outline
from podprep.probe.pieces import with_pieces

HEADINGS = ["1 The bees", "1.1 Their Wax", "2 What They Do", "2.1.3 In Spring", "3 Ends", "A.1 More of It", "A.2 Tables"]


def outlined(texts, scores=None):
    lines = [placed(text, 780 - 12 * (at % 60), page=1 + at // 60) for at, text in enumerate(texts)]
    known = np.array([-3.0 if text in HEADINGS else 4.0 for text in texts] if scores is None else scores)
    found = in_outline(lines, known, np.zeros(len(lines), bool))
    return [line.text for line, inside in zip(lines, found) if inside]


def test_headings_that_count_on_stay():
    assert outlined([text for heading in HEADINGS for text in (heading, *prose(3))]) == HEADINGS


def test_entries_below_one_another_and_headings_before_no_text_do_not():
    assert outlined([*HEADINGS, *prose(3)]) == []
    texts = [text for heading in HEADINGS for text in (heading, *prose(3))]
    assert outlined(texts, [-3.0] * len(texts)) == []


def test_two_numbers_make_no_outline():
    assert outlined(["1 The bees", *prose(3), "2 What They Do", *prose(3)]) == []


def test_what_does_not_count_on_is_no_part_of_it():
    texts = [text for heading in (*HEADINGS[:5], "1 Again Here") for text in (heading, *prose(3))]
    assert outlined(texts) == HEADINGS[:5]


def test_a_piece_stays_with_the_row_it_stands_in():
    lines = [placed("of all that is s =", 700, width=100), placed("1", 704, x=174, width=4, size=8),
             placed("2, and so on it goes.", 700, x=180, width=120), placed("1", 650, x=174, width=4)]
    assert with_pieces(lines, [True, False, True, False], np.array([4.0, -3.0, 4.0, -3.0])) == [True, True, True, False]


def test_a_long_piece_and_one_beside_doubtful_text_do_not():
    lines = [placed("of all that is s =", 700, width=100), placed("a label of a figure that is long", 700, x=174, width=90)]
    assert with_pieces(lines, [True, False], np.array([4.0, -3.0])) == [True, False]
    lines = [placed("of all that is s =", 700, width=100), placed("1", 700, x=174, width=4)]
    assert with_pieces(lines, [True, False], np.array([0.5, -3.0])) == [True, False]
