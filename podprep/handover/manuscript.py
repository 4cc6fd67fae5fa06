"""The manuscript: a clean text with its shape, made of what any cleaner, model or person wrote.

Every word of the clean text is in exactly one of its paragraphs, in order. Title, authors and abstract are told
beside. How it is written down is in `formats`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from ..fidelity import words
from ..spans import Span
from .front import find_abstract, find_authors, find_title, told_title
from .headings import item_marks, kinds_of, whole_headings
from .looks import Look, joined, looks_of
from .places import Whole


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, a heading or an item of a list.

    Attributes:
        kind: "title", "heading", "label" (the words set apart that open a paragraph), "item" or "paragraph".
        text: what it says, in one line.
        level: of a heading, 1 for a section; else 0.
        mark: what an item begins with, a sign or a number, as it stands in the text; else "".
        start: offset in the clean text.
        end: offset after its last character.
        pages: its first and last page.
        source: the span of the document's text that it comes from.
        chunks: numbers of the chunks that it stands in, from 0.
    """

    kind: str
    text: str
    level: int
    mark: str
    start: int
    end: int
    pages: Span
    source: Span
    chunks: tuple[int, ...]

    @property
    def content(self) -> str:
        """What it says, without an item's mark."""
        return self.text.removeprefix(self.mark)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it, down to the next one of its level or above.

    Attributes:
        title: the heading, with its number.
        level: 1 for a section, 2 for one in it, and so on.
        pages: its first and last page.
        words: words in it, its heading and the sections in it counted.
        paragraphs: the manuscript's paragraphs [first, last) that it holds.
    """

    title: str
    level: int
    pages: Span
    words: int
    paragraphs: Span


@dataclass(frozen=True)
class Manuscript:
    """A clean text with its shape.

    Attributes:
        title: in one line; "" if the document has none.
        authors: their names, in order.
        abstract: its text, which is part of the paragraphs too; "" if none is named so.
        file: name of the PDF.
        sha256: of the PDF.
        pages: how many pages the text comes from.
        text: the clean text.
        paragraphs: all of it, in order.
    """

    title: str
    authors: tuple[str, ...]
    abstract: str
    file: str
    sha256: str
    pages: int
    text: str = field(repr=False)
    paragraphs: tuple[Paragraph, ...] = field(repr=False)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The sections, in order, each with those in it after it."""
        return tuple(self._sections())

    def _sections(self) -> Iterator[Section]:
        heads = [at for at, paragraph in enumerate(self.paragraphs) if paragraph.level]
        for number, at in enumerate(heads):
            level = self.paragraphs[at].level
            later = (other for other in heads[number + 1:] if self.paragraphs[other].level <= level)
            end = next(later, len(self.paragraphs))
            inside = self.paragraphs[at:end]
            pages = min(p.pages[0] for p in inside), max(p.pages[1] for p in inside)
            count = sum(len(words(p.text)) for p in inside)
            yield Section(self.paragraphs[at].text, level, pages, count, (at, end))


def manuscript_of(whole: Whole) -> Manuscript:
    """A cleaned document's clean text with its shape."""
    looks, document = looks_of(whole), whole.document
    title = find_title(looks, document)
    if title:
        looks[title.start:title.stop] = [joined(looks[title.start:title.stop])]
    head = title.start if title else len(looks)
    before, after = looks[:head + 1], looks[head + 1:]
    looks = before + [joined(after[first:end]) for first, end in whole_headings(after)]
    kinds, levels = kinds_of(looks, head)
    marks = item_marks(looks, kinds)
    last = looks[head].lines[1] + 1 if title else 0
    said = looks[head].text if title else told_title(document)
    return Manuscript(
        said, find_authors(document, last, said),
        find_abstract(looks, kinds, document), document.path.name, document.sha256, len(document.pages), whole.text,
        tuple(map(_paragraph, looks, kinds, levels, marks)),
    )


def _paragraph(look: Look, kind: str, level: int, mark: str) -> Paragraph:
    return Paragraph("item" if mark else kind, look.text, level, mark, look.start, look.end, look.pages, look.source,
                     look.chunks)
