"""The statements that close an article: who did what, who paid, what competes, what more there is.

Publishers set them small, between the text and its references, and they are the authors' own words: they stay. Which
section a line stands in is told by headings of several languages, see `sections`.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..document import Line
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
        if rules[i]:
            continue
        match = _STATEMENT.match(line.text)
        told = match["rest"].strip(" :.—–-") if match else ""
        if match and (opens if told else len(line.text) < _HEADING):
            end, only = i + _LONGEST, here if told else None
        elif i >= end or headings[i] or only not in (None, here) or HEADINGS["references"].match(line.text):
            end = 0
        found[i] = i < end
    return found
