"""The loop stops for a reason, counts its passes, and writes only what is new. Equality is in `test_logits`."""

import copy
from dataclasses import replace

import pytest
import torch

from podprep import Generator, encode_chunk, encode_prompt, generate
from podprep.model import FreeGuide, end_tokens


@pytest.fixture(scope="module")
def prompt(language_model):
    tokenizer = language_model.tokenizer
    return encode_prompt(tokenizer).with_chunk(encode_chunk(tokenizer, "The bee flies home at noon. The hive is warm."))


def test_the_same_prompt_gives_the_same_tokens(language_model, prompt):
    assert generate(language_model, prompt, 6) == generate(language_model, prompt, 6)


def test_only_new_tokens_are_written(language_model, prompt):
    written = generate(language_model, prompt, 12)
    assert len(written.tokens) <= 12
    assert "You prepare text" not in language_model.decode(written.tokens)


def test_stops_at_the_length_limit_and_says_so(language_model, prompt):
    written = generate(language_model, prompt, 3)
    assert (len(written.tokens), written.stop_reason) == (3, "length")


def test_stops_at_the_end_of_the_turn_and_says_so(language_model):
    text = "<|im_start|>user\nSay yes.<|im_end|>\n<|im_start|>assistant\n"
    ids = tuple(language_model.tokenizer(text, add_special_tokens=False)["input_ids"])
    written = generate(language_model, ids, 120)
    assert written.stop_reason == "end"
    assert not set(written.tokens) & end_tokens(language_model)


def test_a_copying_answer_takes_fewer_passes_than_tokens(language_model, prompt):
    source = encode_chunk(language_model.tokenizer, "The bee flies home at noon. The hive is warm.")
    written = generate(language_model, prompt, len(source) + 8, source)
    assert written.passes + written.drafted in (len(written.tokens), len(written.tokens) + 1)
    assert written.passes < len(written.tokens) / 2


@pytest.fixture(scope="module")
def stuck_model(tiny_model):
    """A model whose weights are all equal writes one token for ever."""
    stuck = copy.deepcopy(tiny_model.model)
    with torch.no_grad():
        for weight in stuck.parameters():
            weight.fill_(1.0)
    return replace(tiny_model, model=stuck)


def test_a_loop_is_stopped_and_named(stuck_model):
    written = generate(stuck_model, [20, 21, 22], 200)
    assert written.stop_reason == "loop"
    assert len(written.tokens) == 64


def test_a_loop_is_drafted_from_itself(stuck_model):
    assert generate(stuck_model, [20, 21, 22], 200).passes < 20


def test_a_prompt_beyond_the_context_is_not_run(language_model):
    written = generate(language_model, [5] * language_model.context_length, 10)
    assert (written.tokens, written.stop_reason, written.passes) == ((), "too long", 0)


def test_one_prompt_too_long_does_not_hold_up_the_others(tiny_model):
    guides = [FreeGuide((), frozenset(), 8) for _ in range(3)]
    answers = Generator(tiny_model).generate([[20, 21], [22] * 255, [23]], guides)
    assert [a.stop_reason for a in answers] == ["length", "too long", "length"]


def test_each_token_is_the_most_likely_one(tiny_model):
    prompt = list(range(20, 60))
    tokens = list(generate(tiny_model, prompt, 30).tokens)
    with torch.inference_mode():
        logits = tiny_model.model(torch.tensor([[*prompt, *tokens[:-1]]])).logits[0]
    assert logits[len(prompt) - 1:].argmax(-1).tolist() == tokens
    assert len(set(tokens)) > 1
