"""What the probe costs, step by step. One run, one machine.

    python benchmarks/probe_speed.py PDF [PDF ...] --json probe_speed.json

Prints processor seconds of reading, of measuring the lines, of the trees, and of the whole cleaning of a document
that is read; peak memory; and the cold start of the command line on the last PDF.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from scoreboard import cpu_seconds

from podprep import clean_with_probe, read_pdf
from podprep.probe import Probe, line_features
from podprep.rules import visible

T = TypeVar("T")


def main() -> int:
    """Measure every PDF in turn and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("pdfs", type=Path, nargs="+")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    results: dict[str, Any] = {"documents": {pdf.stem: measure_document(pdf) for pdf in options.pdfs}}
    results["cold_start_seconds"] = cold_start(options.pdfs[-1])
    results["peak_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for name, found in results["documents"].items():
        print(name, {key: round(value, 3) for key, value in found.items()})
    print({key: value for key, value in results.items() if key != "documents"})
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")
    return 0


def measure_document(pdf: Path) -> dict[str, float]:
    """Processor seconds of each step for one document."""
    document, reading = timed(lambda: read_pdf(pdf))
    probe = Probe.load()
    features, measuring = timed(lambda: line_features(visible(document)))
    found = {"pages": float(len(document.pages)), "lines": float(len(document.lines)), "reading": reading,
             "measuring": measuring}
    if features is not None:
        found["trees"] = timed(lambda: probe.scores(features))[1]
    return {**found, "cleaning": timed(lambda: clean_with_probe(document, probe=probe))[1]}


def timed(do: Callable[[], T]) -> tuple[T, float]:
    """What a step gives, and the processor seconds it took."""
    began = cpu_seconds()
    made = do()
    return made, cpu_seconds() - began


def cold_start(pdf: Path) -> float:
    """Seconds of `podprep clean` in a new process."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "podprep", "clean", str(pdf), "-o", "-"], check=True, capture_output=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
