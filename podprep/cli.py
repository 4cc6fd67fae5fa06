"""The command line: `podprep info | extract | clean | review | merge | runs | shelf | fetch-model`, its exit status.

Text goes to standard output or a file, progress and messages to standard error. An error is one sentence and exit
status 1; wrong usage is 2; 3 tells that the work is done but pages could not be read or look garbled, or some of many
documents failed. What the commands do is in `commands`, which is loaded when one runs: help and completion need none
of it.
"""

import codecs
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from . import __version__
from . import options as o
from .errors import SettingsError, sentence
from .reading import DEFAULT_LIMITS, Limits
from .review import one_line
from .terminal import is_plain, prepare_streams, tell, tell_steps

_LONGEST_SECRET = 1 << 16  # bytes read of its file, which may have no end
_PAGE, _DOCUMENT, _MEMORY = DEFAULT_LIMITS.page_seconds, DEFAULT_LIMITS.document_seconds, DEFAULT_LIMITS.memory_mb


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    0: done; 1: an error, or nobody reads the output; 2: wrong usage; 3: done, but pages failed or look garbled, or
    documents failed; 130: Ctrl-C.
    """
    prepare_streams()
    try:
        return _guarded(lambda: _run(arguments))
    finally:
        tell_steps(False)


class _Commands(TyperGroup):
    """The commands, whose errors are told here: Typer would end the program in its own words."""

    def invoke(self, ctx: Any) -> int:
        """Run the command that was named."""
        invoke = super().invoke
        return _guarded(lambda: invoke(ctx))


app = typer.Typer(cls=_Commands, pretty_exceptions_enable=False,
                  context_settings={"help_option_names": ["--help", "-h"]})


def _run(arguments: Sequence[str] | None) -> Any:
    app.rich_markup_mode = None if is_plain(sys.stdout) else "rich"
    command = typer.main.get_command(app)
    try:
        given = sys.argv[1:] if arguments is None else list(arguments)
        return command.main(o.with_ray_here(given), "podprep", standalone_mode=False)
    except typer.TyperException as error:
        return _tell_usage(error)


def _tell_usage(error: Any) -> int:
    """Tell what is wrong with a command, and how it is used."""
    error.message = one_line(error.message.removeprefix("Value error, "))
    if is_plain(sys.stderr):
        error.show(sys.stderr)
    else:
        from typer.rich_utils import rich_format_error

        rich_format_error(error)
    return int(error.exit_code)


def _guarded(work: Callable[[], Any]) -> int:
    """Do something and give its exit status; whatever goes wrong is one sentence."""
    try:
        status = int(work() or 0)
        sys.stdout.flush()
        return status
    except (typer.TyperException, typer.Exit):
        raise
    except KeyboardInterrupt as interrupt:
        tell(f"podprep: interrupted; {str(interrupt) or 'run the same command again.'}")
        return 130
    except BrokenPipeError:  # the reader of our output has gone, as with `| head`
        _drop_output()
    except Exception as error:
        tell(f"podprep: {sentence(error)}")
        if isinstance(error, OSError) and not error.filename:
            _drop_output()
    return 1


def _drop_output() -> None:
    """Keep Python from complaining at its end that output could not be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"podprep {__version__}")
        raise typer.Exit


_Version = Annotated[
    bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
]


@app.callback()
def _podprep(version: _Version = False) -> None:
    """Turn a PDF into clean text for a podcast writer."""


def _reading(
    engine: str, pages: str | None, password_file: Path | None,
    page_seconds: float, document_seconds: float, memory_mb: int, ocr: str = "never", language: str = "eng",
) -> dict[str, Any]:
    """What the commands that read a PDF have in common."""
    limits = Limits(page_seconds, document_seconds, memory_mb)
    return {"engine": engine, "pages": pages, "limits": limits, "ocr": ocr, "language": language,
            "password": _first_line(password_file, "password")}


def _first_line(path: Path | None, what: str) -> str | None:
    """The first line of a file with a secret: one in an argument would show in the list of processes."""
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            data = file.read(_LONGEST_SECRET)
        wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        return data.decode("utf-16" if wide else "utf-8-sig").partition("\n")[0].removesuffix("\r")
    except (OSError, ValueError):
        raise SettingsError(f"{path} cannot be read: name a text file with the {what}.") from None


def _inputs(*paths: Path | None) -> tuple[Path, ...]:
    return tuple(path for path in paths if path)


def _bars(verbose: bool, quiet: bool = False) -> bool:
    """Whether to show progress bars: where they can be drawn, and nothing is told between them."""
    return sys.stderr.isatty() and not verbose and not quiet


@app.command()
def info(
    pdf: o.Pdf, engine: o.Engine = "pdfium", pages: o.Pages = None, password_file: o.PasswordFile = None,
    page_seconds: o.PageSeconds = _PAGE, document_seconds: o.DocumentSeconds = _DOCUMENT,
    memory_mb: o.MemoryMb = _MEMORY, json: o.Json = False, picture: o.Picture = None, force: o.Force = False,
    verbose: o.Verbose = False,
) -> int:
    """Show metadata, pages and words of a PDF, or a page as it is read."""
    from . import commands

    reading = _reading(engine, pages, password_file, page_seconds, document_seconds, memory_mb)
    return commands.info(pdf, reading, json, picture, _inputs(pdf, password_file), force, _bars(verbose))


@app.command()
def extract(
    pdf: o.Pdf, output: o.Output = None, force: o.Force = False, engine: o.Engine = "pdfium", pages: o.Pages = None,
    password_file: o.PasswordFile = None, page_seconds: o.PageSeconds = _PAGE,
    document_seconds: o.DocumentSeconds = _DOCUMENT, memory_mb: o.MemoryMb = _MEMORY, verbose: o.Verbose = False,
    ocr: o.Ocr = "never", ocr_language: o.OcrLanguage = "eng",
) -> int:
    """Write the raw text of a PDF."""
    from . import commands

    reading = _reading(engine, pages, password_file, page_seconds, document_seconds, memory_mb, ocr, ocr_language)
    return commands.extract(pdf, reading, output or "-", _inputs(pdf, password_file), force, _bars(verbose))


@app.command()
def clean(
    pdfs: o.Pdfs, output: o.Output = None, format: o.Formats = None, cleaner: o.Cleaner = "probe",
    report: o.Report = None, run: o.RunFile = None, no_pdf: o.NoPdf = False, force: o.Force = False,
    quiet: o.Quiet = False, json: o.Json = False, verbose: o.Verbose = False,
    engine: o.Engine = "pdfium", pages: o.Pages = None,
    password_file: o.PasswordFile = None, mode: o.Mode = None, model: o.Model = None, prompt: o.PromptFile = None,
    adviser: o.Adviser = None, page_seconds: o.PageSeconds = _PAGE,
    document_seconds: o.DocumentSeconds = _DOCUMENT, memory_mb: o.MemoryMb = _MEMORY,
    ocr: o.Ocr = "never", ocr_language: o.OcrLanguage = "eng", recursive: o.Recursive = False, jobs: o.Jobs = 1,
    ray: o.Ray = None, server: o.ServerAddress = None, key_file: o.KeyFile = None,
    server_seconds: o.ServerSeconds = None, split_tokens: o.SplitTokens = None,
) -> int:
    """Write the clean text of a PDF, or of many."""
    own = o.require_prompt(cleaner, mode=mode, model=model, prompt=prompt, adviser=adviser, server=server,
                           key_file=key_file, server_seconds=server_seconds)
    own |= {"key": _first_line(key_file, "key")} if own.pop("key_file", None) else {}
    from . import commands

    if commands.is_shelf(pdfs, output, recursive or jobs > 1 or ray is not None):
        from . import shelf_commands

        o.refuse_with_many(report=report, run=run, output=output)
        own |= _reading(engine, pages, password_file, page_seconds, document_seconds, memory_mb, ocr, ocr_language)
        own |= {"cleaner": cleaner, "keep_pdf": not no_pdf, "force": force, "formats": o.formats_of(format),
                "split_tokens": split_tokens}
        return shelf_commands.clean(pdfs, output or ".", own, recursive, jobs, ray, json, quiet, _bars(verbose, quiet))
    pdf = Path(pdfs[0])
    own |= _reading(engine, pages, password_file, page_seconds, document_seconds, memory_mb, ocr, ocr_language)
    inputs = _inputs(pdf, password_file, key_file, prompt, Path(model) if model else None)
    output = output or commands.default_output(pdf)
    if json and output == "-":
        raise typer.BadParameter("--json prints on standard output, where -o - puts the text: name a file with -o.")
    formats = o.formats_of(format)
    if output == "-" and formats and len(formats) > 1:
        raise typer.BadParameter("standard output takes one format: name a file with -o, or one --format.")
    if output == "-" and split_tokens:
        raise typer.BadParameter("standard output takes no parts: name what their files are called after with -o.")
    task = commands.Task(pdf, output, formats, split_tokens, report, run, not no_pdf, inputs, force, quiet,
                         _bars(verbose, quiet))
    return commands.clean(task, own | {"cleaner": cleaner}, json)


@app.command()
def review(
    file: o.Work, report: o.ReviewReport = None, text: o.ReviewText = None, format: o.ReviewFormats = None,
    split_tokens: o.SplitTokens = None, md: o.ReviewMarkdown = None, decisions: o.Decisions = None,
    accept: o.Accept = False, author: o.Author = None, force: o.Force = False, verbose: o.Verbose = False,
) -> int:
    """Show how far the review of a run is, and write its report, its text or the table of decisions."""
    from . import commands

    texts = commands.Wanted(report, text, o.formats_of(format), split_tokens, md, decisions)
    return commands.review(file, texts, accept, author, force)


@app.command()
def merge(file: o.Work, others: o.Others, author: o.Author = None, verbose: o.Verbose = False) -> int:
    """Take what others decided in copies of a work file into it; chunks decided differently are flagged."""
    from . import commands

    return commands.merge(file, others, author)


@app.command()
def runs(folder: o.Folder = Path(), json: o.Json = False) -> None:
    """List the runs in a folder."""
    from .console import show_runs
    from .runs import find_runs

    show_runs(list(find_runs(folder)), json)


@app.command()
def shelf(
    folder: o.Folder = Path(), json: o.Json = False, report: o.ShelfReport = None, force: o.Force = False,
) -> int:
    """Show what the work files in a folder, and in those inside it, hold."""
    from . import shelf_commands

    return shelf_commands.overview(folder, json, report, force)


@app.command("fetch-model")
def fetch_model() -> None:
    """Put the embedded model into the cache, for working offline; what is there already is checked."""
    from .weights import checked_folder

    tell(f"embedded model: {checked_folder()}")


if __name__ == "__main__":
    sys.exit(main())
