"""The order in which a reader takes a page's blocks; each line then knows its block and its column.

The order in which a page was drawn is evidence: it is kept where it agrees with a sensible order. Where a block was
drawn after what stands below it in its column (a title drawn last), or columns were drawn row by row, place decides.
Captions, small print and pieces of formulas move nothing: drawn last, they stay out of the sentences they would part.

What must come first: T. Breuel, High Performance Document Layout Analysis, 2003.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ..document import Box, Line
from .blocks import ROW, SHARED, Block, blocks_of, share
from .gutters import Strip, right_to_left

_ROWS_ACROSS = 4  # rows drawn across a gutter
_ALTERNATIONS = 2  # returns to a column that goes on right below, from which the order of drawing tells nothing
_FAIR = 0.2  # share of a page's lines, from which they tell of more than a table
_TEXT = 8.0  # font sizes: the width of a column of text, at least
_MOST_ORDERED = 400  # blocks of a page; more are labels in a drawing, and stay as drawn
_BACKWARD = 40  # pairs of lines side by side, the right one drawn first
_TEXT_SIZE = 0.87  # of the middle size of a page's characters; what is smaller moves with what it was drawn after
_LARGE = 1.15  # times it, from which a block is a title, however narrow; narrow text may be a piece of a formula
_FOOT_SIZE = 0.93  # of the page's body type
_CAPTION = re.compile(
    r"\W*(?:(?:fig|abb|tab|box|scheme|cuadro|рис|табл|그림|표)\w*\.?|[图圖図表])\s?\W?\d", re.IGNORECASE
)
_MARK = re.compile(r"\W?\d{1,3}\W?\s?\S|[*†‡§¶#]")


def in_order(lines: Sequence[Line], gutters: Sequence[Strip]) -> list[Line]:
    """The lines of a page block by block in reading order, with `block` and `column` set.

    Args:
        lines: the lines in the order they were drawn, none of which runs over a gutter.
        gutters: the page's gutters.
    """
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    middle = _middle_size(sizes)
    least = _TEXT_SIZE * middle
    by_row = _drawn_by_row([line for line in lines if line.size >= least and not line.aside], gutters)
    blocks = blocks_of(lines, gutters, by_row)
    if len(blocks) <= _MOST_ORDERED:
        texts = [
            b for b in blocks if b.size >= least and not _CAPTION.match(lines[b.lines[0]].text)
            and (b.size > _LARGE * middle or b.box[2] - b.box[0] > _TEXT * b.size)
        ]
        scrambled = by_row or _alternates(texts) or _against_script(lines, texts)
        ordered = None if scrambled else _upper_first(texts, gutters)
        blocks = _by_place(blocks, gutters) if ordered is None else _with_small_print(blocks, ordered)
        blocks = _feet_last(lines, blocks, max(sizes, key=lambda size: sizes[size], default=0.0))
    return [
        replace(lines[i], block=number, column=_column(block.box, gutters))
        for number, block in enumerate(blocks, 1) for i in block.lines
    ]


def _middle_size(sizes: Counter[float]) -> float:
    """The font size that half of a page's characters are smaller than, by how many there are of each."""
    half = sizes.total() / 2
    for size in sorted(sizes):
        half -= sizes[size]
        if half <= 0:
            return size
    return 0.0


def _with_small_print(drawn: Sequence[Block], ordered: Sequence[Block]) -> list[Block]:
    """Ordered blocks of text, each with the small print that was drawn right after it: captions, cells, notes."""
    after: dict[int, list[Block]] = {0: []}
    last = 0
    texts = {id(block) for block in ordered}
    for block in drawn:
        if id(block) in texts:
            last = id(block)
            after[last] = []
        after[last].append(block)
    return [*after[0], *(block for text in ordered for block in after[id(text)])]


def _drawn_by_row(lines: Sequence[Line], gutters: Sequence[Strip]) -> bool:
    """Whether rows were drawn across the columns, so that the order of drawing tells nothing."""
    across = sum(
        abs(a.box[1] - b.box[1]) < ROW * a.size
        and any(g.parts(a.box[2], b.box[0], a.box[1] + 0.25 * a.size) for g in gutters)
        for a, b in pairwise(lines) if a.box and b.box and gutters
    )
    return across >= max(_ROWS_ACROSS, _FAIR * len(lines))


def _against_script(lines: Sequence[Line], blocks: Sequence[Block]) -> bool:
    """Whether most of what stands side by side was drawn from right to left, though the script runs the other way."""
    if 2 * sum(any(map(right_to_left, line.text)) for line in lines) > len(lines):
        return False
    onward = backward = 0
    for i, a in enumerate(blocks):
        for b in blocks[i + 1:]:
            if _at_one_height(a, b):
                onward += len(a.lines) * len(b.lines) * (a.box[2] <= b.box[0])
                backward += len(a.lines) * len(b.lines) * (b.box[2] <= a.box[0])
    return backward > max(_BACKWARD, 2 * onward)


def _at_one_height(a: Block, b: Block) -> bool:
    return b.box[1] < a.box[3] and a.box[1] < b.box[3]


def _comes_before(a: Block, b: Block) -> bool:
    """Whether one block stands above another in one column."""
    higher = a.box[1] > b.box[3] - 0.3 * b.size and a.box[1] + a.box[3] > b.box[1] + b.box[3]
    return higher and share(a.box, b.box) > SHARED


def _upper_first(blocks: Sequence[Block], gutters: Sequence[Strip]) -> Sequence[Block] | None:
    """The blocks in their order, but none after what stands below it in its column.

    What was drawn late goes up, or what was drawn early goes down, whichever leaves less text after what stands to
    its right. None where place alone leaves less than both.
    """
    wrong = {i: {j for j in range(i) if _comes_before(blocks[i], blocks[j])} for i in range(len(blocks))}
    if not any(wrong.values()):
        return blocks
    best = min((_odd_ones_move(blocks, wrong), _late_go_up(blocks)), key=_backward)
    return None if _backward(_by_place(blocks, gutters)) < _backward(best) else best


def _late_go_up(blocks: Sequence[Block]) -> list[Block]:
    """The blocks in their order, each after all that stand above it, which are drawn up with it."""
    ordered: list[int] = []
    done: set[int] = set()
    for first in range(len(blocks)):
        open_ones = [first]
        while open_ones:
            here = blocks[open_ones[-1]]
            rest = (j for j in range(len(blocks)) if j not in done and j not in open_ones)
            above = next((j for j in rest if _comes_before(blocks[j], here)), None)
            if above is not None:
                open_ones.append(above)
                continue
            last = open_ones.pop()
            if last not in done:
                done.add(last)
                ordered.append(last)
    return [blocks[i] for i in ordered]


def _odd_ones_move(blocks: Sequence[Block], wrong: dict[int, set[int]]) -> list[Block]:
    """The blocks without those that most others contradict, and these where they belong."""
    for i, earlier in list(wrong.items()):
        for j in earlier:
            wrong[j].add(i)
    moved = []
    while any(wrong.values()):
        most = max(wrong, key=lambda i: len(wrong[i]) / len(blocks[i].lines))
        for other in wrong.pop(most):
            wrong[other].discard(most)
        moved.append(most)
    ordered = [blocks[i] for i in wrong]
    for i in sorted(moved):
        ordered.insert(_place(blocks[i], ordered), blocks[i])
    return ordered


def _backward(blocks: Sequence[Block]) -> int:
    """How much text comes after text to its right at its height, or after what stands below it."""
    return sum(
        len(a.lines) * len(b.lines) for i, a in enumerate(blocks) for b in blocks[i + 1:]
        if (b.box[2] <= a.box[0] and _at_one_height(a, b)) or _comes_before(b, a)
    )


def _place(block: Block, ordered: Sequence[Block]) -> int:
    """Where a block belongs: before what it stands above, or after what stands above it."""
    if all(block.box[1] > other.box[3] - 0.3 * block.size for other in ordered):
        return 0
    if all(block.box[3] < other.box[1] + 0.3 * block.size for other in ordered):
        return len(ordered)
    below = next((i for i, other in enumerate(ordered) if _comes_before(block, other)), None)
    if below is not None:
        return below
    return max((i + 1 for i, other in enumerate(ordered) if _comes_before(other, block)), default=len(ordered))


def _alternates(blocks: Sequence[Block]) -> bool:
    """Whether the columns were drawn in turns: text goes on right below, after text beside it."""
    returns = []
    for i, block in enumerate(blocks[2:], 2):
        before = next((j for j in range(i - 1, -1, -1) if _goes_on_below(blocks[j], block)), i - 1)
        if any(_beside(blocks[before], other) for other in blocks[before + 1:i]):
            returns.append(len(block.lines))
    return len(returns) >= _ALTERNATIONS and sum(returns) >= _FAIR * sum(len(block.lines) for block in blocks)


def _goes_on_below(a: Block, b: Block) -> bool:
    near = a.box[3] > b.box[3] and -0.5 * b.size < a.box[1] - b.box[3] < 2 * b.size
    return near and len(a.lines) > 1 and len(b.lines) > 1 and share(a.box, b.box) > 0.8


def _beside(a: Block, b: Block) -> bool:
    """Whether a block of text stands to the right of another."""
    return len(b.lines) > 1 and b.box[0] >= a.box[2] and b.box[2] - b.box[0] > _TEXT * b.size


def _by_place(blocks: Sequence[Block], gutters: Sequence[Strip]) -> list[Block]:
    """The blocks by place alone: down to the next one across columns, column by column."""
    ordered: list[Block] = []
    band: list[Block] = []
    foot = min((b.box[1] for b in blocks if len(b.lines) > 1), default=0.0)
    for block in (*sorted(blocks, key=lambda b: -b.box[3]), None):
        if block and block.box[3] > foot and _column(block.box, gutters):
            band.append(block)
            continue
        ordered += sorted(band, key=lambda b: (_column(b.box, gutters), -b.box[3]))
        ordered += [block] if block else []
        band = []
    return ordered


def _column(box: Box, gutters: Sequence[Strip]) -> int:
    """The number of the column that a box stands in, from the left; 0 across columns or where there is but one."""
    middle = (box[1] + box[3]) / 2
    near = [g for g in gutters if g.bottom <= middle <= g.top or (g.bottom < box[3] and box[1] < g.top)]
    if not near or any(box[0] < g.left and g.right < box[2] for g in near):
        return 0
    return 1 + len({round(g.left) for g in near if g.right <= box[0] + 1})


def _feet_last(lines: Sequence[Line], blocks: Sequence[Block], body: float) -> list[Block]:
    """Footnotes of a column after all of the page's text, whose size is given, so that they part no sentence."""
    feet = {
        id(block) for block in blocks
        if 0 < block.size < _FOOT_SIZE * body and _MARK.match(lines[block.lines[0]].text)
        and not any(_comes_before(block, other) and other.size >= _FOOT_SIZE * body for other in blocks)
        and any(_comes_before(other, block) and other.size >= _FOOT_SIZE * body for other in blocks)
    }
    return [b for b in blocks if id(b) not in feet] + [b for b in blocks if id(b) in feet]
