"""The report: one self-contained HTML page with a summary, contents, every chunk side by side, and every removal.

Holds the page around the tables of `diff`. No script, nothing from outside; follows light and dark, fits a telephone,
can be read with a keyboard or a screen reader, and prints what is unfolded.
"""

import html
from collections.abc import Iterator
from pathlib import Path

from ..cleaned import Cleaned, CleanedChunk
from ..counts import counted
from ..document import Document
from ..spans import KINDS, Removal, joined_removals
from .diff import DIFF_STYLE, LEGEND, rows_table
from .flags import Flag, flags_of
from .review import Review
from .rows import chunk_rows
from .signs import shown
from .spoken import SPEECH_LINK, speech_section

_STYLE = """<style>
:root { color-scheme: light dark; --line: #8887; --quiet: #59595f; --bar: #2f6fca; --flag: #8a4b00; --card: #f6f6f4; }
@media (prefers-color-scheme: dark) { :root { --quiet: #b4b4ba; --bar: #6fa6f2; --flag: #ffb866; --card: #1f1f22; } }
html { scroll-padding-top: 3.5rem; } body { background: Canvas; color: CanvasText; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 78rem; margin: 0 auto; padding: 0 1.5rem 4rem; }
h1 { font-size: 1.6rem; margin: 1.5rem 0 0.2rem; overflow-wrap: anywhere; } h2 { margin: 2.5rem 0 0.5rem; }
nav { position: sticky; top: 0; z-index: 1; background: Canvas; border-bottom: 1px solid var(--line);
  padding: 0.6rem 0; }
nav a { margin-right: 1.4rem; } a { color: light-dark(#1a56b0, #8db8f7); }
a:focus-visible, summary:focus-visible, input:focus-visible { outline: 3px solid var(--bar); outline-offset: 2px; }
.quiet { color: var(--quiet); } .legend { margin: 0.8rem 0; }
dl.figures { display: flex; flex-wrap: wrap; gap: 0.8rem; margin: 1rem 0; }
dl.figures div { background: var(--card); border: 1px solid var(--line); border-radius: 0.4rem; padding: 0.5rem 1rem;
  min-width: 6.5rem; }
dl.figures dt { color: var(--quiet); font-size: 0.9rem; }
dl.figures dd { margin: 0; font-size: 1.5rem; font-weight: 600; }
table.kinds, table.gone { border-collapse: collapse; } table.gone { width: 100%; font-size: 0.92rem; }
table.kinds td, table.kinds th { padding: 0.1em 1.2em 0.1em 0; text-align: left; font-weight: normal; }
table.gone td, table.gone th { padding: 0.25em 0.9em 0.25em 0; text-align: start; vertical-align: top;
  border-top: 1px solid var(--line); }
table.gone td:last-child { overflow-wrap: anywhere; width: 100%; } table.gone td { white-space: nowrap; }
table.gone td:last-child { white-space: normal; }
td.number { text-align: right !important; font-variant-numeric: tabular-nums; }
table.kinds { width: 100%; max-width: 44rem; } table.kinds td:last-child { width: 60%; }
.bar { display: block; height: 0.75em; background: var(--bar); min-width: 1px; print-color-adjust: exact; }
ol.contents { columns: 22rem; padding: 0; list-style: none; } ol.contents li { break-inside: avoid; }
ol.contents :is(.level-2, .level-3, .level-4, .level-5, .level-6) { padding-left: 1.2em; }
blockquote { margin: 0.5em 0.8em; padding-left: 0.6em; border-left: 3px solid var(--line); white-space: pre-wrap;
  overflow-wrap: anywhere; }
details.chunk { border: 1px solid var(--line); border-radius: 0.4rem; margin: 0.6rem 0; }
.flagged:target { outline-width: 4px; }
details.chunk > summary { cursor: pointer; padding: 0.45em 0.8em; background: var(--card); }
summary h3 { display: inline; font-size: 1rem; margin-right: 0.6em; } details > p { margin: 0.5em 0.8em; }
.flag { color: var(--flag); font-weight: 600; } .flag, .decision { border: 1px solid; border-radius: 0.3em;
  padding: 0 0.4em; margin-right: 0.5em; }
@media (max-width: 600px) {
  body { padding: 0 0.6rem 3rem; } nav { position: static; } nav a { display: inline-block; }
  table.gone :is(thead, tbody, tr, td) { display: block; width: auto; } table.gone td { border: 0; padding: 0; }
  table.gone tr { border-top: 1px solid var(--line); padding: 0.3em 0; } table.gone thead { display: none; }
  td.number { text-align: left !important; } table.podprep td { padding: 0.3em 0.35em; }
  table.kinds td.number { text-align: right !important; }
}
@page { margin: 12mm; }
@media print { nav { display: none; } body { max-width: none; padding: 0; font-size: 7.5pt; line-height: 1.25; }
  h1 { font-size: 13pt; } h2 { font-size: 10pt; margin: 0.8rem 0 0.2rem; } summary h3 { font-size: 1em; }
  dl.figures { gap: 0.3rem; margin: 0.3rem 0; } dl.figures div { padding: 0 0.5rem; min-width: 0; }
  dl.figures dt { font-size: 0.9em; } dl.figures dd { font-size: 1.2em; } table.gone { font-size: 1em; }
  details.chunk { margin: 0.15rem 0; } details.chunk > summary { padding: 0.1em 0.5em; break-after: avoid; }
  details > p { margin: 0.1em 0.5em; } a { color: inherit; } }
</style>"""


def write_report(source: Cleaned | Review, path: str | Path, force: bool = False, speech: bool = False) -> Path:
    """Write the side-by-side report of a cleaned or reviewed document, with `speech` also what is said otherwise.

    Raises:
        OutputError: the file cannot be written, exists and `force` is false, or is what the document comes from.
    """
    review = source if isinstance(source, Review) else Review(source)
    return review.write_files({path: report_html(review, speech)}, force)[0]


def report_html(source: Cleaned | Review, speech: bool = False) -> str:
    """The report as one HTML page; with `speech`, also what is said otherwise than it is written."""
    review = source if isinstance(source, Review) else Review(source)
    result = review.result
    title = html.escape(shown(f"{result.document.path.name or 'document'}: raw and cleaned"))
    flagged = review.flagged
    return "\n".join([
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>',
        '<meta name="viewport" content="width=device-width, initial-scale=1">', _STYLE, DIFF_STYLE,
        f"</head><body><header><h1>{title}</h1>{_about(result)}</header>",
        '<nav aria-label="Parts"><a href="#summary">Summary</a><a href="#contents">Contents</a>'
        '<a href="#flagged">Flagged</a><a href="#chunks">All chunks</a><a href="#removed">Everything removed</a>'
        f'{SPEECH_LINK if speech else ""}</nav><main>',
        *_summary(review, result), LEGEND, *_contents(result),
        f'<section aria-labelledby="flagged"><h2 id="flagged">Flagged, and not yet decided: {len(flagged)}</h2>',
        *(_chunk(review, i) for i in flagged),
        "" if flagged else f"<p>None: {'all are decided' if result.flagged else 'no check raised a flag'}.</p>",
        '</section><section aria-labelledby="chunks"><h2 id="chunks">All chunks</h2>',
        *(_pointer(c) if i in flagged else _chunk(review, i) for i, c in enumerate(result.chunks)),
        "</section>", *_removed(result), *(speech_section(review.repairs, result) if speech else ()),
        "</main></body></html>\n",
    ])


def _about(result: Cleaned) -> str:
    settings = ", ".join(f"{key} {value}" for key, value in result.settings.items())
    pages = ", ".join(map(str, result.document.recognised))
    seen = f"<p>Recognised in their picture (OCR), so that letters may be wrong: pages {pages}</p>" if pages else ""
    return f'<p class="quiet">Cleaned with {html.escape(shown(f"{result.cleaner} ({settings})"))}</p>{seen}'


def _summary(review: Review, result: Cleaned) -> Iterator[str]:
    """The figures, and the number of words kept and removed by kind, as a table and bars."""
    numbers, removed = result.numbers(), result.words_removed()
    kept = numbers.words
    figures = {"pages": f"{len(result.document.pages):,}", "words kept": f"{kept:,}",
               "words removed": f"{removed.total():,}", "chunks": f"{len(result.chunks):,}",
               "flagged": f"{len(review.flagged):,}", "decided": f"{review.progress.decided:,}",
               "minutes read aloud": f"{numbers.minutes:,}"}
    if numbers.tokens is not None:
        figures[f"tokens ({html.escape(shown(numbers.tokenizer))})"] = f"{numbers.tokens:,}"
    yield '<section aria-labelledby="summary"><h2 id="summary">Summary</h2><dl class="figures">'
    yield from (f"<div><dt>{name}</dt><dd>{figure}</dd></div>" for name, figure in figures.items())
    yield '</dl><table class="kinds"><thead><tr><th>words</th><th>number</th><td></td></tr></thead><tbody>'
    counts = {"kept": kept, **{f"removed: {kind}": n for kind, n in removed.most_common()}}
    for name, count in counts.items():
        width = 100 * count / max(max(counts.values()), 1)
        yield (f'<tr><th scope="row">{html.escape(name)}</th><td class="number">{count:,}</td>'
               f'<td aria-hidden="true"><span class="bar" style="width: {width:.1f}%"></span></td></tr>')
    yield "</tbody></table>"
    if result.warning:
        yield f"<p><strong>{html.escape(result.warning)}</strong></p>"
    if review.unapplied:
        listed = "".join(f"<li>{html.escape(shown(sentence))}</li>" for sentence in review.unapplied)
        yield f"<h3>Decisions that no longer apply</h3><ul>{listed}</ul>"
    yield "</section>"


def _contents(result: Cleaned) -> Iterator[str]:
    """The sections of the text, each with the chunk in which it begins; without any, the pages."""
    found = [(section.level, section.title, section.pages[0],
              result.manuscript.paragraphs[section.paragraphs[0]].chunks[0]) for section in result.sections]
    if not found:
        first = {chunk.chunk.first_page: chunk.chunk.index for chunk in reversed(result.chunks)}
        found = [(1, f"Page {page}", page, index) for page, index in sorted(first.items())]
    yield '<section aria-labelledby="contents"><h2 id="contents">Contents</h2><ol class="contents">'
    for level, title, page, index in found:
        yield (f'<li class="level-{level}"><a href="#chunk-{index}">{html.escape(shown(title))}</a> '
               f'<span class="quiet">page {page}</span></li>')
    yield "</ol></section>"


def _chunk(review: Review, index: int) -> str:
    """One chunk as a foldable table; chunks in which nothing was removed start folded."""
    chunk, decision, before = review.chunk(index), review.decision(index), review.cleaned.chunks[index]
    flag = before.fidelity.verdict
    noted = flag != "clean" or decision.by_person or decision.comments or decision.versions
    opened = " open" if chunk.removals or noted else ""
    badge = '<span class="flag">disputed</span>' if decision.versions else ""
    badge += f'<span class="flag">{flag}</span>' if flag != "clean" else ""
    if decision.status != "open":
        badge += f'<span class="decision">{decision.status}</span>'
    stop = f", stopped: {html.escape(shown(chunk.stop_reason))}" if chunk.stop_reason else ""
    flags = flags_of(chunk, before.fidelity.reasons)
    told = "".join(f"<p>{_flag(each, index, flag)}</p>" for each in flags) + "".join(
        f"<blockquote><b>{html.escape(shown(version.by))}</b> ({html.escape(shown(version.status))}): "
        f"{html.escape(shown(version.text))}</blockquote>" for version in decision.versions)
    remarks = "".join(f"<blockquote>{html.escape(shown(comment.text))}<br><small>{html.escape(shown(comment.by))}, "
                      f"{html.escape(shown(comment.at))}</small></blockquote>" for comment in decision.comments)
    table = rows_table(chunk_rows(chunk, decision.restored, flags), label=chunk_name(chunk), flags=flags,
                       anchor=f"chunk-{index}-flag")
    name = chunk_name(chunk)
    return (f'<details class="chunk" id="chunk-{index}"{opened}><summary><h3>{name}</h3>{badge}'
            f'<span class="quiet">{chunk.fidelity.kept:.0%} of its words kept{stop}</span></summary>'
            f"{told}{remarks}{_draft(chunk)}{table}</details>")


def _flag(flag: Flag, index: int, verdict: str) -> str:
    """A flag in words, with a link to its place if it has one."""
    name = f"flag {flag.number}"
    if flag.clean or flag.source:
        name = f'<a href="#chunk-{index}-flag-{flag.number}">{name}</a>'
    return f"{name}, {html.escape(verdict)}: {html.escape(shown(flag.reason))}"


def _draft(chunk: CleanedChunk) -> str:
    if not chunk.draft:
        return ""
    draft = html.escape(shown(chunk.draft))
    return f'<details><summary>Refused: what the model wrote</summary><p dir="auto">{draft}</p></details>'


def _pointer(chunk: CleanedChunk) -> str:
    index = chunk.chunk.index
    return f'<p><a href="#chunk-{index}">{chunk_name(chunk)}</a> stands above, under Flagged.</p>'


def chunk_name(chunk: CleanedChunk) -> str:
    """What a chunk is called to a reader, counted from 1."""
    first, last = chunk.chunk.first_page, chunk.chunk.last_page
    pages = f"page {first}" if first == last else f"pages {first}–{last}"
    return f"Chunk {chunk.chunk.index + 1}, {pages}"


def _removed(result: Cleaned) -> Iterator[str]:
    """Everything removed, by kind; runs that stand next to one another in the source are one entry."""
    yield '<section aria-labelledby="removed"><h2 id="removed">Everything removed</h2>'
    for kind, count in result.words_removed().most_common():
        runs = list(_runs(result, kind))
        found = f"{counted(len(runs), 'places')}, {counted(count, 'words')}"
        yield (f'<details class="chunk"><summary><h3>{html.escape(kind)}</h3><span class="quiet">{found}</span>'
               f'</summary><p>{html.escape(KINDS.get(kind, ""))}</p><table class="gone"><thead>'
               "<tr><th>place</th><th>certainty</th><th>removed text</th></tr></thead><tbody>")
        yield from (_gone(result.document, index, removal) for index, removal in runs)
        yield "</tbody></table></details>"
    yield "</section>"


def _runs(result: Cleaned, kind: str) -> Iterator[tuple[int, Removal]]:
    """Yield the removals of a kind by chunk, joined where only white space parts them."""
    for index, chunk in enumerate(result.chunks):
        for run in joined_removals(result.document.text, (r for r in chunk.removals if r.kind == kind)):
            yield index, run


def _gone(document: Document, index: int, removal: Removal) -> str:
    text = html.escape(shown(" ".join(document.text[removal.start:removal.end].split())))
    page = document.page_at(removal.start)
    return (f'<tr><td><a href="#chunk-{index}">page {page}, chunk {index + 1}</a></td><td class="number">'
            f'{removal.score:.2f}</td><td dir="auto">{text}</td></tr>')
