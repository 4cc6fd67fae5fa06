"""The options of the command line: their names, panels and help, each told once for all commands that have it.

A selection of pages that is no selection, and an option where it does nothing, are wrong usage. No work is done here.
"""

import re
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from . import choices
from .counts import counted
from .terminal import tell_steps

_HIGHEST = 1e7  # seconds or MiB


def _check_pages(pages: str | None) -> str | None:
    """See that a selection of pages is one; whether the document has them is found when it is open."""
    if pages is not None:
        from .errors import PageRangeError
        from .reading import page_ranges

        try:
            list(page_ranges(pages))
        except PageRangeError as error:
            raise typer.BadParameter(str(error)) from None
    return pages


def _check_formats(formats: str | None) -> str | None:
    """See that the formats are known; several are parted by commas."""
    for name in formats_of(formats) or ():
        if name not in choices.FORMATS:
            raise typer.BadParameter(f"{name!r} is none of {', '.join(choices.FORMATS)}.")
    return formats


def _check_split(tokens: int | None) -> int | None:
    """See that a part can hold something."""
    if tokens is not None and tokens < choices.LEAST_TOKENS:
        raise typer.BadParameter(f"a part of {counted(tokens, 'tokens')} holds hardly a paragraph: choose "
                                 f"{choices.LEAST_TOKENS} or more.")
    return tokens


def formats_of(given: str | None) -> tuple[str, ...] | None:
    """The formats that were named, each once; None if none were."""
    return None if given is None else tuple(dict.fromkeys(name.strip() for name in given.split(",")))


def require_prompt(cleaner: str, **own: object) -> dict[str, object]:
    """The prompt cleaner's own settings, those that were given.

    Raises:
        BadParameter: there are some, and another cleaner is at work.
    """
    given = {name: value for name, value in own.items() if value is not None}
    if given and cleaner != "prompt":
        name = next(iter(given)).replace("_", "-")
        raise typer.BadParameter(f"--{name} is for the prompt cleaner: add --cleaner prompt.")
    return given


def refuse_with_many(**own: object) -> None:
    """See that nothing is named that only one document can have.

    Raises:
        BadParameter: something is.
    """
    if own.pop("output") == "-":
        raise typer.BadParameter("-o - is for one PDF: name a folder for many.")
    for name, value in own.items():
        if value is not None:
            raise typer.BadParameter(f"--{name.replace('_', '-')} is for one PDF: the files of many are named after "
                                     "them, in the folder of -o; 'podprep shelf' writes reports.")


def with_ray_here(arguments: list[str]) -> list[str]:
    """The arguments with `--ray` where it has no address; Typer knows no options whose value may be missing."""
    found = []
    for at, argument in enumerate(arguments):
        found.append(argument)
        if argument == "--ray" and (at + 1 == len(arguments) or arguments[at + 1].startswith("-")):
            found.append("local")
    return found


def _check_ray(address: str | None) -> str | None:
    """See that what follows `--ray` is an address and no PDF."""
    if address and address not in ("local", "auto") and not re.search(r":\d+$", address):
        raise typer.BadParameter(f"{address} is no address of Ray: put --ray last, or write --ray local.")
    return address


def _check_limit(limit: float) -> float:
    """See that a limit is a number that clocks and systems can count to."""
    if not 0 < limit <= _HIGHEST:
        raise typer.BadParameter(f"{limit:g} is not between 0 and {_HIGHEST:g}.")
    return limit


def _file(name: str) -> Path:
    """See that a name is a file's: only the text itself goes to standard output."""
    from .errors import OutputError
    from .output import named

    if name == "-":
        raise typer.BadParameter("- is standard output, which is for the text of -o alone: name a file.")
    try:
        return named(name)
    except OutputError as error:
        raise typer.BadParameter(str(error)) from None


_reading = partial(typer.Option, rich_help_panel="Reading")
_writing = partial(typer.Option, rich_help_panel="Output")
_prompting = partial(typer.Option, rich_help_panel="With --cleaner prompt")
_shelving = partial(typer.Option, rich_help_panel="Many documents")
_filing = partial(_writing, parser=_file)
_limiting = partial(typer.Option, rich_help_panel="Limits", metavar="N", callback=_check_limit)

Pdf = Annotated[Path, typer.Argument(metavar="PDF", help="The PDF file.")]
Pdfs = Annotated[
    list[str], typer.Argument(metavar="PDF...", help="PDF files, folders with PDFs, patterns, http(s) addresses, or "
                                                     "Parquet files that list them.")
]
Work = Annotated[Path, typer.Argument(metavar="FILE", help="The work file, see 'podprep runs'.")]
Others = Annotated[list[Path], typer.Argument(metavar="OTHER...", help="Copies of it in which others decided.")]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder to look in.")]

Engine = Annotated[choices.Engine, _reading(help="Text engine.")]
Pages = Annotated[str | None, _reading(metavar="1-3,7", callback=_check_pages, help="Pages to read; all by default.")]
Ocr = Annotated[
    choices.Ocr, _reading(help="Which pages to recognise (OCR): auto takes those without text. Needs podprep[ocr].")
]
OcrLanguage = Annotated[str, _reading(metavar="eng+deu", help="Tesseract's names of the languages to recognise.")]
PasswordFile = Annotated[Path | None, _reading(metavar="FILE", help="File whose first line opens the PDF.")]
PageSeconds = Annotated[float, _limiting(help="Most seconds of processor time to open the PDF or read a page.")]
DocumentSeconds = Annotated[float, _limiting(help="Most seconds to read the whole PDF.")]
MemoryMb = Annotated[int, _limiting(help="Most memory to read the PDF, in MiB.")]

Output = Annotated[
    str | None, _writing("--output", "-o", metavar="FILE", help="Where to write; - is standard output. For many "
                                                                "documents, a folder.")
]
Picture = Annotated[
    Path | None,
    _filing("--picture", metavar="FILE.png", help="Also draw a page with its lines, blocks and their order; "
                                                  "--pages says which one."),
]
Force = Annotated[bool, _writing("--force", help="Replace outputs that exist.")]
Report = Annotated[Path | None, _filing(metavar="FILE.html", help="Also write the side-by-side report.")]
RunFile = Annotated[
    Path | None,
    _filing("--run", metavar="FILE", help="Where the work is kept, to go on with after a stop; by default beside "
                                          "the output, named after the PDF."),
]
NoPdf = Annotated[bool, _writing("--no-pdf", help="Leave the PDF itself out of the work file.")]
Json = Annotated[bool, _writing("--json", help="Print JSON.")]
Quiet = Annotated[bool, _writing("--quiet", help="Say nothing but errors and pages that failed.")]
Verbose = Annotated[bool, _writing("--verbose", "-v", callback=tell_steps, help="Tell each step on standard error.")]
ReviewReport = Annotated[
    Path | None, _filing("--report", "-o", metavar="FILE.html", help="Write the side-by-side report.")
]
ReviewText = Annotated[
    Path | None,
    _filing("--text", metavar="FILE", help="Write the text as reviewed, and beside it where it comes from."),
]
ReviewMarkdown = Annotated[Path | None, _filing("--md", metavar="FILE.md", help="Write the Markdown alone.")]
Decisions = Annotated[
    Path | None,
    _filing("--decisions", metavar="FILE.csv", help="Write all decisions as a table, .csv or .json."),
]

Formats = Annotated[
    str | None,
    _writing("--format", metavar="txt,md,json,speech", callback=_check_formats,
             help="Formats to write, as NAME.txt, NAME.md, NAME.document.json, NAME.speech.txt of -o NAME."),
]
ReviewFormats = Annotated[
    str | None,
    _writing("--format", metavar="txt,md,json,speech", callback=_check_formats,
             help="Formats to write, as NAME.txt and so on of --text NAME; speech alone adds what is said otherwise to "
                  "a report."),
]
SplitTokens = Annotated[
    int | None,
    _writing("--split-tokens", metavar="N", callback=_check_split,
             help="Also write the text in parts of at most so many tokens of the embedded model."),
]

Accept = Annotated[bool, typer.Option("--accept-unflagged", help="Accept every open chunk that raised no flag.")]
Author = Annotated[str | None, typer.Option("--as", metavar="NAME", help="Who decides; by default your login name.")]

Recursive = Annotated[bool, _shelving("--recursive", help="Take the PDFs in folders inside folders, too.")]
Jobs = Annotated[int, _shelving("--jobs", metavar="N", min=1, help="Documents to clean side by side, each on one "
                                                                "processor.")]
Ray = Annotated[
    str | None,
    _shelving("--ray", metavar="[ADDRESS]", callback=_check_ray, help="Clean them on Ray with as many actors as --jobs "
              "says: here, on the Ray that runs here (auto), or on a cluster. Needs podprep[ray]."),
]
ShelfReport = Annotated[
    Path | None,
    _filing("--report", "-o", metavar="FILE.html", help="Write the overview as a page, and the reports it leads to."),
]

Cleaner = Annotated[choices.Cleaner, typer.Option(help="Who decides what goes.")]
Mode = Annotated[choices.Mode | None, _prompting(help="How the model decodes; faithful by default.")]
Model = Annotated[
    str | None, _prompting(metavar="NAME", help="Hub name, folder or .gguf file; the embedded model by default.")
]
PromptFile = Annotated[
    Path | None, _prompting("--prompt", metavar="FILE.toml", help="Instructions and examples for the model.")
]
Adviser = Annotated[choices.Adviser | None, _prompting(help="Whom the model hears; probe by default.")]
ServerAddress = Annotated[
    str | None, _prompting("--server", metavar="URL", help="OpenAI-compatible server where the model is; for faithful "
                                                           "mode, llama.cpp's.")
]
KeyFile = Annotated[
    Path | None, _prompting("--key-file", metavar="FILE", help="File whose first line is the server's key; else "
                                                               "PODPREP_SERVER_KEY is.")
]
ServerSeconds = Annotated[
    float | None,
    _prompting("--server-seconds", metavar="N",
               help=f"Most seconds for one answer; {choices.SERVER_SECONDS:g} by default."),
]
