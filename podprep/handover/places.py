"""Where in the source the words of a clean text come from, whoever wrote it.

A cleaner, a chat model or a person may have written a chunk's text: its words are aligned with the chunk's source,
once and in one way for all. Nothing is judged here.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Protocol

from ..chunks import Chunk
from ..document import Document
from ..fidelity import aligned, words
from ..spans import Removal, Span

Place = tuple[int, Span]
"""Offset in the clean text, and the span of the document's text that the word there comes from."""


class CleanChunk(Protocol):
    """What is seen of a cleaned chunk."""

    @property
    def chunk(self) -> Chunk:
        """The raw chunk."""

    @property
    def text(self) -> str:
        """Its clean text."""

    @property
    def gap(self) -> str:
        """What stands before it in the whole."""

    @property
    def removals(self) -> tuple[Removal, ...]:
        """What was taken out of it."""


class Whole(Protocol):
    """What is seen of a cleaned document."""

    @property
    def document(self) -> Document:
        """The document as read."""

    @property
    def chunks(self) -> Sequence[CleanChunk]:
        """Its cleaned chunks, in order."""

    @property
    def text(self) -> str:
        """The clean text."""


def word_places(whole: Whole) -> list[Place]:
    """The words of the clean text that align with the source, in order."""
    return [place for chunk, (start, _) in zip(whole.chunks, chunk_spans(whole)) for place in _places(chunk, start)]


def chunk_spans(whole: Whole) -> list[Span]:
    """Where each chunk's text stands in the clean text."""
    joined = "".join(c.gap + c.text for c in whole.chunks if c.text)
    at = len(joined.lstrip()) - len(joined)  # what stands before the first chunk is not in the text
    spans = []
    for chunk in whole.chunks:
        at += len(chunk.gap) if chunk.text else 0
        spans.append((at, at + len(chunk.text)))
        at += len(chunk.text)
    return spans


def _places(chunk: CleanChunk, start: int) -> Iterator[Place]:
    """Yield the words of a chunk's text that align with its source; `start` is the text's own offset."""
    source, text = _words(chunk.chunk.text, chunk.chunk.start), _words(chunk.text, start)
    for i, j in aligned([w for w, _ in source], [w for w, _ in text]):
        yield text[j][1][0], source[i][1]


def _words(text: str, offset: int) -> list[tuple[str, Span]]:
    return [(w, (offset + m.start(), offset + m.end())) for m in re.finditer(r"\S+", text) for w in _compared(m[0])]


@lru_cache(maxsize=4096)
def _compared(token: str) -> tuple[str, ...]:
    """A token's words as they are compared; most tokens come several times, raw and clean."""
    return tuple(words(token))
