"""Score cleaned documents against the publishers' and authors' own text.

    python benchmarks/scoreboard.py SET [SET ...] --scorer SCORE.py --run pypdf2 --run tidy --run pdftotext

A SET is a folder that holds ID.pdf, ID.prose.txt and ID.expect.json for every document. A run is "pypdf2" or
"pdfium" (the raw text of that engine); a cleaner's name, with ":MODE" and "+pypdf2" for the second
engine; one of the other tools in `peers`, run by the interpreter that `--peers` names; or
NAME=FOLDER for texts that are there already in FOLDER/SET, such as those of a cross-validation, with "@CLEANER"
after it for the cleaner whose CPU seconds belong to them.
The scorer is a separate program, so that what is measured and what measures stay apart. Puts every
figure into the JSON beside those of earlier runs; `figures` makes tables and plots of it.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import peers
from tqdm import tqdm

from podprep import CLEANERS, ENGINES, __version__, clean, read_pdf

Result = dict[str, Any]


def main() -> int:
    """Run every asked cleaner or tool over every document of every set and score it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--scorer", type=Path, required=True, help="the scoring program")
    parser.add_argument("--run", action="append", required=True, help="pypdf2, tidy, prompt:free, tidy+pypdf2, ...")
    parser.add_argument("--only", action="append", help="score only documents of these names")
    parser.add_argument("--peers", default=sys.executable, help="a Python that has benchmarks/peers.txt installed")
    parser.add_argument("--json", type=Path, default=Path(__file__).with_suffix(".json"))
    options = parser.parse_args()
    for folder in options.sets:
        pdfs = [p for p in sorted(folder.glob("*.pdf")) if not options.only or p.stem in options.only]
        for run in options.run if pdfs else ():
            name = run.partition("=")[0]
            result = score_run(run, pdfs, folder, options)
            if "skipped" in result:
                print(f"{name}: {result['skipped']}", file=sys.stderr)
                continue
            keep(options.json, folder.name, len(pdfs), name, result)
            print(folder.name, name, rounded(result["overall"]))
    return 0


def keep(path: Path, kind: str, documents: int, name: str, result: Result) -> None:
    """Put a run into the JSON beside earlier ones, which must have been scored on as many documents of the set."""
    figures: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {"sets": {}}
    known = figures["sets"].setdefault(kind, {"documents": documents, "runs": {}})
    if known["documents"] != documents:
        count = known["documents"]
        raise SystemExit(f"{path} holds figures of {count} documents of {kind}, not {documents}: name another --json")
    known["runs"][name] = result
    made = json.dumps(rounded({"podprep": __version__, "sets": figures["sets"]}), indent=1, ensure_ascii=False)
    path.write_text(made + "\n")


def score_run(run: str, pdfs: list[Path], kind: Path, options: argparse.Namespace) -> Result:
    """Make all documents' texts one way, and give the scorer's figures with CPU seconds a document."""
    _, _, ready = run.partition("=")
    with tempfile.TemporaryDirectory() as scratch:
        if ready:
            folder, _, cleaner = ready.partition("@")
            made = make_texts(cleaner, pdfs, Path(scratch)) if cleaner else {}
            scored = score(Path(folder) / kind.name, kind, options)
            return {"label": "podprep " + run.partition("=")[0], **made, **scored}
        if run in peers.TOOLS:
            made = make_with_peer(run, pdfs, Path(scratch), options.peers)
        else:
            made = {"label": label(run), **make_texts(run, pdfs, Path(scratch))}
        return made if "skipped" in made else {**made, **score(Path(scratch), kind, options)}


def make_texts(run: str, pdfs: list[Path], folder: Path) -> Result:
    """Write the text that podprep gives for each document; give the CPU seconds, after one to warm up."""
    text_of(run, pdfs[0])
    began = cpu_seconds()
    for pdf in tqdm(pdfs, run, leave=False):
        (folder / f"{pdf.stem}.txt").write_text(text_of(run, pdf), "utf-8", "replace")
    return {"cpu_seconds_per_article": (cpu_seconds() - began) / max(len(pdfs), 1)}


def cpu_seconds() -> float:
    """Processor time of this process and of the readers it has started and ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def make_with_peer(name: str, pdfs: list[Path], folder: Path, python: str) -> Result:
    """Have another tool write each document's text; give its label and CPU seconds, or why it was skipped."""
    command = [python, peers.__file__, name, str(folder), *map(str, pdfs)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        return {"skipped": "failed: " + (done.stderr.strip().splitlines() or ["?"])[-1]}
    result: Result = json.loads(done.stdout.splitlines()[-1])
    return result


def score(folder: Path, kind: Path, options: argparse.Namespace) -> Result:
    """Run the scorer on a folder of cleaned texts and return its figures."""
    with tempfile.TemporaryDirectory() as scratch:
        figures = Path(scratch) / "figures.json"
        command = [sys.executable, options.scorer, kind, folder, "--json", figures]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        scored: Result = json.loads(figures.read_text())
    return {**scored, "median_f1": statistics.median(row["f1"] for row in scored["articles"].values())}


def text_of(run: str, pdf: Path) -> str:
    """The text that one run of podprep gives for one PDF."""
    way, _, engine = run.partition("+")
    name, _, mode = way.partition(":")
    if name in ENGINES:
        return "\n\n".join(page.text for page in read_pdf(pdf, engine=name).pages)
    if name not in CLEANERS:
        raise SystemExit(f"unknown run {run!r}: choose from {', '.join((*ENGINES, *CLEANERS, *peers.TOOLS))}")
    return clean(pdf, cleaner=name, engine=engine or "pdfium", mode=mode or "free").text


def label(run: str) -> str:
    """What a run of podprep is called in tables: its own cleaners by name, the engines as what they are."""
    raw = {"pypdf2": ("PyPDF2", "PyPDF2"), "pdfium": ("PDFium by pypdfium2", "pypdfium2")}
    if run not in raw:
        return f"podprep {run.replace(':', ' ')}"
    name, package = raw[run]
    return f"{name}, raw text ({version(package)})"


def rounded(value: Any) -> Any:
    """The same figures with floats at five places, to keep the JSON small."""
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return round(value, 5) if isinstance(value, float) else value


if __name__ == "__main__":
    sys.exit(main())
