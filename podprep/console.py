"""What the command line shows: facts of a PDF, the outcome of a cleanup, a table of runs.

Text of a PDF is shown as it stands, never read as markup. Nothing is decided or written here.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .cleaned import Cleaned
from .counts import counted
from .document import Document
from .errors import RunError
from .fidelity import words
from .output import Name
from .reading import garbled_pages
from .review import one_line
from .runs import Run, output_names
from .terminal import print_json, tell

if TYPE_CHECKING:
    from .review import Review

_KEY_WIDTH = 22  # of "unreadable characters", and a space
_MOST_LISTED = 5  # failures or flagged chunks; the rest is counted
_CHOSEN = ("cleaner", "mode", "model", "adviser", "pages", "size")  # settings that a person chooses
_LABELS = {"txt": "clean text", "md": "Markdown", "json": "document as JSON", "speech": "for the ear"}
Places = Sequence[tuple[str, Name]]
"""What was written and where."""


def labelled(output: Name, formats: Sequence[str] | None) -> Places:
    """The files of a clean text, each with what it is."""
    return [(_LABELS.get(name, name), place) for name, place in output_names(output, formats).items()]


def parts(written: Iterable[Name], whole: Places) -> Places:
    """The files that were written beside the whole ones, each with what it is."""
    known = {place for _, place in whole}
    return [("part", place) for place in written if place not in known]


def show_facts(document: Document, as_json: bool) -> None:
    """Print what is known of a PDF, as a table or as JSON."""
    facts = {
        "file": str(document.path), "sha256": document.sha256, **asdict(document.metadata),
        "characters": len(document.text), "words": len(words(document.text)),
        "pages_without_text": list(document.empty_pages), "pages_garbled": list(garbled_pages(document)),
        "unreadable_characters": document.unreadable, "failures": list(document.failures),
    }
    if as_json:
        print_json(facts)
        return
    for key, value in facts.items():  # no table: that would cut or wrap what is to be copied
        told = ", ".join(map(str, value)) or "none" if isinstance(value, list | tuple) else value
        print(one_line(f"{key.replace('_', ' '):{_KEY_WIDTH}} {'' if told is None else told}").rstrip())


def show_outcome(cleaned: Cleaned, places: Places, review: "Review | None" = None) -> None:
    """Tell on standard error what was kept and removed, what is left to look at, and where the files are.

    Args:
        cleaned: the outcome, as the cleaner left it.
        places: what was written and where, and what can be done next.
        review: what people decided about it, if anybody did.
    """
    removed = cleaned.words_removed()
    rows = [("kept", len(words(cleaned.text))), *((f"removed: {kind}", n) for kind, n in removed.most_common())]
    width = max(len(name) for name, _ in rows)
    for name, count in [("", "words"), *((name, f"{count:,}") for name, count in rows)]:
        tell(f"{name:{width}}  {count}")
    tell(f"to hand over: {cleaned.numbers()}")
    flagged = [cleaned.chunks[i] for i in review.flagged] if review else cleaned.flagged
    decided = f"{review.progress.decided} decided, " if review else ""
    tell(f"{counted(len(cleaned.chunks), 'chunks')}, {decided}{len(flagged)} to look at")
    listed = cleaned.chunks if cleaned.cleaner == "prompt" else flagged[:_MOST_LISTED]
    for chunk in listed:
        stop = f"stop {chunk.stop_reason or 'not asked'}, " if cleaned.cleaner == "prompt" else ""
        reasons = f" ({'; '.join(chunk.fidelity.reasons)})" if chunk.fidelity.reasons else ""
        tell(f"chunk {chunk.chunk.index + 1}, page {chunk.chunk.first_page}: {stop}{chunk.fidelity.verdict}{reasons}")
    if len(listed) < len(flagged):
        tell(f"and {len(flagged) - len(listed)} more, which the report lists")
    _tell_places(places)


def print_outcome(cleaned: Cleaned, places: Places) -> None:
    """Print the outcome as JSON on standard output, for scripts."""
    numbers = cleaned.numbers()
    verdicts = Counter(chunk.fidelity.verdict for chunk in cleaned.chunks)
    print_json({
        "pdf": str(cleaned.document.path), "sha256": cleaned.document.sha256, "cleaner": cleaned.cleaner,
        "settings": cleaned.settings, "title": cleaned.title, "words_kept": numbers.words,
        "minutes": numbers.minutes, "tokens": numbers.tokens, "tokenizer": numbers.tokenizer,
        "words_removed": dict(cleaned.words_removed().most_common()), "chunks": len(cleaned.chunks),
        "verdicts": dict(verdicts), "warning": cleaned.warning,
        "pages_without_text": list(cleaned.document.empty_pages),
        "pages_recognised": list(cleaned.document.recognised), "failures": list(cleaned.document.failures),
        "files": {name: str(place) for name, place in places},
    })


def show_review(review: "Review", places: Places) -> None:
    """Print how far a review is, what is disputed or no longer applies; tell on standard error where the files are."""
    print(review.progress)
    if review.progress.decided:
        print(one_line(str(review.summary)))
    for index in (i for i in review.flagged if review.decision(i).versions):
        one, other = review.decision(index).versions
        told = [f"{version.by} ({version.status})" for version in (one, other)]
        print(one_line(f"chunk {index + 1} was decided differently by {' and '.join(told)}"))
    for sentence in review.unapplied:
        print(one_line(sentence))
    _tell_places(places)


def _tell_places(places: Places) -> None:
    for name, place in places:
        tell(f"{name}: {place}")


def show_troubles(document: Document) -> bool:
    """Tell on standard error which pages hold no text, look garbled or failed; whether any of the last two did."""
    for remark in document.metadata.remarks:
        tell(remark)
    if document.metadata.attachments:
        kind = "portfolio of files" if document.metadata.portfolio else "files packed into the PDF"
        tell(f"{kind}, which are not read: {_listed(document.metadata.attachments)}")
    if document.recognised:
        tell(f"pages recognised in their picture (OCR): {_listed(document.recognised)}")
    if document.empty_pages:
        tell(f"pages without text: {_listed(document.empty_pages)}")
    garbled, failures = garbled_pages(document), document.failures
    if garbled:
        tell(f"pages whose text layer looks like garbage: {_listed(garbled)}; its letters are not those that the page "
             "shows: have them recognised with --ocr always.")
    if document.unreadable:
        tell(f"{counted(document.unreadable, 'characters')} without a meaning in the file, shown as \ufffd")
    for failure in failures[:_MOST_LISTED]:
        tell(f"not read: {failure}")
    if len(failures) > _MOST_LISTED:
        tell(f"not read: {counted(len(failures) - _MOST_LISTED, 'more pages')}")
    return bool(garbled or failures)


def show_runs(runs: Sequence[tuple[Path, Run | RunError]], as_json: bool) -> None:
    """Print runs with state, progress and what was chosen, or all settings and versions as JSON.

    A work file that cannot be opened is listed with the reason.
    """
    if as_json:
        print_json([_run_facts(path, run) for path, run in runs])
        return
    for path, run in runs:
        print(one_line(path.name))
        print(one_line(f"  {_run_line(run)}"))
    if not runs:
        print("no runs here")


def _run_line(run: Run | RunError) -> str:
    if isinstance(run, RunError):
        return f"cannot be opened: {run}"
    progress, settings = run.progress, run.settings
    chosen = [f"{key} {settings[key]}" for key in _CHOSEN if settings.get(key)]
    done = f", {progress.done} of {progress.total}" if progress.total else ""
    return f"{progress.state}{done}; {run.pdf.name}; {', '.join(chosen)}"


def _run_facts(path: Path, run: Run | RunError) -> dict[str, Any]:
    if isinstance(run, RunError):
        return {"file": str(path), "state": "unusable", "reason": str(run)}
    return {"file": str(path), "pdf": str(run.pdf), **asdict(run.progress), "settings": run.settings}


def _listed(items: Sequence[object], most: int = 20) -> str:
    more = f" and {len(items) - most} more" if len(items) > most else ""
    return ", ".join(map(str, items[:most])) + more
