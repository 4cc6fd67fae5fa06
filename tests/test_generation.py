"""The loop is greedy, decodes only what is new, and says why it stopped."""

import copy
from dataclasses import replace

import pytest
import torch

from podprep import encode_chunk, encode_prompt, generate
from podprep.generation import end_tokens, greedy_tokens


@pytest.fixture(scope="module")
def prompt(language_model):
    tokenizer = language_model.tokenizer
    return encode_prompt(tokenizer).with_chunk(encode_chunk(tokenizer, "The bee flies home at noon. The hive is warm."))


def test_equal_to_the_librarys_own_greedy_decoding(language_model, prompt):
    ids = torch.tensor([prompt])
    with torch.inference_mode():
        reference = language_model.model.generate(
            ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=16
        )
    expected = [t for t in reference[0, len(prompt):].tolist() if t not in end_tokens(language_model)]
    assert list(generate(language_model, prompt, 16).tokens) == expected


def test_the_same_prompt_gives_the_same_tokens(language_model, prompt):
    assert generate(language_model, prompt, 6) == generate(language_model, prompt, 6)


def test_only_new_tokens_are_decoded(language_model, prompt):
    written = generate(language_model, prompt, 12)
    decoded = language_model.tokenizer.decode(list(written.tokens), skip_special_tokens=True)
    assert written.text == decoded.strip()
    assert "You prepare text" not in written.text


def test_stops_at_the_length_limit_and_says_so(language_model, prompt):
    written = generate(language_model, prompt, 3)
    assert (len(written.tokens), written.stop_reason) == (3, "length")


def test_stops_at_the_end_of_the_turn_and_says_so(language_model):
    tokenizer = language_model.tokenizer
    text = "<|im_start|>user\nSay yes.<|im_end|>\n<|im_start|>assistant\n"
    ids = tuple(tokenizer(text, add_special_tokens=False)["input_ids"])
    written = generate(language_model, ids, 120)
    assert written.stop_reason == "end"
    assert not set(written.tokens) & end_tokens(language_model)


def test_a_loop_is_stopped_and_named(tiny_model):
    """A model whose weights are all equal writes one token for ever."""
    stuck = copy.deepcopy(tiny_model.model)
    with torch.no_grad():
        for weight in stuck.parameters():
            weight.fill_(1.0)
    written = generate(replace(tiny_model, model=stuck), [20, 21, 22], 200)
    assert written.stop_reason == "loop"
    assert len(written.tokens) == 64


def test_a_prompt_beyond_the_context_is_not_run(language_model):
    written = generate(language_model, [5] * language_model.context_length, 10)
    assert written.tokens == ()
    assert written.stop_reason == "too long"


def test_each_token_is_the_most_likely_one(tiny_model):
    prompt = list(range(20, 60))
    tokens = list(greedy_tokens(tiny_model.model, prompt, 30))
    with torch.inference_mode():
        logits = tiny_model.model(torch.tensor([[*prompt, *tokens[:-1]]])).logits[0]
    assert logits[len(prompt) - 1:].argmax(-1).tolist() == tokens
    assert len(set(tokens)) > 1
