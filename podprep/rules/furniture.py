"""Find lines that are not prose by where they stand and what repeats: no model.

Each finder takes a document and yields removals of whole lines. They are deliberately few and
cautious: a line of prose lost is worse than a line of furniture kept.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby

from ..document import Document, Line
from ..spans import Removal
from .formulas import find_formulas
from .layout import Layout, line_step, measure_layout
from .lists import find_lists

_EDGE_ROWS = 3  # rows at the top and bottom of a page that may be running heads
_FEWEST_HEADS, _MOST_PAGES = 6, 0.6  # pages with heads that change, and of a document's pages
_CAPTION = re.compile(
    r"(?i:supplementary |extended data )?(?i:fig(?:ure|\.)?|table|scheme|chart|plate|box|algorithm)\s*"
    r"(?:\d{1,3}|[IVX]{1,5}|[A-Z]\d{1,2})(?:[a-z]|\([a-z]\))?\s*(?:[.:|]|$|\s(?=[A-Z(]))"
)
_CONTENTS = re.compile(r"(?<!\.)(?<!\.\s)(?:\.\s?){4,}\s*(?:\d{1,4}|[ivxlc]{1,7})$")
_FOOTNOTE = re.compile(r"(?:\d{1,2}[.)]?\s?|[*†‡§¶]\s?)(?=[A-Z“\"h])")
_DAY = r"\s*:?\s*(?:on )?(?:\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_FRONT_MATTER = re.compile(
    rf"(?:received|accepted|revised|published(?: online)?|available online){_DAY}|"
    r"(?:academic editors?|edited by|reviewed by|citation|how to cite[\w ]*|e-?mail|tel|fax|doi|key\s?words?"
    r"|correspondence)\s*:|key\s?words?\b(?=\W|\s+[A-Z])|index terms\b|correspondence to\b|corresponding author\b|"
    r"\*\s?correspond|©|copyright (?:©|\(c\)|\d)|doi\.org|doi 10|issn\b|open access$|this is an open|"
    r"this (?:article|work) is (?:an open|distributed|licensed|published under)",
    re.IGNORECASE,
)
_STATEMENT = re.compile(  # what a publisher adds of its own, wherever it stands
    r"open access\W+this (?:article|work|is)\b|this (?:article|work) is (?:distributed|licensed) under|"
    r"publisher[’']s note\b|springer nature remains neutral|correspondence and requests for materials",
    re.IGNORECASE,
)
_INSTITUTION = re.compile(
    r"(?<![a-z])(?:universit|institut|department|hospital|college|school of|faculty of|laborator|academy|cent[er]{2})",
    re.IGNORECASE,
)
_ABSTRACT = re.compile(r"(?:A\s?B\s?S\s?T\s?R\s?A\s?C\s?T|Abstract|SUMMARY|Summary)\s*(?:[:.—–-]|$)")


def find_furniture(document: Document) -> tuple[Layout, list[Removal]]:
    """All lines whose kind their form or their place settles, and the document's measures.

    References are found first, so that their type does not count as the body's.
    """
    references = list(find_references(document))
    layout = measure_layout(document, references)
    return layout, [
        *(_whole_line(document, i, "formula") for i in find_formulas(document, layout)),
        *find_footnotes(document, layout),
        *find_captions(document, layout),
        *find_front_matter(document, layout),
        *find_statements(document, layout),
        *find_running_heads(document),
        *find_changing_heads(document, layout),
        *find_contents(document),
        *references,
    ]


def find_asides(document: Document) -> Iterator[Removal]:
    """Lines that are no part of what the page says: hidden or covered text, a manuscript's line numbers."""
    for i, line in enumerate(document.lines):
        if line.aside:
            yield _whole_line(document, i, line.aside)


def find_running_heads(document: Document) -> Iterator[Removal]:
    """Heads, feet and folios: lines at page edges whose text repeats on other pages, digits left aside.

    Alternating heads repeat on every second page, so two pages suffice; where boxes are known the
    repeated lines must also stand at the same height. A page that is there twice counts once.
    """
    places: dict[str, list[tuple[int, float | None, int]]] = defaultdict(list)
    originals: dict[tuple[str, ...], int] = {}
    for number, group in groupby(range(len(document.lines)), key=lambda i: document.lines[i].page):
        indices = list(group)
        page = originals.setdefault(tuple(document.lines[i].text for i in indices), number)
        for i in _edge_lines(document, indices):
            line = document.lines[i]
            key = re.sub(r"\d+|\b[ivxlc]+\b", "#", " ".join(line.text.lower().split()))
            places[key].append((page, line.box[1] if line.box else None, i))
    for found in places.values():
        where = {(page, height) for page, height, _ in found}
        repeated = {
            (page, height) for page, height in where
            if any(p != page and (h is None or height is None or abs(h - height) < 4.0) for p, h in where)
        }
        yield from (_whole_line(document, i, "running head") for page, height, i in found if (page, height) in repeated)


def find_changing_heads(document: Document, layout: Layout) -> Iterator[Removal]:
    """Heads that say another thing on each page, as a section's name: one or two lines no larger than the body, at the
    same height on most pages, well above what follows.
    """
    heads: dict[int, list[list[int]]] = defaultdict(list)
    pages = [list(group) for _, group in groupby(range(len(document.lines)), key=lambda i: document.lines[i].page)]
    for indices in pages:
        shown = [i for i in indices if not document.lines[i].aside and document.lines[i].box]
        top = [i for i in shown if document.lines[i].block == document.lines[shown[0]].block]
        if len(shown) > len(top) and _is_head(document, layout, top, shown[len(top)]):
            heads[round(_bottom(document.lines[top[0]]) / 3)].append(top)
    most = max(heads.values(), key=len, default=[])
    if len(most) >= max(_FEWEST_HEADS, _MOST_PAGES * len(pages)):
        yield from (_whole_line(document, i, "running head") for top in most for i in top)


def _is_head(document: Document, layout: Layout, top: Sequence[int], after: int) -> bool:
    """Whether a page's first lines are few, small, and far above the line after them."""
    first, last, below = (document.lines[i] for i in (top[0], top[-1], after))
    gap = _bottom(last) - _bottom(below)
    upright = not _vertical(first)
    return len(top) <= 2 and first.size < 1.05 * layout.body_size and gap > 1.5 * layout.leading and upright


def _edge_lines(document: Document, indices: Sequence[int]) -> list[int]:
    """The lines of the outermost rows of one page, by height where known, else by order."""
    if any(document.lines[i].box is None for i in indices):
        return sorted({*indices[:_EDGE_ROWS], *indices[-_EDGE_ROWS:]})
    heights = sorted({round(_bottom(document.lines[i]) / 3) for i in indices})
    edges = {*heights[:_EDGE_ROWS], *heights[-_EDGE_ROWS:]}
    return [i for i in indices if round(_bottom(document.lines[i]) / 3) in edges]


def _bottom(line: Line) -> float:
    return line.box[1] if line.box else 0.0


def find_references(document: Document) -> Iterator[Removal]:
    """Every line of every reference list."""
    for lines in find_lists(document):
        yield from (_whole_line(document, i, "reference") for i in lines)


def find_captions(document: Document, layout: Layout) -> Iterator[Removal]:
    """Captions of figures and tables, to the end of their block."""
    inside: Line | None = None
    for i, line in enumerate(document.lines):
        starts = _CAPTION.match(line.text) and (_small(line, layout) or _set_apart(document, layout, i))
        if starts or (inside and _continues(inside, line, layout)):
            yield _whole_line(document, i, "caption")
            inside = line
        else:
            inside = None


def _set_apart(document: Document, layout: Layout, i: int) -> bool:
    """Whether a caption in body type shows it by two of: a gap above, bold or italic type, a mark after its number."""
    line, before = document.lines[i], document.lines[i - 1] if i else None
    gap = before is not None and not 0 < line_step(before, line) < 1.3 * layout.leading
    if before and not gap and re.search(r"[a-z,(]$", before.text):
        return False
    type_set = bool(line.emphasis) and line.emphasis[0][0] == 0
    marked = bool(re.match(r"\w+\.?\s*[\dIVX]+\s*[.:|]\s", line.text))
    return gap + type_set + marked >= 2


def _continues(a: Line, b: Line, layout: Layout) -> bool:
    """Whether b goes on in the type of line a, close below it."""
    if not a.box or not b.box or a.page != b.page or abs(a.size - b.size) > 0.3:
        return False
    reach = 1.6 * max(a.size, 1.0) if _small(b, layout) else 1.15 * layout.leading
    aligned = _small(b, layout) or abs(a.box[0] - b.box[0]) < 3
    return aligned and 0 <= a.box[1] - b.box[1] < reach


def _small(line: Line, layout: Layout) -> bool:
    return 0 < line.size < 0.97 * layout.body_size


def find_front_matter(document: Document, layout: Layout) -> Iterator[Removal]:
    """Author block, dates, licence and keywords on the first page; the title stays by its size."""
    first_page = [i for i, line in enumerate(document.lines) if line.page == document.lines[0].page]
    abstract = next((i for i in first_page if _ABSTRACT.match(document.lines[i].text)), 0)
    inside: Line | None = None
    for i in first_page:
        line = document.lines[i]
        above = i < abstract and line.size < 1.2 * layout.body_size
        opens = above or _FRONT_MATTER.match(line.text) or _is_affiliation(line)
        if opens or (inside and _continues(inside, line, layout)):
            yield _whole_line(document, i, "front matter")
            inside = None if above or _ABSTRACT.match(line.text) else line
        else:
            inside = None


def _is_affiliation(line: Line) -> bool:
    """Whether a line opens with a raised number or letter and names an institution."""
    opens = bool(line.raised) and line.raised[0][0] == 0 and line.raised[0][1] <= 3
    return opens and bool(_INSTITUTION.search(line.text))


def find_statements(document: Document, layout: Layout) -> Iterator[Removal]:
    """What a publisher adds of its own, to the end of the block: licence, note on neutrality, whom to write to."""
    inside: Line | None = None
    for i, line in enumerate(document.lines):
        goes_on = inside and (_continues(inside, line, layout) or _flows_round_logo(inside, line, layout))
        if _STATEMENT.match(line.text.strip()) or goes_on:
            yield _whole_line(document, i, "front matter")
            inside = line
        else:
            inside = None


def _flows_round_logo(a: Line, b: Line, layout: Layout) -> bool:
    """Whether b is the next line of a block whose first lines are indented by a picture: their right edges agree."""
    if not a.box or not b.box or a.page != b.page or abs(a.size - b.size) > 0.3:
        return False
    return abs(a.box[2] - b.box[2]) < 3 and 0 < line_step(a, b) < 1.15 * layout.leading


def find_small_print(document: Document, layout: Layout) -> Iterator[Removal]:
    """Lines set clearly smaller than the body, or up the margin: table cells, labels in figures.

    An abstract in small print stays.
    """
    inside: Line | None = None
    turned = _turned_pages(document)
    for i, line in enumerate(document.lines):
        after_heading = inside is not None and bool(_ABSTRACT.fullmatch(inside.text.strip()))
        in_abstract = _ABSTRACT.match(line.text) or (inside and (after_heading or _continues(inside, line, layout)))
        inside = line if in_abstract else None
        small = 0 < line.size < 0.88 * layout.body_size and not in_abstract
        if small or (_vertical(line) and line.page not in turned):
            yield _whole_line(document, i, "small print")


def find_contents(document: Document) -> Iterator[Removal]:
    """Entries of a table of contents: dot leaders and a page number at the line's end."""
    for i, line in enumerate(document.lines):
        if _CONTENTS.search(line.text):
            yield _whole_line(document, i, "contents")


def find_footnotes(document: Document, layout: Layout) -> Iterator[Removal]:
    """Footnotes: small lines that open with a mark and run to the foot of their column."""
    inside: Line | None = None
    for i, line in enumerate(document.lines):
        opens = _FOOTNOTE.match(line.text) and 0 < line.size < 0.9 * layout.body_size and _at_foot(document, layout, i)
        if opens or (inside and _small(line, layout) and _continues(inside, line, layout)):
            yield _whole_line(document, i, "footnote")
            inside = line
        else:
            inside = None


def _at_foot(document: Document, layout: Layout, index: int) -> bool:
    """Whether no body line of the page stands below this one in its column, and body lines stand above."""
    line = document.lines[index]
    near = (o for o in document.lines[max(0, index - 250):index + 250] if o.page == line.page and not _small(o, layout))
    column = [o.box for o in near if o.box and line.box and o.box[0] < line.box[2] and o.box[2] > line.box[0]]
    below = sum(box[1] < (line.box or box)[1] and len(column) > 1 for box in column)
    return below <= 1 and len(column) - below >= 3  # a folio may stand below


def _turned_pages(document: Document) -> set[int]:
    """Numbers of the pages that are written from top to bottom, or turned, as a whole."""
    upright: dict[int, int] = defaultdict(int)
    for line in document.lines:
        upright[line.page] += -len(line.text) if _vertical(line) else len(line.text)
    return {page for page, characters in upright.items() if characters < 0}


def _vertical(line: Line) -> bool:
    return line.box is not None and len(line.text) > 3 and line.box[3] - line.box[1] > 2 * (line.box[2] - line.box[0])


def _whole_line(document: Document, index: int, kind: str) -> Removal:
    start = document.line_starts[index]
    return Removal(start, start + len(document.lines[index].text), kind)
