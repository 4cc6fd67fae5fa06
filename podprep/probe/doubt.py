"""Where the probe is in doubt: about a chunk's words, and about a whole document.

It is lost in a document where it is in doubt about a fair share of the words: trees that have seen the like of a
line are seldom near zero. Then only that goes which both the probe and the rules condemn. A chunk is doubtful if the
scores themselves say that more than a few of its words are on the wrong side.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..chunks import Chunk
from .features import Features
from .marks import Array

_NEAR = 1.5  # log-odds
_LOST, _LOST_SLIDES = 0.25, 0.12  # of a document's words, of slides': most documents come to a twentieth
_GONE = 0.16  # of a chunk's words, that went and by their scores are text
_LEFT = 0.2  # of a chunk's words, that stay and by their scores are none
_SHOWN = 8  # words of what is doubtful that are shown


def is_lost(scores: Array, features: Features) -> bool:
    """Whether too many of a document's words stand in lines whose score is near zero; of slides, which are few words
    each and none like another's, fewer are.
    """
    words = features.column("words")
    slides = words[features.column("landscape") > 0].sum() > 0.5 * words.sum()
    return bool(words[np.abs(scores) < _NEAR].sum() > (_LOST_SLIDES if slides else _LOST) * words.sum())


def cautious(scores: Array, features: Features) -> Array:
    """Scores by which a line goes only if the rules name a kind for it as well, or it stands in a ruled table; the
    others count as just prose.
    """
    named = (features.column("rule_any") > 0) | (features.column("frame_table") > 0)
    return np.where(named, scores, np.maximum(scores, 0.01)).astype(np.float32)


@dataclass(frozen=True)
class Judged:
    """What was made of a document's lines: one entry a line in each array.

    Attributes:
        starts: offset of its first character.
        words: how many words it has.
        scores: log-odds that it is prose.
        kept: whether it stays.
        named: whether the rules name it as what goes, too.
    """

    starts: NDArray[np.int64]
    words: Array
    scores: Array
    kept: NDArray[np.bool_]
    named: NDArray[np.bool_]

    def doubts(self, chunk: Chunk) -> Iterator[str]:
        """Why a person should look at a chunk, as sentences that show the most doubtful words."""
        inside = slice(*np.searchsorted(self.starts, [chunk.start, chunk.end]))
        starts, words, kept = self.starts[inside], self.words[inside], self.kept[inside]
        agreed = kept | self.named[inside]
        text = words / (1 + np.exp(-np.clip(self.scores[inside], -20, 20)))  # words that are text by the scores
        for wrong, share, said in ((np.where(agreed, 0, text), _GONE, "removed, and may be text"),
                                   (np.where(kept, words - text, 0), _LEFT, "kept, and may be no text")):
            if wrong.sum() > share * words.sum():
                shown = chunk.text[starts[int(np.argmax(wrong))] - chunk.start:].partition("\n")[0].split()
                yield f"{said}: {' '.join(shown[:_SHOWN])}{' …' if len(shown) > _SHOWN else ''}"
