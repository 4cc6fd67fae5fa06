"""Nothing waits for what it does not need: which modules a command, the package and the reading process import."""

import subprocess
import sys

import pytest
from make import SAMPLE

PDF = str(SAMPLE / "sample.pdf")
MODELS = {"torch", "transformers", "accelerate", "huggingface_hub", "safetensors", "tokenizers", "gguf"}
SEEN = {"matplotlib", "PIL", "ipywidgets", "IPython", "anywidget", "tqdm", "rich"}
READERS = {"PyPDF2", "pypdfium2", "pypdfium2_raw", "ocrmypdf"}  # at work in the reading process alone
COUNTED = {"tokenizers"}  # of what was made
COUNTING = {"numpy", "rapidfuzz"}
NONE = MODELS | SEEN | READERS | COUNTING | {"sqlite3", "msgspec", "podprep.rules.furniture", "podprep.probe.marks"}


def imported(code, folder):
    """The modules that a new process has once some code has run in it."""
    script = f"import sys\n{code}\nprint('imported:', *sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=folder)
    return {*done.stdout.rpartition("imported: ")[2].split()}


def run_by(*arguments):
    return f"from podprep.cli import main; assert main({[*arguments]!r}) == 0"


@pytest.mark.parametrize(("code", "unwanted"), [
    ("import podprep", NONE),
    (run_by("--version"), NONE),
    (run_by("--help"), NONE),
    (run_by("runs"), MODELS | SEEN | READERS | {"numpy"}),
    (run_by("info", PDF), MODELS | SEEN | READERS | {"numpy"}),
    (run_by("extract", PDF), MODELS | SEEN | READERS | {"numpy"}),
    (run_by("clean", PDF, "--cleaner", "tidy"), MODELS - COUNTED | SEEN | READERS | {"numpy"}),
    (run_by("clean", PDF), MODELS - COUNTED | SEEN | READERS),
    ("import podprep.reading.worker", MODELS | SEEN | COUNTING | {"PyPDF2", "sqlite3", "podprep.cleaners"}),
])
def test_only_what_is_needed_is_imported(code, unwanted, tmp_path):
    found = imported(code, tmp_path)
    assert "podprep" in found
    assert not unwanted & found


def test_what_the_probe_needs_is_imported_while_pages_are_read(tmp_path):
    code = f"""
from podprep import Cleaner
from podprep.reading import guard
read = guard.GuardedPdf.close
def close(pdf):
    global before
    from threading import enumerate as threads
    [thread.join() for thread in threads() if "load" in thread.name]
    before = "podprep.probe.scores" in sys.modules
    read(pdf)
guard.GuardedPdf.close = close
Cleaner("probe").clean({PDF!r})
assert before
"""
    assert "numpy" in imported(code, tmp_path)
