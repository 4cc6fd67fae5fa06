"""The process that parses PDFs for `guard`: one request a line on standard input, one reply a line out.

Run as `python -m podprep.reading.worker`. It limits itself (memory, processor time, no files written) and
ends when its standard input does. It holds no state worth saving: it may be killed at any moment.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..errors import PdfError
from .opened import OpenPdf
from .pipes import private_output
from .records import Record, to_record


def main() -> int:
    """Answer requests until standard input ends."""
    replies = private_output()
    reader = Reader()
    for line in sys.stdin.buffer:
        try:
            request = json.loads(line)
            with _limited(request["seconds"]):
                text = json.dumps(reader.answer(request))
        except PdfError as error:
            text = json.dumps({"refused": str(error)})
        except _OverTimeError:
            text = '{"stopped": "time"}'
        except MemoryError:
            text = '{"stopped": "memory"}'
        replies.write(text.encode() + b"\n")
        replies.flush()
    return 0


class _OverTimeError(Exception):
    """A request took more processor time than it may, and ended before the system saw it."""


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Limit the processor time of a request where the platform can: the system ends this process (SIGPROF)."""
    began, timer = time.process_time(), getattr(signal, "setitimer", None)
    if timer:
        timer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        if timer:
            timer(signal.ITIMER_PROF, 0)
    if time.process_time() - began > seconds:
        raise _OverTimeError


class Reader:
    """Holds the open PDF between requests."""

    def __init__(self) -> None:
        self._pdf: OpenPdf | None = None

    def answer(self, request: dict[str, Any]) -> Record:
        """The reply to one request: open, metadata, page, picture or scan.

        Raises:
            PdfError: the file cannot be opened.
            MemoryError: the memory limit was met.
        """
        if request["do"] == "open":
            limit_process(request["memory_mb"], request["all_seconds"])
            self._pdf = OpenPdf(Path(request["path"]), request["engine"], request["password"])
            return {"count": self._pdf.count, "sha256": self._pdf.sha256}
        assert self._pdf is not None
        if request["do"] == "metadata":
            return to_record(self._pdf.metadata(request["pypdf2"]))
        if request["do"] == "scan":
            return {"png": b64encode(self._pdf.scan(request["number"], request["dpi"])).decode()}
        if request["do"] == "picture":
            return {"png": b64encode(self._pdf.picture(request["number"], request["scale"])).decode()}
        return to_record(self._pdf.page(request["number"]))


def limit_process(memory_mb: int, seconds: float) -> None:
    """Limit this process where the platform can: address space, processor time, no core file, no file written.

    Windows knows none of these and macOS does not enforce the first; there the parent's clock alone guards.
    """
    try:
        import resource
    except ImportError:
        return
    cpu, memory = int(seconds) + 1, memory_mb << 20
    for name, limit in (("RLIMIT_AS", memory), ("RLIMIT_CPU", cpu), ("RLIMIT_CORE", 0), ("RLIMIT_FSIZE", 0)):
        try:
            resource.setrlimit(getattr(resource, name), (limit, limit))
        except (OSError, ValueError):  # a stricter limit is set already, or this system has no such limit
            continue


if __name__ == "__main__":
    sys.exit(main())
