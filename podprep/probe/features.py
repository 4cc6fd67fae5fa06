"""What a line looks like, as numbers: its words, its type, its place, its neighbours, its block.

The first stage of the prose probe decides on these alone. All measures are relative to the
document (its body type, its column width, its usual step from line to line), so that they mean the
same for any publisher. Hidden states of the language model are in `reader`, decisions in `scores`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..document import Box, Line, Page
from .text_features import FUNCTION_WORDS, WORD, section_features, text_features

Array = NDArray[np.float32]

_LAYOUT_NEIGHBOURS = (
    "size bold width offset gap_up repeated block_lines full main_font body style_function_share style_function_part"
).split()
_TEXT_NEIGHBOURS = (
    "characters letters digits capitals function_share capitalised punctuation words word_length ends_stop "
    "starts_lower tokens p_caption p_initials p_year p_volume_pages p_affiliation p_numeric_citation p_email p_unit"
).split()
_BLOCK_MEANS = ("width", "full", "at_edge")
_OPENING = "p_caption p_caption_word p_entry_number p_keywords p_numbered_heading starts_digit starts_upper gap_up bold"
_NOWHERE: Box = (0.0, 0.0, 0.0, 0.0)
_REACH = 2  # lines before and after whose features a line sees
_WINDOW = 6  # lines before and after whose mean it sees


@dataclass(frozen=True)
class Features:
    """Features of every line of a document.

    Attributes:
        names: name of each column.
        values: one row a line, shape (lines, columns).
        blocks: number of the block each line belongs to: lines of one column and type without a gap.
    """

    names: tuple[str, ...]
    values: Array
    blocks: NDArray[np.int64]

    def column(self, name: str) -> Array:
        """One column by name."""
        return self.values[:, self.names.index(name)]


def line_features(pages: Sequence[Page]) -> Features:
    """Features of all lines of the pages, neighbours included."""
    lines = [(page, line) for page in pages for line in page.lines]
    if not lines:
        return Features((), np.zeros((0, 0), np.float32), np.zeros(0, np.int64))
    measures = _Measures(pages, lines)
    table = _own_features(measures, [line.text for _, line in lines])
    characters = np.array([len(line.text) for _, line in lines], float)
    blocks = measures.blocks()
    table |= _style_features(table, measures.style_ids, characters, [p.number for p, _ in lines], len(pages))
    table |= _block_features(table, blocks, characters)
    table |= _front_features(table, blocks, characters)
    table |= _neighbour_features(table)
    return Features(tuple(table), np.column_stack([column.astype(np.float32) for column in table.values()]), blocks)


def _own_features(measures: _Measures, texts: Sequence[str]) -> dict[str, Array]:
    """What each line shows by itself, as one column a feature; a long document's rows are never all held as dicts."""
    row = {**measures.line(0), **text_features(texts[0])}
    columns = np.empty((len(row), len(texts)), np.float32)
    columns[:, 0] = [*row.values()]
    for i, text in enumerate(texts[1:], 1):
        columns[:, i] = [*measures.line(i).values(), *text_features(text).values()]
    return dict(zip(row, columns))


class _Measures:
    """The document's own measures, and each line seen against them."""

    def __init__(self, pages: Sequence[Page], lines: Sequence[tuple[Page, Line]]) -> None:
        self.pages, self.lines = pages, lines
        self.boxes: list[Box] = [line.box or _NOWHERE for _, line in lines]
        styles = [(line.font, round(line.size * 2) / 2) for _, line in lines]
        known = {style: number for number, style in enumerate(dict.fromkeys(styles))}
        self.style_ids = np.array([known[style] for style in styles])
        self.main, self.body = self._main_style(styles)
        self.is_body = [abs(line.size / self.body - 1) < 0.04 and line.font == self.main for _, line in lines]
        self.column = self._column_width()
        self.edges = self._left_edges()
        self.step = self._usual_step()
        self.pages_of = Counter(key for key, _ in {(_key(line.text), page.number) for page, line in lines})
        self.sections = section_features([line.text for _, line in lines])
        by_page = {page.number: [line.box or _NOWHERE for line in page.lines] for page in pages if page.lines}
        self.tops = {number: max(box[3] for box in boxes) for number, boxes in by_page.items()}
        self.bottoms = {number: min(box[1] for box in boxes) for number, boxes in by_page.items()}
        self.body_share = self._body_shares()

    def _main_style(self, styles: Sequence[tuple[str, float]]) -> tuple[str, float]:
        """Font and size that most function words are set in: small print and tables have few."""
        votes: Counter[tuple[str, float]] = Counter()
        sizes: Counter[tuple[tuple[str, float], float]] = Counter()
        for style, (_, line) in zip(styles, self.lines):
            count = sum(w.lower() in FUNCTION_WORDS for w in WORD.findall(line.text))
            votes[style] += count
            sizes[style, line.size] += count
        main = votes.most_common(1)[0][0]
        size = max((s for style, s in sizes if style == main), key=lambda s: sizes[main, s])
        return main[0], max(size, 0.1)

    def _column_width(self) -> float:
        widths = [box[2] - box[0] for box, body in zip(self.boxes, self.is_body) if body]
        return max(float(np.percentile(widths, 85)), 1.0) if widths else 1.0

    def _left_edges(self) -> Array:
        """Left edges that a fair share of the body text starts at, in points."""
        lefts: Counter[int] = Counter()
        for box, body, (_, line) in zip(self.boxes, self.is_body, self.lines):
            if body:
                lefts[round(box[0] / 2)] += len(line.text)
        return np.array([2.0 * x for x, n in lefts.items() if n > 0.05 * lefts.total()] or [0.0], np.float32)

    def _usual_step(self) -> float:
        """Usual distance between the base lines of body lines, in points."""
        steps: Counter[float] = Counter()
        for (i, a), (j, b) in pairwise(enumerate(self.boxes)):
            down = a[1] - b[1]
            if self.is_body[i] and self.is_body[j] and self._same_page(i, j) and 0 < down < 4 * self.body:
                steps[round(down * 2) / 2] += 1
        return max(steps.most_common(1)[0][0] if steps else 1.2 * self.body, 1.0)

    def _body_shares(self) -> dict[int, float]:
        """Share of each page's characters that are set as body text."""
        counts: Counter[tuple[int, bool]] = Counter()
        for (page, line), body in zip(self.lines, self.is_body):
            counts[page.number, body] += len(line.text)
        return {n: counts[n, True] / max(counts[n, True] + counts[n, False], 1) for n in self.tops}

    def _same_page(self, i: int, j: int) -> bool:
        return self.lines[i][0].number == self.lines[j][0].number

    def relation(self, i: int, j: int) -> tuple[float, float, float]:
        """Step from line i down to line j in usual steps; whether they share a column; whether a size."""
        if not (0 <= i < len(self.lines) and 0 <= j < len(self.lines) and self._same_page(i, j)):
            return 9.0, 0.0, 0.0
        a, b = self.boxes[i], self.boxes[j]
        shared = min(a[2], b[2]) - max(a[0], b[0]) > 0.3 * min(a[2] - a[0], b[2] - b[0])
        same = abs(self.lines[i][1].size - self.lines[j][1].size) < 0.04 * self.body
        return float(np.clip((a[1] - b[1]) / self.step, -3, 9)), float(shared), float(same)

    def blocks(self) -> NDArray[np.int64]:
        """Block numbers: a block goes on down one column, in one size and weight, without a gap."""
        numbers = [0]
        for i in range(1, len(self.lines)):
            step, shared, same = self.relation(i - 1, i)
            weight = self.lines[i - 1][1].bold == self.lines[i][1].bold
            numbers.append(numbers[-1] + (not (shared and same and weight and -0.2 < step < 1.35)))
        return np.array(numbers)

    def line(self, i: int) -> dict[str, float]:
        """Features of one line's type and place."""
        page, line = self.lines[i]
        return {**self._type(i, line), **self._place(i, page), **self.sections[i]}

    def _type(self, i: int, line: Line) -> dict[str, float]:
        width, size = self.boxes[i][2] - self.boxes[i][0], max(line.size, 0.5) / self.body
        raised = sum(end - start for start, end in line.raised)
        return {
            "size": float(np.log(size)),
            "size_difference": float(abs(np.log(size))),
            "body": float(self.is_body[i]),
            "small": float(size < 0.94),
            "large": float(size > 1.06),
            "main_font": float(line.font == self.main),
            "bold": float(line.bold),
            "density": len(line.text) * self.body / max(width, 1) / 2,
            "raised": raised / max(len(line.text), 1),
            "starts_raised": float(bool(line.raised) and line.raised[0][0] == 0),
        }

    def _place(self, i: int, page: Page) -> dict[str, float]:
        (up, shared_up, same_up), (down, shared_down, same_down) = self.relation(i - 1, i), self.relation(i, i + 1)
        box, wide, high = self.boxes[i], max(page.width, 1), max(page.height, 1)
        offset, width = float(np.abs(self.edges - box[0]).min()), (box[2] - box[0]) / self.column
        repeated = self.pages_of[_key(self.lines[i][1].text)]
        first, last = self.pages[0].number, self.pages[-1].number
        return {
            "from_top": (high - box[3]) / high,
            "from_bottom": box[1] / high,
            "from_first": min((self.tops[page.number] - box[3]) / self.step, 8) / 4,
            "from_last": min((box[1] - self.bottoms[page.number]) / self.step, 8) / 4,
            "first_of_page": float(i == 0 or not self._same_page(i - 1, i)),
            "last_of_page": float(i + 1 == len(self.lines) or not self._same_page(i, i + 1)),
            "width": min(width, 2.5),
            "full": float(abs(width - 1) < 0.06),
            "offset": min(offset / self.body, 6),
            "at_edge": float(offset < 2.5),
            "left": box[0] / wide,
            "right": box[2] / wide,
            "gap_up": min(up, 4),
            "gap_down": min(down, 4),
            "goes_back": float(up < -0.2),
            "shared_up": shared_up,
            "shared_down": shared_down,
            "same_up": same_up,
            "same_down": same_down,
            "jump_up": float(up > 4),
            "jump_down": float(down > 4),
            "repeated": min(float(np.log(repeated)), 3),
            "repeated_share": repeated / len(self.pages) if repeated > 1 else 0.0,
            "first_page": float(page.number == first),
            "second_page": float(page.number == first + 1),
            "last_page": float(page.number == last),
            "part": i / len(self.lines),
            "page_body": self.body_share[page.number],
        }


def _key(text: str) -> str:
    """A line's text with numbers levelled, to find what repeats."""
    return re.sub(r"\d+", "#", " ".join(text.lower().split()))


def _mean(column: Array, groups: NDArray[np.int64], characters: NDArray[np.float64]) -> NDArray[Any]:
    """A column's mean over groups of lines, weighted by characters, one entry a line."""
    return (np.bincount(groups, column * characters) / np.maximum(np.bincount(groups, characters), 1))[groups]


def _style_features(
    table: dict[str, Array], style: NDArray[np.int64], characters: NDArray[np.float64], pages: Sequence[int], count: int
) -> dict[str, Array]:
    """What else is set in a line's font and size."""
    total = np.maximum(np.bincount(style, characters), 1e-6)
    function_words = table["function_share"] * table["words"] * 10
    seen = np.bincount([number for number, _ in {*zip(style.tolist(), pages)}], minlength=len(total))
    means = "function_share digits full width words in_references p_initials ends_stop starts_lower p_caption repeated"
    return {
        "style_part": (total / max(characters.sum(), 1))[style],
        "style_function_part": (np.bincount(style, function_words) / max(function_words.sum(), 1))[style],
        "style_pages": (seen / max(count, 1))[style],
        "style_lines": np.log(np.bincount(style))[style],
        **{f"style_{n}": _mean(table[n], style, characters).astype(np.float32) for n in means.split()},
    }


def _block_features(
    table: dict[str, Array], blocks: NDArray[np.int64], characters: NDArray[np.float64]
) -> dict[str, Array]:
    """Size of a line's block, means over it, and how its first line opens."""
    lines, total = np.bincount(blocks).astype(float), np.maximum(np.bincount(blocks, characters), 1)
    first = np.searchsorted(blocks, np.arange(len(lines)))[blocks]
    return {
        "block_lines": np.log(lines)[blocks],
        "block_place": (np.arange(len(blocks)) - first) / lines[blocks],
        "block_characters": np.log(total)[blocks],
        **{f"block_{name}": _mean(table[name], blocks, characters) for name in _BLOCK_MEANS},
        **{f"opening_{name}": table[name][first] for name in _OPENING.split()},
    }


def _front_features(
    table: dict[str, Array], blocks: NDArray[np.int64], characters: NDArray[np.float64]
) -> dict[str, Array]:
    """Signs of an abstract without a heading, and of long captions in body type."""
    front = table["first_page"] * (1 - table["in_body"])
    prose = _mean(table["function_share"], blocks, characters) * table["block_characters"] / 6
    return {
        "front": front,
        "front_prose": front * prose,
        "front_small_prose": front * prose * table["small"],
        "front_lines": front * table["block_lines"],
        "caption_prose": prose * (1 - table["in_references"]) * table["opening_p_caption"],
    }


def _neighbour_features(table: dict[str, Array]) -> dict[str, Array]:
    """Chosen features of the lines before and after; of those on layout, also the mean over a window.

    Means of what words look like would tell one journal's style from another's, not prose from tables.
    """
    found: dict[str, Array] = {}
    for name in (*_LAYOUT_NEIGHBOURS, *_TEXT_NEIGHBOURS):
        column = table[name].astype(np.float32)
        padded = np.pad(column, _REACH)
        for shift in (*range(-_REACH, 0), *range(1, _REACH + 1)):
            found[f"{name}@{shift:+d}"] = padded[_REACH + shift:_REACH + shift + len(column)]
        if name in _TEXT_NEIGHBOURS:
            continue
        sums = np.concatenate([[0.0], np.cumsum(column, dtype=float)])
        low = np.maximum(np.arange(len(column)) - _WINDOW, 0)
        high = np.minimum(np.arange(len(column)) + _WINDOW + 1, len(column))
        found[f"{name}@mean"] = ((sums[high] - sums[low]) / (high - low)).astype(np.float32)
    return found
