"""Trees as arrays: what a row comes to, alone and among many."""

import numpy as np
import pytest

from podprep.probe import Forest


def forest():
    """Two trees: one asks about a and then about b, the other about b; the second is padded."""
    return Forest(
        ("a", "b"), np.array([[0, 1], [1, 0]], np.int16), np.array([[1.0, 0.5], [0.0, 0.0]], np.float32),
        np.array([[1, -1], [-1, 0]], np.int16), np.array([[-3, -2], [-2, 0]], np.int16),
        np.array([[10.0, 20.0, 30.0], [1.0, 2.0, 0.0]], np.float32),
    )


@pytest.mark.parametrize(("row", "score"), [
    ((0.0, 0.0), 11.0), ((0.0, 1.0), 22.0), ((1.0, 0.5), 12.0), ((2.0, 0.0), 31.0), ((2.0, 9.0), 32.0),
])
def test_a_row_goes_left_up_to_the_threshold(row, score):
    assert forest().scores(np.array([row], np.float32)).tolist() == [score]


def test_rows_do_not_touch_each_other():
    values = np.random.default_rng(0).normal(size=(1500, 2)).astype(np.float32)
    alone = [forest().scores(row[None])[0] for row in values]
    assert forest().scores(values).tolist() == alone
    assert len(forest().scores(values[:0])) == 0


def test_a_tree_without_a_question_gives_its_leaf():
    bare = Forest(("a",), np.zeros((1, 1), np.int16), np.zeros((1, 1), np.float32), np.full((1, 1), -1, np.int16),
                  np.full((1, 1), -1, np.int16), np.array([[0.25, 0.0]], np.float32))
    assert bare.scores(np.zeros((2, 1), np.float32)).tolist() == [0.25, 0.25]


def test_what_is_stored_comes_back():
    arrays = forest().arrays("x")
    again = Forest.of(arrays, "x")
    assert again.names == ("a", "b")
    assert all(np.array_equal(getattr(again, name), getattr(forest(), name)) for name in ("column", "threshold", "leaf"))
