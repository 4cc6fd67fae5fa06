"""Scanned pages recognised with OCRmyPDF (`pip install podprep[ocr]`): a page's picture becomes a page of lines.

The page is drawn by the guarded reader, put upright and straight and recognised by OCRmyPDF in a process of its own,
and the searchable page that this gives is read like any other. "auto" takes the pages without text, "always" all.
What a page says otherwise is in `engines`; the process is `recogniser`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TYPE_CHECKING

from ..choices import OCR_MODES
from ..document import Page
from ..errors import OcrError, PdfError, require_known
from ..progress import with_bar
from .guard import GuardedPdf, OutOfTimeError
from .pipes import read_replies, start_worker

if TYPE_CHECKING:
    from .opened import OpenPdf

_DPI = 300  # of the picture that is recognised
_MOST_PROCESSES = 4
_PATIENCE = 1800.0  # seconds on the clock for a page, several of Tesseract's runs
_LANGUAGE = re.compile(r"[A-Za-z]\w{1,30}")
Open = Callable[[Path], "OpenPdf | GuardedPdf"]
"""Opens the searchable page that OCRmyPDF made, with the limits of the PDF itself."""


@dataclass(frozen=True, slots=True)
class Ocr:
    """Which pages are recognised ("auto", "always", "never"), and Tesseract's names of the languages, joined by "+".

    Raises:
        SettingsError: the mode is unknown.
        OcrError: a language is none by its form.
    """

    mode: str = "never"
    language: str = "eng"

    def __post_init__(self) -> None:
        require_known("way to use OCR", self.mode, OCR_MODES)
        if not all(_LANGUAGE.fullmatch(name) for name in self.languages):
            raise OcrError(f"{self.language!r} is no language of Tesseract's: write eng, or eng+deu for two.")

    @property
    def languages(self) -> list[str]:
        """The languages one by one."""
        return self.language.split("+")

    @property
    def settings(self) -> dict[str, str]:
        """What decides the outcome, with versions; nothing where no page is recognised."""
        if self.mode == "never":
            return {}
        try:
            installed = version("ocrmypdf")
        except PackageNotFoundError:
            installed = "not installed"
        return {"ocr": self.mode, "ocr_language": self.language, "ocrmypdf": installed, "tesseract": _tesseract()[0]}

    def pages(self, read: Iterable[Page]) -> list[Page]:
        """Those of the pages read that are to be recognised."""
        whole = [page for page in read if not page.failure and not page.recognised and self.mode != "never"]
        return [page for page in whole if self.mode == "always" or not page.text.strip()]


def recognise(
    pdf: OpenPdf | GuardedPdf, pages: Sequence[Page], ocr: Ocr, open_page: Open, progress: bool = False
) -> Iterator[Page]:
    """Yield pages as they are recognised, in order; one on which nothing is to be seen comes as it was.

    Raises:
        OcrError: OCRmyPDF, Tesseract or a language is not installed.
    """
    if pages:
        _require_installed(ocr)
        one_by_one = isinstance(pdf, GuardedPdf) and pdf.limits.workers < 2
        processes = 1 if one_by_one else min(_MOST_PROCESSES, len(pages), os.cpu_count() or 1)
        recognised = _recognised(pdf, pages, ocr, open_page, processes)
        yield from with_bar(progress, recognised, "recognising", "page", len(pages))


def _recognised(
    pdf: OpenPdf | GuardedPdf, pages: Sequence[Page], ocr: Ocr, open_page: Open, processes: int
) -> Iterator[Page]:
    with TemporaryDirectory(prefix="podprep-") as folder, ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(processes))
        recognisers = [stack.enter_context(closing(_Recogniser(Path(folder), ocr))) for _ in range(processes)]
        for first in range(0, len(pages), processes):
            group = pages[first:first + processes]
            drawn = [_drawn(pdf, page) for page in group]
            work = [pool.submit(r.recognise, page, picture) for r, page, picture in zip(recognisers, group, drawn)]
            for page, done in zip(group, work):
                made = done.result()
                yield made if isinstance(made, Page) else _read(page, made, open_page)


def _drawn(pdf: OpenPdf | GuardedPdf, page: Page) -> bytes | str:
    """The page's picture, empty where it shows nothing; or why there is none, as the end of a sentence."""
    try:
        return pdf.scan(page.number, _DPI)
    except PdfError as error:
        return f"as it cannot be drawn ({error})"


def _read(page: Page, made: Path, open_page: Open) -> Page:
    """A page as its searchable PDF gives it."""
    try:
        with closing(open_page(made)) as searchable:
            read = searchable.page(1)
    except (PdfError, OutOfTimeError) as error:
        return _failed(page, f"({error})")
    finally:
        made.unlink(missing_ok=True)
    if read.failure:
        return _failed(page, f"({read.failure})")
    lines = tuple(replace(line, page=page.number) for line in read.lines)
    return replace(read, number=page.number, lines=lines, recognised=True)


def _failed(page: Page, why: str) -> Page:
    return replace(page, failure=f"page {page.number} could not be recognised {why}")


def _require_installed(ocr: Ocr) -> None:
    """See that all that OCR needs is there.

    Raises:
        OcrError: it is not; the message says how it is installed.
    """
    if ocr.settings["ocrmypdf"] == "not installed":
        raise OcrError("To recognise pages without text, install OCRmyPDF: pip install 'podprep[ocr]'.")
    found, languages = _tesseract()
    if found == "not installed":
        raise OcrError("To recognise pages without text, install Tesseract (on Debian: apt install tesseract-ocr).")
    missing = [name for name in ocr.languages if name not in languages]
    if missing:
        raise OcrError(
            f"Tesseract does not know the language {missing[0]}: install it (on Debian: apt install "
            f"tesseract-ocr-{missing[0].replace('_', '-')}), or choose from {', '.join(sorted(languages))}."
        )


@cache
def _tesseract() -> tuple[str, frozenset[str]]:
    """The version of Tesseract, and the languages that it has."""
    program = shutil.which("tesseract")
    if not program:
        return "not installed", frozenset()
    told = []
    for option in ("--version", "--list-langs"):
        try:
            told.append(subprocess.run([program, option], capture_output=True, text=True, timeout=60).stdout)
        except (OSError, subprocess.SubprocessError):
            return "not installed", frozenset()
    named = re.search(r"tesseract v?(\S+)", told[0])
    return named[1] if named else "unknown", frozenset(told[1].split("\n", 1)[-1].split())


class _Recogniser:
    """A process that recognises one page after another; a new one where the last one ended."""

    def __init__(self, folder: Path, ocr: Ocr) -> None:
        self._folder, self._ocr = folder, ocr
        self._process: subprocess.Popen[bytes] | None = None
        self._replies: SimpleQueue[bytes] = SimpleQueue()

    def recognise(self, page: Page, picture: bytes | str) -> Page | Path:
        """The searchable PDF of a page's picture; or the page as it was, if it shows nothing, or with why it failed."""
        if isinstance(picture, str):
            return _failed(page, picture)
        if not picture:
            return page
        drawn, made = (self._folder / f"{page.number}.{ending}" for ending in ("png", "pdf"))
        drawn.write_bytes(picture)
        failed = self._ask({"picture": str(drawn), "pdf": str(made), "languages": self._ocr.languages,
                            "turn": "osd" in _tesseract()[1]})
        drawn.unlink(missing_ok=True)
        return _failed(page, f"({failed})") if failed or not made.exists() else made

    def _ask(self, request: dict[str, object]) -> str:
        try:
            process = self._running()
            assert process.stdin is not None
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
            return str(json.loads(self._replies.get(timeout=_PATIENCE))["failed"])
        except (OSError, Empty, ValueError, KeyError) as error:
            self.close()
            return "it took too long" if isinstance(error, Empty) else "OCRmyPDF ended"

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            alone = {"OMP_THREAD_LIMIT": "1"}  # pages go side by side, not parts of a page
            self._process = start_worker("podprep.reading.recogniser", alone)
            self._replies = SimpleQueue()
            Thread(target=read_replies, args=(self._process.stdout, self._replies), daemon=True).start()
        return self._process

    def close(self) -> None:
        """End the process and what it started."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(OSError, AttributeError):  # Windows has no process groups
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                if pipe:
                    pipe.close()
