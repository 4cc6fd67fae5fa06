"""The document's title: the lines of the largest type near the top of its first page, which always stay.

Reads places and type, the title in the document information where it says one, and the scores of lines, by which a
journal's name is told from a title. Headings inside the document are in `headings`.
"""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from ..document import Document, Line
from .marks import WORD, Array

_LARGE = 1.12  # times the body's size
_MOST_LINES = 8
_MOST_WORDS = 45
_REACH = 2.4  # times its size, from line to line of a title
_POOR = -3.5  # log-odds; a run of lines below is a logo or the journal's name
_ALIKE = 0.6  # share of words that a title has in common with the one in the document information


def find_title(document: Document, scores: Array, body: float) -> range:
    """The title's lines, by their places among the document's; empty where none is set apart.

    Args:
        document: a document whose lines all show.
        scores: the lines' scores.
        body: size of the body's type in points.
    """
    page = _first_page(document)
    runs = [run for run in _runs(document.lines, page) if _is_set_apart(document.lines, run, body)]
    named = _words(document.metadata.title or "")
    told = [run for run in runs if _likeness(document.lines, run, named) >= _ALIKE] if len(named) > 2 else []
    fair = told or [run for run in runs if np.max(scores[run.start:run.stop]) > _POOR] or runs
    return max(fair, key=lambda run: _rank(document.lines, run), default=range(0))


def _first_page(document: Document) -> range:
    """The lines of the first page that says something."""
    start = 0
    for page in document.pages:
        end = start + len(page.lines)
        if sum(len(_words(line.text)) for line in page.lines) > 2:
            return range(start, end)
        start = end
    return range(0)


def _runs(lines: Sequence[Line], page: range) -> Iterator[range]:
    """Yield runs of lines of one size that follow one another closely."""
    start = page.start
    for at in range(page.start + 1, page.stop + 1):
        if at < page.stop and _goes_on(lines[at - 1], lines[at]):
            continue
        if start < page.stop:
            yield range(start, at)
        start = at


def _goes_on(above: Line, line: Line) -> bool:
    if above.box is None or line.box is None or abs(above.size - line.size) > 0.06 * above.size:
        return False
    return -0.3 * line.size < above.box[1] - line.box[1] < _REACH * line.size


def _is_set_apart(lines: Sequence[Line], run: range, body: float) -> bool:
    """Whether a run is set like a title: large, short, of words."""
    text = " ".join(lines[at].text for at in run)
    words = _words(text)
    fits = len(run) <= _MOST_LINES and 0 < len(words) <= _MOST_WORDS and len("".join(words)) > 2
    return fits and lines[run.start].size >= _LARGE * body and not re.match(r"\W*(?:abstract|\d+\W*$)", text, re.IGNORECASE)


def _rank(lines: Sequence[Line], run: range) -> tuple[bool, float, int]:
    """How much like a title a run is, to compare: several words, then size, then place."""
    words = _words(" ".join(lines[at].text for at in run))
    return len(words) > 1, round(lines[run.start].size), -run.start


def _likeness(lines: Sequence[Line], run: range, named: list[str]) -> float:
    """Share of the words of a run and of a title that the other has, the lesser of both."""
    words = _words(" ".join(lines[at].text for at in run))
    if not words:
        return 0.0
    return min(sum(word in named for word in words) / len(words), sum(word in words for word in named) / len(named))


def _words(text: str) -> list[str]:
    return [word.lower() for word in WORD.findall(text)]
