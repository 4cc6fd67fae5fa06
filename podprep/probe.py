"""The prose probe: the model reads the document, and what is not prose goes. Nothing is written.

Two linear probes decide line by line. The first sees how lines look and where they stand
(`features`); the second also sees the hidden states of the embedded model (`reader`), and is asked
only where the first is unsure. A line counts with the block it stands in. The kind of a removal
and the repairs of what stays come from the rules that `tidy` uses.

A linear probe on hidden states: Alain and Bengio, Understanding intermediate layers using linear
classifier probes, 2017.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .document import Document, Page
from .features import Array, Features, line_features

UNSURE = 2.0  # log-odds; below this the first stage asks the model
_CLIP = 3.0  # standard deviations beyond which a measure says nothing more


@dataclass(frozen=True)
class StageOne:
    """A linear probe on layout features: column means and scales, coefficients, intercept."""

    centre: Array
    scale: Array
    coefficients: Array
    bias: float

    def scores(self, values: Array) -> Array:
        """Log-odds of prose, one a row."""
        standardised = ((values - self.centre) / self.scale).clip(-_CLIP, _CLIP)
        return (standardised @ self.coefficients + self.bias).astype(np.float32)


@dataclass(frozen=True)
class StageTwo(StageOne):
    """A linear probe on layout features and projected hidden states of a line and its neighbours."""

    hidden_centre: Array
    hidden_scale: Array
    directions: Array

    def project(self, states: Array) -> Array:
        """Hidden states (lines, hidden size) along the principal directions (lines, directions)."""
        return ((states - self.hidden_centre) / self.hidden_scale) @ self.directions


@dataclass(frozen=True)
class Probe:
    """Both stages, the features they expect, and how many blocks of the model the second reads."""

    names: tuple[str, ...]
    blocks: int
    one: StageOne
    two: StageTwo


def beside(values: Array) -> Array:
    """Each row between the rows before and after it, zero at the ends: shape (lines, 3 x columns)."""
    padded = np.pad(values, ((1, 1), (0, 0)))
    return np.hstack([padded[:-2], values, padded[2:]])


def with_block(scores: Array, blocks: NDArray[np.int64], weights: Array) -> Array:
    """Half a line's own score, half the mean of its block."""
    sums = np.bincount(blocks, scores * weights) / np.maximum(np.bincount(blocks, weights), 1e-9)
    return (0.5 * scores + 0.5 * sums[blocks]).astype(np.float32)
