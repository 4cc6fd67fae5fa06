"""Side by side: raw text on the left, cleaned on the right, sentence by sentence.

`difflib.HtmlDiff` draws the table from the rows of `rows`; what did not change is folded away.
Everything is escaped, there is no script, and the marks never rely on colour alone. Pages around
the tables are in `report`.
"""

import difflib
import html
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from ..cleaned import CleanedChunk
from ..spans import Span
from .flags import Flag
from .rows import Row, chunk_rows
from .signs import shown

_CONTEXT = 1  # unchanged rows that stay in sight on either side of a change
_LEAST_FOLD = 2  # rows; fewer are not worth a fold
_PLAIN = re.compile(r'<span (class="diff_(sub|add)\b(?![^>]* role=)[^>]*)>(.*?)</span>', re.DOTALL)  # of no other role
_ELEMENTS = {"sub": "del", "add": "ins"}

DIFF_CSS = """
table.podprep { border-collapse: collapse; width: 100%; table-layout: fixed; font: 0.9rem/1.5 system-ui, sans-serif;
  border: 0; }
table.podprep td, table.podprep th { overflow-wrap: anywhere; white-space: normal; vertical-align: top;
  padding: 0.3em 0.7em; border: 0; text-align: start !important; max-width: none; }
table.podprep thead th { font-weight: 600; border-bottom: 2px solid rgba(128, 128, 128, 0.6); background: none; }
table.podprep tr { border-top: 1px solid rgba(128, 128, 128, 0.25); background: transparent !important; }
table.podprep colgroup, table.podprep .diff_next, table.podprep .diff_header[id] { display: none; }
table.podprep td.changed { box-shadow: inset 3px 0 rgba(128, 128, 128, 0.75); }
table.podprep td + td + td + td.changed { box-shadow: none; }
table.podprep td[data-why]::before { content: attr(data-why); font-size: 0.85em; font-style: italic; opacity: 0.8; }
.podprep :is(.diff_sub, .diff_add, .diff_chg) { border-radius: 0.15em; padding: 0.05em 0.1em; }
.podprep .diff_sub { background: rgba(220, 50, 40, 0.16); text-decoration: line-through;
  text-decoration-thickness: 1.5px; }
.podprep .diff_add { background: rgba(30, 140, 70, 0.2); text-decoration: underline; text-decoration-thickness: 2px; }
.podprep .diff_chg { background: none; text-decoration: underline dotted; text-underline-offset: 0.2em; }
.podprep .diff_chg.restored { background: rgba(40, 110, 220, 0.2); text-decoration: underline double; }
.podprep .flagged { outline: 2px solid #b36200; outline-offset: 1px; background: rgba(255, 170, 40, 0.3); }
.podprep .flagged.diff_chg { text-decoration: none; }
.podprep .flagged > small { display: inline-block; text-decoration: none; font-weight: 700; font-size: 0.75em;
  margin-right: 0.4em; user-select: none; }
table.podprep .fold-bar td { padding: 0.1em 0.7em; }
table.podprep .fold-bar label { cursor: pointer; font-size: 0.85em; }
table.podprep .fold-bar:has(input:not(:checked)) + tbody { display: none; }
@media print { table.podprep { font-size: 1em; line-height: 1.3; } table.podprep .fold-bar input { display: none; }
  table.podprep td { padding: 0.1em 0.5em; }
  .podprep :is(.diff_sub, .diff_add, .restored, .flagged) { print-color-adjust: exact; } }
"""
"""How podprep's tables look; other tables, such as a bare `HtmlDiff`'s, stay as they are."""

DIFF_STYLE = f"<style>{DIFF_CSS}</style>"
"""The same, to put before a table."""

LEGEND = (
    '<p class="legend podprep">Marks: <span class="diff_sub">removed</span>, <span class="diff_add">added</span>, '
    '<span class="diff_chg">repaired</span> (a cut word closed up, a ligature), '
    '<span class="diff_chg restored">restored</span> by a person, '
    '<span class="flagged"><small>flag 1 </small>doubtful</span>.</p>'
)
"""What the marks mean, as HTML."""


def diff_table(
    chunk: CleanedChunk, restored: Sequence[Span] = (), buttons: bool = False, label: str = "",
    flags: Sequence[Flag] = (),
) -> str:
    """HTML table of one chunk: raw sentences on the left, what became of them on the right.

    Args:
        chunk: the chunk as it stands.
        restored: spans (start, end) of the document that a person took back.
        buttons: whether removed and restored spans are to be operated, and sentences found by number, as in the panel.
        label: what to call the table to those who cannot see it.
        flags: the chunk's flags, whose words are to be marked.
    """
    return rows_table(chunk_rows(chunk, restored, flags), buttons, label, flags)


def rows_table(
    rows: Sequence[Row], buttons: bool = False, label: str = "", flags: Sequence[Flag] = (), anchor: str = "",
) -> str:
    """The same of rows that are made already; with an anchor, each flag's first place is ANCHOR-NUMBER for links."""
    groups = _folds(rows)
    drawing = _AlignedHtmlDiff(
        [row for _, group in groups for row in group], [len(group) for _, group in groups], buttons)
    table = drawing.make_table([], [], fromdesc="raw", todesc="cleaned").replace(' colspan="2"', "")
    opening = f'<table class="diff podprep" aria-label="{html.escape(shown(label))}"'
    table = table.replace('<table class="diff"', opening, 1)
    bodies = table.split("<tbody>")  # no text can hold one
    for number, (folded, group) in enumerate(groups, 1):
        bodies[number] = (_fold_bar(len(group)) if folded else "") + "<tbody>" + bodies[number]
    return _named("".join(bodies), buttons, flags, anchor)


def _folds(rows: Sequence[Row]) -> list[tuple[bool, list[Row]]]:
    """Group rows, and say which groups to fold: runs of unchanged ones away from any change."""
    changed = [i for i, row in enumerate(rows) if row.changed]
    if not changed:
        return [(False, list(rows))]
    near = {i + shift for i in changed for shift in range(-_CONTEXT, _CONTEXT + 1)}
    folded: list[bool] = []
    for seen, group in groupby(range(len(rows)), key=near.__contains__):
        count = len(list(group))
        folded += [not seen and count >= _LEAST_FOLD] * count
    return [(fold, [row for _, row in group]) for fold, group in groupby(zip(folded, rows), key=itemgetter(0))]


def _fold_bar(count: int) -> str:
    """A row with a box to tick that shows the body below it; needs no script."""
    box = f'<label><input type="checkbox"> show {count} unchanged sentences</label>'
    return f'<tbody class="fold-bar"><tr><td colspan="2">{box}</td></tr></tbody>'


def _named(table: str, buttons: bool, flags: Sequence[Flag], anchor: str) -> str:
    """Give each mark its role, and each removal known by its place its kind, and in the panel its button."""
    linked: set[str] = set()

    def flagged(style: str, number: str, told: str, more: str) -> str:
        """The beginning of a flagged mark, which says so in words."""
        place = f' id="{anchor}-{number}"' if anchor and number not in linked else ""
        linked.add(number)
        return f'<span class="{style} flagged" data-flag="{number}"{more}{place}><small>{told}</small>'

    def mark(match: re.Match[str]) -> str:
        """The element in place of one mark."""
        looks, sign, name, kind = match.groups()
        if sign == "!":
            return flagged(f"diff_{looks}", name, f"flag {name} ", ' role="mark"')
        back, span = sign == "=", tuple(map(int, name.split("-")))
        style = "diff_chg restored" if back else "diff_sub"
        role = f' role="button" tabindex="0" aria-pressed="{str(back).lower()}"' if buttons else ""
        flag = next((f for f in flags if any(a < span[1] and span[0] < b for a, b in f.source)), None)
        known = f'{role} data-span="{name}" title="{kind}"'
        if flag and not back:
            return flagged(style, str(flag.number), f"flag {flag.number}, {kind} ", known)
        return f'<span class="{style}"{known}>'

    table = re.sub('<span class="diff_(sub|chg|add)">\2([-=!])([-0-9]+)[|]([^\3]*)\3', mark, table)
    return _PLAIN.sub(lambda m: f"<{_ELEMENTS[m[2]]} {m[1]}>{m[3]}</{_ELEMENTS[m[2]]}>", table)


class _AlignedHtmlDiff(difflib.HtmlDiff):
    """An `HtmlDiff` that draws rows aligned beforehand, in bodies of given lengths.

    The hook for wrapping lines is where a subclass may replace the rows; wrapping itself is left
    to the browser.
    """

    def __init__(self, rows: Sequence[Row], lengths: Sequence[int], numbered: bool) -> None:
        super().__init__(wrapcolumn=1)
        self._rows, self._numbered = rows, numbered
        self._starts = {sum(lengths[:i]) for i in range(1, len(lengths))}

    def _line_wrapper(self, diffs: Any) -> Iterator[tuple[Any, Any, bool | None]]:
        for number, row in enumerate(self._rows):
            if number in self._starts:
                yield None, None, None  # HtmlDiff begins a new body here
            yield (number, row.raw), (number, row.cleaned), row.changed

    def _format_line(self, side: int, flag: bool, linenum: int, text: str) -> str:
        row, prefix = self._rows[linenum], self._prefix[side]  # type: ignore[attr-defined]
        style = ' class="changed"' if row.changed else ""
        why = f' data-why="{html.escape(", ".join(row.kinds))}"' if side and not text and row.kinds else ""
        hidden = f'<td class="diff_header" id="{prefix}{linenum}"></td>'
        number = f' data-row="{linenum}" tabindex="-1"' if side and self._numbered and row.span else ""
        return f'{hidden}<td{style}{why}{number} dir="auto">{html.escape(text)}</td>'
