"""What stands before the text: title, authors, abstract.

Authors go from the clean text, and are metadata here: they are found where they stood, by what names look like.
"""

import re
from collections.abc import Iterator, Sequence

from ..document import Document, Line
from .looks import Look, body_of, printable

_LARGE = 1.12  # times the body's size
_FIRST_WORDS = 400  # among which a title stands
_MOST_WORDS = 45
_ALIKE = 0.6
_ABSTRACT = re.compile(r"\W*(?:a\s?b\s?s\s?t\s?r\s?a\s?c\s?t|summary|zusammenfassung|kurzfassung|résumé|resumen|"
                       r"riassunto|sommario|resumo|аннотация)\s*(?:[.:—–-]+|$)\s*", re.IGNORECASE)
_NO_TITLE = re.compile(r"untitled|microsoft word|\.(?:docx?|dvi|tex|pdf|indd|qxd|pptx?)\b|^\W*$|^[\w.-]*\d{4,}[\w.-]*$",
                       re.IGNORECASE)
_PLACE = re.compile(
    r"universit|institut|department|college|school|laborator|hospital|cent(?:er|re)\b|faculty|academy|ministry|"
    r"division|inc\b|ltd\b|gmbh|corporation|research|foundation|society|member|student|fellow|professor|"
    r"corresponding|address|received|accepted|published|article|journal|volume|copyright|licen[sc]e|anonymous|"
    r"submission|access|keywords?|editor|version|release|abstract|press|science", re.IGNORECASE)
_MARKS = re.compile(r"[\d*†‡§¶∥#✉⋆∗⁰-⁹ª º]+|(?<=[\s,])[a-h](?=\s*(?:,|$))")
_PARTS = re.compile(r"\s*(?:,|;|&|·|•|\band\b|\bund\b|\bet\b|\by\b)\s*")
_NAME = re.compile(
    r"(?:(?:Dr|Prof|Mr|Ms|Mrs)\.\s+)?[A-ZÀ-ÞŁŚŠŽČ][\w'’.-]*"
    r"(?:\s+(?:[A-ZÀ-ÞŁŚŠŽČ][\w'’.-]*|de|da|di|do|dos|del|della|der|den|van|von|vom|zu|zur|la|le|el|al|bin|ibn|ten|ter)){1,5}"
)


def find_title(looks: Sequence[Look], document: Document) -> range:
    """The paragraphs that say the title, by their places; empty where none is set apart.

    The largest type among the first words, or what agrees with the title in the document information.
    """
    size, first = body_of(looks).size, _first_looks(looks)
    told = [at for at in first if _agree(looks[at].text, told_title(document))]
    large = [at for at in first if looks[at].size > _LARGE * size and len(looks[at].text.split()) <= _MOST_WORDS]
    if not told and not large:
        return first[:1] if first and _is_title_like(looks[0]) else range(0)
    start = told[0] if told else max(large, key=lambda at: (round(looks[at].size), -at))
    end = start + 1
    while end in first and end in large and abs(looks[end].size - looks[start].size) < 0.5:
        end += 1
    return range(start, end)


def told_title(document: Document) -> str:
    """The title in the document information, if that is one."""
    told = printable(document.metadata.title or "")
    return "" if _NO_TITLE.search(told) else told


def find_authors(document: Document, after: int) -> tuple[str, ...]:
    """The authors' names.

    Args:
        document: the document as read.
        after: the first line after the title.
    """
    lines = list(_front_lines(document, after))
    first = next((line for line in lines if _names(line.text)), None)
    found = [name for line in lines if first and _alike(line, first) for name in _names(printable(line.text))]
    told = [] if found else _names(printable(document.metadata.author or ""))
    return tuple(dict.fromkeys(found or told))


def find_abstract(looks: Sequence[Look], kinds: Sequence[str], document: Document) -> str:
    """The abstract's paragraphs, without its heading; "" where none is named so."""
    named = next((at for at, look in enumerate(looks[:40]) if _ABSTRACT.match(look.text)), None)
    if named is not None:
        rest = _ABSTRACT.sub("", looks[named].text, count=1)
        return "\n\n".join([rest] * bool(rest) + [look.text for look in _until_heading(looks, kinds, named + 1)])
    line = next((at for at, line in enumerate(document.lines[:200]) if _ABSTRACT.fullmatch(line.text)), None)
    if line is None:  # its heading may have gone
        return ""
    start = next((at for at, look in enumerate(looks) if look.lines[0] > line), len(looks))
    return "\n\n".join(look.text for look in _until_heading(looks, kinds, start))


def _first_looks(looks: Sequence[Look]) -> range:
    """The paragraphs of the first page that says something, among its first words."""
    count = 0
    for at, look in enumerate(looks):
        count += len(look.text.split())
        if look.pages[0] > looks[0].pages[0] or (count > _FIRST_WORDS and at):
            return range(at)
    return range(len(looks))


def _until_heading(looks: Sequence[Look], kinds: Sequence[str], start: int) -> Iterator[Look]:
    for look, kind in zip(looks[start:], kinds[start:]):
        if kind == "heading":
            return
        yield look


def _front_lines(document: Document, after: int) -> Iterator[Line]:
    """The lines between title and abstract on the title's page."""
    page = document.lines[after - 1].page if after else 0
    for line in document.lines[after:after + 40]:
        if line.page != page or _ABSTRACT.match(line.text):
            return
        yield line


def _names(text: str) -> list[str]:
    """The names in a line that holds nothing else; none in one that names a place, an address or a sentence."""
    if "@" in text or _PLACE.search(text):
        return []
    parts = [part.strip(" .,") for part in _PARTS.split(_MARKS.sub(" ", text))]
    parts = [" ".join(part.split()) for part in parts if part]
    return parts if parts and all(_NAME.fullmatch(part) for part in parts) else []


def _alike(one: Line, other: Line) -> bool:
    return one.font == other.font and abs(one.size - other.size) < 0.3


def _agree(text: str, title: str) -> bool:
    """Whether a text is a title as the document information says it, by the words that either shares."""
    a, b = ({word.lower() for word in re.findall(r"[^\W_]+", of)} for of in (text, title))
    return len(b) > 2 and len(a & b) >= _ALIKE * max(len(a), len(b))


def _is_title_like(look: Look) -> bool:
    """Whether a text's first paragraph may be its title though it is set in the body's size: bold or in capitals."""
    words = len(look.text.split())
    return (look.bold or look.capitals) and 3 <= words <= _MOST_WORDS and not _ABSTRACT.match(look.text)
