"""The statements that close an article (who did what, who paid, what competes) stay; its keywords go.

Publishers set statements small, between the text and its references, and they are the authors' own words. Both are
told by their headings in several languages.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..document import Line
from ..rules import is_notation
from .sections import HEADINGS

_LONGEST = 80  # lines of a statement
_HEADING = 70  # characters; a heading is no longer
_STATEMENT = re.compile(
    r"^\W*(?:(?:electronic |online )?supplementa\w+ (?:materials?|information|data|files?)|additional files?|"
    r"conflicts? of interests?|(?:declarations? of )?(?:competing|conflicting) (?:financial )?interests?|disclosures?|"
    r"author(?:s|[’']s|s[’'])? contributions?|contributors|abbreviations(?: used)?|funding(?: \w+)?|financial support|"
    r"acknowledge?ments?|(?:data|code|sample|software)?\s?availability(?: (?:of|statement)\b.{0,40})?|"
    r"ethic\w*(?: \w+){0,4}|consent for publication|"
    r"danksagung|remerciements|agradecimientos|ringraziamenti|благодарности|謝辞|致谢|감사의 (?:글|말))"
    r"(?P<rest>\s*(?:[:.—–-]|$).*)", re.IGNORECASE,
)
_KEYWORDS = re.compile(
    r"\W*(?:(?:additional )?key\s?words?(?: and phrases)?|index terms|ccs concepts?|acm reference format|"
    r"categories and subject descriptors|(?:\d{4} )?(?:mathematics )?subject classification|general terms|pacs|"
    r"jel\b.{0,20}|schlüsselwörter|schlagw(?:örter|orte)|mots[- ]clés|palabras clave|parole chiave|palavras-chave|"
    r"ключевые слова|关键词|關鍵詞|キーワード|핵심어|주제어)\s*(?:[:.—–•-]|$)", re.IGNORECASE,
)
_DATES = re.compile(r"\W*(?:received|accepted|revised|published)\b\W*\d", re.IGNORECASE)


def in_statements(lines: Sequence[Line], headings: NDArray[np.bool_], rules: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether each line belongs to a statement that closes an article, its heading included.

    A statement begins with its heading, or with a line that its name opens ("Funding: ..."), and ends at the next
    heading, at references, or at the end of its block where its name only opens it.

    Args:
        lines: a document's lines.
        headings: whether each is set like a heading.
        rules: whether the rules name a kind for it, as a running head or a reference.
    """
    found = np.zeros(len(lines), bool)
    end, only, before = 0, None, None
    for i, line in enumerate(lines):
        here = line.page, line.block
        opens, before = here != before or bool(line.emphasis and line.emphasis[0][0] == 0), here
        if rules[i] or is_notation(line):
            continue
        match = _STATEMENT.match(line.text)
        told = match["rest"].strip(" :.—–-") if match else ""
        if match and (opens if told else len(line.text) < _HEADING):
            end, only = i + _LONGEST, here if told else None
        elif i >= end or headings[i] or only not in (None, here) or _ends(line.text):
            end = 0
        found[i] = i < end
    return found


def in_keywords(lines: Sequence[Line]) -> NDArray[np.bool_]:
    """Whether each line belongs to a list of keywords: from the line that says so to the end of its block.

    Where the word stands on a line of its own, the block after it is the list.
    """
    found = np.zeros(len(lines), bool)
    inside: tuple[int, int] | None = None
    for i, line in enumerate(lines):
        here = line.page, line.block
        if match := _KEYWORDS.match(line.text):
            inside = None if match.end() >= len(line.text.rstrip()) else here
            found[i] = True
        elif found[i - 1] and inside is None and i and len(line.text) > 1:
            inside = here
            found[i] = True
        else:
            found[i] = inside == here
            inside = inside if found[i] else (0, 0)
    return found


def _ends(text: str) -> bool:
    return bool(HEADINGS["references"].match(text) or _DATES.match(text))
