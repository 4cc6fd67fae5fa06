"""Cut a document's text into chunks that end at sentence ends.

Chunks tile the text: joined, they give it back. A chunk's identity is the hash of its text, so
that a decision about it survives a re-run. Sizes are in characters of raw text.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from .counts import counted
from .document import Document
from .errors import SettingsError
from .spans import Span

DEFAULT_SIZE = 1000
_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[]?[^\W_a-z])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Z]|al|fig|figs|eq|eqs|ref|refs|no|vol|vs|dr|mr|mrs|ms|prof|st|e\.g|i\.e|cf|ca|approx|sp|spp|var|tab)\.)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of the document's raw text.

    Attributes:
        index: position in the document, from 0.
        start: offset of its first character in `Document.text`.
        end: offset after its last character.
        text: the raw text itself, line ends included.
        first_page: number of the page it starts on.
        last_page: number of the page it ends on.
    """

    index: int
    start: int
    end: int
    text: str
    first_page: int
    last_page: int

    @property
    def id(self) -> str:
        """First 16 hex digits of the SHA-256 of the text."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def chunk_document(document: Document, size: int = DEFAULT_SIZE) -> list[Chunk]:
    """Cut a document into chunks of at most `size` characters, unless one word is longer.

    Raises:
        SettingsError: `size` is under 100.
    """
    return [
        Chunk(i, a, b, document.text[a:b], document.page_at(a), document.page_at(max(a, b - 1)))
        for i, (a, b) in enumerate(split_text(document.text, size))
    ]


def split_text(text: str, size: int = DEFAULT_SIZE) -> Iterator[Span]:
    """Yield spans that tile `text`, each ending at the last sentence end, line end or space that fits.

    Raises:
        SettingsError: `size` is under 100.
    """
    if size < 100:
        raise SettingsError(f"A chunk size of {counted(size, 'characters')} is too small: use 100 or more.")
    start = 0
    while start < len(text):
        end = len(text) if len(text) - start <= size else start + _cut(text[start:start + size + 1], size)
        if end <= start:  # one word longer than a chunk: it stays whole
            match = re.compile(r"\s+").search(text, start + size)
            end = match.end() if match else len(text)
        yield start, end
        start = end


def split_sentences(text: str, longest: int) -> Iterator[Span]:
    """Yield spans that tile `text`, one a sentence; a sentence over `longest` characters is cut at line ends."""
    ends = [*sentence_ends(text), len(text)]
    start = 0
    for end in ends:
        while end - start > longest:
            cut = text.rfind("\n", start, start + longest) + 1
            if cut <= start:
                break
            yield start, cut
            start = cut
        if start < end:
            yield start, end
        start = end


def sentence_ends(text: str) -> Iterator[int]:
    """Yield the offset after each sentence's end and the white space behind it."""
    for match in _SENTENCE_END.finditer(text):
        if not _ABBREVIATION.search(text[max(0, match.start() - 11):match.start() + 1]):
            yield match.end()


def _cut(window: str, size: int) -> int:
    """Where to end a chunk within `window`, or 0 where it holds no space at all."""
    sentences = list(sentence_ends(window))
    lines = [m.end() for m in re.finditer(r"(?<!-)\n", window)]
    spaces = [m.end() for m in re.finditer(r"\s", window)]
    for ends, least in ((sentences, size // 3), (lines, size // 2), (spaces, 1)):
        fitting = [end for end in ends if least <= end <= size]
        if fitting:
            return fitting[-1]
    return 0
