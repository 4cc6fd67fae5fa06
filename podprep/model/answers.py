"""What a model is asked and what it answers, whoever runs it: a piece of text as words, and what was written for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..rules import Word
from ..spans import Span

ROOM = 32  # tokens beyond the chunk's own that a free answer may take


@dataclass(frozen=True)
class Piece:
    """A chunk as the model sees it.

    Attributes:
        text: its words with the gaps between them.
        words: the span of each word in `text`.
        opinions: for each word, from -1 (another cleaner removes it) to 1 (it keeps it), or None.
    """

    text: str
    words: tuple[Span, ...]
    opinions: tuple[float, ...] | None = None

    @classmethod
    def of(cls, words: Sequence[Word], opinions: Sequence[float] | None = None) -> Piece:
        """The piece that these words make."""
        text, spans = "", []
        for word in words:
            text += word.gap if text else ""
            spans.append((len(text), len(text) + len(word.text)))
            text += word.text
        return cls(text, tuple(spans), None if opinions is None else tuple(opinions))


@dataclass(frozen=True, slots=True)
class Generation:
    """What the model wrote for one chunk.

    Attributes:
        tokens: the new token ids, without the end token.
        stop_reason: "end" (the model ended its turn), "length" (the limit), "loop" (it repeats
            itself) or "too long" (the prompt does not fit the model's context).
        passes: forward passes that it took, the prefix's not counted; for a server, requests.
        drafted: how many of the tokens were accepted from drafts, or could be no others.
    """

    tokens: tuple[int, ...]
    stop_reason: str
    passes: int
    drafted: int
