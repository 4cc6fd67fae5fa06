"""Cut a raw text into sentences, and those into words and the parts of words that are removed.

Knows places only: what became of the words is found in `rows`.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ..chunks import split_sentences
from ..spans import Span

_LONGEST_ROW = 400  # characters of raw text without a sentence end, as in tables and lists
_NUMBER = re.compile(r"\s*(?:\d{1,3}(?:\.\d{1,3}){0,3}|[IVXLC]{1,6})\.\s*")  # of a heading or an item


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A span of a raw text that is removed, of which kind and how certainly; or, with `back`, that was taken back."""

    start: int
    end: int
    kind: str = "restored"
    score: float = 1.0
    back: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A word of the raw text, or part of one: whether space stands before it, whether it opens a word that stays."""

    text: str
    spaced: bool
    opens: bool
    mark: Mark | None = None

    @property
    def stays(self) -> bool:
        """Whether the piece is part of what was kept or taken back."""
        return self.mark is None or self.mark.back


def sentences_of(text: str) -> Iterator[Span]:
    """Spans of sentences that hold more than white space; a number stands with the heading or item that it counts."""
    at = 0
    for block in re.split(r"(\n\n+)", text):
        first = 0
        for a, b in split_sentences(block, _LONGEST_ROW):
            if b < len(block) and _NUMBER.fullmatch(block, a, b):
                continue
            if block[first:b].strip():
                yield at + first, at + b
            first = b
        at += len(block)


def pieces_of(raw: str, sentence: Span, marks: Sequence[Mark]) -> Iterator[Piece]:
    """Cut a sentence at white space and at the borders of what is removed."""
    spaced = apart = False
    last = ""
    for start, end, mark in _parts(raw, sentence, marks):
        for match in re.finditer(r"\s+|\S+", raw[start:end]):
            stays = mark is None or mark.back
            if match[0].isspace():
                spaced, apart = True, apart or stays
                continue
            yield Piece(match[0], spaced, apart or not last or (last.isalnum() and match[0][0].isalnum()), mark)
            spaced = False
            if stays:
                apart, last = False, match[0][-1]


def _parts(raw: str, sentence: Span, marks: Sequence[Mark]) -> Iterator[tuple[int, int, Mark | None]]:
    """Tile a sentence with its marked and unmarked parts."""
    at, stop = sentence
    for mark in _runs(raw, sentence, marks):
        start, end = max(mark.start, at), min(mark.end, stop)
        if start < end:
            if at < start:
                yield at, start, None
            yield start, end, mark
            at = end
    if at < stop:
        yield at, stop, None


def _runs(raw: str, sentence: Span, marks: Sequence[Mark]) -> list[Mark]:
    """The marks of one sentence; what is removed is cut at its ends, and neighbours of a kind are joined."""
    first, last = sentence
    runs: list[Mark] = []
    for mark in marks[bisect_left(marks, first, key=lambda m: m.end):]:
        if mark.start >= last:
            break
        if not mark.back:
            mark = replace(mark, start=max(mark.start, first), end=min(mark.end, last))
            last_run = runs[-1] if runs else mark
            same = bool(runs) and (last_run.kind, last_run.back) == (mark.kind, False)
            if same and not raw[last_run.end:mark.start].strip():
                mark = replace(mark, start=runs[-1].start, score=min(mark.score, runs.pop().score))
        runs.append(mark)
    return runs


def kept_words(pieces: Iterable[Piece]) -> list[tuple[str, list[int]]]:
    """The words that stay, each with the numbers of its pieces: "them" and "," are one once "[3]" is gone."""
    found: list[tuple[str, list[int]]] = []
    for number, piece in enumerate(pieces):
        if not piece.stays:
            continue
        if found and not piece.opens:
            found[-1] = (found[-1][0] + piece.text, [*found[-1][1], number])
        else:
            found.append((piece.text, [number]))
    return found
