"""Pieces of a row of text that were read as lines of their own, as fractions and indices are: they stay with it."""

from collections.abc import Sequence

from ..document import Box, Line
from .marks import Array

_LONGEST = 24  # characters of a piece
_NEAR = 3  # lines before and after, in reading order
_SURE = 1.0  # log-odds of text
_SHARED = 0.35  # of the lower one's height
_OVERLAP, _GAP = 0.6, 0.7  # font sizes by which a piece and its row may overlap, or stand apart


def with_pieces(lines: Sequence[Line], kept: Sequence[bool], scores: Array) -> list[bool]:
    """Which lines stay, once short pieces that stand in a row with text stay as well."""
    stays = list(kept)
    for at, line in enumerate(lines):
        if kept[at] or line.box is None or len(line.text) > _LONGEST:
            continue
        near = range(max(0, at - _NEAR), min(len(lines), at + _NEAR + 1))
        stays[at] = any(
            kept[other] and scores[other] > _SURE and lines[other].page == line.page and _in_row(line, lines[other])
            for other in near
        )
    return stays


def _in_row(piece: Line, text: Line) -> bool:
    """Whether a piece stands right beside a text, at its height."""
    a, b = piece.box, text.box
    if a is None or b is None:
        return False
    size, beside = max(piece.size, text.size), (a[0] - b[2], b[0] - a[2])
    level = _overlap(a, b) > _SHARED * min(a[3] - a[1], b[3] - b[1])
    return level and any(-_OVERLAP * size < gap < _GAP * size for gap in beside)


def _overlap(a: Box, b: Box) -> float:
    return min(a[3], b[3]) - max(a[1], b[1])
