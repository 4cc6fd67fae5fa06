"""A shelf: all documents come out as they would alone, whatever one of them does, and whatever stops the whole."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time

import pytest
from make import SAMPLE, column, locked, prose, write_pdf
from reading.test_guard import FINE, flate_pdf
from serving import reply, serving
from shelving import held, killing

from podprep import Limits, Run, SettingsError, clean, clean_shelf, read_pdf, sidecar_json
from podprep.cli import main
from podprep.shelf import Recipe

PDF = SAMPLE / "sample.pdf"
TIDY = {"cleaner": "tidy"}


@pytest.fixture
def folder(tmp_path):
    """Three PDFs, one of them in a folder inside."""
    (tmp_path / "in" / "more").mkdir(parents=True)
    shutil.copy(PDF, tmp_path / "in" / "sample.pdf")
    write_pdf(tmp_path / "in" / "short.pdf", column(*prose(20)))
    write_pdf(tmp_path / "in" / "more" / "short.pdf", column(*prose(30, 50)))
    return tmp_path / "in"


@pytest.mark.parametrize("jobs", [1, 2])
def test_each_document_comes_out_as_it_would_alone(folder, tmp_path, jobs):
    rows = {row.name: row for row in clean_shelf(folder, tmp_path / "out", jobs=jobs, recursive=True, **TIDY)}
    assert set(rows) == {"sample", "short", "more/short"}
    for name, row in rows.items():
        alone = clean(folder / f"{name}.pdf", "tidy")
        assert (tmp_path / "out" / f"{name}.clean.txt").read_text() == alone.text
        assert (tmp_path / "out" / f"{name}.clean.json").read_text() == sidecar_json(alone)
        assert Run.open(tmp_path / "out" / f"{name}.podprep").cleaned == alone
        assert (row.state, row.told, row.chunks) == ("done", "", len(alone.chunks))
        assert row.cpu_seconds > 0


def test_a_second_time_only_what_is_missing_is_done(folder, tmp_path):
    before = {row.source: row.words for row in clean_shelf(folder, tmp_path / "out", recursive=True, **TIDY)}
    files = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.*")}
    gone = tmp_path / "out" / "short.clean.txt"
    gone.unlink()
    assert {row.source: row.words for row in clean_shelf(folder, tmp_path / "out", recursive=True, **TIDY)} == before
    assert gone.exists()
    assert all(path.stat().st_mtime_ns == at for path, at in files.items() if path != gone)


def test_a_document_that_fails_costs_no_other(folder, tmp_path, capsys):
    locked(folder / "locked.pdf")
    (folder / "text.pdf").write_text("no PDF at all")
    write_pdf(folder / "empty.pdf", [])
    assert main(["clean", str(folder), "no.pdf", "-o", str(tmp_path / "out"), "--cleaner", "tidy", "--json"]) == 3
    told = capsys.readouterr()
    made = json.loads(told.out)
    assert (made["total"], made["failed"]) == (6, 4)
    rows = {row["name"]: row for row in made["documents"]}
    assert rows["sample"]["state"] == rows["short"]["state"] == "done"
    assert "is encrypted" in rows["locked"]["told"]
    assert "no text layer" in rows["empty"]["told"]
    assert "does not exist" in rows["no"]["told"]
    assert all(row["told"].endswith(".") for row in made["documents"] if row["state"] == "failed")
    assert "Traceback" not in told.err
    assert not (tmp_path / "out" / "locked.podprep").exists()


def test_if_all_fail_the_status_is_1_and_pages_lost_are_3(folder, tmp_path, capsys):
    assert main(["clean", "no.pdf", "nor.pdf", "-o", str(tmp_path / "out")]) == 1
    flate_pdf(folder / "lost.pdf", FINE, b" " * 400_000_000)
    command = ["clean", str(folder), "-o", str(tmp_path / "out"), "--cleaner", "tidy", "--memory-mb", "256"]
    assert main(command) == 3
    assert "lost: 3 words" in capsys.readouterr().err


def test_another_pdf_of_the_same_name_has_files_of_its_own(folder, tmp_path):
    first, second = folder / "short.pdf", folder / "more" / "short.pdf"
    [one] = clean_shelf(first, tmp_path / "out", **TIDY)
    [other] = clean_shelf(second, tmp_path / "out", **TIDY)
    assert one.name == "short"
    assert other.name.startswith("short-")
    assert (tmp_path / "out" / f"{other.name}.clean.txt").read_text() == clean(second, "tidy").text
    both = list(clean_shelf([first, second], tmp_path / "out", **TIDY))
    assert {row.name for row in both} == {one.name, other.name}


def test_other_settings_and_strange_files_are_refused_in_a_sentence(folder, tmp_path):
    out = tmp_path / "out"
    list(clean_shelf(folder / "short.pdf", out, **TIDY))
    [row] = clean_shelf(folder / "short.pdf", out, cleaner="tidy", pages="1")
    assert "other settings (pages was all and is 1): choose another folder with -o" in row.told
    (out / "sample.clean.txt").write_text("my own work")
    [row] = clean_shelf(PDF, out, **TIDY)
    assert "sample.clean.txt exists" in row.told
    assert (out / "sample.clean.txt").read_text() == "my own work"
    [row] = clean_shelf(PDF, out, force=True, **TIDY)
    assert row.state == "done"
    with pytest.raises(SettingsError, match="has no setting colour"):
        clean_shelf(PDF, out, colour="red")
    for wrong in ({"engine": "pdfum"}, {"ocr": "maybe"}, {"formats": ("xml",)}):
        with pytest.raises(SettingsError, match="Unknown"):
            clean_shelf(PDF, out, **wrong)
    with pytest.raises(SettingsError, match=r"wrong kind .*limits"):
        clean_shelf(PDF, out, limits=None)
    with pytest.raises(SettingsError, match=r"wrong kind .*formats"):
        clean_shelf(PDF, out, formats=5)
    with pytest.raises(SettingsError, match="too few"):
        list(clean_shelf(PDF, out, jobs=0))


def test_a_document_that_ends_its_process_is_set_aside_after_two_tries(folder, tmp_path, monkeypatch):
    shutil.copy(folder / "short.pdf", folder / "bad.pdf")
    monkeypatch.syspath_prepend(killing(tmp_path))
    rows = {row.name: row for row in clean_shelf(folder, tmp_path / "out", recursive=True, **TIDY)}
    assert rows["bad"].state == "failed"
    assert "ended the process that cleaned it 2 times (signal 9)" in rows["bad"].told
    assert {row.state for name, row in rows.items() if name != "bad"} == {"done"}


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux alone")
def test_a_document_that_kills_its_reader_is_a_sentence(folder, tmp_path):
    flate_pdf(folder / "bomb.pdf", b" " * 400_000_000)
    limits = Limits(memory_mb=256)
    rows = {row.name: row for row in clean_shelf(folder, tmp_path / "out", jobs=2, limits=limits, **TIDY)}
    assert "256 MiB" in rows["bomb"].told
    assert rows["sample"].state == rows["short"].state == "done"


def test_the_text_of_each_can_come_in_parts(folder, tmp_path, capsys):
    command = ["clean", str(folder), "-o", str(tmp_path / "out"), "--cleaner", "tidy", "--split-tokens", "2000"]
    assert main([*command, "--format", "md,json"]) == 0
    made = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"sample.md", "sample.1-of-3.md", "sample.3-of-3.md", "short.1-of-1.md", "sample.document.json"} <= made
    assert "0 failed" in capsys.readouterr().err


def test_a_document_has_one_reader_however_long_it_is(tmp_path):
    path = write_pdf(tmp_path / "long.pdf", *[column(f"Page {n} says little.") for n in range(30)])
    one, two = (read_pdf(path, limits=Limits(workers=count)) for count in (1, 2))
    assert one == two
    assert len(one.pages) == 30
    assert Recipe("out").reading["limits"].workers == 1


def test_names_need_not_be_text(folder, tmp_path, capsys):
    name = os.fsdecode(b"caf\xe9")
    try:
        shutil.copy(folder / "short.pdf", folder / f"{name}.pdf")
    except OSError:
        pytest.skip("this file system takes no such names")
    assert main(["clean", str(folder), "-o", str(tmp_path / "out"), "--cleaner", "tidy", "--json"]) == 0
    rows = {row["name"]: row["state"] for row in json.loads(capsys.readouterr().out)["documents"]}
    assert rows[name] == "done"
    assert (tmp_path / "out" / f"{name}.clean.txt").read_text() == (tmp_path / "out" / "short.clean.txt").read_text()
    assert main(["shelf", str(tmp_path / "out"), "--report", str(tmp_path / "shelf.html")]) == 0
    assert 'href="out/caf%E9.review.html"' in (tmp_path / "shelf.html").read_text()


def test_what_a_killed_write_left_is_swept_away_and_nothing_else(folder, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    left, fresh, mine = out / ".podprep-ab_1cd2e", out / ".podprep-ab_1cd2f", out / ".podprep-notes.txt"
    for path in (left, fresh, mine):
        path.write_text("half")
    os.utime(left, (1, 1))
    os.utime(mine, (1, 1))
    os.utime(fresh, (time.time() + 60,) * 2)
    assert [row.state for row in clean_shelf(folder / "short.pdf", out, **TIDY)] == ["done"]
    assert not left.exists()
    assert (fresh.read_text(), mine.read_text()) == ("half", "half")


def test_killed_at_random_and_run_again_the_files_are_the_same(folder, tmp_path):
    write_pdf(folder / "empty.pdf", [])
    (folder / "text.pdf").write_text("no PDF at all")

    def command(out):
        return [sys.executable, "-m", "podprep", "clean", str(folder), "--recursive", "--cleaner", "tidy", "--jobs", "2",
                "-o", str(out)]

    began = time.monotonic()
    assert subprocess.run(command(tmp_path / "whole"), check=False, capture_output=True).returncode == 3
    seconds, chance = time.monotonic() - began, random.Random(0)
    for _ in range(3):
        work = subprocess.Popen(command(tmp_path / "killed"), stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.2, seconds))
        work.send_signal(signal.SIGKILL)
        work.wait()
    assert subprocess.run(command(tmp_path / "killed"), check=False, capture_output=True).returncode == 3
    assert held(tmp_path / "killed") == held(tmp_path / "whole")


def test_a_work_file_that_a_kill_left_of_a_document_without_text_is_gone_after_the_next_time(tmp_path, monkeypatch):
    scan = write_pdf(tmp_path / "scan.pdf", [])
    with monkeypatch.context() as patched:
        patched.setattr("podprep.runs.run.require_text", stopped)
        with pytest.raises(KeyboardInterrupt):
            Run.start(scan, tmp_path / "out" / "scan.podprep", **TIDY).go()
    assert os.listdir(tmp_path / "out") == ["scan.podprep"]
    [row] = clean_shelf(scan, tmp_path / "out", **TIDY)
    assert "no text layer" in row.told
    assert os.listdir(tmp_path / "out") == []


def stopped(*_):
    raise KeyboardInterrupt


def test_a_fetched_document_keeps_its_address_and_is_not_fetched_again(tmp_path, capsys):
    with serving(lambda handler: reply(handler, PDF.read_bytes())) as (address, asked):
        source = f"{address}/papers/sample.pdf"
        assert main(["clean", source, "-o", str(tmp_path), "--cleaner", "tidy"]) == 0
        assert main(["clean", source, "-o", str(tmp_path), "--cleaner", "tidy"]) == 0
        assert asked == ["/papers/sample.pdf"]
    run = Run.open(tmp_path / "sample.podprep")
    assert run.name == source
    assert (tmp_path / "sample.clean.txt").read_text() == clean(PDF, "tidy").text
    assert json.loads((tmp_path / "sample.clean.json").read_text())["source"]["file"] == "sample.pdf"
    assert "podprep-" not in capsys.readouterr().err


def test_without_the_pdf_in_it_a_finished_work_file_is_enough(tmp_path):
    def other(handler):
        """Another PDF under each address."""
        return reply(handler, PDF.read_bytes() + handler.path.encode())

    with serving(other) as (address, asked):
        sources = [f"{address}/one/sample.pdf", f"{address}/two/sample.pdf"]
        rows = [list(clean_shelf(source, tmp_path, keep_pdf=False, **TIDY)) for source in (*sources, *sources)]
        assert asked == ["/one/sample.pdf", "/two/sample.pdf"]
        assert [row.state for [row] in rows] == ["done"] * 4
        assert rows[0][0].name == rows[2][0].name == "sample"
        assert rows[1][0].name == rows[3][0].name != "sample"
        [row] = clean_shelf(sources[0], tmp_path, keep_pdf=False, pages="1", **TIDY)
        assert "other settings" in row.told


def test_what_a_server_does_is_told_by_the_address(tmp_path, capsys):
    scan = write_pdf(tmp_path / "scan.pdf", []).read_bytes()
    with serving(lambda handler: reply(handler, scan)) as (address, _):
        [row] = clean_shelf(f"{address}/scan.pdf", tmp_path / "out", **TIDY)
        assert row.told.startswith(f"{address}/scan.pdf: no text layer")
    assert os.listdir(tmp_path / "out") == []
    assert main(["clean", "ftp://127.0.0.1/a.pdf"]) == 1
    assert "download the PDF yourself" in capsys.readouterr().err


@pytest.mark.parametrize(("more", "told"), [
    (["--report", "x.html"], "--report is for one PDF"), (["--run", "x.podprep"], "--run is for one PDF"),
    (["-o", "-"], "-o - is for one PDF"), (["--jobs", "0"], "--jobs"), (["--ray", "b.pdf"], "is no address of Ray"),
])
def test_what_only_one_can_have_is_wrong_usage(more, told, capsys):
    assert main(["clean", "a.pdf", "b.pdf", *more]) == 2
    assert told in capsys.readouterr().err


def test_a_file_in_place_of_the_folder_is_one_sentence(folder, tmp_path, capsys):
    (tmp_path / "out").write_text("mine")
    assert main(["clean", str(folder), "-o", str(tmp_path / "out")]) == 1
    assert "out is a file: name a folder" in capsys.readouterr().err
