"""What goes wrong around the work ends in one sentence and a useful exit status, and nothing that was done is lost."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from make import SAMPLE, column, encrypt, write_coded_pdf, write_pdf
from PyPDF2 import PdfReader, PdfWriter

from podprep import ModelError, Run, clean, load_model
from podprep.cli import main
from podprep.runs.store import WorkFile

PDF = SAMPLE / "sample.pdf"
TIDY = ["clean", str(PDF), "--cleaner", "tidy"]
POSIX = pytest.mark.skipif(os.name != "posix", reason="limits, signals and devices are POSIX here")


def podprep(*arguments, **settings):
    command = [sys.executable, "-m", "podprep.cli", *arguments]
    return subprocess.run(command, **{"capture_output": True, "text": True, **settings})


def one_sentence(done, status):
    """The message of a command that failed as it should."""
    assert done.returncode == status
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr


def small_files(size):
    """Let no file grow beyond a size, as on a full disk."""
    import resource

    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


# The disk


@POSIX
@pytest.mark.parametrize("size", [100, 10_000, 60_000])
def test_a_full_disk_loses_nothing_and_the_run_goes_on_once_there_is_space(tmp_path, size):
    full = podprep(*TIDY, "-o", "out.txt", "--run", "run.podprep", cwd=tmp_path, preexec_fn=small_files(size))
    assert re.search(r"cannot be written \((the disk refuses|No space left on device)\): .*free s", one_sentence(full, 1))
    assert not (tmp_path / "out.txt").exists()
    assert [path.name for path in tmp_path.glob("*.podprep*")] in ([], ["run.podprep"])
    done = podprep(*TIDY, "-o", "out.txt", "--run", "run.podprep", cwd=tmp_path)
    assert done.returncode == 0
    assert (tmp_path / "out.txt").read_text() == clean(PDF, "tidy").text


@POSIX
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
@pytest.mark.parametrize("command", [["extract", str(PDF)], [*TIDY, "-o", "-"], ["info", str(PDF), "--json"]])
def test_standard_output_on_a_full_disk(command):
    with open("/dev/full", "w") as full:
        done = podprep(*command, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert "standard output cannot be used (No space left on device)" in one_sentence(done, 1)


@pytest.mark.parametrize("name", ["file/run.podprep", "file"])
def test_a_run_that_cannot_be_made(tmp_path, name):
    (tmp_path / "file").write_text("mine")
    done = podprep(*TIDY, "-o", "-", "--run", str(tmp_path / name))
    assert re.search("cannot be made|is damaged", one_sentence(done, 1))
    assert (tmp_path / "file").read_text() == "mine"


# Interruptions


def test_ctrl_c_keeps_the_work_and_says_how_to_go_on(tmp_path, monkeypatch, capsys):
    add = WorkFile.add_cleaned

    def interrupted(self, cleaned):
        if cleaned.chunk.index == 4:
            raise KeyboardInterrupt
        add(self, cleaned)

    file = tmp_path / "run.podprep"
    command = [*TIDY, "-o", str(tmp_path / "out.txt"), "--run", str(file)]
    with monkeypatch.context() as patched:
        patched.setattr(WorkFile, "add_cleaned", interrupted)
        assert main(command) == 130
    told = capsys.readouterr().err
    assert f"interrupted; kept in {file}: all pages, 4 of 26 chunks; run the same command again to go on." in told
    assert Run.open(file).state == "cleaning"
    assert main(command) == 0
    assert "cleaning, 4 of 26" in capsys.readouterr().err
    assert (tmp_path / "out.txt").read_text() == clean(PDF, "tidy").text


def test_ctrl_c_where_nothing_is_kept_says_so_too(monkeypatch, capsys):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("podprep.console.show_troubles", interrupted)
    assert main(["extract", str(PDF)]) == 130
    assert capsys.readouterr().err == "podprep: interrupted; run the same command again.\n"


@POSIX
def test_a_real_ctrl_c_while_the_worker_reads(tmp_path):
    writer = PdfWriter()
    for _ in range(20):  # so many pages that the signal comes before all is done, on a busy machine too
        for page in PdfReader(PDF).pages:
            writer.add_page(page)
    writer.write(tmp_path / "long.pdf")
    # Where the tests run in the background, Ctrl-C is ignored and this is inherited.
    start = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); import podprep.cli as cli; "
    command = [sys.executable, "-c", f"{start} sys.exit(cli.main())",
               "clean", "long.pdf", "--cleaner", "tidy", "-o", "o.txt", "--run", "run.podprep"]
    work = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    while not (tmp_path / "run.podprep").exists():
        time.sleep(0.001)
    work.send_signal(signal.SIGINT)
    told = work.communicate()[1]
    assert work.returncode == 130, told
    assert re.fullmatch(r"podprep: interrupted; kept in run\.podprep: (nothing yet|\d+ of \d+ pages); run the same .* go on.\n", told)


@POSIX
def test_ctrl_c_while_podprep_is_loaded_is_130_without_a_traceback():
    start = ("import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
             "from podprep.__main__ import main; print('here', flush=True); sys.exit(main())")
    for wait in (0.0, 0.05, 0.15):
        work = subprocess.Popen([sys.executable, "-c", start, "extract", str(PDF)], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)
        assert work.stdout.readline() == "here\n"
        time.sleep(wait)
        work.send_signal(signal.SIGINT)
        told = work.communicate()[1]
        assert work.returncode == 130
        assert told in ("", "podprep: interrupted; run the same command again.\n")


@pytest.mark.parametrize("fault", [["--pages", "99"], ["--model", "none.gguf", "--cleaner", "prompt"]])
def test_folders_of_a_run_that_came_to_nothing_go_and_no_others(fault, tmp_path):
    (tmp_path / "mine").mkdir()
    command = ["clean", str(PDF), "--cleaner", "tidy", "-o", str(tmp_path / "x.txt")]
    assert main([*command, *fault, "--run", str(tmp_path / "mine" / "new" / "deep" / "r")]) == 1
    assert [path.name for path in tmp_path.rglob("*")] == ["mine"]
    assert main([*command, "--run", str(tmp_path / "mine" / "new" / "r")]) == 0
    assert (tmp_path / "mine" / "new" / "r").exists()


@POSIX
def test_a_broken_pipe_is_quiet():
    command = f"{sys.executable} -m podprep.cli clean {PDF} --cleaner tidy -o - | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout.count("\n") == 1
    assert "Traceback" not in done.stderr
    assert "Broken" not in done.stderr


# Models


@pytest.mark.parametrize("file", ["model.safetensors", "tokenizer.json", "config.json"])
def test_a_truncated_model_is_named(tmp_path, tiny_folder, file):
    shutil.copytree(tiny_folder, tmp_path / "model")
    data = (tmp_path / "model" / file).read_bytes()
    (tmp_path / "model" / file).write_bytes(data[:len(data) // 2])
    with pytest.raises(ModelError, match=r"model could not be loaded \(.*\): check that the model files are whole"):
        load_model(tmp_path / "model")


def test_a_truncated_model_in_the_cache_is_named_with_the_remedy(tmp_path, tiny_folder, monkeypatch):
    from podprep.weights import embedded_folder

    folder = tmp_path / embedded_folder().name
    shutil.copytree(tiny_folder, folder)
    (folder / "model.safetensors").write_bytes((folder / "model.safetensors").read_bytes()[:1000])
    monkeypatch.setenv("PODPREP_CACHE", str(tmp_path))
    with pytest.raises(ModelError, match=rf"{folder} is damaged \(.*\): remove that folder; it is made anew"):
        clean(PDF, "prompt")


def test_a_cache_that_cannot_be_written(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("mine")
    monkeypatch.setenv("PODPREP_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(ModelError, match=r"cache .* cannot be written .*set PODPREP_CACHE to another folder"):
        load_model()


# What the exit status tells


def test_pages_that_fail_make_status_3_and_are_listed(tmp_path, monkeypatch, capsys):
    from podprep.reading import guard

    page = guard.GuardedPdf.page
    lost = lambda self, n: replace(page(self, n), lines=(), failure=f"page {n} is lost") if n == 2 else page(self, n)
    monkeypatch.setattr(guard.GuardedPdf, "page", lost)
    for command in (["extract", str(PDF), "-o", str(tmp_path / "raw.txt")], [*TIDY, "-o", str(tmp_path / "out.txt")],
                    ["info", str(PDF)]):
        assert main(command) == 3
        assert "not read: page 2 is lost" in capsys.readouterr().err
    assert (tmp_path / "out.txt").stat().st_size > 1000


def test_a_garbage_text_layer_is_said(tmp_path, capsys):
    path = write_coded_pdf(tmp_path / "a.pdf", "abcdefgh", dict.fromkeys("abcdefgh", "E000"))
    assert main(["extract", str(path)]) == 3
    told = capsys.readouterr()
    assert told.out.strip()
    assert "pages whose text layer looks like garbage: 1; " in told.err
    assert "--ocr always" in told.err


def test_a_password_comes_from_a_file(tmp_path, capsys):
    pdf = encrypt(write_pdf(tmp_path / "a.pdf", column("A secret.")), user="open sesame")
    (tmp_path / "password").write_text("open sesame\n")
    assert main(["extract", str(pdf)]) == 1
    assert "--password-file" in capsys.readouterr().err
    assert main(["extract", str(pdf), "--password-file", str(tmp_path / "password")]) == 0
    assert capsys.readouterr().out == "A secret.\n"
    assert main(["extract", str(pdf), "--password-file", str(tmp_path / "none")]) == 1
    assert "cannot be read: name a text file with the password" in capsys.readouterr().err


def test_limits_are_options(capsys):
    assert main(["extract", str(PDF), "--page-seconds", "0.001"]) == 1
    assert "took longer than the limit of 0.001 seconds" in capsys.readouterr().err
