"""Which paragraphs are headings, of what level, and which are items of a list.

A heading is short and set apart: larger, bolder, slanted or in capitals where the body is not, or numbered, or known by
its words. Its level is told by its number where it has one, and by those of its equals in type where it has none.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from .looks import Look, body_of

_MOST_WORDS = 25
_LARGER = 1.06  # times the body's size
_NUMBER = re.compile(r"(?:(\d{1,2}(?:\.\d{1,2}){0,4})|([A-Z](?:\.\d{1,2}){0,3})|([IVX]{1,5}))[.)]?\s+(?=[^\W\d_]|\d)")
_CHAPTER = re.compile(r"(?:chapter|part|appendix|annex|kapitel|teil|anhang|chapitre|annexe|capítulo|capitolo|глава)\s",
                      re.IGNORECASE)
_KNOWN = re.compile(
    r"(?:abstract|summary|introduction|background|(?:materials? and )?methods?|(?:experimental )?results|discussion|"
    r"results and discussion|conclusions?|discussion and conclusions?|related works?|acknowledge?ments?|limitations|"
    r"zusammenfassung|einleitung|methoden|ergebnisse|diskussion|fazit|danksagung|résumé|introducción|conclusiones)[:.]?",
    re.IGNORECASE,
)
_NO_HEADING = re.compile(
    r"(?:theorem|lemma|proof|proposition|definition|corollary|remark|example|claim|assumption|figure|fig\.|table|"
    r"abbildung|tabelle|listing|algorithm|satz|beweis|beispiel)\b(?:\s*[\d(.:]|$)", re.IGNORECASE,
)
_ENDS = re.compile(r"[.;,:!]['\"”’)\]]*$")
_BULLET = re.compile(r"([•‣◦▪●○■□–—*·►➢✓✔❖\uf0b7\uf0a7-])\s+(?=\S)")
_ITEM_NUMBER = re.compile(r"\(?(\d{1,2})[.)]\s+(?=\S)")


def heading_levels(looks: Sequence[Look], title: int) -> list[int]:
    """The level of each paragraph that is a heading, 1 the highest; 0 for all others, and for the title."""
    body = body_of(looks)
    found = [at != title and _is_heading(look, body) for at, look in enumerate(looks)]
    depths = [_depth(look.text) if heading else 0 for look, heading in zip(looks, found)]
    ranks = _ranks([look for look, heading in zip(looks, found) if heading])
    by_style = _levels_of_styles(looks, found, depths, ranks)
    levels = [(depth or by_style[look.style]) if heading else 0 for look, heading, depth in zip(looks, found, depths)]
    return _without_gaps(levels)


def item_marks(looks: Sequence[Look], levels: Sequence[int]) -> list[str]:
    """What each item of a list begins with, to be cut off where it is shown otherwise; empty for all others.

    A number makes an item where the paragraph before or after has the neighbouring one.
    """
    numbers = [_item_number(look.text) if not level else None for look, level in zip(looks, levels)]
    marks = []
    for at, (look, level, number) in enumerate(zip(looks, levels, numbers)):
        before, after = numbers[at - 1] if at else None, numbers[at + 1] if at + 1 < len(looks) else None
        counted = number is not None and (before == number - 1 or after == number + 1)
        found = None if level else _ITEM_NUMBER.match(look.text) if counted else _BULLET.match(look.text)
        marks.append(found[0] if found else "")
    return marks


def _is_heading(look: Look, body: tuple[float, bool]) -> bool:
    text = look.text
    if len(text.split()) > _MOST_WORDS or not re.search(r"[^\W\d_]", text) or _NO_HEADING.match(text):
        return False
    if _BULLET.match(text) or text[0].islower():
        return False
    size, bold = body
    larger = look.size > _LARGER * size > 0
    apart = larger or (look.bold and not bold and look.size > 0.9 * size) or look.slanted or look.capitals
    if _KNOWN.fullmatch(re.sub(_NUMBER, "", text)):
        return True
    numbered = bool(_NUMBER.match(text) or _CHAPTER.match(text))
    return apart and (numbered or larger or look.bold or look.slanted or not _ENDS.search(text))


def _depth(text: str) -> int:
    """How deep a heading's number goes; 0 if it has none."""
    match = _NUMBER.match(text)
    if match is None:
        return int(bool(_CHAPTER.match(text)))
    return max(group.count(".") + 1 for group in match.groups() if group)


def _ranks(headings: Sequence[Look]) -> dict[tuple[float, bool, bool, bool], int]:
    """The styles of headings from the most to the least prominent."""
    styles = sorted({look.style for look in headings}, key=lambda style: (style[0], style[1], style[3]), reverse=True)
    return {style: rank for rank, style in enumerate(styles)}


def _levels_of_styles(
    looks: Sequence[Look], found: Sequence[bool], depths: Sequence[int],
    ranks: dict[tuple[float, bool, bool, bool], int],
) -> dict[tuple[float, bool, bool, bool], int]:
    """The level of headings without a number, by style: that of numbered ones set alike, or by rank among all."""
    numbered: defaultdict[tuple[float, bool, bool, bool], Counter[int]] = defaultdict(Counter)
    for look, heading, depth in zip(looks, found, depths):
        if heading and depth:
            numbered[look.style][depth] += 1
        elif heading and _KNOWN.fullmatch(look.text):
            numbered[look.style][1] += 1
    told = {style: counts.most_common(1)[0][0] for style, counts in numbered.items()}
    levels: dict[tuple[float, bool, bool, bool], int] = {}
    above = 0
    for style in ranks:
        levels[style] = told.get(style, above + 1)
        above = max(above, levels[style]) if style in told else levels[style]
    return levels


def _without_gaps(levels: Sequence[int]) -> list[int]:
    """Levels that go down by one at a time."""
    made, open_levels = [], list[int]()
    for level in levels:
        if level:
            open_levels = [*(above for above in open_levels if above < level), level]
        made.append(len(open_levels) if level else 0)
    return made


def _item_number(text: str) -> int | None:
    match = _ITEM_NUMBER.match(text)
    return int(match[1]) if match else None
