"""Hard PDFs one by one: what becomes of each, how long it takes and how much memory.

    python benchmarks/robustness.py FOLDER [--json robustness.json]

Each file goes through `podprep extract` in a process of its own. The table gives seconds, the peak
memory of parent and worker together, words, and what was said; beside them the words that poppler's
`pdftotext` finds, where it is installed. The exit status is 1 if a file takes over 60 s or 2 GB,
ends in a traceback, or gives no text where `pdftotext` does.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

SECONDS, MEGABYTES = 60, 2048


@dataclass(frozen=True)
class Outcome:
    """What became of one file."""

    file: str
    seconds: float
    peak_mb: float
    status: int
    words: int
    pdftotext_words: int | None
    said: str

    @property
    def failed(self) -> bool:
        """Whether the file broke a promise."""
        late = self.seconds > SECONDS or self.peak_mb > MEGABYTES or self.status not in (0, 1, 3)
        lost = bool(self.pdftotext_words) and not self.words
        return late or lost or "Traceback" in self.said or (self.status == 1 and not self.said)


def main() -> int:
    """Go through the folder and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    outcomes = []
    print("| file | s | MB | exit | words | pdftotext | said |\n|---|--:|--:|--:|--:|--:|---|")
    for pdf in sorted(options.folder.glob("*.pdf")):
        one = outcome(pdf)
        outcomes.append(one)
        others = "" if one.pdftotext_words is None else one.pdftotext_words
        print(f"| {one.file} | {one.seconds:.1f} | {one.peak_mb:.0f} | {one.status} | {one.words} | {others} "
              f"| {one.said} |{' FAILED' if one.failed else ''}", flush=True)
    failed = [one.file for one in outcomes if one.failed]
    print(f"\n{len(outcomes)} files, {sum(bool(o.words) for o in outcomes)} with text, {len(failed)} failed {failed}")
    if options.json:
        options.json.write_text(json.dumps([asdict(one) for one in outcomes], indent=1) + "\n")
    return 1 if failed else 0


def outcome(pdf: Path) -> Outcome:
    """Extract one file's text in a process of its own, and watch it."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "podprep.cli", "extract", str(pdf)]
    work = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    peak: list[float] = [0.0]
    watch = threading.Thread(target=_watch, args=(work.pid, peak), daemon=True)
    watch.start()
    try:
        text, said = work.communicate(timeout=2 * SECONDS)
    except subprocess.TimeoutExpired:
        work.kill()
        text, said = work.communicate()
    seconds = time.perf_counter() - began
    told = " ".join(said.decode("utf-8", "replace").replace(str(pdf), pdf.name).split())
    return Outcome(pdf.name, seconds, peak[0], work.returncode, len(text.split()), pdftotext_words(pdf), told)


def pdftotext_words(pdf: Path) -> int | None:
    """Words that poppler finds, or None where it is not installed."""
    if not shutil.which("pdftotext"):
        return None
    try:
        done = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return 0
    return len(done.stdout.split())


def _watch(pid: int, peak: list[float]) -> None:
    """Keep the highest memory of a process and its children, in MB."""
    try:
        parent = psutil.Process(pid)
        while parent.is_running():
            family = [parent, *parent.children(recursive=True)]
            peak[0] = max(peak[0], sum(process.memory_info().rss for process in family) / 1e6)
            time.sleep(0.02)
    except psutil.Error:
        return


if __name__ == "__main__":
    sys.exit(main())
