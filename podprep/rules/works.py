"""What a document's own reference lists say: how entries are numbered or labelled, whom and which years they name.

By this a citation is told from what only looks like one. Citations themselves are found in `inline`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ..document import Document
from .lists import find_lists

_NUMBERED = re.compile(r"\s*\[?(\d{1,3})[.\])]?(?:\s|$)")
_LABELLED = re.compile(r"\s*\[([^\W\d][\w+’'-]{1,14})\]")
_NAME = re.compile(r"[^\W\d_][\w’'-]+")
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d")
_LEAST = 3  # entries that are numbered one after another, or labelled
_FILLED = 0.7  # share of the numbers up to one that must be there for it to count


@dataclass(frozen=True)
class Works:
    """What the reference lists of a document name.

    Attributes:
        listed: whether there is a list.
        number: the highest number of an entry; 0 where entries are not numbered.
        labels: labels of entries, such as "KB14".
        names: capitalised words, in lower case.
        years: years.
    """

    listed: bool = False
    number: int = 0
    labels: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    years: frozenset[str] = frozenset()

    def holds(self, names: str, years: str) -> bool:
        """Whether the lists name somebody, and all years, that a citation names."""
        return self.knows(names) and all(year in self.years for year in _YEAR.findall(years))

    def knows(self, names: str) -> bool:
        """Whether the lists name somebody whom a text names, where "__" stands for the hyphen of a cut name."""
        found = _NAME.findall(names.replace("__", ""))
        return any(name.lower() in self.names for name in found if name[:1].isupper())


def cited_works(document: Document) -> Works:
    """What the reference lists of a document name, from where each begins to where it ends."""
    texts = [document.lines[at].text for found in find_lists(document) for at in found[1:]]
    if not texts:
        return Works()
    whole = re.sub(r"-\n(?=[^\W\d_A-Z])", "", "\n".join(texts))
    labels = {match[1] for text in texts if (match := _LABELLED.match(text))}
    return Works(
        True, _highest(int(match[1]) for text in texts if (match := _NUMBERED.match(text))),
        frozenset(labels) if len(labels) >= _LEAST else frozenset(),
        frozenset(name.lower() for name in _NAME.findall(whole) if name[:1].isupper()),
        frozenset(_YEAR.findall(whole)),
    )


def _highest(numbers: Iterable[int]) -> int:
    """The highest number up to which most are there; 0 where they do not count anything."""
    found = {number for number in numbers if number}
    best = 0
    for count, number in enumerate(sorted(found), 1):
        if count >= _FILLED * number:
            best = number
    return best if best >= _LEAST else 0
