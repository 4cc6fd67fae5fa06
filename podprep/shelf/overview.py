"""What the work files in a folder hold, as rows and as one HTML page with links to the reports beside them.

Reads only; a work file that cannot be opened is a row that says why.
"""

import html
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from ..counts import counted
from ..errors import PodprepError
from ..fidelity import words
from ..output import ENDING
from ..review import Review, shown
from ..runs import Run, find_runs

_STYLE = """<style>
:root { color-scheme: light dark; } body { background: Canvas; color: CanvasText; max-width: 72rem; margin: 0 auto;
  font: 1rem/1.5 system-ui, sans-serif; padding: 0 1.5rem 4rem; } h1 { font-size: 1.6rem; overflow-wrap: anywhere; }
a { color: light-dark(#1a56b0, #8db8f7); } .scroll { overflow-x: auto; } table { border-collapse: collapse; }
th, td { padding: 0.3em 1.2em 0.3em 0; text-align: start; vertical-align: top; border-top: 1px solid #8887; }
th { font-weight: normal; overflow-wrap: anywhere; } thead th { color: light-dark(#59595f, #b4b4ba); border: 0; }
td.number { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
</style>"""
REPORT = ".review.html"
"""The ending of a document's report beside its work file."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A work file in an overview.

    Attributes:
        file: the work file, from the folder.
        pdf: the PDF's name or address.
        state: "started", "reading", "cleaning", "finished" or "unusable".
        done: pages read or chunks cleaned so far, `total` how many there are.
        words: words of the text as it is reviewed so far.
        flagged: flagged chunks that are still open.
        decided: chunks that a person has decided about, of `total`.
        report: the report beside it, from the folder; empty where there is none.
        told: why it cannot be used; else empty.
    """

    file: str
    pdf: str = ""
    state: str = "unusable"
    done: int = 0
    total: int = 0
    words: int = 0
    flagged: int = 0
    decided: int = 0
    report: str = ""
    told: str = ""

    def with_report(self, folder: Path, report: Path) -> "Entry":
        """The same with a report beside it."""
        return replace(self, report=_below(folder, report))


def entries(folder: str | Path) -> Iterator[tuple[Entry, Review | None]]:
    """Yield every work file in a folder and those inside it, by name, with the review of each that is finished.

    Raises:
        RunError: there is no such folder, or it cannot be read.
    """
    folder = Path(folder)
    for path, run in find_runs(folder, recursive=True):
        try:
            yield (_entry(folder, run) if isinstance(run, Run) else
                   (Entry(_below(folder, path), told=str(run)), None))
        except PodprepError as error:
            yield Entry(_below(folder, path), told=str(error)), None


def report_of(work: Path) -> Path:
    """Where the report of a work file stands."""
    return work.with_name(work.name.removesuffix(ENDING) + REPORT)


def _entry(folder: Path, run: Run) -> tuple[Entry, Review | None]:
    at, report = run.progress, report_of(run.path)
    review = Review(run) if at.state == "finished" else None
    return Entry(
        _below(folder, run.path), run.name, at.state, at.done, at.total,
        len(words(review.text)) if review else 0, review.progress.flagged if review else 0,
        review.progress.decided if review else 0, _below(folder, report) if report.is_file() else "",
    ), review


def _below(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


def overview_html(found: Sequence[Entry], folder: Path, page: Path) -> str:
    """The overview as one HTML page that needs nothing from outside.

    Args:
        found: the entries of a folder.
        folder: that folder.
        page: where the page will stand; its links lead from there to the reports.
    """
    title, way = f"Shelf {folder.resolve().name}", os.path.relpath(folder, page.parent)
    heads = ("document", "state", "words", "to look at", "decided", "from")
    name = html.escape(shown(title))
    return "\n".join([
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{name}</title>',
        '<meta name="viewport" content="width=device-width, initial-scale=1">', _STYLE,
        f'</head><body><main><h1>{name}</h1><p>{totals_told(found)}</p><div class="scroll"><table><thead><tr>',
        *(f'<th scope="col">{head}</th>' for head in heads), "</tr></thead><tbody>",
        *(_line(one, way) for one in found),
        "</tbody></table></div></main></body></html>\n",
    ])


def totals(found: Sequence[Entry]) -> dict[str, int]:
    """What the entries add up to."""
    return {"documents": len(found), "finished": sum(one.state == "finished" for one in found),
            "unusable": sum(one.state == "unusable" for one in found), "words": sum(one.words for one in found),
            "to look at": sum(one.flagged for one in found), "decided": sum(one.decided for one in found)}


def totals_told(found: Sequence[Entry]) -> str:
    """What they add up to, in a line."""
    sums = totals(found)
    looked = counted(sums["to look at"], "chunks")
    plain = ", ".join(counted(sums[what], what) for what in ("documents", "finished", "unusable", "words"))
    return f"{plain}, {looked} to look at, {sums['decided']:,} of {sum(one.total for one in found):,} decided"


def _line(entry: Entry, way: str) -> str:
    name = html.escape(shown(entry.file.removesuffix(ENDING)))
    link = html.escape(quote(os.fsencode(f"{way}/{entry.report}")))
    linked = f'<a href="{link}">{name}</a>' if entry.report else name
    state = entry.state if entry.state in ("finished", "unusable") else f"{entry.state}, {entry.done} of {entry.total}"
    numbers = (f"{entry.words:,}", f"{entry.flagged:,}", f"{entry.decided:,} of {entry.total:,}")
    cells = "".join(f'<td class="number">{number if entry.state == "finished" else ""}</td>' for number in numbers)
    return (f'<tr><th scope="row" dir="auto">{linked}</th><td>{state}</td>{cells}'
            f'<td dir="auto">{html.escape(shown(entry.told or entry.pdf))}</td></tr>')
