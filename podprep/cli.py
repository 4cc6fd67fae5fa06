"""The command line: `podprep info | extract | clean | review | runs | fetch-model`.

Text goes to standard output or a file, progress and messages to standard error. An error is one
sentence and exit status 1; wrong usage is 2; 3 tells that the work is done but pages could not be
read or look garbled. What the commands do is in the other modules.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from . import __version__
from .cleaned import Cleaned
from .cleaners import CLEANERS
from .cleaning import clean
from .console import print_outcome, show_facts, show_outcome, show_review, show_runs, show_troubles, show_warning, tell
from .document import Document
from .errors import PodprepError, SettingsError
from .model import ADVISERS, MODES
from .output import check_output, write_text
from .reading import DEFAULT_LIMITS, ENGINES, Limits, read_pdf, require_text
from .review import Review, write_report
from .runs import Run, find_runs, sidecar_json, sidecar_path
from .weights import EMBEDDED, embedded_folder

_PAGES_LOST = 3  # exit status
_FOR_PROMPT = ("mode", "model", "prompt", "adviser")

_DOING = {
    "probe": "the embedded model reads; lines that are not prose go, and each is listed.",
    "tidy": "rules take out what is not prose, and each removal is listed.",
    "prompt": "a chat model copies each chunk without what does not belong; every chunk is checked.",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    0: done; 1: an error; 2: wrong usage; 3: done, but pages failed or look garbled; 130: Ctrl-C.
    """
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options) or 0
        sys.stdout.flush()
        return status
    except PodprepError as error:
        print(f"podprep: {error}", file=sys.stderr)
    except MemoryError:
        print("podprep: memory ran out: close other programs, or choose fewer pages with --pages.", file=sys.stderr)
    except KeyboardInterrupt as interrupt:
        print(f"podprep: interrupted; {str(interrupt) or 'run the same command again.'}", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of our output has gone, as with `| head`; keep Python from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        place = error.filename or "standard output"
        print(f"podprep: {place} cannot be used ({error.strerror}): check permissions and free space.", file=sys.stderr)
        if not error.filename:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="podprep", description="Turn a PDF into clean text for a podcast writer.")
    parser.add_argument("--version", action="version", version=f"podprep {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    info = _command(commands, "info", _info, "show metadata, pages and words of a PDF")
    info.add_argument("--json", action="store_true", help="print JSON")
    extract = _command(commands, "extract", _extract, "write the raw text of a PDF")
    _add_output(extract)
    cleaning = _command(commands, "clean", _clean, "write the clean text of a PDF")
    _add_output(cleaning)
    cleaning.add_argument("--cleaner", choices=CLEANERS, default="probe", help="default: %(default)s")
    writing = cleaning.add_argument_group("with --cleaner prompt")
    writing.add_argument("--mode", choices=MODES, help=f"how the model decodes (default: {MODES[0]})")
    writing.add_argument("--model", metavar="NAME", help=f"hub name, folder or .gguf file (default: {EMBEDDED})")
    writing.add_argument("--prompt", metavar="FILE.toml", help="instructions and examples for the model")
    writing.add_argument("--adviser", choices=ADVISERS, help=f"whom the model hears (default: {ADVISERS[0]})")
    cleaning.add_argument("--quiet", action="store_true", help="say nothing but errors and pages that failed")
    cleaning.add_argument("--json", action="store_true", help="print the outcome as JSON")
    cleaning.add_argument("--report", type=Path, metavar="FILE.html", help="also write the side-by-side report")
    cleaning.add_argument(
        "--run", dest="run_folder", type=Path, metavar="DIR",
        help="where the work is kept to go on with after a stop (default: beside the output, named after the PDF)",
    )
    review = commands.add_parser("review", help="write the report of a run, with what was decided in its review",
                                 description="Write the side-by-side report of a run, and its text as reviewed.")
    review.add_argument("folder", type=Path, metavar="RUN", help="the run's folder, see 'podprep runs'")
    review.add_argument("-o", "--output", type=Path, metavar="FILE.html", help="default: report.html in the run")
    review.add_argument("--text", type=Path, metavar="FILE", help="also write the text as reviewed, and its sidecar")
    review.add_argument("--force", action="store_true", help="replace files that exist")
    review.set_defaults(run=_review)
    runs = commands.add_parser("runs", help="list the runs in a folder", description="List the runs in a folder.")
    runs.add_argument("folder", type=Path, nargs="?", default=Path(), metavar="DIR")
    runs.add_argument("--json", action="store_true", help="print JSON")
    runs.set_defaults(run=_runs)
    fetch = commands.add_parser("fetch-model", help="put the embedded model into the cache, for working offline")
    fetch.set_defaults(run=_fetch_model)
    return parser


def _command(commands: Any, name: str, run: Any, text: str) -> argparse.ArgumentParser:
    """A command that reads a PDF."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text.capitalize() + ".")
    parser.add_argument("pdf", type=Path, metavar="PDF")
    parser.add_argument("--engine", choices=ENGINES, default="pdfium", help="text engine (default: %(default)s)")
    parser.add_argument("--pages", metavar="1-3,7", help="pages to read (default: all)")
    parser.add_argument("--password-file", type=Path, metavar="FILE", help="file whose first line opens the PDF")
    defaults = DEFAULT_LIMITS
    parser.add_argument("--page-seconds", type=float, default=defaults.page_seconds, metavar="N",
                        help="most seconds to open the PDF or read a page (default: %(default)g)")
    parser.add_argument("--document-seconds", type=float, default=defaults.document_seconds, metavar="N",
                        help="most seconds to read the whole PDF (default: %(default)g)")
    parser.add_argument("--memory-mb", type=int, default=defaults.memory_mb, metavar="N",
                        help="most memory to read the PDF in MiB (default: %(default)d)")
    parser.set_defaults(run=run)
    return parser


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--output", metavar="FILE", help="where to write; - is standard output")
    parser.add_argument("--force", action="store_true", help="replace files that exist")


def _reading(options: argparse.Namespace) -> dict[str, Any]:
    """What the commands that read a PDF have in common."""
    limits = Limits(options.page_seconds, options.document_seconds, options.memory_mb)
    return {"engine": options.engine, "pages": options.pages, "limits": limits, "password": _password(options)}


def _password(options: argparse.Namespace) -> str | None:
    """The first line of the password file: a password in an argument would show in the list of processes."""
    if options.password_file is None:
        return None
    try:
        lines = options.password_file.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        raise SettingsError(f"{options.password_file} cannot be read: name a text file with the password.") from None
    return lines[0] if lines else ""


def _read(options: argparse.Namespace) -> Document:
    return read_pdf(options.pdf, progress=sys.stderr.isatty(), **_reading(options))


def _info(options: argparse.Namespace) -> int:
    document = _read(options)
    show_facts(document, options.json)
    return _PAGES_LOST if show_troubles(document) else 0


def _extract(options: argparse.Namespace) -> int:
    if options.output and options.output != "-":
        check_output(options.output, options.force)
    document = require_text(_read(options))
    _put("\n\n".join(page.text for page in document.pages) + "\n", options.output or "-", options.force)
    return _PAGES_LOST if show_troubles(document) else 0


def _clean(options: argparse.Namespace) -> int:
    output = options.output or f"{options.pdf.stem}.clean.txt"
    if output != "-":
        check_output(output, options.force)
    if options.report:
        check_output(options.report, options.force)
    cleaned, run = _cleaned(options, output)
    _put(cleaned.text, output, options.force)
    places: list[tuple[str, Path | str]] = []
    if run and output != "-":
        places = [("clean text", output), ("where it comes from", _put_sidecar(cleaned, output, options.force))]
    if options.report:
        write_report(cleaned, options.report, options.force)
        places.append(("side by side", options.report))
    if run:
        file = str(run.path)
        places += [("work file", file), ("to see every change", f"{_program()} review {shlex.quote(file)}"),
                   ("to decide on them, in a notebook", f"ReviewPanel(Run.open({file!r}))")]
    if options.json:
        print_outcome(cleaned, places)
    elif not options.quiet:
        show_outcome(cleaned, places)
    show_warning(cleaned)
    return _PAGES_LOST if show_troubles(cleaned.document) else 0


def _cleaned(options: argparse.Namespace, output: str) -> tuple[Cleaned, Run | None]:
    """Clean in a run, unless the text goes to standard output and no run was asked for."""
    own = {name: getattr(options, name) for name in _FOR_PROMPT if getattr(options, name) is not None}
    if own and options.cleaner != "prompt":
        raise SettingsError(f"--{next(iter(own))} is for the prompt cleaner: add --cleaner prompt.")
    settings = _reading(options) | own | {"cleaner": options.cleaner}
    progress = sys.stderr.isatty() and not options.quiet
    if progress:
        tell(f"{options.pdf}: {_DOING[options.cleaner]}")
    if output == "-" and not options.run_folder:
        return clean(options.pdf, progress=progress, **settings), None
    run = Run.start(options.pdf, options.run_folder, beside=Path(output).parent, **settings)
    before = run.progress
    if before.done and not options.quiet:
        print(f"podprep: going on with {run.path}: {before.state}, {before.done} of {before.total}", file=sys.stderr)
    try:
        return run.go(progress), run
    except KeyboardInterrupt:
        stopped = run.progress
        kept = {
            "started": "nothing is", "reading": f"{stopped.done} of {stopped.total} pages are",
            "cleaning": f"all pages and {stopped.done} of {stopped.total} chunks are", "finished": "all is",
        }[stopped.state]
        raise KeyboardInterrupt(f"{kept} kept in {run.path}: run the same command again to go on.") from None


def _program() -> str:
    """How this program was called, to be called again."""
    if shutil.which("podprep"):
        return "podprep"
    called = sys.argv[0]
    return shlex.quote(called) if Path(called).name == "podprep" else f"{shlex.quote(sys.executable)} -m podprep"


def _put(text: str, output: str, force: bool) -> None:
    if output != "-":
        write_text(output, text, force)
        return
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.flush()


def _review(options: argparse.Namespace) -> None:
    review = Review(Run.open(options.folder))
    places: list[tuple[str, Path | str]] = []
    if options.text:
        written = review.write(options.text, options.force)
        places += [("reviewed text", written[0]), ("where it comes from", written[1])]
    if options.output:
        places.append(("side by side", write_report(review, options.output, options.force)))
    show_review(review, places)


def _put_sidecar(cleaned: Cleaned, output: str, force: bool) -> Path:
    """Write where the text comes from, beside it; the very same file may be there from before a kill."""
    path, made = sidecar_path(output), sidecar_json(cleaned)
    with suppress(OSError, ValueError):
        if path.read_text(encoding="utf-8") == made:
            return path
    return write_text(path, made, force)


def _runs(options: argparse.Namespace) -> None:
    show_runs(list(find_runs(options.folder)), options.json)


def _fetch_model(options: argparse.Namespace) -> None:
    print(f"embedded model: {embedded_folder()}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
