"""What is known of a PDF once it is read: metadata, pages and their lines, and one running text.

All later stages speak of the document in character offsets into `Document.text`, so that every
removal can be shown where it stood. This module holds data only; how they are read is in `reading`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in PDF points (1/72 inch), origin at the page's lower left corner."""


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line as the text engine reports it.

    Attributes:
        text: the characters, without the line end; a hyphen at a line end is a plain "-".
        page: page number in the PDF, from 1.
        box: where the line stands, or None if the engine does not tell.
        size: font size of most of the line in points, 0.0 if the engine does not tell.
        bold: whether most of the line is set in a bold font.
        raised: spans (start, end) of `text` set as superscripts.
        emphasis: spans of `text` set bold or italic.
        font: name of the font of most of the line, "" if the engine does not tell.
        aside: why the line is no part of what the page says: "hidden" if it is in the file but not to be seen
            (outside the page or clipped away), "covered" if a shape lies over it, "line number" of a manuscript,
            else "".
        origin: where the line comes from if not from the page's own content: "form field" for what a form is filled
            with, "note" for a free-text note or a stamp, else "".
        block: number of the block of lines it stands in, from 1 on each page, in reading order; 0 if not known.
        column: number of its column, from 1 at the left; 0 across columns or where there is but one.
        gap: the widest space between two of its words, in font sizes; 0.0 if it has none or the engine does not tell.
        frame: what rules enclose it: "table" if it stands in one of several cells (of a plot as well), "box" if in the
            only one, "rules" if between two of one width, else "".
    """

    text: str
    page: int
    box: Box | None = None
    size: float = 0.0
    bold: bool = False
    raised: tuple[tuple[int, int], ...] = ()
    emphasis: tuple[tuple[int, int], ...] = ()
    font: str = ""
    aside: str = ""
    origin: str = ""
    block: int = 0
    column: int = 0
    gap: float = 0.0
    frame: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page.

    Attributes:
        number: page number in the PDF, from 1.
        width: in points.
        height: in points.
        lines: the printed lines in reading order.
        failure: why the page could not be read, as a clause that names it; "" if it was read.
        recognised: whether the lines were recognised in the page's picture (OCR).
    """

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    failure: str = ""
    recognised: bool = False

    @property
    def text(self) -> str:
        """The page's lines joined by line ends."""
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class Metadata:
    """The document information that PyPDF2 (or, where it fails, PDFium) reads; None where absent.

    `attachments` names the files that are packed into the PDF, which are not read; a `portfolio` is little else.
    `remarks` are sentences on how the file had to be read.
    """

    title: str | None = None
    author: str | None = None
    subject: str | None = None
    keywords: str | None = None
    creator: str | None = None
    producer: str | None = None
    created: str | None = None
    modified: str | None = None
    pages: int = 0
    encrypted: bool = False
    attachments: tuple[str, ...] = ()
    portfolio: bool = False
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """A PDF's metadata and pages, as read by one text engine.

    Attributes:
        path: the file, as it was named.
        sha256: of the file, as hex digits.
        engine: the text engine, "pdfium" or "pypdf2"; "none" where the pages were at hand.
        metadata: what the PDF says about itself.
        pages: those that were asked for, which may be fewer than `metadata.pages`.
        beside: if they are very few, some others, to tell by what the body is set like; nothing of those is kept.
    """

    path: Path
    sha256: str
    engine: str
    metadata: Metadata
    pages: tuple[Page, ...] = field(repr=False)
    beside: tuple[Page, ...] = field(default=(), repr=False)

    @classmethod
    def from_pages(cls, pages: Iterable[Page]) -> Document:
        """A document made of pages at hand rather than read from a file."""
        pages = tuple(pages)
        return cls(Path(), "", "none", Metadata(pages=len(pages)), pages)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """All lines of all pages, in order."""
        return tuple(line for page in self.pages for line in page.lines)

    @cached_property
    def text(self) -> str:
        """All lines joined by line ends: the raw text that every offset refers to."""
        return "\n".join(line.text for line in self.lines)

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """Offset in `text` of each line's first character."""
        starts, at = [], 0
        for line in self.lines:
            starts.append(at)
            at += len(line.text) + 1
        return tuple(starts)

    @property
    def empty_pages(self) -> tuple[int, ...]:
        """Numbers of the pages that were read and hold no text."""
        return tuple(p.number for p in self.pages if not p.failure and not p.text.strip())

    @property
    def recognised(self) -> tuple[int, ...]:
        """Numbers of the pages whose text was recognised in their picture."""
        return tuple(p.number for p in self.pages if p.recognised)

    @property
    def unreadable(self) -> int:
        """Number of characters that the file gives no meaning, which stand as U+FFFD."""
        return self.text.count("\ufffd")

    @property
    def failures(self) -> tuple[str, ...]:
        """Why pages could not be read, one clause a page that failed; the other pages are whole."""
        return tuple(p.failure for p in self.pages if p.failure)

    def line_at(self, offset: int) -> int:
        """Index in `lines` of the line that holds this offset of `text`."""
        return max(bisect_right(self.line_starts, offset) - 1, 0)

    def page_at(self, offset: int) -> int:
        """Number of the page that holds this offset of `text`."""
        return self.lines[self.line_at(offset)].page if self.lines else 0

    def boxes(self, start: int, end: int) -> Iterator[tuple[Line, Box | None]]:
        """Yield the lines that a span of `text` touches, each with the part of its box that it covers.

        Characters of a line count as equally wide; boxes are in points, None where the engine tells no places.
        """
        for index in range(self.line_at(start), self.line_at(max(end - 1, start)) + 1):
            line, first = self.lines[index], self.line_starts[index]
            a, b = max(start - first, 0), min(end - first, len(line.text))
            if a >= b or not line.text[a:b].strip():
                continue
            if line.box is None:
                yield line, None
                continue
            left, bottom, right, top = line.box
            width = (right - left) / len(line.text)
            yield line, (left + a * width, bottom, left + b * width, top)
