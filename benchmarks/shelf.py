"""What a shelf costs: a loop in one process, one and two lanes, one and two actors on Ray. On a quiet machine.

    python benchmarks/shelf.py FOLDER [FOLDER ...] [--most 40] [--json benchmarks/shelf.json]

Each way cleans the same documents into a folder of its own, in a process of its own, one way after the other. What
counts is the time from the first document's start to the last one's end; the start before that is told by itself.
Beside it: processor seconds a document, what one costs that is done already, start included, the most memory that a
worker (with its reader) and that all processes hold, and what the disk takes. `figures` makes the tables of
docs/scale.md from the JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

import psutil

from podprep import Cleaner, Limits, clean_shelf, sidecar_json, write_text

WAYS = {"loop": (1, None), "1 job": (1, None), "2 jobs": (2, None), "Ray, 1 actor": (1, "local"),
        "Ray, 2 actors": (2, "local")}
NAMES = {"loop": "a loop in one process", "1 job": "`--jobs 1`", "2 jobs": "`--jobs 2`",
         "Ray, 1 actor": "`--jobs 1 --ray`", "Ray, 2 actors": "`--jobs 2 --ray`"}
_PACE = 0.1  # seconds between two looks at memory
_WORKER = "podprep.shelf.worker"


def main() -> int:
    """Measure all ways, one after the other."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--most", type=int, default=40, help="documents")
    parser.add_argument("--cleaner", default="probe")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)  # in the process that is measured
    options = parser.parse_args()
    pdfs = sorted(pdf for folder in options.folders for pdf in folder.resolve().glob("*.pdf"))[:options.most]
    if options.way:
        print(json.dumps(timed(options.way, pdfs, Path.cwd(), options.cleaner)))
        return 0
    rows = []
    for way in WAYS:
        rows.append(measure(way, sys.argv[1:]))
        print(rows[-1], flush=True)
    result = {"documents": len(pdfs), "cores": os.cpu_count(), "cleaner": options.cleaner, "rows": rows,
              "mb_a_pdf": sum(pdf.stat().st_size for pdf in pdfs) / len(pdfs) / 2**20}
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n")
    return 0


def measure(way: str, arguments: list[str]) -> dict[str, Any]:
    """One way in a process of its own, with the memory that it and those it starts take, and the disk."""
    folders = [str(Path(one).resolve()) if Path(one).is_dir() else one for one in arguments]
    path = os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    with tempfile.TemporaryDirectory() as place:
        process = subprocess.Popen([sys.executable, __file__, *folders, "--way", way], cwd=place, text=True,
                                   stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path})
        peaks = {"worker": 0, "all": 0}
        watch = Thread(target=_watch, args=(process.pid, peaks))
        watch.start()
        said, _ = process.communicate()
        watch.join()
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, way)
        row: dict[str, Any] = {"way": way, **json.loads(said.splitlines()[-1])}
        count = row["documents"]
        disk = {kind: sum(f.stat().st_size for f in Path(place).rglob(f"*{kind}")) / count / 2**20
                for kind in (".podprep", ".clean.txt", ".clean.json")}
    worker = peaks["worker"] or peaks["all"]
    return row | {"mb_a_worker": worker / 2**20, "mb_in_all": peaks["all"] / 2**20, "mb_of_disk": disk}


def timed(way: str, pdfs: list[Path], place: Path, cleaner: str) -> dict[str, Any]:
    """Clean all documents one way; when the first began, and how long all took from there."""
    began = time.perf_counter()
    first, cpu, count = 0.0, 0.0, 0
    for seconds, used in _each(way, pdfs, place, cleaner):
        first = first or time.perf_counter() - seconds
        cpu, count = cpu + used, count + 1
    took = time.perf_counter() - first
    again = time.perf_counter()
    done = sum(1 for _ in _each(way, pdfs, place, cleaner))
    again = (time.perf_counter() - again) / done
    return {"documents": count, "start_seconds": first - began, "seconds": took, "a_minute": 60 * count / took,
            "cpu_seconds": cpu / count, "again_seconds": again}


def _each(way: str, pdfs: list[Path], place: Path, cleaner: str) -> Iterator[tuple[float, float]]:
    """Yield the seconds and the processor seconds of each document."""
    jobs, ray = WAYS[way]
    if way != "loop":
        for row in clean_shelf(pdfs, place, jobs=jobs, ray=ray, cleaner=cleaner):
            yield row.seconds, row.cpu_seconds
        return
    kept = Cleaner(cleaner)
    for pdf in pdfs:
        clock, cpu = time.perf_counter(), sum(os.times()[:4])
        cleaned = kept.clean(pdf, run=place / f"{pdf.stem}.podprep", limits=Limits(workers=1))  # as a shelf reads it
        write_text(place / f"{pdf.stem}.clean.txt", cleaned.text)
        write_text(place / f"{pdf.stem}.clean.json", sidecar_json(cleaned))
        yield time.perf_counter() - clock, sum(os.times()[:4]) - cpu


def _watch(pid: int, peaks: dict[str, int]) -> None:
    """Note the most memory that a worker with its reader, and all processes, hold, until the first one ends."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            family = [process, *process.children(recursive=True)]
            peaks["all"] = max(peaks["all"], sum(map(_held, family)))
            for one in family:
                with suppress(psutil.Error):
                    if _WORKER in one.cmdline():
                        peaks["worker"] = max(peaks["worker"], sum(map(_held, [one, *one.children()])))
            time.sleep(_PACE)


def _held(process: psutil.Process) -> int:
    with suppress(psutil.Error):
        return int(process.memory_info().rss)
    return 0


if __name__ == "__main__":
    sys.exit(main())
