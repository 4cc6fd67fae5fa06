"""Parts: a manuscript cut into pieces that fit a model, at section ends where there are any, at paragraph ends else.

Joined, the parts' texts give the whole; each opens with the title and the section it stands in. How many tokens a
model takes is the caller's to know.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..choices import LEAST_TOKENS
from ..counts import counted
from ..errors import SettingsError
from ..spans import Span
from ..weights import EMBEDDED
from .looks import printable
from .manuscript import Manuscript, Paragraph
from .markdown import blocks_of, front_matter
from .numbers import Count, token_counter

_LEAST_FILL = 0.4  # of what a part may hold, before a section's end is taken for its own
_BETWEEN = 2  # tokens of a blank line, at most
_LONGEST = 80  # characters of a title that a part opens with
_ENDS = tuple(map(re.compile, (r"(?<=[.!?])[\"'”’)\]]*\s+|(?<=[。！？])", r"\s+", r"(?s:.)")))
_OPENERS = ("title", "heading", "label")  # which never end a part


@dataclass(frozen=True)
class Part:
    """One part of a manuscript.

    Attributes:
        number: from 1.
        of: how many there are.
        title: the document's, cut where it is very long.
        section: the headings that the part begins under, from the outermost.
        text: what it holds of the clean text.
        paragraphs: the same with its shape.
    """

    number: int
    of: int
    title: str
    section: tuple[str, ...]
    text: str = field(repr=False)
    paragraphs: tuple[Paragraph, ...] = field(repr=False)

    def to_text(self) -> str:
        """The part as plain text, under a line that says where it stands."""
        place = [f"part {self.number} of {self.of}", *self.section]
        return f"[{self.title or 'untitled'}: {', '.join(place)}]\n\n{self.text}\n"

    def to_markdown(self) -> str:
        """The part as Markdown; where it stands is in the front matter."""
        front = front_matter({
            "title": self.title, "part": f"{self.number} of {self.of}", "section": " > ".join(self.section),
        })
        return "\n\n".join([front, *blocks_of(self.paragraphs)]) + "\n"


def parts_of(manuscript: Manuscript, tokens: int, tokenizer: str | Path = EMBEDDED) -> tuple[Part, ...]:
    """Cut a manuscript into parts, none of which is longer in Markdown or as text than a number of tokens.

    Args:
        manuscript: what is handed over.
        tokens: the most that a part holds, what it opens with included.
        tokenizer: what counts them, see `numbers_of`.

    Raises:
        SettingsError: the number is too small for a part to say anything, or the tokenizer is not on this machine.
    """
    if tokens < LEAST_TOKENS:
        raise SettingsError(f"A part of {counted(tokens, 'tokens')} holds hardly a paragraph: choose {LEAST_TOKENS} or "
                            "more.")
    count = token_counter(tokenizer)
    found = list(_cut(manuscript, tokens, count))
    return tuple(replace(part, number=number, of=len(found)) for number, part in enumerate(found, 1))


def _cut(manuscript: Manuscript, tokens: int, count: Count) -> Iterator[Part]:
    """Yield parts that do not yet know how many they are."""
    pieces = [piece for paragraph in manuscript.paragraphs
              for piece in _fitting(manuscript.text, paragraph, tokens // 2, count)]
    costs = [_cost(piece, count) for piece in pieces]
    at, path = 0, list[Paragraph]()
    while at < len(pieces):
        above = [head for head in path if not pieces[at].level or head.level < pieces[at].level]
        part = _opened(manuscript, above, tokens, count)
        end = _end(pieces, costs, at, tokens - _opening_cost(part, count))
        inside = tuple(pieces[at:end])
        yield replace(part, text=manuscript.text[inside[0].start:inside[-1].end], paragraphs=inside)
        for piece in inside:
            if piece.level:
                path = [*(head for head in path if head.level < piece.level), piece]
        at = end


def _end(pieces: Sequence[Paragraph], costs: Sequence[int], start: int, budget: int) -> int:
    """Where a part ends that begins at `start`: before the foremost heading in reach, or else after what still fits."""
    reach, spent, full = start, 0, start
    while reach < len(pieces) and spent + costs[reach] <= budget:
        spent += costs[reach]
        reach += 1
        full = reach if spent < _LEAST_FILL * budget else full
    if reach == len(pieces):
        return reach
    ends = [at for at in range(start + 1, reach + 1) if pieces[at - 1].kind not in _OPENERS]
    heads = [at for at in ends if at > full and pieces[at].kind == "heading"]
    best = min(heads, key=lambda at: (pieces[at].level, -at), default=None)
    return best or (ends[-1] if ends else max(reach, start + 1))


def _opened(manuscript: Manuscript, path: Sequence[Paragraph], tokens: int, count: Count) -> Part:
    """A part that says where it stands, in as few words as it has to."""
    title = _short(manuscript.title or manuscript.file)
    section = tuple(_short(head.text) for head in path)
    fullest = Part(99, 99, title, section, "", ())
    ways = [fullest, replace(fullest, section=section[-1:]), replace(fullest, section=())]
    return next((part for part in ways if _opening_cost(part, count) <= tokens // 4), replace(ways[-1], title=""))


def _opening_cost(part: Part, count: Count) -> int:
    return max(count(part.to_markdown()), count(part.to_text())) + _BETWEEN


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST - 1].rstrip() + "…"


def _cost(piece: Paragraph, count: Count) -> int:
    return max(count(block) for block in (piece.text, *blocks_of([piece]))) + _BETWEEN


def _fitting(text: str, paragraph: Paragraph, most: int, count: Count) -> Iterator[Paragraph]:
    """Yield a paragraph as it is, or in pieces that fit: of whole sentences, or of words where those are too long."""
    if _cost(paragraph, count) <= most:
        yield paragraph
        return
    raw = text[paragraph.start:paragraph.end]
    for a, b in _pieces(raw, lambda piece: _cost(replace(paragraph, text=piece, mark=""), count) <= most):
        kind = paragraph.kind if a == 0 else "paragraph"
        yield replace(paragraph, kind=kind, text=printable(raw[a:b]), mark=paragraph.mark if a == 0 else "",
                      level=paragraph.level if a == 0 else 0, start=paragraph.start + a, end=paragraph.start + b)


def _pieces(raw: str, fits: Callable[[str], bool]) -> Iterator[Span]:
    """Yield the spans of a text that fit, each as long as it may be."""
    start = 0
    while start < len(raw):
        end = next(end for end in (_farthest(raw, start, form, fits) for form in _ENDS) if end)
        yield start, start + len(raw[start:end].rstrip())
        start = end


def _farthest(raw: str, start: int, form: re.Pattern[str], fits: Callable[[str], bool]) -> int:
    """The last place of a form, or the text's end, up to which it fits from `start`; 0 if there is none."""
    ends = sorted({start, *(match.end() for match in form.finditer(raw, start + 1)), len(raw)})
    found = bisect_right(ends, 0, lo=1, key=lambda end: 0 if fits(raw[start:end]) else 1) - 1
    return ends[found] if found else 0
