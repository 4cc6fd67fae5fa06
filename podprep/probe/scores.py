"""The prose probe: the model reads the document, and what is not prose goes. Nothing is written.

Two linear probes decide line by line. The first sees how lines look and where they stand
(`features`); the second also sees the hidden states of the embedded model (`reader`), and is asked
only where the first is unsure. A line counts with the block it stands in. Scores come out; what is
made of them is in `cleaner`.

A linear probe on hidden states: Alain and Bengio, Understanding intermediate layers using linear
classifier probes, 2017.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..document import Page
from .features import Array, line_features

WEIGHTS = Path(__file__).parent / "probe.npz"
UNSURE = 2.0  # log-odds; below this the first stage asks the model
MOST_ASKED = 32768  # characters of unsure lines, six times the most of a paper: any document ends in bounded time
SEGMENT = 4096  # lines whose hidden states are held at once: some 80 pages
_LEAD = 40  # lines before a segment that the model reads as context
_CLIP = 3.0  # standard deviations beyond which a measure says nothing more
States = Callable[[list[str], NDArray[np.bool_]], Array]
"""Gives hidden states of the lines that are wanted, as `LineReader.states` does."""

Keep = Callable[[int, Callable[[], Array]], Array]
"""Gives what is kept under a number, or makes it and keeps it: how a run goes on where it stopped."""


def make_anew(first: int, make: Callable[[], Array]) -> Array:
    """Keep nothing."""
    return make()


@dataclass(frozen=True)
class StageOne:
    """A linear probe on layout features: column means and scales, coefficients, intercept."""

    centre: Array
    scale: Array
    coefficients: Array
    bias: float

    def scores(self, values: Array) -> Array:
        """Log-odds of prose, one a row."""
        parts = [values[first:first + SEGMENT] for first in range(0, len(values), SEGMENT)] or [values]
        standardised = (((part - self.centre) / self.scale).clip(-_CLIP, _CLIP) for part in parts)
        return np.concatenate([part @ self.coefficients + self.bias for part in standardised]).astype(np.float32)


@dataclass(frozen=True)
class StageTwo(StageOne):
    """A linear probe on layout features and projected hidden states of a line and its neighbours."""

    hidden_centre: Array
    hidden_scale: Array
    directions: Array

    def project(self, states: Array) -> Array:
        """Hidden states (lines, hidden size) along the principal directions (lines, directions)."""
        standardised = (states - self.hidden_centre) / self.hidden_scale
        return np.asarray(standardised @ self.directions, np.float32)


@dataclass(frozen=True)
class Probe:
    """Both stages, the features they expect, and how many blocks of the model the second reads."""

    names: tuple[str, ...]
    blocks: int
    one: StageOne
    two: StageTwo

    def save(self, path: Path) -> None:
        """Write the weights as one npz file, directions in half precision."""
        arrays: dict[str, Any] = {"names": np.array(self.names), "blocks": np.array(self.blocks)}
        for prefix, stage in (("one", self.one), ("two", self.two)):
            arrays |= {f"{prefix}_{field.name}": getattr(stage, field.name) for field in fields(stage)}
        arrays["two_directions"] = self.two.directions.astype(np.float16)
        np.savez_compressed(path, **arrays)

    @classmethod
    def load(cls, path: Path | None = None) -> Probe:
        """Read weights; podprep's own by default. Nothing in the file can run."""
        data = (path or WEIGHTS).read_bytes()
        with np.load(BytesIO(data), allow_pickle=False) as arrays:
            one, two = (
                [arrays[f"{prefix}_{field.name}"].astype(np.float32) for field in fields(kind)]
                for prefix, kind in (("one", StageOne), ("two", StageTwo))
            )
            return cls(tuple(map(str, arrays["names"])), int(arrays["blocks"]), StageOne(*one), StageTwo(*two))


@dataclass(frozen=True)
class LineScores:
    """What the probe makes of each line: log-odds of prose, and whether the model was asked."""

    scores: Array
    asked: NDArray[np.bool_]


def score_lines(
    pages: Sequence[Page], probe: Probe, states: States, settled: NDArray[np.bool_] | None = None,
    keep: Keep = make_anew,
) -> LineScores:
    """Score every line of the pages.

    In a document of hundreds of pages the model is asked about the least sure lines only, up to
    `MOST_ASKED` characters; the others count as the first stage has them.

    Args:
        pages: pages whose lines all show.
        probe: the weights.
        states: gives hidden states of the lines that are wanted, as `LineReader.states` does.
        settled: lines that are decided on otherwise, about which the model is not asked.
        keep: where projected states are kept, by the first line of each segment.
    """
    features = line_features(pages)
    texts = [line.text for page in pages for line in page.lines]
    weights = np.array([len(text.split()) + 0.3 for text in texts])
    if not texts:
        return LineScores(np.zeros(0, np.float32), np.zeros(0, bool))
    first = probe.one.scores(features.values)
    scores = with_block(first, features.blocks, weights)
    unsure = np.abs(scores) < UNSURE
    if settled is not None:
        unsure &= ~settled
    unsure = _least_sure(unsure, scores, texts)
    if unsure.any():
        near = unsure | np.r_[unsure[1:], False] | np.r_[False, unsure[:-1]]
        projected = beside(_project_segments(texts, near, probe.two, states, keep))
        second = probe.two.scores(np.hstack([features.values, projected]))
        mixed = with_block(np.where(unsure, second, first), features.blocks, weights)
        scores = np.where(unsure, mixed, scores)
    return LineScores(scores, unsure)


def _least_sure(unsure: NDArray[np.bool_], scores: Array, texts: list[str]) -> NDArray[np.bool_]:
    """Of the unsure lines those nearest to zero, as many as the model is asked about."""
    order = np.argsort(np.abs(scores), kind="stable")
    order = order[unsure[order]]
    fits = np.cumsum([len(texts[line]) for line in order]) <= MOST_ASKED
    asked = np.zeros(len(texts), bool)
    asked[order[fits]] = True
    return asked


def _project_segments(
    texts: list[str], wanted: NDArray[np.bool_], stage: StageTwo, states: States, keep: Keep
) -> Array:
    """Projected hidden states of all lines, read a segment at a time: shape (lines, directions)."""

    def read(first: int) -> Array:
        """The segment that starts at a line, read after a few lines before it."""
        lead = max(0, first - _LEAD)
        chosen = wanted[lead:first + SEGMENT].copy()
        chosen[:first - lead] = False
        return stage.project(states(texts[lead:first + SEGMENT], chosen)[first - lead:])

    return np.concatenate([keep(first, partial(read, first)) for first in range(0, len(texts), SEGMENT)])


def beside(values: Array) -> Array:
    """Each row between the rows before and after it, zero at the ends: shape (lines, 3 x columns)."""
    padded = np.pad(values, ((1, 1), (0, 0)))
    return np.hstack([padded[:-2], values, padded[2:]])


def with_block(scores: Array, blocks: NDArray[np.int64], weights: NDArray[np.floating[Any]]) -> Array:
    """Half a line's own score, half the mean of its block."""
    sums = np.bincount(blocks, scores * weights) / np.maximum(np.bincount(blocks, weights), 1e-9)
    return (0.5 * scores + 0.5 * sums[blocks]).astype(np.float32)
