"""What a whole process costs, from its start to its end. One machine, which should be quiet.

    python benchmarks/cold_start.py ARTICLE.pdf SURVEY.pdf --runs 5 --json benchmarks/cold_start.json

Runs `podprep clean` with the probe and the rules, PyMuPDF4LLM's prose boxes where they are installed (`--peers` names
the interpreter that has them, see `peers`), and what only starts, in turn, and again; prints the medians of processor
seconds, seconds on the clock and peak memory, processes that they start with them.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Thread

import psutil
import pypdfium2

_PEERS = Path(__file__).parent / "peers.py"
_PEER = "pymupdf4llm-prose"
_PEER_NAME = "PyMuPDF4LLM, prose boxes only"
_PACE = 0.01  # seconds between two looks at memory


@dataclass(frozen=True)
class Case:
    """A command by its name, and the document it is about, if any."""

    name: str
    document: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Cost:
    """What one process took, with those that it started."""

    cpu_seconds: float
    wall_seconds: float
    peak_mb: float


def main() -> int:
    """Measure all commands in turn, several times, and print the medians."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("pdfs", type=Path, nargs="+")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peers", default=sys.executable, help="the interpreter that has the other tools")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = cases([pdf.resolve() for pdf in options.pdfs], options.peers)
    costs: dict[Case, list[Cost]] = {case: [] for case in found}
    for _ in range(options.runs):
        for case in found:
            costs[case].append(measure(case.command))
    rows = [row(case, taken) for case, taken in costs.items()]
    for one in rows:
        print(one)
    pages = {pdf.stem: len(pypdfium2.PdfDocument(pdf)) for pdf in options.pdfs}
    if options.json:
        result = {"runs": options.runs, "cores": os.cpu_count(), "pages": pages, "rows": rows}
        options.json.write_text(json.dumps(result, indent=1) + "\n")
    return 0


def cases(pdfs: Sequence[Path], peers: str) -> list[Case]:
    """All commands to run."""
    podprep = (sys.executable, "-m", "podprep")
    found = [Case(f"podprep clean, {cleaner}", pdf.stem, (*podprep, "clean", str(pdf), "--cleaner", cleaner, "--quiet"))
             for pdf in pdfs for cleaner in ("probe", "tidy")]
    if has_peer(peers):
        found += [Case(_PEER_NAME, pdf.stem, (peers, str(_PEERS), _PEER, ".", str(pdf))) for pdf in pdfs]
    return [
        *sorted(found, key=lambda case: [pdf.stem for pdf in pdfs].index(case.document)),
        Case("import podprep", "", (sys.executable, "-c", "import podprep")),
        Case("podprep --version", "", (*podprep, "--version")),
        Case("import torch", "", (sys.executable, "-c", "import torch")),
    ]


def has_peer(python: str) -> bool:
    """Whether an interpreter has PyMuPDF4LLM."""
    return subprocess.run([python, "-c", "import pymupdf4llm"], capture_output=True, check=False).returncode == 0


def measure(command: Sequence[str]) -> Cost:
    """Run a command in a folder of its own, to its end.

    Raises:
        CalledProcessError: it fails; pages that cannot be read are no failure.
    """
    path = os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   env={**os.environ, "PYTHONPATH": path})
        peak = [0]
        watch = Thread(target=_watch, args=(process.pid, peak))
        watch.start()
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        watch.join()
    if process.returncode not in (0, 3):
        raise subprocess.CalledProcessError(process.returncode, command)
    return Cost(used.ru_utime + used.ru_stime, seconds, max(peak[0] / 2**20, used.ru_maxrss / 1024))


def _watch(pid: int, peak: list[int]) -> None:
    """Note the most memory that a process and those it starts hold together, until it ends."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            peak[0] = max(peak[0], sum(one.memory_info().rss for one in [process, *process.children(recursive=True)]))
            time.sleep(_PACE)


def row(case: Case, taken: Sequence[Cost]) -> dict[str, str | float]:
    """The medians of what a command took."""
    medians = {key: statistics.median(asdict(cost)[key] for cost in taken) for key in asdict(taken[0])}
    return {"name": case.name, "document": case.document, **{key: round(value, 3) for key, value in medians.items()}}


if __name__ == "__main__":
    sys.exit(main())
