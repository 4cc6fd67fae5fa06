"""The notebooks' exercises: as given they say "not yet" with a hint, and with the solutions printed at the end, "right!".

An answer of the wrong type, or a function that fails, is told in one line what is asked for.
"""

import json
import re
import shutil
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

pytest.importorskip("ipywidgets")
pytest.importorskip("matplotlib").use("agg")
pyplot = pytest.importorskip("matplotlib.pyplot")

FOLDER = Path(__file__).parents[1] / "notebooks"
WITH_EXERCISES = {
    "01_metadata_and_extraction": 3, "02_chunked_cleanup": 2, "03_diff_review": 2, "04_compare_cleaners": 2,
    "05_hand_over": 2,
}
CHECK = re.compile(r"^check\(", re.MULTILINE)
EXERCISE = re.compile(r"# Exercise (\d+)\n")


@pytest.fixture(params=WITH_EXERCISES.items(), ids=lambda item: item[0])
def notebook(request, monkeypatch, tmp_path):
    """Sources of the code cells up to the last check, the solutions by number, and how many there should be.

    They run beside the sample alone, whatever PDF the reader of this checkout has chosen.
    """
    shutil.copytree(FOLDER / "sample", tmp_path / "sample")
    monkeypatch.chdir(tmp_path)
    name, count = request.param
    cells = json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    sources = [("".join(cell["source"]), cell) for cell in cells]
    last = max(i for i, (source, cell) in enumerate(sources) if cell["cell_type"] == "code" and CHECK.search(source))
    code = [source for source, cell in sources[:last + 1] if cell["cell_type"] == "code"]
    yield code, solutions(sources[-1][0]), count
    pyplot.close("all")


def solutions(text):
    """The blocks of code in the folded solutions, by the number of their exercise."""
    assert "<details>" in text
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    return {EXERCISE.match(block)[1]: block for block in blocks}


def run(code):
    """What each check printed, when all cells are run in turn."""
    names, said = {}, []
    for source in code:
        with redirect_stdout(StringIO()) as out:
            exec(compile(source, "<cell>", "exec"), names)
        if CHECK.search(source):
            said.append(out.getvalue().splitlines()[0])
    return said


def test_as_given_no_answer_is_right_and_nothing_fails(notebook):
    code, _, count = notebook
    assert run(code) == ["not yet: put your answer in place of None"] * count


def test_each_solution_is_right(notebook):
    code, solved, count = notebook
    filled = [solved[EXERCISE.match(source)[1]] if EXERCISE.match(source) else source for source in code]
    assert run(filled) == ["right!"] * count


def test_a_wrong_answer_gets_a_hint(notebook):
    code, _, count = notebook
    wrong = "answer = -1\nmine = decide = words_or_reason = lambda text: 'nothing of the kind'\n"
    said = run([wrong if EXERCISE.match(source) else source for source in code])
    assert len(said) == count
    assert all(line.startswith("not yet: ") and "in place of None" not in line for line in said)


@pytest.mark.parametrize("wrong", [
    "answer = [1]\nmine = decide = words_or_reason = lambda text: [text]\n",
    "answer = object()\nmine = decide = words_or_reason = lambda text: text.no_such_thing\n",
    "answer = ValueError('x')\nmine = words_or_reason = lambda text: 1 / 0\n"
    "decide = lambda review: review.accept(review.cleaned.chunks[0])\n",
], ids=["list", "object", "error"])
def test_an_answer_of_the_wrong_type_is_told_what_is_asked_for(notebook, wrong):
    code, _, count = notebook
    said = run([wrong if EXERCISE.match(source) else source for source in code])
    assert len(said) == count
    assert all(line.startswith("not yet: ") and "please" in line for line in said)
