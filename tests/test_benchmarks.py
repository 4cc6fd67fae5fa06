"""The README's figures are those of the benchmark's JSON, and the benchmark runs."""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

import scoreboard  # noqa: E402


def test_the_readmes_table_is_made_from_the_json():
    results = json.loads((ROOT / "benchmarks" / "scoreboard.json").read_text())["runs"]
    readme = (ROOT / "README.md").read_text()
    assert scoreboard.with_table(readme, scoreboard.markdown(results)) == readme
    assert scoreboard.markdown(results) in readme


def test_a_run_gives_the_text_of_its_engine_or_cleaner():
    sample = ROOT / "notebooks" / "sample" / "sample.pdf"
    texts = {run: scoreboard.text_of(run, sample) for run in ("pdfium", "pypdf2", "tidy", "tidy+pypdf2")}
    assert len(set(texts.values())) == 4
    assert "References" in texts["pdfium"].splitlines()
    assert "References" not in texts["tidy"].splitlines()
