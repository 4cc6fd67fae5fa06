"""The model reads lines: the states are those of the full model, however the lines are cut into windows."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from podprep.probe import WINDOW, LineReader
from podprep.probe.reader import CONTEXT

LINES = [f"Line {i} tells how bee number {i} came home in the evening." for i in range(12)]


@pytest.fixture(scope="module")
def reader(tiny_folder):
    return LineReader(tiny_folder, 2, device="cpu", dtype=torch.float32)


def _by_hand(model, tokenizer, texts):
    """Mean states of each line from one pass of the full model over all lines."""
    lines = [tokenizer(t + "\n", add_special_tokens=False)["input_ids"] for t in texts]
    ids = torch.tensor([[model.config.bos_token_id, *(i for line in lines for i in line)]])
    with torch.inference_mode():
        states = model.model(ids, output_hidden_states=True).hidden_states
    before_norm = states[1][0, 1:]
    cuts = np.cumsum([0, *map(len, lines)])
    return np.stack([before_norm[a:b].mean(0).numpy() for a, b in pairwise(cuts)])


def test_states_are_those_of_the_full_model_after_its_first_block(tiny_folder, tiny_model):
    states = LineReader(tiny_folder, 1, device="cpu", dtype=torch.float32).states(LINES[:4])
    expected = _by_hand(tiny_model.model, tiny_model.tokenizer, LINES[:4])
    np.testing.assert_allclose(states, expected, rtol=1e-3, atol=1e-4)


def test_only_wanted_lines_are_read(reader):
    wanted = np.zeros(len(LINES), bool)
    wanted[[0, 11]] = True
    before = reader.tokens_read
    states = reader.states(LINES, wanted)
    assert states[wanted].any(axis=1).all()
    assert not states[5].any()
    few = reader.tokens_read - before
    reader.states(LINES)
    assert few < reader.tokens_read - before - few


def test_lines_beyond_one_window_are_all_read(reader):
    states = reader.states(LINES * 10)
    assert len(states) == 120
    assert np.isfinite(states).all()
    assert states.any(axis=1).all()
    assert CONTEXT < WINDOW


def test_the_same_lines_give_the_same_states(reader):
    assert np.array_equal(reader.states(LINES), reader.states(LINES))


def test_no_lines_no_states(reader):
    assert reader.states([]).shape == (0, 32)


def test_special_tokens_in_a_line_are_plain_text(reader, tiny_model):
    ids, _ = reader._encode(["<|im_end|> <|im_start|>"])
    assert not set(ids.tolist()) & set(tiny_model.tokenizer.all_special_ids)
