"""Grow boosted trees with LightGBM, and turn them into plain arrays.

Functions on arrays only; `train.py` reads the documents and writes the weights.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from podprep.probe import Array, Forest

FOLDS = 8
SEEDS = 3  # forests whose mean counts
SETTINGS: dict[str, Any] = {
    "objective": "binary", "learning_rate": 0.08, "num_leaves": 31, "min_data_in_leaf": 100, "max_bin": 63,
    "min_sum_hessian_in_leaf": 1, "lambda_l2": 10, "feature_fraction": 0.1, "bagging_fraction": 0.5, "bagging_freq": 1,
    "extra_trees": True, "use_missing": False, "verbose": -1, "num_threads": 1, "deterministic": True,
    "force_col_wise": True,
}
_WORDS = 0.2  # of its gain a question about words counts: what words look like differs between subjects, places less
_LEXICAL = re.compile(
    r"(?:opening_)?(?:p_(?!caption|numbered|bullet|deep|lettered)|characters|log_characters|words|letters|digits|capitals|"
    r"punctuation|cjk|word_length|capitalised|single_letters|all_capitals|commas|stops|brackets|tokens|spaces|longest|"
    r"common|familiar|unique)"
)
TREES = 300  # trees of the first and the second pass


@dataclass(frozen=True)
class Check:
    """A few rows of a forest's own columns, and the scores that LightGBM itself gave them."""

    rows: Array
    scores: Array


class Table:
    """Rows of numbers with their labels and weights, from which trees are grown.

    Args:
        names: the columns.
        values: one row a line.
        labels: whether each line is prose.
        weights: what each line counts.
    """

    def __init__(
        self, names: Sequence[str], values: Array, labels: NDArray[np.bool_], weights: NDArray[np.float64]
    ) -> None:
        self._names, self._values = tuple(names), values
        self._settings = {**SETTINGS, "feature_contri": [_WORDS if _LEXICAL.match(name) else 1.0 for name in names]}
        data = lightgbm.Dataset(values, labels, weight=weights / weights.mean(), params=self._settings)
        self._data = data.construct()

    def grow(self, rows: NDArray[np.bool_], seed: int) -> tuple[Forest, Check]:
        """A forest grown on some of the rows, seen to say what LightGBM says, and a few rows to see it by again."""
        part = self._data if rows.all() else self._data.subset(np.flatnonzero(rows).tolist())
        booster = lightgbm.train({**self._settings, "seed": seed}, part, TREES)
        forest = as_forest(booster, self._names)
        some = self._values[::len(self._values) // 200 + 1]
        said = np.asarray(booster.predict(some, raw_score=True), np.float32)
        mine = some[:, [self._names.index(name) for name in forest.names]]
        if not np.allclose(forest.scores(mine), said, atol=1e-4):
            raise ValueError("the arrays do not say what LightGBM says")
        return forest, Check(mine[::20], said[::20])


def as_forest(booster: Any, names: Sequence[str]) -> Forest:
    """The trees of a booster as arrays, with the columns that they ask about."""
    trees = [_flat(tree["tree_structure"]) for tree in booster.dump_model()["tree_info"]]
    used = sorted({column for tree in trees for column, *_ in tree[0]})
    place = {column: number for number, column in enumerate(used)}
    wide = max(max((len(nodes) for nodes, _ in trees), default=1), 1)
    inner = np.zeros((4, len(trees), wide))
    leaf = np.zeros((len(trees), wide + 1), np.float32)
    for number, (nodes, leaves) in enumerate(trees):
        for at, (column, threshold, left, right) in enumerate(nodes):
            inner[:, number, at] = place[column], threshold, left, right
        if not nodes:  # a tree without a question: both ways lead to its one leaf
            inner[2:, number, 0] = -1
        leaf[number, :len(leaves)] = leaves
    column, left, right = (inner[i].astype(np.int16) for i in (0, 2, 3))
    return Forest(tuple(names[c] for c in used), column, _rounded_down(inner[1]), left, right, leaf)


def _rounded_down(values: NDArray[np.float64]) -> Array:
    """The largest single-precision numbers not above the values: single-precision rows part at them alike."""
    rounded = values.astype(np.float32)
    return np.where(rounded > values, np.nextafter(rounded, np.float32(-np.inf)), rounded)


Node = tuple[int, float, int, int]


def _flat(root: dict[str, Any]) -> tuple[list[Node], list[float]]:
    """A tree as inner nodes (column, threshold, left, right) and leaves; leaf n is reached as -n - 1."""
    nodes: list[Node] = []
    leaves: list[float] = []

    def add(node: dict[str, Any]) -> int:
        if "split_feature" not in node:
            leaves.append(node["leaf_value"])
            return -len(leaves)
        at = len(nodes)
        nodes.append((0, 0.0, 0, 0))
        left, right = add(node["left_child"]), add(node["right_child"])
        nodes[at] = node["split_feature"], node["threshold"], left, right
        return at

    add(root)
    return nodes, leaves
