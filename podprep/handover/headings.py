"""Which paragraphs are headings, of what level; which are labels that open a paragraph, and which items of a list.

A heading is short and set apart: larger, bolder, in another type or in capitals where the body is not, or numbered, or
known by its words. Its level is told by its number where it has one, and by those of its equals in type where not.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import pairwise, takewhile

from .looks import Look, Style, body_of

_MOST_WORDS = 25
_MOST_SIGNS = 180  # of a heading; of one in ideographs a quarter
_FEW_WORDS = 14  # of a numbered heading that is set like the body
_LARGER = 1.06  # times the body's size
_NEAR = 3  # lines, of which those between went
_LEAST_SIZE = 0.7
_LETTERS = 0.6  # share of a heading's signs
_DOTTED = re.compile(r"(?:(\d{1,2}(?:\.\d{1,2}){0,4})|([A-Z](?:\.\d{1,2}){1,3}))[.)]?\s*(?=[^\W\d_])")
_LETTER = re.compile(r"([A-Z])[.)]?\s+(?=[^\W\d_]{2})")
_ROMAN = re.compile(r"[IVX]{2,5}[.)]?\s+(?=[^\W\d_])|[IVX]\.\s+(?=[^\W\d_])")
_COUNTED = re.compile(r"\(?(?:\d{1,2}|[a-z])\)\s*(?=[^\W\d_])")
_CHAPTER = re.compile(
    r"(?:chapter|part|appendix|annex|kapitel|teil|anhang|chapitre|annexe|capítulo|capitolo|глава|часть)\s+"
    r"(?:\d{1,2}|[A-Z]|[IVX]{1,5})\b|第\s?[\d一二三四五六七八九十]+\s?[章部]", re.IGNORECASE,
)
_KNOWN = re.compile(
    r"(?:abstract|summary|introduction|background|(?:materials? and |patients and )?methods?|(?:experimental )?results|"
    r"discussion|results and discussion|(?:discussion and )?conclusions?|related works?|acknowledge?ments?|limitations|"
    r"references|zusammenfassung|einleitung|methoden|ergebnisse|diskussion|fazit|danksagung|résumé|introducción|"
    r"conclusiones)[:.]?", re.IGNORECASE,
)
_BACK = re.compile(
    r"(?:acknowledge?ments?|competing interests?|conflicts? of interests?|declarations?|authors?[’']? contributions?|"
    r"funding|(?:data )?availability|availability of|ethics|consent for|abbreviations|author details|additional files?|"
    r"supplementary|pre-publication|publisher[’']s note|danksagung)\b.{0,40}$", re.IGNORECASE,
)
_NOTE = re.compile(
    r"(?:note|tip|caution|warning|important|todo|hinweis|tipp|achtung|warnung|wichtig)[:.!]?", re.IGNORECASE
)
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_NO_HEADING = re.compile(
    r"(?:theorem|lemma|proof|proposition|definition|corollary|remark|example|claim|assumption|figure|fig\.|table|"
    r"abbildung|tabelle|listing|algorithm|satz|beweis|beispiel|keywords?|key words|index terms)\b(?:\s*[\d(.:—]|\s*$)",
    re.IGNORECASE,
)
_FORMULA = re.compile(r"[=≤≥∂∑∏∫√∈∀∃⊕⊗‖|{}\\^]")
_OPENS = re.compile(r"[^\W_]|[\"'“‘«„¿¡(\[「『【<]")
_ENDS = re.compile(r"[.;,!…。]['\"”’)\]]*$")
_BULLET = re.compile(r"([•‣◦▪●○■□–—*·►➢✓✔❖\uf000-\uf0ff\ufffd-])\s+(?=\S)")
_ITEM_NUMBER = re.compile(r"\(?(\d{1,2})[.)]\s+(?=\S)")


def whole_headings(looks: Sequence[Look]) -> list[tuple[int, int]]:
    """The spans [first, end) of paragraphs that are one heading whose lines were taken for several."""
    body, spans = body_of(looks), list[tuple[int, int]]()
    for at, look in enumerate(looks):
        before = looks[at - 1] if at else None
        if before and _goes_on(before, look) and _is_heading(before, body) and _is_heading(look, body):
            spans[-1] = spans[-1][0], at + 1
        else:
            spans.append((at, at + 1))
    return spans


def kinds_of(looks: Sequence[Look], title: int) -> tuple[list[str], list[int]]:
    """Of each paragraph whether it is "heading", "label" or "paragraph", and a heading's level, 1 the highest.

    Args:
        looks: the paragraphs.
        title: the place of the title among them, which is a "title"; beyond them if there is none.
    """
    body = body_of(looks)
    kinds = ["heading" if _is_heading(look, body) else "paragraph" for look in looks]
    for at, (look, after) in enumerate(pairwise(looks)):
        runs_in = look.lines[1] == after.lines[0] and look.pages[1] == after.pages[0]
        if kinds[at] == "heading" and not _DOTTED.match(look.text) and (runs_in or _is_label(look)):
            kinds[at] = "label"
    if title < len(looks):
        kinds[title] = "title"
        for at in range(title + 1, len(looks)):  # what stands under a title and is set apart as well
            look = looks[at]
            if kinds[at] != "heading" or look.pages[0] > looks[title].pages[1] or is_told(look.text):
                break
            kinds[at] = "paragraph"
    return kinds, _levels(looks, kinds)


def item_marks(looks: Sequence[Look], kinds: Sequence[str]) -> list[str]:
    """What each item of a list begins with, to be cut off where it is shown otherwise; empty for all others.

    A number makes an item where the paragraph before or after has the neighbouring one.
    """
    plain = [kind == "paragraph" for kind in kinds]
    numbers = [_item_number(look.text) if may else None for look, may in zip(looks, plain)]
    marks = []
    for at, (look, number) in enumerate(zip(looks, numbers)):
        before, after = numbers[at - 1] if at else None, numbers[at + 1] if at + 1 < len(looks) else None
        counted = number is not None and (before == number - 1 or after == number + 1)
        found = (_ITEM_NUMBER if counted else _BULLET).match(look.text) if plain[at] else None
        marks.append(found[0] if found else "")
    return marks


def _is_heading(look: Look, body: Style) -> bool:
    """Whether a paragraph is set or worded like a heading, or like a label that opens a paragraph."""
    text, count = look.text, len(look.text.split())
    said = _without_number(text).replace(" ", "")
    letters = sum(map(str.isalpha, said))
    longest = _MOST_SIGNS / 4 if _IDEOGRAPHS.search(text) else _MOST_SIGNS
    if count > _MOST_WORDS or len(text) > longest or letters < max(2, _LETTERS * len(said)) or not _OPENS.match(text):
        return False
    if _NO_HEADING.match(text) or _FORMULA.search(text) or _BULLET.match(text):
        return False
    if _KNOWN.fullmatch(_without_number(text)):
        return True
    dotted = _DOTTED.match(text)
    if text[dotted.end() if dotted else 0].islower() and not (dotted and "." in dotted[0].rstrip(". ")):
        return False
    if look.size < _LEAST_SIZE * body.size:
        return False
    larger = look.size > _LARGER * body.size > 0
    if larger or (look.bold and not body.bold) or look.slanted:
        return not _ENDS.search(text) or bool(dotted) or look.slanted
    other = look.capitals or look.font != body.font
    numbered = _is_numbered(text)
    deep = dotted is not None and "." in dotted[0].rstrip(". ") and count <= _FEW_WORDS
    return (other and (numbered or not _ENDS.search(text))) or deep


def _goes_on(before: Look, look: Look) -> bool:
    """Whether a paragraph is the next line of the heading before it."""
    follows = 0 < look.lines[0] - before.lines[1] <= _NEAR and look.pages == before.pages
    return follows and look.style == before.style and not is_told(look.text) and not _ENDS.search(before.text)


def _is_label(look: Look) -> bool:
    """Whether what is set like a heading only names what follows it: a note, or one with a colon after it."""
    return bool(_NOTE.fullmatch(look.text)) or (look.text.endswith(":") and not is_told(look.text))


def _is_numbered(text: str) -> bool:
    return any(form.match(text) for form in (_DOTTED, _CHAPTER, _ROMAN, _LETTER, _COUNTED))


def is_told(text: str) -> bool:
    """Whether a heading is one by what it says, however it is set."""
    return _is_numbered(text) or bool(_KNOWN.fullmatch(text))


def _without_number(text: str) -> str:
    found = (form.match(text) for form in (_DOTTED, _ROMAN, _LETTER, _COUNTED))
    return text[next((match.end() for match in found if match), 0):]


def _levels(looks: Sequence[Look], kinds: Sequence[str]) -> list[int]:
    """The level of each heading; 0 of what is none.

    One without a number is as deep as numbered ones set alike, or one deeper than the nearest one above it that is more
    prominent.
    """
    heads = [at for at, kind in enumerate(kinds) if kind == "heading"]
    depths = dict(zip(heads, _depths([looks[at].text for at in heads])))
    told = _told_by_style([(looks[at].style, depths[at]) for at in heads])
    levels, above = [0] * len(looks), list[tuple[Style, int]]()
    for at in heads:
        style = looks[at].style
        depth = depths[at] or int(bool(_BACK.match(looks[at].text))) or told.get(style, 0)
        if depth:
            above = [(other, level) for other, level in above if level < depth]
        else:
            above = list(takewhile(partial(_is_above, style), above))
            depth = above[-1][1] + 1 if above else 1
        above.append((style, depth))
        levels[at] = depth
    return levels


def _is_above(style: Style, one: tuple[Style, int]) -> bool:
    """Whether a heading is set more prominently than a style, whatever the names of their fonts."""
    return one[0][:4] > style[:4]


def _told_by_style(headings: Iterable[tuple[Style, int]]) -> dict[Style, int]:
    """The usual depth of the numbered headings of each style."""
    counts: defaultdict[Style, Counter[int]] = defaultdict(Counter)
    for style, depth in headings:
        counts[style].update([depth] * bool(depth))
    return {style: found.most_common(1)[0][0] for style, found in counts.items() if found}


def _depths(texts: Sequence[str]) -> list[int]:
    """How deep each heading's number goes; 0 where it has none, or one that tells nothing."""
    letters = [match[1] for text in texts if (match := _LETTER.match(text)) and not _ROMAN.match(text)]
    counts = letters.count("A") == 1 and "B" in letters  # elsewhere A is an article, or begins anew in each section
    return [_depth(text, counts) for text in texts]


def _depth(text: str, letters_count: bool) -> int:
    if _CHAPTER.match(text):
        return 1
    if match := _DOTTED.match(text):
        number = match[1] or match[2]
        return 0 if match[0].rstrip().endswith(")") else number.removesuffix(".0").count(".") + 1
    if _ROMAN.match(text):
        return 1
    return int(bool(_LETTER.match(text)) and letters_count)


def _item_number(text: str) -> int | None:
    match = _ITEM_NUMBER.match(text)
    return int(match[1]) if match else None
