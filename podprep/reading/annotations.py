"""What lies on a page but not in its content: the values of form fields, free-text notes, stamps.

PDFium draws them into a copy of the document (it "flattens" the page), and what that adds is read annotation by
annotation. Each becomes lines of its own, marked with where they come from, and stands after the line that it
belongs to: its label on the left, or what is above. Pages without such annotations cost a look at their list.
"""

from __future__ import annotations

import ctypes
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any

import pypdfium2.raw as pdfium_c

from ..document import Box, Line, Page
from .engines import clean_characters
from .glyphs import bounded, turned

FIELD, NOTE = "form field", "note"
_ORIGINS = {pdfium_c.FPDF_ANNOT_WIDGET: FIELD, pdfium_c.FPDF_ANNOT_FREETEXT: NOTE, pdfium_c.FPDF_ANNOT_STAMP: NOTE}
_WITH_VALUE = (pdfium_c.FPDF_FORMFIELD_TEXTFIELD, pdfium_c.FPDF_FORMFIELD_COMBOBOX)
_TO_TICK = (pdfium_c.FPDF_FORMFIELD_CHECKBOX, pdfium_c.FPDF_FORMFIELD_RADIOBUTTON)
_TICK = "✔"  # as PDFium reads the usual appearance; others are drawn, not written
_PASSWORD = 1 << 13  # flag of a field whose value is not to be seen
_NOT_SEEN = pdfium_c.FPDF_ANNOT_FLAG_HIDDEN | pdfium_c.FPDF_ANNOT_FLAG_NOVIEW
_LEAST = 2.0  # points a side; signatures that are not to be seen are smaller
_LONGEST = 1 << 16  # bytes of a value that has no appearance
_BREAKS, _HYPHEN = (10, 13), 2


@dataclass
class _Annotation:
    """One annotation: where it stands, what it is, the value that it has in the file, the lines that it shows."""

    box: Box
    origin: str
    value: str
    lines: list[Line] = field(default_factory=list)


def is_annotated(page: Any) -> bool:
    """Whether a page has annotations that may show text."""
    return any(kind in _ORIGINS for kind in _kinds(page))


def with_annotations(page: Page, open_copy: Callable[[], Any]) -> Page:
    """A page with the lines that its annotations show, in place.

    Args:
        page: the page as its content gives it.
        open_copy: gives a copy of the document, ready for forms, which is changed.
    """
    found = sorted(_read(open_copy(), page.number), key=lambda a: (-round(a.box[3] / 4), a.box[0]))
    after: dict[int, list[Line]] = defaultdict(list)
    for annotation in found:
        after[_place(page.lines, annotation.box)] += annotation.lines
    lines = [line for at in range(len(page.lines) + 1) for line in (*after[at], *page.lines[at:at + 1])]
    return replace(page, lines=tuple(lines))


def _read(pdf: Any, number: int) -> list[_Annotation]:
    """The annotations of a page, with their lines."""
    with closing(pdf[number - 1]) as page:
        own = pdfium_c.FPDFPage_CountObjects(page)
        box, rotation = page.get_bbox(), page.get_rotation()
        found = _take(page, pdf.formenv, lambda area: turned(area, box, rotation))
        drawn = pdfium_c.FPDFPage_Flatten(page, pdfium_c.FLAT_NORMALDISPLAY) == pdfium_c.FLATTEN_SUCCESS
    if drawn:
        with closing(pdf[number - 1]) as page:
            for _ in range(own):
                content = pdfium_c.FPDFPage_GetObject(page, 0)
                pdfium_c.FPDFPage_RemoveObject(page, content)
                pdfium_c.FPDFPageObj_Destroy(content)
            _deal_out(page, found, number, lambda area: turned(area, box, rotation))
    for annotation in found:
        if not annotation.lines and annotation.value:
            annotation.lines = list(_lines_of_value(annotation, number))
    return found


def _take(page: Any, forms: Any, turn: Callable[[Box], Box]) -> list[_Annotation]:
    """The annotations that may show text; all others are taken off the page."""
    found = []
    for index, kind in reversed(list(enumerate(_kinds(page)))):
        if kind not in _ORIGINS:
            pdfium_c.FPDFPage_RemoveAnnot(page, index)
            continue
        annotation, rect = pdfium_c.FPDFPage_GetAnnot(page, index), pdfium_c.FS_RECTF()
        try:
            pdfium_c.FPDFAnnot_GetRect(annotation, rect)
            area = turn((rect.left, rect.bottom, rect.right, rect.top))
            seen = not pdfium_c.FPDFAnnot_GetFlags(annotation) & _NOT_SEEN
            if seen and min(bounded(area[2] - area[0]), bounded(area[3] - area[1])) >= _LEAST:
                found.append(_Annotation(area, _ORIGINS[kind], _value(annotation, forms, kind)))
        finally:
            pdfium_c.FPDFPage_CloseAnnot(annotation)
    return found[::-1]


def _kinds(page: Any) -> Iterator[int]:
    for index in range(max(pdfium_c.FPDFPage_GetAnnotCount(page), 0)):
        annotation = pdfium_c.FPDFPage_GetAnnot(page, index)
        yield pdfium_c.FPDFAnnot_GetSubtype(annotation) if annotation else pdfium_c.FPDF_ANNOT_UNKNOWN
        pdfium_c.FPDFPage_CloseAnnot(annotation)


def _value(annotation: Any, forms: Any, kind: int) -> str:
    """What a note says or a field is filled with, by the file's own word; "" for what is not to be seen."""
    if kind == pdfium_c.FPDF_ANNOT_FREETEXT:
        return _string(lambda *into: pdfium_c.FPDFAnnot_GetStringValue(annotation, b"Contents", *into))
    if kind != pdfium_c.FPDF_ANNOT_WIDGET or not forms:
        return ""
    sort = pdfium_c.FPDFAnnot_GetFormFieldType(forms, annotation)
    if sort in _TO_TICK:
        return _TICK if pdfium_c.FPDFAnnot_IsChecked(forms, annotation) else ""
    if sort not in _WITH_VALUE or pdfium_c.FPDFAnnot_GetFormFieldFlags(forms, annotation) & _PASSWORD:
        return ""
    return _string(lambda *into: pdfium_c.FPDFAnnot_GetFormFieldValue(forms, annotation, *into))


def _string(get: Callable[[Any, int], int]) -> str:
    size = min(get(None, 0), _LONGEST)
    buffer = ctypes.create_string_buffer(max(size, 2))
    get(ctypes.cast(buffer, ctypes.POINTER(pdfium_c.FPDF_WCHAR)), size)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\0")


def _lines_of_value(annotation: _Annotation, number: int) -> Iterator[Line]:
    """The lines of a value that has no appearance: viewers draw it, and where the lines break is theirs to say."""
    left, bottom, right, top = annotation.box
    rows = [text for row in annotation.value.splitlines() if (text := clean_characters(row).strip())]
    for index, text in enumerate(rows):
        step = (top - bottom) / len(rows)
        box = (left, top - (index + 1) * step, right, top - index * step)
        yield Line(text, number, box, round(min(0.8 * step, 12.0), 1), origin=annotation.origin)


def _deal_out(page: Any, found: Sequence[_Annotation], number: int, turn: Callable[[Box], Box]) -> None:
    """Give each annotation the lines that stand in its box, on a page on which nothing else is left."""
    textpage = page.get_textpage()
    rows: dict[int, list[_Row]] = {}
    try:
        last, broken = None, True
        for char in _characters(textpage, turn):
            if char is None:
                broken = True
                continue
            owner = _owner(found, char.box) if not char.text.isspace() else last
            if owner is None:
                continue
            mine = rows.setdefault(owner, [])
            if broken or owner != last or not mine or not mine[-1].goes_on(char):
                mine.append(_Row())
            mine[-1].characters.append(char)
            last, broken = owner, False
    finally:
        textpage.close()
    for owner, mine in rows.items():
        found[owner].lines = [line for row in mine if (line := row.line(number, found[owner].origin)).text]


@dataclass(frozen=True)
class _Character:
    """A character, its box as the page is seen, and its font size."""

    text: str
    box: Box
    size: float


@dataclass
class _Row:
    """Characters beside one another in one annotation."""

    characters: list[_Character] = field(default_factory=list)

    def goes_on(self, char: _Character) -> bool:
        """Whether a character stands on the row's line."""
        before = self.characters[-1]
        return char.text.isspace() or abs(char.box[1] - before.box[1]) < 0.6 * max(char.size, before.size)

    def line(self, number: int, origin: str) -> Line:
        """The row as a line."""
        text = " ".join(clean_characters("".join(char.text for char in self.characters)).split())
        boxes = [char.box for char in self.characters if not char.text.isspace()]
        if not boxes:
            return Line("", number)
        lefts, bottoms, rights, tops = zip(*boxes)
        box = (min(lefts), min(bottoms), max(rights), max(tops))
        return Line(text, number, box, max(char.size for char in self.characters), origin=origin)


def _characters(textpage: Any, turn: Callable[[Box], Box]) -> Iterator[_Character | None]:
    """The characters of a page; None where PDFium breaks a line."""
    rect = pdfium_c.FS_RECTF()
    for index in range(textpage.count_chars()):
        code = pdfium_c.FPDFText_GetUnicode(textpage, index)
        if code in _BREAKS:
            yield None
            continue
        pdfium_c.FPDFText_GetLooseCharBox(textpage, index, rect)
        size = round(bounded(pdfium_c.FPDFText_GetFontSize(textpage, index)), 1)
        box = turn((rect.left, rect.bottom, rect.right, rect.top))
        yield _Character("-" if code == _HYPHEN else chr(code), box, size)


def _owner(found: Sequence[_Annotation], box: Box) -> int | None:
    """The annotation in whose box the middle of a character is."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    inside = (i for i, a in enumerate(found) if a.box[0] <= x <= a.box[2] and a.box[1] <= y <= a.box[3])
    return next(inside, None)


def _place(lines: Sequence[Line], box: Box) -> int:
    """Where among the lines of a page something belongs: after its label, before what it ticks, below what is above."""
    left, bottom, right, top = box
    boxes = [(i, line.box) for i, line in enumerate(lines) if line.box and not line.aside]
    beside = [(i, b) for i, b in boxes if min(top, b[3]) - max(bottom, b[1]) > 0.5 * min(top - bottom, b[3] - b[1])]
    labels = [(b[2], i) for i, b in beside if b[0] < left]
    if labels:
        return max(labels)[1] + 1
    if beside:
        return min((b[0], i) for i, b in beside)[1]
    above = [(min(right, b[2]) > max(left, b[0]), -b[1], i) for i, b in boxes if b[1] >= (bottom + top) / 2]
    return max(above)[2] + 1 if above else 0
