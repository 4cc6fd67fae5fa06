"""The command line: `podprep info | extract | clean | fetch-model`.

Text goes to standard output or a file, progress and messages to standard error. An error is one
sentence and exit status 1; wrong usage is 2. What the commands do is in the other modules.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text  # shows text of a PDF as it stands: it is never read as markup

from . import __version__
from .cleaned import Cleaned
from .cleaning import CLEANERS, clean
from .document import Document
from .embedded import EMBEDDED, embedded_folder
from .errors import PodprepError
from .fidelity import words
from .output import check_output, write_text
from .pdf import ENGINES, read_pdf, require_text
from .prompts import MODES
from .report import write_report


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0, 1 for an error, 2 for wrong usage, 130 for Ctrl-C."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
        sys.stdout.flush()
        return 0
    except PodprepError as error:
        print(f"podprep: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("podprep: interrupted; nothing was written.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of our output has gone, as with `| head`; keep Python from complaining at exit.
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
    cleaning.add_argument("--mode", choices=MODES, default="free", help="how the prompt cleaner decodes")
    cleaning.add_argument("--model", default=EMBEDDED, metavar="NAME", help="hub name, folder or .gguf file")
    cleaning.add_argument("--report", type=Path, metavar="FILE.html", help="also write the side-by-side report")
    fetch = commands.add_parser("fetch-model", help="put the embedded model into the cache, for working offline")
    fetch.set_defaults(run=_fetch_model)
    return parser


def _command(commands: Any, name: str, run: Any, text: str) -> argparse.ArgumentParser:
    """A command that reads a PDF."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text.capitalize() + ".")
    parser.add_argument("pdf", type=Path, metavar="PDF")
    parser.add_argument("--engine", choices=ENGINES, default="pdfium", help="text engine (default: %(default)s)")
    parser.add_argument("--pages", metavar="1-3,7", help="pages to read (default: all)")
    parser.set_defaults(run=run)
    return parser


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--output", metavar="FILE", help="where to write; - is standard output")
    parser.add_argument("--force", action="store_true", help="replace files that exist")


def _read(options: argparse.Namespace) -> Document:
    return read_pdf(options.pdf, options.engine, options.pages, progress=sys.stderr.isatty())


def _info(options: argparse.Namespace) -> None:
    document = _read(options)
    facts = {
        "file": str(document.path), "sha256": document.sha256, **asdict(document.metadata),
        "characters": len(document.text), "words": len(words(document.text)),
        "pages_without_text": list(document.empty_pages),
    }
    if options.json:
        print(json.dumps(facts, indent=2, ensure_ascii=False))
        return
    table = Table(show_header=False, box=None)
    for key, value in facts.items():
        shown = ", ".join(map(str, value)) or "none" if isinstance(value, list) else value
        table.add_row(key.replace("_", " "), Text("" if shown is None else str(shown)))
    Console().print(table)


def _extract(options: argparse.Namespace) -> None:
    if options.output and options.output != "-":
        check_output(options.output, options.force)
    document = require_text(_read(options))
    _put("\n\n".join(page.text for page in document.pages) + "\n", options.output or "-", options.force)


def _clean(options: argparse.Namespace) -> None:
    output = options.output or f"{options.pdf.stem}.clean.txt"
    if output != "-":
        check_output(output, options.force)
    if options.report:
        check_output(options.report, options.force)
    document = _read(options)
    progress = sys.stderr.isatty()
    cleaned = clean(document, options.cleaner, mode=options.mode, model=options.model, progress=progress)
    _put(cleaned.text, output, options.force)
    if options.report:
        write_report(cleaned, options.report, options.force)
    _summarise(cleaned, output, options.report)


def _put(text: str, output: str, force: bool) -> None:
    if output == "-":
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    else:
        write_text(output, text, force)


def _summarise(cleaned: Cleaned, output: str, report: Path | None) -> None:
    """Tell on standard error what was kept and removed, what to look at, and where the files are."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    if cleaned.cleaner == "prompt":
        for chunk in cleaned.chunks:
            reasons = f" ({'; '.join(chunk.fidelity.reasons)})" if chunk.fidelity.reasons else ""
            stop = chunk.stop_reason or "not asked"
            console.print(Text(f"chunk {chunk.chunk.index + 1}: stop {stop}, {chunk.fidelity.verdict}{reasons}"))
    removed = ", ".join(f"{kind} {n:,}" for kind, n in cleaned.words_removed().most_common())
    console.print(Text(f"{len(words(cleaned.text)):,} words kept; removed: {removed or 'nothing'}"))
    verdicts = Counter(c.fidelity.verdict for c in cleaned.chunks)
    shares = ", ".join(f"{n} {verdict}" for verdict, n in verdicts.items())
    console.print(Text(f"{len(cleaned.chunks)} chunks: {shares}"))
    if cleaned.document.empty_pages:
        console.print(Text(f"pages without text: {', '.join(map(str, cleaned.document.empty_pages))}"))
    if output != "-":
        console.print(Text(f"clean text: {output}"))
    if report:
        console.print(Text(f"side by side: {report}"))


def _fetch_model(options: argparse.Namespace) -> None:
    print(f"embedded model: {embedded_folder()}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
