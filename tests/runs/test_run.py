"""Runs: what is done is kept, what is kept is gone on with, and the end is the same as without a stop."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make import SAMPLE, column, encrypt, write_pdf
from reportlab.pdfgen.canvas import Canvas

from podprep import (
    ModelError,
    NoTextError,
    PageRangeError,
    PdfError,
    Run,
    RunError,
    SettingsError,
    clean,
    list_runs,
    read_pdf,
)
from podprep.runs.json_lines import JsonLines

PDF = SAMPLE / "sample.pdf"
FILES = ("pages.jsonl", "chunks.jsonl", "cleaned.jsonl", "clean.txt")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A finished run of the rules on the sample."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    Run.start(PDF, folder, cleaner="tidy").go()
    return folder


def contents(folder):
    return {name: (folder / name).read_bytes() for name in FILES}


def copied(whole, folder, cut=None):
    """A copy of a run, cut off within its files as a kill at that moment would leave it.

    `cut` counts bytes over the files in the order in which they are written.
    """
    folder.mkdir()
    (folder / "manifest.json").write_bytes((whole / "manifest.json").read_bytes())
    for name, data in contents(whole).items():
        if name in ("chunks.jsonl", "clean.txt") and cut < len(data):  # written in one step
            break
        (folder / name).write_bytes(data[:cut])
        cut -= len(data)
        if cut < 0:
            break
    return folder


# What a run gives


def test_a_run_gives_what_clean_gives(whole):
    expected = clean(PDF, "tidy")
    assert (whole / "clean.txt").read_text() == expected.text
    run = Run.open(whole)
    assert run.cleaned == expected
    assert run.document == read_pdf(PDF)
    assert (run.state, run.progress.done, run.pdf) == ("finished", len(expected.chunks), PDF)


def test_a_run_with_a_model_keeps_its_settings_stops_and_drafts(tmp_path, tiny_folder):
    write_pdf(tmp_path / "a.pdf", column("The bee flies home at noon."))
    made = clean(tmp_path / "a.pdf", "prompt", model=str(tiny_folder), run=tmp_path / "run")
    run = Run.open(tmp_path / "run")
    assert run.cleaned == made
    assert made.chunks[0].stop_reason
    assert set(made.settings.items()) <= set(run.settings.items())
    assert run.settings["revision"] == "local"


def test_a_document_already_read_makes_no_run(tmp_path):
    with pytest.raises(SettingsError, match="name the PDF's path"):
        clean(read_pdf(PDF), "tidy", run=tmp_path / "run")


def test_every_file_of_a_run_is_text_or_plain_numbers(whole):
    assert sorted(p.name for p in whole.iterdir()) == ["chunks.jsonl", "clean.json", "clean.txt", "cleaned.jsonl", "lock",
                                                       "manifest.json", "pages.jsonl"]
    for name in FILES[:3]:
        for line in (whole / name).read_text().splitlines():
            json.loads(line)


# Going on


@settings(max_examples=25, deadline=None)
@given(share=st.floats(0, 1))
def test_cut_off_anywhere_it_goes_on_to_the_same_bytes(whole, tmp_path_factory, share):
    total = sum(map(len, contents(whole).values()))
    folder = copied(whole, tmp_path_factory.mktemp("cut") / "run", int(share * total))
    Run.start(PDF, folder, cleaner="tidy").go()
    assert contents(folder) == contents(whole)


def test_what_is_done_is_not_done_again(whole, tmp_path):
    """A chunk that stands in the folder is taken from there, whatever it says."""
    folder = copied(whole, tmp_path / "run", sum(len(contents(whole)[name]) for name in FILES[:3]))
    lines = (folder / "cleaned.jsonl").read_text().splitlines()[:3]
    lines[0] = json.dumps({**json.loads(lines[0]), "text": "Kept as it was."})
    (folder / "cleaned.jsonl").write_text("\n".join(lines) + "\n")
    made = Run.start(PDF, folder, cleaner="tidy").go()
    assert made.text.startswith("Kept as it was.")
    assert made.chunks[3:] == clean(PDF, "tidy").chunks[3:]


def test_a_finished_run_is_only_read(whole):
    before = {p.name: p.stat().st_mtime_ns for p in whole.iterdir()}
    assert Run.start(PDF, whole, cleaner="tidy").go() == clean(PDF, "tidy")
    assert {p.name: p.stat().st_mtime_ns for p in whole.iterdir()} == before


def test_decisions_are_never_touched(whole, tmp_path):
    folder = copied(whole, tmp_path / "run", 5000)
    (folder / "decisions.jsonl").write_text('{"mine": 1}\n{"torn')
    Run.start(PDF, folder, cleaner="tidy").go()
    assert (folder / "decisions.jsonl").read_text() == '{"mine": 1}\n{"torn'


def test_the_probe_goes_on_with_what_the_model_has_read(tmp_path, monkeypatch):
    """Killed while chunks are written, the run does not ask the model again."""
    with monkeypatch.context() as patched:
        patched.setattr("podprep.runs.store.RunFolder.remove_arrays", lambda self: None)
        made = clean(PDF, pages=[1, 2], run=tmp_path / "run")
    assert made == clean(PDF, pages="1-2")
    (tmp_path / "run" / "clean.txt").unlink()
    os.truncate(tmp_path / "run" / "cleaned.jsonl", 700)
    monkeypatch.setattr("podprep.probe.reader.LineReader.states", None)
    assert clean(PDF, pages="1,2", run=tmp_path / "run") == made
    assert not list((tmp_path / "run").glob("probe-*"))
    assert {"probe", "reader", "torch", "pypdfium2", "podprep"} <= set(Run.open(tmp_path / "run").settings)


COMMAND = [sys.executable, "-m", "podprep.cli", "clean", str(PDF), "--cleaner", "tidy"]


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
def test_killed_and_started_again_it_ends_the_same(whole, tmp_path):
    chance = random.Random(3)
    for _ in range(3):
        work = subprocess.Popen([*COMMAND, "-o", "out.txt", "--run", "run"], cwd=tmp_path, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.3, 1.5))
        work.send_signal(signal.SIGKILL)
        work.wait()
    (tmp_path / "out.txt").unlink(missing_ok=True)
    subprocess.run([*COMMAND, "-o", "out.txt", "--run", "run"], cwd=tmp_path, check=True, capture_output=True)
    assert contents(tmp_path / "run") == contents(whole)
    assert (tmp_path / "out.txt").read_bytes() == (whole / "clean.txt").read_bytes()


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
    with pytest.raises(RunError, match=sentence + ": choose another folder"):
        Run.start(PDF, whole, **{"cleaner": "tidy", **changed})


def test_another_version_is_refused(whole, tmp_path):
    folder = copied(whole, tmp_path / "run", 5000)
    manifest = (folder / "manifest.json").read_text().replace('"podprep": "', '"podprep": "9.')
    (folder / "manifest.json").write_text(manifest)
    with pytest.raises(RunError, match=r"podprep was 9\..* and is "):
        Run.start(PDF, folder, cleaner="tidy")


def test_another_pdf_is_refused(whole, tmp_path):
    other = write_pdf(tmp_path / "other.pdf", column("Another text."))
    with pytest.raises(RunError, match=r"a run of another PDF \(.*sample\.pdf\): choose another folder"):
        Run.start(other, whole, cleaner="tidy")


def test_settings_that_only_the_model_tells_are_compared_too(tmp_path, tiny_folder):
    pdf = write_pdf(tmp_path / "a.pdf", column("The bee flies home at noon."))
    clean(pdf, "prompt", model=str(tiny_folder), run=tmp_path / "run")
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text())
    manifest["cleaner"]["revision"] = "older"
    (tmp_path / "run" / "manifest.json").write_text(json.dumps(manifest))
    (tmp_path / "run" / "clean.txt").unlink()
    (tmp_path / "run" / "cleaned.jsonl").unlink()
    with pytest.raises(RunError, match="revision was older and is "):
        clean(pdf, "prompt", model=str(tiny_folder), run=tmp_path / "run")


def test_a_second_process_is_refused(tmp_path, monkeypatch):
    """While one holds the run, nobody else works on it; once it is gone, however it ended, they may."""
    held, free = threading.Event(), threading.Event()
    read = Run._read

    def slow(self, *arguments):
        held.set()
        free.wait(60)
        read(self, *arguments)

    monkeypatch.setattr(Run, "_read", slow)
    thread = threading.Thread(target=Run.start(PDF, tmp_path / "run", cleaner="tidy").go)
    thread.start()
    held.wait(60)
    refused = subprocess.run([*COMMAND, "-o", "out.txt", "--run", "run"], cwd=tmp_path, capture_output=True, text=True)
    free.set()
    thread.join()
    assert refused.returncode == 1
    assert "podprep: run is being worked on by another process: wait for it to end." in refused.stderr
    assert Run.open(tmp_path / "run").state == "finished"


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"diary.txt": "mine"}, "is there and holds no run: name a new or empty folder"),
        ({"manifest.json": "{"}, r"manifest\.json is damaged"),
        ({"manifest.json": "[]"}, r"manifest\.json is damaged"),
        ({"manifest.json": '{"format": 99}'}, "was made by another version of podprep"),
    ],
)
def test_folders_that_are_no_run(tmp_path, files, sentence):
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(RunError, match=sentence):
        Run.start(PDF, tmp_path, cleaner="tidy")
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == files


def test_a_file_in_the_folders_place_is_refused(tmp_path):
    (tmp_path / "run").write_text("mine")
    with pytest.raises(RunError, match="is there and holds no run"):
        Run.start(PDF, tmp_path / "run", cleaner="tidy")


def test_opening_what_is_no_run(tmp_path):
    with pytest.raises(RunError, match="holds no run: name the folder of one"):
        Run.open(tmp_path / "none")


def test_a_run_opened_to_be_read_does_not_go_on(whole, tmp_path):
    run = Run.open(copied(whole, tmp_path / "run", 5000))
    assert run.state == "reading"
    assert run.document.pages == read_pdf(PDF).pages[:len(run.document.pages)]
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
def test_a_run_that_cannot_be_leaves_no_folder(tmp_path, make, settings, error):
    make(tmp_path / "a.pdf")
    with pytest.raises(error):
        Run.start(tmp_path / "a.pdf", tmp_path / "run", **{"cleaner": "tidy", **settings}).go()
    assert [p.name for p in tmp_path.iterdir()] == ["a.pdf"]


def test_a_password_opens_a_run_and_is_not_kept(tmp_path):
    pdf = encrypt(write_pdf(tmp_path / "a.pdf", column("A secret.")), user="open sesame")
    assert clean(pdf, "tidy", run=tmp_path / "run", password="open sesame").text == "A secret.\n"
    assert all(b"sesame" not in path.read_bytes() for path in (tmp_path / "run").iterdir())


# Default places and lists


def test_the_default_folder_is_named_after_the_pdf_and_shared_by_equal_settings(tmp_path):
    first = Run.start(PDF, beside=tmp_path, cleaner="tidy")
    first.go()
    assert first.folder.name == f"sample-{first.document.sha256[:8]}.run"
    assert Run.start(PDF, beside=tmp_path, cleaner="tidy").folder == first.folder
    second = Run.start(PDF, beside=tmp_path, cleaner="tidy", pages="1")
    assert second.folder.name == f"sample-{first.document.sha256[:8]}-2.run"


def test_runs_are_listed_whatever_lies_beside_them(whole, tmp_path):
    copied(whole, tmp_path / "a", 3000)
    copied(whole, tmp_path / "b", 10**9)
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "manifest.json").write_text("{")
    (tmp_path / "d.txt").write_text("mine")
    listed = [(run.folder.name, run.state) for run in list_runs(tmp_path)]
    assert listed == [("a", "reading"), ("b", "finished")]
    assert [run.folder for run in list_runs(tmp_path / "a")] == [tmp_path / "a"]
    with pytest.raises(RunError, match="is no folder"):
        list_runs(tmp_path / "none")


# The lines themselves


@given(records=st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=20)), max_size=5), cut=st.integers(0, 400))
def test_lines_survive_a_torn_end(tmp_path_factory, records, cut):
    lines = JsonLines(tmp_path_factory.mktemp("lines") / "a.jsonl")
    for record in records:
        lines.append(record)
    assert list(lines) == records
    if records:
        os.truncate(lines.path, max(0, lines.path.stat().st_size - cut))
    kept = list(lines)
    assert kept == records[:len(kept)]
    lines.mend()
    lines.append({"more": "\u2028\n"})
    assert list(lines) == [*kept, {"more": "\u2028\n"}]


def test_a_failed_page_is_kept_with_its_reason(whole, tmp_path, monkeypatch):
    from podprep.reading import guard

    page = guard.GuardedPdf.page
    lost = lambda self, n: replace(page(self, n), lines=(), failure=f"page {n} is lost") if n == 2 else page(self, n)
    monkeypatch.setattr(guard.GuardedPdf, "page", lost)
    Run.start(PDF, tmp_path / "run", cleaner="tidy").go()
    assert Run.open(tmp_path / "run").document.failures == ("page 2 is lost",)


def test_a_run_of_the_first_version_is_read(tmp_path):
    clean(PDF, "tidy", pages="1-2", run=tmp_path / "run")
    pages = tmp_path / "run" / "pages.jsonl"
    head, *records = [json.loads(line) for line in pages.read_text().splitlines()]
    beside = head.pop("beside")
    records = [r for r in records if r.get("number") not in beside]
    for record in records:
        for line in record.get("lines", []):
            line[-1] = bool(line[-1])
    pages.write_text("".join(json.dumps(r) + "\n" for r in (head, *records)))
    document = Run.open(tmp_path / "run").document
    assert document.lines == read_pdf(PDF, pages="1-2").lines
    assert document.beside == ()
