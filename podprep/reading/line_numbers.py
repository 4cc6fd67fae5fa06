"""A manuscript's line numbers: found in the margin by their place and their counting, and set apart.

Preprints and papers under review count their lines. Printed beside a line, a number becomes part of
it in the text layer; here each is cut off as a row of its own, so that it can be listed and left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .glyphs import Glyph

_STEPS = (1, 2, 5, 10)  # lines from one number to the next
_FEWEST = 4  # numbers in a column
_MANY, _FEW = 20, 6  # so many, in a type of their own, may stand over the text or beside a part of the page
_DIGITS = 0.8  # share of digits in what is set in the type of line numbers
_MOST_COLUMNS = 4
_COVERED = 0.4  # share of a page's rows that the numbers count, at least; in two columns it may be half
_ALIGNED = 2.0  # points
Row = list[Glyph]


@dataclass(frozen=True)
class _Number:
    """A number at one end of a row: the row's index, the number and where it stands, and the rest of the row."""

    index: int
    glyphs: Row
    rest: Row

    @property
    def value(self) -> int:
        """The number itself."""
        return int("".join(g.char for g in self.glyphs))


def set_line_numbers_apart(rows: Sequence[Row]) -> list[tuple[Row, bool]]:
    """The rows of a page, each with whether it is a line number; a number comes before its line."""
    marked = [(row, False) for row in rows]
    for right in (False, True):
        found = {n.index: n for n in _line_numbers([[] if counted else row for row, counted in marked], right)}
        marked = [
            part for index, whole in enumerate(marked)
            for part in ([(found[index].glyphs, True), (found[index].rest, False)] if index in found else [whole])
            if part[0]
        ]
    return marked


def _line_numbers(rows: Sequence[Row], right: bool) -> Iterator[_Number]:
    """Yield the line numbers at the left or the right ends of rows, column by column of the page."""
    numbers = [number for index, row in enumerate(rows) if (number := _at_end(index, row, right))]
    inks = [ink for row in rows if (ink := [g for g in row if not g.char.isspace()])] if numbers else []
    for _ in range(_MOST_COLUMNS):
        edges = Counter(round(number.glyphs[-1].right) for number in numbers)
        edge, count = edges.most_common(1)[0] if edges else (0, 0)
        if count < _FEWEST:
            return
        aligned = [number for number in numbers if abs(number.glyphs[-1].right - edge) <= _ALIGNED]
        numbers = [number for number in numbers if abs(number.glyphs[-1].right - edge) > _ALIGNED]
        yield from _counted(sorted(aligned, key=lambda number: -number.glyphs[0].base), inks, right)


def _counted(aligned: Sequence[_Number], inks: Sequence[Row], right: bool) -> Sequence[_Number]:
    """Of numbers below one another those that count the lines beside them; none where they count something else."""
    steps = Counter(b.value - a.value for a, b in pairwise(aligned) if b.value - a.value in _STEPS)
    if not steps:
        return []
    step = steps.most_common(1)[0][0]
    counted = _longest_count(aligned, step)
    covered = step * len(counted) / len(inks)
    goes_on = bool(counted) and counted[0].value > 1  # what begins with 1 on a page counts a listing or a table
    if len(counted) >= (_FEW if goes_on else _MANY) and _type_of_their_own(counted, inks):
        return counted
    if len(counted) < _FEWEST or covered < _COVERED:
        return []
    mine = {id(glyph) for number in counted for glyph in number.glyphs}
    inside = min(n.glyphs[0].left for n in counted) if right else max(n.glyphs[-1].right for n in counted)
    outside = max(n.glyphs[-1].right for n in counted) if right else min(n.glyphs[0].left for n in counted)
    ends = [(g, row[0] if right else row[-1]) for row in inks if id(g := row[-1] if right else row[0]) not in mine]
    beyond = sum(far.left < outside and g.right > inside if right else far.right > outside and g.left < inside
                 for g, far in ends)
    return counted if beyond <= 0.1 * len(inks) else []


def _type_of_their_own(numbers: Sequence[_Number], rows: Sequence[Row]) -> bool:
    """Whether numbers are set as hardly anything else of the page but numbers is: then they may stand over the text."""
    kinds = {(g.font.name, g.font.size) for number in numbers for g in number.glyphs}
    alike = [g for row in rows for g in row if (g.font.name, g.font.size) in kinds]
    return len(kinds) == 1 and sum("0" <= g.char <= "9" for g in alike) >= _DIGITS * len(alike)


def _at_end(index: int, row: Row, right: bool) -> _Number | None:
    """The number that stands by itself at one end of a row, if there is one."""
    ink = [at for at, glyph in enumerate(row) if not glyph.char.isspace()]
    digits = 0
    for place, at in enumerate(ink[::-1] if right else ink):
        if not "0" <= row[at].char <= "9" or abs(at - ink[-1 if right else 0]) != place:
            break
        digits += 1
    if not 0 < digits <= 5:
        return None
    mine, others = (ink[-digits:], ink[:-digits]) if right else (ink[:digits], ink[digits:])
    if others:
        before, after = (row[others[-1]], row[mine[0]]) if right else (row[mine[-1]], row[others[0]])
        if after.left - before.right < 0.5 * before.font.size:
            return None
    rest = row[:others[-1] + 1] if right and others else row[others[0]:] if others else []
    return _Number(index, [row[at] for at in mine], rest)


def _longest_count(numbers: Sequence[_Number], step: int) -> list[_Number]:
    """The longest series of numbers, from top to bottom, each a step above the one before; two may be missing."""
    best: dict[int, tuple[int, int | None]] = {}  # value: length of the series that ends here, its place before
    ends: list[tuple[int, int | None]] = []
    for at, number in enumerate(numbers):
        length, before = max((best.get(number.value - k * step, (0, None)) for k in (1, 2, 3)), key=lambda end: end[0])
        ends.append((length + 1, before))
        best[number.value] = (length + 1, at)
    at_end: int | None = max(range(len(ends)), key=lambda at: ends[at][0], default=None)
    series = []
    while at_end is not None:
        series.append(numbers[at_end])
        at_end = ends[at_end][1]
    return series[::-1]
