"""Words under something opaque that is drawn later, as under a black box: in the file, and not to be seen.

`drawn` tells which texts have something over them; few pages have any. Those pages are drawn twice, with these texts
and without: where no pixel differs and nothing else is to be read, the characters are covered. The page's own picture
decides, so that clips, see-through colours, blending and masks need no rules. Invisible text is the layer that OCR
puts behind or upon a scan: it is kept.
"""

from __future__ import annotations

import ctypes
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pypdfium2.raw as pdfium_c
from pypdfium2 import PdfiumError

from ..document import Box
from .drawn import CELL, MOST_BANDS, Drawn, Scene, address_of
from .glyphs import Frame, Glyph, turned

_MOST_PIXELS = 3000  # a side, of a page drawn to look at
_UNSEEN, _FLAT = 24, 48  # grey levels of 255: a difference nobody sees; of a place where nothing is written
_BLANK = 0.9  # share of a word's letters over nothing, from which a picture covers it
Place = tuple[float, float]


def covered_places(page: Any, textpage: Any, frame: Frame, scene: Scene) -> frozenset[Place]:
    """Where the covered characters of a page stand: the left edge and base line of each, as its rows are turned."""
    under = scene.texts_under()
    if not under:
        return frozenset()
    handles, covers = [text for text, _ in under.values()], {address: over for address, (_, over) in under.items()}
    try:
        return frozenset(_Pictures(page, handles, frame).covered(textpage, covers))
    except (PdfiumError, ValueError):  # a page that cannot be drawn covers nothing
        return frozenset()


def set_covered_apart(row: Sequence[Glyph], places: frozenset[Place]) -> list[tuple[list[Glyph], bool]]:
    """A row in two: what is to be seen of it, and what is covered; a space goes with what is before it."""
    if not places:
        return [(list(row), False)]
    parts: tuple[list[Glyph], list[Glyph]] = ([], [])
    covered = False
    for glyph in row:
        if not glyph.char.isspace():
            covered = _place(glyph.left, glyph.base) in places
        parts[covered].append(glyph)
    return [(part, bool(at)) for at, part in enumerate(parts) if any(not glyph.char.isspace() for glyph in part)]


def _place(left: float, base: float) -> Place:
    return round(left, 2), round(base, 2)


@dataclass(frozen=True)
class _Character:
    """A character of the text layer: its text object, its ink's box in the page's own points, what lies over it."""

    place: Place
    box: Box
    text: int | None
    over: tuple[Drawn, ...]
    is_space: bool

    @property
    def middle(self) -> Place:
        """The middle of its box."""
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2


class _Pictures:
    """A page as it is seen, and what would change if some texts were not there."""

    def __init__(self, page: Any, texts: Sequence[Any], frame: Frame) -> None:
        from PIL import ImageChops

        self._box, self._rotation, self._whole = frame.page, frame.rotation, frame.whole
        width, height = page.get_size()
        self._scale = min(2.0, _MOST_PIXELS / max(width, height, 1.0))
        self._seen = self._draw(page)
        modes = [pdfium_c.FPDFTextObj_GetTextRenderMode(text) for text in texts]
        for text in texts:
            pdfium_c.FPDFTextObj_SetTextRenderMode(text, pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE)
        difference = ImageChops.difference(self._seen, self._draw(page))
        for text, mode in zip(texts, modes):
            pdfium_c.FPDFTextObj_SetTextRenderMode(text, mode)
        self._difference = difference.point([0] * _UNSEEN + [255] * (256 - _UNSEEN))

    def covered(self, textpage: Any, hidden: dict[int | None, list[Drawn]]) -> Iterator[Place]:
        """Yield the places of the characters that are not seen, of texts with something over them."""
        characters = list(self._characters(textpage, hidden))
        others: dict[int, list[Place]] = defaultdict(list)
        for c in characters:
            if c.text not in hidden and not c.is_space:
                others[int(c.middle[1] / CELL)].append(c.middle)
        for is_space, run in groupby(characters, key=lambda c: c.is_space):
            word = list(run)
            if not is_space and any(c.over for c in word):
                unseen = [bool(c.over) and self._is_unseen(c, others) for c in word]
                yield from (c.place for c, under in zip(word, _agreed(word, unseen)) if under)

    def _characters(self, textpage: Any, hidden: dict[int | None, list[Drawn]]) -> Iterator[_Character]:
        sides, rect = [ctypes.c_double() for _ in range(4)], pdfium_c.FS_RECTF()
        x, y = ctypes.c_double(), ctypes.c_double()
        for index in range(textpage.count_chars()):
            pdfium_c.FPDFText_GetCharBox(textpage, index, *sides)
            left, right, bottom, top = (side.value for side in sides)
            text = address_of(pdfium_c.FPDFText_GetTextObject(textpage, index))
            over = tuple(c for c in hidden.get(text, ()) if _holds(c.box, (left + right) / 2, (bottom + top) / 2))
            pdfium_c.FPDFText_GetLooseCharBox(textpage, index, rect)
            pdfium_c.FPDFText_GetCharOrigin(textpage, index, x, y)
            edge = turned((rect.left, rect.bottom, rect.right, rect.top), self._box, self._whole)[0]
            base = turned((x.value, y.value, x.value, y.value), self._box, self._whole)[1]
            code = pdfium_c.FPDFText_GetUnicode(textpage, index)
            yield _Character(_place(edge, base), (left, bottom, right, top), text, over, chr(code).isspace())

    def _is_unseen(self, char: _Character, others: Mapping[int, Sequence[Place]]) -> bool:
        """Whether a character changes nothing of the picture, and its place is empty or another's."""
        area = self._pixels(char.box)
        if self._difference.crop(area).getbbox() is not None:
            return False
        low, high = self._seen.crop(area).getextrema()
        if high - low <= _FLAT:
            return True
        left, bottom, right, top = char.box
        strips = range(int(bottom / CELL), min(int(top / CELL), int(bottom / CELL) + MOST_BANDS) + 1)
        reach = (left - (top - bottom), bottom, right + (top - bottom), top)
        written = any(_holds(reach, *middle) for strip in strips for middle in others.get(strip, ()))
        return written and not any(cover.picture for cover in char.over)

    def _pixels(self, box: Box) -> tuple[int, int, int, int]:
        """A box in pixels from the picture's upper left corner, without what neighbours reach; of a thin letter all."""
        left, bottom, right, top = turned(box, self._box, self._rotation)
        west, south = (0.0, 0.0) if self._rotation else self._box[:2]
        margin = 0.15 * (right - left) if (right - left) * self._scale > 4 else -1 / self._scale
        height = self._seen.height
        x0, x1 = ((x - west) * self._scale for x in (left + margin, right - margin))
        y0, y1 = (height - (y - south) * self._scale for y in (top, bottom))
        return int(x0), int(y0), int(x1) + 1, int(y1) + 1

    def _draw(self, page: Any) -> Any:
        return page.render(scale=self._scale, grayscale=True, may_draw_forms=False).to_pil().convert("L")


def _agreed(word: Sequence[_Character], unseen: Sequence[bool]) -> list[bool]:
    """Which letters of a word are covered: all if most are, else those beside others; a picture covers whole words."""
    share = sum(unseen) / len(word)
    if any(cover.picture for c, under in zip(word, unseen) if under for cover in c.over):
        return [share >= _BLANK] * len(word)
    if share > 0.5:
        return [True] * len(word)
    beside = zip([False, *unseen], unseen, [*unseen[1:], False])
    return [under and (before or after) for before, under, after in beside]


def _holds(box: Box, x: float, y: float) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]
