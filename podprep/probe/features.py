"""All that the probe knows of each line of a document, as one table of numbers.

Puts together what `marks`, `places`, `sections` and `context` measure, and what the rules say. No feature needs a
language, and none is counted in points.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..document import Document
from ..rules import find_furniture, find_inline
from ..spans import Removal, merge_removals
from .context import context_columns
from .marks import MARKS, WORD, Array, familiar, marks
from .places import Places
from .sections import section_columns

_RULES = ("running head", "front matter", "reference", "caption", "footnote", "contents", "formula")


@dataclass(frozen=True)
class Features:
    """Features of every line of a document.

    Attributes:
        names: name of each column.
        values: one row a line, shape (lines, columns).
        places: how the lines stand together.
        furniture: the lines whose kind the rules name.
    """

    names: tuple[str, ...]
    values: Array
    places: Places
    furniture: Sequence[Removal] = ()

    def column(self, name: str) -> Array:
        """One column by name."""
        return self.values[:, self.names.index(name)]


def line_features(document: Document) -> Features | None:
    """Features of all lines of a document whose lines all show; None if there are none."""
    if not document.lines:
        return None
    texts = [line.text for line in document.lines]
    layout, furniture = find_furniture(document)
    table = dict(zip(MARKS, _rows(texts))) | familiar(texts)
    places = Places(document, layout, table["common_words"] + 1e-3)
    table |= places.columns() | _rules(document, furniture) | section_columns(texts, places.headings.tolist())
    table["in_title"] = _in_title(document, texts)
    table |= context_columns(table, places)
    values = np.column_stack([column.astype(np.float32, copy=False) for column in table.values()])
    return Features(tuple(table), values, places, furniture)


def _rows(texts: list[str]) -> Array:
    """What the words of lines look like, one row a measure."""
    found = np.empty((len(MARKS), len(texts)), np.float32)
    for i, text in enumerate(texts):
        found[:, i] = marks(text)
    return found


def _rules(document: Document, furniture: list[Removal]) -> dict[str, Array]:
    """What the rules make of each line: one column a kind, and the share that citations and addresses take."""
    table = {f"rule_{kind.replace(' ', '_')}": np.zeros(len(document.lines), np.float32) for kind in _RULES}
    index = {start: i for i, start in enumerate(document.line_starts)}
    for removal in furniture:
        if removal.kind in _RULES:
            table[f"rule_{removal.kind.replace(' ', '_')}"][index[removal.start]] = 1
    table["rule_any"] = np.max([*table.values()], axis=0)
    covered = np.zeros(len(document.lines), np.float32)
    for removal in merge_removals(find_inline(document, [])):
        covered[document.line_at(removal.start)] += removal.end - removal.start
    table["cited"] = covered / np.array([max(len(line.text), 1) for line in document.lines])
    return table


def _in_title(document: Document, texts: list[str]) -> Array:
    """Share of each line's words that the title in the document information holds."""
    title = set(_words(document.metadata.title or ""))
    if len(title) < 2:
        return np.zeros(len(texts), np.float32)
    found = []
    for text in texts:
        words = [*_words(text)]
        found.append(sum(word in title for word in words) / max(len(words), 1))
    return np.array(found, np.float32)


def _words(text: str) -> Iterator[str]:
    return (word.lower() for word in WORD.findall(text))


def chosen(features: Features, names: tuple[str, ...]) -> NDArray[np.float32]:
    """The columns of these names, in order."""
    at = {name: i for i, name in enumerate(features.names)}
    return features.values[:, [at[name] for name in names]]
