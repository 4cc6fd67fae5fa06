"""Runs killed at random moments and started again: the outcome must be the same, byte for byte.

    python benchmarks/kills.py [PDF] [--kills 25] [--cleaners tidy probe prompt] [--seed 0]

For each cleaner one run goes through undisturbed. Another is killed with SIGKILL at random moments,
started again each time, until it has been killed as often as asked or is finished, in which case a
new one begins. Every finished run must hold the same clean text, chunks and cleaned chunks. The
prompt cleaner gets one page, since a model that writes is slow.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SAMPLE = Path(__file__).parents[1] / "notebooks" / "sample" / "sample.pdf"
KEPT = ("pages.jsonl", "chunks.jsonl", "cleaned.jsonl", "clean.json", "clean.txt")
MORE = {"tidy": [], "probe": [], "prompt": ["--pages", "1"]}


def main() -> int:
    """Kill runs of each cleaner and compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("pdf", type=Path, nargs="?", default=SAMPLE)
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--cleaners", nargs="+", choices=MORE, default=list(MORE))
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    differing = 0
    for cleaner in options.cleaners:
        with tempfile.TemporaryDirectory() as folder:
            differing += torment(Path(folder), options.pdf.resolve(), cleaner, options.kills, options.seed)
    return 1 if differing else 0


def torment(folder: Path, pdf: Path, cleaner: str, kills: int, seed: int) -> int:
    """Kill runs of one cleaner; how many of them ended otherwise than undisturbed."""
    chance = random.Random(seed)
    command = [sys.executable, "-m", "podprep.cli", "clean", str(pdf), "--cleaner", cleaner, *MORE[cleaner], "-o"]
    began = time.perf_counter()
    subprocess.run([*command, "whole.txt", "--run", "whole"], cwd=folder, check=True, capture_output=True)
    seconds = time.perf_counter() - began
    expected = kept(folder / "whole")
    killed, finished, differing, states = 0, 0, 0, []
    while killed < kills:
        shutil.rmtree(folder / "run", ignore_errors=True)
        (folder / "out.txt").unlink(missing_ok=True)
        while True:
            done, state = start_and_kill(folder, command, chance.uniform(0, seconds) if killed < kills else None)
            if done:
                break
            killed += 1
            states.append(state)
        finished += 1
        same = kept(folder / "run") == expected and (folder / "out.txt").read_bytes() == expected["clean.txt"]
        differing += not same
    spread = ", ".join(f"{states.count(s)} while {s}" for s in dict.fromkeys(states))
    print(f"{cleaner}: killed {killed} times ({spread}), {finished} runs finished, {differing} differ", flush=True)
    return differing


def start_and_kill(folder: Path, command: list[str], seconds: float | None) -> tuple[bool, str]:
    """Start the run and kill it after a while: whether it ended before that, and how far it was."""
    work = subprocess.Popen([*command, "out.txt", "--run", "run", "--force"], cwd=folder, stderr=subprocess.PIPE)
    try:
        said = work.communicate(timeout=seconds)[1]
        if work.returncode:
            raise RuntimeError(said.decode())
        return True, "finished"
    except subprocess.TimeoutExpired:
        work.kill()
        work.communicate()
    state = "starting"
    for name in KEPT:
        if (folder / "run" / name).exists():
            state = {"pages.jsonl": "reading", "clean.txt": "finished"}.get(name, "cleaning")
    return False, state


def kept(folder: Path) -> dict[str, bytes]:
    """What must be the same, by file."""
    return {name: (folder / name).read_bytes() for name in KEPT}


if __name__ == "__main__":
    sys.exit(main())
