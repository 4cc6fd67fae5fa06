"""Reads the plain-text sources of the documents: their settings, their blocks, and the prose in them.

A source begins with settings, `name: value` a line, up to the first empty line (`DEFAULTS` lists them). Blocks
follow, divided by empty lines:

    = Title    == Heading    === Subheading    - item    1. item    > block quote    plain paragraph
    @KIND text             anything else; what follows on further lines belongs to it
    @columns               what stands above it runs across all columns of the first page
    @top … @end            a float: to the top of the next column; @wide … @end: across the next page
    @page, @space POINTS   a new page, a gap

and inside a text: *italic*, **bold**, {cite …} and {note …} which only the page carries, {sub …}, {sup …} and
{math …}. Kinds in `KEPT` are prose; every other kind is on the page and not in the truth.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

KEPT = {"title", "subtitle", "heading", "subheading", "paragraph", "opening", "abstract", "quote", "item", "numbered"}
Settings = dict[str, str]
DEFAULTS: Settings = {
    "page": "595x842", "margins": "60 60 60 60", "columns": "1", "gutter": "18",  # margins: left, top, right, bottom
    "font": "Times", "heads": "Times", "size": "10", "leading": "1.25", "align": "justify", "hyphens": "yes",
    "ligatures": "no", "indent": "12", "gap": "0", "bullet": "\u2022", "accent": "#000000", "tint": "#eeeeee",
    "title-size": "18", "title-align": "left", "heading-size": "12", "heading-align": "left", "heading-break": "no",
    "abstract-size": "0.92", "caption-size": "0.8", "table-size": "0.84",  # in sizes of the text
    "folio": "1", "small": "8", "rule": "no",  # of the running heads and feet: first number, points, a line beside them
}  # and without a default, `head`, `foot`, each also with -first, -even, -odd: "left | centre | right", {n} the folio
MARKS = {"=": "title", "==": "heading", "===": "subheading", ">": "quote", "-": "item"}
PRINTED = {"cite": "{}", "note": "<super>{}</super>", "sub": "<sub>{}</sub>", "sup": "<super>{}</super>"}
PRINTED["math"] = '<font name="STIXGeneral-Italic">{}</font>'
INLINE = re.compile(r"\{(cite|note|math|sub|sup) ([^{}]*)\}")
PAGE_ONLY = re.compile(r"\s*\{(?:cite|note) [^{}]*\}")


@dataclass(frozen=True)
class Block:
    """One block of a source: what it is, and its lines as written."""

    kind: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The lines as one line."""
        return " ".join(self.lines)


def read_source(source: str) -> tuple[Settings, list[Block]]:
    """The settings at the head of a source, and its blocks."""
    head, _, body = source.partition("\n\n")
    settings = DEFAULTS | dict(re.split(r":\s*", line, maxsplit=1) for line in head.splitlines())
    return settings, [block for part in re.split(r"\n{2,}", body.strip()) for block in read_blocks(part)]


def read_blocks(part: str) -> Iterator[Block]:
    """The blocks of one part: more than one only where items follow each other line by line."""
    if part.startswith("@"):
        first, *rest = part.splitlines()
        kind, _, text = first[1:].partition(" ")
        yield Block(kind, (*((text,) if text else ()), *rest))
        return
    for text in re.split(r"\n(?=- |\d+\. )", part):
        mark, _, rest = text.partition(" ")
        kind = "numbered" if re.fullmatch(r"\d+\.", mark) else MARKS.get(mark, "paragraph")
        yield Block(kind, tuple((rest if mark in MARKS else text).splitlines()))


def truth(blocks: Iterable[Block]) -> str:
    """The prose of a document, without what only the page carries."""
    texts = (PAGE_ONLY.sub("", block.text) for block in blocks if block.kind in KEPT)
    return "\n\n".join(strip_markup(text) for text in texts) + "\n"


def strip_markup(text: str) -> str:
    """The text without the signs of the markup."""
    while INLINE.search(text):
        text = INLINE.sub(r"\2", text)
    return text.replace("*", "")


def print_markup(text: str, ligatures: bool = False) -> str:
    """The text in reportlab's markup, with joined letters if wanted."""
    text = escape(text, quote=False)
    if ligatures:
        text = text.replace("fi", "\ufb01").replace("fl", "\ufb02")
    while INLINE.search(text):
        text = INLINE.sub(lambda found: PRINTED[found[1]].format(found[2]), text)
    return re.sub(r"\*(.+?)\*", r"<i>\1</i>", re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text))
