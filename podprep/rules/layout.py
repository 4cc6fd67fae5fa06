"""Where lines stand relative to their document: body font, columns, margins, leading.

Works on the boxes that PDFium reports; for lines without a box every question is answered by its
neutral value (body size 0, no margins), and callers fall back to the words alone.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ..document import Document, Line
from ..spans import Removal

_MOST_PEERS = 1000  # lines of a page that are compared with each; no real page has as many
_NEAR = 40.0  # points within which two left edges may belong to one column


@dataclass(frozen=True, slots=True)
class Margins:
    """Left and right edge of the column that a line stands in, in points."""

    left: float
    right: float


@dataclass(frozen=True)
class Layout:
    """Measures of one document.

    Attributes:
        body_size: font size that most characters share, in points; 0.0 if unknown.
        leading: usual distance between two base lines of body text, in points.
        margins: one entry a line, None where the engine gives no box.
    """

    body_size: float
    leading: float
    margins: tuple[Margins | None, ...]


def measure_layout(document: Document, removed: Sequence[Removal] = ()) -> Layout:
    """Measure a document once, for the finders and the paragraph builder.

    Args:
        document: the document as read.
        removed: whole lines to leave out of the search for the body font, such as the references.
    """
    leave_out = {removal.start for removal in removed}
    sizes: Counter[float] = Counter()
    for line, start in zip(document.lines, document.line_starts):
        if start not in leave_out:
            sizes[line.size] += len(line.text)
    body_size = sizes.most_common(1)[0][0] if sizes else 0.0
    margins = [m for page in document.pages for m in _page_margins(page.lines)]
    return Layout(body_size, _leading(document.lines, body_size), tuple(margins))


def _leading(lines: Sequence[Line], body_size: float) -> float:
    """Median distance between the base lines of neighbouring body lines."""
    steps = [
        a.box[1] - b.box[1]
        for a, b in pairwise(lines)
        if a.box and b.box and a.page == b.page and a.size == b.size == body_size
    ]
    steps = [s for s in steps if 0 < s < 4 * body_size]
    return median(steps) if steps else 1.2 * body_size


def _page_margins(lines: Sequence[Line]) -> list[Margins | None]:
    """Margins of every line of one page, from the lines of its font that start near it."""
    sample = lines[::len(lines) // _MOST_PEERS + 1]
    found: dict[tuple[float, float], Margins] = {}
    for line in lines:
        if line.box and (line.box[0], line.size) not in found:
            found[line.box[0], line.size] = _margins(line, sample)
    return [found[line.box[0], line.size] if line.box else None for line in lines]


def _margins(line: Line, lines: Sequence[Line]) -> Margins:
    assert line.box is not None
    left = line.box[0]
    peers = [p.box for p in lines if p.box and abs(p.box[0] - left) < _NEAR and abs(p.size - line.size) < 1.0]
    lefts = Counter(round(box[0]) for box in peers or [line.box])
    most = max(lefts.values())
    return Margins(min(x for x, n in lefts.items() if n == most), _right_edge([box[2] for box in peers or [line.box]]))


def _right_edge(rights: list[float]) -> float:
    """The right edge that most lines share, if justified; else where nine of ten ragged lines end."""
    edge, count = Counter(round(right) for right in rights).most_common(1)[0]
    return float(edge) if count >= 0.25 * len(rights) else sorted(rights)[int(0.9 * (len(rights) - 1))]


def line_step(a: Line, b: Line) -> float:
    """Distance in points between the base lines of b below a in one column; 0.0 across columns and pages."""
    if not a.box or not b.box or a.page != b.page or b.box[0] > a.box[2] or b.box[2] < a.box[0]:
        return 0.0
    return max(a.box[1] - b.box[1], 0.0)
