"""How the paragraphs of a clean text look on their pages: size, weight, place.

What a paragraph says is told by the words in it that align with the source; where none does, by its chunk's first
line. Judging that is in `headings` and `front`.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from ..document import Document, Line
from ..spans import Span
from .places import Whole, chunk_spans, word_places

_PARAGRAPH = re.compile(r"[^\n]+(?:\n[^\n]+)*")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ITALIC = re.compile(r"ital|obliq|slant|cmti|sfti", re.IGNORECASE)
_MOSTLY = 0.8  # share of its characters


class Style(NamedTuple):
    """How headings are set, to be compared: the more prominent is the greater."""

    size: float
    bold: bool
    capitals: bool
    upright: bool
    font: str


@dataclass(frozen=True, slots=True)
class Look:
    """One paragraph of a clean text, and how it is set.

    Attributes:
        text: what it says, in one line without characters that cannot be printed.
        start: offset of its first character in the clean text.
        end: offset after its last.
        source: the span of the document's text that it comes from.
        pages: its first and last page.
        chunks: the chunks that it stands in.
        size: of most of its type in points, 0.0 if not known.
        font: of most of its type.
        bold: whether it is set bold.
        slanted: whether it is set apart in bold or italics within lines.
        lines: the first and the last of the document's lines that it stands in.
    """

    text: str
    start: int
    end: int
    source: Span
    pages: Span
    chunks: tuple[int, ...]
    size: float
    font: str
    bold: bool
    slanted: bool
    lines: Span

    @property
    def style(self) -> Style:
        """What headings of one level have in common."""
        return Style(round(self.size * 2) / 2, self.bold, self.capitals, not _ITALIC.search(self.font), self.font)

    @property
    def capitals(self) -> bool:
        """Whether all its letters are capitals, and they are several."""
        return self.text.isupper() and sum(map(str.isalpha, self.text)) > 3


def looks_of(whole: Whole) -> list[Look]:
    """Each paragraph of the clean text, and how it is set."""
    return list(_looks(whole))


def printable(text: str) -> str:
    """A text in one line; a sign stands for characters that no printer and no YAML takes."""
    return _UNPRINTABLE.sub("\ufffd", " ".join(text.split()))


def joined(looks: Sequence[Look]) -> Look:
    """Paragraphs that follow one another as one, set like the first."""
    first, last = looks[0], looks[-1]
    chunks = tuple(dict.fromkeys(number for look in looks for number in look.chunks))
    return replace(first, text=" ".join(look.text for look in looks), end=last.end, chunks=chunks,
                   source=(first.source[0], last.source[1]), pages=(first.pages[0], last.pages[1]),
                   lines=(first.lines[0], last.lines[1]))


def body_of(looks: Sequence[Look]) -> Style:
    """How most of the text is set."""
    counts: Counter[Style] = Counter()
    for look in looks:
        counts[replace(look, text="").style] += len(look.text)
    return counts.most_common(1)[0][0] if counts else Style(0.0, False, False, True, "")


def _looks(whole: Whole) -> Iterator[Look]:
    spans, places = chunk_spans(whole), word_places(whole)
    offsets = [offset for offset, _ in places]
    for match in _PARAGRAPH.finditer(whole.text.rstrip("\n")):
        start, end = match.span()
        text = printable(match[0])
        if text:
            of = tuple(i for i, (a, b) in enumerate(spans) if a < end and start < b)
            inside = [span for _, span in places[bisect_left(offsets, start):bisect_left(offsets, end)]]
            yield _look(whole.document, text, (start, end), of, inside or [_fallback(whole, of)])


def _fallback(whole: Whole, of: Sequence[int]) -> Span:
    """The first line of the first chunk, where no word is known."""
    chunk = whole.chunks[of[0]].chunk
    return chunk.start, min(chunk.start + len(chunk.text.partition("\n")[0]) + 1, chunk.end)


def _look(document: Document, text: str, span: Span, of: tuple[int, ...], inside: Sequence[Span]) -> Look:
    sizes: Counter[tuple[float, str]] = Counter()
    total = bold = slanted = 0
    for start, end in inside:
        index = document.line_at(start)
        line, length = document.lines[index], end - start
        sizes[line.size, line.font] += length
        total, bold = total + length, bold + length * line.bold
        slanted += length * _is_emphasised(line, start - document.line_starts[index], length)
    size, font = sizes.most_common(1)[0][0]
    first, last = min(a for a, _ in inside), max(b for _, b in inside)
    pages = document.page_at(first), document.page_at(last - 1)
    return Look(text, *span, (first, last), pages, of, size, font, bold > _MOSTLY * total, slanted > _MOSTLY * total,
                (document.line_at(first), document.line_at(last - 1)))


def _is_emphasised(line: Line, start: int, length: int) -> bool:
    return any(a <= start + length // 2 < b for a, b in line.emphasis)
