"""The options: wrong usage is told as such, help and completion load nothing that they do not need."""

import os
import subprocess
import sys

import pytest
from make import SAMPLE

from podprep.cli import main


@pytest.mark.parametrize(("arguments", "told"), [
    ([], "Missing command"),
    (["clean"], "Missing argument 'PDF...'"),
    (["clean", "x.pdf", "--cleaner", "magic"], "'--cleaner': 'magic' is not one of 'probe', 'tidy', 'prompt'."),
    (["wash", "x.pdf"], "No such command 'wash'."),
    (["claen", "x.pdf"], "Did you mean 'clean'?"),
    (["clean", "x.pdf", "--raport", "y"], "(Possible options: "),
    (["--json", "info", "x.pdf"], "No such option: --json"),
    (["runs", "--force"], "No such option: --force"),
    (["clean", "x.pdf", "--pages", "three"], "'three' is not a page selection: write pages like 1-3,7."),
    (["clean", "x.pdf", "--pages", ""], "'' is not a page selection"),
    (["info", "x.pdf", "--page-seconds", "nan"], "nan is not between 0 and 1e+07."),
    (["info", "x.pdf", "--memory-mb", "-1"], "-1 is not between"),
    (["info", "x.pdf", "[red]y"], "[red]y"),
])
def test_wrong_usage_is_status_2(arguments, told, capsys):
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err
    assert err.startswith("Usage: podprep")
    assert "--help' for help" in err


@pytest.mark.parametrize(("arguments", "told"), [
    (["--help"], "fetch-model"), (["-h"], "fetch-model"), (["clean", "--help"], "--adviser"), (["review", "-h"], "-o, --report"),
])
def test_help_is_plain_where_it_is_not_seen(arguments, told, capsys):
    assert main(arguments) == 0
    out, err = capsys.readouterr()
    assert told in out
    assert out.isascii()
    assert "\x1b" not in out
    assert err == ""


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["clean", "--help"], ["wash"]])
def test_asking_for_help_loads_nothing_heavy(arguments):
    heavy = "'torch', 'transformers', 'numpy', 'pypdfium2', 'PyPDF2', 'rapidfuzz', 'tqdm'"
    script = f"import sys; from podprep.cli import main; main({arguments}); print([m for m in ({heavy}) if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")


def _completed(asked):
    command = [sys.executable, "-m", "podprep"]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **asked})


def test_shells_can_complete():
    asked = {"_PODPREP_COMPLETE": "complete_bash", "COMP_WORDS": "podprep re", "COMP_CWORD": "1"}
    assert _completed(asked).stdout.split() == ["review"]
    asked |= {"COMP_WORDS": "podprep clean x.pdf --cleaner ", "COMP_CWORD": "4"}
    assert _completed(asked).stdout.split() == ["probe", "tidy", "prompt"]


@pytest.mark.parametrize("option", [["--mode", "free"], ["--model", "x.gguf"], ["--adviser", "none"], ["--prompt", "x.toml"]])
def test_options_of_the_prompt_cleaner_are_not_ignored(option, capsys):
    assert main(["clean", str(SAMPLE / "sample.pdf"), *option]) == 2
    assert f"{option[0]} is for the prompt cleaner: add --cleaner prompt.\n" in capsys.readouterr().err
