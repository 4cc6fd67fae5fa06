"""Memory of parent and worker over the pages of a long PDF, as a small table.

    python benchmarks/memory.py PDF [--cleaner probe] [--every 50]

Prints the resident memory in MB every so many pages of the reading, and then over the share of the
chunks that are cleaned, all in one run of `podprep.Run`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import psutil

from podprep import Run
from podprep.runs.store import WorkFile


def main() -> int:
    """Clean one PDF and watch."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("pdf", type=Path)
    parser.add_argument("--cleaner", default="probe")
    parser.add_argument("--every", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = Run.start(options.pdf, Path(folder) / "run.podprep", cleaner=options.cleaner)
        rows: list[tuple[str, int, float, float]] = []
        watch = threading.Thread(target=observe, args=(counted(), options.every, rows), daemon=True)
        watch.start()
        print("| state | done | parent MB | worker MB |\n|---|--:|--:|--:|")
        began = time.perf_counter()
        run.go()
        seconds = time.perf_counter() - began
        time.sleep(0.2)
    show(rows[-1])
    print(f"{seconds:.0f} s; peak {max(p + w for _, _, p, w in rows):.0f} MB")
    return 0


def show(row: tuple[str, int, float, float]) -> None:
    """Print one line of the table."""
    print(f"| {row[0]} | {row[1]} | {row[2]:.0f} | {row[3]:.0f} |", flush=True)


def counted() -> dict[str, int]:
    """Count the pages and chunks that work files take: nobody else may look into one that is worked on."""
    done = {"reading": 0, "cleaning": 0}

    def count(name: str, state: str) -> None:
        """Let a method of work files count its calls."""
        add = getattr(WorkFile, name)

        def counting(work: WorkFile, value: Any) -> None:
            """Add what is given, and count it."""
            add(work, value)
            done[state] += 1

        setattr(WorkFile, name, counting)

    count("add_page", "reading")
    count("add_cleaned", "cleaning")
    return done


def observe(done: dict[str, int], every: int, rows: list[tuple[str, int, float, float]]) -> None:
    """Note the highest memory of every stretch of pages or chunks."""
    parent = psutil.Process()
    while True:
        state = "cleaning" if done["cleaning"] else "reading"
        mine = parent.memory_info().rss / 1e6
        workers = sum(child.memory_info().rss for child in parent.children()) / 1e6
        row = (state, done[state] // every * every, mine, workers)
        if rows and rows[-1][:2] == row[:2]:
            rows[-1] = (row[0], row[1], max(rows[-1][2], mine), max(rows[-1][3], workers))
        else:
            if rows:
                show(rows[-1])
            rows.append(row)
        time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
