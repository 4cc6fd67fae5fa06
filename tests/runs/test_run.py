"""Runs: what is done is kept, what is kept is gone on with, and the end is the same as without a stop."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make import SAMPLE, column, encrypt, write_pdf
from reportlab.pdfgen.canvas import Canvas

from podprep import (
    Document,
    ModelError,
    NoTextError,
    OutputError,
    PageRangeError,
    PdfError,
    Run,
    RunError,
    SettingsError,
    clean,
    list_runs,
    read_pdf,
    show_page,
    tidy_document,
)
from podprep.runs import find_runs, keep_cleaned
from podprep.runs.store import WorkFile

PDF = SAMPLE / "sample.pdf"
COMMAND = [sys.executable, "-m", "podprep.cli", "clean", str(PDF), "--cleaner", "tidy"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A finished run of the rules on the sample."""
    file = tmp_path_factory.mktemp("whole") / "run.podprep"
    Run.start(PDF, file, cleaner="tidy").go()
    return file


def contents(file):
    """What a work file gives: the same rows, whatever way they were written."""
    tables = ("facts", "pages", "chunks", "cleaned", "pdf")
    with WorkFile.opened(file) as work:
        return {table: list(work.rows(table)) for table in tables}


def partial(whole, file, pages=10**6, cleaned=0):
    """A copy of a finished run, as a kill leaves it after so many pages and chunks."""
    shutil.copyfile(whole, file)
    with WorkFile.opened(file, alone=True) as work:
        database = work._database
        database.execute("DELETE FROM facts WHERE key = 'finished'")
        database.execute("DELETE FROM cleaned WHERE key >= ?", (cleaned,))
        if pages < work.count("pages"):
            database.execute("DELETE FROM facts WHERE key = 'all read'")
            database.execute("DELETE FROM pages WHERE key > ?", (pages,))
            database.execute("DELETE FROM chunks")
    return file


# What a run gives


def test_a_run_gives_what_clean_gives(whole):
    expected = clean(PDF, "tidy")
    run = Run.open(whole)
    assert run.cleaned == expected
    assert run.document == read_pdf(PDF)
    assert (run.state, run.progress.done, run.pdf) == ("finished", len(expected.chunks), PDF)


def test_a_run_with_a_model_keeps_its_settings_stops_and_drafts(tmp_path, tiny_folder):
    write_pdf(tmp_path / "a.pdf", column("The bee flies home at noon."))
    made = clean(tmp_path / "a.pdf", "prompt", model=str(tiny_folder), run=tmp_path / "a.podprep")
    run = Run.open(tmp_path / "a.podprep")
    assert run.cleaned == made
    assert made.chunks[0].stop_reason
    assert set(made.settings.items()) <= set(run.settings.items())
    assert run.settings["revision"] == "local"


def test_a_document_already_read_makes_no_run(tmp_path):
    with pytest.raises(SettingsError, match="name the PDF's path"):
        clean(read_pdf(PDF), "tidy", run=tmp_path / "run.podprep")


def test_a_run_is_one_file_that_any_tool_reads(whole):
    assert [path.name for path in whole.parent.iterdir()] == [whole.name]
    database = sqlite3.connect(whole)
    (manifest,) = database.execute("SELECT data FROM facts WHERE key = 'manifest'").fetchone()
    assert json.loads(manifest)["settings"]["cleaner"] == "tidy"
    assert b"".join(data for (data,) in database.execute("SELECT data FROM pdf ORDER BY key")) == PDF.read_bytes()


def test_any_cleaners_outcome_can_be_kept(tmp_path):
    made = replace(tidy_document(read_pdf(PDF), size=700), cleaner="mine", settings={"strength": "7"})
    run = keep_cleaned(made, tmp_path / "mine.podprep")
    assert Run.open(run.path).cleaned == made
    with run.pdf_file() as pdf:
        assert pdf.read_bytes() == PDF.read_bytes()
    with pytest.raises(OutputError, match="exists: choose another name"):
        keep_cleaned(made, run.path)


# The PDF


def test_the_pdf_goes_with_the_file_wherever_it_goes(tmp_path):
    shutil.copyfile(PDF, tmp_path / "a.pdf")
    (tmp_path / "there").mkdir()
    clean(tmp_path / "a.pdf", "tidy", pages="1", run=tmp_path / "a.podprep")
    (tmp_path / "a.pdf").unlink()
    run = Run.open(shutil.move(tmp_path / "a.podprep", tmp_path / "there" / "b.podprep"))
    assert show_page(run, 0).size == show_page(clean(PDF, "tidy", pages="1"), 0).size


@pytest.mark.parametrize("where", ["named", "beside", "given"])
def test_a_pdf_that_was_left_out_is_found_and_checked(tmp_path, where):
    (tmp_path / "there").mkdir()
    pdf = shutil.copyfile(PDF, tmp_path / "a.pdf")
    run = Run.start(pdf, tmp_path / "there" / "a.podprep", cleaner="tidy", pages="1", keep_pdf=False)
    run.go()
    assert b"%PDF-" not in run.path.read_bytes()
    given = {"named": pdf, "beside": tmp_path / "there" / "a.pdf", "given": tmp_path / "other.pdf"}[where]
    if given != pdf:
        shutil.move(pdf, given)
    run = Run.open(run.path, pdf=given if where == "given" else None)
    with run.pdf_file() as found:
        assert found == given
    given.write_bytes(PDF.read_bytes() + b" ")
    with pytest.raises(PdfError, match="is gone or has changed since it was read: put the PDF beside"), run.pdf_file():
        pass


@pytest.mark.skipif(os.name != "posix", reason="devices are POSIX")
@pytest.mark.parametrize("place", ["/dev/zero", "fifo", "a\0b"])
def test_a_pdf_is_never_looked_for_in_what_is_no_file(tmp_path, place):
    if place == "fifo":
        os.mkfifo(tmp_path / "fifo")
        place = str(tmp_path / "fifo")
    made = tidy_document(Document.from_pages(read_pdf(PDF, pages="1").pages))
    run = keep_cleaned(replace(made, document=replace(made.document, path=Path(place))), tmp_path / "a.podprep")
    with pytest.raises(PdfError, match="is gone or has changed"), Run.open(run.path).pdf_file():
        pass


# Going on


@settings(max_examples=15, deadline=None)
@given(pages=st.integers(0, 12), cleaned=st.integers(0, 26), reading=st.booleans())
def test_stopped_anywhere_it_goes_on_to_the_same(whole, tmp_path_factory, pages, cleaned, reading):
    folder = tmp_path_factory.mktemp("cut")
    file = partial(whole, folder / "a.podprep", pages if reading else 10**6, 0 if reading else cleaned)
    Run.start(PDF, file, cleaner="tidy").go()
    assert contents(file) == contents(whole)


def test_what_is_done_is_not_done_again(whole, tmp_path):
    """A chunk that stands in the file is taken from there, whatever it says."""
    file = partial(whole, tmp_path / "a.podprep", cleaned=3)
    first = Run.open(file).cleaned.chunks[0]
    with WorkFile.opened(file, alone=True) as work:
        work.add_cleaned(replace(first, text="Kept as it was."))
    made = Run.start(PDF, file, cleaner="tidy").go()
    assert made.text.startswith("Kept as it was.")
    assert made.chunks[3:] == clean(PDF, "tidy").chunks[3:]


def test_a_finished_run_is_only_read(whole):
    before = (whole.stat().st_mtime_ns, whole.read_bytes())
    assert Run.start(PDF, whole, cleaner="tidy").go() == clean(PDF, "tidy")
    assert (whole.stat().st_mtime_ns, whole.read_bytes()) == before


def test_the_probe_goes_on_where_it_was_killed(tmp_path):
    made = clean(PDF, pages=[1, 2], run=tmp_path / "a.podprep")
    assert made == clean(PDF, pages="1-2")
    partial(tmp_path / "a.podprep", tmp_path / "b.podprep", cleaned=2)
    assert clean(PDF, pages="1,2", run=tmp_path / "b.podprep") == made
    assert {"probe", "numpy", "pypdfium2", "podprep"} <= set(Run.open(tmp_path / "b.podprep").settings)


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
def test_killed_and_started_again_it_ends_the_same(whole, tmp_path):
    chance = random.Random(3)
    command = [*COMMAND, "-o", "out.txt", "--run", "a.podprep"]
    for _ in range(3):
        work = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.3, 1.5))
        work.send_signal(signal.SIGKILL)
        work.wait()
    (tmp_path / "out.txt").unlink(missing_ok=True)
    subprocess.run([*command, "--force"], cwd=tmp_path, check=True, capture_output=True)
    assert contents(tmp_path / "a.podprep") == contents(whole)
    assert (tmp_path / "out.txt").read_text() == Run.open(whole).cleaned.text


def test_an_interrupt_while_chunks_are_placed_is_gone_on_from(whole, tmp_path, monkeypatch):
    put = WorkFile.put

    def interrupted(self, table, key, data):
        if table == "chunks" and key == 5:
            raise KeyboardInterrupt
        put(self, table, key, data)

    with monkeypatch.context() as patched:
        patched.setattr(WorkFile, "put", interrupted)
        with pytest.raises(KeyboardInterrupt):
            Run.start(PDF, tmp_path / "a.podprep", cleaner="tidy").go()
    Run.start(PDF, tmp_path / "a.podprep", cleaner="tidy").go()
    assert contents(tmp_path / "a.podprep") == contents(whole)


# Refusals


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"cleaner": "probe"}, r"other settings \(cleaner was tidy and is probe\)"),
        ({"size": 2000}, r"\(size was 1000 and is 2000\)"),
        ({"pages": "1-2"}, r"\(pages was all and is 1-2\)"),
        ({"engine": "pypdf2"}, r"\(engine was pdfium and is pypdf2\)"),
    ],
)
def test_other_settings_are_refused_and_named(whole, changed, sentence):
    with pytest.raises(RunError, match=sentence + ": choose another file"):
        Run.start(PDF, whole, **{"cleaner": "tidy", **changed})


def test_another_version_is_refused(whole, monkeypatch):
    monkeypatch.setattr("podprep.runs.manifest.__version__", "99.0")
    with pytest.raises(RunError, match=r"podprep was .* and is 99\.0"):
        Run.start(PDF, whole, cleaner="tidy")


def test_another_pdf_is_refused(whole, tmp_path):
    other = write_pdf(tmp_path / "other.pdf", column("Another text."))
    with pytest.raises(RunError, match=r"a run of another PDF \(.*sample\.pdf\): choose another file"):
        Run.start(other, whole, cleaner="tidy")


def test_settings_that_only_the_model_tells_are_compared_too(tmp_path, tiny_folder):
    pdf = write_pdf(tmp_path / "a.pdf", column("The bee flies home at noon."))
    made = clean(pdf, "prompt", model=str(tiny_folder), run=tmp_path / "a.podprep")
    partial(tmp_path / "a.podprep", tmp_path / "b.podprep")
    with WorkFile.opened(tmp_path / "b.podprep", alone=True) as work:
        work.keep_fact("cleaner", {**made.settings, "revision": "older"})
    with pytest.raises(RunError, match="revision was older and is "):
        clean(pdf, "prompt", model=str(tiny_folder), run=tmp_path / "b.podprep")


def test_a_second_process_is_refused(tmp_path, monkeypatch):
    """While one holds the run, nobody else works on it; once it is gone, however it ended, they may."""
    held, free = threading.Event(), threading.Event()
    read = Run._read

    def slow(self, *arguments):
        held.set()
        free.wait(60)
        read(self, *arguments)

    monkeypatch.setattr(Run, "_read", slow)
    thread = threading.Thread(target=Run.start(PDF, tmp_path / "a.podprep", cleaner="tidy").go)
    thread.start()
    held.wait(60)
    ((_, listed),) = find_runs(tmp_path)  # to look from within the process at work must not free the run
    command = [*COMMAND, "-o", "out.txt", "--run", "a.podprep"]
    refused = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    free.set()
    thread.join()
    assert refused.returncode == 1
    assert "podprep: a.podprep is being worked on by another process: wait for it to end." in refused.stderr
    assert "another process" in str(listed)
    assert Run.open(tmp_path / "a.podprep").state == "finished"


def test_what_is_no_work_file_is_refused_and_stays(tmp_path):
    (tmp_path / "diary.podprep").write_text("mine " * 100)
    (tmp_path / "old.run").mkdir()
    (tmp_path / "old.run" / "manifest.json").write_text("{}")
    (tmp_path / "link.podprep").symlink_to(tmp_path / "diary.podprep")
    for name, sentence in {"diary.podprep": "is damaged .file is not a database.", "old.run": "a run is one file",
                           "link.podprep": "is a link or a device"}.items():
        for use in (lambda path: Run.start(PDF, path, cleaner="tidy"), Run.open):
            with pytest.raises(RunError, match=sentence):
                use(tmp_path / name)
    assert (tmp_path / "diary.podprep").read_text() == "mine " * 100


def test_opening_what_is_no_run(tmp_path):
    with pytest.raises(RunError, match="does not exist: name a work file"):
        Run.open(tmp_path / "none.podprep")


def test_a_run_opened_to_be_read_does_not_go_on(whole, tmp_path):
    run = Run.open(partial(whole, tmp_path / "a.podprep", pages=2))
    assert run.state == "reading"
    assert run.document.pages == read_pdf(PDF).pages[:2]
    with pytest.raises(RunError, match="start the run again with the PDF"):
        run.go()


# What cannot be run leaves nothing behind


def scan(path):
    canvas = Canvas(str(path))
    canvas.showPage()
    canvas.save()


@pytest.mark.parametrize(
    ("make", "settings", "error"),
    [
        (scan, {}, NoTextError),
        (lambda path: path.write_text("no PDF"), {}, PdfError),
        (lambda path: encrypt(write_pdf(path, column("Text.")), user="secret"), {}, PdfError),
        (lambda path: write_pdf(path, column("Text.")), {"pages": "7"}, PageRangeError),
        (lambda path: write_pdf(path, column("Text.")), {"engine": "mupdf"}, SettingsError),
        (lambda path: write_pdf(path, column("Text.")), {"cleaner": "prompt", "model": "/no/such.gguf"}, ModelError),
    ],
    ids=["scan", "no PDF", "locked", "pages", "engine", "model"],
)
def test_a_run_that_cannot_be_leaves_no_file(tmp_path, make, settings, error):
    make(tmp_path / "a.pdf")
    with pytest.raises(error):
        Run.start(tmp_path / "a.pdf", tmp_path / "a.podprep", **{"cleaner": "tidy", **settings}).go()
    assert [p.name for p in tmp_path.iterdir()] == ["a.pdf"]


def test_a_password_opens_a_run_and_is_not_kept(tmp_path):
    pdf = encrypt(write_pdf(tmp_path / "a.pdf", column("A secret.")), user="open sesame")
    assert clean(pdf, "tidy", run=tmp_path / "a.podprep", password="open sesame").text == "A secret.\n"
    assert b"sesame" not in (tmp_path / "a.podprep").read_bytes()


# Default places and lists


def test_the_default_file_is_named_after_the_pdf_and_shared_by_equal_settings(tmp_path):
    first = Run.start(PDF, beside=tmp_path, cleaner="tidy")
    first.go()
    assert first.path.name == "sample.podprep"
    assert Run.start(PDF, beside=tmp_path, cleaner="tidy").path == first.path
    assert Run.start(PDF, beside=tmp_path, cleaner="tidy", pages="1").path.name == "sample-2.podprep"


@pytest.mark.parametrize("length", [236, 243, 245, 251])
@pytest.mark.parametrize("letter", ["a", "\u00e9", "\U0001f41d"])
def test_a_long_name_is_shortened_and_never_loops(tmp_path, length, letter):
    name = letter * (length // len(letter.encode()))
    pdf = shutil.copyfile(PDF, tmp_path / f"{name}.pdf")
    run = Run.start(pdf, beside=tmp_path, cleaner="tidy", pages="1")
    run.go()
    assert name.startswith(run.path.stem)
    assert Run.start(pdf, beside=tmp_path, cleaner="tidy", pages="1").path == run.path


def test_a_damaged_default_file_is_told_and_not_stepped_over(whole, tmp_path):
    (tmp_path / "sample.podprep").write_bytes(whole.read_bytes()[:20_000])
    with pytest.raises(RunError, match="is damaged"):
        Run.start(PDF, beside=tmp_path, cleaner="tidy")


def test_runs_are_listed_whatever_lies_beside_them(whole, tmp_path):
    partial(whole, tmp_path / "a.podprep", pages=1)
    shutil.copyfile(whole, tmp_path / "b.podprep")
    (tmp_path / "c.podprep").write_bytes(whole.read_bytes()[:30_000])
    (tmp_path / "d.txt").write_text("mine")
    assert [(run.path.name, run.state) for run in list_runs(tmp_path)] == [("a.podprep", "reading"), ("b.podprep", "finished")]
    found = {path.name: run for path, run in find_runs(tmp_path)}
    assert list(found) == ["a.podprep", "b.podprep", "c.podprep"]
    assert "c.podprep is damaged" in str(found["c.podprep"])
    with pytest.raises(RunError, match="is no folder"):
        list_runs(tmp_path / "none")


def test_a_failed_page_is_kept_with_its_reason(whole, tmp_path, monkeypatch):
    from podprep.reading import guard

    page = guard.GuardedPdf.page
    lost = lambda self, n: replace(page(self, n), lines=(), failure=f"page {n} is lost") if n == 2 else page(self, n)
    monkeypatch.setattr(guard.GuardedPdf, "page", lost)
    Run.start(PDF, tmp_path / "a.podprep", cleaner="tidy").go()
    assert Run.open(tmp_path / "a.podprep").document.failures == ("page 2 is lost",)
