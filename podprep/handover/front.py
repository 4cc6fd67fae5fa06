"""What stands before the text: title, authors, abstract.

Authors go from the clean text, and are metadata here: they are found where they stood, by what names look like.
"""

import re
from collections.abc import Iterator, Sequence

from ..document import Document, Line
from .headings import is_told
from .looks import Look, body_of, printable

_LARGE = 1.12  # times the body's size
_FIRST_WORDS = 400  # among which a title stands
_MOST_WORDS = 45
_ALMOST = 0.85  # of the title's size, of a line that belongs to it
_ALIKE = 0.6  # share of words that a title has in common with the one in the document information
_FRONT_LOOKS = 40
_FRONT_LINES = 200
_ABSTRACT = re.compile(r"\W*(?:a\s?b\s?s\s?t\s?r\s?a\s?c\s?t|summary|zusammenfassung|kurzfassung|résumé|resumen|"
                       r"riassunto|sommario|resumo|аннотация)\s*(?:[.:—–-]+|$)\s*|Abstract\s+(?=[A-Z])", re.IGNORECASE)
_INTRODUCTION = re.compile(
    r"\W*(?:\d|I)?\W*(?:i\s?n\s?t\s?r\s?o\s?d\s?u\s?c\s?t\s?i\s?o\s?n|einleitung|einführung)\W*", re.IGNORECASE
)
_HOME = re.compile(r"@|universit|institut|department|college|school|hospital|laborator|faculty|academy|hochschule",
                   re.IGNORECASE)
_NO_TITLE = re.compile(r"untitled|microsoft word|\.(?:docx?|dvi|tex|pdf|indd|qxd|pptx?)\b|^\W*$|^[\w.-]*\d{4,}[\w.-]*$",
                       re.IGNORECASE)
_PLACE = re.compile(
    r"universit|institut|department|college|school|laborator|hospital|cent(?:er|re)\b|faculty|academy|ministry|"
    r"division|inc\b|ltd\b|gmbh|corporation|research|foundation|society|member|student|fellow|professor|"
    r"corresponding|address|received|accepted|published|article|journal|volume|copyright|licen[sc]e|anonymous|"
    r"submission|access|keywords?|editor|version|release|abstract|press|science|mathematics|engineering|physics|"
    r"customer|\b(?:to|of|the|for|in|with|on|user|admin)\b", re.IGNORECASE)
_MARKS = re.compile(r"[\d*†‡§¶∥#✉⋆∗⁰-⁹ª º]+|(?<=[\s,])[a-h](?=\s*(?:,|$))")
_PARTS = re.compile(r"\s*(?:,|;|&|·|•|\band\b|\bund\b|\bet\b|\by\b)\s*")
_NAME = re.compile(
    r"(?:(?:Dr|Prof|Mr|Ms|Mrs)\.\s+)?[A-ZÀ-ÞŁŚŠŽČ][\w'’.-]*"
    r"(?:\s+(?:[A-ZÀ-ÞŁŚŠŽČ][\w'’.-]*|de|da|di|do|dos|del|della|der|den|van|von|vom|zu|zur|la|le|el|al|bin|ibn|ten|ter)){1,4}"
)


def find_title(looks: Sequence[Look], document: Document) -> range:
    """The paragraphs that say the title, by their places; empty where none is set apart.

    The largest type among the first words, or what agrees with the title in the document information; or else a first
    paragraph that is set apart otherwise, or stands by itself above an abstract.
    """
    size, first = body_of(looks).size, _first_looks(looks)
    told = [at for at in first if _agree(looks[at].text, told_title(document))]
    large = [at for at in first if looks[at].size > _LARGE * size and len(looks[at].text.split()) <= _MOST_WORDS]
    if not told and not large:
        return first[:1] if first and _is_title_like(looks) else range(0)
    start = told[0] if told else max(large, key=lambda at: (round(looks[at].size), -at))
    least, end = _ALMOST * looks[start].size, start + 1
    while end in large and looks[end].size > least and not is_told(looks[end].text):
        end += 1
    while start - 1 in large and looks[start - 1].size > least:
        start -= 1
    return range(start, end)


def told_title(document: Document) -> str:
    """The title in the document information, if that is one."""
    told = printable(document.metadata.title or "")
    return "" if _NO_TITLE.search(told) else told


def find_authors(document: Document, after: int, title: str) -> tuple[str, ...]:
    """The authors' names: those in the first line under the title that holds nothing else, and in lines set like it.

    They count where an address or an affiliation stands with them, an abstract follows, or the document information
    says them too; that alone is taken where no line does.

    Args:
        document: the document as read.
        after: the first line after the title.
        title: the title, which is nobody's name.
    """
    told = _names(printable(document.metadata.author or ""), title)
    lines = list(_front_lines(document, after))
    first = next((line for line in lines if _names(line.text, title)), None)
    found = [name for line in lines if first and _alike(line, first) for name in _names(printable(line.text), title)]
    ends = after + len(lines)
    before_abstract = ends < len(document.lines) and bool(_ABSTRACT.match(document.lines[ends].text))
    meant = before_abstract or any(_HOME.search(line.text) for line in lines) or bool({*found} & {*told})
    return tuple(dict.fromkeys(found if found and meant else told))


def find_abstract(looks: Sequence[Look], kinds: Sequence[str], document: Document) -> str:
    """The abstract's paragraphs, without its heading; "" where none is named so."""
    named = next((at for at, look in enumerate(looks[:_FRONT_LOOKS]) if _ABSTRACT.match(look.text)), None)
    if named is not None:
        rest = _ABSTRACT.sub("", looks[named].text, count=1)
        more = [look.text for look in _of_abstract(looks, kinds, named + 1, document)]
        return "\n\n".join([rest, *more] if rest else more)
    line = next((at for at, line in enumerate(document.lines[:_FRONT_LINES]) if _ABSTRACT.fullmatch(line.text)), None)
    if line is None:  # its heading may have gone
        return ""
    start = next((at for at, look in enumerate(looks) if look.lines[0] > line), len(looks))
    return "\n\n".join(look.text for look in _of_abstract(looks, kinds, start, document))


def _first_looks(looks: Sequence[Look]) -> range:
    """The paragraphs of the first page that says something, among its first words."""
    count = 0
    for at, look in enumerate(looks):
        count += len(look.text.split())
        if look.pages[0] > looks[0].pages[0] or (count > _FIRST_WORDS and at):
            return range(at)
    return range(len(looks))


def _of_abstract(looks: Sequence[Look], kinds: Sequence[str], start: int, document: Document) -> Iterator[Look]:
    """The paragraphs down to the next heading, be it one that went."""
    lines = enumerate(document.lines[:_FRONT_LINES])
    end = next((at for at, line in lines if _INTRODUCTION.fullmatch(line.text)), len(document.lines))
    for look, kind in zip(looks[start:], kinds[start:]):
        if kind == "heading" or look.lines[0] > end:
            return
        yield look


def _front_lines(document: Document, after: int) -> Iterator[Line]:
    """The lines between title and abstract on the title's page."""
    page = document.lines[after - 1].page if after else 0
    for line in document.lines[after:after + 40]:
        if line.page != page or _ABSTRACT.match(line.text):
            return
        yield line


def _names(text: str, title: str) -> list[str]:
    """The names in a line that holds nothing else; none in one that names a place, an address or a sentence."""
    if "@" in text or _PLACE.search(text):
        return []
    parts = [part.strip(" .,") for part in _PARTS.split(_MARKS.sub(" ", text))]
    parts = [" ".join(part.split()) for part in parts if part]
    return parts if all(_NAME.fullmatch(part) and part.lower() not in title.lower() for part in parts) else []


def _alike(one: Line, other: Line) -> bool:
    return one.font == other.font and abs(one.size - other.size) < 0.3


def _agree(text: str, title: str) -> bool:
    """Whether a text is a title as the document information says it, by the words that either shares."""
    a, b = ({word.lower() for word in re.findall(r"[^\W_]+", of)} for of in (text, title))
    return len(b) > 2 and len(a & b) >= _ALIKE * max(len(a), len(b))


def _is_title_like(looks: Sequence[Look]) -> bool:
    """Whether a text's first paragraph may be its title though it is set in the body's size."""
    text, after = looks[0].text, looks[1].text if len(looks) > 1 else ""
    apart = looks[0].bold or looks[0].capitals or bool(_ABSTRACT.fullmatch(after))
    return apart and 3 <= len(text.split()) <= _MOST_WORDS and text[-1] not in ".,;:" and not _ABSTRACT.match(text)
