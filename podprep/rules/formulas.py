"""Find displayed formulas: lines of notation that stand apart from the running text.

A formula comes as many pieces: fractions, bounds, brackets, its number. What belongs to one goes as one. Notation
inside a line of prose stays.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from ..document import Document, Line
from ..spans import Removal
from .layout import Layout

_SIGNS = re.compile(
    r"[=+−×÷·∘⊕⊗⊙<>≤≥≈≃≅≡∼∝≠≜→←↦⇒⇔∈∉⊂⊆∪∩∧∨¬∀∃∑∏∫√∂∇±∓∞∆∥|⟨⟩∗⋆⊤⊥△λμσθΣΠΩαβγδεϵφψωπτρη]|"
    r"\b(?:log|exp|lim|max|min|sin|cos)\b"
)
_NUMBER = re.compile(r"\(\s?(?:[A-Z]\.?)?\d{1,3}(?:\.\d{1,3}){0,2}[a-z]?\s?\)\W*$")
_WORD = re.compile(r"(?<!\w)(?=[^\W\d_]*[^\W\d_A-Z])[^\W\d_]{3,}(?![\w(])")  # no acronym, and no function's name
_NOTATION = frozenset(
    "sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh log exp lim sup inf max min arg argmax argmin det dim "
    "ker deg gcd mod var cov corr diag rank sgn sign tr trace span relu softmax sigmoid and for all otherwise where "
    "with subject else then iff such that let def pour sonst wenn für".split()
)
_FONTS = re.compile(r"cmmi|cmsy|cmex|msbm|msam|eufm|stmary|math|symbol|mtmi|mtsy|rmtmi", re.IGNORECASE)
MONO = re.compile(r"mono|courier|typewriter|consol|cmtt|sftt|nimbusmon|menlo|fixed|code", re.IGNORECASE)
_MOST = 0.15  # share of the letters of a line that may be words
_FEW_WORDS, _WIDE = 3, 1.0  # words of a line that ends in a number, and font sizes of the gap before that
_LONGEST = 160  # characters
_LEAST_INDENT = 0.8  # font sizes


def is_notation(line: Line) -> bool:
    """Whether a line holds notation and no words to speak of."""
    text = line.text.strip()
    if len(text) > _LONGEST or not (_SIGNS.search(text) or _NUMBER.fullmatch(text) or _FONTS.search(line.font)):
        return False
    words = [word for word in _WORD.findall(text) if word.lower() not in _NOTATION]
    if sum(map(len, words)) <= _MOST * sum(map(str.isalpha, text)):
        return bool(text)
    return bool(_NUMBER.search(text)) and line.gap > _WIDE and len(words) <= _FEW_WORDS


def is_fragment(line: Line) -> bool:
    """Whether a line can be a piece of a formula: a few letters, digits and signs."""
    text = line.text.strip()
    return len(text) < 12 and not any(word.lower() not in _NOTATION for word in _WORD.findall(text))


def is_listing(line: Line) -> bool:
    """Whether a line is set in type of one width, as code is, whose signs are no notation."""
    return bool(MONO.search(line.font))


def find_formulas(document: Document, layout: Layout) -> Iterator[int]:
    """Yield the lines of displayed formulas, by their places: notation set in, or with a number, and its fragments."""
    lines = document.lines
    for run in _runs(lines, [not line.aside and (is_notation(line) or is_fragment(line)) for line in lines]):
        displayed = [at for at in run if is_notation(lines[at]) and _is_set_apart(lines, layout, at)]
        if displayed and not any(_beside_prose(lines, at) for at in run):
            yield from run


def as_whole(removals: Sequence[Removal], document: Document) -> list[Removal]:
    """Removals of whole lines with those of one formula in one, the line ends between them included."""
    found: list[Removal] = []
    for removal in removals:
        last = found[-1] if found else None
        if last and last.kind == removal.kind == "formula" and not document.text[last.end:removal.start].strip():
            found[-1] = Removal(last.start, removal.end, "formula", max(last.score, removal.score))
        else:
            found.append(removal)
    return found


def _runs(lines: Sequence[Line], wanted: Sequence[bool]) -> Iterator[list[int]]:
    """Yield runs of wanted lines on one page."""
    for (_, yes), run in groupby(range(len(lines)), key=lambda at: (lines[at].page, wanted[at])):
        if yes:
            yield list(run)


def _is_set_apart(lines: Sequence[Line], layout: Layout, at: int) -> bool:
    """Whether a line has a formula's number at its end, or is set in from the left and ends before the right."""
    line, margin = lines[at], layout.margins[at]
    if _NUMBER.search(line.text) and (line.gap > _WIDE or _NUMBER.fullmatch(line.text.strip())):
        return True
    if line.box is None or margin is None:
        return False
    size = line.size or 10.0
    return line.box[0] - margin.left > _LEAST_INDENT * size or _column_indent(lines, at) > _LEAST_INDENT * size


def _column_indent(lines: Sequence[Line], at: int) -> float:
    """How far a line is set in, in points, from the nearest wider line above or below it in its column."""
    box = lines[at].box
    assert box is not None
    for step in (-1, 1):
        for other in range(at + step, at + 12 * step, step):
            if not 0 <= other < len(lines) or lines[other].page != lines[at].page:
                break
            near = lines[other].box
            if near and len(_WORD.findall(lines[other].text)) > 3 and near[0] - 2 < box[0] and box[2] < near[2] + 40:
                return box[0] - near[0]
    return 0.0


def _beside_prose(lines: Sequence[Line], at: int) -> bool:
    """Whether a line of words stands in the same row right beside a line."""
    box = lines[at].box
    if box is None:
        return False
    for other in range(max(0, at - 3), min(len(lines), at + 4)):
        near = lines[other].box
        if other == at or near is None or lines[other].page != lines[at].page or is_notation(lines[other]):
            continue
        shared = min(box[3], near[3]) - max(box[1], near[1])
        beside = min(abs(box[0] - near[2]), abs(near[0] - box[2])) < 1.2 * max(lines[at].size, 6.0)
        if shared > 0.35 * (near[3] - near[1]) and beside and len(_WORD.findall(lines[other].text)) > 1:
            return True
    return False
