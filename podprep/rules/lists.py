"""Find reference lists: from their heading to where the entries end.

A document may hold several, one at the end of each chapter. Appendices, back matter and the next article end a
list, whatever their headings say: they do not look like entries. Other furniture is in `furniture`.
"""

import re
from collections.abc import Iterator, Sequence

from ..document import Document, Line

HEADING = re.compile(
    r"(?:(?:\d{1,2}|[IVX]+|[A-Z])\.?\s+)?(?:references?|bibliography|literature(?: cited)?|works cited|"
    r"references and (?:notes|further reading)|notes and references|references cited|cited literature|reference list|"
    r"further reading|literatur(?:verzeichnis|hinweise)?|quellen(?:verzeichnis)?|bibliographie|bibliograf[iíj]a|"
    r"r[eé]f[eé]rences|referencias|riferimenti(?: bibliografici)?|referências|(?:список )?литератур[аы]|библиография|"
    r"参考(?:文献|资料|書)|引用文献|參考文獻|참고\s?(?:문헌|자료))\s*[:.]?",
    re.IGNORECASE,
)
_MARK = re.compile(  # a year, an entry's number or label, a name with initials, pages of a volume, an identifier
    r"\b(?:1[6-9]|20)\d\d[a-z]?\b|^\s*\[?\d{1,3}[.\])]\s|^\s*\[[A-Z][\w+’'-]{1,14}\]|"
    r"\b[A-Z]\. ?(?:[A-Z]\. ?)*[A-Z][^\W\d_]+,|\b[A-Z][^\W\d_]+,? [A-Z]{1,3}[,.]|\b[A-Z][^\W\d_]+, (?:[A-Z]\. ?)+|"
    r"\bpp?\.\s?\d|\d\s?\(\d+\)\s?[:,]|\d+\s?[-–—]\s?\d+|\bdoi\b|arxiv|\bin proc|\bet al\b|https?:",
    re.IGNORECASE,
)
_NAMES = re.compile(r"\b[A-Z]\. ?(?:[A-Z]\.[ -]?)*[A-Z][^\W\d_]+\b,|\b[A-Z][^\W\d_]+, (?:[A-Z]\. ?)+")
_STRONG = re.compile(r"\b(?:1[6-9]|20)\d\d[a-z]?\b|^\s*\[?\d{1,3}[.\])]\s|^\s*\[[A-Z][\w+’'-]{1,14}\]")
_NAMED = re.compile(
    r"(?:appendi|annexe?|anhang|supplement|acknowledge?ment|authors?.{0,3} contribution|funding|"
    r"additional (?:information|file)|competing interest|conflicts? of interest|publisher[’']s note|about the author|"
    r"biograph|index$|付録|附录|附錄|부록|приложени|allegat|apéndice|anexo|danksagung|remerciement|ringraziament|"
    r"agradecimiento|благодарност|謝辞|致谢)",
    re.IGNORECASE,
)
_SECTION = re.compile(rf"(?:[A-Z]|\d{{1,2}})(?:\.\d{{1,2}})*\.?\s+[^\W\d_]|{_NAMED.pattern}", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:1[6-9]|20)\d\d")
_COUNTED = 5  # entries that make a list without a heading
_ENTRY = 12  # lines of an entry
_LONGEST = 300  # characters of a line that are looked at
_AUTHORS = 0.4  # share of lines with two names or more, after a heading
_AHEAD = 14  # lines after a line that tell whether a list goes on
_GOES_ON = 0.25  # share of lines with marks, in a list
_ENDED = 0.12


def find_lists(document: Document) -> Iterator[range]:
    """Yield the lines of each reference list, its heading with it, by their places among the document's lines."""
    places = [at for at, line in enumerate(document.lines) if not line.aside]
    lines = [document.lines[at] for at in places]
    named = [_is_named(line.text) for line in lines]
    begin = next((at for at, line in enumerate(lines) if named[at] or line.text.startswith("[1]")), len(lines))
    marked = [at >= begin and bool(_MARK.search(line.text[:_LONGEST])) for at, line in enumerate(lines)]
    end = 0
    for first in range(begin, len(lines)):
        if first >= end and ((named[first] and _begins(lines, marked, first)) or _counts(lines, first)):
            end = _end(lines, marked, first)
            yield range(places[first], places[end - 1] + 1)


def _counts(lines: Sequence[Line], first: int) -> bool:
    """Whether entries begin here without a heading: [1], [2] and so on, most of them with a year."""
    if not lines[first].text.startswith("[1]"):
        return False
    at, found, years = first, 1, 0
    while found < _COUNTED:
        after = range(at + 1, min(at + 1 + _ENTRY, len(lines)))
        following = next((i for i in after if lines[i].text.startswith(f"[{found + 1}]")), None)
        if following is None:
            return False
        years += any(_YEAR.search(lines[i].text) for i in range(at, following))
        at, found = following, found + 1
    return years > 0.6 * _COUNTED


def _is_named(text: str) -> bool:
    """Whether a line says that references follow; small capitals may have parted its letters."""
    return len(text) < 60 and bool(HEADING.fullmatch(text.strip()) or HEADING.fullmatch(re.sub(r"\s", "", text)))


def _begins(lines: Sequence[Line], marked: Sequence[bool], heading: int) -> bool:
    """Whether the lines after a heading look like entries; one of hundreds of authors has its year far below."""
    after = range(heading + 1, min(heading + 25, len(lines)))
    strong = sum(bool(_STRONG.search(lines[i].text)) for i in after)
    names = sum(len(_NAMES.findall(lines[i].text[:_LONGEST])) > 1 for i in after)
    marks = sum(marked[i] for i in after)
    return marks >= max(2, len(after) // 4) and (strong >= max(2, len(after) // 5) or names > _AUTHORS * len(after))


def _end(lines: Sequence[Line], marked: Sequence[bool], heading: int) -> int:
    """The first line that is no part of the list under a heading."""
    sample = sorted(line.size for line in lines[heading + 1:heading + 25])
    size = sample[len(sample) // 2] if sample else 0.0
    for at in range(heading + 2, len(lines)):
        text = lines[at].text.strip()
        if _NAMED.match(text) and len(text) < 60 and _is_heading(lines[at], lines[heading], size):
            return at
        ahead = marked[at + 1:at + 1 + _AHEAD]
        share = sum(ahead) / max(len(ahead), 1)
        if share < _GOES_ON and _is_heading(lines[at], lines[heading], size) and _is_over(lines, marked, at):
            return at
        if share < _ENDED and not marked[at] and len(ahead) == _AHEAD and _is_over(lines, marked, at):
            return at
    return len(lines)


def _is_over(lines: Sequence[Line], marked: Sequence[bool], at: int) -> bool:
    """Whether hardly any entry follows in the next page's worth of lines."""
    far = range(at + 1, min(at + 41, len(lines)))
    return sum(marked[i] for i in far) <= _GOES_ON * len(far)


def _is_heading(line: Line, heading: Line, size: float) -> bool:
    """Whether a line among entries of a size is set or worded like the heading of what comes next."""
    text = line.text.strip()
    if not 1 < len(text) < 90 or not re.search(r"[^\W\d_]{2}", text):
        return False
    alike = line.font == heading.font and abs(line.size - heading.size) < 0.3
    larger = line.size > 1.08 * size if size else False
    worded = bool(_SECTION.match(text)) and not text.endswith((",", ";"))
    return larger or (alike and (worded or line.bold)) or (worded and line.bold)
