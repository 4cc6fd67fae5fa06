"""Boosted trees as plain arrays, and what they make of rows of numbers.

They are grown in `training`; here they are only read and followed, all trees at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .marks import Array

_ROWS = 128  # rows that are held at once


@dataclass(frozen=True)
class Forest:
    """Trees whose leaves add up; each array has one row a tree, padded to the largest.

    Attributes:
        names: the columns that the trees ask about.
        column: of each inner node, the column it asks about, by its place in `names`.
        threshold: of each inner node, the value up to which a row goes left.
        left: of each inner node, the node on the left, or leaf -n - 1.
        right: the same on the right.
        leaf: values of the leaves.
    """

    names: tuple[str, ...]
    column: NDArray[np.int16]
    threshold: Array
    left: NDArray[np.int16]
    right: NDArray[np.int16]
    leaf: Array

    def scores(self, values: Array) -> Array:
        """What the leaves that each row comes to add up to, one a row; `values` has the columns of `names`."""
        parts = [self._part(values[first:first + _ROWS]) for first in range(0, len(values), _ROWS)]
        return np.concatenate([np.zeros(0, np.float32), *parts])

    @cached_property
    def _ways(self) -> NDArray[np.intp]:
        """Where the ways right and left from each node of the flat arrays lead: to a node there, or to leaf -n - 1."""
        trees, width = self.column.shape
        tree = np.arange(trees, dtype=np.intp)[:, None]
        ways = (np.where(to < 0, to - tree * self.leaf.shape[1], to + tree * width) for to in (self.right, self.left))
        return np.stack([*ways], axis=-1).ravel()

    @cached_property
    def _columns(self) -> NDArray[np.intp]:
        return self.column.ravel().astype(np.intp)

    def _part(self, values: Array) -> Array:
        """Some rows, each at once in all trees; those that have come to a leaf are no longer followed."""
        (trees, width), (count, columns) = self.column.shape, values.shape
        flat, threshold, ways = values.ravel(), self.threshold.ravel(), self._ways
        row = np.repeat(np.arange(count, dtype=np.intp) * columns, trees)
        node = np.tile(np.arange(trees, dtype=np.intp) * width, count)
        reached, going = np.empty(len(node), np.intp), np.arange(len(node), dtype=np.intp)
        while len(going):
            left = flat.take(row + self._columns.take(node)) <= threshold.take(node)
            node = ways.take(2 * node + left)
            is_leaf = node < 0
            reached[going[is_leaf]] = -node[is_leaf] - 1
            goes_on = np.flatnonzero(~is_leaf)
            going, row, node = going.take(goes_on), row.take(goes_on), node.take(goes_on)
        leaves = self.leaf.ravel().take(reached)
        total: Array = leaves.reshape(count, trees).sum(1, dtype=np.float64).astype(np.float32)
        return total

    def arrays(self, prefix: str) -> dict[str, NDArray[np.generic]]:
        """The forest as arrays by name, to be stored."""
        return {f"{prefix}_{field.name}": np.array(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def of(cls, arrays: Mapping[str, Any], prefix: str) -> Forest:
        """What `arrays` stored."""
        names, *rest = (arrays[f"{prefix}_{field.name}"] for field in fields(cls))
        return cls(tuple(map(str, names)), *rest)
