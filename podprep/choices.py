"""The choices that have a name, for the wings that make them and for the command line that offers them.

What each means is told where it is used. Nothing is imported here, so that asking for help loads nothing.
"""

from typing import Literal, get_args

Engine = Literal["pdfium", "pypdf2"]
Ocr = Literal["auto", "always", "never"]
Cleaner = Literal["probe", "tidy", "prompt"]
Mode = Literal["faithful", "free"]
Adviser = Literal["probe", "tidy", "none"]
Format = Literal["txt", "md", "json", "speech"]

ENGINES: tuple[str, ...] = get_args(Engine)  # that read a PDF's text
OCR_MODES: tuple[str, ...] = get_args(Ocr)  # which pages are recognised
CLEANERS: tuple[str, ...] = get_args(Cleaner)
MODES: tuple[str, ...] = get_args(Mode)  # ways of decoding the prompt's answer
ADVISERS: tuple[str, ...] = get_args(Adviser)  # whose opinion faithful decoding hears
FORMATS: tuple[str, ...] = get_args(Format)  # in which a clean text is written
SERVER_SECONDS = 300.0  # that one answer of a server may take
LEAST_TOKENS = 500  # that a part of a text holds
