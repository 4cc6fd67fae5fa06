"""What a cleaner that does not write makes of each chunk: advice for a model, and what stands in if it fails.

Gives, chunk by chunk, the words a reader of the page sees, an opinion about each, and the text that
is left if the opinions are followed. No chat model runs here.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from ..choices import ADVISERS
from ..chunks import Chunk
from ..cleaned import CleanedChunk, removals_by_chunk
from ..document import Document
from ..errors import require_known
from ..fidelity import Fidelity, measure
from ..probe import Probe, read_with_probe
from ..rules import Assembler, Word, assemble, find_removals, find_unseen, join_words, text_and_gap, words_by_chunk
from ..spans import Removal, merge_removals


@dataclass(frozen=True)
class _Surroundings:
    """What the whole document tells about each of its chunks."""

    assembler: Assembler
    kept: list[Word]
    removals: list[Removal]

    def words(self, chunk: Chunk, removals: Sequence[Removal]) -> list[Word]:
        """The chunk's words without these removals, joined on to what the adviser keeps before it."""
        before = bisect_left(self.kept, chunk.start, key=lambda word: word.start)
        start = self.kept[before - 1].start if before else chunk.start
        earlier = [r for r in self.removals if r.end > start and r.start < chunk.start]
        return self.assembler.words(chunk, merge_removals([*earlier, *removals]), start, chunk.end)


@dataclass(frozen=True)
class Advised:
    """A chunk, its words, and what the adviser makes of them.

    Attributes:
        chunk: the raw chunk.
        source: the words a reader of the page sees.
        kept: the words the adviser keeps, assembled.
        removals: what the adviser removes.
        unseen: what no reader of the page sees as words: hidden text, raised citations.
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
        """One removal for each run of words that go for one reason."""
        named = [None if stays else self._advised(word) or Removal(0, 0, "model")
                 for word, stays in zip(self.source, kept)]
        for removal, run in groupby(zip(named, self.source), key=lambda pair: pair[0]):
            if removal is not None:
                spans = [word for _, word in run]
                start, end = max(spans[0].start, self.chunk.start), min(spans[-1].end, self.chunk.end)
                yield Removal(start, end, removal.kind, removal.score)

    def _advised(self, word: Word) -> Removal | None:
        """The adviser's removal that takes this word, if any."""
        at = bisect_right(self.removals, word.start, key=lambda removal: removal.start) - 1
        return self.removals[at] if at >= 0 and word.start < self.removals[at].end else None


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
    surroundings = _Surroundings(assembler, kept, removals)
    dealt = (words_by_chunk(chunks, assemble(document, unseen)), words_by_chunk(chunks, kept),
             removals_by_chunk(chunks, removals), removals_by_chunk(chunks, unseen))
    for chunk, source, mine, gone, hidden in zip(chunks, *dealt):
        yield Advised(chunk, source, mine, gone, hidden, surroundings)
