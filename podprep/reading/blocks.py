"""Blocks of a page: lines that stand together, below one another in one type, or side by side in one row.

In which order blocks are read is in `order`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ..document import Box, Line
from .gutters import Strip

_LEAST_STEP, _MOST_STEP = 0.25, 2.6  # font sizes from one line of a block to the next
_LOOSE = 1.3  # times the usual step
ROW = 0.35  # font sizes by which pieces of one row may stand apart in height
_ROW_GAP = 4.0  # font sizes between pieces of one row, at most
_MOST_OPEN = 60  # blocks that a line may still belong to
SHARED = 0.5  # of the narrower one's width, for two blocks to stand in one column
_ALIKE = 0.12  # of the font size, by which lines of one block may differ


@dataclass
class Block:
    """Lines that stand together: their indices and extent, and the last row's right edge, bottom and type."""

    lines: list[int]
    box: Box
    right: float
    bottom: float
    size: float
    bold: bool

    def add(self, before: list[int], index: int, line: Line, box: Box) -> None:
        """Add a line, and what was set apart before it."""
        self.lines += [*before, index]
        mine = self.box
        self.box = min(mine[0], box[0]), min(mine[1], box[1]), max(mine[2], box[2]), max(mine[3], box[3])
        self.right, self.bottom, self.size, self.bold = box[2], box[1], line.size, line.bold


def blocks_of(lines: Sequence[Line], gutters: Sequence[Strip], by_row: bool) -> list[Block]:
    """Blocks in the order of their first lines; what is set apart belongs to the line after it.

    A line goes on in the block of the line drawn before it, or in any where rows were drawn across columns.
    """
    most = _most_step(lines)
    blocks: list[Block] = []
    last: Block | None = None
    waiting: list[int] = []
    for i, line in enumerate(lines):
        if line.aside or line.box is None:
            waiting.append(i)
            continue
        recent = [*filter(None, [last]), *(blocks[:-_MOST_OPEN - 1:-1] if by_row else ())]
        row = next((block for block in recent if _in_row(block, line, line.box, gutters)), None)
        last = row or _above(recent, line, line.box, most, gutters)
        if last is None:
            last = Block([*waiting, i], line.box, line.box[2], line.box[1], line.size, line.bold)
            blocks.append(last)
        else:
            last.add(waiting, i, line, line.box)
        waiting = []
    if waiting and blocks:
        blocks[-1].lines += waiting
    elif waiting:
        blocks.append(Block(waiting, (0.0, 0.0, 0.0, 0.0), 0.0, 0.0, 0.0, False))
    return blocks


def _most_step(lines: Sequence[Line]) -> float:
    """The largest step within a block of this page, in font sizes: somewhat more than what is usual."""
    steps = [
        (a.box[1] - b.box[1]) / a.size for a, b in pairwise(lines)
        if a.box and b.box and a.size == b.size > 0 and share(a.box, b.box) > SHARED
    ]
    usual = median([step for step in steps if 0.7 < step < _MOST_STEP] or [1.2])
    return min(_LOOSE * usual, _MOST_STEP)


def _in_row(block: Block, line: Line, box: Box, gutters: Sequence[Strip]) -> bool:
    """Whether a line goes on to the right in the row that ends a block."""
    size = max(block.size, line.size)
    if abs(block.bottom - box[1]) > ROW * size or not -size < box[0] - block.right < _ROW_GAP * size:
        return False
    return not any(gutter.parts(block.right, box[0], box[1] + 0.25 * line.size) for gutter in gutters)


def _above(
    blocks: Sequence[Block], line: Line, box: Box, most: float, gutters: Sequence[Strip]
) -> Block | None:
    """The block that a line goes on right below, in the same type; the first of those at one distance."""
    best, least = None, most * line.size
    for block in blocks:
        step = block.bottom - box[1]
        if not _LEAST_STEP * line.size < step <= least or (best and step == least):
            continue
        alike = block.bold == line.bold and abs(block.size - line.size) <= _ALIKE * line.size
        if alike and share(block.box, box) > SHARED and not _spans(block.box, box, gutters):
            best, least = block, step
    return best


def _spans(block: Box, line: Box, gutters: Sequence[Strip]) -> bool:
    """Whether a block runs over a gutter that ends at a line's height, beside which the line stands."""
    return any(
        g.bottom <= line[1] + (line[3] - line[1]) / 4 <= g.top and block[0] < g.left and g.right < block[2]
        and not (line[0] < g.left and g.right < line[2])
        for g in gutters
    )


def share(a: Box, b: Box) -> float:
    """How much of the narrower one's width two boxes share."""
    return (min(a[2], b[2]) - max(a[0], b[0])) / max(min(a[2] - a[0], b[2] - b[0]), 0.1)
