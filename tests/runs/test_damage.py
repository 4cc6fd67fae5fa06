"""Damaged and hostile work files: a sentence or the right text, and nothing outside is touched."""

import sqlite3
import sys
from pathlib import Path

import pytest
from make import SAMPLE

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from damage import DAMAGES, Bench

from podprep import Review, Run, RunError

PDF = SAMPLE / "sample.pdf"


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    return Bench(tmp_path_factory.mktemp("bench"), PDF)


def test_damaged_files_give_a_sentence_or_the_right_text(bench):
    """A short pass of `benchmarks/damage.py`."""
    failures = [failure for seed in range(90) for failure in bench.trial(seed)]
    assert failures == []
    assert set(bench.counts) == set(DAMAGES)


@pytest.fixture
def file(tmp_path):
    run = Run.start(PDF, tmp_path / "a.podprep", cleaner="tidy", pages="1-2")
    run.go()
    Review(run).accept(0)
    return run.path


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE cleaned SET data = replace(data, 'the', 'teh') WHERE key = 1", "a row of cleaned has changed"),
        ("DELETE FROM cleaned WHERE key = 1", "its cleaned chunks are not those of its pages"),
        ("DELETE FROM pages WHERE key = 2", "its chunks are not those of its pages|not the one it was finished with"),
        ("DELETE FROM decisions", "decisions are missing"),
        ("DELETE FROM facts WHERE key = 'manifest'", "what it is about is missing|has changed"),
        ("DROP TABLE chunks", "its tables are not podprep's"),
        ("CREATE TRIGGER t AFTER INSERT ON facts BEGIN DELETE FROM pdf; END", "its tables are not podprep's"),
        ("PRAGMA user_version=7", "made by another version of podprep"),
        ("PRAGMA application_id=7", "is no work file of podprep"),
    ],
)
def test_what_is_damaged_is_said(file, statement, sentence):
    with sqlite3.connect(file, isolation_level=None) as database:
        database.execute(statement)
    with pytest.raises(RunError, match=sentence):
        Review(Run.open(file))


def test_a_row_of_another_file_does_not_fit(file, tmp_path):
    other = Run.start(PDF, tmp_path / "b.podprep", cleaner="tidy", pages="3-4")
    other.go()
    with sqlite3.connect(file, isolation_level=None) as database:
        database.execute("ATTACH ? AS other", (str(other.path),))
        database.execute("INSERT OR REPLACE INTO cleaned SELECT * FROM other.cleaned")
    with pytest.raises(RunError, match="has changed"):
        Run.open(file)


def test_a_journal_that_names_another_file_is_not_acted_on(file, tmp_path):
    diary = tmp_path / "diary.txt"
    diary.write_text("mine")
    magic = bytes.fromhex("d9d505f920a163d7")
    file.with_name(file.name + "-journal").write_bytes(magic + bytes(504) + str(diary).encode() + bytes(8) + magic)
    with pytest.raises(RunError, match="was not left by podprep"):
        Run.open(file)
    assert diary.read_text() == "mine"
