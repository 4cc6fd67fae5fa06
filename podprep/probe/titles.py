"""The document's title: the lines of the largest type near the top of its first page, which always stay.

Reads places and type, the title in the document information where it says one, and the scores of lines, by which a
journal's name is told from a title. Headings inside the document are in `headings`.
"""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from ..document import Document, Line
from .marks import WORD, Array
from .sections import HEADINGS

_LARGE = 1.12  # times the body's size
_MOST_LINES = 8
_MOST_WORDS = 45
_REACH = 2.4  # times its size, from line to line of a title
_POOR = -3.5  # log-odds; a run of lines below is a logo or the journal's name
_FEW_WORDS = 30
_TITLE_PAGE = 120  # words of a page that holds a title and hardly more
_NO_TITLE = re.compile(
    r"\W*(?:abstract\b|\d+\W*$|(?:draft )?version\b|preprint\b|typeset\b|received\b|copyright\b)", re.IGNORECASE
)
_KIND = re.compile(
    r"^(?:\w+ ){0,2}(?:article|study|report|review|communication|letter|paper|research)\s*$", re.IGNORECASE
)
_JOURNAL = re.compile(
    r"\b(?:journal|proceedings|transactions|zeitschrift|revista|rivista|revue|журнал)\b|^BMC\b|学报|雑誌|학회지",
    re.IGNORECASE,
)
_ABSTRACT = re.compile(rf"{HEADINGS['abstract'].pattern}\s*(?:[.:—–-]|$)", re.IGNORECASE)
_LABEL = re.compile(r"(?:paper )?(?:title|titel|titre|título|titolo|название)\W*", re.IGNORECASE)
_ALIKE = 0.6  # share of words that a title has in common with the one in the document information


def find_title(document: Document, scores: Array, body: float) -> range:
    """The title's lines, by their places among the document's; empty where none is set apart.

    Args:
        document: a document whose lines all show.
        scores: the lines' scores.
        body: size of the body's type in points.
    """
    lines, page = document.lines, _first_page(document)
    label = next((at for at in page if _LABEL.fullmatch(lines[at].text.strip())), None)
    runs = [run for run in _runs(lines, page) if _is_short(lines, run)]
    if label is not None and label + 1 < page.stop:
        block = lines[label + 1].block
        return range(label + 1, next((at for at in range(label + 1, page.stop) if lines[at].block != block), page.stop))
    large = [run for run in runs if lines[run.start].size >= _LARGE * body]
    named = _words(document.metadata.title or "")
    told = [run for run in large if _likeness(lines, run, named) >= _ALIKE] if len(named) > 2 else []
    fair = told or [run for run in large if np.max(scores[run.start:run.stop]) > _POOR] or large
    fair = fair or [run for run in runs if _heads_a_front(lines, page, run, body)]
    best = max(fair, key=lambda run: _rank(lines, run), default=range(0))
    return range(best.start + (len(best) > 1 and bool(_KIND.search(lines[best.start].text))), best.stop)


def before_title(document: Document, title: range, kept: Sequence[bool]) -> range:
    """The lines before the title on its page, if they are few words that say no sentence: a kind of article, a name.

    Args:
        document: the document in which the title was found.
        title: its lines.
        kept: which lines stay without the title's say: what is set nearly as large and stays may be its beginning.
    """
    lines = document.lines
    if not title:
        return title
    start = next(at for at in range(title.start + 1) if lines[at].page == lines[title.start].page)
    front = range(start, title.start)
    few = sum(len(_words(lines[at].text)) for at in front) <= _FEW_WORDS
    ends = any(len(_words(lines[at].text)) > 5 and re.search(r"[.!?。]\W*$", lines[at].text) for at in front)
    size = 0.7 * lines[title.start].size
    names = {at for run in _runs(lines, front) if _is_name(" ".join(lines[at].text for at in run)) for at in run}
    large = any(kept[at] and lines[at].size > size and at not in names for at in front)
    first = not any(kept[:start])
    return front if few and first and not ends and not large else range(title.start, title.start)


def _is_name(text: str) -> bool:
    """Whether a text is a kind of article or the name of a journal."""
    return bool(_KIND.search(text) or _JOURNAL.search(text)) or len(_words(text)) < 2


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


def _is_short(lines: Sequence[Line], run: range) -> bool:
    """Whether a run is no longer than a title, and of words."""
    text = " ".join(lines[at].text for at in run)
    words = _words(text)
    fits = len(run) <= _MOST_LINES and 0 < len(words) <= _MOST_WORDS and len("".join(words)) > 2
    return fits and not _NO_TITLE.match(text)


def _heads_a_front(lines: Sequence[Line], page: range, run: range, body: float) -> bool:
    """Whether a run in the body's size stands above an abstract, or on a page of hardly any words."""
    abstract = next((at for at in page if _ABSTRACT.match(lines[at].text)), None)
    few = sum(len(_words(lines[at].text)) for at in page) < _TITLE_PAGE
    above = run.start < abstract if abstract is not None else few
    return above and lines[run.start].size >= 0.97 * body and len(_words(lines[run.start].text)) > 2


def _rank(lines: Sequence[Line], run: range) -> tuple[bool, float, int]:
    """How much like a title a run is, to compare: no journal's name, several words, then size, then place."""
    text = " ".join(lines[at].text for at in run)
    return not _JOURNAL.search(text) and len(_words(text)) > 1, round(lines[run.start].size), -run.start


def _likeness(lines: Sequence[Line], run: range, named: list[str]) -> float:
    """Share of the words of a run and of a title that the other has, the lesser of both."""
    words = _words(" ".join(lines[at].text for at in run))
    if not words:
        return 0.0
    return min(sum(word in named for word in words) / len(words), sum(word in words for word in named) / len(named))


def _words(text: str) -> list[str]:
    return [word.lower() for word in WORD.findall(text)]
