"""What goes to the terminal as text: sentences on standard error, JSON on standard output, steps where asked for.

File names, metadata and decisions are strangers' words: what cannot be seen, or would steer the terminal, is shown
as a sign; what its encoding lacks is escaped. What a command tells is in `console`.
"""

import io
import json
import logging
import os
import sys
import time
from contextlib import suppress
from typing import Any, TextIO

from .review import one_line, shown


class _Untroubled(io.FileIO):
    """A stream that takes what cannot be written, as on a full disk, and lets it go."""

    def write(self, data: Any) -> int:
        """Write, or do as if."""
        with suppress(OSError):
            return super().write(data)
        return len(data)


def prepare_streams() -> None:
    """Let no character stop a command, nor a message that cannot be told; a closed standard output fails."""
    sys.stdout = sys.stdout or open(os.open(os.devnull, os.O_RDONLY), "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    own = sys.__stderr__
    if own is not None and sys.stderr is own:
        raw = io.BufferedWriter(_Untroubled(own.fileno(), "w", closefd=False))
        sys.stderr = io.TextIOWrapper(raw, own.encoding, line_buffering=True)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def is_plain(stream: TextIO) -> bool:
    """Whether a stream goes to a file, a pipe, or a terminal that can do nothing."""
    return not stream.isatty() or os.environ.get("TERM") == "dumb"


def tell(text: str) -> None:
    """One line on standard error, if that can be written."""
    with suppress(OSError):
        print(one_line(text), file=sys.stderr)


def print_json(value: Any) -> None:
    """Print JSON, in ASCII where the output's encoding or the terminal's safety asks for it."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
        risky = shown(text) != text
    except UnicodeEncodeError:
        risky = True
    print(json.dumps(value, indent=2) if risky else text)


def tell_steps(wanted: bool) -> bool:
    """Tell the steps of the work on standard error, or no longer."""
    logger = logging.getLogger("podprep")
    logger.handlers = [_Steps()] if wanted else []
    logger.setLevel(logging.INFO if wanted else logging.NOTSET)
    return wanted


class _Steps(logging.Handler):
    """Tells each step with the seconds since the start."""

    def __init__(self) -> None:
        super().__init__()
        self._began = time.monotonic()

    def emit(self, record: logging.LogRecord) -> None:
        """Tell one step."""
        tell(f"{time.monotonic() - self._began:7.2f} s  {record.getMessage()}")
