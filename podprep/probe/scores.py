"""Scores of lines by boosted trees, in two passes: the second sees what the first makes of the lines around.

A score is the log-odds that a line is prose. What is made of scores is in `cleaner`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .context import mean_of, shifted, window_mean
from .features import Features, chosen
from .marks import Array
from .places import Places
from .trees import Forest

WEIGHTS = Path(__file__).parent / "probe.npz"
_REACH = 4  # lines before and after whose scores the second pass sees
_WINDOWS = (2, 6, 20)
_MOST = 6.0  # log-odds beyond which a score says nothing more


@dataclass(frozen=True)
class Probe:
    """The trees of both passes; each pass is the mean of its forests."""

    first: tuple[Forest, ...]
    second: tuple[Forest, ...]

    def scores(self, features: Features) -> Array:
        """Log-odds of prose of every line."""
        first = mean_scores(self.first, features)
        return mean_scores(self.second, with_columns(features, second_columns(first, features.places)))

    def save(self, path: Path) -> None:
        """Write the trees as one npz file."""
        arrays: dict[str, NDArray[np.generic]] = {"forests": np.array([len(self.first), len(self.second)])}
        for name, forests in (("first", self.first), ("second", self.second)):
            for number, forest in enumerate(forests):
                arrays |= forest.arrays(f"{name}{number}")
        np.savez_compressed(path, **arrays)  # type: ignore[arg-type]

    @classmethod
    def load(cls, path: Path | None = None) -> Probe:
        """Read the trees; podprep's own by default. Nothing in the file can run."""
        with np.load(BytesIO((path or WEIGHTS).read_bytes()), allow_pickle=False) as arrays:
            counts = zip(("first", "second"), arrays["forests"].tolist())
            return cls(*(tuple(Forest.of(arrays, f"{name}{n}") for n in range(count)) for name, count in counts))


def mean_scores(forests: Sequence[Forest], features: Features) -> Array:
    """The mean of what the forests make of each line."""
    made = [forest.scores(chosen(features, forest.names)) for forest in forests]
    return np.asarray(np.mean(made, axis=0), np.float32)


def with_columns(features: Features, table: dict[str, Array]) -> Features:
    """Features with more columns."""
    values = np.column_stack([features.values, *table.values()])
    return Features((*features.names, *table), values, features.places)


def second_columns(scores: Array, places: Places) -> dict[str, Array]:
    """What the second pass sees of the first's scores: the line's own, its neighbours', means of what it is part of."""
    scores = np.clip(scores, -_MOST, _MOST)
    weights, share = places.count + 1.0, 1 / (1 + np.exp(-scores))
    table = {"score": scores}
    reach = (*range(-_REACH, 0), *range(1, _REACH + 1))
    table |= {f"score{by:+d}": shifted(scores, by) for by in reach}
    for width in _WINDOWS:
        table |= {f"score@{width}": window_mean(scores, width, width),
                  f"score@before{width}": window_mean(scores, width, -1),
                  f"score@after{width}": window_mean(scores, -1, width)}
    for name, groups in (("block", places.blocks), ("style", places.styles), ("page", places.pages),
                         ("section", places.sections)):
        table |= {f"score@{name}": mean_of(scores, groups, weights), f"share@{name}": mean_of(share, groups, weights)}
    pair = places.styles * (int(places.pages[-1]) + 1) + places.pages
    _, pair = np.unique(pair, return_inverse=True)
    table["score@page_style"] = mean_of(scores, pair, weights)
    table["share@document"] = np.full(len(scores), np.average(share, weights=weights))
    return {name: column.astype(np.float32) for name, column in table.items()}
