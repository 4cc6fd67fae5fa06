"""A PDF open in a worker process with limits on time and memory, so that a hostile file harms nothing.

`GuardedPdf` is used like `opened.OpenPdf`. A page that runs into a limit or crashes the worker is
reported in `Page.failure`, and a new worker goes on with the next one. The worker is started as
`python -m podprep.reading.worker`, so it works from notebooks and scripts alike, and it never loads torch.
"""

from __future__ import annotations

import json
import signal
import time
from base64 import b64decode
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from ..counts import counted
from ..document import Metadata, Page
from ..errors import PdfError
from .pipes import LONGEST_REPLY, read_replies, start_worker
from .records import Record, T, from_record

_PATIENCE = 10 if hasattr(signal, "setitimer") else 1  # times the limit on processor time, on the clock
_START = 30.0  # seconds for a worker to start, on a machine however busy


@dataclass(frozen=True, slots=True)
class Limits:
    """What parsing a PDF may take.

    Attributes:
        page_seconds: processor time to open the file, and to read one page; on the clock it may be ten times as much
            and half a minute, so that a busy machine costs no page (on Windows, which does not count, the same).
        document_seconds: time on the clock that reading the whole document may take.
        memory_mb: address space of a worker in MiB; not enforced on macOS and Windows.
        workers: how many may read a long document side by side, one or two; with one, scans are recognised one at a
            time too.
    """

    page_seconds: float = 20.0
    document_seconds: float = 600.0
    memory_mb: int = 2048
    workers: int = 2


DEFAULT_LIMITS = Limits()


class OutOfTimeError(Exception):
    """The document's time is up; the message is a clause that says so."""


class _StoppedError(Exception):
    """The worker met a limit or died; the message says which, as the end of a sentence."""


class GuardedPdf:
    """A PDF open in a worker.

    Args:
        path: the PDF file.
        engine: "pdfium" or "pypdf2".
        password: the file's password; it travels by pipe, never in an argument or a variable.
        limits: what parsing may take.

    Raises:
        PdfError: as for `OpenPdf`, or opening the file met a limit.
    """

    def __init__(
        self, path: Path, engine: str = "pdfium", password: str | None = None, limits: Limits = DEFAULT_LIMITS
    ) -> None:
        self.path, self.limits = path, limits
        self._opening: Record = {"do": "open", "path": str(path), "engine": engine, "password": password,
                                 "memory_mb": limits.memory_mb, "all_seconds": limits.document_seconds}
        self._left = limits.document_seconds
        self._worker: _Worker | None = None
        try:
            opened = self._open()
        except _StoppedError as stop:
            raise PdfError(
                f"{path}: opening it {stop}; print it to a new PDF from a viewer, or raise the limit."
            ) from None
        self.count, self.sha256 = int(opened["count"]), str(opened["sha256"])

    def twin(self) -> GuardedPdf:
        """The same file once more, in a worker of its own, so that two threads can read at once.

        Raises:
            PdfError: the file has changed, or cannot be opened any longer.
        """
        other = GuardedPdf(self.path, self._opening["engine"], self._opening["password"], self.limits)
        if other.sha256 != self.sha256:
            other.close()
            raise PdfError(f"{self.path} changed while it was read: read it again.")
        return other

    def metadata(self) -> Metadata:
        """The document information; PDFium's where PyPDF2 fails or meets a limit."""
        try:
            return self._ask_for(Metadata, {"do": "metadata", "pypdf2": True})
        except _StoppedError:
            pass
        try:
            return self._ask_for(Metadata, {"do": "metadata", "pypdf2": False})
        except _StoppedError:
            return Metadata(pages=self.count)

    def page(self, number: int) -> Page:
        """One page by its number from 1; a page that cannot be read is empty and says why.

        Raises:
            OutOfTimeError: the document's time is up.
        """
        if self._left <= 0:
            limit = f"{counted(self.limits.document_seconds, 'seconds')} (--document-seconds)"
            raise OutOfTimeError(f"the document took longer than the limit of {limit}")
        try:
            return self._ask_for(Page, {"do": "page", "number": number})
        except _StoppedError as stop:
            return Page(number, 0.0, 0.0, (), f"page {number} {stop}")

    def picture(self, number: int, scale: float) -> bytes:
        """One page drawn, as PNG; see `OpenPdf.picture`.

        Raises:
            PdfError: the page cannot be drawn, or drawing it met a limit.
        """
        return self._drawn({"do": "picture", "number": number, "scale": scale})

    def scan(self, number: int, dpi: int) -> bytes:
        """One page as a picture to recognise; see `OpenPdf.scan`.

        Raises:
            PdfError: the page cannot be drawn, or drawing it met a limit.
        """
        return self._drawn({"do": "scan", "number": number, "dpi": dpi})

    def close(self) -> None:
        """End the worker."""
        if self._worker:
            self._worker.kill()
        self._worker = None

    def _open(self) -> Record:
        try:
            self._worker = _Worker()
        except OSError as error:
            raise PdfError(f"{self.path}: no reader process can be started ({error.strerror}): free memory.") from None
        return self._request(self._opening)

    def _drawn(self, request: dict[str, Any]) -> bytes:
        try:
            return b64decode(self._ask(request)["png"])
        except _StoppedError as stop:
            number = request["number"]
            raise PdfError(f"{self.path}: drawing page {number} {stop}; look at it in a PDF viewer.") from None

    def _ask(self, request: dict[str, Any]) -> Record:
        """The reply to a request, from a new worker if the last one ended."""
        if self._worker is None and self._open()["sha256"] != self.sha256:
            raise PdfError(f"{self.path} changed while it was read: read it again.")
        return self._request(request)

    def _ask_for(self, kind: type[T], request: dict[str, Any]) -> T:
        """The reply to a request, as what it should be."""
        try:
            return from_record(self._ask(request), kind)
        except ValueError:
            raise _StoppedError("made the reader talk nonsense") from None

    def _request(self, request: dict[str, Any]) -> Record:
        assert self._worker is not None
        began = time.monotonic()
        try:
            reply = self._worker.ask(request, self.limits, self._left)
        except BaseException:
            self.close()
            raise
        finally:
            self._left -= time.monotonic() - began
        if "refused" in reply:
            self.close()
            raise PdfError(reply["refused"])
        return reply


class _Worker:
    """One worker process and the thread that reads its replies."""

    def __init__(self) -> None:
        self._process = start_worker("podprep.reading.worker")
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._requests, output = self._process.stdin, self._process.stdout
        self._pipes = (self._requests, output)
        self._replies: SimpleQueue[bytes] = SimpleQueue()
        Thread(target=read_replies, args=(output, self._replies), daemon=True).start()

    def ask(self, request: dict[str, Any], limits: Limits, left: float) -> Record:
        """Send one request and wait for its reply.

        Raises:
            _StoppedError: no reply within the limits.
        """
        left, patience = max(left, 0.0), _PATIENCE * limits.page_seconds + _START
        try:
            self._requests.write(json.dumps({**request, "seconds": limits.page_seconds}).encode() + b"\n")
            self._requests.flush()
            line = self._replies.get(timeout=min(left, patience))
        except (BrokenPipeError, OSError):
            line = b""
        except Empty:
            raise _StoppedError(
                f"took longer than the limit of {counted(limits.document_seconds, 'seconds')} for the document "
                "(--document-seconds)" if left < patience else
                f"took {patience:.3g} seconds on the clock, for a limit of {limits.page_seconds:g} (--page-seconds)"
            ) from None
        if len(line) >= LONGEST_REPLY:
            raise _StoppedError(f"holds more text than the limit of {LONGEST_REPLY >> 20} MiB")
        if not line.endswith(b"\n"):
            raise _StoppedError(self._cause_of_death(limits))
        try:
            reply: Record = json.loads(line)
        except ValueError:
            raise _StoppedError("made the reader talk nonsense") from None
        if reply.get("stopped") == "time":
            raise _StoppedError(_over_time(limits))
        if reply.get("stopped"):
            raise _StoppedError(f"needs more memory than the limit of {limits.memory_mb:,} MiB")
        return reply

    def kill(self) -> None:
        """End the process and wait for it."""
        self._process.kill()
        self._process.wait()
        for pipe in self._pipes:
            with suppress(OSError):  # a request may still be in the buffer of a pipe whose reader is gone
                pipe.close()

    def _cause_of_death(self, limits: Limits) -> str:
        status = self._process.wait()
        if status == -getattr(signal, "SIGPROF", 0):
            return _over_time(limits)
        how = f"signal {-status}" if status < 0 else f"exit status {status}"
        return f"ended the reader ({how}), as when memory runs out: the limit is {limits.memory_mb:,} MiB"


def _over_time(limits: Limits) -> str:
    return f"took longer than the limit of {counted(limits.page_seconds, 'seconds')} of processor time (--page-seconds)"
