"""Removals: what a cleaner takes out, where it stood, and why.

Positions are character offsets into `Document.text`. A removal never changes the text it names, so
every one can be shown and taken back.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

KINDS = {
    "running head": "heads, feet and page numbers that come back from page to page",
    "front matter": "authors, affiliations, dates, keywords, licences, how to cite",
    "reference": "the reference list",
    "caption": "captions of figures and tables",
    "small print": "text set smaller than the body: table cells, labels in figures, affiliations",
    "table": "cells of tables, labels in plots",
    "formula": "formulas that stand on lines of their own",
    "footnote": "notes at the foot of a page",
    "contents": "a table of contents",
    "citation": "citations inside a sentence",
    "address": "e-mail addresses and URLs",
    "line number": "numbers in the margin that count a manuscript's lines",
    "covered": "words under a box or a picture that lies over them",
    "hidden": "text in the file that does not show on the page",
    "model": "left out by a chat model",
    "edit": "taken out by a person",
    "other": "lines that the probe takes for no prose, for which no rule has a name",
}
"""Why text is removed, and what that means to a reader."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, order=True)
class Removal:
    """One removed span [start, end) of the document's text, its kind, and the cleaner's certainty (0 to 1)."""

    start: int
    end: int
    kind: str
    score: float = 1.0


def merge_removals(removals: Iterable[Removal]) -> list[Removal]:
    """Sort removals and cut overlaps, so that each character is removed at most once (the first wins)."""
    merged: list[Removal] = []
    for removal in sorted(removals):
        floor = merged[-1].end if merged else 0
        if removal.start < floor:
            removal = replace(removal, start=floor)
        if removal.start < removal.end:
            merged.append(removal)
    return merged


def kept_spans(start: int, end: int, removals: Sequence[Removal]) -> Iterator[Span]:
    """Yield the spans of [start, end) that no removal covers; `removals` are sorted and disjoint."""
    return ((a, b) for a, b, removal in tiles(start, end, removals) if removal is None)


def tiles(start: int, end: int, removals: Sequence[Removal]) -> Iterator[tuple[int, int, Removal | None]]:
    """Yield spans that tile [start, end), each with the removal that covers it; `removals` are sorted and disjoint."""
    first = bisect_right(removals, start, key=lambda removal: removal.end)
    last = bisect_left(removals, end, key=lambda removal: removal.start)
    at = start
    for removal in removals[first:last]:
        if at < removal.start:
            yield at, removal.start, None
        at, begin = min(removal.end, end), max(removal.start, start)
        yield begin, at, removal
    if at < end:
        yield at, end, None


def joined_removals(text: str, removals: Iterable[Removal]) -> list[Removal]:
    """Sorted removals, neighbours of a kind as one where only white space parts them; the lowest score counts."""
    runs: list[Removal] = []
    for removal in removals:
        if runs and runs[-1].kind == removal.kind and not text[runs[-1].end:removal.start].strip():
            last = runs.pop()
            removal = Removal(last.start, removal.end, removal.kind, min(last.score, removal.score))
        runs.append(removal)
    return runs


def without_spans(removals: Iterable[Removal], spans: Sequence[Span]) -> tuple[Removal, ...]:
    """What is left of the removals where the spans are taken back."""
    back = merge_removals(Removal(start, end, "") for start, end in spans)
    return tuple(replace(r, start=a, end=b) for r in removals for a, b in kept_spans(r.start, r.end, back))
