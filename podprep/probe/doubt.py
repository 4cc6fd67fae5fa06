"""Whether the probe is lost: a document unlike those it learned from, of which it would drop what may well be text.

Measures come out, and what they say; what is done about it is in `cleaner`.
"""

from __future__ import annotations
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .features import Features
from .marks import Array

_WEAK = 0.9


def is_lost(
    features: Features, own: NDArray[np.bool_], kept: NDArray[np.bool_], scores: Array, kinds: Sequence[str]
) -> bool:
    """Whether"""
    m = measures(features, own, kept, scores, kinds)
    return False


def measures(features, own, kept, scores, kinds):
    words = features.column("words")[own] * 10 + 0.1
    other = ~kept & np.array([k == "other" for k in kinds])
    certainty = 1 / (1 + np.exp(np.clip(scores, -30, 30)))
    body = features.column("body")[own] > 0
    K = max(words[kept].sum(), 1)
    return {
        "weak": float(words[other & (certainty < 0.9)].sum() / K),
        "other": float(words[other].sum() / K),
        "body": float(words[other & body].sum() / max(words[body].sum(), 1)),
        "near": float(words[np.abs(scores) < 1].sum() / words.sum()),
        "kept": float(words[kept].sum() / words.sum()),
    }
