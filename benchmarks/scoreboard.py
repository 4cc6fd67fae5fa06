"""Score cleaned articles against the publishers' own text.

    python benchmarks/scoreboard.py ARTICLES --scorer SCORE.py --run pypdf2 --run pdfium --run tidy

ARTICLES holds ID.pdf, ID.prose.txt and ID.expect.json for every article. A run is "pypdf2" or
"pdfium" (the raw text of that engine), a cleaner's name, with "+pypdf2" for the second engine, or
NAME=FOLDER for texts that are there already, such as those of a cross-validation.
The scorer is a separate program, so that what is measured and what measures stay apart. Writes
every figure as JSON, and the sums as a Markdown table to standard output and between the marks of a README.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tqdm import tqdm

from podprep import CLEANERS, ENGINES, __version__, clean, read_pdf

MARKS = ("<!-- scoreboard -->", "<!-- end of scoreboard -->")
FIGURES = ("recall", "precision", "f1", "moved", "invented", "residue", "paragraphs")


def main() -> int:
    """Run every asked cleaner over every article and score it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("articles", type=Path)
    parser.add_argument("--scorer", type=Path, required=True, help="the scoring program")
    parser.add_argument("--run", action="append", required=True, help="pypdf2, pdfium, tidy, prompt, tidy+pypdf2, ...")
    parser.add_argument("--only", action="append", help="score only these article names")
    parser.add_argument("--json", type=Path, default=Path("scoreboard.json"))
    parser.add_argument("--readme", type=Path, action="append", default=[], help="put the table between a file's marks")
    options = parser.parse_args()
    pdfs = [p for p in sorted(options.articles.glob("*.pdf")) if not options.only or p.stem in options.only]
    results = {}
    for run in options.run:
        name, _, folder = run.partition("=")
        score = score_folder if folder else score_run
        results[name] = score(folder or name, pdfs, options.articles, options.scorer)
    figures = {"podprep": __version__, "articles": len(pdfs), "runs": results}
    options.json.write_text(json.dumps(figures, indent=1) + "\n")
    for page in options.readme:
        page.write_text(with_table(page.read_text(), markdown(results)))
    print(markdown(results))
    return 0


def score_run(run: str, pdfs: list[Path], articles: Path, scorer: Path) -> dict[str, object]:
    """Clean all articles one way and return the scorer's figures, with seconds of CPU an article."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        for pdf in tqdm(pdfs, run, leave=False):
            (Path(folder) / f"{pdf.stem}.txt").write_text(text_of(run, pdf), "utf-8", "replace")
        seconds = time.process_time() - began
        scored = score_folder(folder, pdfs, articles, scorer)
    return {**scored, "cpu_seconds_per_article": seconds / max(len(pdfs), 1)}


def score_folder(folder: str, pdfs: list[Path], articles: Path, scorer: Path) -> dict[str, object]:
    """Run the scorer on a folder of cleaned texts and return its figures."""
    with tempfile.TemporaryDirectory() as scratch:
        figures = Path(scratch) / "figures.json"
        command = [sys.executable, str(scorer), str(articles), folder, "--json", str(figures)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        scored: dict[str, object] = json.loads(figures.read_text())
    rows = scored["articles"]
    assert isinstance(rows, dict)
    return {**scored, "median_f1": statistics.median(row["f1"] for row in rows.values())}


def text_of(run: str, pdf: Path) -> str:
    """The text that one run gives for one PDF."""
    name, _, engine = run.partition("+")
    if name in ENGINES:
        return "\n\n".join(page.text for page in read_pdf(pdf, engine=name).pages)
    if name not in CLEANERS:
        raise SystemExit(f"unknown run {run!r}: choose from {', '.join((*ENGINES, *CLEANERS))}")
    return clean(pdf, cleaner=name, engine=engine or "pdfium").text


def markdown(results: dict[str, dict[str, object]]) -> str:
    """A table of the sums over all articles, one line a run."""
    lines = ["| run | " + " | ".join(FIGURES) + " | CPU s an article |", "|---|" + "--:|" * (len(FIGURES) + 1)]
    for run, result in results.items():
        overall = result["overall"]
        assert isinstance(overall, dict)
        cells = [f"{overall[name]:.4f}" if name == "invented" else f"{overall[name]:.3f}" for name in FIGURES]
        seconds = result.get("cpu_seconds_per_article")
        cost = f"{seconds:.2f}" if isinstance(seconds, float) else ""
        lines.append(f"| {run} | " + " | ".join(cells) + f" | {cost} |")
    return "\n".join(lines) + "\n"


def with_table(text: str, table: str) -> str:
    """A text with the table in place of what stood between its scoreboard marks."""
    before, _, rest = text.partition(MARKS[0])
    return f"{before}{MARKS[0]}\n{table}{MARKS[1]}{rest.partition(MARKS[1])[2]}"


if __name__ == "__main__":
    sys.exit(main())
