"""Find what is to be removed inside lines of prose: citations, e-mail addresses and URLs.

Works on the text of the lines that stay, so that a citation cut by a line end, a column or a page
is still one citation. What the document's own list names counts (see `works`); without a list, what looks like a
citation. Spans are given in offsets of the document. Whole lines are `furniture`.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence

from ..document import Document, Line
from ..spans import Removal, Span, kept_spans
from .works import Works, cited_works

_AND = r"(?:and|&|und|et|y|e|и)"
_NUMBERS = r"\d{1,3}[a-z]?(?:\s*[,;–—-]\s*\d{1,3}[a-z]?)*"
_LOCATOR = r"(?:,\s?(?:pp?\.|§|[A-Z][a-z]{2,10}\.?)\s?[^\[\]]{1,30}|,\s[a-z][^\[\]\d]{0,20}\d[^\[\]]{0,12})?"
_LABELS = r"[^\W\d_][\w+’'-]{1,14}(?:\s*[,;]\s*[^\W\d_][\w+’'-]{1,14})*"
_BRACKET = rf"\[\s?(?:{_NUMBERS}|{_LABELS}){_LOCATOR}\s?\]"
_NUMERIC = re.compile(rf"\s{{0,2}}{_BRACKET}(?:(?:\s?[,;–-]?\s?|,?\s{_AND}\s){_BRACKET})*")
_EACH_BRACKET = re.compile(rf"\[\s?(?:(?P<numbers>{_NUMBERS})|(?P<labels>{_LABELS})){_LOCATOR}\s?\]")
_RANGE = re.compile(r"(?:[=∈⊂×(<>|+*/]|\b(?:ranges?|intervals?|domains?|vectors?|lists?))\s?$")
_VARIABLE = re.compile(r"(?<![^\W\d_])[^\W\d_]$")
_NO_NAME = (
    "January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|"
    "Aug|Sept?|Oct|Nov|Dec|Spring|Summer|Autumn|Fall|Winter|Early|Late|Mid|In|Since|Until|Till|By|Before|After|From|"
    "About|Around|Circa|Between|During|Year"
)
_PARTICLE = r"(?:(?:van|von|de|der|den|la|le|el|al|di|du|dos|da|ter)\s+)*"
_NAME = rf"(?!(?:{_NO_NAME})\b){_PARTICLE}[A-Z][\w'’`´-]*(?:\s+[A-Z][\w'’-]*)?"
_AUTHORS = rf"{_NAME}(?:\s?,\s{{0,2}}{_NAME}){{0,12}}(?:\s*,?\s*(?:and|&|et)\s+(?:{_NAME}|al\.?,?))?"
_YEAR = r"(?:1[6-9]|20)\d\d[a-z]?"
_YEARS = rf"{_YEAR}(?:\s*,\s*(?:(?:1[6-9]|20)\d\d)?[a-z])*(?:\s*,\s*{_YEAR})*"
_STRAY = r"(?:\s?[`´¨ˆ˜˘¸])?"  # an accent that the font sets apart from its letter
_WORK = rf"(?:(?:e\.g\.|i\.e\.|see(?:\s+also)?|cf\.)\s*,?\s*)?{_AUTHORS}{_STRAY}\s*,?\s*(?:\({_YEARS}\)|{_YEARS})"
_AUTHOR_YEAR = re.compile(rf"\s{{0,2}}[(\[]\s?{_WORK}(?:\s?[;,]\s{{0,2}}{_WORK}){{0,40}}\s?[)\]]")
_TEXTUAL_YEAR = re.compile(rf"(?<=[\w.’])\s*\({_YEAR}(?:\s*[,;]\s*{_YEAR})*(?:,\s?(?:pp?\.|§)\s?[\d–-]+)?\)")
_ET_AL = re.compile(r"(?:et\s+al\.?,?|(?:and|&)\s+[A-Z][\w'’-]+)$")
_ANY_AUTHOR = re.compile(rf"{_ET_AL.pattern}|\b[A-Z][\w'’-]+$")
_ASIDE = re.compile(r"\s{0,2}(?:\((?P<round>(?:[^()]|\([^()]{0,60}\)){4,600})\)|\[(?P<square>[^\[\]]{4,600})\])")
_LIST_YEARS = re.compile(rf"\b{_YEARS}\b")
_PARTICLES = frozenset("van von de der den la le el al di du dos da ter zu und et y e s st".split())
_POINTER = frozenset(
    "a about above again along also alternative among an and are article articles as at based below both by chap "
    "chapter chapters cf classic compare derivation description detail detailed details discussed discussion e "
    "earlier eq equation especially et etc example examples fig figure following for from further g general generally "
    "given here however i ibid in information instance is its later literature method methods more most notably of on "
    "or original other others our p page pages paper papers particular particularly pp procedure proof proofs proposed "
    "recent recently reference references related respectively results review reviews sec section sections seminal "
    "similar study studies such summary survey surveys table that the their theorem there therein this to "
    "used using v we with within work works "
    "see siehe auch vgl z b zum beispiel und voir par exemple aussi véase ver también por ejemplo vedi anche ad "
    "esempio "
    "см например zie ook bijvoorbeeld".split()
)
_WORD = re.compile(r"[^\W\d_]+")
_NAMED = re.compile(r"[^\W\d_][\w’'-]*")
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
_POWERS = frozenset(("2", "3"))
_CUT = re.compile(r"(?<=[^\W\d_])-\n(?=[^\W\d_A-Z])")
_STYLE = 3  # citations of a kind that make it the document's
_UNKNOWN = Works()


def find_inline(document: Document, removed: Sequence[Removal]) -> list[Removal]:
    """Find citations and addresses in the text that `removed` (sorted, disjoint) leaves.

    Returns:
        Removals of kind "citation" or "address"; one that runs over a line end may come in parts.
    """
    text, spans = _kept_text(document, removed)
    text = _CUT.sub("__", text)  # a name cut by a line end is a name, and the places stay
    works = cited_works(document)
    found = [(span, "citation") for span in numeric_citations(text, works)]
    found += [(span, "citation") for span in author_year_citations(text, works)]
    found += [(span, "address") for span in addresses(text)]
    removals = [Removal(a, b, kind) for span, kind in found for a, b in _to_document(span, spans)]
    return removals + list(raised_citations(document))


def numeric_citations(text: str, works: Works = _UNKNOWN) -> Iterator[Span]:
    """Spans of citations like [3], [4,7], [2–5] and [KB14], with the space before them, those that stand together in
    one; and of brackets that hold hardly more, as in "(see [3])".

    Numbers and labels count if the document's list has them; without a list, what is no index, interval or vector.
    """
    found = [match.span() for match in _NUMERIC.finditer(text) if _is_cited(match, works)]
    for start, end in found:
        yield _with_second_stop(text, _with_aside(text, start, end))


def _is_cited(match: re.Match[str], works: Works) -> bool:
    """Whether all of a group of brackets cite something."""
    before = match.string[max(0, match.start() - 12):match.start()]
    for bracket in _EACH_BRACKET.finditer(match[0]):
        if bracket["labels"]:
            if not works.labels.issuperset(re.findall(r"[\w+’'-]+", bracket["labels"])):
                return False
            continue
        numbers = [int(number) for number in re.findall(r"\d+", bracket["numbers"])]
        if works.listed and not 0 < max(numbers) <= works.number:
            return False
        several = len(numbers) > 1 and not match.group().count("[") > 1
        alone = match[0][0].isspace()
        if not min(numbers) or (several and _RANGE.search(before)) or (not alone and _VARIABLE.search(before)):
            return False
        attached = before[-1:].isalnum() and not alone
        if not works.listed and (attached or (several and sorted(set(numbers)) != numbers)):
            return False
    return True


def _with_aside(text: str, start: int, end: int) -> Span:
    """A citation with the round brackets around it, where they hold nothing else but words that point to it."""
    opened, closed = text.rfind("(", max(0, start - 60), start), text.find(")", end, end + 60)
    if opened < 0 or closed < 0 or "(" in text[end:closed] or ")" in text[opened:start]:
        return start, end
    rest = _WORD.findall(text[opened + 1:start]) + _WORD.findall(text[end:closed])
    if all(word.lower() in _POINTER for word in rest) and not re.search(r"\d", text[opened:start] + text[end:closed]):
        return opened - (text[opened - 1:opened] in (" ", "\n")), closed + 1
    return start, end


def author_year_citations(text: str, works: Works = _UNKNOWN) -> Iterator[Span]:
    """Spans of (Smith et al., 2020; Lee, 2019), and of the bracketed year in "Smith et al. (2020)".

    What names somebody of the document's list with a year from it is a citation, with the words around that point to
    it ("see also", "for a review"). A single name before a bracketed year, as in "Lee (2019)", counts only if it is
    in the list, or in a text that cites by author and year throughout: it could be any name with a date.
    """
    asides = [match.span() for match in _ASIDE.finditer(text) if _cites_listed(match, works)]
    bracketed = [
        match.span() for match in _AUTHOR_YEAR.finditer(text)
        if not works.names or "et al" in match[0] or works.knows(match[0])
    ]
    yield from (_with_second_stop(text, span) for span in {*asides, *bracketed})
    author = _ANY_AUTHOR if len(bracketed) >= _STYLE else _ET_AL
    for match in _TEXTUAL_YEAR.finditer(text):
        before = text[max(0, match.start() - 60):match.start()]
        last = re.search(r"([^\W\d_][\w’'-]*)(?:\s+et\s+al\.?,?)?(?:[’']s)?$", before)
        if author.search(before) or (last and last[1][:1].isupper() and works.holds(last[1], match[0])):
            yield _with_second_stop(text, match.span())


def _cites_listed(match: re.Match[str], works: Works) -> bool:
    """Whether brackets hold citations of listed works, and else but words that point to them."""
    inside = match["round"] or match["square"]
    if not works.names or not _LIST_YEARS.search(inside):
        return False
    known = False
    for part in re.split(r";", inside):
        years = list(_LIST_YEARS.finditer(part))
        if not years:
            return False
        at = 0
        for year in years:
            names = [word for word in _NAMED.findall(part[at:year.start()]) if word[:1].isupper()]
            others = [word for word in _WORD.findall(part[at:year.start()]) if word[:1].islower()]
            if any(word not in _POINTER and word not in _PARTICLES for word in others):
                return False
            known, at = known or (bool(names) and works.holds(" ".join(names), year[0])), year.end()
        rest = _WORD.findall(part[at:])
        if any(word.lower() not in _POINTER for word in rest):
            return False
    return known


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
    """Superscript numbers that cite, or lead to a note: after a word or a full stop, not after a digit, unit or symbol.

    A lone 2 or 3 after a word is a power, unless the document cites so, or has a note of that number on the page.
    """
    found = [
        (line, start + a, start + b, number) for line, start in zip(document.lines, document.line_starts)
        for a, b in line.raised if _is_raised_citation(line, a, b) for number in [line.text[a:b].strip()]
    ]
    cites = len({number for *_, number in found if number not in _POWERS}) >= _STYLE
    notes: defaultdict[int, set[str]] = defaultdict(set)
    for line in document.lines if not cites and found else ():
        notes[line.page].add(line.text[:1])
    for line, start, end, number in found:
        if cites or number not in _POWERS or number in notes[line.page]:
            yield Removal(start, end, "citation")


def _is_raised_citation(line: Line, start: int, end: int) -> bool:
    number, before = line.text[start:end].strip(), line.text[:start]
    if _ISOTOPE.match(line.text[end:]) or not _RAISED_NUMBERS.fullmatch(number):
        return False
    return bool(re.search(r"([^\W\d_]{3,}|[.,;:)\]”’])$", before))


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
