"""Rules that a page draws, and what they enclose: cells of tables and plots, boxes, and stretches between like rules.

Rules are boxes too thin to be anything else, as `drawn` finds them. What text stands there is told by its middle. No
word is read here.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ..document import Box, Line

THIN = 2.5  # points, of a rule across
_SHORTEST = 6.0  # points
_TOUCH = 2.5  # points by which rules of one grid may miss each other
_MOST = 3000  # rules of a page; what has more is a map
_LEAST_WIDE = 60.0  # points, of rules with nothing beside them
_MOST_HIGH = 0.6  # of a page, between two like rules; farther apart they are its head and foot


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A part of a page that rules enclose: "table" if in several cells, "box" if in one, "rules" if above and below."""

    box: Box
    frame: str


def enclosures(rules: Sequence[Box], height: float) -> list[Enclosure]:
    """What the rules of a page enclose, the smallest first.

    Args:
        rules: their boxes, in points.
        height: the page's height, in points.
    """
    long = [rule for rule in rules if max(rule[2] - rule[0], rule[3] - rule[1]) > _SHORTEST]
    if len(long) > _MOST:
        return []
    found, alone = [], []
    for grid in _joined(long):
        upright = [rule for rule in grid if rule[3] - rule[1] > rule[2] - rule[0]]
        if upright and len(grid) > 2:
            found.append(_enclosed(grid))
        else:
            alone += [rule for rule in grid if rule not in upright and rule[2] - rule[0] > _LEAST_WIDE]
    found += _between(alone, _MOST_HIGH * height)
    return sorted(found, key=lambda e: (e.box[2] - e.box[0]) * (e.box[3] - e.box[1]))


def framed(lines: Iterable[Line], found: Sequence[Enclosure]) -> list[Line]:
    """The lines, each with what encloses it; a table counts before the boxes in it."""
    return [replace(line, frame=_frame(line.box, found)) if line.box else line for line in lines]


def _frame(box: Box, found: Sequence[Enclosure]) -> str:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    around = [e.frame for e in found if e.box[0] <= x <= e.box[2] and e.box[1] <= y <= e.box[3]]
    return "table" if "table" in around else next(iter(around), "")


def _joined(rules: Sequence[Box]) -> list[list[Box]]:
    """Rules in groups that touch one another."""
    group = list(range(len(rules)))

    def first(i: int) -> int:
        """The rule that stands for the group of one."""
        while group[i] != i:
            group[i] = group[group[i]]
            i = group[i]
        return i

    order = sorted(range(len(rules)), key=lambda i: rules[i][0])
    open_: list[int] = []
    for i in order:
        open_ = [j for j in open_ if rules[j][2] + _TOUCH >= rules[i][0]]
        for j in open_:
            if rules[j][1] - _TOUCH <= rules[i][3] and rules[i][1] - _TOUCH <= rules[j][3]:
                group[first(i)] = first(j)
        open_.append(i)
    found: dict[int, list[Box]] = defaultdict(list)
    for i, rule in enumerate(rules):
        found[first(i)].append(rule)
    return list(found.values())


def _enclosed(grid: Sequence[Box]) -> Enclosure:
    """What a grid encloses: its columns and rows are counted by where rules begin, end and stand."""
    columns, rows = _edges(x for rule in grid for x in (rule[0], rule[2])), _edges(
        y for rule in grid for y in (rule[1], rule[3]))
    several = columns > 1 and rows > 1 and columns + rows > 3
    left, bottom, right, top = (side(edges) for side, edges in zip((min, min, max, max), zip(*grid)))
    return Enclosure((left, bottom, right, top), "table" if several else "box")


def _edges(places: Iterable[float]) -> int:
    """How many spaces lie between places, taken together where they nearly agree."""
    count, last = -1, float("-inf")
    for place in sorted(places):
        count += place - last > 2 * _TOUCH
        last = place
    return count


def _between(rules: Sequence[Box], most: float) -> list[Enclosure]:
    """What stands between rules of one width below one another, as above, inside and below a table."""
    alike: dict[tuple[int, int], list[Box]] = defaultdict(list)
    for rule in rules:
        alike[round(rule[0] / _TOUCH), round(rule[2] / _TOUCH)].append(rule)
    found = []
    for group in alike.values():
        ordered = sorted(group, key=lambda rule: -rule[1])
        found += [
            Enclosure((low[0], low[1], high[2], high[3]), "rules") for high, low in pairwise(ordered)
            if _SHORTEST < high[1] - low[3] < most
        ]
    return found
