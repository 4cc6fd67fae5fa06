"""Labels of lines: how many of a line's words stand in the true text, by alignment."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

from podprep.document import Document
from podprep.fidelity import words
from podprep.probe import CJK
from podprep.rules import assemble, find_inline, find_unseen
from podprep.spans import merge_removals

_SHORTEST_RUN = 5  # words; shorter matches in another order prove nothing
_EACH = re.compile(f"([{CJK}])")


def single_words(text: str) -> list[str]:
    """Words as they are compared, each character of the CJK scripts one."""
    return words(_EACH.sub(r" \1 ", text))


def line_labels(document: Document, prose: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How many words of each line align with the true text, and how many it has, citations left out and words
    that a line end cuts whole.

    What the first alignment leaves over is aligned again, runs of five words or more only, since a page may
    hold blocks in another order than the true text.
    """
    removals = merge_removals([*find_unseen(document), *find_inline(document, [])])
    found: list[str] = []
    owners: list[int] = []
    for word in assemble(document, removals):
        mine = single_words(word.text)
        found += mine
        owners += [document.line_at(word.start)] * len(mine)
    count = len(document.lines)
    hits = np.bincount(np.array(owners, int)[aligned(single_words(prose), found)], minlength=count)
    return hits, np.bincount(np.array(owners, int), minlength=count)


def aligned(truth: list[str], found: list[str]) -> NDArray[np.int64]:
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
