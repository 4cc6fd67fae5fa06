"""Where a line stands and how it is set, as numbers relative to its document, so that they mean the same in any.

Words are in `marks`, what stands around a line in `context`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..document import Box, Document
from ..rules import MONO, Layout
from .marks import Array

_FRAMES = ("table", "box", "rules")  # what rules may enclose a line as
_NOWHERE: Box = (0.0, 0.0, 0.0, 0.0)
_SLANTED = re.compile(r"ital|obliq|slant|cmti|sfti", re.IGNORECASE)
_SYMBOLS = re.compile(r"cmsy|cmmi|cmex|msbm|math|symbol", re.IGNORECASE)
_MOST_STEPS = 9.0  # usual steps from line to line; farther is elsewhere


class Places:
    """A document's measures, and each of its lines seen against them.

    Attributes:
        blocks: number of each line's block: lines of one column and type without a gap.
        styles: number of each line's font and size.
        pages: number of each line's page, from 0.
        sections: number of the run of lines from one line that is set like a heading to the next.
        headings: whether each line is set like a heading.
    """

    def __init__(self, document: Document, layout: Layout, common: Array) -> None:
        self.document, self.lines, self.layout = document, document.lines, layout
        self.box = np.array([line.box or _NOWHERE for line in self.lines], float)
        self.size = np.array([max(line.size, 0.5) for line in self.lines])
        self.count = np.array([len(line.text) for line in self.lines], float)
        self.pages = _numbered([line.page for line in self.lines])
        styles = [(line.font, round(line.size * 2) / 2) for line in self.lines]
        self.styles = _numbered(styles)
        main = int(np.argmax(np.bincount(self.styles, common)))
        self.font = self.lines[int(np.argmax(self.styles == main))].font
        self.body = max(_heaviest(self.size[self.styles == main], common[self.styles == main]), 0.5)
        self.is_main = np.array([line.font == self.font for line in self.lines])
        self.is_body = self.is_main & (np.abs(self.size / self.body - 1) < 0.04)
        self.width = self.box[:, 2] - self.box[:, 0]
        self.column = max(float(np.percentile(self.width[self.is_body], 85)) if self.is_body.any() else 1.0, 1.0)
        self.same_page = np.r_[False, self.pages[1:] == self.pages[:-1]]
        self.drop = np.r_[0.0, self.box[:-1, 1] - self.box[1:, 1]]
        self.step = self._usual_step()
        self.up, self.shared, self.same_size = self._relations()
        self.bold = np.array([line.bold for line in self.lines])
        self.blocks = self._blocks()
        self.headings = self._headings()
        self.sections = np.cumsum(self.headings & ~np.r_[False, self.headings[:-1]])

    def _usual_step(self) -> float:
        """Usual distance between the base lines of body lines, in points."""
        usual = self.is_body & np.r_[False, self.is_body[:-1]] & self.same_page
        usual &= (self.drop > 0) & (self.drop < 4 * self.body)
        steps = Counter((np.round(self.drop[usual] * 2) / 2).tolist())
        return float(max(steps.most_common(1)[0][0] if steps else 1.2 * self.body, 1.0))

    def _relations(self) -> tuple[Array, Array, Array]:
        """Of each line and the one before: usual steps down to it, whether they share a column, whether a size."""
        left, right = self.box[:, 0], self.box[:, 2]
        overlap = np.minimum(right[1:], right[:-1]) - np.maximum(left[1:], left[:-1])
        shared = np.r_[False, overlap > 0.3 * np.minimum(self.width[1:], self.width[:-1])] & self.same_page
        same = np.r_[False, np.abs(self.size[1:] - self.size[:-1]) < 0.04 * self.body] & self.same_page
        up = np.where(self.same_page, np.clip(self.drop / self.step, -3, _MOST_STEPS), _MOST_STEPS)
        return up.astype(np.float32), shared.astype(np.float32), same.astype(np.float32)

    def _blocks(self) -> NDArray[np.int64]:
        """Block numbers: as reading tells them, or down one column, in one size and weight, without a gap."""
        told = [line.block for line in self.lines]
        if any(told):
            return _runs(list(zip(self.pages.tolist(), told)))
        goes_on = (self.shared > 0) & (self.same_size > 0) & np.r_[False, self.bold[1:] == self.bold[:-1]]
        goes_on &= (self.up > -0.2) & (self.up < 1.35)
        return np.cumsum(~goes_on) - 1

    def _headings(self) -> NDArray[np.bool_]:
        """Lines that are short, and set larger or bolder than the body."""
        body_bold = float(np.average(self.bold[self.is_body])) if self.is_body.any() else 0.0
        set_apart = (self.size > 1.06 * self.body) | (self.bold & (body_bold < 0.3) & (self.size > 0.95 * self.body))
        return set_apart & (self.count < 100)

    def columns(self) -> dict[str, Array]:
        """All measures of type and place, as columns by name."""
        found = {**self._type(), **self._place(), **self._peers(), **self._repeats()}
        return {name: np.asarray(column, np.float32) for name, column in found.items()}

    def _type(self) -> dict[str, NDArray[np.generic]]:
        size = self.size / self.body
        order = np.argsort(self.size, kind="stable")
        below = np.cumsum(self.count[order]) / max(self.count.sum(), 1)
        fonts = {font: number for number, font in enumerate(dict.fromkeys(line.font for line in self.lines))}
        flags = np.array([[bool(form.search(font)) for form in (MONO, _SLANTED, _SYMBOLS)] for font in fonts], float)
        kinds = flags[[fonts[line.font] for line in self.lines]]
        length = np.maximum(self.count, 1)
        rank = np.interp(self.size, self.size[order], below)
        return {
            "size": np.log(size), "size_difference": np.abs(np.log(size)), "size_rank": rank, "body": self.is_body,
            "small": size < 0.94, "large": size > 1.06, "main_font": self.is_main, "bold": self.bold,
            "mono": kinds[:, 0], "slanted": kinds[:, 1], "symbols": kinds[:, 2],
            "gap": np.minimum([line.gap for line in self.lines], 12.0),
            "in_columns": np.array([line.column > 0 for line in self.lines]),
            **{f"frame_{frame}": np.array([line.frame == frame for line in self.lines]) for frame in _FRAMES},
            "density": self.count * self.body / np.maximum(self.width, 1) / 2,
            "raised": np.array([sum(b - a for a, b in line.raised) for line in self.lines]) / length,
            "starts_raised": np.array([bool(line.raised) and line.raised[0][0] == 0 for line in self.lines]),
            "emphasis": np.array([sum(b - a for a, b in line.emphasis) for line in self.lines]) / length,
            "starts_emphasis": np.array([bool(line.emphasis) and line.emphasis[0][0] == 0 for line in self.lines]),
            "heading_like": self.headings,
        }

    def _place(self) -> dict[str, NDArray[np.generic]]:
        wide, high = (
            np.maximum(np.array([getattr(page, side) for page in self.document.pages for _ in page.lines], float), 1)
            for side in ("width", "height")
        )
        left, bottom, right, top = self.box.T
        margins = [m or None for m in self.layout.margins]
        inner = np.array([(m.left, m.right) if m else (a, b) for m, a, b in zip(margins, left, right)]).reshape(-1, 2)
        number, total = self.pages, int(self.pages[-1]) + 1
        tops, bottoms = _extreme(top, number, np.maximum), _extreme(bottom, number, np.minimum)
        down, jump = np.r_[self.up[1:], _MOST_STEPS], 4
        width = self.width / self.column
        return {
            "from_top": (high - top) / high, "from_bottom": bottom / high,
            "from_first": np.minimum((tops - top) / self.step, 8) / 4,
            "from_last": np.minimum((bottom - bottoms) / self.step, 8) / 4,
            "first_of_page": ~self.same_page, "last_of_page": np.r_[~self.same_page[1:], True],
            "width": np.minimum(width, 2.5), "full": np.abs(width - 1) < 0.06,
            "left": left / wide, "right": right / wide, "centred": np.abs((left + right) / wide - 1),
            "indent": np.clip((left - inner[:, 0]) / self.body, -6, 12),
            "short": np.clip((inner[:, 1] - right) / self.body, -6, 30),
            "margin_width": (inner[:, 1] - inner[:, 0]) / self.column,
            "shift_up": np.clip(np.r_[0, np.diff(left)] / self.body, -12, 12),
            "gap_up": np.minimum(self.up, jump), "gap_down": np.minimum(down, jump), "goes_back": self.up < -0.2,
            "shared_up": self.shared, "shared_down": np.r_[self.shared[1:], 0],
            "same_up": self.same_size, "same_down": np.r_[self.same_size[1:], 0],
            "upright": (top - bottom) > 2 * self.width, "landscape": wide > high,
            "page": np.minimum(number, 8), "page_from_end": np.minimum(total - 1 - number, 8),
            "page_part": number / max(total - 1, 1), "part": np.arange(len(left)) / len(left),
            "pages": np.full(len(left), np.log(total)),
        }

    def _peers(self) -> dict[str, NDArray[np.generic]]:
        """How many lines of the page start and end where a line does, and what stands in its row."""
        found = np.zeros((7, len(self.lines)))
        for page in range(int(self.pages[-1]) + 1):
            which = np.flatnonzero(self.pages == page)
            for row, side in enumerate((0, 2)):
                found[row, which] = _near(self.box[which, side], 1.5) / len(which)
            self._rows(which, found)
            found[6, which] = np.log(len(which))
        names = "left_peers right_peers row row_left row_right row_place page_lines".split()
        return dict(zip(names, found))

    def _rows(self, which: NDArray[np.int64], found: NDArray[np.float64]) -> None:
        """Fill in, for lines of one page: lines in the row, distance to those on the left and right, place in it."""
        order = which[np.lexsort((self.box[which, 0], -self.box[which, 1]))]
        bottoms, reach = self.box[order, 1].tolist(), (0.3 * self.size[order]).tolist()
        found[2, which], found[3:5, which] = 1, 20
        starts = [0]
        for at in range(1, len(order) + 1):
            first = starts[-1]
            if at < len(order) and bottoms[first] - bottoms[at] < reach[first]:
                continue
            starts.append(at)
            if at - first == 1:
                continue
            row = order[first:at]
            row = row[np.argsort(self.box[row, 0], kind="stable")]
            gaps = np.clip((self.box[row[1:], 0] - self.box[row[:-1], 2]) / self.body, -2, 20)
            found[2, row], found[5, row] = min(len(row), 8), np.arange(len(row)) / len(row)
            found[3, row[1:]], found[4, row[:-1]] = gaps, gaps

    def _repeats(self) -> dict[str, NDArray[np.generic]]:
        """How often a line's text comes back, and at its height; whether its words do before or after."""
        keys = [_key(line.text) for line in self.lines]
        on: defaultdict[str, set[int]] = defaultdict(set)
        at: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
        first: dict[str, int] = {}
        last: dict[str, int] = {}
        bare = [_bare(line.text) for line in self.lines]
        for i, (key, page) in enumerate(zip(keys, self.pages.tolist())):
            on[key].add(page)
            at[key, round(self.box[i, 1] / 4)].add(page)
            first.setdefault(bare[i], page)
            last[bare[i]] = page
        total, rows = int(self.pages[-1]) + 1, range(len(keys))
        height = [len(at[keys[i], round(self.box[i, 1] / 4)]) for i in rows]
        told = [len(text) > 2 for text in bare]
        return {
            "repeated": np.minimum(np.log([len(on[key]) for key in keys]), 3),
            "repeated_share": np.array([len(on[key]) / total if len(on[key]) > 1 else 0 for key in keys]),
            "repeated_place": np.minimum(np.log(height), 3),
            "echo_later": np.array([told[i] and last[bare[i]] > self.pages[i] for i in rows]),
            "echo_before": np.array([told[i] and first[bare[i]] < self.pages[i] for i in rows]),
        }



def _numbered(values: Sequence[object]) -> NDArray[np.int64]:
    """Each value as the number in which its like was first met."""
    known = {value: number for number, value in enumerate(dict.fromkeys(values))}
    return np.array([known[value] for value in values], np.int64)


def _runs(values: Sequence[object]) -> NDArray[np.int64]:
    """Number of the run of equal values that each value stands in."""
    return np.cumsum([i > 0 and value != values[i - 1] for i, value in enumerate(values)])


def _heaviest(values: NDArray[np.float64], weights: Array) -> float:
    counts: Counter[float] = Counter()
    for value, weight in zip(values.tolist(), weights.tolist()):
        counts[value] += weight
    return counts.most_common(1)[0][0]


def _extreme(values: NDArray[np.float64], groups: NDArray[np.int64], best: np.ufunc) -> NDArray[np.float64]:
    """The best value of each value's group."""
    found = np.full(int(groups.max()) + 1, -np.inf if best is np.maximum else np.inf)
    best.at(found, groups, values)
    return found[groups]


def _near(values: NDArray[np.float64], reach: float) -> NDArray[np.int64]:
    """How many values lie within reach of each."""
    ordered = np.sort(values)
    return np.searchsorted(ordered, values + reach, "right") - np.searchsorted(ordered, values - reach)


def _key(text: str) -> str:
    """A line's text with numbers levelled, to find what repeats."""
    return re.sub(r"\d+", "#", " ".join(text.lower().split()))


def _bare(text: str) -> str:
    """A line's words without the numbers and leaders around them: alike in a heading and its entry in the contents."""
    return re.sub(r"^[\W\d]+|(?:[\W\d]|\b[ivxl]+\b)+$", "", text.lower()).strip()
