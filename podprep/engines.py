"""The two text engines: PDFium (default, with the place and size of every line) and PyPDF2.

An engine turns an open file into pages of lines. Opening, checking and choosing are in `pdf`.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium_c

from .document import Box, Line, Page

_BREAKS = (10, 13)
_ITALIC_FLAG = 64  # PDF font descriptor flag bit 7
_FARTHEST = 1e6  # points; nothing of a page is farther away or larger
_HYPHEN = 2  # PDFium's mark for a hyphen at a line end; the line break itself is swallowed
_NOT_A_CHARACTER = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class _Font(NamedTuple):
    """How a text object is set: font name, size in points on the page, and what part of the page it may show on."""

    name: str
    size: float
    bold: bool
    italic: bool
    upright: bool
    clip: Box


class _Glyph(NamedTuple):
    """One character, where it stands (base line and horizontal extent in points), and its font."""

    char: str
    left: float
    right: float
    base: float
    font: _Font

    @property
    def hidden(self) -> bool:
        """Whether the glyph's middle lies outside what it is clipped to."""
        left, bottom, right, top = self.font.clip
        return not (left <= (self.left + self.right) / 2 <= right and bottom <= self.base + 0.3 * self.font.size <= top)


def pdfium_page(page: Any, number: int) -> Page:
    """Read one `pypdfium2.PdfPage` into lines with their boxes, font heights and superscripts."""
    width, height = (_bounded(side) for side in page.get_size())
    textpage = page.get_textpage()
    try:
        rows = _merge_split_rows(list(_rows(textpage, page.get_bbox(), page.get_rotation())))
        lines = tuple(_line(part, number) for row in rows for part in _split_hidden(row))
    finally:
        textpage.close()
    return Page(number, width, height, tuple(line for line in lines if line.text))


def pypdf2_page(page: Any, number: int) -> Page:
    """Read one `PyPDF2.PageObject` into lines; PyPDF2 tells neither place nor size."""
    text = page.extract_text() or ""
    rows = (clean_characters(row).rstrip() for row in text.splitlines())
    box = page.mediabox
    width, height = _bounded(float(box.width)), _bounded(float(box.height))
    return Page(number, width, height, tuple(Line(row, number) for row in rows if row))


def _bounded(value: float) -> float:
    """A measure in points, or 0.0 where a hostile file makes it infinite, negative or no number."""
    return value if 0 <= value < _FARTHEST else 0.0


def clean_characters(text: str) -> str:
    """Join surrogate pairs and show every control character as U+FFFD, so that none is acted on."""
    if any("\ud800" <= c <= "\udfff" for c in text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _NOT_A_CHARACTER.sub("\ufffd", text)


def _rows(textpage: Any, page: Box, rotation: int) -> Iterator[list[_Glyph]]:
    """Yield the page's characters row by row, split at line ends and after line-end hyphens."""
    row: list[_Glyph] = []
    after_hyphen = False
    read_glyph = _GlyphReader(textpage, page, rotation)
    for index in range(textpage.count_chars()):
        code = pdfium_c.FPDFText_GetUnicode(textpage, index)
        if code in _BREAKS:
            if row:
                yield row
            row, after_hyphen = [], False
            continue
        glyph = read_glyph(index, "-" if code == _HYPHEN else chr(code))
        if after_hyphen and not _same_row(row[-1], glyph):
            yield row
            row = []
        row.append(glyph)
        after_hyphen = code == _HYPHEN
    if row:
        yield row


class _GlyphReader:
    """Reads the place and font of characters; fonts are looked up once a text object."""

    def __init__(self, textpage: Any, page: Box, rotation: int) -> None:
        self._textpage, self._page, self._rotation = textpage, page, rotation
        self._fonts: dict[int | None, _Font] = {}
        self._rect = pdfium_c.FS_RECTF()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()

    def __call__(self, index: int, char: str) -> _Glyph:
        rect, x, y = self._rect, self._x, self._y
        pdfium_c.FPDFText_GetLooseCharBox(self._textpage, index, rect)
        pdfium_c.FPDFText_GetCharOrigin(self._textpage, index, x, y)
        text_object = pdfium_c.FPDFText_GetTextObject(self._textpage, index)
        key = ctypes.cast(text_object, ctypes.c_void_p).value
        font = self._fonts.get(key)
        if font is None:
            font = self._fonts[key] = self._font(index, text_object)
        if not self._rotation:
            return _Glyph(char, rect.left, rect.right, y.value, font)
        left, _, right, _ = turned((rect.left, rect.bottom, rect.right, rect.top), self._page, self._rotation)
        base = turned((x.value, y.value, x.value, y.value), self._page, self._rotation)[1]
        return _Glyph(char, left, right, base, font)

    def _font(self, index: int, text_object: Any) -> _Font:
        buffer, flags, matrix = ctypes.create_string_buffer(128), ctypes.c_int(), pdfium_c.FS_MATRIX()
        pdfium_c.FPDFText_GetFontInfo(self._textpage, index, buffer, 128, flags)
        pdfium_c.FPDFText_GetMatrix(self._textpage, index, matrix)
        size = _bounded(pdfium_c.FPDFText_GetFontSize(self._textpage, index) * math.hypot(matrix.c, matrix.d))
        full_name = re.sub(r"^[A-Z]{6}\+", "", buffer.value.decode("latin-1"))  # without the subset's mark
        name = full_name.lower()
        heavy = pdfium_c.FPDFText_GetFontWeight(self._textpage, index) >= 600
        bold = heavy or bool(re.search("bold|black|heavy|cmbx", name))
        italic = bool(flags.value & _ITALIC_FLAG or re.search("italic|oblique|cmti|slanted", name))
        clip = _clip_box(text_object, self._page) if text_object else self._page
        upright = (abs(matrix.b) <= abs(matrix.a)) == (self._rotation % 180 == 0)
        return _Font(full_name, round(size, 1), bold, italic, upright, turned(clip, self._page, self._rotation))


def turned(box: Box, page: Box, rotation: int) -> Box:
    """A box as it stands once the page is turned clockwise by 0, 90, 180 or 270 degrees for the reader."""
    (left, bottom, right, top), (west, south, east, north) = box, page
    if rotation == 90:
        return bottom - south, east - right, top - south, east - left
    if rotation == 180:
        return east - right, north - top, east - left, north - bottom
    if rotation == 270:
        return north - top, left - west, north - bottom, right - west
    return box


def _clip_box(text_object: Any, page: Box) -> Box:
    """The part of the page that all clip paths of a text object leave open."""
    box, path = page, pdfium_c.FPDFPageObj_GetClipPath(text_object)
    x, y = ctypes.c_float(), ctypes.c_float()
    for i in range(max(pdfium_c.FPDFClipPath_CountPaths(path), 0) if path else 0):
        xs, ys = [], []
        for j in range(max(pdfium_c.FPDFClipPath_CountPathSegments(path, i), 0)):
            if pdfium_c.FPDFPathSegment_GetPoint(pdfium_c.FPDFClipPath_GetPathSegment(path, i, j), x, y):
                xs.append(x.value)
                ys.append(y.value)
        if xs:
            box = (max(box[0], min(xs)), max(box[1], min(ys)), min(box[2], max(xs)), min(box[3], max(ys)))
    return box


def _split_hidden(row: list[_Glyph]) -> Iterator[list[_Glyph]]:
    """Set apart what of a row no reader of the page sees.

    Figures are often pasted in as a page of the manuscript, clipped to the picture: the text around
    it is in the file, and PDFium reports it. Glyphs go together by clip, a quarter hidden hides all,
    since pictures are cut close and a letter at the edge proves nothing.
    """
    ink = [g for g in row if not g.char.isspace()]
    total, hidden = Counter(g.font.clip for g in ink), Counter(g.font.clip for g in ink if g.hidden)
    if not hidden:
        yield row
        return
    gone = {clip for clip in hidden if hidden[clip] > 0.25 * total[clip]}
    for part in ([g for g in row if g.font.clip not in gone], [g for g in row if g.font.clip in gone]):
        if any(not g.char.isspace() for g in part):
            yield part


def _same_row(a: _Glyph, b: _Glyph) -> bool:
    """Whether two glyphs stand on about one base line, superscripts included."""
    return abs(a.base - b.base) < 0.6 * max(a.font.size, b.font.size)


def _merge_split_rows(rows: list[list[_Glyph]]) -> list[list[_Glyph]]:
    """Undo the breaks that PDFium puts after superscripts and section numbers: same height, going on to the right."""
    merged: list[list[_Glyph]] = []
    for row in rows:
        if merged and _goes_on(merged[-1], row[0]):
            merged[-1] += row
        else:
            merged.append(row)
    return merged


def _goes_on(row: list[_Glyph], glyph: _Glyph) -> bool:
    numbered = len(row) < 9 and re.fullmatch(r"(\d+\.)+\d*\s*", "".join(g.char for g in row))
    reach = (2.0 if numbered else 0.5) * glyph.font.size
    return _same_row(row[-1], glyph) and -1 < glyph.left - row[-1].right < reach


def _line(row: list[_Glyph], number: int) -> Line:
    """Build the line of one row: text, box, font size, weight, raised and emphasised spans."""
    while row and row[-1].char.isspace():
        row.pop()
    ink = [g for g in row if not g.char.isspace()]
    text = clean_characters("".join(g.char for g in row))
    if not ink:
        return Line("", number)
    size, base = _size_and_base(ink)
    extent = _box(ink, size, base)
    box = extent if all(abs(side) < _FARTHEST for side in extent) else None
    bold = sum(g.font.bold for g in ink) > 0.5 * len(ink)
    font = Counter(g.font.name for g in ink).most_common(1)[0][0]
    hidden = sum(g.hidden for g in ink) > 0.25 * len(ink)
    if len(text) != len(row):  # surrogate pairs were joined: places no longer match
        return Line(text, number, box, size, bold, font=font, hidden=hidden)
    raised = _spans(0 < g.font.size < 0.85 * size and g.base > base + 0.1 * size for g in row)
    emphasis = _spans(g.font.bold or g.font.italic for g in row)
    return Line(text, number, box, size, bold, raised, emphasis, font, hidden)


def _size_and_base(ink: list[_Glyph]) -> tuple[float, float]:
    """The font size most characters of a row share, and the base line most of those share, in points."""
    size = Counter(g.font.size for g in ink).most_common(1)[0][0]
    return size, Counter(round(g.base, 1) for g in ink if g.font.size == size).most_common(1)[0][0]


def _box(ink: list[_Glyph], size: float, base: float) -> Box:
    """The row's extent; its height is taken from the font size, since fonts report odd bounding boxes."""
    left, right = min(g.left for g in ink), max(g.right for g in ink)
    if all(g.font.upright for g in ink):
        return left, base - 0.25 * size, right, base + 0.75 * size
    return left, min(g.base for g in ink), right, max(g.base for g in ink)


def _spans(flags: Iterable[bool]) -> tuple[tuple[int, int], ...]:
    marks = "".join("^" if flag else "." for flag in flags)
    return tuple((m.start(), m.end()) for m in re.finditer(r"\^+", marks))
