"""The `probe` cleaner: drops the lines that the prose probe scores below zero, and lists each one.

The kind of a removal, citations inside lines, and the repairs of what stays come from the rules
that `tidy` uses. Scores come from `scores`.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..chunks import DEFAULT_SIZE, Chunk, chunk_document
from ..cleaned import Cleaned, CleanedChunk
from ..document import Document
from ..errors import SettingsError
from ..fidelity import words
from ..rules import chunks_without, find_asides, find_furniture, find_inline, visible
from ..spans import Removal, merge_removals
from .features import Array
from .headings import with_headings
from .scores import Keep, LineScores, Probe, States, make_anew, score_lines

# Kinds that the rules know better than the probe.
_CERTAIN = ("caption", "running head", "front matter", "reference", "footnote", "contents")
_DOUBT = 1.0  # log-odds; a line this near to zero may be wrong
_SURE = 0.75  # certainty from which a removal for no other reason than the score needs no look
_ENOUGH_PAGES = 3  # to tell the body's type from an abstract's
_DOUBTFUL_SHARE = 0.15  # of a chunk's words, from which a person should look


@dataclass(frozen=True)
class ProbeReading:
    """A document's removals by the probe.

    Attributes:
        removals: sorted and disjoint.
        doubtful: lines whose score is near zero (start offset, words).
        sure: certainty from which a removal by score alone needs no look; above 1 where the pages are too few
            to show what the body is set like.
    """

    removals: list[Removal]
    doubtful: list[tuple[int, int]]
    sure: float


def clean_with_probe(
    document: Document, size: int = DEFAULT_SIZE, probe: Probe | None = None, states: States | None = None,
    progress: bool = False,
) -> Cleaned:
    """Clean a document by the prose probe on the embedded model.

    Args:
        document: the document as read.
        size: chunk size in characters of raw text, for review.
        probe: the weights; podprep's own by default.
        states: gives hidden states of lines; the embedded model by default.
        progress: whether to show a progress bar on standard error.

    Raises:
        ModelError: the embedded model cannot be had.
        SettingsError: the document's engine does not tell where lines stand.
    """
    probe = probe or Probe.load()
    states = states or embedded_states(probe.blocks, progress)
    made = probe_chunks(document, chunk_document(document, size), probe, states)
    return Cleaned(document, "probe", {"size": str(size)}, tuple(made))


def probe_chunks(
    document: Document, chunks: Sequence[Chunk], probe: Probe, states: States, keep: Keep = make_anew
) -> Iterator[CleanedChunk]:
    """Yield each of the chunks as the probe cleans it; `keep` holds what the model has read so far.

    Raises:
        ModelError: the embedded model cannot be had.
        SettingsError: the document's engine does not tell where lines stand.
    """
    reading = read_with_probe(document, probe, states, keep)
    for chunk in chunks_without(document, reading.removals, chunks):
        yield _with_doubt(chunk, reading)


def embedded_states(blocks: int, progress: bool = False) -> States:
    """A function that reads lines with the embedded model, which is loaded when it is first called."""

    @cache
    def reader() -> Any:
        """The model, loaded once."""
        from ..weights import embedded_folder
        from .reader import LineReader

        return LineReader(embedded_folder(), blocks)

    def read_lines(texts: list[str], wanted: NDArray[np.bool_]) -> Array:
        """Hidden states of the wanted lines, as `LineReader.states` gives them."""
        states: Array = reader().states(texts, wanted, progress)
        return states

    return read_lines


def read_with_probe(document: Document, probe: Probe, states: States, keep: Keep = make_anew) -> ProbeReading:
    """Score the lines that show and turn the scores into removals of whole lines and of citations.

    Raises:
        ModelError: the embedded model cannot be had.
        SettingsError: the document's engine does not tell where lines stand.
    """
    if document.lines and not any(line.box for line in document.lines):
        raise SettingsError("The probe needs to know where lines stand: use the pdfium engine, or rules (tidy).")
    asides = list(find_asides(document))
    lines = [i for i, line in enumerate(document.lines) if not line.aside]
    kinds = _kinds(document)
    starts = [document.line_starts[i] for i in lines]
    settled = np.array([kinds.get(start) in _CERTAIN for start in starts], bool)
    found = _scores(visible(document), probe, states, settled, keep)
    kept = [keep and not gone for keep, gone in zip(_mended(document, lines, found), settled)]
    removals = [
        Removal(start, start + len(document.lines[i].text), kinds.get(start, "other"), _certainty(score))
        for i, start, score, keep in zip(lines, starts, found.scores, kept)
        if not keep
    ]
    whole = merge_removals([*asides, *removals])
    doubtful = [
        (start, len(words(document.lines[i].text)))
        for i, start, score, gone in zip(lines, starts, found.scores, settled) if abs(score) < _DOUBT and not gone
    ]
    sure = _SURE if len(document.pages) + len(document.beside) >= _ENOUGH_PAGES else 2.0
    return ProbeReading(merge_removals([*whole, *find_inline(document, whole)]), doubtful, sure)


def _scores(document: Document, probe: Probe, states: States, settled: NDArray[np.bool_], keep: Keep) -> LineScores:
    """Scores of the lines of a document whose lines all show, measured with the pages beside them."""
    pages = sorted([*document.pages, *document.beside], key=lambda page: page.number)
    chosen = {page.number for page in document.pages}
    own = np.array([page.number in chosen for page in pages for _ in page.lines], bool)
    known = np.ones(len(own), bool)  # nothing is asked about the lines beside
    known[own] = settled
    found = score_lines(pages, probe, states, known, keep)
    return LineScores(found.scores[own], found.asked[own])


def _certainty(score: float) -> float:
    """How likely a line of this score is not prose, 0 to 1."""
    return round(1 / (1 + math.exp(min(float(score), 50.0))), 4)


def _mended(document: Document, lines: list[int], found: LineScores) -> list[bool]:
    """Which lines stay; a single line that would leave a sentence cut in two stays with it."""
    kept = [bool(score > 0) for score in found.scores]
    for at in range(1, len(kept) - 1):
        before, line, after = (document.lines[lines[at + shift]] for shift in (-1, 0, 1))
        inside = before.page == after.page and abs(before.size - line.size) < 0.3 and abs(line.size - after.size) < 0.3
        cut = not re.search(r"[.!?:;]\W*$", before.text) and after.text[:1].islower() and line.text[:1].islower()
        if kept[at - 1] and kept[at + 1] and not kept[at] and inside and cut:
            kept[at] = True
    return with_headings([document.lines[i] for i in lines], kept, found.scores)


def _kinds(document: Document) -> dict[int, str]:
    """Kind of removal by the offset of a line's start, as the rules would name it."""
    layout, furniture = find_furniture(document)
    kinds = {removal.start: removal.kind for removal in furniture}
    for line, start in zip(document.lines, document.line_starts):
        if 0 < line.size < 0.9 * layout.body_size:
            kinds.setdefault(start, "small print")
    return kinds


def _with_doubt(chunk: CleanedChunk, reading: ProbeReading) -> CleanedChunk:
    """The chunk, flagged if the probe was in doubt about what went, or about a fair share of the words."""
    if chunk.fidelity.verdict == "failed":
        return chunk
    doubtful = sum(n for start, n in reading.doubtful if chunk.chunk.start <= start < chunk.chunk.end)
    total = len(words(chunk.chunk.text))
    if doubtful > _DOUBTFUL_SHARE * total:
        return chunk.doubted(f"the probe is in doubt about {doubtful} of {total} words")
    unsure = [r for r in chunk.removals if r.kind == "other" and r.score < reading.sure]
    removed = " ".join(chunk.chunk.text[r.start - chunk.chunk.start:r.end - chunk.chunk.start] for r in unsure).split()
    if len(removed) < 3:
        return chunk
    return chunk.doubted(f"removed, and may be text: {' '.join(removed[:8])}{' …' if len(removed) > 8 else ''}")
