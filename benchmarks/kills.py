"""Runs killed at random moments and started again: the outcome must be the same, byte for byte.

    python benchmarks/kills.py [PDF] [--kills 25] [--cleaners tidy probe prompt] [--decisions 20] [--seed 0]

For each cleaner one run goes through undisturbed. Another is killed with SIGKILL at random moments,
started again each time, until it has been killed as often as asked or is finished, in which case a
new one begins. Every finished run must hold the same rows and give the same clean text. The prompt cleaner
gets one page, since a model that writes is slow. Then a review is killed while it decides: every decision
that it had told of must be there.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from podprep import Run
from podprep.runs import Log
from podprep.runs.store import WorkFile

SAMPLE = Path(__file__).parents[1] / "notebooks" / "sample" / "sample.pdf"
KEPT = ("facts", "pdf", "pages", "chunks", "cleaned")
DECIDE = """
import sys
from podprep import Review, Run
review = Review(Run.open(sys.argv[1]))
chunks = len(review.cleaned.chunks)
for i in range(100000):
    review.edit(i % chunks, "x" * (i % 3000))
    print(i, flush=True)
"""
MORE = {"tidy": [], "probe": [], "prompt": ["--pages", "1"]}


def main() -> int:
    """Kill runs of each cleaner and compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("pdf", type=Path, nargs="?", default=SAMPLE)
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--cleaners", nargs="+", choices=MORE, default=list(MORE))
    parser.add_argument("--decisions", type=int, default=20, help="kills while deciding")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    differing = 0
    for cleaner in options.cleaners:
        with tempfile.TemporaryDirectory() as folder:
            differing += torment(Path(folder), options.pdf.resolve(), cleaner, options.kills, options.seed)
    with tempfile.TemporaryDirectory() as folder:
        lost = torment_review(Path(folder) / "review.podprep", options.pdf.resolve(), options.decisions, options.seed)
    return 1 if differing or lost else 0


def torment(folder: Path, pdf: Path, cleaner: str, kills: int, seed: int) -> int:
    """Kill runs of one cleaner; how many of them ended otherwise than undisturbed."""
    chance = random.Random(seed)
    command = [sys.executable, "-m", "podprep.cli", "clean", str(pdf), "--cleaner", cleaner, *MORE[cleaner], "-o"]
    began = time.perf_counter()
    subprocess.run([*command, "whole.txt", "--run", "whole.podprep"], cwd=folder, check=True, capture_output=True)
    seconds = time.perf_counter() - began
    expected, text = kept(folder / "whole.podprep"), (folder / "whole.txt").read_bytes()
    killed, finished, differing, states = 0, 0, 0, []
    while killed < kills:
        for path in folder.glob("run.podprep*"):
            path.unlink()
        (folder / "out.txt").unlink(missing_ok=True)
        while True:
            done, state = start_and_kill(folder, command, chance.uniform(0, seconds) if killed < kills else None)
            if done:
                break
            killed += 1
            states.append(state)
        finished += 1
        same = kept(folder / "run.podprep") == expected and (folder / "out.txt").read_bytes() == text
        differing += not same
    spread = ", ".join(f"{states.count(s)} while {s}" for s in dict.fromkeys(states))
    print(f"{cleaner}: killed {killed} times ({spread}), {finished} runs finished, {differing} differ", flush=True)
    return differing


def start_and_kill(folder: Path, command: list[str], seconds: float | None) -> tuple[bool, str]:
    """Start the run and kill it after a while: whether it ended before that, and how far it was."""
    file = folder / "run.podprep"
    work = subprocess.Popen([*command, "out.txt", "--run", file.name, "--force"], cwd=folder, stderr=subprocess.PIPE)
    try:
        said = work.communicate(timeout=seconds)[1]
        if work.returncode:
            raise RuntimeError(said.decode())
        return True, "finished"
    except subprocess.TimeoutExpired:
        work.kill()
        work.communicate()
    return False, Run.open(file).state if file.exists() and file.stat().st_size else "starting"


def kept(file: Path) -> dict[str, list[tuple[Any, bytes]]]:
    """What must be the same, by table."""
    with WorkFile.opened(file) as work:
        return {table: list(work.rows(table)) for table in KEPT}


def torment_review(file: Path, pdf: Path, kills: int, seed: int) -> int:
    """Kill a review while it decides; how many decisions that it had told of are lost."""
    Run.start(pdf, file, cleaner="tidy").go()
    chance, told, lost = random.Random(seed), 0, 0
    for _ in range(kills):
        process = subprocess.Popen([sys.executable, "-c", DECIDE, str(file)], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(chance.uniform(0, 0.3))
        process.kill()
        told += sum(line.endswith("\n") for line in [first, *process.stdout.read().splitlines(keepends=True)])
        entries = len(Log(file).entries)
        lost, told = lost + max(told - entries, 0), entries
    print(f"review: killed {kills} times, {told} decisions, {lost} lost", flush=True)
    return lost


if __name__ == "__main__":
    sys.exit(main())
