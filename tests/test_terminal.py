"""What the terminal is given: any encoding will do, nothing unseen gets through, and nothing is cut."""

import codecs
import json
import os
import re
import shutil
import subprocess
import sys
import time

import pytest
from make import SAMPLE, column, encrypt, write_pdf

from podprep import Cleaned, Removal, chunk_document, read_pdf
from podprep.cli import main
from podprep.console import show_outcome
from podprep.rules import chunks_without
from podprep.terminal import print_json

PDF = SAMPLE / "sample.pdf"
NASTY = os.fsdecode(b"caf\xe9")  # not UTF-8
NASTY += " 字\x9b31m\u202eb\u2066c\x1b]0;d\u200fe\rf\x85g.pdf"
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f]")
ENCODINGS = [{"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "latin-1"}, {"PYTHONIOENCODING": "utf-8"},
             {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}]
POSIX = pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes here")


def podprep(*arguments, folder, **variables):
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONIOENCODING"}
    command = [sys.executable, "-m", "podprep", *arguments]
    return subprocess.run(command, capture_output=True, cwd=folder, env={**environment, **variables})


@POSIX
@pytest.mark.parametrize("variables", ENCODINGS)
def test_no_name_and_no_encoding_stops_a_command(variables, tmp_path):
    name = NASTY
    write_pdf(tmp_path / name, column("The bee flies home at noon."), title="A título \x9b \u202e 字 \U0001f600")
    for status, *arguments in (
        (0, "info", name), (0, "extract", name, "-v"), (1, "info", f"no {name}"), (2, "info", name, f"--{name}"),
        (0, "clean", name, "--cleaner", "tidy", "--run", "w", "--report", f"{name}.html"), (0, "runs"),
        (0, "review", "w", "--text", f"{name}.reviewed.txt"), (2, f"wash{name}"),
    ):
        done = podprep(*arguments, folder=tmp_path, **variables)
        assert done.returncode == status, done.stderr
        for said in (done.stdout, done.stderr):
            assert b"Traceback" not in said
            assert b"mistake" not in said
            assert not UNSEEN.search(said.decode(variables.get("PYTHONIOENCODING", "ascii"))), said


@POSIX
@pytest.mark.parametrize("variables", ENCODINGS)
def test_json_is_json_in_every_encoding(variables, tmp_path):
    name = NASTY
    write_pdf(tmp_path / name, column("The bee flies home at noon."), title="A título 字")
    facts = podprep("info", name, "--json", folder=tmp_path, **variables)
    encoding = variables.get("PYTHONIOENCODING", "ascii")
    found = json.loads(facts.stdout.decode(encoding))
    assert (os.fsencode(found["file"]), found["title"]) == (os.fsencode(name), "A título 字")
    outcome = podprep("clean", name, "--cleaner", "tidy", "--json", "--run", "w", folder=tmp_path, **variables)
    listed = podprep("runs", "--json", folder=tmp_path, **variables)
    for told in (json.loads(outcome.stdout.decode(encoding)), *json.loads(listed.stdout.decode(encoding))):
        assert os.fsencode(told["pdf"]) == os.fsencode(name)
    assert not UNSEEN.search(facts.stdout.decode(encoding))


def test_json_that_harms_nobody_stays_readable(capsys):
    print_json({"title": "Über 字"})
    print_json({"title": "a\u202eb\udce9"})
    out = capsys.readouterr().out
    assert '"Über 字"' in out
    assert r'"a\u202eb\udce9"' in out


def test_signs_stand_for_what_cannot_be_seen(capsys):
    assert main(["info", "a\x9b\u202e\n\t\x1b[red]b"]) == 1
    assert capsys.readouterr().err == "podprep: a�⟦RLO⟧␊␉␛[red]b does not exist: check the path.\n"
    assert main(["info", "x.pdf", "a\u202e[bold]"]) == 2
    assert "(a⟦RLO⟧[bold])" in capsys.readouterr().err


@pytest.mark.parametrize("width", ["20", "80"])
def test_info_never_cuts_what_is_to_be_copied(width, tmp_path):
    done = podprep("info", str(PDF), folder=tmp_path, COLUMNS=width)
    assert re.search(r"^sha256 +[0-9a-f]{64}$", done.stdout.decode(), re.MULTILINE)
    assert not re.search(rb" $", done.stdout, re.MULTILINE)


@pytest.mark.skipif(not shutil.which("script"), reason="there is no script to give a terminal")
@pytest.mark.parametrize(("variables", "framed", "coloured"), [
    ({"TERM": "xterm-256color"}, True, True), ({"TERM": "xterm", "NO_COLOR": "1"}, True, False),
    ({"TERM": "dumb"}, False, False), ({"TERM": "xterm", "COLUMNS": "30"}, True, True),
])
def test_help_and_errors_have_panels_on_a_terminal(variables, framed, coloured, tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    for arguments in ("clean --help", "info --pages"):
        command = ["script", "-qec", f"{sys.executable} -m podprep {arguments}", "/dev/null"]
        done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, env={**environment, **variables})
        said = done.stdout.decode()
        assert ("╭" in said) == framed
        assert bool(re.search(r"\x1b\[[0-9;]*3\dm", said)) == coloured
    assert done.returncode == 2


def test_markup_in_an_error_panel_is_text(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("podprep.cli.is_plain", lambda _: False)
    assert main(["info", "x.pdf", "[red]y[/nonsense]:smile:"]) == 2
    told = capsys.readouterr().err
    assert "[red]y[/nonsense]:smile:" in told
    assert "╭" in told


def test_steps_are_told_when_asked_for(tmp_path, capsys):
    command = ["clean", str(PDF), "--cleaner", "tidy", "--pages", "1", "-o", str(tmp_path / "x.txt"), "--run", str(tmp_path / "w")]
    assert main([*command, "-v", "--quiet"]) == 0
    out, told = capsys.readouterr()
    assert out == ""
    for step in (f"opened {PDF} with pdfium: 6 pages", "reading 4 pages", "cleaning 5 chunks with tidy", f"wrote {tmp_path / 'x.txt'}, "):
        assert re.search(rf"^ +\d+\.\d\d s  {re.escape(step)}", told, re.MULTILINE), step
    assert main([*command, "--force", "--quiet"]) == 0
    assert capsys.readouterr().err == ""


def in_shell(command):
    return subprocess.run(["bash", "-c", f"{sys.executable} -m podprep {command}"], capture_output=True, text=True)


@POSIX
@pytest.mark.parametrize("told", ["2>&-", "2>/dev/full"])
def test_a_message_that_cannot_be_told_is_no_matter(told, tmp_path):
    done = in_shell(f'extract -v "{PDF}" --pages 1 {told}')
    assert done.returncode == 0
    assert done.stdout.startswith("The Page and the Ear")
    assert "opened" not in done.stdout
    assert in_shell(f'clean "{PDF}" --cleaner tidy --pages 1 -o {tmp_path}/x.txt {told}').returncode == 0
    assert (tmp_path / "x.txt").stat().st_size > 1000
    assert in_shell(f"info {told}").returncode == 2


def test_a_text_that_goes_to_a_closed_stream_is_not_written(tmp_path):
    for command in ("extract", "clean --cleaner tidy -o -"):
        done = in_shell(f'{command} "{PDF}" --pages 1 >&-')
        assert done.returncode == 1
        assert re.fullmatch(r"podprep: standard output cannot be used \(.*\): .*\n", done.stderr)
    assert in_shell(f'clean "{PDF}" --cleaner tidy --pages 1 -o {tmp_path}/x.txt >&-').returncode == 0


# What is no file


@POSIX
@pytest.mark.parametrize(("name", "kind"), [("pipe", "pipe"), ("/dev/zero", "device"), ("/dev/stdin", "pipe"), ("/dev/null", "device")])
@pytest.mark.parametrize("command", [["info"], ["extract"], ["clean", "--cleaner", "tidy", "-o", "x.txt"]])
def test_what_is_no_file_is_named_and_never_read(name, kind, command, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "podprep", *command, name], stdin=subprocess.PIPE, capture_output=True,
                          text=True, cwd=tmp_path, timeout=20)
    assert done.returncode == 1
    assert done.stderr == f"podprep: {name} is a {kind}, not a file: save the PDF to a file and name that.\n"
    assert time.monotonic() - began < 15
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


# Passwords


@pytest.mark.parametrize("written", [
    b"sesame \xc3\xa9", b"sesame \xc3\xa9\n", b"sesame \xc3\xa9\r\nmore", codecs.BOM_UTF8 + b"sesame \xc3\xa9\r\n",
    "sesame é\r\n".encode("utf-16"), codecs.BOM_UTF16_BE + "sesame é".encode("utf-16-be"),
])
def test_a_password_is_what_a_person_wrote(written, tmp_path, capsys):
    pdf = encrypt(write_pdf(tmp_path / "a.pdf", column("A secret.")), user="sesame é")
    (tmp_path / "word").write_bytes(written)
    assert main(["extract", str(pdf), "--password-file", str(tmp_path / "word")]) == 0
    assert capsys.readouterr().out == "A secret.\n"


@POSIX
def test_a_password_file_without_end_is_not_read_for_ever(tmp_path, capsys):
    pdf = encrypt(write_pdf(tmp_path / "a.pdf", column("A secret.")), user="x")
    assert main(["extract", str(pdf), "--password-file", "/dev/zero"]) == 1
    assert "check the password" in capsys.readouterr().err


def test_kinds_of_a_cleaner_are_neither_markup_nor_steer_the_terminal(capsys):
    document = read_pdf(SAMPLE / "sample.pdf", pages="1")
    odd = Removal(0, 8, "[/foo] [red]\x1b]0;x\x07 \u202e")
    chunks = chunk_document(document)
    show_outcome(Cleaned(document, "mine", {}, tuple(chunks_without(document, [odd], chunks))), [])
    told = capsys.readouterr().err
    assert "removed: [/foo] [red]" in told
    assert not {"\x1b", "\x07", "\u202e"} & set(told)
