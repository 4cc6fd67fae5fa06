"""The README's figures are those of the benchmark's JSON, and the benchmark runs."""

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

import scoreboard  # noqa: E402


@pytest.mark.parametrize("page", ["README.md", "podprep/data/PROBE.md"])
def test_tables_are_made_from_the_json(page):
    results = json.loads((ROOT / "benchmarks" / "scoreboard.json").read_text())["runs"]
    text = (ROOT / page).read_text()
    assert scoreboard.with_table(text, scoreboard.markdown(results)) == text
    assert scoreboard.markdown(results) in text


def test_the_model_cards_median_and_worst_article_are_those_of_the_json():
    run = json.loads((ROOT / "benchmarks" / "scoreboard.json").read_text())["runs"]["probe, cross-validated by publisher"]
    worst = min(row["f1"] for row in run["articles"].values())
    card = (ROOT / "podprep" / "data" / "PROBE.md").read_text()
    assert f"The median article's F1 is {run['median_f1']:.3f}, the worst one's {worst:.3f}." in card


def test_a_run_gives_the_text_of_its_engine_or_cleaner():
    sample = ROOT / "notebooks" / "sample" / "sample.pdf"
    texts = {run: scoreboard.text_of(run, sample) for run in ("pdfium", "pypdf2", "tidy", "tidy+pypdf2")}
    assert len(set(texts.values())) == 4
    assert "References" in texts["pdfium"].splitlines()
    assert "References" not in texts["tidy"].splitlines()
