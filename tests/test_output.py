"""Files are written whole or not at all, and never over something without being asked."""

import hashlib
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from make import SAMPLE

from podprep import OutputError, clean
from podprep.cli import main
from podprep.output import check_output, check_outputs, fitting_name, write_text, write_texts
from podprep.runs.store import WorkFile
from podprep.weights import embedded_places

POSIX = pytest.mark.skipif(os.name != "posix", reason="devices and pipes are POSIX here")


def test_text_is_written_as_utf8_with_plain_line_ends(tmp_path):
    path = write_text(tmp_path / "a.txt", "ﬁn\n字\n")
    assert path.read_bytes() == "ﬁn\n字\n".encode()


def test_lone_surrogates_do_not_stop_the_writing(tmp_path):
    assert write_text(tmp_path / "a.txt", "a\ud800b").read_text() == "a?b"


@pytest.mark.parametrize(("name", "sentence"), [("", "is a folder"), ("none/a.txt", "does not exist: create the folder")])
def test_impossible_places_are_refused(tmp_path, name, sentence):
    with pytest.raises(OutputError, match=sentence):
        check_output(tmp_path / name)


def test_an_existing_file_stays_unless_forced(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("mine")
    with pytest.raises(OutputError, match="replace it with --force"):
        write_text(path, "new")
    assert path.read_text() == "mine"
    assert write_text(path, "new", force=True).read_text() == "new"


def test_a_failed_write_leaves_the_old_file_and_no_scraps(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text("mine")

    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OutputError, match=r"cannot be written \(No space left on device\)"):
        write_text(path, "new", force=True)
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]
    assert path.read_text() == "mine"


def test_a_forced_write_goes_through_a_link_and_keeps_it(tmp_path):
    (tmp_path / "deep").mkdir()
    target, link = tmp_path / "deep" / "a.txt", tmp_path / "link.txt"
    target.write_text("mine")
    link.symlink_to("deep/a.txt")
    with pytest.raises(OutputError, match="exists"):
        write_text(link, "new")
    assert write_text(link, "new", force=True) == link
    assert link.is_symlink()
    assert target.read_text() == "new"
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["a.txt"]


@pytest.mark.parametrize("to", ["nowhere.txt", "link.txt"])
def test_a_link_to_nothing_is_refused(tmp_path, to):
    link = tmp_path / "link.txt"
    link.symlink_to(to)
    for force in (False, True):
        with pytest.raises(OutputError, match="is a link to nothing: remove it"):
            write_text(link, "new", force)
    assert link.is_symlink()
    assert not (tmp_path / "nowhere.txt").exists()


@POSIX
def test_only_regular_files_are_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/dev/null")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket"))
        for place in (tmp_path / "pipe", tmp_path / "link", tmp_path / "socket", Path("/dev/full")):
            kind = stat.S_IFMT(place.lstat().st_mode)
            with pytest.raises(OutputError, match="is no regular file: choose another name"):
                write_text(place, "new", force=True)
            assert stat.S_IFMT(place.lstat().st_mode) == kind


@pytest.mark.parametrize("junk", [b"", b"HTTP/1.1 200 OK\r\n", bytes(1019)])
def test_a_pdf_is_never_replaced(tmp_path, junk):
    path = tmp_path / "a.pdf"
    path.write_bytes(junk + b"%PDF-1.4\nmine")
    with pytest.raises(OutputError, match=r"a\.pdf is a PDF: choose another name"):
        write_text(path, "new", force=True)
    assert path.read_bytes() == junk + b"%PDF-1.4\nmine"


def test_the_source_is_never_replaced_wherever_it_lies(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("a source without any mark")
    with pytest.raises(OutputError, match="is the file that the text comes from"):
        write_text(path, "new", force=True, source=hashlib.sha256(path.read_bytes()).hexdigest())
    assert write_text(path, "new", force=True, source="0" * 64).read_text() == "new"


@pytest.mark.parametrize("name", ["x.podprep", "X.PODPREP", "x.podprep-journal", "x.podprep-wal", "x.podprep-shm",
                                  "work-journal", "work-wal", "journal", "link.txt"])
def test_what_sqlite_keeps_is_never_written(tmp_path, name):
    (tmp_path / "work").write_bytes(b"SQLite format 3\0 and so on")
    (tmp_path / "journal").write_bytes(bytes.fromhex("d9d505f920a163d7") + b"mine")
    (tmp_path / "link.txt").symlink_to("x.podprep-wal")
    before = sorted((path.name, path.lstat().st_mtime_ns) for path in tmp_path.iterdir())
    with pytest.raises(OutputError, match="is a work file"):
        write_text(tmp_path / name, "new", force=True)
    assert sorted((path.name, path.lstat().st_mtime_ns) for path in tmp_path.iterdir()) == before
    assert write_text(tmp_path / "other-journal", "new").read_text() == "new"


@POSIX
@pytest.mark.parametrize("begun", [False, True])
def test_a_run_at_work_in_this_process_keeps_its_lock(tmp_path, begun):
    file = tmp_path / "work"
    if begun:
        clean(SAMPLE / "sample.pdf", "tidy", pages="1", run=file)
    ask = ("import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('SELECT * FROM facts').fetchall()")
    with WorkFile.opened(file, alone=True):
        for name in ("work", "work-journal"):
            with pytest.raises(OutputError, match="is a work file"):
                write_text(tmp_path / name, "new", force=True)
        done = subprocess.run([sys.executable, "-c", ask, str(file)], capture_output=True, text=True)
        assert "database is locked" in done.stderr


@POSIX
def test_a_file_that_is_replaced_keeps_its_mode(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("mine")
    for mode in (0o600, 0o640, 0o444):
        path.chmod(mode)
        assert write_text(path, f"new {mode}", force=True).stat().st_mode & 0o777 == mode


def test_a_file_that_holds_just_this_text_is_no_obstacle_and_stays_as_it_is(tmp_path):
    one, two, three = (tmp_path / name for name in ("1.txt", "2.txt", "3.txt"))
    one.write_text("one")
    before = one.stat()
    assert write_texts({one: "one", two: "two"}, []) == [one, two]
    assert (one.stat().st_ino, one.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    with pytest.raises(OutputError, match=r"2\.txt exists"):
        write_texts({three: "three", two: "two, other"}, [])
    assert not three.exists()
    assert two.read_text() == "two"


def test_a_name_that_ends_like_a_folders_is_refused(tmp_path):
    with pytest.raises(OutputError, match="new/ is a folder: name a file inside it"):
        write_text(f"{tmp_path}/new/", "text")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["x" * 300, "a\0b"])
def test_impossible_names_are_refused(tmp_path, name):
    with pytest.raises(OutputError, match=r"cannot be written|not a possible path"):
        write_text(tmp_path / name, "new")


def test_a_name_of_the_greatest_length_can_be_written(tmp_path):
    assert write_text(tmp_path / ("x" * 251 + ".txt"), "new").read_text() == "new"


@pytest.mark.parametrize("stem", ["a" * 236, "a" * 244, "a" * 255, "字" * 85, "a" + "é" * 125, "paper"])
def test_names_made_from_a_stem_fit(stem):
    name = fitting_name(stem, ".clean.json")
    assert len(os.fsencode(name)) <= 255
    assert name.endswith(".clean.json")
    assert stem.startswith(name.removesuffix(".clean.json"))
    assert len(os.fsencode(name)) > 252 or name == f"{stem}.clean.json"


def test_outputs_are_neither_inputs_nor_each_other(tmp_path):
    pdf, hard, soft = tmp_path / "a.pdf", tmp_path / "hard.txt", tmp_path / "soft.txt"
    pdf.write_bytes(b"no header")
    hard.hardlink_to(pdf)
    soft.symlink_to(pdf)
    for output in (pdf, hard, soft, tmp_path / "x" / ".." / "a.pdf"):
        with pytest.raises(OutputError, match="is what this command works with"):
            check_outputs([output], [pdf], force=True)
    new = tmp_path / "new.txt"
    (tmp_path / "folder").symlink_to(tmp_path, target_is_directory=True)
    for other in (new, tmp_path / "folder" / "new.txt"):
        with pytest.raises(OutputError, match="would be written twice"):
            check_outputs([new, other], [pdf], force=True)
    with pytest.raises(OutputError, match="works with"):
        check_outputs([new], [tmp_path / "folder" / "new.txt"])
    check_outputs([new, tmp_path / "other.txt"], [pdf])
    assert pdf.read_bytes() == b"no header"


# The same on the command line

TIDY = ["clean", "a.pdf", "--cleaner", "tidy"]
PROMPT = ["clean", "a.pdf", "--cleaner", "prompt", "--model"]
KEPT = embedded_places()[0].name


@pytest.mark.parametrize("arguments", [
    [*TIDY, "-o", "a.pdf"],
    [*TIDY, "-o", "hard.txt"],
    [*TIDY, "-o", "soft.txt"],
    [*TIDY, "-o", "x.txt", "--report", "a.pdf"],
    [*TIDY, "-o", "x.txt", "--report", "x.txt"],
    [*TIDY, "-o", "x.txt", "--report", "x.json"],
    [*TIDY, "-o", "secret.txt", "--password-file", "secret.txt"],
    [*TIDY, "-o", "secret.clean", "--report", "secret.txt", "--password-file", "secret.txt"],
    [*TIDY, "-o", "w", "--run", "w"],
    [*TIDY, "-o", "x.txt", "--report", "w", "--run", "w"],
    [*TIDY, "-o", "other.pdf"],
    ["clean", "a.pdf", "--cleaner", "prompt", "--prompt", "secret.txt", "-o", "secret.txt"],
    ["extract", "a.pdf", "-o", "a.pdf"],
    ["extract", "a.pdf", "-o", "soft.txt"],
    ["extract", "a.pdf", "-o", "other.pdf"],
    ["extract", "a.pdf", "-o", "pipe"],
    ["extract", "a.pdf", "-o", "/dev/full"],
    ["extract", "headless.pdf", "-o", "copy.pdf"],
    ["extract", "a.pdf", "-o", "new/"],
    ["extract", "a.pdf", "-o", f"cache/{KEPT}/config.json"],
    [*TIDY, "-o", "x.podprep-journal"],
    [*TIDY, "-o", "w-journal", "--run", "w"],
    [*TIDY, "-o", "x.txt", "--run", "a.pdf"],
    [*TIDY, "-o", "x.txt", "--run", "soft.txt"],
    [*TIDY, "-o", "x.txt", "--run", "x.json"],
    [*TIDY, "-o", "x.txt", "--run", "secret.txt", "--password-file", "secret.txt"],
    [*TIDY, "-o", f"cache/{KEPT}/new.txt"],
    [*PROMPT, "model", "-o", "model/config.json"],
    [*PROMPT, "model", "-o", "model/deep/new.txt"],
    [*PROMPT, "model", "-o", "x.txt", "--report", "model/new.html"],
    [*PROMPT, "model", "-o", "x.txt", "--run", "model/new"],
    [*PROMPT, "model.gguf", "-o", "model.gguf"],
])
def test_nothing_of_the_users_is_destroyed_whatever_is_forced(arguments, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name in ("a.pdf", "other.pdf"):
        shutil.copy(SAMPLE / "sample.pdf", name)
    os.link("a.pdf", "hard.txt")
    os.symlink("a.pdf", "soft.txt")
    Path("secret.txt").write_text('system = "x"')
    os.mkfifo("pipe")
    for name in ("headless.pdf", "copy.pdf"):
        Path(name).write_bytes((SAMPLE / "sample.pdf").read_bytes()[9:])
    monkeypatch.setenv("PODPREP_CACHE", "cache")
    for folder in (Path("model", "deep"), Path("cache", KEPT)):
        folder.mkdir(parents=True)
    for name in ("model/config.json", "model.gguf", f"cache/{KEPT}/config.json"):
        Path(name).write_text("{}")
    before = {path: path.lstat() for path in tmp_path.rglob("*")}
    assert main([*arguments, "--force"]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
    after = {path: path.lstat() for path in tmp_path.rglob("*")}
    assert after.keys() == before.keys()
    for name, old in before.items():
        assert (after[name].st_ino, after[name].st_mtime_ns) == (old.st_ino, old.st_mtime_ns)


@pytest.mark.parametrize("arguments", [
    [*TIDY, "-o", "-", "--json"], [*TIDY, "--report", "-"], [*TIDY, "--report", "new/"], [*TIDY, "--run", "-"],
    [*TIDY, "--run", "new/"], ["review", "w", "--text", "-"], ["review", "w", "--report", "-"], ["review", "w", "-o", "a/"],
])
def test_what_cannot_be_an_output_is_wrong_usage(arguments, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    out, told = capsys.readouterr()
    assert out == ""
    assert re.search(r"standard output.*: name a file|is a folder: name a file inside it", told)
    assert list(tmp_path.iterdir()) == []


def test_a_review_from_another_folder_never_replaces_its_source(tmp_path, monkeypatch, capsys):
    for folder in ("work", "other"):
        (tmp_path / folder).mkdir()
    pdf = Path("source.pdf")
    monkeypatch.chdir(tmp_path / "work")
    pdf.write_bytes((SAMPLE / "sample.pdf").read_bytes()[9:])
    shutil.copy(pdf, "copy.txt")
    assert main(["clean", "source.pdf", "--cleaner", "tidy", "--pages", "1", "--run", "w", "--no-pdf"]) == 0
    pdf.write_bytes(pdf.read_bytes() + b"% annotated since")
    monkeypatch.chdir(tmp_path / "other")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*")}
    for option in ("--text", "--report"):
        for name, sentence in (("source.pdf", "works with"), ("w", "works with"), ("copy.txt", "comes from")):
            assert main(["review", "../work/w", option, f"../work/{name}", "--force"]) == 1
            assert sentence in capsys.readouterr().err
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.*")} == before


def test_after_a_kill_between_text_and_sidecar_only_what_is_missing_is_written(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    command = ["clean", str(SAMPLE / "sample.pdf"), "--cleaner", "tidy", "--pages", "1", "-o", "x.txt"]
    assert main(command) == 0
    whole = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    for gone in (["x.json"], ["x.txt"], []):
        before = Path("x.txt").stat()
        for name in gone:
            Path(name).unlink()
        assert main(command) == 0
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.suffix != ".podprep"} == {
            name: data for name, data in whole.items() if not name.endswith(".podprep")}
        assert "x.txt" in gone or Path("x.txt").stat().st_mtime_ns == before.st_mtime_ns
    Path("x.json").unlink()
    Path("x.txt").write_text("mine")
    assert main(command) == 1
    assert "x.txt exists" in capsys.readouterr().err
    assert Path("x.txt").read_text() == "mine"
    assert not Path("x.json").exists()


@pytest.mark.parametrize("length", [236, 244, 251])
def test_a_long_name_works_from_end_to_end(length, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copy(SAMPLE / "sample.pdf", "a" * length + ".pdf")
    assert main(["clean", "a" * length + ".pdf", "--cleaner", "tidy", "--pages", "1", "--run", "work"]) == 0
    assert {path.name for path in tmp_path.iterdir()} == {
        "a" * length + ".pdf", "work", fitting_name("a" * length, ".clean.json"), "a" * 244 + ".clean.txt"
        if length > 244 else "a" * length + ".clean.txt"}


def test_a_file_where_the_sidecar_goes_stops_before_any_work(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("x.json").write_text("mine")
    assert main(["clean", str(SAMPLE / "sample.pdf"), "--cleaner", "tidy", "-o", "x.txt"]) == 1
    assert "x.json exists" in capsys.readouterr().err
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("x.json", "mine")]
