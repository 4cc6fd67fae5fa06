"""The two text engines: PDFium (default, with the place and size of every line) and PyPDF2.

An engine turns an open file into pages of lines. Opening, checking and choosing are in `pdf`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from ..document import Box, Line, Page
from .covered import covered_places, set_covered_apart
from .drawn import look
from .glyphs import FARTHEST, Glyph, Row, bounded, read_rows, same_row, turned
from .gutters import cut_at_gutters
from .line_numbers import set_line_numbers_apart
from .order import in_order
from .ruled import enclosures, framed
from .words import gap_between, mend_words, space_between

_NOT_A_CHARACTER = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def pdfium_page(page: Any, number: int) -> Page:
    """Read one `pypdfium2.PdfPage` into lines with their boxes, font heights and superscripts."""
    width, height = (bounded(side) for side in page.get_size())
    textpage = page.get_textpage()
    try:
        rows, frame = read_rows(textpage, page.get_bbox(), page.get_rotation())
        scene = look(page)
        covered = covered_places(page, textpage, frame, scene)
    finally:
        textpage.close()
    marked = [
        (part, (gone and "hidden") or (under and "covered") or (counted and "line number") or "")
        for row, counted in set_line_numbers_apart(_merge_split_rows(rows)) for half, gone in _split_hidden(row)
        for part, under in set_covered_apart(half, covered)
    ]
    cut, gutters = cut_at_gutters([row for row, _ in marked])
    lines = [
        line for (_, aside), parts in zip(marked, cut) for part in parts if (line := _line(part, number, aside)).text
    ]
    found = enclosures([turned(rule, frame.page, frame.whole) for rule in scene.rules], max(height, width))
    ordered = framed(in_order(lines, gutters), found)
    if frame.turn:
        ordered = [replace(line, box=line.box and frame.as_seen(line.box)) for line in ordered]
    return Page(number, width, height, tuple(ordered))


def pypdf2_page(page: Any, number: int) -> Page:
    """Read one `PyPDF2.PageObject` into lines; PyPDF2 tells neither place nor size."""
    text = page.extract_text() or ""
    rows = (clean_characters(row).rstrip() for row in text.splitlines())
    box = page.mediabox
    width, height = bounded(float(box.width)), bounded(float(box.height))
    return Page(number, width, height, tuple(Line(row, number) for row in rows if row))


def clean_characters(text: str) -> str:
    """Join surrogate pairs and show every control character as U+FFFD, so that none is acted on."""
    if any("\ud800" <= c <= "\udfff" for c in text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _NOT_A_CHARACTER.sub("\ufffd", text)


def _split_hidden(row: Row) -> Iterator[tuple[Row, bool]]:
    """Yield a row, or in two what of it a reader of the page sees and what not, each with whether it is hidden.

    Figures are often pasted in as a page of the manuscript, clipped to the picture: the text around
    it is in the file, and PDFium reports it. Glyphs go together by clip, a quarter hidden hides all,
    since pictures are cut close and a letter at the edge proves nothing.
    """
    ink = [g for g in row if not g.char.isspace()]
    hidden = Counter(g.font.clip for g in ink if g.hidden)
    if not hidden:
        yield row, False
        return
    total = Counter(g.font.clip for g in ink)
    gone = {clip for clip in hidden if hidden[clip] > 0.25 * total[clip]}
    for at, part in enumerate(([g for g in row if g.font.clip not in gone], [g for g in row if g.font.clip in gone])):
        if any(not g.char.isspace() for g in part):
            yield part, bool(at)


def _merge_split_rows(rows: list[Row]) -> list[Row]:
    """Undo the breaks that PDFium puts after superscripts and section numbers: same height, going on to the right."""
    merged: list[Row] = []
    for row in rows:
        if merged and _goes_on(merged[-1], row[0]):
            merged[-1] += [space_between(merged[-1][-1], row[0]), *row] if _in_notation(merged[-1], row) else row
        else:
            merged.append(row)
    return merged


def _goes_on(row: Row, glyph: Glyph) -> bool:
    numbered = len(row) < 9 and re.fullmatch(r"(\d+\.)+\d*\s*", "".join(g.char for g in row))
    reach = (2.0 if numbered else 0.5) * glyph.font.size
    return same_row(row[-1], glyph) and -1 < glyph.left - row[-1].right < reach


def _in_notation(row: Row, rest: Row) -> bool:
    """Whether PDFium broke a row at an index or exponent of a single letter, which notation reads apart."""
    last, first = row[-1], rest[0]
    if last.font.size == first.font.size or not (last.char.isalnum() and first.char.isalnum()):
        return False
    if last.font.size < first.font.size:  # after the index or exponent
        return True
    alone = len(row) == 1 or row[-2].char.isspace() or row[-2].font.size != last.font.size
    return alone and last.char.isalpha()


def _line(row: Row, number: int, aside: str) -> Line:
    """Build the line of one row: text, box, font size, weight, raised and emphasised spans."""
    row = mend_words(row)
    ink = [g for g in row if not g.char.isspace()]
    text = clean_characters("".join(g.char for g in row))
    if not ink:
        return Line("", number)
    size, base = _size_and_base(ink)
    extent = _box(ink, size, base)
    box = extent if all(abs(side) < FARTHEST for side in extent) else None
    bold = sum(g.font.bold for g in ink) > 0.5 * len(ink)
    font = Counter(g.font.name for g in ink).most_common(1)[0][0]
    if len(text) != len(row):  # surrogate pairs were joined: places no longer match
        return Line(text, number, box, size, bold, font=font, aside=aside)
    raised = _spans(0 < g.font.size < 0.85 * size and g.base > base + 0.1 * size for g in row)
    emphasis = _spans(g.font.bold or g.font.italic for g in row)
    gaps = [gap_between(row[i - 1], row[i + 1]) for i, g in enumerate(row) if g.char == " "]
    gap = round(bounded(max(gaps, default=0.0)) / max(size, 1.0), 2)
    return Line(text, number, box, size, bold, raised, emphasis, font, aside, gap=gap)


def _size_and_base(ink: Row) -> tuple[float, float]:
    """The font size most characters of a row share, and the base line most of those share, in points."""
    size = Counter(g.font.size for g in ink).most_common(1)[0][0]
    return size, Counter(round(g.base, 1) for g in ink if g.font.size == size).most_common(1)[0][0]


def _box(ink: Row, size: float, base: float) -> Box:
    """The row's extent; its height is taken from the font size, since fonts report odd bounding boxes."""
    left, right = min(g.left for g in ink), max(g.right for g in ink)
    if all(g.font.upright for g in ink):
        return left, base - 0.25 * size, right, base + 0.75 * size
    return left, min(g.base for g in ink), right, max(g.base for g in ink)


def _spans(flags: Iterable[bool]) -> tuple[tuple[int, int], ...]:
    marks = "".join("^" if flag else "." for flag in flags)
    return tuple((m.start(), m.end()) for m in re.finditer(r"\^+", marks))
