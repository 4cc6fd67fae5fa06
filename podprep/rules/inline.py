"""Find what is to be removed inside lines of prose: citations, e-mail addresses and URLs.

Works on the text of the lines that stay, so that a citation cut by a line end, a column or a page
is still one citation. Spans are given in offsets of the document. Whole lines are `furniture`.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from ..document import Document
from ..spans import Removal, Span, kept_spans

_NUMBERS = r"\d{1,3}[a-z]?(?:\s*[,;–—-]\s*\d{1,3}[a-z]?)*"
_NUMERIC = re.compile(rf"\s{{0,2}}\[\s?{_NUMBERS}\s?\]")
_NO_NAME = (
    "January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|"
    "Aug|Sept?|Oct|Nov|Dec|Spring|Summer|Autumn|Fall|Winter|Early|Late|Mid|In|Since|Until|Till|By|Before|After|From|"
    "About|Around|Circa|Between|During|Year"
)
_PARTICLE = r"(?:(?:van|von|de|der|den|la|le|el|al|di|du|dos|da|ter)\s+)*"
_NAME = rf"(?!(?:{_NO_NAME})\b){_PARTICLE}[A-Z][\w'’`´-]*(?:\s+[A-Z][\w'’-]*)?"
_AUTHORS = rf"{_NAME}(?:\s?,\s{{0,2}}{_NAME}){{0,12}}(?:\s*,?\s*(?:and|&|et)\s+(?:{_NAME}|al\.?,?))?"
_YEARS = r"(?:1[6-9]|20)\d\d[a-z]?(?:\s*,\s*(?:(?:1[6-9]|20)\d\d)?[a-z])*(?:\s*,\s*(?:1[6-9]|20)\d\d[a-z]?)*"
_STRAY = r"(?:\s?[`´¨ˆ˜˘¸])?"  # an accent that the font sets apart from its letter
_WORK = rf"(?:(?:e\.g\.|i\.e\.|see(?:\s+also)?|cf\.)\s*,?\s*)?{_AUTHORS}{_STRAY}\s*,?\s*(?:\({_YEARS}\)|{_YEARS})"
_AUTHOR_YEAR = re.compile(rf"\s{{0,2}}[(\[]\s?{_WORK}(?:\s?[;,]\s{{0,2}}{_WORK}){{0,40}}\s?[)\]]")
_TEXTUAL_YEAR = re.compile(r"(?<=[\w.’])\s*\((?:1[6-9]|20)\d\d[a-z]?(?:\s*[,;]\s*(?:1[6-9]|20)\d\d[a-z]?)*\)")
_ET_AL = re.compile(r"(?:et\s+al\.?,?|(?:and|&)\s+[A-Z][\w'’-]+)$")
_ANY_AUTHOR = re.compile(rf"{_ET_AL.pattern}|\b[A-Z][\w'’-]+$")
_EMAIL = re.compile(
    r"\s{0,2}(?<![\w.+-])[({\[<]?(?:mailto:)?[\w.+-]{1,64}(?:\s?,\s?[\w.+-]{1,64}){0,20}[)}\]>]?"
    r"@(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24}(?!\w)[)\]>]?"
)
_URL = re.compile(
    r"\s{0,2}[(<\[]?\b(?:https?://|www\.|doi\.org/)(?:[^\s<>()\[\]]|\([^\s<>()\[\]]{0,80}\))+"
    r"(?:(?<=[-/_=?&])\n[^\s<>()\[\]]+)?(?<=[\w/)-])"
)
_ISOTOPE = re.compile(r"\s?[A-Z][a-z]?[-‐–]")  # what follows the mass number, as in 13C-NMR
_RAISED_NUMBERS = re.compile(rf"\[?{_NUMBERS}\]?")


def find_inline(document: Document, removed: Sequence[Removal]) -> list[Removal]:
    """Find citations and addresses in the text that `removed` (sorted, disjoint) leaves.

    Returns:
        Removals of kind "citation" or "address"; one that runs over a line end may come in parts.
    """
    text, spans = _kept_text(document, removed)
    found = [(span, "citation") for span in numeric_citations(text)]
    found += [(span, "citation") for span in author_year_citations(text)]
    found += [(span, "address") for span in addresses(text)]
    removals = [Removal(a, b, kind) for span, kind in found for a, b in _to_document(span, spans)]
    return removals + list(raised_citations(document))


def numeric_citations(text: str) -> Iterator[Span]:
    """Spans of citations like [3], [4,7] and [2–5], with the space before them."""
    for match in _NUMERIC.finditer(text):
        yield _with_second_stop(text, match.span())


def author_year_citations(text: str) -> Iterator[Span]:
    """Spans of (Smith et al., 2020; Lee, 2019), and of the bracketed year in "Smith et al. (2020)".

    A single name before a bracketed year, as in "Lee (2019)", counts only in a text that cites by
    author and year throughout: it could be any name with a date.
    """
    bracketed = [match.span() for match in _AUTHOR_YEAR.finditer(text)]
    for span in bracketed:
        yield _with_second_stop(text, span)
    author = _ANY_AUTHOR if len(bracketed) >= 3 else _ET_AL
    for match in _TEXTUAL_YEAR.finditer(text):
        if author.search(text[max(0, match.start() - 60):match.start()]):
            yield _with_second_stop(text, match.span())


def _with_second_stop(text: str, span: Span) -> Span:
    """A citation after a full stop takes the full stop that follows it along."""
    start, end = span
    return start, end + (text[max(0, start - 1):start] == text[end:end + 1] == ".")


def addresses(text: str) -> Iterator[Span]:
    """Spans of e-mail addresses and URLs, with the brackets around them and the space before."""
    for pattern in (_EMAIL, _URL):
        for match in pattern.finditer(text):
            start, end = match.span()
            opened = match[0].strip()[:1] in "(<["
            yield start, end + (opened and text[end:end + 1] in (")", ">", "]"))


def raised_citations(document: Document) -> Iterator[Removal]:
    """Superscript numbers that cite: after a word or a full stop, not after a digit, unit or symbol."""
    for line, start in zip(document.lines, document.line_starts):
        for a, b in line.raised:
            number, before = line.text[a:b].strip(), line.text[:a]
            if _ISOTOPE.match(line.text[b:]):
                continue
            if _RAISED_NUMBERS.fullmatch(number) and re.search(r"([^\W\d_]{3,}|[.,;:)\]”’])$", before):
                yield Removal(start + a, start + b, "citation")


def _kept_text(document: Document, removed: Sequence[Removal]) -> tuple[str, list[tuple[int, Span]]]:
    """Join the kept parts of lines; also each part's offset in the joined text and its span in the document."""
    parts, spans, at = [], [], 0
    for line, start in zip(document.lines, document.line_starts):
        for a, b in kept_spans(start, start + len(line.text), removed):
            spans.append((at, (a, b)))
            parts.append(document.text[a:b])
            at += b - a + 1
    return "\n".join(parts), spans


def _to_document(span: Span, spans: Sequence[tuple[int, Span]]) -> Iterator[Span]:
    """The parts of the document that a span of the joined text covers."""
    index = max(bisect_right(spans, (span[0], (1 << 60, 0))) - 1, 0)
    while index < len(spans) and spans[index][0] < span[1]:
        at, (a, b) = spans[index]
        start, end = max(a, a + span[0] - at), min(b, a + span[1] - at)
        if start < end:
            yield start, end
        index += 1
