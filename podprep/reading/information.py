"""What a PDF says about itself: its document information, the files packed into it, whether it is a portfolio.

All of it are strangers' words: control characters are shown as U+FFFD here, and the terminal escapes the rest.
Opening and reading pages are in `opened`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pypdfium2.raw as pdfium_c

from ..document import Metadata
from .engines import clean_characters

SECOND_CHANCE = ("PDFium cannot open this file, so PyPDF2 read it, which knows no places on the page: "
                 "what is no text is told less well.")
_MOST_ATTACHMENTS, _LONGEST_NAME = 1000, 255


class Information:
    """Gathers what the two engines tell; what PyPDF2 tells counts where both do."""

    def __init__(self) -> None:
        self._info: dict[str, str] = {}
        self._encrypted = self._portfolio = False
        self._attachments: list[str] = []

    def add_pdfium(self, pdf: Any) -> None:
        """Take what PDFium tells."""
        self._info |= pdf.get_metadata_dict(skip_empty=True)
        self._encrypted = pdfium_c.FPDF_GetSecurityHandlerRevision(pdf) >= 0
        for index in range(min(pdf.count_attachments(), _MOST_ATTACHMENTS)):
            with suppress(Exception):  # a broken entry takes none of the others with it
                self._attachments.append(_name(pdf.get_attachment(index).get_name()))

    def add_pypdf2(self, read: Callable[[], Any]) -> None:
        """Take what PyPDF2 tells, if it can read the file."""
        with suppress(Exception):  # PyPDF2 raises nearly anything on malformed files; PDFium's reading stands in
            reader = read()
            self._encrypted = bool(reader.is_encrypted)
            told = reader.metadata or {}
            values = {str(key).lstrip("/"): told[key] for key in told}  # by key, what is kept elsewhere in the file too
            self._info |= {key: str(value) for key, value in values.items() if value and isinstance(value, str)}
        with suppress(Exception):
            self._portfolio = "/Collection" in read().trailer["/Root"]

    def metadata(self, pages: int, remarks: tuple[str, ...] = ()) -> Metadata:
        """All of it, with a number of pages and remarks of the reader's own."""
        text = self._text
        return Metadata(
            text("Title"), text("Author"), text("Subject"), text("Keywords"), text("Creator"), text("Producer"),
            _date(text("CreationDate")), _date(text("ModDate")), pages, self._encrypted, tuple(self._attachments),
            self._portfolio, remarks,
        )

    def _text(self, key: str) -> str | None:
        return " ".join(clean_characters(self._info.get(key, "")).split()) or None


def _name(name: str) -> str:
    """An attachment's name in one line; some programs encode it twice."""
    if name.startswith("\xfe\xff"):
        with suppress(UnicodeError):
            name = name.encode("latin-1").decode("utf-16")
    return " ".join(clean_characters(name).split())[:_LONGEST_NAME] or "(no name)"


def _date(text: str | None) -> str | None:
    """A PDF date (D:20240131120000...) as 2024-01-31 12:00; anything else as it stands."""
    match = re.match(r"D:(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d))?", text or "")
    if not match:
        return text
    year, month, day, hour, minute = match.groups()
    return f"{year}-{month}-{day}" + (f" {hour}:{minute}" if hour else "")
