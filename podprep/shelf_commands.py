"""What `podprep clean` does with many documents, and `podprep shelf`: work, and what is told of it.

How documents are found, cleaned and kept is in `shelf`; each gives its exit status.
"""

import shlex
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .counts import counted
from .errors import OutputError, PodprepError
from .output import check_output, write_text
from .progress import with_bar
from .review import one_line, report_html
from .shelf import (
    FAILED,
    LOST,
    Entry,
    Row,
    clean_items,
    entries,
    find_items,
    overview_html,
    recipe_of,
    report_of,
    totals,
    totals_told,
)
from .terminal import print_json, tell

_PARTLY = 3  # exit status
_MOST_LISTED = 60  # documents in the summary; the rest is counted


def clean(
    sources: list[str], out: str, settings: dict[str, Any], recursive: bool, jobs: int, ray: str | None, as_json: bool,
    quiet: bool, bars: bool,
) -> int:
    """Clean many documents into a folder, and tell of each as it is done."""
    if Path(out).exists() and not Path(out).is_dir():
        raise OutputError(f"{out} is a file: name a folder for the outcome of many documents.")
    items, began, rows = find_items(sources, recursive), time.monotonic(), list[Row]()
    made = clean_items(items, recipe_of(out, **settings), jobs, ray)
    for row in with_bar(bars, made, "cleaning", "document", len(items)):
        rows.append(row)
        if not quiet or row.told:
            _tell_beside_bar(f"{len(rows)} of {len(items)}: {_said(row)}", bars)
    place = {item.source: at for at, item in enumerate(items)}
    rows.sort(key=lambda row: place[row.source])
    seconds = time.monotonic() - began
    summary = _summary(rows, seconds)
    if as_json:
        print_json({**summary, "documents": [asdict(row) for row in rows]})
    elif not quiet:
        _show(rows, summary, seconds, out)
    return 1 if summary["failed"] == len(rows) else _PARTLY if summary["failed"] or summary["pages lost"] else 0


def overview(folder: Path, as_json: bool, report: Path | None, force: bool) -> int:
    """Show what the work files in a folder hold; with a report, write it as a page, and the reports it leads to."""
    found, status = list[Entry](), 0
    if report:
        check_output(report, force)
    for entry, review in entries(folder):
        if report and review and (force or not entry.report):
            try:
                place = write_text(report_of(folder / entry.file), report_html(review), force)
                entry = entry.with_report(folder, place)
            except PodprepError as error:  # the others have theirs all the same
                tell(f"{entry.file}: no report: {error}")
                status = _PARTLY
        found.append(entry)
    if report:
        write_text(report, overview_html(found, folder, report), force)
        tell(f"overview: {report}")
    if as_json:
        print_json({**totals(found), "documents": [asdict(entry) for entry in found]})
    else:
        _show_entries(found)
    return status


def _said(row: Row) -> str:
    """What became of a document, in a line."""
    if row.state == FAILED:
        return f"{row.name}: failed: {row.told}"
    lost = f"; {row.told}" if row.told else ""
    return (f"{row.name}: {counted(row.words, 'words')}, {row.flagged} of {counted(row.chunks, 'chunks')} to look at, "
            f"{row.seconds:.1f} s{lost}")


def _tell_beside_bar(text: str, bars: bool) -> None:
    if not bars:
        return tell(text)
    from tqdm.auto import tqdm

    tqdm.write(one_line(text), file=sys.stderr)


def _summary(rows: Sequence[Row], seconds: float) -> dict[str, Any]:
    """What the rows add up to."""
    return {"total": len(rows), "failed": sum(row.state == FAILED for row in rows),
            "pages lost": sum(row.state == LOST for row in rows), "words": sum(row.words for row in rows),
            "removed": sum(row.removed for row in rows), "chunks": sum(row.chunks for row in rows),
            "flagged": sum(row.flagged for row in rows), "minutes": round(seconds / 60, 2),
            "cpu minutes": round(sum(row.cpu_seconds for row in rows) / 60, 2)}


def _show(rows: Sequence[Row], summary: dict[str, Any], seconds: float, out: str) -> None:
    """Tell the summary as a table, with the seconds on the clock, and each failure again where the eye rests."""
    lines: list[tuple[str, ...]] = [("", "words", "kept", "flags", "seconds")]
    lines += [_figures(row.name, row.words, row.removed, row.flagged, row.seconds)
              for row in rows[:_MOST_LISTED] if row.state != FAILED]
    count = f"{counted(len(rows), 'documents')}, {summary['failed']} failed"
    lines.append(_figures(count, summary["words"], summary["removed"], summary["flagged"], seconds))
    width = max(len(one_line(line[0])) for line in lines)
    for name, *numbers in lines:
        tell(f"{one_line(name):{width}}" + "".join(f"  {number:>9}" for number in numbers))
    if len(rows) > _MOST_LISTED:
        tell(f"the first {_MOST_LISTED} are listed; --json gives all")
    for row in [row for row in rows if row.state == FAILED][:_MOST_LISTED]:
        tell(f"failed: {row.told}")
    tell(f"texts and work files: {out}; to see them all: podprep shelf {shlex.quote(out)} --report FILE.html")


def _figures(name: str, words: int, removed: int, flagged: int, seconds: float) -> tuple[str, ...]:
    share = f"{words / (words + removed):.0%}" if words + removed else ""
    return name, f"{words:,}", share, f"{flagged:,}", f"{seconds:,.1f}"


def _show_entries(found: Sequence[Entry]) -> None:
    """Print a line for each work file, and what they add up to."""
    for one in found:
        what = f"{one.state}, {one.done} of {one.total}"
        if one.state == "finished":
            words = counted(one.words, "words")
            what = f"finished; {words}, {one.flagged} to look at, {one.decided} of {one.total} decided"
        print(one_line(f"{one.file}: {what if one.state != 'unusable' else one.told}"))
    print(totals_told(found) if found else "no work files here")
