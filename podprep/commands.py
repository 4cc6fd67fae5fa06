"""What the commands do, put together from the other modules: read, clean, review, write, and tell.

Each gives its exit status. What is typed is in `options` and `cli`; what is told, in `console`.
"""

import os
import shlex
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import console
from .cleaned import Cleaned
from .cleaning import clean as clean_apart
from .counts import counted
from .document import Document
from .errors import RunError, SettingsError
from .handover import NOT_ENGLISH, file_texts, is_english
from .output import Name, check_apart, check_outputs, fitting_name, write_bytes, write_texts
from .reading import check_file, read_pdf, require_text
from .runs import Run, output_names, output_texts
from .shelf import is_many
from .terminal import tell
from .weights import embedded_places

if TYPE_CHECKING:
    from .review import Review

_PAGES_LOST = 3  # exit status

_DOING = {
    "probe": "boosted trees read the lines; those that are not prose go, and each is listed.",
    "tidy": "rules take out what is not prose, and each removal is listed.",
    "prompt": "a chat model copies each chunk without what does not belong; every chunk is checked.",
}


@dataclass(frozen=True, slots=True)
class Task:
    """What `podprep clean` is to write, and how much it is to say.

    Attributes:
        pdf: the PDF.
        output: file of the clean text, "-" for standard output; with formats, what their files are named after.
        formats: the formats that were named, if any.
        split_tokens: the most tokens of a part, if there are to be parts.
        report: file of the report, if one is wanted.
        run: the work file, if that was named.
        keep_pdf: whether a new work file holds the PDF.
        inputs: every file that the command was given to read.
        force: whether outputs that exist are replaced.
        quiet: whether to say nothing but errors.
        bars: whether to show progress bars.
    """

    pdf: Path
    output: str
    formats: tuple[str, ...] | None
    split_tokens: int | None
    report: Path | None
    run: Path | None
    keep_pdf: bool
    inputs: tuple[Path, ...]
    force: bool
    quiet: bool
    bars: bool

    def kept(self, work: Path | None) -> list[Path]:
        """What no output may be: what is read, and the work file."""
        return [*self.inputs, *embedded_places(), *([work] if work else [])]

    def check(self, work: Path | None, force: bool) -> None:
        """See that work file and outputs may be written, and are none of the inputs."""
        check_apart([work] if work else [], self.kept(None))
        outputs: list[Name] = [self.report] if self.report else []
        outputs += [] if self.output == "-" else output_names(self.output, self.formats).values()
        check_outputs(outputs, self.kept(work), force)


def info(
    pdf: Path, reading: dict[str, Any], as_json: bool, picture: Path | None, inputs: tuple[Path, ...], force: bool,
    bars: bool,
) -> int:
    """Show what is known of a PDF, and draw the first of the pages that were read if a file for it is named."""
    check_file(pdf)
    kept = [*inputs, *embedded_places()]
    if picture:
        check_outputs([picture], kept, force)
    document = read_pdf(pdf, progress=bars, **reading)
    console.show_facts(document, as_json)
    if picture:
        from .review import show_lines  # Pillow is loaded only where something is drawn

        made = BytesIO()
        show_lines(document, document.pages[0].number, password=reading["password"]).save(made, "PNG")
        write_bytes(picture, made.getvalue(), force, document.sha256)
        tell(f"picture: {picture}")
    return _status(document)


def extract(pdf: Path, reading: dict[str, Any], output: str, inputs: tuple[Path, ...], force: bool, bars: bool) -> int:
    """Write the raw text of a PDF."""
    check_file(pdf)
    kept = [*inputs, *embedded_places()]
    if output != "-":
        check_outputs([output], kept, force)
    document = require_text(read_pdf(pdf, progress=bars, **reading))
    text = "\n\n".join(page.text for page in document.pages) + "\n"
    if output == "-":
        _print(text)
    else:
        write_texts({output: text}, kept, force, document.sha256)
        tell(f"raw text: {output}")
    return _status(document)


def clean(task: Task, settings: dict[str, Any], as_json: bool) -> int:
    """Write the clean text of a PDF, where it comes from, and its report."""
    check_file(task.pdf)
    apart = task.output == "-" and not task.run
    task.check(task.run, task.force or not apart)  # whether what is there may be replaced, the run tells
    if task.bars:
        tell(f"{task.pdf}: {_DOING.get(settings['cleaner'], '')}")
    cleaned, run = (clean_apart(task.pdf, progress=task.bars, **settings), None) if apart else _in_run(task, settings)
    reviewed = _review_so_far(run) if run else None
    places = [*_write(task, cleaned, run), *(_next_steps(run, bool(task.report), bool(reviewed)) if run else [])]
    if as_json:
        console.print_outcome(cleaned, places)
    elif not task.quiet:
        console.show_outcome(cleaned, places, reviewed)
    if cleaned.warning:
        tell(cleaned.warning)
    return _status(cleaned.document)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What `podprep review` is to write: each a file, where it is wanted.

    Attributes:
        report: the side-by-side report.
        text: the text, or with formats what their files are named after; the sidecar goes with it.
        formats: the formats that were named, if any.
        split_tokens: the most tokens of a part, if there are to be parts.
        md: the Markdown alone.
        decisions: the table of decisions.
    """

    report: Path | None
    text: Path | None
    formats: tuple[str, ...] | None
    split_tokens: int | None
    md: Path | None
    decisions: Path | None

    @property
    def places(self) -> list[tuple[str, Name]]:
        """The files, each with what it is."""
        named = [("side by side", self.report), ("Markdown", self.md), ("decisions", self.decisions)]
        texts = console.labelled(self.text, self.formats) if self.text else []
        return [*texts, *((name, place) for name, place in named if place)]

    def texts(self, reviewed: "Review") -> dict[Name, str]:
        """What the files are to hold."""
        from .review import decisions_as, report_html

        made = reviewed.texts(self.text, self.formats, self.split_tokens) if self.text else {}
        made |= {self.report: report_html(reviewed, "speech" in (self.formats or ()))} if self.report else {}
        made |= {self.md: reviewed.markdown} if self.md else {}
        return made | ({self.decisions: decisions_as(self.decisions, reviewed.decisions)} if self.decisions else {})


def review(file: Path, wanted: Wanted, accept: bool, author: str | None, force: bool) -> int:
    """Show how far a review is, accept what raised no flag, and write what is asked for."""
    for_the_report = wanted.report and wanted.formats == ("speech",)
    if (wanted.split_tokens or (wanted.formats and not for_the_report)) and not wanted.text:
        raise SettingsError("--format and --split-tokens are about the text: name it with --text NAME.")
    reviewed, outputs = _review_of(file, author), wanted.places
    places = [place for _, place in outputs]
    check_apart(places, [*reviewed.inputs, *embedded_places()])
    if accept:
        reviewed.check_files(places, force)  # before anything is decided
        reviewed.accept_unflagged()
    texts = wanted.texts(reviewed)
    reviewed.write_files(texts, force)
    called = f"{_program()} review {shlex.quote(str(file))}"
    written = [*outputs, *console.parts(texts, outputs)]
    console.show_review(reviewed, written or [("to write the report", f"{called} --report FILE.html"),
                                              ("to write the text", f"{called} --text FILE")])
    return 0


def merge(file: Path, others: Sequence[Path], author: str | None) -> int:
    """Take the decisions of other work files into one, and tell what is to be decided again."""
    reviewed = _review_of(file, author)
    found = [_review_of(other, author) for other in others]  # all of them, before anything is taken in
    for other, path in zip(found, others):
        before = len(reviewed.decisions)
        disputed = reviewed.merge(other)
        news = len(reviewed.decisions) - before - len(disputed)
        tell(f"{path}: {counted(news, 'decisions')} taken in, {counted(len(disputed), 'chunks')} decided differently")
    console.show_review(reviewed, [])
    return 0


def _review_of(file: Path, author: str | None) -> "Review":
    from .review import Review

    run = Run.open(file)
    if run.state != "finished":
        raise RunError(f"{file} is not finished: run 'podprep clean' with the same PDF and settings, then review it.")
    return Review(run, author=author)


def is_shelf(sources: list[str], output: str | None, wanted: bool) -> bool:
    """Whether many documents are meant, or one whose output is to go into a folder.

    Raises:
        SettingsError: a source is an address from which podprep fetches nothing.
    """
    into = output is not None and (Path(output).is_dir() or output.endswith(("/", os.sep)))
    return wanted or into or is_many(sources)


def default_output(pdf: Path) -> str:
    """The clean text's name, after the PDF's; it and the names made from it fit into a folder."""
    return str(Path(fitting_name(pdf.stem, ".clean.json")).with_suffix(".txt"))


def _in_run(task: Task, settings: dict[str, Any]) -> tuple[Cleaned, Run]:
    """Clean in a run, or go on with the one that is there."""
    run = Run.start(task.pdf, task.run, beside=Path(task.output).parent, keep_pdf=task.keep_pdf, **settings)
    before = run.progress
    task.check(run.path, task.force or before.state == "finished")
    if before.done and not task.quiet:
        tell(f"podprep: going on with {run.path}: {before.state}, {before.done} of {before.total}")
    try:
        return run.go(task.bars), run
    except KeyboardInterrupt:
        stopped = run.progress
        kept = {
            "started": "nothing yet", "reading": f"{stopped.done} of {counted(stopped.total, 'pages')}",
            "cleaning": f"all pages, {stopped.done} of {counted(stopped.total, 'chunks')}", "finished": "all",
        }[stopped.state]
        raise KeyboardInterrupt(f"kept in {run.path}: {kept}; run the same command again to go on.") from None


def _write(task: Task, cleaned: Cleaned, run: Run | None) -> console.Places:
    """Write what was asked for; what was written, and where."""
    texts: dict[Name, str] = {}
    places: list[tuple[str, Name]] = []
    aloud = "speech" in (task.formats or ())
    if aloud and not is_english(cleaned.text):
        tell(NOT_ENGLISH)
    if task.output == "-":
        [text] = file_texts(cleaned.manuscript, task.pdf.stem, task.formats or ["txt"]).values()
        _print(text)
    else:
        texts = output_texts(cleaned, task.output, task.formats, split_tokens=task.split_tokens)
        whole = console.labelled(task.output, task.formats)
        places = [*whole, *console.parts(texts, whole)]
    if task.report:
        from .review import report_html

        texts[task.report] = report_html(cleaned, aloud)
        places.append(("side by side", task.report))
    write_texts(texts, task.kept(run.path if run else None), task.force, cleaned.document.sha256)
    return places


def _review_so_far(run: Run) -> "Review | None":
    """The review of a run about which somebody has decided something."""
    if not run.reviewed:
        return None
    from .review import Review  # loaded for few: a cleanup is seldom repeated after its review

    return Review(run)


def _next_steps(run: Run, reported: bool, reviewed: bool) -> console.Places:
    """The work file and what can be done with it, where that is not done already."""
    name = str(run.path)
    called = f"{_program()} review {shlex.quote(name)}"
    report = [] if reported else [("to see every change", f"{called} --report FILE.html")]
    text = [("to write the text as it was reviewed", f"{called} --text FILE")] if reviewed else []
    panel = ("to decide on every change, in a notebook", f"ReviewPanel(Run.open({name!r}))")
    return [("work file", name), *report, panel, *text]


def _program() -> str:
    """How this program was called, to be called again."""
    if shutil.which("podprep"):
        return "podprep"
    called = sys.argv[0]
    return shlex.quote(called) if Path(called).name == "podprep" else f"{shlex.quote(sys.executable)} -m podprep"


def _print(text: str) -> None:
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.flush()


def _status(document: Document) -> int:
    return _PAGES_LOST if console.show_troubles(document) else 0
