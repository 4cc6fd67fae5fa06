"""Reads article.md, the source of the sample article, and gives its clean text and its markup to print.

The source is a run of blocks with a blank line between them, in the order of the page. The start of a block
says what it is: `@name` a block of that name, `## ` and `### ` headings with their numbers, `- ` a list,
`$ ` an equation (left | top | bottom | number), `[1]` a reference, and anything else a paragraph. Inside a
block, `*word*` is italic and `{kind:value}` is matter that only the page carries: a citation, an address,
the mark of a footnote.

It does not read Markdown in general, and it knows nothing of fonts, columns or pages.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

import pyphen

LIGATURES = {"ff": "\ufb00", "fi": "\ufb01", "fl": "\ufb02", "ffi": "\ufb03", "ffl": "\ufb04"}
LIGATURE = re.compile("ff[il]|f[fil]")
ITALIC = re.compile(r"\*([^*]+)\*")
PATTERNS = pyphen.Pyphen(lang="en_GB", left=2, right=3)
PAGE_ONLY = re.compile(r"\s*\{(\w+):([^}]*)\}")
PRINTED = {"num": " [{}]", "note": '<super size="6.5">{}</super>'}  # any other kind: in round brackets
STARTS = {r"## ": "heading", r"### ": "subheading", r"\$ ": "equation", r"(?=\[\d+\])": "reference"}
SPOKEN = ("title", "abstract", "heading", "subheading", "paragraph", "list")


@dataclass(frozen=True)
class Block:
    """One block of the source: its kind and its text, a list having one part for each item."""

    kind: str
    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        """The parts as lines."""
        return "\n".join(self.parts)


def read_blocks(source: str) -> list[Block]:
    """The blocks of the source, in order."""
    return [read_block(block) for block in re.split(r"\n{2,}", source.strip())]


def read_block(block: str) -> Block:
    """One block, its kind told by how it starts and its lines joined."""
    if block.startswith("- "):
        items = re.split(r"^- ", block, flags=re.MULTILINE)[1:]
        return Block("list", tuple(" ".join(item.split()) for item in items))
    line = " ".join(block.split())
    if named := re.match(r"@(\w+) ?", line):
        return Block(named[1], (line[named.end() :],))
    for start, kind in STARTS.items():
        if found := re.match(start, line):
            return Block(kind, (line[found.end() :],))
    return Block("paragraph", (line,))


def clean_text(blocks: Iterable[Block]) -> str:
    """The text a listener should hear: no citations, notes, captions, formulas, addresses or references."""
    spoken = (PAGE_ONLY.sub("", block.text) for block in blocks if block.kind in SPOKEN)
    return "\n\n".join(ITALIC.sub(r"\1", text) for text in spoken) + "\n"


def word_breaks(word: str) -> Iterator[tuple[str, str]]:
    """The ways to cut a word in two, the longest first part first; made for reportlab's `hyphenationLang`.

    A compound is left alone: it breaks at its own hyphens, which is `embeddedHyphenation`.
    """
    return iter(()) if "-" in word else PATTERNS.iterate(word)


def print_markup(text: str) -> str:
    """A text as it is printed, in reportlab's markup: with ligatures, and with what only the page carries."""
    pieces = PAGE_ONLY.split(escape(text))
    printed = set_ligatures(pieces[0])
    for kind, value, text_after in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        printed += PRINTED.get(kind, " ({})").format(value) + set_ligatures(text_after)
    return ITALIC.sub(r"<i>\1</i>", printed)


def set_ligatures(text: str) -> str:
    """The text with each of the five joined letters as one character."""
    return LIGATURE.sub(lambda letters: LIGATURES[letters[0]], text)
