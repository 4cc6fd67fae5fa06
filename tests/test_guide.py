"""The reader's guide is true: its code runs, prints what it says, and what it adds holds to the package's promises."""

import re
import shutil
import sys
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from make import SAMPLE

from podprep import write_report

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
import figures
import house

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """The names that the guide's code defines, and what each block printed, beside what the guide says."""
    folder = tmp_path_factory.mktemp("guide")
    shutil.copy(SAMPLE / "sample.pdf", folder)
    names, printed = {"__name__": "guide"}, []
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for source, _ in BLOCKS:
            with redirect_stdout(StringIO()) as out:
                exec(compile(source, "docs/guide.md", "exec"), names)
            printed.append(out.getvalue())
    return names, printed


def test_every_block_of_code_is_followed_by_what_it_prints():
    assert len(BLOCKS) == GUIDE.count("```python") == 4


def test_the_code_prints_what_the_guide_says(ran):
    assert ran[1] == [said for _, said in BLOCKS]


def test_the_toy_cleaner_invents_nothing_and_lists_what_it_removes(ran):
    cleaned = ran[0]["cleaned"]
    assert cleaned.cleaner == "no short lines"
    assert "".join(part for c in cleaned.chunks for part, _ in c.segments()) == cleaned.document.text
    assert all(len(cleaned.document.text[r.start:r.end].split()) < 4 for r in cleaned.removals)


def test_the_toy_cleaner_is_about_twenty_lines():
    source = next(source for source, _ in BLOCKS if "def no_short_lines" in source)
    assert len(source.splitlines()) <= 20


def test_the_report_takes_the_toy_cleaner_and_shows_the_toy_checks_reason(ran, tmp_path):
    page = write_report(ran[0]["checked"], tmp_path / "report.html").read_text("utf-8")
    assert "no short lines" in page
    assert "a paragraph stops in mid-sentence" in page


def test_the_toy_check_flags_the_chunks_it_names_and_no_others(ran):
    before, after = ran[0]["cleaned"], ran[0]["checked"]
    reason = "a paragraph stops in mid-sentence"
    new = [c for c, d in zip(after.chunks, before.chunks) if c != d]
    assert new
    assert all(c.fidelity.reasons[-1] == reason and c.fidelity.verdict == "look" for c in new)
    assert after.text == before.text


def test_the_toy_engine_keeps_all_words_and_pages(ran, tmp_path):
    path = tmp_path / "two.txt"
    path.write_text("One page.\n\nOf two lines.\fAnother page.\n", "utf-8")
    document = ran[0]["read_text_pages"](path)
    assert [(line.page, line.text) for line in document.lines] == [
        (1, "One page."), (1, "Of two lines."), (2, "Another page."),
    ]


def test_the_files_that_the_guide_names_are_there():
    named = set(re.findall(r"\w[\w/]*\.(?:py|md)\b", GUIDE))
    places = ("", "podprep/", "tests/", "docs/")
    assert len(named) > 15
    assert not {name for name in named if not any((ROOT / place / name).exists() for place in places)}


def test_a_reason_does_not_make_a_failed_chunk_better(ran):
    chunk = ran[0]["cleaned"].chunks[0]
    failed = replace(chunk, fidelity=replace(chunk.fidelity, verdict="failed"))
    assert failed.doubted("one more").fidelity.verdict == "failed"


def test_the_hours_reading_is_short_and_in_order():
    section = GUIDE.partition("## If you have an hour")[2].partition("\n## ")[0]
    names = re.findall(r"`([\w/]+)\.py`", section)
    sources = {str(path.relative_to(ROOT / "podprep").with_suffix("")): path.read_text("utf-8")
               for path in (ROOT / "podprep").rglob("*.py")}
    for at, name in enumerate(names):
        taken = {m[0] for m in re.findall(r"^from \.+((\w+\.)*\w+) import", sources[name], re.MULTILINE)}
        assert not taken & {later.rpartition("/")[2] for later in names[at:]}, name
    lines = {name: len(source.splitlines()) for name, source in sources.items()}
    assert sum(lines[name] for name in names) < sum(lines.values()) / 5


def test_the_table_of_the_house_is_true():
    assert house.table() in GUIDE
    assert figures.with_table(GUIDE, "house", house.table()) == GUIDE
