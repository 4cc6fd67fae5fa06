"""Boosted trees as plain arrays, and what they make of rows of numbers.

They are grown in `training`; here they are only read and followed, all trees at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .marks import Array

_ROWS = 512  # rows that are held at once


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

    def _part(self, values: Array) -> Array:
        trees, width = self.column.shape
        base = np.arange(trees, dtype=np.intp) * width
        column, threshold = self.column.ravel().astype(np.intp), self.threshold.ravel()
        left, right = self.left.ravel().astype(np.intp), self.right.ravel().astype(np.intp)
        rows = np.repeat(np.arange(len(values), dtype=np.intp), trees)
        offset = np.tile(base, len(values))
        node, going = np.zeros(len(rows), np.intp), np.arange(len(rows), dtype=np.intp)
        flat, columns = values.ravel(), values.shape[1]
        while len(going):
            at = offset[going] + node[going]
            goes_left = flat[rows[going] * columns + column[at]] <= threshold[at]
            after = np.where(goes_left, left[at], right[at])
            node[going] = after
            going = going[after >= 0]
        leaves = self.leaf.ravel()[np.tile(np.arange(trees) * self.leaf.shape[1], len(values)) - node - 1]
        total: Array = leaves.reshape(len(values), trees).sum(1, dtype=np.float64).astype(np.float32)
        return total

    def arrays(self, prefix: str) -> dict[str, NDArray[np.generic]]:
        """The forest as arrays by name, to be stored."""
        return {f"{prefix}_{field.name}": np.array(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def of(cls, arrays: Mapping[str, Any], prefix: str) -> Forest:
        """What `arrays` stored."""
        names, *rest = (arrays[f"{prefix}_{field.name}"] for field in fields(cls))
        return cls(tuple(map(str, names)), *rest)
