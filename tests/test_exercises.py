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


@pytest.fixture(scope="module", params=WITH_EXERCISES.items(), ids=lambda item: item[0])
def notebook(request, tmp_path_factory):
    """What a notebook run up to the last check defines, and what its checks said; its exercises; how many there should be.

    It runs once, beside the samples alone, whatever PDF the reader of this checkout has chosen.
    """
    name, count = request.param
    folder = tmp_path_factory.mktemp(name)
    shutil.copytree(FOLDER / "sample", folder / "sample")
    cells = json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    last = max(i for i, source in enumerate(code) if CHECK.search(source))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        names: dict[str, object] = {}
        said = run(names, code[:last + 1])
        exercises = [(source, code[i + 1]) for i, source in enumerate(code) if EXERCISE.match(source)]
        yield names, said, exercises, solutions("".join(cells[-1]["source"])), count
    pyplot.close("all")


def solutions(text):
    """The blocks of code in the folded solutions, by the number of their exercise."""
    assert "<details>" in text
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    return {EXERCISE.match(block)[1]: block for block in blocks}


def run(names, code):
    """What each check printed, when these cells are run in turn."""
    said = []
    for source in code:
        with redirect_stdout(StringIO()) as out:
            exec(compile(source, "<cell>", "exec"), names)
        if CHECK.search(source):
            said.append(out.getvalue().splitlines()[0])
    return said


def answered(names, exercises, answer):
    """What the checks print where each exercise is answered so."""
    return run(names, [cell for given, check in exercises for cell in (answer(EXERCISE.match(given)[1]), check)])


def test_as_given_no_answer_is_right_and_nothing_fails(notebook):
    _, said, exercises, _, count = notebook
    assert said == ["not yet: put your answer in place of None"] * count
    assert len(exercises) == count


def test_each_solution_is_right(notebook):
    names, _, exercises, solved, count = notebook
    assert answered(names, exercises, solved.get) == ["right!"] * count


def test_a_wrong_answer_gets_a_hint(notebook):
    names, _, exercises, _, _ = notebook
    wrong = "answer = -1\nmine = decide = words_or_reason = lambda text: 'nothing of the kind'\n"
    said = answered(names, exercises, lambda number: wrong)
    assert all(line.startswith("not yet: ") and "in place of None" not in line for line in said)


@pytest.mark.parametrize("wrong", [
    "answer = [1]\nmine = decide = words_or_reason = lambda text: [text]\n",
    "answer = object()\nmine = decide = words_or_reason = lambda text: text.no_such_thing\n",
    "answer = ValueError('x')\nmine = words_or_reason = lambda text: 1 / 0\n"
    "decide = lambda review: review.accept(review.cleaned.chunks[0])\n",
], ids=["list", "object", "error"])
def test_an_answer_of_the_wrong_type_is_told_what_is_asked_for(notebook, wrong):
    names, _, exercises, _, _ = notebook
    said = answered(names, exercises, lambda number: wrong)
    assert all(line.startswith("not yet: ") and "please" in line for line in said)
