"""What every cleaner gives: cleaned chunks, each with what was removed from it and how it measures.

Holds data and what follows from it (the whole text, counts by kind, the formats of `handover`). Cleaning itself is in
`rules`, `probe` and `model`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from . import handover
from .chunks import Chunk
from .document import Document
from .fidelity import Fidelity, words
from .spans import Removal, tiles
from .weights import EMBEDDED

LOST = "the probe is lost in this document, and took out only what the rules name as well"
"""Why chunks are flagged of a document that is unlike all that their cleaner learned from, or tells no places."""

_FEW_KEPT = 0.15  # share of a document's words; papers with long reference lists keep a quarter


@dataclass(frozen=True, slots=True)
class CleanedChunk:
    """One chunk after cleaning.

    Attributes:
        chunk: the raw chunk.
        text: the cleaned text, paragraphs separated by blank lines; may be empty.
        gap: what stands before it in the whole text: nothing, a space or a blank line.
        removals: what was taken out, in offsets of the document's text.
        fidelity: measures and verdict.
        stop_reason: why generation stopped, or None where no model wrote.
        draft: what the model wrote, where it was refused and the rules' text stands instead.
    """

    chunk: Chunk
    text: str
    gap: str
    removals: tuple[Removal, ...]
    fidelity: Fidelity
    stop_reason: str | None = None
    draft: str | None = None

    def segments(self) -> Iterator[tuple[str, Removal | None]]:
        """Yield the raw text in parts, kept (None) and removed; joined, they give the chunk back."""
        first = self.chunk.start
        for start, end, removal in tiles(first, self.chunk.end, self.removals):
            yield self.chunk.text[start - first:end - first], removal

    def doubted(self, reason: str) -> CleanedChunk:
        """The chunk with one more reason for a person to look at it; one that failed stays failed."""
        verdict = "failed" if self.fidelity.verdict == "failed" else "look"
        reasons = (*self.fidelity.reasons, reason)
        return replace(self, fidelity=replace(self.fidelity, verdict=verdict, reasons=reasons))


@dataclass(frozen=True)
class Cleaned:
    """A whole document after cleaning: the document, the cleaner's name and settings, its chunks."""

    document: Document
    cleaner: str
    settings: dict[str, str] = field(default_factory=dict)
    chunks: tuple[CleanedChunk, ...] = ()

    @property
    def text(self) -> str:
        """The clean text, ending in a line end unless empty."""
        text = "".join(c.gap + c.text for c in self.chunks if c.text).strip()
        return text + "\n" if text else ""

    @cached_property
    def manuscript(self) -> handover.Manuscript:
        """The clean text with its shape: paragraphs, headings, lists."""
        return handover.manuscript_of(self)

    @property
    def title(self) -> str:
        """The document's title; "" if it has none."""
        return self.manuscript.title

    @property
    def authors(self) -> tuple[str, ...]:
        """Its authors' names."""
        return self.manuscript.authors

    @property
    def sections(self) -> tuple[handover.Section, ...]:
        """Its sections with levels and pages, each with those in it after it."""
        return self.manuscript.sections

    def numbers(self, tokenizer: str | Path = EMBEDDED) -> handover.Numbers:
        """Words, minutes to read the clean text aloud, and tokens, see `numbers_of`."""
        return handover.numbers_of(self.text, tokenizer)

    @property
    def repairs(self) -> tuple[handover.Repair, ...]:
        """What speech says otherwise than the clean text writes it; nothing where that is not English."""
        return tuple(handover.repairs_of(self))

    def parts(self, tokens: int, tokenizer: str | Path = EMBEDDED) -> tuple[handover.Part, ...]:
        """The clean text in parts of so many tokens at most, see `parts_of`."""
        return handover.parts_of(self.manuscript, tokens, tokenizer)

    def to_speech(self, repairs: Sequence[handover.Repair] | None = None) -> str:
        """The clean text as it is read aloud, by all repairs or by some."""
        return handover.spoken(self.manuscript, self.repairs if repairs is None else repairs).text

    def to_text(self) -> str:
        """The clean text itself."""
        return self.text

    def to_markdown(self, reviewed: float = 0.0, tokenizer: str | Path = EMBEDDED) -> str:
        """Markdown with front matter; `reviewed` is the share of chunks that a person decided about."""
        return handover.markdown_of(self.manuscript, reviewed, tokenizer)

    def to_json(self, reviewed: float = 0.0, tokenizer: str | Path = EMBEDDED) -> str:
        """JSON by the schema in `podprep/handover/schema.json`."""
        return handover.json_of(self.manuscript, reviewed, tokenizer)

    @property
    def removals(self) -> tuple[Removal, ...]:
        """All removals of all chunks, in order."""
        return tuple(r for c in self.chunks for r in c.removals)

    @property
    def flagged(self) -> tuple[CleanedChunk, ...]:
        """Chunks whose verdict is not "clean", failed ones first."""
        doubtful = (c for c in self.chunks if c.fidelity.verdict != "clean")
        return tuple(sorted(doubtful, key=lambda c: c.fidelity.verdict))

    @property
    def warning(self) -> str:
        """What to know of the whole: that its cleaner was lost in it, or that hardly any was kept; else empty."""
        kept, total = len(words(self.text)), len(words(self.document.text))
        sentences = []
        if any(LOST in chunk.fidelity.reasons for chunk in self.chunks):
            sentences.append("The probe was lost in this document, which is unlike those it learned from or does not "
                             "tell where its lines stand, and took out only what the rules name as well: "
                             "look at what stayed as well as at what went.")
        if kept < _FEW_KEPT * total:
            sentences.append(f"Hardly any words were kept, {kept:,} of {total:,}: this may be no running text. "
                             "Look at what was removed, and take back what you want.")
        return " ".join(sentences)

    def words_removed(self) -> Counter[str]:
        """Number of words removed, by kind."""
        counts: Counter[str] = Counter()
        for removal in self.removals:
            counts[removal.kind] += len(words(self.document.text[removal.start:removal.end]))
        return counts


def removals_by_chunk(chunks: Sequence[Chunk], removals: Sequence[Removal]) -> list[list[Removal]]:
    """Deal sorted removals out to chunks, cut at chunk borders."""
    return [
        [replace(removal, start=start, end=end) for start, end, removal in tiles(c.start, c.end, removals) if removal]
        for c in chunks
    ]
