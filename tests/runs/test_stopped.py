"""Stopped at any place, a file holds the whole of what belongs together or none of it, and other files stay."""

import shutil
import sqlite3
import subprocess
import sys

import pytest
from make import SAMPLE, column, raw_pdf, write_pdf
from shelving import held

from podprep import NoTextError, OutputError, Review, ReviewError, Run, RunError, clean, read_pdf, tidy_document
from podprep.runs import find_runs, keep_cleaned
from podprep.runs.store import WorkFile

PDF = SAMPLE / "sample.pdf"
CLEAN = [sys.executable, "-m", "podprep", "clean", str(PDF), "--cleaner", "tidy", "-o", "out.txt"]


@pytest.fixture(scope="module")
def cleaned():
    return clean(PDF, "tidy", pages="1-2")


@pytest.fixture
def file(cleaned, tmp_path):
    return keep_cleaned(cleaned, tmp_path / "a.podprep").path


def stopping(monkeypatch, at, error):
    """Let the writing of a row fail, counted from 0."""
    put, count = WorkFile.put, iter(range(10**6))

    def stopped(self, *row):
        if next(count) == at:
            raise error
        put(self, *row)

    monkeypatch.setattr(WorkFile, "put", stopped)


@pytest.mark.parametrize("at", range(0, 14))
@pytest.mark.parametrize("error", [KeyboardInterrupt(), sqlite3.OperationalError("disk I/O error")], ids=repr)
def test_what_is_kept_is_kept_whole_or_not_at_all(cleaned, tmp_path, monkeypatch, at, error):
    with monkeypatch.context() as patched:
        stopping(patched, at, error)
        with pytest.raises((KeyboardInterrupt, RunError, OutputError)):
            Review(cleaned, tmp_path / "new" / "folder" / "a.podprep")
    assert list(tmp_path.iterdir()) == []
    review = Review(cleaned, tmp_path / "a.podprep")
    review.accept(0)
    assert Review(Run.open(tmp_path / "a.podprep")).text == cleaned.text


@pytest.mark.parametrize("at", [0, 1, 2, 4, 6, 8, 9, 12])
def test_a_run_stopped_at_any_row_ends_the_same(cleaned, tmp_path, monkeypatch, at):
    file = tmp_path / "stopped" / "a.podprep"
    with monkeypatch.context() as patched:
        stopping(patched, at, KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            Run.start(PDF, file, cleaner="tidy", pages="1-2").go()
    assert file.exists() == (at > 2)  # the manifest, that nothing is decided, and the PDF belong together
    assert Run.start(PDF, file, cleaner="tidy", pages="1-2").go().text == cleaned.text
    Run.start(PDF, tmp_path / "whole" / "a.podprep", cleaner="tidy", pages="1-2").go()
    assert held(tmp_path / "whole") == held(tmp_path / "stopped")


def test_a_run_killed_while_its_first_rows_were_half_on_the_disk_begins_anew(tmp_path):
    pdf, file = tmp_path / "big.pdf", tmp_path / "a.podprep"
    pdf.write_bytes(PDF.read_bytes() + b"\n%" + bytes(1 << 23))  # more than SQLite keeps in memory
    code = (
        "import os, sys; from podprep import Run; from podprep.runs.store import WorkFile\n"
        "keep = WorkFile.keep_pdf\n"
        "WorkFile.keep_pdf = lambda *given: (keep(*given), os._exit(9))\n"
        "Run.start(sys.argv[1], sys.argv[2], cleaner='tidy').go()\n"
    )
    assert subprocess.run([sys.executable, "-c", code, str(pdf), str(file)], check=False).returncode == 9
    assert file.stat().st_size > 0
    assert Run.start(pdf, file, cleaner="tidy").progress.done == 0
    assert Run.start(pdf, file, cleaner="tidy").go().text == clean(PDF, "tidy").text


@pytest.mark.parametrize("at", [4, 6, 15, 24, 25, 26])
def test_a_run_stopped_among_bad_pages_gives_up_where_it_would_have(tmp_path, monkeypatch, at):
    path = tmp_path / "broken.pdf"
    kids, data = " ".join(["4 0 R", *["6 0 R"] * 30]), "BT /F 12 Tf 72 700 Td (All is well.) Tj ET"
    path.write_bytes(raw_pdf([
        "<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count 31>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents 5 0 R>>",
        f"<</Length {len(data)}>>stream\n{data}\nendstream", "null",
    ]))
    whole = clean(path, "tidy")
    assert whole.document.failures[-1].startswith("page 22 and those after it were not read, as 20 pages in a row")
    with monkeypatch.context() as patched:
        stopping(patched, at, KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            Run.start(path, tmp_path / "a.podprep", cleaner="tidy").go()
    assert Run.start(path, tmp_path / "a.podprep", cleaner="tidy").go().document.pages == whole.document.pages


def test_a_refused_process_leaves_the_new_file_of_the_one_at_work(tmp_path):
    file = tmp_path / "a.podprep"
    with WorkFile.opened(file, alone=True):
        assert file.stat().st_size == 0
        refused = subprocess.run([*CLEAN, "--run", file.name], cwd=tmp_path, capture_output=True, text=True)
        assert refused.returncode == 1
        assert "a.podprep is being worked on by another process" in refused.stderr
        assert file.exists()
    assert not file.exists()


def test_a_file_taken_away_while_it_is_waited_for_is_not_written(tmp_path, monkeypatch):
    file = tmp_path / "a.podprep"
    connect = sqlite3.connect

    def slowly(*arguments, **settings):
        database = connect(*arguments, **settings)
        database.execute("PRAGMA page_count")  # SQLite has it open
        file.unlink()
        return database

    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "connect", slowly)
        with pytest.raises(OutputError, match="cannot be written"), WorkFile.opened(file, alone=True):
            pass
    assert list(tmp_path.iterdir()) == []


def test_a_users_own_empty_file_and_folder_stay(tmp_path):
    pdf = write_pdf(tmp_path / "a.pdf", [])
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.podprep").touch()
    for place in ("mine/a.podprep", "other/deep/a.podprep"):
        with pytest.raises(NoTextError):
            Run.start(pdf, tmp_path / place, cleaner="tidy").go()
    assert [path.name for path in sorted(tmp_path.rglob("*"))] == ["a.pdf", "mine", "a.podprep"]


@pytest.mark.parametrize("ending", ["-journal", "-wal", "-shm"])
@pytest.mark.parametrize("new", [True, False], ids=["new", "there"])
def test_a_users_file_beside_it_is_not_taken_for_sqlites(file, tmp_path, cleaned, ending, new):
    file = tmp_path / "b.podprep" if new else file
    mine = file.with_name(file.name + ending)
    mine.write_text("Dear diary, " * 60)
    for begin in (lambda: Run.start(PDF, file, cleaner="tidy", pages="1-2").go(), lambda: Review(cleaned, file)):
        with pytest.raises(RunError, match=rf"{mine.name} was not left by podprep: move it away"):
            begin()
    assert mine.read_text() == "Dear diary, " * 60


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("DELETE FROM facts WHERE key = 'plan'", "read nothing yet|finished with"),
        ("DELETE FROM facts WHERE key = 'cleaner'", "not the one it was finished with"),
        ("DELETE FROM facts WHERE key = 'last decision'", "decisions are missing"),
        ("DELETE FROM decisions; DELETE FROM facts WHERE key = 'last decision'", "decisions are missing"),
    ],
)
def test_missing_facts_are_found(file, statement, sentence):
    Review(Run.open(file)).accept(0)
    with sqlite3.connect(file) as database:
        database.executescript(statement)
    with pytest.raises(RunError, match=sentence):
        Review(Run.open(file))


def test_a_name_too_long_for_a_work_file_does_not_stop_the_list(file, tmp_path):
    shutil.copyfile(file, tmp_path / ("a" * 247 + ".podprep"))
    found = {path.name: run for path, run in find_runs(tmp_path)}
    assert len(found) == 2
    assert isinstance(found["a.podprep"], Run)
    assert "File name too long" in str(found["a" * 247 + ".podprep"])


def test_a_review_is_of_the_document_its_file_is_about(file, tmp_path):
    other = write_pdf(tmp_path / "other.pdf", column("The bee flies home at noon."))
    with pytest.raises(RunError, match=r"a\.podprep is about another PDF \(.*sample\.pdf\): name another file"):
        Review(tidy_document(read_pdf(other)), file)


def test_a_review_needs_a_finished_file(cleaned, tmp_path, monkeypatch):
    with monkeypatch.context() as patched:
        stopping(patched, 6, KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            Run.start(PDF, tmp_path / "b.podprep", cleaner="tidy", pages="1-2").go()
    with pytest.raises(RunError, match=r"is not finished|read nothing yet"):
        Review(cleaned, tmp_path / "b.podprep")


def test_no_part_of_a_text_is_written_as_the_whole(tmp_path, monkeypatch):
    with monkeypatch.context() as patched:
        stopping(patched, 24, KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            Run.start(PDF, tmp_path / "b.podprep", cleaner="tidy", pages="1-2").go()
    run = Run.open(tmp_path / "b.podprep")
    assert run.state == "cleaning"
    with pytest.raises(RunError, match="is not finished: start its run again"):
        Review(run).write(tmp_path / "out.txt")
    assert not (tmp_path / "out.txt").exists()


def test_what_somebody_else_decided_meanwhile_is_seen_first(file):
    mine, other = Review(Run.open(file)), Review(Run.open(file))
    other.edit(0, "Their own words.")
    with pytest.raises(ReviewError, match="Chunk 0 was decided by somebody else just now"):
        mine.accept(0)
    assert mine.chunk(0).text == "Their own words."
    mine.accept(0)
    assert Review(Run.open(file)).decision(0).status == "edited"  # seen, and no reason to lose it


@pytest.mark.parametrize("span", [(0.0, 5.0), (1,), "ab", (0, None)], ids=repr)
def test_what_is_no_span_is_refused(file, span):
    review = Review(Run.open(file))
    with pytest.raises(ReviewError, match="is no span: give two offsets"):
        review.restore(0, span)
    assert review.decision(0).restored == ()


def test_keeping_needs_a_new_name(file, cleaned):
    with pytest.raises(OutputError, match="exists: choose another name"):
        keep_cleaned(cleaned, file)
