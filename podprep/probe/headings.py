"""Titles and headings among the lines that the probe keeps: they stay whole, and stay like their equals.

A probe scores line by line, and a heading is short: where the second line of a title would go and the
first stay, or one heading of ten, how the others were judged decides.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from ..document import Line
from .marks import Array

_NUMBERED = re.compile(r"\d{1,2}(\.\d{1,2}){0,3}\.?\s+(?=.*[^\W\d_]{3})[A-Z][^.]{2,90}")
_NO_HEADING = -2.8  # log-odds; a numbered line below it is none
_UNSURE = -0.6  # log-odds; a line below it is no heading, whatever it is set like
_MOSTLY = 0.7  # share of the lines set alike that stay
_MOST_LINES = 5  # of one heading
Style = tuple[str, float]


def with_headings(lines: Sequence[Line], kept: Sequence[bool], scores: Array) -> list[bool]:
    """Which lines stay, once headings and titles are made whole.

    A numbered heading stays if two others set like it do; an unsure line after the first page, if most
    lines set like it do, and those are not the body; the lines of one heading, if any of them does.
    """
    styles = [(line.font, round(line.size, 1)) for line in lines]
    numbered = [bool(_NUMBERED.fullmatch(line.text.strip())) for line in lines]
    usual = Counter(style for style, keep, count in zip(styles, kept, numbered) if keep and count)
    stays = [
        keep or bool(count and usual[style] >= 2 and score > _NO_HEADING)
        for style, keep, count, score in zip(styles, kept, numbered, scores)
    ]
    body = _body(lines, styles)
    if body is None:
        return stays
    alike = {style for style in set(styles) if style != body and style[1] >= 0.9 * body[1]}
    total, held = Counter(styles), Counter(style for style, keep in zip(styles, kept) if keep)
    alike = {style for style in alike if held[style] >= 3 and held[style] >= _MOSTLY * total[style]}
    first = lines[0].page
    for at, line in enumerate(lines):
        unsure = styles[at] in alike and line.page > first and not line.text[:1].islower() and scores[at] > _UNSURE
        stays[at] = bool(stays[at] or unsure)
    for start, end in _headings(lines, styles, body):
        if any(stays[start:end]):
            stays[start:end] = [True] * (end - start)
    return stays


def _body(lines: Sequence[Line], styles: Sequence[Style]) -> Style | None:
    """The style that most characters are set in; None if there are none."""
    counts: Counter[Style] = Counter()
    for line, style in zip(lines, styles):
        counts[style] += len(line.text)
    return counts.most_common(1)[0][0] if counts else None


def _headings(lines: Sequence[Line], styles: Sequence[Style], body: Style) -> Iterator[tuple[int, int]]:
    """Yield runs [start, end) of two and more lines below one another that are set like one title or heading."""
    start = 0
    for at in range(1, len(lines) + 1):
        if at < len(lines) and _goes_on(lines[at - 1], lines[at]):
            continue
        line, style = lines[start], styles[start]
        if 2 <= at - start <= _MOST_LINES and style != body and (
            style[1] > 1.05 * body[1] or (line.bold and style[1] > 0.95 * body[1])
        ):
            yield start, at
        start = at


def _goes_on(above: Line, line: Line) -> bool:
    """Whether a line is the next one of what the line above begins, by font, size and distance."""
    if above.box is None or line.box is None or (above.page, above.font) != (line.page, line.font):
        return False
    return abs(above.size - line.size) < 0.2 and 0 < above.box[1] - line.box[1] < 2.2 * line.size
