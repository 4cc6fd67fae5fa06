"""A shelf of hostile PDFs and one that kills its reader, killed at random moments and started again.

    python benchmarks/shelf_kills.py FOLDER [--kills 5] [--jobs 2] [--seed 0]

Once it goes through undisturbed: every document has to be there or say in a sentence why not. Then the same command
is killed with SIGKILL at random moments and run again to its end: what both left behind must be the same, byte for
byte (of work files, what their tables hold). The exit status is 1 if anything differs, hangs or is no sentence.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path
from typing import Any

from podprep.runs.store import WorkFile

KEPT = ("facts", "pdf", "pages", "chunks", "cleaned")
_SPACES = 700_000_000  # bytes of a page that needs more memory than the reader has
_MEMORY = 512  # MiB that the reader has
_LONGEST = 1800  # seconds for the whole shelf


def main() -> int:
    """Go through undisturbed, then killed, and compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        shelf = Path(place, "shelf")
        shutil.copytree(options.folder, shelf)
        write_bomb(shelf / "bomb.pdf")
        seconds, rows = undisturbed(shelf, Path(place, "whole"), options.jobs)
        killed = kill(shelf, Path(place, "killed"), options.jobs, options.kills, seconds, options.seed)
        whole, other = held(Path(place, "whole")), held(Path(place, "killed"))
        differing = sorted(name for name in whole.keys() | other.keys() if whole.get(name) != other.get(name))
    bad = [row for row in rows if row["state"] == "failed" and not is_sentence(row["told"])]
    states = {state: sum(row["state"] == state for row in rows) for state in ("done", "pages lost", "failed")}
    print(f"{len(rows)} documents in {seconds:.0f} s: {states}; killed {killed} times, differing: {differing or 0}")
    for row in rows:
        if row["told"]:
            print(f"  {row['name']}: {row['told']}".replace(place, ""))
    return 1 if bad or differing else 0


def write_bomb(path: Path) -> None:
    """A PDF of one page whose content unpacks to more than the reader may hold."""
    packer = zlib.compressobj(9)
    data = b"".join([*(packer.compress(b" " * 10_000_000) for _ in range(_SPACES // 10_000_000)), packer.flush()])
    parts = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
             b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
             b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(data), data)]
    body = b"".join(b"%d 0 obj%bendobj\n" % (number, part) for number, part in enumerate(parts, 1))
    path.write_bytes(b"%PDF-1.4\n" + body + b"trailer<</Size 5/Root 1 0 R>>\n%%EOF")


def command(shelf: Path, out: Path, jobs: int) -> list[str]:
    """The command that cleans the shelf."""
    return [sys.executable, "-m", "podprep", "clean", str(shelf), "-o", str(out), "--jobs", str(jobs), "--json",
            "--quiet", "--memory-mb", str(_MEMORY)]


def undisturbed(shelf: Path, out: Path, jobs: int) -> tuple[float, list[dict[str, Any]]]:
    """Clean the shelf; the seconds it took, and its rows."""
    began = time.monotonic()
    done = subprocess.run(command(shelf, out, jobs), capture_output=True, text=True, check=False, timeout=_LONGEST)
    if "Traceback" in done.stderr:
        raise RuntimeError(done.stderr)
    rows: list[dict[str, Any]] = json.loads(done.stdout)["documents"]
    return time.monotonic() - began, rows


def kill(shelf: Path, out: Path, jobs: int, kills: int, seconds: float, seed: int) -> int:
    """Clean the shelf, killed at random moments, and then to its end; how often it was killed."""
    chance, killed = random.Random(seed), 0
    for _ in range(kills):
        work = subprocess.Popen(command(shelf, out, jobs), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            work.wait(chance.uniform(0.3, seconds / 2))
        except subprocess.TimeoutExpired:
            work.kill()
            work.wait()
            killed += 1
    undisturbed(shelf, out, jobs)
    return killed


def held(out: Path) -> dict[str, Any]:
    """Every file, those too that a killed write left, and of work files the rows of their tables."""
    found: dict[str, Any] = {}
    for path in sorted(out.rglob("*")):
        name = str(path.relative_to(out))
        if path.suffix == ".podprep":
            with WorkFile.opened(path) as work:
                found[name] = {table: list(work.rows(table)) for table in KEPT}
        elif path.is_file():
            found[name] = path.read_bytes()
    return found


def is_sentence(text: str) -> bool:
    """Whether a failure is told in one line that ends."""
    return text.endswith(".") and "\n" not in text and "Traceback" not in text


if __name__ == "__main__":
    sys.exit(main())
