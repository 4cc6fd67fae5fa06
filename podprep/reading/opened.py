"""A PDF open in this process: its document information and its pages, one at a time.

Every failure to open ends in a `PdfError` whose message names the file and the remedy; a page that
cannot be read says so in `Page.failure`. There are no limits here: a hostile file may crash or stall
the process, which is why `guard` runs this module in a worker.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2

from ..document import Metadata, Page
from ..errors import PdfError
from .annotations import is_annotated, with_annotations
from .engines import pdfium_page, pypdf2_page
from .files import read_file
from .information import SECOND_CHANCE, Information

_PASSWORD_ERROR, _SECURITY_ERROR = 4, 5  # FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY
_LARGEST, _LARGEST_SCAN = 3000, 6000  # pixels on either side of a picture, and of one to recognise
_PAPER = 201  # grey level of 255, from which it is paper
_BLANK = 32  # grey levels of 255, from which something is seen on a page
_HEADER_REACH = 1024  # bytes within which a PDF's header may stand


class _DamagedError(PdfError):
    """PDFium finds no PDF in a file."""


class OpenPdf:
    """An open PDF.

    Args:
        path: the PDF file.
        engine: "pdfium" or "pypdf2".
        password: the file's password, if it has one.

    Raises:
        PdfError: the file is missing, empty, not a PDF, damaged, encrypted or without pages.
    """

    def __init__(self, path: Path, engine: str = "pdfium", password: str | None = None) -> None:
        self.path, self.engine, self._password = path, engine, password
        data = read_file(path)
        self.sha256 = hashlib.sha256(data).hexdigest()
        self._data = data if _has_header(data) or not re.search(rb"\d \d+ obj\b", data) else b"%PDF-1.4\n" + data
        self._pdfium = self._open_or_replace()  # None where only PyPDF2 can open the file
        if engine == "pypdf2" and self._pdfium is not None:
            self._check_pypdf2()

    @property
    def count(self) -> int:
        """Number of pages, as PDFium counts them, or PyPDF2 where PDFium cannot open the file."""
        return len(self._pypdf2.pages if self._pdfium is None else self._pdfium)

    def metadata(self, pypdf2: bool = True) -> Metadata:
        """PyPDF2's document information, or PDFium's where PyPDF2 fails or is not asked."""
        found = Information()
        if self._pdfium is not None:
            found.add_pdfium(self._pdfium)
        if pypdf2:
            with quiet_pypdf2():
                found.add_pypdf2(lambda: self._pypdf2)
        return found.metadata(self.count, (SECOND_CHANCE,) if self._pdfium is None else ())

    def page(self, number: int) -> Page:
        """One page by its number from 1; a page that cannot be read is empty and says why."""
        try:
            return self._pypdf2_page(number) if self.engine == "pypdf2" else self._pdfium_page(number)
        except MemoryError:
            raise
        except Exception as error:  # both engines raise nearly anything on malformed pages
            engine = "PyPDF2" if self.engine == "pypdf2" else "PDFium"
            return Page(number, 0.0, 0.0, (), f"{engine} cannot read page {number} ({_reason(error)})")

    def picture(self, number: int, scale: float) -> bytes:
        """One page drawn by PDFium, as PNG.

        Args:
            number: the page's number from 1.
            scale: pixels a point (1/72 inch); less where the picture would be too large.

        Raises:
            PdfError: the page cannot be drawn.
        """
        made = BytesIO()
        self._draw(number, scale, _LARGEST)[0].convert("RGB").save(made, "PNG")
        return made.getvalue()

    def scan(self, number: int, dpi: int) -> bytes:
        """One page as a grey picture to recognise, as PNG, without specks and paper; empty where it shows nothing.

        Raises:
            PdfError: the page cannot be drawn.
        """
        from PIL import ImageFilter

        made, (picture, scale) = BytesIO(), self._draw(number, dpi / 72, _LARGEST_SCAN)
        picture = picture.convert("L").filter(ImageFilter.MedianFilter(3))
        picture = picture.point([*range(_PAPER), *[255] * (256 - _PAPER)])
        low, high = picture.getextrema()
        if high - low < _BLANK:
            return b""
        picture.save(made, "PNG", compress_level=1, dpi=(72 * scale, 72 * scale))
        return made.getvalue()

    def _draw(self, number: int, scale: float, largest: int) -> tuple[Any, float]:
        """One page as a picture, and the scale at which it fits."""
        if self._pdfium is None:
            raise PdfError(f"{self.path}: page {number} cannot be drawn, as PDFium cannot open the file.")
        try:
            with closing(self._pdfium[number - 1]) as page:
                scale = min(scale, largest / max(*page.get_size(), 1.0))
                return page.render(scale=scale).to_pil(), scale
        except (pypdfium2.PdfiumError, IndexError, ValueError) as error:
            raise PdfError(f"{self.path}: page {number} cannot be drawn ({_reason(error)}).") from None

    def close(self) -> None:
        """Give back what PDFium holds."""
        if "_copy" in self.__dict__:
            self._copy.close()
        if self._pdfium is not None:
            self._pdfium.close()

    def _pdfium_page(self, number: int) -> Page:
        assert self._pdfium is not None
        page = self._pdfium[number - 1]
        try:
            read = pdfium_page(page, number)
            return with_annotations(read, lambda: self._copy) if is_annotated(page) else read
        finally:
            page.close()

    @cached_property
    def _copy(self) -> pypdfium2.PdfDocument:
        """The document once more, with its forms ready, to be changed at will."""
        copy = self._open_pdfium()
        copy.init_forms()
        return copy

    def _pypdf2_page(self, number: int) -> Page:
        with quiet_pypdf2():
            return pypdf2_page(self._pypdf2.pages[number - 1], number)

    def _open_or_replace(self) -> pypdfium2.PdfDocument | None:
        """The file as PDFium opens it; None where only PyPDF2 can, which then reads it."""
        try:
            return self._open_pdfium()
        except _DamagedError:
            if not _has_header(self._data) or _pages_by_pypdf2(self._data, self._password) <= 0:
                raise
            self.engine = "pypdf2"
            return None

    def _open_pdfium(self) -> pypdfium2.PdfDocument:
        """Open with PDFium, which tries the empty password by itself."""
        try:
            return pypdfium2.PdfDocument(self._data, password=self._password)
        except pypdfium2.PdfiumError as error:
            # PDFium's error code may be left over from another file, so the file itself must say so too.
            code = getattr(error, "err_code", None) if b"/Encrypt" in self._data else None
            if code == _PASSWORD_ERROR:
                return self._open_as_owner()
            if code == _SECURITY_ERROR:
                raise PdfError(
                    f"{self.path} is encrypted with a certificate (or a security handler podprep does not know): "
                    "open it in the program that has the certificate and save a copy without."
                ) from None
            if _pages_by_pypdf2(self._data) == 0:
                raise PdfError(f"{self.path} has no pages: save it anew from the program that made it.") from None
            kind = "damaged beyond reading" if _has_header(self._data) else "not a PDF file"
            raise _DamagedError(f"{self.path} is {kind}: open it in a PDF viewer to check, or save it anew.") from None

    def _open_as_owner(self) -> pypdfium2.PdfDocument:
        """Open a file whose owner's password is the empty one, which PDFium does not try."""
        import PyPDF2

        copy = BytesIO()
        try:
            with quiet_pypdf2():
                reader = PyPDF2.PdfReader(BytesIO(self._data))
                if self._password is None and reader.decrypt(""):
                    writer = PyPDF2.PdfWriter()
                    writer.append_pages_from_reader(reader)
                    writer.write(copy)
                    return pypdfium2.PdfDocument(copy.getvalue())
        except Exception:  # PyPDF2 raises nearly anything; then the file stays locked
            pass
        if self._password is not None:
            raise PdfError(f"{self.path} is encrypted and the password does not open it: check the password.")
        raise PdfError(
            f"{self.path} is encrypted: save a copy without a password, "
            "or give the password in a file with --password-file (password= in Python)."
        )

    @cached_property
    def _pypdf2(self) -> Any:
        import PyPDF2

        reader = PyPDF2.PdfReader(BytesIO(self._data))
        if reader.is_encrypted:
            reader.decrypt(self._password or "")
        return reader

    def _check_pypdf2(self) -> None:
        try:
            with quiet_pypdf2():
                len(self._pypdf2.pages)
        except Exception as error:
            self.close()
            raise PdfError(f"{self.path}: PyPDF2 cannot open it ({_reason(error)}); use the pdfium engine.") from None


def _has_header(data: bytes) -> bool:
    return b"%PDF-" in data[:_HEADER_REACH]


def _pages_by_pypdf2(data: bytes, password: str | None = None) -> int:
    """How many pages PyPDF2 finds in a file that PDFium refuses; -1 where it cannot open it either."""
    import PyPDF2

    with quiet_pypdf2():
        try:
            reader = PyPDF2.PdfReader(BytesIO(data))
            if reader.is_encrypted:
                reader.decrypt(password or "")
            return len(reader.pages)
        except Exception:  # PyPDF2 raises nearly anything on malformed files
            return -1


def _reason(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:120]


@contextmanager
def quiet_pypdf2() -> Iterator[None]:
    """Keep PyPDF2's warnings about malformed files off standard error while it reads."""
    logger = logging.getLogger("PyPDF2")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)
