"""What a chunk's text becomes once removals are taken back, and what is missing from an edited one.

Where a chunk's text is what the source gives without its removals, it is assembled anew. Where a
model or a person wrote it, words are put back at the place they align with. Decides nothing.
"""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from itertools import groupby

from ..cleaned import Cleaned
from ..fidelity import aligned, words
from ..rules import HOLE, Assembler, Word, find_unseen, join_words, text_and_gap
from ..spans import Removal, Span, kept_spans, tiles

_REACH = 25  # words on either side that may bear on a chunk's paragraphs and closed-up words
Removals = Sequence[Removal]


class Rebuilder:
    """Assembles single chunks of one cleaned document; what the whole document tells is measured once."""

    def __init__(self, cleaned: Cleaned) -> None:
        self._document = cleaned.document
        self._cleaned = cleaned.chunks
        self._chunks = [chunk.chunk for chunk in cleaned.chunks]
        self._kept = lru_cache(maxsize=4096)(self._count_kept)  # asked of every chunk for each of its neighbours

    @cached_property
    def _assembler(self) -> Assembler:
        return Assembler(self._document, _rejoined([r for chunk in self._cleaned for r in chunk.removals]))

    @cached_property
    def _unseen(self) -> list[Removal]:
        """What a reader of the page does not see as words, as hidden text and raised citations."""
        return find_unseen(self._document)

    def reach(self, index: int, removals: Sequence[Removals]) -> range:
        """The chunks that bear on a chunk's text, itself among them; `removals` has one entry a chunk."""
        first, last, before, after = index, index, 0, 0
        while first > 0 and before < _REACH:
            first -= 1
            before += self._kept(first, tuple(removals[first]))
        while last < len(self._chunks) - 1 and after < _REACH:
            last += 1
            after += self._kept(last, tuple(removals[last]))
        return range(first, last + 1)

    def words(self, index: int, removals: Sequence[Removals]) -> list[Word]:
        """The words of one chunk, assembled from its surroundings; `removals` has one entry a chunk."""
        near = self.reach(index, removals)
        start, end = self._chunks[near[0]].start, self._chunks[near[-1]].end
        around = [r for i in near for r in removals[i]]
        return self._assembler.words(self._chunks[index], around, start, end)

    def source(self, index: int) -> str:
        """A chunk's words as a reader of the page sees them, to measure other texts against."""
        start, end = self._chunks[index].start, self._chunks[index].end
        unseen = [r for r in self._unseen if r.end > start and r.start < end]
        return join_words(self.words(index, self._without(index, unseen)))

    def whole(self, index: int) -> list[Word]:
        """All words of a chunk, nothing removed."""
        return self.words(index, self._without(index, []))

    def _without(self, index: int, removals: Removals) -> list[Removals]:
        return [removals if i == index else chunk.removals for i, chunk in enumerate(self._cleaned)]

    def is_assembled(self, index: int) -> bool:
        """Whether a chunk's cleaned text is what the source gives without its removals."""
        made = self.words(index, [chunk.removals for chunk in self._cleaned])
        return text_and_gap(made)[0] == self._cleaned[index].text

    def put_back(self, index: int, text: str, before: Removals, after: Removals) -> str:
        """A chunk's text with the words that `after` no longer covers, each run at its aligned place."""
        source = self.words(index, self._without(index, after))
        back = [i for i, word in enumerate(source)
                if word.text != HOLE and any(r.start < word.end and word.start < r.end for r in before)]
        places = _places(source, text)
        at = -1
        for run in reversed(list(_runs(back))):
            at = next((places[i][1] for i in range(run[0] - 1, -1, -1) if i in places), 0)
            put = join_words(source[i] for i in run)
            text = f"{text[:at].rstrip()} {put} {text[at:].lstrip(' ')}".strip()
        return text

    def take_out(self, index: int, text: str, removals: Removals, spans: Sequence[Span]) -> str:
        """A chunk's text without the words that come from some spans of the document; `removals` are out already."""
        source = self.words(index, self._without(index, removals))
        gone = {place for i, place in _places(source, text).items()
                if any(start <= source[i].start and source[i].end <= end for start, end in spans)}
        return _without_words(text, gone)

    def origin(self, index: int, text: str, removals: Removals, part: Span) -> Span | None:
        """Where in the document a part of a chunk's text comes from, by alignment; None if it is from elsewhere."""
        source = self.words(index, self._without(index, removals))
        found = [source[i] for i, (start, end) in _places(source, text).items() if start < part[1] and part[0] < end]
        chunk = self._chunks[index]
        if not found:
            return None
        return max(min(w.start for w in found), chunk.start), min(max(w.end for w in found), chunk.end)

    def missing(self, index: int, text: str) -> tuple[Removal, ...]:
        """What of a chunk's source an edited text lacks; by the cleaner's removals, or else of kind "edit"."""
        source = self.whole(index)
        a, owners = _compared(source)
        kept = {owners[i] for i, _ in aligned(a, words(text))}
        chunk = self._chunks[index]
        gone = [
            Removal(max(source[run[0]].start, chunk.start), min(source[run[-1]].end, chunk.end), "edit")
            for run in _runs([i for i, word in enumerate(source) if i not in kept and words(word.text)])
        ]
        parts = _named(gone, self._cleaned[index].removals)
        return tuple(part for part in parts if words(self._document.text[part.start:part.end]))

    def _count_kept(self, index: int, removals: tuple[Removal, ...]) -> int:
        chunk = self._chunks[index]
        spans = kept_spans(chunk.start, chunk.end, removals)
        return sum(len(self._document.text[a:b].split()) for a, b in spans)


def _places(source: Sequence[Word], text: str) -> dict[int, Span]:
    """For each source word that a text keeps, by alignment, where it stands in the text."""
    a, owners = _compared(source)
    found = [(w, match.span()) for match in re.finditer(r"\S+", text) for w in words(match[0])]
    return {owners[i]: found[j][1] for i, j in aligned(a, [w for w, _ in found])}


def _without_words(text: str, gone: Container[Span]) -> str:
    """A text without some of its words, named by their places; of the gaps that meet the wider one stays."""
    made, gap = "", ""
    for match in re.finditer(r"(\s*)(\S+)", text):
        gap = max(gap, match[1], key=lambda space: (space.count("\n"), len(space)))
        if match.span(2) not in gone:
            made, gap = made + gap + match[2], ""
    return made.strip()


def _compared(source: Sequence[Word]) -> tuple[list[str], list[int]]:
    """Words as they are compared, and the number of the source word that each is part of."""
    found = [(w, i) for i, word in enumerate(source) for w in words(word.text)]
    return [w for w, _ in found], [i for _, i in found]


def _runs(numbers: Sequence[int]) -> Iterator[list[int]]:
    """Group ascending numbers that follow one another."""
    for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        yield [number for _, number in run]


def _named(gone: Sequence[Removal], removals: Removals) -> Iterator[Removal]:
    """Cut what is gone at the cleaner's removals, and give those parts the cleaner's kind and score."""
    for span in gone:
        for start, end, removal in tiles(span.start, span.end, removals):
            yield replace(removal or span, start=start, end=end)


def with_kinds(removals: Removals, kinds: Sequence[tuple[Span, str]]) -> tuple[Removal, ...]:
    """The removals, those parts under another kind's name that a person gave one."""
    for span, kind in kinds:
        removals = [replace(removal, start=a, end=b, kind=kind if inside else removal.kind) for removal in removals
                    for a, b, inside in tiles(removal.start, removal.end, [Removal(*span, kind)]) if a < b]
    return tuple(removals)


def _rejoined(removals: Removals) -> list[Removal]:
    """Removals that a chunk's border cut in two, whole again."""
    whole: list[Removal] = []
    for removal in removals:
        if whole and replace(removal, start=whole[-1].start, end=removal.start) == whole[-1]:
            whole[-1] = replace(whole[-1], end=removal.end)
        else:
            whole.append(removal)
    return whole
