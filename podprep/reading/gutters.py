"""The white strips between columns of text, and rows cut where they run over one.

PDFium joins what stands at one height. Where a text layer sits loosely (recognised scans), or was drawn row by
row, its rows run through several columns. A gutter is white through many rows, with text of some width on both
sides: the gaps between a table's narrow cells, after bullets and before page numbers are none.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from statistics import median
from typing import NamedTuple

from .glyphs import Glyph, Row
from .words import gap_between, space_between

_WIDE = 0.9  # of the font size: a gap that may be part of a gutter
_NARROWEST = 0.5  # of the font size: what of it is white in all rows
_FEWEST = 4  # rows on either side
_TEXT = 8.0  # font sizes: the middle width of the text on either side, at least
_LABEL = 3.0  # font sizes: the middle width of what reaches the gutter from the left, at least
_REACH = 5.0  # font sizes without any text, beyond which a gutter does not go on
_MOST = 400  # pieces above and below that are looked at
_MOST_STRIPS = 300  # of a page; what has more is a table or a map


class Strip(NamedTuple):
    """A white strip between two columns, in points."""

    left: float
    bottom: float
    right: float
    top: float

    def parts(self, left: float, right: float, base: float) -> bool:
        """Whether the strip lies between two edges at this height."""
        return self.bottom <= base <= self.top and left - 1 <= self.left and self.right <= right + 1


class _Piece(NamedTuple):
    """What stands between two wide gaps of a row: its extent, base line and font size."""

    base: float
    left: float
    right: float
    size: float


def cut_at_gutters(rows: Sequence[Row]) -> tuple[list[list[Row]], list[Strip]]:
    """Each row of a page in parts, none of which runs over a gutter, and the page's gutters.

    Where rows had to be cut, what is left of others at one height is joined: a part goes on in the row before it.
    """
    pieces = [(row, list(_pieces(row))) for row in rows]
    gutters = _gutters([_extent(piece) for _, parts in pieces for piece in parts])
    cut = [list(_columns(row, parts, gutters)) for row, parts in pieces]
    if any(len(parts) > 1 for parts in cut):
        _join_rows(cut)
    return cut, gutters


def _join_rows(cut: list[list[Row]]) -> None:
    """Join parts that stand side by side in one row, a word space apart."""
    ends: dict[int, list[Row]] = {}
    for parts in cut:
        for part in parts[:]:
            first = part[0]
            size = first.font.size
            near = (row for h in (-1, 0, 1) for row in ends.get(round(first.base / max(size, 1.0)) + h, ()))
            before = next((row for row in near if abs(row[-1].base - first.base) < 0.2 * size
                           and -0.3 * size < first.left - row[-1].right < 0.7 * size), None)
            if before is not None and not any(right_to_left(g.char) for g in part):
                before += [space_between(before[-1], first), *part]
                parts.remove(part)
            else:
                ends.setdefault(round(first.base / max(size, 1.0)), []).append(part)


def _pieces(row: Row) -> Iterator[Row]:
    """Yield what stands between gaps that may be part of a gutter, and where the text goes back."""
    piece: Row = []
    last: Glyph | None = None
    for glyph in row:
        if glyph.char == " ":
            if piece:
                piece.append(glyph)
            continue
        if last and gap_between(last, glyph) > _WIDE * max(last.font.size, glyph.font.size) and glyph.font.upright:
            yield _stripped(piece)
            piece = []
        piece.append(glyph)
        last = glyph
    if piece:
        yield _stripped(piece)


def _stripped(piece: Row) -> Row:
    return piece[:-1] if piece[-1].char == " " else piece


def _extent(piece: Row) -> _Piece:
    first = piece[0]
    return _Piece(first.base, min(g.left for g in piece), max(g.right for g in piece), first.font.size)


def _columns(row: Row, pieces: list[Row], gutters: Sequence[Strip]) -> Iterator[Row]:
    """Yield the parts of a row that gutters part, from left to right; the whole row where none does."""
    if len(pieces) < 2:
        yield row
        return
    extents = [_extent(piece) for piece in pieces]
    left, right = min(e.left for e in extents), max(e.right for e in extents)
    middles = sorted((g.left + g.right) / 2 for g in gutters if g.bottom <= extents[0].base <= g.top
                     and not any(e.left < (g.left + g.right) / 2 < e.right for e in extents))
    middles = [middle for middle in middles if left < middle < right]
    if not middles:
        order = _order(pieces, extents)
        yield row if order == [*range(len(pieces))] else _joined(pieces, order)
        return
    columns: list[list[int]] = [[] for _ in range(len(middles) + 1)]
    for i, extent in enumerate(extents):
        columns[bisect_left(middles, extent.left)].append(i)
    for column in columns:
        if column:
            mine, places = [pieces[i] for i in column], [extents[i] for i in column]
            yield _joined(mine, _order(mine, places))


def _order(pieces: Sequence[Row], extents: Sequence[_Piece]) -> list[int]:
    """The pieces of a row from left to right; scripts that run from right to left stay as they are told."""
    told = list(range(len(pieces)))
    if any(right_to_left(g.char) for piece in pieces for g in piece):
        return told
    return sorted(told, key=lambda i: extents[i].left)


def _joined(pieces: Sequence[Row], order: Sequence[int]) -> Row:
    found = list(pieces[order[0]])
    for i in order[1:]:
        found += [space_between(found[-1], pieces[i][0]), *pieces[i]]
    return found


def right_to_left(char: str) -> bool:
    """Whether a character is Hebrew, Arabic or of another script of their blocks."""
    return "\u0590" <= char <= "\u08ff" or "\ufb1d" <= char <= "\ufefc"


def _gutters(pieces: Sequence[_Piece]) -> list[Strip]:
    """All gutters of a page: gaps between pieces of one height, followed up and down as far as they are white."""
    ordered = sorted((p for p in pieces if p.size > 0), key=lambda p: -p.base)
    seen: list[tuple[Strip, bool]] = []
    for i, piece in enumerate(ordered):
        after = _next_in_row(ordered, i)
        if after is None or after.left - piece.right < _WIDE * piece.size:
            continue
        middle = (piece.right + after.left) / 2
        if any(s.bottom <= piece.base <= s.top and s.left <= middle <= s.right for s, _ in seen):
            continue
        seen.append(_followed(ordered, i, piece.right, after.left))
        if len(seen) == _MOST_STRIPS:
            break
    return list(dict.fromkeys(strip for strip, gutter in seen if gutter))


def _next_in_row(ordered: Sequence[_Piece], i: int) -> _Piece | None:
    """The nearest piece to the right of one, on its base line."""
    near = []
    for step in (-1, 1):
        j = i + step
        while 0 <= j < len(ordered) and abs(ordered[j].base - ordered[i].base) < 0.4 * ordered[i].size:
            near.append(ordered[j])
            j += step
    return min((p for p in near if p.left >= ordered[i].right), key=lambda p: p.left, default=None)


def _followed(ordered: Sequence[_Piece], start: int, left: float, right: float) -> tuple[Strip, bool]:
    """The strip that a gap is part of, and whether it is a gutter."""
    size, base = ordered[start].size, ordered[start].base
    edges = [left, right]
    sides: tuple[dict[int, _Piece], dict[int, _Piece]] = ({}, {})  # the nearest pieces, by height

    def reach(indices: range) -> float:
        """Go on from piece to piece as long as the strip is white; the height of the last one that leaves it so."""
        last = base
        for j in indices:
            piece = ordered[j]
            if abs(piece.base - last) > _REACH * size:
                break
            if piece.left < edges[1] and piece.right > edges[0]:
                at_right = piece.left - edges[0] > edges[1] - piece.right
                narrowed = [edges[0], piece.left] if at_right else [piece.right, edges[1]]
                if narrowed[1] - narrowed[0] < _NARROWEST * size:
                    break
                edges[:] = narrowed
            height = round(piece.base / (0.5 * size))
            if piece.right <= edges[0]:
                if height not in sides[0] or sides[0][height].right < piece.right:
                    sides[0][height] = piece
            elif height not in sides[1] or sides[1][height].left > piece.left:
                sides[1][height] = piece
            last = piece.base
        return last

    top = reach(range(start, max(start - _MOST, -1), -1))
    bottom = reach(range(start + 1, min(start + _MOST, len(ordered))))
    strip = Strip(edges[0], bottom - 0.3 * size, edges[1], top + 0.3 * size)
    widths = [[p.right - p.left for p in side.values()] for side in sides]
    edge = [p.right - p.left for p in sides[0].values() if edges[0] - p.right < size]  # a list's numbers are narrow
    wide = all(len(some) >= _FEWEST and median(some) > _TEXT * size for some in widths)
    return strip, wide and median(edge) > _LABEL * size
