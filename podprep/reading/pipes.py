"""Processes that answer requests on pipes, one a line: what both ends need. What is said on them is theirs alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
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


def start_worker(
    module: str, variables: Mapping[str, str] | None = None, folder: str | None = None,
) -> subprocess.Popen[bytes]:
    """Start a process that runs a module, with pipes to both ends. Ctrl-C is its parent's alone.

    Args:
        module: the module's name.
        variables: what its environment has besides the parent's.
        folder: its working folder; the parent's by default.
    """
    return subprocess.Popen(
        [sys.executable, "-P", "-m", module], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env=_environment() | dict(variables or {}), cwd=folder, start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),  # Windows knows no sessions
    )


def _environment() -> dict[str, str]:
    """The parent's variables, and its import path without the working folder, where strangers' files may lie."""
    home, here = str(Path(__file__).resolve().parents[2]), os.getcwd()
    path = [entry for entry in sys.path if entry == home or entry not in ("", here)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path if home in path else [home, *path])}


def private_output() -> BinaryIO:
    """Standard output for replies alone: what a library prints goes nowhere."""
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return replies
