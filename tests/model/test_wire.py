"""A task goes to a server and comes back the same; what is no task is one sentence."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import PROPERTY

from podprep import SettingsError, SkipCosts, Source
from podprep.model import CopyTask

TASK = CopyTask(Source((5, 6, 7), (0, 2, 3), (0, 1, 3)), (2,), SkipCosts(reach=4), (1.0, -1.0, 0.5))


def test_a_task_comes_back_as_it_went():
    assert CopyTask.from_json(TASK.to_json()) == TASK
    assert CopyTask.from_json(TASK.to_json()).state().expected(9) == TASK.state().expected(9)


@pytest.mark.parametrize("change", [
    {"ends": []}, {"ends": [-1]}, {"opinions": [1.0]}, {"source": {"ids": [5], "starts": [0, 2], "words": [0, 1]}},
    {"source": {"ids": [5, 6], "starts": [0, 1, 1, 2], "words": [0, 1, 2, 3]}}, {"source": {"ids": [], "starts": [0], "words": [0]}},
    {"source": {"ids": [5], "starts": [0, 1], "words": [0, 1 << 40]}}, {"costs": "free"}, {"costs": {"reach": -1}},
])
def test_parts_that_do_not_fit_are_refused(change):
    with pytest.raises(SettingsError, match="make it with CopyTask"):
        CopyTask.from_json(json.dumps(json.loads(TASK.to_json()) | change))


@PROPERTY
@given(st.one_of(st.text(), st.recursive(st.none() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)).map(json.dumps)))
def test_what_is_no_task_is_one_sentence(text):
    with pytest.raises(SettingsError, match="make it with CopyTask"):
        CopyTask.from_json(text)
