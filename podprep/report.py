"""The report: one self-contained HTML page with a summary and every chunk side by side.

Holds the page around the tables of `diff`: counts by kind with a small chart, flagged chunks
first, then all chunks in order. No script, nothing from outside.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path

from .cleaned import Cleaned, CleanedChunk
from .diff import DIFF_STYLE, diff_table
from .fidelity import words
from .output import write_text

_STYLE = """<style>
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 75rem; margin: 0 auto; padding: 1rem 1.5rem; }
h2 { margin-top: 2em; } summary { cursor: pointer; padding: 0.3em 0; } summary h3 { display: inline; font-size: 1rem; }
table.kinds td, table.kinds th { padding: 0.1em 1em 0.1em 0; text-align: left; font-weight: normal; }
table.kinds td.number { text-align: right; font-variant-numeric: tabular-nums; }
.bar { display: inline-block; height: 0.8em; background: #3b7dd8; }
.flag { border: 1px solid; border-radius: 0.3em; padding: 0 0.4em; font-weight: bold; }
del, ins { padding: 0 0.2em; } del { background: rgba(218, 60, 50, 0.22); } ins { background: rgba(40, 150, 70, 0.25); }
</style>"""


def write_report(cleaned: Cleaned, path: str | Path, force: bool = False) -> Path:
    """Write the side-by-side report of a cleaned document.

    Raises:
        OutputError: the file cannot be written, or exists and `force` is false.
    """
    return write_text(path, report_html(cleaned), force)


def report_html(cleaned: Cleaned) -> str:
    """The report as one HTML page."""
    title = html.escape(f"{cleaned.document.path.name}: raw and cleaned")
    return "\n".join([
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>',
        '<meta name="viewport" content="width=device-width, initial-scale=1">', _STYLE, DIFF_STYLE,
        f"</head><body><header><h1>{title}</h1></header><main>",
        *_summary(cleaned),
        *_flagged(cleaned),
        '<h2 id="chunks">All chunks</h2>',
        *(_chunk(c) for c in cleaned.chunks),
        "</main></body></html>\n",
    ])


def _summary(cleaned: Cleaned) -> Iterator[str]:
    """Counts and a bar a kind of removal, and what the marks mean."""
    kept, removed = len(words(cleaned.text)), cleaned.words_removed()
    settings = ", ".join(f"{key} {value}" for key, value in cleaned.settings.items())
    yield '<section aria-label="Summary"><h2>Summary</h2>'
    yield f"<p>{len(cleaned.document.pages)} pages read, cleaner {cleaned.cleaner} ({html.escape(settings)}).</p>"
    yield '<table class="kinds"><thead><tr><th>words</th><th>number</th><td></td></tr></thead><tbody>'
    counts = {"kept": kept, **{f"removed: {kind}": n for kind, n in removed.most_common()}}
    for name, count in counts.items():
        width = 24 * count / max(max(counts.values()), 1)
        yield (f'<tr><th scope="row">{html.escape(name)}</th><td class="number">{count:,}</td>'
               f'<td aria-hidden="true"><span class="bar" style="width: {width:.2f}rem"></span></td></tr>')
    yield "</tbody></table><p>Marks: <del>removed</del>, <ins>added</ins>, dotted underline: changed.</p></section>"


def _flagged(cleaned: Cleaned) -> Iterator[str]:
    """Links to the chunks that a person should look at, failed ones first."""
    count = f"{len(cleaned.flagged)} of {len(cleaned.chunks)}"
    yield f'<section aria-label="Flagged chunks"><h2>Flagged chunks: {count}</h2><ul>'
    for chunk in cleaned.flagged:
        reasons = html.escape("; ".join(chunk.fidelity.reasons))
        yield f'<li><a href="#chunk-{chunk.chunk.index}">{_name(chunk)}</a> {_flag(chunk)} {reasons}</li>'
    yield "</ul></section>"


def _chunk(chunk: CleanedChunk) -> str:
    """One chunk as a foldable table; chunks that nothing was done to start folded."""
    kept = f"{chunk.fidelity.kept:.0%} of its words kept"
    stop = f", stopped: {html.escape(chunk.stop_reason)}" if chunk.stop_reason else ""
    opened = " open" if chunk.removals or chunk.fidelity.verdict != "clean" else ""
    draft = ""
    if chunk.draft:
        draft = f"<details><summary>Refused: what the model wrote</summary><p>{html.escape(chunk.draft)}</p></details>"
    return (f'<details id="chunk-{chunk.chunk.index}"{opened}><summary><h3>{_name(chunk)}</h3> '
            f"{_flag(chunk)} {kept}{stop}</summary>{draft}{diff_table(chunk)}</details>")


def _name(chunk: CleanedChunk) -> str:
    first, last = chunk.chunk.first_page, chunk.chunk.last_page
    pages = f"page {first}" if first == last else f"pages {first}–{last}"
    return f"Chunk {chunk.chunk.index + 1}, {pages}"


def _flag(chunk: CleanedChunk) -> str:
    verdict = chunk.fidelity.verdict
    return "" if verdict == "clean" else f'<span class="flag">{verdict}</span>'
