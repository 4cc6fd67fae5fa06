"""What a cleaner that does not write makes of each chunk: advice for a model, and what stands in if it fails.

Gives, chunk by chunk, the words a reader of the page sees, an opinion about each, and the text that
is left if the opinions are followed. No chat model runs here.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from ..choices import ADVISERS
from ..chunks import Chunk
from ..cleaned import CleanedChunk, removals_by_chunk
from ..document import Document
from ..errors import require_known
from ..fidelity import Fidelity, measure
from ..probe import Probe, read_with_probe
from ..rules import (
    HOLE,
    Assembler,
    Word,
    assemble,
    find_removals,
    find_unseen,
    join_words,
    text_and_gap,
    words_by_chunk,
)
from ..spans import Removal, merge_removals, tiles


@dataclass(frozen=True)
class _Surroundings:
    """What the whole document tells about each of its chunks."""

    assembler: Assembler
    kept: list[Word]  # by the adviser, without the marks of holes, which stand for what is gone
    removals: list[Removal]

    def words(self, chunk: Chunk, removals: Sequence[Removal]) -> list[Word]:
        """The chunk's words without these removals, joined on to the words that the adviser keeps around it."""
        first, after = (bisect_left(self.kept, at, key=lambda word: word.start) for at in (chunk.start, chunk.end))
        start = self.kept[first - 1].start if first else chunk.start
        end = self.kept[after].end if after < len(self.kept) else chunk.end
        sides = (start, chunk.start), (chunk.end, end)
        around = [replace(r, start=a, end=b) for side in sides for a, b, r in tiles(*side, self.removals) if r]
        return self.assembler.words(chunk, merge_removals([*around, *removals]), start, end)


@dataclass(frozen=True)
class Advised:
    """A chunk, its words, and what the adviser makes of them.

    Attributes:
        chunk: the raw chunk.
        source: the words a reader of the page sees.
        kept: the words the adviser keeps, assembled.
        removals: what the adviser removes.
        unseen: what no reader of the page sees as words, as hidden text and raised citations.
    """

    chunk: Chunk
    source: list[Word]
    kept: list[Word]
    removals: list[Removal]
    unseen: list[Removal]
    surroundings: _Surroundings

    @cached_property
    def source_text(self) -> str:
        """The source as one text."""
        return join_words(self.source)

    @cached_property
    def text(self) -> str:
        """What the adviser keeps as one text."""
        return join_words(self.kept)

    @property
    def opinions(self) -> list[float]:
        """For each word of the source, -1 where the adviser removes it, else 1."""
        return [-1.0 if self._advised(word) else 1.0 for word in self.source]

    def without_model(self, fidelity: Fidelity | None = None) -> CleanedChunk:
        """The chunk as the adviser cleans it."""
        text, gap = text_and_gap(self.kept)
        fidelity = fidelity or measure(self.source_text, text)
        return CleanedChunk(self.chunk, text, gap, tuple(self.removals), fidelity)

    def without(self, kept: Sequence[bool]) -> tuple[str, str, tuple[Removal, ...]]:
        """Text, gap before it and removals if just these words of the source stay.

        Removals are of the adviser's kind where it removes the same words, else of kind "model".
        """
        removals = merge_removals([*self.unseen, *self._gone(kept)])
        text, gap = text_and_gap(self.surroundings.words(self.chunk, removals))
        return text, gap, tuple(removals)

    def _gone(self, kept: Sequence[bool]) -> Iterator[Removal]:
        """One removal for each run of words that go for one reason; where that is the adviser's, what it keeps of a
        word stays, as the stop behind a citation.
        """
        named = [None if stays else self._advised(word) for word, stays in zip(self.source, kept)]
        at, (begin, stop) = 0, (self.chunk.start, self.chunk.end)
        for (stays, removal), run in groupby(zip(kept, named)):
            first, at = at, at + len(list(run))
            if stays:
                continue
            start, end = max(self.source[first].start, begin), min(self.source[at - 1].end, stop)
            if removal is None:
                yield Removal(start, end, "model")
                continue
            before = self.source[first - 1].end if first else begin
            after = self.source[at].start if at < len(self.source) else stop
            last = self._before(self.source[at - 1].end - 1) or removal  # its second half, where a line end cuts it
            yield replace(removal, start=max(before, begin, removal.start), end=min(after, stop, last.end))

    def _advised(self, word: Word) -> Removal | None:
        """The adviser's removal that takes this word, if any."""
        removal = self._before(word.start)
        return removal if removal and word.start < removal.end else None

    def _before(self, place: int) -> Removal | None:
        """The adviser's last removal that begins at a place or before it."""
        at = bisect_right(self.removals, place, key=lambda removal: removal.start)
        return self.removals[at - 1] if at else None


def advise(
    document: Document, chunks: Sequence[Chunk], adviser: str, probe: Probe | None = None
) -> Iterator[Advised]:
    """Yield each chunk with what an adviser makes of it.

    Args:
        document: the document as read.
        chunks: its chunks.
        adviser: "probe" or "tidy"; "none" gives the rules' text, to stand in, too.
        probe: the probe, where it is loaded already.

    Raises:
        SettingsError: the adviser is unknown.
    """
    require_known("adviser", adviser, ADVISERS)
    advised = read_with_probe(document, probe or Probe.load()).removals if adviser == "probe" else None
    removals = find_removals(document) if advised is None else advised
    assembler, unseen = Assembler(document, removals), find_unseen(document)
    kept = assembler.all_words(removals)
    surroundings = _Surroundings(assembler, [word for word in kept if word.text != HOLE], removals)
    dealt = (words_by_chunk(chunks, assemble(document, unseen)), words_by_chunk(chunks, kept),
             removals_by_chunk(chunks, removals), removals_by_chunk(chunks, unseen))
    for chunk, source, mine, gone, hidden in zip(chunks, *dealt):
        yield Advised(chunk, source, mine, gone, hidden, surroundings)
