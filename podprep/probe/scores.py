"""Scores of lines by boosted trees.

A score is the log-odds that a line is prose. What is made of scores is in `cleaner`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from .features import Features, chosen
from .marks import Array
from .trees import Forest

WEIGHTS = Path(__file__).parent / "probe.npz"


@dataclass(frozen=True)
class Probe:
    """Forests, whose mean counts."""

    forests: tuple[Forest, ...]

    def scores(self, features: Features) -> Array:
        """Log-odds of prose of every line."""
        return mean_scores(self.forests, features)

    def save(self, path: Path) -> None:
        """Write the trees as one npz file."""
        arrays: dict[str, Any] = {"forests": np.array(len(self.forests))}
        for number, forest in enumerate(self.forests):
            arrays |= forest.arrays(str(number))
        np.savez_compressed(path, **arrays)

    @classmethod
    def load(cls, path: Path | None = None) -> Probe:
        """Read the trees; podprep's own by default. Nothing in the file can run."""
        with np.load(BytesIO((path or WEIGHTS).read_bytes()), allow_pickle=False) as arrays:
            return cls(tuple(Forest.of(arrays, str(number)) for number in range(int(arrays["forests"]))))


def mean_scores(forests: Sequence[Forest], features: Features) -> Array:
    """The mean of what the forests make of each line."""
    made = [forest.scores(chosen(features, forest.names)) for forest in forests]
    return np.asarray(np.mean(made, axis=0), np.float32)
