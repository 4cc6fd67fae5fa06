"""Lanes: processes side by side that clean one document after another, with one cleaner each.

A document that ends the process of its lane (memory, a crash in a library) is tried once more in a new one, then
set aside with a sentence. What is done with a document is in `task`.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from multiprocessing.pool import ThreadPool
from queue import SimpleQueue
from threading import Thread

from ..reading import read_replies, start_worker
from .items import Item
from .task import Recipe, Row, failed, packed, unpacked

TRIES = 2  # for a document that ends its lane's process
_THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")  # as torch, ONNX Runtime and numpy read them


class Lane:
    """A process that cleans one document at a time; it starts with the first, and again where one ended it.

    Args:
        recipe: how documents are cleaned.
        threads: most threads of a model in it.
        folder: the one from which paths are meant; this process's by default.
    """

    def __init__(self, recipe: Recipe, threads: int, folder: str | None = None) -> None:
        self._recipe, self._threads, self._folder = recipe, threads, folder
        self._process: subprocess.Popen[bytes] | None = None
        self._replies: SimpleQueue[bytes] = SimpleQueue()
        self._closed = False

    def clean(self, item: Item) -> Row:
        """The row of a document, however it ends."""
        for _ in range(TRIES):
            try:
                reply = self._ask(item)
            except OSError as error:
                return failed(item, f"{item.source}: no process can be started ({error.strerror}): free memory, or "
                                    "choose fewer --jobs.")
            if reply.endswith(b"\n"):
                return unpacked(reply, Row)
            how = self._end()
        return failed(item, f"{item.source} ended the process that cleaned it {TRIES} times ({how}), as when memory "
                            "runs out: it is set aside; clean it by itself, or choose fewer pages with --pages.")

    def close(self) -> None:
        """End the process, whatever it does."""
        self._closed = True
        self._end()

    def _ask(self, item: Item) -> bytes:
        """The reply, or what came of it where the process ended."""
        if self._closed:
            return b""
        process = self._process or self._start()
        assert process.stdin is not None
        with suppress(OSError):  # it may have ended since
            process.stdin.write(packed(item))
            process.stdin.flush()
        return self._replies.get()

    def _start(self) -> subprocess.Popen[bytes]:
        threads = dict.fromkeys(_THREADS, str(self._threads))
        self._process = process = start_worker("podprep.shelf.worker", threads, self._folder)
        assert process.stdin is not None
        self._replies = SimpleQueue()
        Thread(target=read_replies, args=(process.stdout, self._replies), daemon=True).start()
        with suppress(OSError):
            process.stdin.write(packed(self._recipe))
        return process

    def _end(self) -> str:
        """End the process; how it ended."""
        process, self._process = self._process, None
        if process is None:
            return "it could not be started"
        with suppress(subprocess.TimeoutExpired):  # one that closed its output is ending by itself
            process.wait(0 if self._closed else 5)
        process.kill()
        status = process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError, AttributeError):
                pipe.close()  # type: ignore[union-attr]
        return f"signal {-status}" if status < 0 else f"exit status {status}"


def clean_in_lanes(items: Sequence[Item], recipe: Recipe, jobs: int) -> Iterator[Row]:
    """Yield the row of each document as it comes, from so many processes side by side."""
    jobs = max(1, min(jobs, len(items)))
    threads = max(1, (os.cpu_count() or 1) // jobs)
    lanes = [Lane(recipe, threads) for _ in range(jobs)]
    free: SimpleQueue[Lane] = SimpleQueue()
    for lane in lanes:
        free.put(lane)

    def clean(item: Item) -> Row:
        """Clean a document in the first lane that is free."""
        lane = free.get()
        try:
            return lane.clean(item)
        finally:
            free.put(lane)

    pool = ThreadPool(jobs)
    try:
        yield from pool.imap_unordered(clean, items)
    finally:
        for lane in lanes:
            lane.close()
        pool.terminate()
