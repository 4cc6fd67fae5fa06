"""What a page draws, in order: which of its texts have something opaque over them that comes later.

By the page's objects alone, which tell boxes and no shapes: it is a suspicion. Whether a letter is covered is seen in
`covered`. The rules that a page draws are gathered as well; what they enclose is told in `ruled`.
"""

from __future__ import annotations

import ctypes
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as pdfium_c

from ..document import Box
from .glyphs import FARTHEST
from .ruled import THIN

CELL = 4.0  # points, of the grid on which texts and shapes are looked for first
_BAND, MOST_BANDS = 32.0, 200  # points, of the strips in which shapes are looked for; strips of one shape
_THINNEST = THIN  # rules and hairlines cover no letter
_WIDE_STROKE = 4.0  # points, from which a line is a bar
_MOST_OBJECTS = 200_000  # of a page; what has more is a map
_DEEPEST = 6  # forms within forms
_OPAQUE = 250  # of 255
_MOST_SEGMENTS = 2000  # of a path in which rules are looked for
_WHOLE_PAGE = 0.6  # share of a page, from which a picture is a scan and no cover
_INVISIBLE = (pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP)
_COVERING = (pdfium_c.FPDF_ANNOT_SQUARE, pdfium_c.FPDF_ANNOT_CIRCLE, pdfium_c.FPDF_ANNOT_POLYGON,
             pdfium_c.FPDF_ANNOT_INK, pdfium_c.FPDF_ANNOT_STAMP, pdfium_c.FPDF_ANNOT_FREETEXT,
             pdfium_c.FPDF_ANNOT_REDACT)
_Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True)
class Drawn:
    """A text, or something that may cover texts: when it is drawn, where, and PDFium's object."""

    at: int
    box: Box
    handle: Any = None
    picture: bool = False

    @property
    def address(self) -> int | None:
        """What tells PDFium's objects apart."""
        return address_of(self.handle)


@dataclass
class Scene:
    """The texts of a page in the order of drawing, what is drawn over any of them, as far as a coarse grid tells, and
    the rules.

    A row of the grid is a number with a bit for each cell in which there is text.
    """

    page: Box
    texts: list[Drawn] = field(default_factory=list)
    covers: list[Drawn] = field(default_factory=list)
    rows: dict[int, int] = field(default_factory=dict)
    rules: list[Box] = field(default_factory=list)
    count: int = 0

    def add(self, handle: Any, box: Box, kind: int) -> None:
        """Take up one object."""
        self.count += 1
        left, bottom, right, top = box
        if kind == pdfium_c.FPDF_PAGEOBJ_TEXT:
            if pdfium_c.FPDFTextObj_GetTextRenderMode(handle) not in _INVISIBLE:
                self.texts.append(Drawn(self.count, box, handle))
                mask = self._mask(left, right)
                for row in self._rows(bottom, top):
                    self.rows[row] = self.rows.get(row, 0) | mask
            return
        if kind == pdfium_c.FPDF_PAGEOBJ_PATH:
            self.rules += _rules(handle, box)
        if min(right - left, top - bottom) >= _THINNEST and self._is_over_text(box):
            picture = kind == pdfium_c.FPDF_PAGEOBJ_IMAGE
            if self._is_scan(box) if picture else not _is_opaque(handle, kind):
                return
            self.covers.append(Drawn(self.count, box, handle, picture))

    def add_annotation(self, box: Box) -> None:
        """Take up an annotation, which is drawn after all else."""
        self.count += 1
        if self._is_over_text(box):
            self.covers.append(Drawn(self.count, box))

    def texts_under(self) -> dict[int | None, tuple[Any, list[Drawn]]]:
        """The texts with something over them: by PDFium's address the text object, and what that is."""
        if not self.covers:
            return {}
        bands: dict[int, list[Drawn]] = defaultdict(list)
        for cover in self.covers:
            for band in _bands(cover.box):
                bands[band].append(cover)
        under = ((text, {c.at: c for band in _bands(text.box) for c in _over(text, bands.get(band, ()))})
                 for text in self.texts)
        return {text.address: (text.handle, list(over.values())) for text, over in under if over}

    def _is_over_text(self, box: Box) -> bool:
        mask = self._mask(box[0] + 1, box[2] - 1)
        return any(self.rows.get(row, 0) & mask for row in self._rows(box[1] + 1, box[3] - 1))

    def _is_scan(self, box: Box) -> bool:
        west, south, east, north = self.page
        return (box[2] - box[0]) * (box[3] - box[1]) > _WHOLE_PAGE * (east - west) * (north - south)

    def _mask(self, left: float, right: float) -> int:
        west, _, east, _ = self.page
        first, last = (int((min(max(x, west), east) - west) / CELL) for x in (left, right))
        return (2 << max(last, first)) - (1 << first)

    def _rows(self, bottom: float, top: float) -> range:
        _, south, _, north = self.page
        first, last = (int((min(max(y, south), north) - south) / CELL) for y in (bottom, top))
        return range(first, last + 1)


def look(page: Any) -> Scene:
    """What a page draws, in order."""
    scene = Scene(page.get_bbox())
    for handle, box, kind in _objects(page, pdfium_c.FPDFPage_CountObjects, pdfium_c.FPDFPage_GetObject):
        scene.add(handle, box, kind)
        if scene.count > _MOST_OBJECTS:
            return Scene(scene.page)
    for index in range(max(pdfium_c.FPDFPage_GetAnnotCount(page), 0) if scene.texts else 0):
        annotation, rect = pdfium_c.FPDFPage_GetAnnot(page, index), pdfium_c.FS_RECTF()
        if pdfium_c.FPDFAnnot_GetSubtype(annotation) in _COVERING and pdfium_c.FPDFAnnot_GetRect(annotation, rect):
            scene.add_annotation((rect.left, rect.bottom, rect.right, rect.top))
        pdfium_c.FPDFPage_CloseAnnot(annotation)
    return scene


def _objects(
    holder: Any, count: Any, get: Any, matrices: Sequence[_Matrix] = ()
) -> Iterator[tuple[Any, Box, int]]:
    """Yield what a page or form draws: PDFium's object, its box on the page, its kind."""
    sides = [ctypes.c_float() for _ in range(4)]
    for index in range(max(count(holder), 0)):
        handle = get(holder, index)
        kind = pdfium_c.FPDFPageObj_GetType(handle)
        if kind == pdfium_c.FPDF_PAGEOBJ_FORM:
            matrix = pdfium_c.FS_MATRIX()
            if len(matrices) < _DEEPEST and pdfium_c.FPDFPageObj_GetMatrix(handle, matrix):
                own = (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)
                yield from _objects(handle, pdfium_c.FPDFFormObj_CountObjects, pdfium_c.FPDFFormObj_GetObject,
                                    (own, *matrices))
        elif pdfium_c.FPDFPageObj_GetBounds(handle, *sides):
            left, bottom, right, top = (side.value for side in sides)
            box = (left, bottom, right, top)
            for matrix in matrices:
                box = _moved(box, matrix)
            if all(abs(side) < FARTHEST for side in box):
                yield handle, box, kind


def _moved(box: Box, matrix: _Matrix) -> Box:
    a, b, c, d, e, f = matrix
    corners = [(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
    xs, ys = [a * x + c * y + e for x, y in corners], [b * x + d * y + f for x, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _rules(handle: Any, box: Box) -> Iterator[Box]:
    """Yield the rules that one path draws: itself where it is thin, its thin parts, the sides of its boxes."""
    if min(box[2] - box[0], box[3] - box[1]) < THIN:
        yield box
        return
    fill, stroke, matrix = ctypes.c_int(), ctypes.c_int(), pdfium_c.FS_MATRIX()
    count = pdfium_c.FPDFPath_CountSegments(handle)
    straight = pdfium_c.FPDFPageObj_GetMatrix(handle, matrix) and not (matrix.b or matrix.c) and matrix.a and matrix.d
    if not straight or not 1 < count <= _MOST_SEGMENTS or not pdfium_c.FPDFPath_GetDrawMode(handle, fill, stroke):
        return
    parts = _parts(handle, count)
    if not parts:
        return
    xs, ys = ([point[i] for part in parts for point in part] for i in (0, 1))
    across, up = ((high - low) / ((max(of) - min(of)) or 1) * (-1 if factor < 0 else 1)
                  for low, high, of, factor in ((box[0], box[2], xs, matrix.a), (box[1], box[3], ys, matrix.d)))
    left = box[0] - across * (min(xs) if across > 0 else max(xs))
    bottom = box[1] - up * (min(ys) if up > 0 else max(ys))
    for part in parts:
        placed = [(left + across * x, bottom + up * y) for x, y in part]
        ends = placed[1:] + placed[:1]
        pairs = list(zip(placed, ends)) if stroke.value else [(min(placed), max(placed))] * (len(set(placed)) == 4)
        for (x, y), (u, v) in pairs:
            if min(abs(u - x), abs(v - y)) < THIN:
                yield min(x, u), min(y, v), max(x, u), max(y, v)


def _parts(handle: Any, count: int) -> list[list[tuple[float, float]]]:
    """The corners of each part of a path that is drawn of straight lines, in the path's own measure."""
    parts: list[list[tuple[float, float]]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    curved = False
    for index in range(count):
        segment = pdfium_c.FPDFPath_GetPathSegment(handle, index)
        kind = pdfium_c.FPDFPathSegment_GetType(segment)
        curved |= kind == pdfium_c.FPDF_SEGMENT_BEZIERTO
        pdfium_c.FPDFPathSegment_GetPoint(segment, x, y)
        if kind == pdfium_c.FPDF_SEGMENT_MOVETO or not parts:
            parts.append([])
        parts[-1].append((x.value, y.value))
    return [] if curved else parts


def _is_opaque(handle: Any, kind: int) -> bool:
    """Whether a shape is filled, or drawn as a bar, in a colour that nothing shows through."""
    if kind != pdfium_c.FPDF_PAGEOBJ_PATH:
        return True
    fill, stroke, width = ctypes.c_int(), ctypes.c_int(), ctypes.c_float()
    colour = [ctypes.c_uint() for _ in range(4)]
    if not pdfium_c.FPDFPath_GetDrawMode(handle, fill, stroke):
        return False
    if fill.value and (not pdfium_c.FPDFPageObj_GetFillColor(handle, *colour) or colour[3].value >= _OPAQUE):
        return True
    wide = stroke.value and pdfium_c.FPDFPageObj_GetStrokeWidth(handle, width) and width.value >= _WIDE_STROKE
    return bool(wide and pdfium_c.FPDFPageObj_GetStrokeColor(handle, *colour) and colour[3].value >= _OPAQUE)


def _bands(box: Box) -> range:
    """Which strips of a page a box touches."""
    return range(int(box[1] / _BAND), min(int(box[3] / _BAND), int(box[1] / _BAND) + MOST_BANDS) + 1)


def _over(text: Drawn, covers: Sequence[Drawn]) -> list[Drawn]:
    """What is drawn over a text later, more than at its edge."""
    left, bottom, right, top = text.box
    least = 0.3 * (top - bottom)
    return [
        cover for cover in covers if cover.at > text.at and min(right, cover.box[2]) - max(left, cover.box[0]) > 1
        and min(top, cover.box[3]) - max(bottom, cover.box[1]) > least
    ]


def address_of(handle: Any) -> int | None:
    """What tells PDFium's objects apart."""
    return ctypes.cast(handle, ctypes.c_void_p).value
