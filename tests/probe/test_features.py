"""Line features: a known line gives known numbers, any text gives finite ones, and places are relative."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podprep import Line, Page, read_pdf
from podprep.probe import line_features
from podprep.probe.text_features import text_features


def _page(lines, scale=1.0, number=1):
    placed = tuple(
        Line(text, number, (72 * scale, (700 - 12 * i) * scale, 300 * scale, (710 - 12 * i) * scale), 10 * scale, font="F")
        for i, text in enumerate(lines)
    )
    return Page(number, 600 * scale, 800 * scale, placed)


TEXT = ["The bees of the hill came home in the evening and", "slept in the hive until the sun was on it again.",
        "Figure 2. Counts of bees", "[3] Smith A, Jones B. Bees. 2001;3:4-9."]


def test_a_line_of_text_in_numbers():
    found = text_features("In 2001, 14 bees (of [3]) slept.")
    assert found["p_year"] == 1
    assert found["p_numeric_citation"] == 1
    assert found["ends_stop"] == 1
    assert found["function_share"] == pytest.approx(2 / 4)
    assert found["brackets"] == pytest.approx(20 / 32)


def test_captions_and_entries_are_marked():
    features = line_features([_page(TEXT)])
    assert features.column("p_caption").tolist() == [0, 0, 1, 0]
    assert features.column("p_volume_pages").tolist() == [0, 0, 0, 1]
    assert features.column("starts_lower").tolist() == [0, 1, 0, 0]


def test_a_larger_print_of_the_same_page_has_the_same_features():
    small, large = line_features([_page(TEXT)]), line_features([_page(TEXT, 2.0)])
    changed = [n for n, a, b in zip(small.names, small.values.T, large.values.T) if not np.allclose(a, b, atol=1e-4)]
    assert changed == []


def test_neighbours_see_each_other():
    features = line_features([_page(TEXT)])
    assert features.column("p_caption@+1").tolist() == [0, 1, 0, 0]
    assert features.column("p_caption@-2").tolist() == [0, 0, 0, 0]


def test_lines_close_together_are_one_block_and_a_gap_ends_it():
    page = _page(TEXT[:2])
    far = Line("Alone.", 1, (72, 300, 200, 310), 10.0, font="F")
    assert line_features([Page(1, 600, 800, (*page.lines, far))]).blocks.tolist() == [0, 0, 1]


def test_no_lines_no_features():
    assert line_features([Page(1, 600, 800, ())]).values.shape == (0, 0)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=80), min_size=1, max_size=12))
def test_any_text_gives_finite_numbers(texts):
    features = line_features([_page(texts)])
    assert features.values.shape == (len(texts), len(features.names))
    assert np.isfinite(features.values).all()


def test_the_sample_has_one_row_a_line_and_no_column_twice():
    document = read_pdf("notebooks/sample/sample.pdf")
    features = line_features(document.pages)
    assert len(features.values) == len(document.lines)
    assert len(set(features.names)) == len(features.names)
