"""Read a PDF: its metadata and its pages, guarded by default; choose pages; refuse what holds no text.

PDFium is the default text engine; PyPDF2 reads the metadata and is the second engine. Every
failure ends in a `PdfError` whose message names the file and the remedy. Opening and parsing are in
`opened`, the worker and its limits in `guard`; nothing is cleaned here.
"""

from __future__ import annotations

import logging
import os
import re
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

from ..choices import ENGINES
from ..document import Document, Metadata, Page
from ..errors import NoTextError, PageRangeError, PdfError, require_known
from ..progress import with_bar
from .guard import DEFAULT_LIMITS, GuardedPdf, Limits, OutOfTimeError
from .ocr import Ocr, recognise

if TYPE_CHECKING:
    from .opened import OpenPdf

_log = logging.getLogger(__name__)
_ENOUGH_PAGES = 4  # to tell the body's type from an abstract's
_MANY_PAGES, _AHEAD = 10, 6  # pages for which a second worker pays, and that are read ahead
_MOST_FAILURES = 20  # pages in a row, after which the rest is not tried


def read_pdf(
    path: str | Path,
    engine: str = "pdfium",
    pages: str | Sequence[int] | None = None,
    progress: bool = False,
    password: str | None = None,
    limits: Limits | None = DEFAULT_LIMITS,
    ocr: str = "never",
    language: str = "eng",
) -> Document:
    """Read a PDF's metadata and the text of its pages.

    Pages that cannot be read are empty and say why (`Document.failures`); the others are kept.

    Args:
        path: the PDF file.
        engine: "pdfium" (default) or "pypdf2".
        pages: pages to read, as "1-3,7" or as numbers from 1; all pages by default.
        progress: whether to show a progress bar on standard error.
        password: the file's password, if it has one.
        limits: what the worker process that parses the file may take; None parses in this process,
            without limits, for files you trust.
        ocr: which pages are recognised in their picture: those without text ("auto"), all ("always"), or none
            ("never"); needs `podprep[ocr]` and Tesseract.
        language: Tesseract's name of the language, as "eng", or of several, as "eng+deu".

    Raises:
        OcrError: pages are to be recognised, and something that this needs is not installed; a language is none by
            its form.
        PdfError: the file is missing, empty, not a PDF, damaged, encrypted or without pages, or no
            page of it could be read within the limits.
        PageRangeError: `pages` is malformed or names a page the document does not have.
        SettingsError: `engine` or `ocr` is unknown.
    """
    chosen = Ocr(ocr, language)
    with closing(open_pdf(path, engine, password, limits)) as pdf:
        numbers = select_pages(pdf, pages)
        metadata = pdf.metadata()
        read = require_pages(Path(path), engine, tuple(read_pages(pdf, numbers, progress)))
        recognised = {page.number: page for page in recognise_pages(pdf, read, chosen, limits, progress)}
        read = tuple(recognised.get(page.number, page) for page in read)
        beside = tuple(page for page in read_pages(pdf, pages_beside(numbers, pdf.count)) if not page.failure)
    return Document(Path(path), pdf.sha256, engine, metadata, read, beside)


def read_metadata(path: str | Path, password: str | None = None, limits: Limits | None = DEFAULT_LIMITS) -> Metadata:
    """Read a PDF's document information and number of pages, without its text.

    Args:
        path: the PDF file.
        password: the file's password, if it has one.
        limits: what opening the file may take, see `read_pdf`.

    Raises:
        PdfError: as for `read_pdf`.
    """
    with closing(open_pdf(path, password=password, limits=limits)) as pdf:
        return pdf.metadata()


def open_pdf(
    path: str | Path, engine: str = "pdfium", password: str | None = None, limits: Limits | None = DEFAULT_LIMITS
) -> OpenPdf | GuardedPdf:
    """Open a PDF to read page by page, in a worker unless `limits` is None; close it after use.

    Raises:
        PdfError: as for `read_pdf`.
        SettingsError: `engine` is unknown.
    """
    require_known("text engine", engine, ENGINES)
    pdf = _open(Path(path), engine, password, limits)
    _log.info("opened %s with %s: %d pages", path, engine, pdf.count)
    return pdf


def _open(path: Path, engine: str, password: str | None, limits: Limits | None) -> OpenPdf | GuardedPdf:
    if limits is not None:
        return GuardedPdf(path, engine, password, limits)
    from .opened import OpenPdf  # PDFium is loaded only where it reads

    return OpenPdf(path, engine, password)


def select_pages(pdf: OpenPdf | GuardedPdf, pages: str | Sequence[int] | None) -> list[int]:
    """The page numbers that a selection names in an open PDF.

    Raises:
        PageRangeError: as for `read_pdf`.
    """
    try:
        return parse_pages(pages, pdf.count)
    except PageRangeError as error:
        raise PageRangeError(f"{pdf.path}: {error}") from None


def pages_beside(numbers: Sequence[int], count: int) -> list[int]:
    """Pages to read beside very few chosen ones, the nearest first those after them: some pages tell more of a layout.

    Args:
        numbers: the chosen pages, sorted.
        count: pages of the document.
    """
    after, before = range(numbers[-1] + 1, count + 1), range(numbers[0] - 1, 0, -1)
    return sorted([*after, *before][:max(0, _ENOUGH_PAGES - len(numbers))])


def read_pages(
    pdf: OpenPdf | GuardedPdf, numbers: Sequence[int], progress: bool = False, failed: int = 0
) -> Iterator[Page]:
    """Yield pages in order; where the rest is given up, one last page says so.

    Args:
        pdf: the open PDF.
        numbers: the pages.
        progress: whether to show a progress bar on standard error.
        failed: how many pages just before these could not be read, in a row.
    """
    _log.info("reading %d pages", len(numbers))
    pages: Iterator[Page] = map(pdf.page, numbers)
    by_two = len(numbers) >= _MANY_PAGES and (os.cpu_count() or 1) > 1
    if by_two and isinstance(pdf, GuardedPdf) and pdf.limits.workers > 1:
        pages = _read_by_two(pdf, numbers)
    for number in with_bar(progress, numbers, "reading", "page", len(numbers)):
        if failed > _MOST_FAILURES:  # the last of these said so
            return
        if failed == _MOST_FAILURES:
            yield _given_up(number, f"{failed} pages in a row could not be read")
            return
        try:
            page = next(pages)
        except OutOfTimeError as reason:
            yield _given_up(number, str(reason))
            return
        yield page
        failed = failed + 1 if page.failure else 0


def _read_by_two(pdf: GuardedPdf, numbers: Sequence[int]) -> Iterator[Page]:
    """Yield pages in order that two workers read in turns, a few ahead of what is asked for."""
    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(1) as two:
        other = two.submit(pdf.twin)  # starts while the first page is read
        turns = zip(numbers, cycle(((one, pdf.page), (two, lambda number: other.result().page(number)))))
        waiting = deque(pool.submit(read, number) for number, (pool, read) in islice(turns, _AHEAD))
        try:
            while waiting:
                yield waiting.popleft().result()
                waiting += (pool.submit(read, number) for number, (pool, read) in islice(turns, 1))
        except BaseException:
            for page in waiting:
                page.cancel()
            pdf.close()  # ends what is being read; whoever asks on gets a new worker
            raise
        finally:
            if not other.exception():
                other.result().close()


def recognise_pages(
    pdf: OpenPdf | GuardedPdf, read: Sequence[Page], ocr: Ocr, limits: Limits | None, progress: bool = False
) -> Iterator[Page]:
    """Yield those of the pages read that are to be recognised, as they are."""
    chosen = ocr.pages(read)
    _log.info("recognising %d pages", len(chosen))
    return recognise(pdf, chosen, ocr, lambda path: open_pdf(path, limits=limits), progress)


def _given_up(number: int, reason: str) -> Page:
    return Page(number, 0.0, 0.0, (), f"page {number} and those after it were not read, as {reason}")


def require_pages(path: Path, engine: str, pages: tuple[Page, ...]) -> tuple[Page, ...]:
    """Return the pages if any of them could be read.

    Raises:
        PdfError: every page failed; the message says how the first one did.
    """
    if pages and all(page.failure for page in pages):
        other = "use the pdfium engine" if engine == "pypdf2" else "print it to a new PDF from a viewer"
        raise PdfError(f"{path}: {pages[0].failure}; {other}.")
    return pages


def require_text(document: Document) -> Document:
    """Return the document if any of its pages holds text.

    Raises:
        PdfError: no page could be read.
        NoTextError: no page that was read holds text.
    """
    require_pages(document.path, document.engine, document.pages)
    if not document.text.strip():
        raise NoTextError(
            f"{document.path}: no text layer on {_pages_read(document)}; "
            "it may be a scan: have its pages recognised with --ocr auto (ocr=\"auto\" in Python)."
        )
    return document


def _pages_read(document: Document) -> str:
    count = len(document.pages)
    return "the one page read" if count == 1 else f"any of the {count} pages read"


def parse_pages(pages: str | Sequence[int] | None, count: int) -> list[int]:
    """Turn "1-3,7" (or numbers) into sorted page numbers from 1 to `count`; None means all.

    Raises:
        PageRangeError: the selection is malformed, empty, or outside 1 to `count`.
    """
    if pages is None:
        return list(range(1, count + 1))
    ranges = list(page_ranges(pages)) if isinstance(pages, str) else [(n, n) for n in pages]
    if not ranges:
        raise PageRangeError("no pages were selected: write pages like 1-3,7.")
    for first, last in ranges:
        if not (isinstance(first, int) and isinstance(last, int)):
            raise PageRangeError(f"{first!r} is not a page number: use whole numbers from 1.")
        if first < 1 or last > count:
            outside = first if not 1 <= first <= count else count + 1
            raise PageRangeError(f"page {outside} does not exist: the document has pages 1 to {count}.")
    return sorted({n for first, last in ranges for n in range(first, last + 1)})


def page_ranges(pages: str) -> Iterator[tuple[int, int]]:
    """Yield the first and last page of each range that a selection like "1-3,7" names.

    Raises:
        PageRangeError: the selection is malformed.
    """
    for part in pages.split(","):
        match = re.fullmatch(r"\s*(\d{1,7})\s*(?:-\s*(\d{1,7})\s*)?", part, re.ASCII)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if first > last:
            raise PageRangeError(f"{pages!r} is not a page selection: write pages like 1-3,7.")
        yield first, last
