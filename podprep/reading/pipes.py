"""Processes that answer requests on pipes, one a line: what both ends need. What is said on them is theirs alone."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from queue import SimpleQueue
from typing import IO, BinaryIO

LONGEST_REPLY = 256 << 20  # bytes; one page of text is never so large


def read_replies(stream: IO[bytes], replies: SimpleQueue[bytes]) -> None:
    """Hand replies on until the worker ends, then an empty one."""
    line = b"start"
    while line:
        try:
            line = stream.readline(LONGEST_REPLY)
        except (OSError, ValueError):  # closed by the parent
            line = b""
        replies.put(line)


def worker_environment() -> dict[str, str]:
    """The parent's variables, and its import path without the working folder, where strangers' files may lie."""
    home, here = str(Path(__file__).resolve().parents[2]), os.getcwd()
    path = [entry for entry in sys.path if entry == home or entry not in ("", here)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path if home in path else [home, *path])}


def private_output() -> BinaryIO:
    """Standard output for replies alone: what a library prints goes nowhere."""
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return replies
