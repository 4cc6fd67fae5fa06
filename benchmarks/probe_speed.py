"""What the probe costs, step by step. One run, one machine.

    python benchmarks/probe_speed.py PDF [PDF ...] --json probe_speed.json

Prints processor seconds of reading, of measuring the lines, of the trees, and of the whole cleaning of a document
that is read; what a document takes where one `Cleaner` cleans them all, reading with it; and peak memory. What a
process costs from its start is measured by `cold_start`.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from scoreboard import cpu_seconds

from podprep import Cleaner, clean_with_probe, read_pdf
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
    results["loop_cpu_seconds_a_document"] = measure_loop(options.pdfs)
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


def measure_loop(pdfs: Sequence[Path]) -> float:
    """Processor seconds a document of one cleaner that cleans all of them."""
    cleaner = Cleaner("probe")
    return timed(lambda: [cleaner(pdf) for pdf in pdfs])[1] / len(pdfs)


if __name__ == "__main__":
    sys.exit(main())
