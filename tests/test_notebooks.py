"""The notebooks as they are stored: executed, small, without traces of a machine, and compared by nbval.

What the cells do is tested by nbval itself, which runs them and compares their outputs.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from statistics import median

import pytest

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
NAMES = ["01_metadata_and_extraction", "02_chunked_cleanup", "03_diff_review", "04_compare_cleaners", "05_hand_over"]
MACHINE_PATH = re.compile(r"(?:^|[\s\"'(=<>])(?:file://)?(?:/(?:home|root|tmp|Users|usr|opt|var|work|mnt)/|[A-Z]:\\\\?)")
UNCOMPARED = ("NBVAL_IGNORE_OUTPUT", "NBVAL_SKIP", "nbval-ignore-output", "nbval-skip")
COMPARED_TYPES = {"text/plain", "text/html"}


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def notebook(path):
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def cells(notebook):
    """The code cells."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def source(cell):
    return "".join(cell["source"])


def output_texts(cell):
    """All that a cell's outputs say, pictures left out."""
    for output in cell["outputs"]:
        yield from ("".join(output.get(key, "")) for key in ("text", "evalue"))
        yield "\n".join(output.get("traceback", []))
        for kind, data in output.get("data", {}).items():
            if not kind.startswith("image/"):
                yield "".join(data) if isinstance(data, list) else json.dumps(data)


def is_compared(cell):
    marks = source(cell) + " ".join(cell["metadata"].get("tags", []))
    return not any(mark in marks for mark in UNCOMPARED)


def has_text_output(cell):
    """Whether there is anything in the outputs that nbval can compare; it leaves pictures and widgets out."""
    return any("text" in o or COMPARED_TYPES & set(o.get("data", {})) for o in cell["outputs"])


def code_lines(cell):
    """Lines of code, without blank lines and comments."""
    return [line for line in source(cell).splitlines() if line.strip() and not line.strip().startswith("#")]


def test_the_five_notebooks_are_there():
    assert [path.stem for path in NOTEBOOKS] == NAMES


def test_small_enough_to_read_and_to_diff(path):
    assert path.stat().st_size < 100_000


def test_executed_from_top_to_bottom(cells):
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))


def test_no_cell_failed(cells):
    assert not [output for cell in cells for output in cell["outputs"] if output["output_type"] == "error"]


def test_nothing_on_standard_error(cells):
    assert not [o for cell in cells for o in cell["outputs"] if o.get("name") == "stderr"]


def test_no_machine_paths_in_outputs(cells):
    found = [match[0] for cell in cells for text in output_texts(cell) for match in MACHINE_PATH.finditer(text)]
    assert not found


def test_the_path_pattern_finds_paths():
    for text in ("/home/ann/x.pdf", "in '/tmp/abc/x.pdf'", "file:///root/x", r"C:\Users\ann"):
        assert MACHINE_PATH.search(text), text
    for text in ("sample/sample.pdf", "</td></tr>", "a/home/b", "out/3fceb9c8/clean.txt"):
        assert not MACHINE_PATH.search(text), text


def test_cells_are_short(cells):
    lengths = [len(code_lines(cell)) for cell in cells]
    assert median(lengths) <= 5
    assert max(lengths) <= 12


def test_most_outputs_are_compared_by_nbval(cells):
    telling = [cell for cell in cells if has_text_output(cell)]
    assert len(telling) >= 15
    assert sum(map(is_compared, telling)) / len(telling) >= 0.7


def test_at_most_three_cells_of_ten_are_run_without_being_compared(cells):
    assert sum(not is_compared(cell) for cell in cells) / len(cells) <= 0.3


def test_no_notebook_is_skipped_by_nbval(notebook, cells):
    assert not any("NBVAL_SKIP" in source(cell) or "nbval-skip" in cell["metadata"].get("tags", []) for cell in cells)
    assert "nbval" not in json.dumps(notebook["metadata"]).lower()


def test_metadata_names_the_kernel_and_nothing_of_the_machine(notebook):
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert len(json.dumps(notebook["metadata"])) < 500
    assert not MACHINE_PATH.search(json.dumps(notebook["metadata"]))


def test_opens_with_what_there_is_to_see_and_how_long_it_takes(notebook):
    opening = "".join(notebook["cells"][0]["source"])
    assert opening.startswith("# ")
    assert "What you will see" in opening
    assert re.search("second|minute", opening)


def test_first_code_cell_prints_versions(cells):
    assert "version" in source(cells[0])
    assert re.search(r"podprep \d+\.\d+", "".join(output_texts(cells[0])))


def test_starts_from_a_sample(cells):
    (name,) = re.findall(r'PdfChooser\("(sample/\w+\.pdf)", folder="out"\)', "".join(map(source, cells)))
    assert (FOLDER / name).is_file()


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Run those cells of a notebook that hold a word, in the folder of a clone; gives what they define."""
    pytest.importorskip("ipywidgets")
    shutil.copytree(FOLDER / "sample", tmp_path / "sample")
    monkeypatch.chdir(tmp_path)

    def run(path, *words):
        names = {}
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code" and any(word in source(cell) for word in words):
                exec(compile(source(cell), "<cell>", "exec"), names)
        return names

    return run


@pytest.mark.parametrize("how", ["path", "upload"])
def test_a_pdf_chosen_in_one_notebook_is_that_of_all(course, tmp_path, how):
    chooser, content = course(NOTEBOOKS[0], "PdfChooser(")["chooser"], (tmp_path / "sample" / "sample.pdf").read_bytes()
    if how == "path":
        (tmp_path / "mine.pdf").write_bytes(content)
        chooser._field.value = "mine.pdf"
    else:
        file = {"name": "mine.pdf", "type": "", "size": len(content), "last_modified": 0, "content": memoryview(content)}
        chooser._upload.set_state({"value": [file]})
    chosen = [course(path, "PdfChooser(")["chooser"].path for path in NOTEBOOKS]
    assert {path.name for path in chosen} == {"mine.pdf"}
    assert all(path.samefile(tmp_path / ("mine.pdf" if how == "path" else "out/mine.pdf")) for path in chosen)


def test_what_is_decided_in_the_third_is_handed_over_by_the_fifth(course):
    cells = "PdfChooser(", "Run.start(", "review = Review(run)"
    course(NOTEBOOKS[1], *cells)
    review = course(NOTEBOOKS[2], *cells)["review"]
    review.edit(0, "In other words.")
    later = course(NOTEBOOKS[4], *cells)["review"]
    assert str(later.progress).startswith("1 of ")
    assert later.text.startswith("In other words.")
    assert len(list(Path("out").glob("*.podprep"))) == 1


def test_links_to_other_notebooks_lead_somewhere(notebook):
    text = "".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    targets = [target for target in re.findall(r"\]\(([^)]+)\)", text) if "://" not in target]
    assert all((FOLDER / target).is_file() for target in targets)
