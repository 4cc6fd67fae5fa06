"""Numbered headings that count a document's sections: they stay, however little they look like text.

What stands before running text and goes on counting from one heading to the next ("1", "1.1", "2", "A.1") is an
outline. Entries of a table of contents count as well, but stand one below another.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..document import Line
from .marks import Array

_NUMBERED = re.compile(r"((?:\d{1,2}|[A-Z](?=\.\d))(?:\.\d{1,2}){0,3})\.?\s+(?=.*[^\W\d_]{3})[^\W\d_a-z][^.]{2,90}")
_FEWEST = 4  # headings that make an outline
_AHEAD = 3  # lines after a heading, one of which is text
_SURE = 1.0  # log-odds of text
_WIDEST = 2.0  # font sizes between two words; a wider gap parts an entry from its page
Number = tuple[tuple[int, str], ...]


def in_outline(lines: Sequence[Line], scores: Array, rules: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether each line is a heading that counts a section.

    Args:
        lines: a document's lines.
        scores: log-odds that each is prose.
        rules: whether the rules name a kind for it, as a running head.
    """
    found = np.zeros(len(lines), bool)
    numbers = [_number(line) for line in lines]
    usable = [
        (at, number) for at, number in enumerate(numbers)
        if number and not rules[at] and not _in_list(lines, numbers, at)
        and (scores[at + 1:at + 1 + _AHEAD] > _SURE).any()
    ]
    counting = _longest([number for _, number in usable])
    if len(counting) >= _FEWEST:
        found[[usable[place][0] for place in counting]] = True
    return found


def _number(line: Line) -> Number:
    """The number that a line opens with, to compare; none where it is no heading by its form."""
    match = _NUMBERED.fullmatch(line.text.strip())
    if not match or line.frame or line.gap > _WIDEST:
        return ()
    return tuple((int(part) if part.isdigit() else 0, "" if part.isdigit() else part) for part in match[1].split("."))


def _in_list(lines: Sequence[Line], numbers: Sequence[Number], at: int) -> bool:
    """Whether the line before or after is numbered on the same level."""
    beside = (other for other in (at - 1, at + 1) if 0 <= other < len(lines) and lines[other].page == lines[at].page)
    return any(len(numbers[other]) == len(numbers[at]) and numbers[other] != numbers[at] for other in beside)


def _longest(numbers: Sequence[Number]) -> list[int]:
    """The places of the longest series in which each number comes after the one before; letters after digits."""
    keys = [[(bool(letter), value, letter) for value, letter in number] for number in numbers]
    ends: list[int] = []
    before: list[int] = []
    for place, key in enumerate(keys):
        length = bisect_left(ends, key, key=keys.__getitem__)
        before.append(ends[length - 1] if length else -1)
        ends[length:length + 1] = [place]
    series, place = [], ends[-1] if ends else -1
    while place >= 0:
        series.append(place)
        place = before[place]
    return series[::-1]
