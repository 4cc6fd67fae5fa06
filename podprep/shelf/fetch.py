"""Fetch a PDF from an http(s) address within bounds: bytes, seconds, redirects, and that it is a PDF at all.

No credentials are sent, be they in an address, a redirect or a cookie. What comes is written to a file and not
looked into beyond its header: reading it is the guarded reader's affair.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from .. import __version__
from ..counts import counted
from ..errors import OutputError, PdfError
from ..output import HEADER_REACH
from .items import is_address

_SILENCE = 20.0  # seconds without a byte


@dataclass(frozen=True, slots=True)
class Bounds:
    """What fetching one PDF may take: bytes, seconds in all, redirects."""

    bytes: int = 256 << 20
    seconds: float = 300.0
    redirects: int = 5


def fetch_pdf(address: str, path: Path, bounds: Bounds | None = None) -> Path:
    """Fetch a PDF into a new file.

    Raises:
        PdfError: it cannot be had within the bounds, or is no PDF.
        SettingsError: a redirect leads to where podprep fetches nothing.
        OutputError: the disk refuses.
    """
    bounds = bounds or Bounds()
    began = time.monotonic()
    try:
        with _client(bounds) as client, _answer(client, address, bounds) as answer, path.open("xb") as file:
            for piece in _pieces(answer, address, bounds, began):
                file.write(piece)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        why = str(error) or type(error).__name__
        raise PdfError(f"{address} cannot be fetched ({why}): check the address and the network.") from None
    except OSError as error:
        raise OutputError(f"{path} cannot be written ({error.strerror}): free some space.") from None
    return path


def _client(bounds: Bounds) -> httpx2.Client:
    headers = {"User-Agent": f"podprep/{__version__}", "Accept": "application/pdf,*/*;q=0.1",
               "Accept-Encoding": "identity"}
    return httpx2.Client(timeout=min(_SILENCE, bounds.seconds), headers=headers, auth=httpx2.Auth())


@contextmanager
def _answer(client: httpx2.Client, address: str, bounds: Bounds) -> Iterator[httpx2.Response]:
    """The answer at the end of all redirects."""
    place = address
    for _ in range(bounds.redirects + 1):
        with client.stream("GET", place) as answer:
            client.cookies.clear()
            following = answer.next_request
            if following is None:
                if answer.is_error or answer.is_redirect:
                    raise PdfError(f"{address} answers {answer.status_code}: check the address in a browser.")
                yield answer
                return
            place = str(following.url)
            is_address(place)
    raise PdfError(f"{address} redirects more than {bounds.redirects} times: check the address in a browser.")


def _pieces(answer: httpx2.Response, address: str, bounds: Bounds, began: float) -> Iterator[bytes]:
    """The bytes of the answer as they come, as long as they are a PDF's and within bounds."""
    told = answer.headers.get("Content-Length", "")
    most = PdfError(f"{address} is larger than the limit of {bounds.bytes >> 20} MiB: download it yourself and name "
                    "the file.")
    if told.isdigit() and int(told) > bounds.bytes:
        raise most
    start, count = b"", 0
    for piece in answer.iter_bytes():
        count += len(piece)
        if count > bounds.bytes:
            raise most
        if time.monotonic() - began > bounds.seconds:
            raise PdfError(f"{address} took longer than the limit of {counted(bounds.seconds, 'seconds')}: download "
                           "it yourself and name the file.")
        if len(start) < HEADER_REACH and b"%PDF-" not in start:
            start += piece
            if len(start) >= HEADER_REACH:
                _require_pdf(start, address, answer)
        yield piece
    _require_pdf(start, address, answer)


def _require_pdf(start: bytes, address: str, answer: httpx2.Response) -> None:
    if b"%PDF-" not in start[:HEADER_REACH]:
        kind = answer.headers.get("Content-Type", "of no kind").partition(";")[0][:40]
        raise PdfError(f"{address} is no PDF ({kind}): it may be the page around one; find the PDF's own address.")
