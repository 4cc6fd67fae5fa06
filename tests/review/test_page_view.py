"""Pages as pictures: any page selection, distance and box is shown, or refused in a sentence."""

import math
import time
from dataclasses import replace

import pytest
from make import SAMPLE, sample, tidied

from podprep import ReviewError, show_page


@pytest.fixture(scope="module")
def gapped():
    """Pages 1 and 3 of the sample, and the chunk that lies on both."""
    cleaned = tidied(SAMPLE / "sample.pdf", pages="1,3")
    return cleaned, next(c.chunk.index for c in cleaned.chunks if (c.chunk.first_page, c.chunk.last_page) == (1, 3))


def test_a_chunk_over_pages_that_were_not_read_is_shown_on_those_that_were(gapped):
    cleaned, index = gapped
    assert show_page(cleaned, index).width == 2 * show_page(cleaned, 0).width + 8


@pytest.mark.parametrize("around", [-1, -math.inf, math.nan])
def test_what_is_no_distance_is_refused(around):
    with pytest.raises(ReviewError, match="choose 0 or more"):
        show_page(sample(), 0, around=around)


def test_any_distance_is_shown_as_far_as_the_page_goes():
    assert show_page(sample(), 0, around=math.inf).size == show_page(sample(), 0).size


@pytest.mark.parametrize(("box", "cropped"), [
    ((0, 0, 1e15, 1e15), False), ((1e15, 1e15, -1e15, -1e15), False), ((math.nan, 0, 1, 1), False),
    ((-math.inf, 0, math.inf, 9), False), ((5000, 5000, 6000, 5010), False), ((300, 300, 100, 290), True),
    ((10, 20, 10, 20), False), ((1e308, 0, -1e308, 5), False),
])
def test_boxes_of_any_numbers_are_shown_as_far_as_they_are_on_the_page(gapped, box, cropped):
    cleaned, index = gapped
    pages = [replace(p, lines=tuple(replace(line, box=box) for line in p.lines)) for p in cleaned.document.pages]
    forged = replace(cleaned, document=replace(cleaned.document, pages=tuple(pages)))
    began = time.monotonic()
    whole, part = show_page(forged, index), show_page(forged, index, around=10)
    assert time.monotonic() - began < 20
    assert whole.size == show_page(cleaned, index).size
    assert (part.height < whole.height) == cropped
