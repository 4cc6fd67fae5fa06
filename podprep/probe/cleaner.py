"""The `probe` cleaner: drops the lines that the prose probe scores below zero, and lists each one.

The kind of a removal, citations inside lines, and the repairs of what stays come from the rules
that `tidy` uses. Scores come from `scores`; where `doubt` finds the probe lost, only that goes which
the rules name as well.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..chunks import DEFAULT_SIZE, Chunk, chunk_document
from ..cleaned import LOST, Cleaned, CleanedChunk
from ..document import Document, Line
from ..rules import (
    as_whole,
    chunks_without,
    find_asides,
    find_furniture,
    find_inline,
    find_removals,
    is_fragment,
    is_listing,
    is_notation,
    visible,
)
from ..spans import Removal, merge_removals
from .doubt import Judged, cautious, is_lost
from .features import Features, line_features
from .headings import with_headings
from .marks import Array
from .outline import in_outline
from .pieces import with_pieces
from .scores import Probe
from .statements import in_keywords, in_statements
from .titles import before_title, find_title

_NO_STATEMENT = -2.8  # log-odds; a line below it is no statement, whatever its heading says


class Scorer(Protocol):
    """What gives lines their scores; `Probe` is one."""

    def scores(self, features: Features) -> Array:
        """Log-odds of prose of every line."""
        ...


@dataclass(frozen=True)
class ProbeReading:
    """A document's removals by the probe.

    Attributes:
        removals: sorted and disjoint.
        judged: what was made of each line; None where no line shows, or nothing tells where they stand.
        lost: whether the probe was lost, so that only that goes which the rules name as well.
    """

    removals: list[Removal]
    judged: Judged | None
    lost: bool


def clean_with_probe(document: Document, size: int = DEFAULT_SIZE, probe: Scorer | None = None) -> Cleaned:
    """Clean a document by the prose probe.

    Args:
        document: the document as read.
        size: chunk size in characters of raw text, for review.
        probe: what scores the lines; podprep's own probe by default.
    """
    made = probe_chunks(document, chunk_document(document, size), probe or Probe.load())
    return Cleaned(document, "probe", {"size": str(size)}, tuple(made))


def probe_chunks(document: Document, chunks: Sequence[Chunk], probe: Scorer) -> Iterator[CleanedChunk]:
    """Yield each of the chunks as the probe cleans it."""
    reading = read_with_probe(document, probe)
    for chunk in chunks_without(document, reading.removals, chunks):
        yield _with_doubt(chunk, reading)


def read_with_probe(document: Document, probe: Scorer) -> ProbeReading:
    """Score the lines that show and turn the scores into removals of whole lines and of citations.

    Where the document's engine does not tell where lines stand, the probe is lost, and that goes which the rules name.
    """
    if document.lines and not any(line.box for line in document.lines):
        return ProbeReading(find_removals(document), None, True)
    seen, features, own = whole(document)
    if features is None or not own.any():
        return ProbeReading(merge_removals(find_asides(document)), None, False)
    scores = probe.scores(features)
    lost = is_lost(scores, features)
    kept = np.array(_judged(seen, features, cautious(scores, features) if lost else scores))[own]
    lines = [i for i, line in enumerate(document.lines) if not line.aside]
    starts = [document.line_starts[i] for i in lines]
    named = _kinds(document, features if seen.lines == document.lines else None)
    kinds = [named.get(start, "other") for start in starts]
    kinds = _with_fragments([document.lines[i] for i in lines], kept.tolist(), kinds)
    removals = [
        Removal(start, start + len(document.lines[i].text), kind, _certainty(score))
        for i, start, score, keep, kind in zip(lines, starts, scores[own], kept, kinds)
        if not keep
    ]
    gone = as_whole(merge_removals([*find_asides(document), *removals]), document)
    judged = Judged(np.array(starts), 10 * features.column("words")[own], scores[own], kept,
                    features.column("rule_any")[own] > 0)
    return ProbeReading(merge_removals([*gone, *find_inline(document, gone)]), judged, lost)


def whole(document: Document) -> tuple[Document, Features | None, NDArray[np.bool_]]:
    """The lines that show, with the pages beside; their features; and which of them were asked for."""
    shown = visible(document)
    pages = tuple(sorted([*shown.pages, *shown.beside], key=lambda page: page.number))
    chosen = {page.number for page in shown.pages}
    own = np.array([page.number in chosen for page in pages for _ in page.lines], bool)
    seen = replace(shown, pages=pages, beside=())
    return seen, line_features(seen), own


def _certainty(score: float) -> float:
    """How likely a line of this score is not prose, 0 to 1."""
    return round(1 / (1 + math.exp(min(float(score), 50.0))), 4)


def _judged(document: Document, features: Features, scores: Array) -> list[bool]:
    """Which lines stay; a single line that would leave a sentence cut in two stays with it, headings that count
    sections, statements that close an article and the title stay; keywords go, and what stands before the title.
    """
    lines = document.lines
    kept = [bool(score > 0) for score in scores]
    for at in range(1, len(kept) - 1):
        before, line, after = lines[at - 1:at + 2]
        inside = before.page == after.page and abs(before.size - line.size) < 0.3 and abs(line.size - after.size) < 0.3
        cut = not re.search(r"[.!?:;]\W*$", before.text) and after.text[:1].islower() and line.text[:1].islower()
        if kept[at - 1] and kept[at + 1] and not kept[at] and inside and cut:
            kept[at] = True
    kept = with_pieces(lines, with_headings(lines, kept, scores), scores)
    named = features.column("rule_any") > 0
    stated = in_statements(lines, features.places.headings, named) & (scores > _NO_STATEMENT)
    stated |= in_outline(lines, scores, named)
    kept = [*((np.array(kept) | stated) & ~in_keywords(lines))]
    title = find_title(document, scores, features.places.body)
    for at in title:
        kept[at] = True
    for at in before_title(document, title, kept):
        kept[at] = False
    return kept


def _kinds(document: Document, measured: Features | None) -> dict[int, str]:
    """Kind of removal by the offset of a line's start, as the rules would name it.

    Args:
        document: the document as read.
        measured: features of these very lines, where no others were measured with them.
    """
    layout, furniture = (measured.places.layout, measured.furniture) if measured else find_furniture(document)
    kinds = {removal.start: removal.kind for removal in furniture}
    for line, start in zip(document.lines, document.line_starts):
        if is_listing(line) and kinds.get(start, "formula") == "formula":
            kinds[start] = "other"
        elif line.frame == "table":
            kinds.setdefault(start, "table")
        elif is_notation(line):
            kinds.setdefault(start, "formula")
        elif 0 < line.size < 0.9 * layout.body_size:
            kinds.setdefault(start, "small print")
    return kinds


def _with_fragments(lines: Sequence[Line], kept: Sequence[bool], kinds: Sequence[str]) -> list[str]:
    """The kinds of lines that go, fragments beside a formula named as part of it."""
    found = list(kinds)
    for order in (range(1, len(lines)), range(len(lines) - 2, -1, -1)):
        step = -order.step
        for at in order:
            beside = not kept[at] and not kept[at + step] and found[at + step] == "formula"
            if beside and found[at] in ("other", "small print") and is_fragment(lines[at]):
                found[at] = "formula"
    return found


def _with_doubt(chunk: CleanedChunk, reading: ProbeReading) -> CleanedChunk:
    """The chunk, flagged if the probe was lost in its document, or is in doubt about a fair share of its words."""
    if reading.lost:
        return chunk.doubted(LOST)
    for reason in reading.judged.doubts(chunk.chunk) if reading.judged else ():
        chunk = chunk.doubted(reason)
    return chunk
