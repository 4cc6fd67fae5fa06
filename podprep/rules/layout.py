"""Where lines stand relative to their document: body font, columns, margins, leading.

Works on the boxes that PDFium reports; for lines without a box every question is answered by its
neutral value (body size 0, no margins), and callers fall back to the words alone.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ..document import Box, Document, Line
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


def measure_layout(document: Document, removed: Sequence[Removal] = (), like: Layout | None = None) -> Layout:
    """Measure a document once, for the finders and the paragraph builder.

    Args:
        document: the document as read.
        removed: whole lines to leave out of the search for the body font, such as the references.
        like: measures of the same document with other lines left out, which do not bear on margins.
    """
    leave_out = {removal.start for removal in removed}
    sizes: Counter[float] = Counter()
    for line, start in zip(document.lines, document.line_starts):
        if start not in leave_out:
            sizes[line.size] += len(line.text)
    body_size = sizes.most_common(1)[0][0] if sizes else 0.0
    margins = like.margins if like else tuple(m for page in document.pages for m in _page_margins(page.lines))
    return Layout(body_size, _leading(document.lines, body_size), margins)


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
    peers = [(line.box, line.size) for line in lines[::len(lines) // _MOST_PEERS + 1] if line.box]
    found: dict[tuple[float, float], Margins] = {}
    for line in lines:
        if line.box and (line.box[0], line.size) not in found:
            found[line.box[0], line.size] = _margins(line.box, line.size, peers)
    return [found[line.box[0], line.size] if line.box else None for line in lines]


def _margins(box: Box, size: float, peers: Sequence[tuple[Box, float]]) -> Margins:
    """Margins of a line, from those of its page's lines that start near it."""
    left = box[0]
    near = [peer for peer, of in peers if -_NEAR < peer[0] - left < _NEAR and -1.0 < of - size < 1.0] or [box]
    lefts = Counter(round(peer[0]) for peer in near)
    most = max(lefts.values())
    return Margins(min(x for x, n in lefts.items() if n == most), _right_edge([peer[2] for peer in near]))


def _right_edge(rights: list[float]) -> float:
    """The right edge that most lines share, if justified; else where nine of ten ragged lines end."""
    edge, count = Counter(round(right) for right in rights).most_common(1)[0]
    return float(edge) if count >= 0.25 * len(rights) else sorted(rights)[int(0.9 * (len(rights) - 1))]


def line_step(a: Line, b: Line) -> float:
    """Distance in points between the base lines of b below a in one column; 0.0 across columns and pages."""
    if not a.box or not b.box or a.page != b.page or b.box[0] > a.box[2] or b.box[2] < a.box[0]:
        return 0.0
    return max(a.box[1] - b.box[1], 0.0)
