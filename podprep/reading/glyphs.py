"""The characters of a page as PDFium reports them: row by row, with place, font and what they are clipped to.

What lines are made of them is in `engines`.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium_c

from ..document import Box

_BREAKS = (10, 13)
_ITALIC_FLAG = 64  # PDF font descriptor flag bit 7
FARTHEST = 1e6  # points; nothing of a page is farther away or larger
_FAR_BACK = 5.0  # font sizes
_SOME = 8  # characters of a row that tell whether it runs down
_HYPHEN = 2  # PDFium's mark for a hyphen at a line end; the line break itself is swallowed


class Font(NamedTuple):
    """How a text object is set: font name, size in points, and what part of the page it may show on.

    `turn` is the direction it runs in, as degrees counterclockwise from left to right.
    """

    name: str
    size: float
    bold: bool
    italic: bool
    turn: int
    clip: Box

    @property
    def upright(self) -> bool:
        """Whether the text runs along the rows of the page, be it upside down."""
        return self.turn % 180 == 0


def _direct(name: str, result: Any, *arguments: Any) -> Any:
    """One of PDFium's functions without the checks of its binding, which cost more than what is asked a character."""
    return ctypes.CFUNCTYPE(result, *arguments)(ctypes.cast(getattr(pdfium_c, name), ctypes.c_void_p).value or 0)


_POINTER, _INT = ctypes.c_void_p, ctypes.c_int
_UNICODE = _direct("FPDFText_GetUnicode", ctypes.c_uint, _POINTER, _INT)
_BOX = _direct("FPDFText_GetLooseCharBox", _INT, _POINTER, _INT, _POINTER)
_ORIGIN = _direct("FPDFText_GetCharOrigin", _INT, _POINTER, _INT, _POINTER, _POINTER)
_OBJECT = _direct("FPDFText_GetTextObject", _POINTER, _POINTER, _INT)


def _handle(textpage: Any) -> Any:
    return ctypes.cast(textpage.raw, ctypes.c_void_p)


class Glyph(NamedTuple):
    """One character, where it stands (base line and horizontal extent in points), and its font."""

    char: str
    left: float
    right: float
    base: float
    font: Font

    @property
    def hidden(self) -> bool:
        """Whether the glyph's middle lies outside what it is clipped to."""
        left, bottom, right, top = self.font.clip
        return not (left <= (self.left + self.right) / 2 <= right and bottom <= self.base + 0.3 * self.font.size <= top)


Row = list[Glyph]


class Frame(NamedTuple):
    """How a page is turned so that most of its text runs from left to right.

    Attributes:
        page: the page's box before it is turned.
        rotation: degrees clockwise by which a reader sees it turned.
        turn: degrees clockwise by which it is turned further for its text.
        vertical: whether the text is written from top to bottom, in lines from right to left.
    """

    page: Box
    rotation: int
    turn: int = 0
    vertical: bool = False

    @property
    def whole(self) -> int:
        """Degrees clockwise from the page's box to its rows."""
        return (self.rotation + self.turn) % 360

    def as_seen(self, box: Box) -> Box:
        """A box among the rows as it stands on the page that a reader sees."""
        if not self.turn:
            return box
        if self.vertical:  # its base line runs down the middle
            box = box[0], 1.25 * box[1] - 0.25 * box[3], box[2], 0.75 * box[3] + 0.25 * box[1]
        left, bottom, right, top = turned(self.page, self.page, self.whole)
        back = turned(box, (0.0, 0.0, right - left, top - bottom), 360 - self.turn)
        if self.rotation:
            return back
        west, south = self.page[:2]
        return back[0] + west, back[1] + south, back[2] + west, back[3] + south


def read_rows(textpage: Any, page: Box, rotation: int) -> tuple[list[Row], Frame]:
    """The page's characters in rows as PDFium has them, split at line ends, and how the page is turned for them."""
    rows = list(_rows_of(textpage, Frame(page, rotation)))
    frame = Frame(page, rotation, *_main_direction(rows))
    return (list(_rows_of(textpage, frame)) if frame.turn else rows), frame


def _main_direction(rows: Sequence[Row]) -> tuple[int, bool]:
    """By how much to turn a page for most of its text to run from left to right; whether it is written vertically."""
    turns: Counter[int] = Counter()
    for row in rows:
        turns[row[0].font.turn] += len(row)
    if turns and turns.most_common(1)[0][0]:
        return turns.most_common(1)[0][0], False
    steps = Counter(_runs_down(a, b) for row in rows for a, b in pairwise(row[:_SOME]))
    return (270, True) if steps[True] > steps[False] else (0, False)


def _begins_line(a: Glyph, b: Glyph) -> bool:
    """Whether a character stands far back to the left, where PDFium has missed that a line ends."""
    return a.left - b.right > _FAR_BACK * b.font.size


def _runs_down(a: Glyph, b: Glyph) -> bool:
    """Whether one character stands right below another."""
    size = max(a.font.size, b.font.size)
    return 0.4 * size < a.base - b.base < 2 * size and abs(a.left + a.right - b.left - b.right) < 1.2 * size


def _rows_of(textpage: Any, frame: Frame) -> Iterator[Row]:
    """Yield the page's characters row by row, split at line ends and after line-end hyphens."""
    row: Row = []
    after_hyphen = False
    read_glyph, handle = _GlyphReader(textpage, frame), _handle(textpage)
    for index in range(textpage.count_chars()):
        code = _UNICODE(handle, index)
        if code in _BREAKS:
            if row:
                yield row
            row, after_hyphen = [], False
            continue
        glyph = read_glyph(index, "-" if code == _HYPHEN else chr(code))
        if row and not same_row(row[-1], glyph) and (after_hyphen or _begins_line(row[-1], glyph)):
            yield row
            row = []
        row.append(glyph)
        after_hyphen = code == _HYPHEN
    if row:
        yield row


class _GlyphReader:
    """Reads the place and font of characters; fonts are looked up once a text object."""

    def __init__(self, textpage: Any, frame: Frame) -> None:
        self._textpage, self._frame = textpage, frame
        self._page, self._rotation = frame.page, frame.whole
        self._fonts: dict[int | None, Font] = {}
        self._clips: dict[tuple[float, ...], Box] = {}
        self._rect = pdfium_c.FS_RECTF()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._handle = _handle(textpage)
        self._at = ctypes.byref(self._rect), ctypes.byref(self._x), ctypes.byref(self._y)

    def __call__(self, index: int, char: str) -> Glyph:
        rect, x, y = self._rect, self._x, self._y
        rect_at, x_at, y_at = self._at
        _BOX(self._handle, index, rect_at)
        _ORIGIN(self._handle, index, x_at, y_at)
        key = _OBJECT(self._handle, index)
        font = self._fonts.get(key)
        if font is None:
            font = self._fonts[key] = self._font(index, pdfium_c.FPDFText_GetTextObject(self._textpage, index))
        if not self._rotation:
            return Glyph(char, rect.left, rect.right, y.value, font)
        left, _, right, _ = turned((rect.left, rect.bottom, rect.right, rect.top), self._page, self._rotation)
        base = turned((x.value, y.value, x.value, y.value), self._page, self._rotation)[1]
        return Glyph(char, left, right, base, font)

    def _font(self, index: int, text_object: Any) -> Font:
        buffer, flags, matrix = ctypes.create_string_buffer(128), ctypes.c_int(), pdfium_c.FS_MATRIX()
        pdfium_c.FPDFText_GetFontInfo(self._textpage, index, buffer, 128, flags)
        pdfium_c.FPDFText_GetMatrix(self._textpage, index, matrix)
        size = bounded(pdfium_c.FPDFText_GetFontSize(self._textpage, index) * math.hypot(matrix.c, matrix.d))
        full_name = re.sub(r"^[A-Z]{6}\+", "", buffer.value.decode("latin-1"))  # without the subset's mark
        name = full_name.lower()
        heavy = pdfium_c.FPDFText_GetFontWeight(self._textpage, index) >= 600
        bold = heavy or bool(re.search("bold|black|heavy|cmbx", name))
        italic = bool(flags.value & _ITALIC_FLAG or re.search("italic|oblique|cmti|slanted", name))
        clip = _clip_box(text_object, self._page, self._clips) if text_object else self._page
        angle = 90 * round(math.degrees(math.atan2(matrix.b, matrix.a)) / 90)
        turn = 0 if self._frame.vertical else (angle - self._rotation) % 360
        return Font(full_name, round(size, 1), bold, italic, turn, turned(clip, self._page, self._rotation))


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


def _clip_box(text_object: Any, page: Box, known: dict[tuple[float, ...], Box]) -> Box:
    """The part of the page that all clip paths of a text object leave open.

    Objects of a drawing often share one clip of many points: paths alike in number and at three points are one.
    """
    box, path = page, pdfium_c.FPDFPageObj_GetClipPath(text_object)
    for i in range(max(pdfium_c.FPDFClipPath_CountPaths(path), 0) if path else 0):
        count = max(pdfium_c.FPDFClipPath_CountPathSegments(path, i), 0)
        if not count:
            continue
        ends = [point for j in (0, count // 2, count - 1) for point in _points(path, i, range(j, j + 1))]
        key = (count, *(side for point in ends for side in point))
        if key not in known:
            xs, ys = zip(*_points(path, i, range(count))) if ends else ((page[0], page[2]), (page[1], page[3]))
            known[key] = min(xs), min(ys), max(xs), max(ys)
        left, bottom, right, top = known[key]
        box = max(box[0], left), max(box[1], bottom), min(box[2], right), min(box[3], top)
    return box


def _points(path: Any, index: int, segments: range) -> Iterator[tuple[float, float]]:
    x, y = ctypes.c_float(), ctypes.c_float()
    for j in segments:
        if pdfium_c.FPDFPathSegment_GetPoint(pdfium_c.FPDFClipPath_GetPathSegment(path, index, j), x, y):
            yield x.value, y.value


def same_row(a: Glyph, b: Glyph) -> bool:
    """Whether two glyphs stand on about one base line, superscripts included."""
    return abs(a.base - b.base) < 0.6 * max(a.font.size, b.font.size)


def bounded(value: float) -> float:
    """A measure in points, or 0.0 where a hostile file makes it infinite, negative or no number."""
    return value if 0 <= value < FARTHEST else 0.0
