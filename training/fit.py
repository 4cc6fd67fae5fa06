"""Fit the prose probe: labels from aligned text, L2 logistic regression by Newton's method, two stages.

Functions on arrays only; `train.py` reads the articles and writes the weights.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

from podprep.document import Document
from podprep.fidelity import words
from podprep.probe import Features, Probe, StageOne, StageTwo, beside
from podprep.rules import find_inline
from podprep.spans import kept_spans, merge_removals

Array = NDArray[np.float32]

RIDGE = 200.0  # L2 penalty, for lines weighted to a mean of one
PRINCIPAL = 128  # directions of the hidden states that are kept
HIDDEN_PENALTY = 2.0
LEXICAL_PENALTY = 16.0
FRONT_PENALTY = 0.25
_LEXICAL = frozenset(
    "characters log_characters words letters digits capitals punctuation non_ascii word_length function_share "
    "function_words capitalised single_letters all_capitals starts_lower starts_upper starts_digit ends_stop "
    "ends_hyphen ends_comma ends_colon ends_lower commas stops brackets tokens raised starts_raised".split()
)
_SHORTEST_RUN = 5  # words; shorter matches in another order prove nothing


def line_labels(document: Document, prose: str) -> tuple[NDArray[np.bool_], Array]:
    """Whether each line is prose, and its weight: its number of words, citations left out.

    A line is prose if over half of its words align with the true text. What the first alignment
    leaves over is aligned again, runs of five words or more only, since a page may hold blocks in
    another order than the true text.
    """
    removals = merge_removals(find_inline(document, []))
    found: list[str] = []
    owners: list[int] = []
    for i, (line, start) in enumerate(zip(document.lines, document.line_starts)):
        kept = kept_spans(start, start + len(line.text), removals)
        mine = words(" ".join(document.text[a:b] for a, b in kept))
        found += mine
        owners += [i] * len(mine)
    hits = np.bincount(np.array(owners, int)[_aligned(words(prose), found)], minlength=len(document.lines))
    totals = np.bincount(np.array(owners, int), minlength=len(document.lines))
    return hits > 0.5 * np.maximum(totals, 1), np.maximum(totals, 0.3).astype(np.float32)


def _aligned(truth: list[str], found: list[str]) -> NDArray[np.int64]:
    """Indices of the found words that align with the truth, in order or as moved runs."""
    left, hits = np.arange(len(found)), []
    for turn in range(3):
        used_truth, used = np.zeros(len(truth), bool), np.zeros(len(left), bool)
        for op in LCSseq.opcodes(truth, [found[i] for i in left]):
            if op.tag == "equal" and (turn == 0 or op.src_end - op.src_start >= _SHORTEST_RUN):
                used_truth[op.src_start:op.src_end] = True
                used[op.dest_start:op.dest_end] = True
        hits.append(left[used])
        left, truth = left[~used], [word for word, taken in zip(truth, used_truth) if not taken]
    return np.concatenate(hits)


def fit_probe(
    features: Sequence[Features], states: Sequence[Array], labels: Sequence[NDArray[np.bool_]],
    weights: Sequence[Array], blocks: int,
) -> Probe:
    """Fit both stages on documents, given one entry a document in each list.

    Args:
        features: layout features of all visible lines.
        states: hidden states of the same lines, shape (lines, hidden size).
        labels: whether each line is prose.
        weights: each line's weight.
        blocks: how many blocks of the model made the states.
    """
    layout, y, w = np.vstack([f.values for f in features]), np.concatenate(labels), np.concatenate(weights)
    names = features[0].names
    penalties = layout_penalties(names)
    one = StageOne(*standard(layout), *_fit(layout, y, w, penalties))
    everything = np.vstack(states).astype(np.float32)
    centre, scale = standard(everything)
    directions = principal_directions((everything - centre) / scale, w, PRINCIPAL)
    projected = [(s.astype(np.float32) - centre) / scale @ directions for s in states]
    both = np.hstack([layout, np.vstack([beside(p) for p in projected])])
    coefficients, bias = _fit(both, y, w, np.r_[penalties, np.full(3 * PRINCIPAL, HIDDEN_PENALTY)])
    two = StageTwo(*standard(both), coefficients, bias, centre, scale, directions)
    return Probe(names, blocks, one, two)


def layout_penalties(names: Sequence[str]) -> Array:
    """Penalty of each column: words count for little.

    What words look like differs between subjects (lists of measurements are prose in one journal,
    a table in another); where lines stand does not.
    """
    plain = [name.split("@")[0] for name in names]
    lexical = [name in _LEXICAL or name.startswith("p_") for name in plain]
    front = [name.startswith(("front", "caption_prose")) for name in plain]
    return np.array(np.where(lexical, LEXICAL_PENALTY, np.where(front, FRONT_PENALTY, 1.0)), np.float32)


def standard(values: Array) -> tuple[Array, Array]:
    """Mean and standard deviation of each column."""
    return values.mean(0), values.std(0) + 1e-6


def principal_directions(values: Array, weights: Array, count: int) -> Array:
    """The `count` directions of largest weighted variance, shape (columns, count)."""
    covariance = (values * weights[:, None]).T @ values / weights.sum()
    return np.linalg.eigh(covariance)[1][:, ::-1][:, :count].astype(np.float32)


def _fit(values: Array, labels: NDArray[np.bool_], weights: Array, penalties: Array) -> tuple[Array, float]:
    centre, scale = standard(values)
    return logistic_regression(((values - centre) / scale).clip(-3, 3), labels, weights, RIDGE * penalties)


def logistic_regression(
    values: Array, labels: NDArray[np.bool_], weights: Array, penalties: Array, rounds: int = 12
) -> tuple[Array, float]:
    """Weighted logistic regression with an L2 penalty a column, by Newton's method; the intercept is free."""
    x = np.hstack([values, np.ones((len(values), 1))]).astype(np.float64)
    y, w = labels.astype(float), weights.astype(float) / weights.mean()
    ridge, beta = np.r_[penalties, 1e-3], np.zeros(x.shape[1])
    for _ in range(rounds):
        p = 1 / (1 + np.exp(-x @ beta))
        curvature = np.maximum(w * p * (1 - p), 1e-4 * w)
        hessian = (x * curvature[:, None]).T @ x + np.diag(ridge)
        change = np.linalg.solve(hessian, x.T @ (w * (p - y)) + ridge * beta)
        beta -= change
        if np.abs(change).max() < 1e-4:
            break
    return beta[:-1].astype(np.float32), float(beta[-1])
