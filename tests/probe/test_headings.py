"""Titles and headings are kept whole and alike; authors, captions and the body are not drawn in."""

import numpy as np
import pytest
from make import placed, prose

from podprep import clean, read_pdf
from podprep.probe.headings import with_headings

BODY = [placed(text, 600 - 12 * i, page=2) for i, text in enumerate(prose(30))]


def judged(*lines):
    """What stays of (line, score) with the body's lines, which all stay: one bool a line given."""
    kept = [score > 0 for _, score in lines] + [True] * len(BODY)
    scores = np.array([score for _, score in lines] + [5.0] * len(BODY))
    return with_headings([line for line, _ in lines] + BODY, kept, scores)[:len(lines)]


def heading(text, y, page=2, **style):
    return placed(text, y, page=page, **{"size": 12, "bold": True, "font": "Bold", **style})


def test_the_second_line_of_a_title_stays_with_the_first():
    assert judged((heading("The page and the ear:", 700, 1), 2.0), (heading("a study of noise", 684, 1), -1.5)) == [True, True]


def test_a_title_of_which_no_line_stays_goes_whole():
    assert judged((heading("The Journal of", 700, 1), -2.0), (heading("Everything", 684, 1), -0.3)) == [False, False]


@pytest.mark.parametrize("other", [
    heading("far below", 500, 1), heading("another size", 684, 1, size=9), heading("another font", 684, 1, font="Italic"),
])
def test_what_is_set_otherwise_or_far_away_is_no_part_of_it(other):
    assert judged((heading("The page and the ear:", 700, 1), 2.0), (other, -1.5)) == [True, False]


ALIKE = [(placed("by somebody", 700, page=1, size=8), -5.0),
         *((heading(f"Heading number {n}", 700 - 60 * n), 1.0) for n in range(4))]


def test_an_unsure_heading_that_is_set_like_those_that_stay_stays():
    assert judged(*ALIKE, (heading("Effects of noise", 300), -0.4))[-1]


@pytest.mark.parametrize(("line", "score"), [
    (heading("Effects of noise", 300), -2.0),  # sure
    (heading("Ann Smith and Ben Lee", 300, 1), -0.4),  # authors, on the first page
    (heading("of the noise in it", 300), -0.4),  # no beginning
    (placed("Effects of noise", 300, page=2, size=14, font="Caption"), -0.4),  # set like nothing else
])
def test_other_lines_do_not(line, score):
    assert not judged(*ALIKE, (line, score))[-1]


def test_a_numbered_heading_stays_if_two_others_set_like_it_do():
    first, second, third = (heading(text, y) for text, y in (("1 Bees", 700), ("2 Hives", 600), ("3 Rivers", 500)))
    small = placed("4 Male 12", 400, page=2, size=7)
    assert judged((first, 1.0), (second, 1.0), (third, -2.0), (small, -2.0)) == [True, True, True, False]
    assert judged((first, 1.0), (second, -2.0)) == [True, False]


def test_lines_without_places_are_left_as_they_are():
    assert with_headings([], [], np.zeros(0)) == []


def test_the_sample_keeps_its_title_and_all_numbered_headings():
    text = clean(read_pdf("notebooks/sample/sample.pdf"), "probe").text
    assert text.startswith("The Page and the Ear: What Print Does to a Sentence That Is Meant to Be Heard\n\n")
    assert sum(line[:1].isdigit() and len(line) < 60 for line in text.splitlines()) >= 10
