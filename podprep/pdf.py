"""Open a PDF, check it, and read its metadata and pages.

PDFium is the default text engine; PyPDF2 reads the metadata and is the second engine. Every
failure ends in a `PdfError` whose message names the file and the remedy. The engines themselves
are in `engines`; nothing is cleaned here.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import PyPDF2
import pypdfium2
from tqdm.auto import tqdm

from .document import Document, Metadata, Page
from .engines import clean_characters, pdfium_page, pypdf2_page
from .errors import NoTextError, PageRangeError, PdfError, SettingsError

ENGINES = ("pdfium", "pypdf2")
_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD


def read_pdf(
    path: str | Path,
    engine: str = "pdfium",
    pages: str | Sequence[int] | None = None,
    progress: bool = False,
) -> Document:
    """Read a PDF's metadata and the text of its pages.

    Args:
        path: the PDF file.
        engine: "pdfium" (default) or "pypdf2".
        pages: pages to read, as "1-3,7" or as numbers from 1; all pages by default.
        progress: whether to show a progress bar on standard error.

    Raises:
        PdfError: the file is missing, empty, not a PDF, damaged, encrypted or without pages.
        PageRangeError: `pages` is malformed or names a page the document does not have.
        SettingsError: `engine` is unknown.
    """
    if engine not in ENGINES:
        raise SettingsError(f"Unknown text engine {engine!r}: choose one of {', '.join(ENGINES)}.")
    path = Path(path)
    data = read_file(path)
    metadata = _metadata(path, data)
    try:
        numbers = parse_pages(pages, metadata.pages)
    except PageRangeError as error:
        raise PageRangeError(f"{path}: {error}") from None
    with _quiet_pypdf2():
        read = _read_pypdf2 if engine == "pypdf2" else _read_pdfium
        bar = tqdm(read(path, data, numbers), "reading", len(numbers), disable=not progress, unit="page", leave=False)
        read_pages = tuple(bar)
    return Document(path, hashlib.sha256(data).hexdigest(), engine, metadata, read_pages)


def read_metadata(path: str | Path) -> Metadata:
    """Read a PDF's document information and number of pages, without its text.

    Raises:
        PdfError: as for `read_pdf`.
    """
    path = Path(path)
    return _metadata(path, read_file(path))


def require_text(document: Document) -> Document:
    """Return the document if any of its pages holds text.

    Raises:
        NoTextError: no page that was read holds text.
    """
    if not document.text.strip():
        raise NoTextError(
            f"{document.path}: no text layer on any of the {len(document.pages)} pages read; "
            "it may be a scan: add a text layer first, for example with OCRmyPDF."
        )
    return document


def parse_pages(pages: str | Sequence[int] | None, count: int) -> list[int]:
    """Turn "1-3,7" (or numbers) into sorted page numbers from 1 to `count`; None means all.

    Raises:
        PageRangeError: the selection is malformed, empty, or outside 1 to `count`.
    """
    if pages is None:
        return list(range(1, count + 1))
    ranges = list(_ranges(pages)) if isinstance(pages, str) else [(n, n) for n in pages]
    if not ranges:
        raise PageRangeError("no pages were selected: write pages like 1-3,7.")
    for first, last in ranges:
        if not (isinstance(first, int) and isinstance(last, int)):
            raise PageRangeError(f"{first!r} is not a page number: use whole numbers from 1.")
        if first < 1 or last > count:
            outside = first if not 1 <= first <= count else count + 1
            raise PageRangeError(f"page {outside} does not exist: the document has pages 1 to {count}.")
    return sorted({n for first, last in ranges for n in range(first, last + 1)})


def _ranges(pages: str) -> Iterator[tuple[int, int]]:
    for part in pages.split(","):
        match = re.fullmatch(r"\s*(\d{1,7})\s*(?:-\s*(\d{1,7})\s*)?", part, re.ASCII)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if first > last:
            raise PageRangeError(f"{pages!r} is not a page selection: write pages like 1-3,7.")
        yield first, last


def read_file(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        PdfError: it is missing, empty, a folder or unreadable.
    """
    try:
        if path.is_dir():
            raise PdfError(f"{path} is a folder: name a PDF file inside it.")
        data = path.read_bytes()
    except FileNotFoundError:
        raise PdfError(f"{path} does not exist: check the path.") from None
    except ValueError:
        raise PdfError(f"{str(path)!r} is not a possible path: check its name.") from None
    except OSError as error:
        raise PdfError(f"{path} cannot be read ({error.strerror}): check its permissions.") from None
    if not data:
        raise PdfError(f"{path} is empty (0 bytes): copy or download it again.")
    return data


@contextmanager
def _open_pdfium(path: Path, data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """Open with PDFium, which tries the empty password by itself."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        # PDFium's error code may be left over from another file, so the file itself must say so too.
        if getattr(error, "err_code", None) == _PASSWORD_ERROR and b"/Encrypt" in data:
            raise PdfError(f"{path} is encrypted: save a copy without a password and use that.") from None
        if _holds_no_pages(data):
            raise PdfError(f"{path} has no pages: save it anew from the program that made it.") from None
        kind = "damaged beyond reading" if b"%PDF-" in data[:1024] else "not a PDF file"
        raise PdfError(f"{path} is {kind}: open it in a PDF viewer to check, or save it anew.") from None
    try:
        yield document
    finally:
        document.close()


def _holds_no_pages(data: bytes) -> bool:
    """Whether a file that PDFium refuses is a sound PDF without pages, as PyPDF2 sees it."""
    with _quiet_pypdf2():
        try:
            return len(PyPDF2.PdfReader(BytesIO(data)).pages) == 0
        except Exception:  # PyPDF2 raises nearly anything on malformed files
            return False


def _read_pdfium(path: Path, data: bytes, numbers: list[int]) -> Iterator[Page]:
    with _open_pdfium(path, data) as document:
        for number in numbers:
            try:
                page = document[number - 1]
            except pypdfium2.PdfiumError:
                # A broken page is an empty page: the report lists it, the others are kept.
                yield Page(number, 0.0, 0.0, ())
                continue
            try:
                yield pdfium_page(page, number)
            finally:
                page.close()


def _read_pypdf2(path: Path, data: bytes, numbers: list[int]) -> Iterator[Page]:
    try:
        reader = PyPDF2.PdfReader(BytesIO(data))
        if reader.is_encrypted:
            reader.decrypt("")
        count = len(reader.pages)
    except Exception as error:
        raise PdfError(f"{path}: PyPDF2 cannot open it ({_reason(error)}); use the pdfium engine.") from None
    for number in numbers:
        try:
            yield pypdf2_page(reader.pages[number - 1], number) if number <= count else Page(number, 0.0, 0.0, ())
        except Exception as error:  # PyPDF2 raises nearly anything on malformed files
            raise PdfError(
                f"{path}: PyPDF2 cannot read page {number} ({_reason(error)}); use the pdfium engine."
            ) from None


def _reason(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:120]


def _metadata(path: Path, data: bytes) -> Metadata:
    """PyPDF2's document information, or PDFium's where PyPDF2 fails; the page count is PDFium's."""
    with _open_pdfium(path, data) as document:
        count = len(document)
        fallback = document.get_metadata_dict(skip_empty=True)
    with _quiet_pypdf2():
        info, encrypted = _pypdf2_info(data)
    return _build_metadata({**fallback, **info}, count, encrypted)


def _pypdf2_info(data: bytes) -> tuple[dict[str, str], bool]:
    encrypted = False
    try:
        reader = PyPDF2.PdfReader(BytesIO(data))
        encrypted = reader.is_encrypted
        if encrypted:
            reader.decrypt("")
        info = dict(reader.metadata or {})
        return {str(k).lstrip("/"): str(v) for k, v in info.items() if v}, encrypted
    except Exception:  # PyPDF2 raises nearly anything on malformed files; PDFium's reading stands in
        return {}, encrypted


def _build_metadata(info: dict[str, str], count: int, encrypted: bool) -> Metadata:
    text: Callable[[str], str | None] = lambda key: " ".join(clean_characters(info.get(key, "")).split()) or None
    return Metadata(
        text("Title"), text("Author"), text("Subject"), text("Keywords"), text("Creator"), text("Producer"),
        _date(text("CreationDate")), _date(text("ModDate")), count, encrypted,
    )


def _date(text: str | None) -> str | None:
    """A PDF date (D:20240131120000...) as 2024-01-31 12:00; anything else as it stands."""
    match = re.match(r"D:(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d))?", text or "")
    if not match:
        return text
    year, month, day, hour, minute = match.groups()
    return f"{year}-{month}-{day}" + (f" {hour}:{minute}" if hour else "")


@contextmanager
def _quiet_pypdf2() -> Iterator[None]:
    """Keep PyPDF2's warnings about malformed files off standard error while it reads."""
    logger = logging.getLogger("PyPDF2")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)
