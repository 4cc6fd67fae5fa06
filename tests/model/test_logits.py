"""podprep's loop writes token for token what `model.generate` writes: free, and under the copy constraint."""

from dataclasses import replace

import pytest
import torch
import transformers
from transformers import LogitsProcessorList

from podprep import CopyProcessor, CopyState, Generator, SkipCosts, encode_prompt, encode_source, load_model
from podprep.model import CopyFollower, CopyTask, FaithfulGuide, FreeGuide, end_tokens

TEXT = (
    "River Notes 7 (2021) 3 The heron waits in shallow water (Lund, 2009). It stands on one leg for an hour. "
    "Then it takes a fish. Table 1. Herons a day 3 4 1 9 The fish are small, and the heron is patient. "
    "We saw the heron at the weir and the heron at the mill [2,3]. anna@weir.example The mill is old. "
)
COSTS = [SkipCosts(), SkipCosts(0.0), SkipCosts(1.0, 0.2, reach=5), SkipCosts(1.0, 0.0, 2.0)]


def tiny(language_model, kind):
    """A model of two blocks with random weights that uses the embedded model's tokenizer."""
    torch.manual_seed(4)
    configuration = getattr(transformers, f"{kind}Config")(
        hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        vocab_size=len(language_model.tokenizer), max_position_embeddings=2048, initializer_range=0.3,
    )
    model = getattr(transformers, f"{kind}ForCausalLM")(configuration).eval()
    model.generation_config.eos_token_id = language_model.tokenizer.eos_token_id
    model.generation_config.pad_token_id = language_model.tokenizer.pad_token_id
    return replace(language_model, model=model)


@pytest.fixture(scope="module", params=["Llama", "Qwen2"])
def tiny_one(request, language_model):
    return tiny(language_model, request.param)


@pytest.fixture(scope="module")
def exact_model():
    """The embedded model in float32, in which the order of sums hardly matters."""
    return load_model(device="cpu", dtype=torch.float32)


def sources(tokenizer, count):
    """Pieces of the text, each a few words further on."""
    words = TEXT.split()
    for first in range(count):
        piece = words[first % 40:first % 40 + 12 + first % 17]
        text, spans = " ".join(piece), []
        for word in piece:
            start = spans[-1][1] + 1 if spans else 0
            spans.append((start, start + len(word)))
        yield encode_source(tokenizer, text, spans)


def opinions(source):
    return [-1.0 if i % 5 == 3 else 1.0 for i in range(source.words[-1])]


def by_library(language_model, prompt, limit, processor=None):
    ids = torch.tensor([prompt])
    processors = LogitsProcessorList([processor] if processor else [])
    with torch.inference_mode():
        out = language_model.model.generate(
            ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=limit, logits_processor=processors
        )
    ends = end_tokens(language_model)
    return [token for token in out[0, len(prompt):].tolist() if token not in ends]


def check_faithful(language_model, count, costs, draft_lengths):
    encoded, ends = encode_prompt(language_model.tokenizer), end_tokens(language_model)
    reusing = [Generator(language_model, encoded.prefix, length) for length in draft_lengths]
    anew = Generator(language_model, draft_length=draft_lengths[-1])
    for source in sources(language_model.tokenizer, count):
        def state(source=source):
            return CopyState(source, ends, costs, opinions(source))

        whole = encoded.with_chunk(source.ids)
        expected = by_library(language_model, whole, len(source.ids) + 1, CopyProcessor([state()]))
        for generator in reusing:
            written = generator.generate([whole[len(encoded.prefix):]], [FaithfulGuide(state())])[0]
            assert list(written.tokens) == expected
        assert list(anew.generate([whole], [FaithfulGuide(state())])[0].tokens) == expected


@pytest.mark.parametrize("costs", COSTS)
def test_faithful_decoding_equals_the_librarys(tiny_one, costs):
    check_faithful(tiny_one, 6, costs, (0, 5, 96))


def test_faithful_decoding_equals_the_librarys_on_the_embedded_model(exact_model):
    check_faithful(exact_model, 1, SkipCosts(0.0), (0, 4, 96))


def test_free_decoding_equals_the_librarys(tiny_one):
    encoded, ends = encode_prompt(tiny_one.tokenizer), end_tokens(tiny_one)
    for source in sources(tiny_one.tokenizer, 6):
        whole = encoded.with_chunk(source.ids)
        expected = by_library(tiny_one, whole, 40)
        for length in (0, 3, 20):
            guide = FreeGuide(source.ids, ends, 40)
            generator = Generator(tiny_one, encoded.prefix, length)
            assert list(generator.generate([whole[len(encoded.prefix):]], [guide])[0].tokens) == expected


def test_free_decoding_equals_the_librarys_on_the_embedded_model(exact_model):
    encoded, ends = encode_prompt(exact_model.tokenizer), end_tokens(exact_model)
    for source in list(sources(exact_model.tokenizer, 5))[::4]:
        whole = encoded.with_chunk(source.ids)
        guide = FreeGuide(source.ids, ends, 60)
        written = Generator(exact_model, encoded.prefix, 24).generate([whole[len(encoded.prefix):]], [guide])[0]
        expected = by_library(exact_model, whole, 60)
        assert list(written.tokens) == expected[:len(written.tokens)]
        assert written.stop_reason == "loop" or len(written.tokens) == len(expected)
        assert written.drafted > 0


def test_side_by_side_each_row_is_as_alone(tiny_one):
    encoded, ends = encode_prompt(tiny_one.tokenizer), end_tokens(tiny_one)
    some = list(sources(tiny_one.tokenizer, 7))
    generator = Generator(tiny_one, encoded.prefix, 6)
    prompts = [source.ids + encoded.suffix for source in some]

    def guides():
        return [FaithfulGuide(CopyState(source, ends, SkipCosts(0.0))) for source in some]

    together = generator.generate(prompts, guides())
    alone = [generator.generate([prompt], [guide])[0] for prompt, guide in zip(prompts, guides())]
    assert [g.tokens for g in together] == [g.tokens for g in alone]
    assert len({len(g.tokens) for g in together}) > 1


def test_the_processor_takes_a_batch(tiny_one):
    tokenizer, ends = tiny_one.tokenizer, end_tokens(tiny_one)
    some = list(sources(tokenizer, 3))
    encoded = encode_prompt(tokenizer)
    prompts = [list(encoded.with_chunk(source.ids)) for source in some]
    width = max(map(len, prompts))
    ids = torch.tensor([[0] * (width - len(p)) + p for p in prompts])
    mask = torch.tensor([[0] * (width - len(p)) + [1] * len(p) for p in prompts])
    states = [CopyState(source, ends, SkipCosts(0.5)) for source in some]
    with torch.inference_mode():
        out = tiny_one.model.generate(
            ids, attention_mask=mask, do_sample=False, max_new_tokens=60,
            logits_processor=LogitsProcessorList([CopyProcessor(states)]),
        )[:, width:].tolist()
    for row, source, prompt in zip(out, some, prompts):
        alone = by_library(tiny_one, prompt, 60, CopyProcessor([CopyState(source, ends, SkipCosts(0.5))]))
        assert [token for token in row if token not in ends][:len(alone)] == alone


def test_the_processor_follows_beams(tiny_one):
    source = next(sources(tiny_one.tokenizer, 1))
    prompt = encode_prompt(tiny_one.tokenizer).with_chunk(source.ids)
    ids = torch.tensor([prompt])
    ends = end_tokens(tiny_one)
    with torch.inference_mode():
        out = tiny_one.model.generate(
            ids, attention_mask=torch.ones_like(ids), do_sample=False, num_beams=3, num_return_sequences=3,
            max_new_tokens=40, logits_processor=LogitsProcessorList([CopyProcessor([CopyState(source, ends, SkipCosts())])]),
        )[:, len(prompt):].tolist()
    for row in out:
        state = CopyState(source, ends, SkipCosts())
        for token in row:
            if not state.stopped:
                state.advance(token)
        assert state.stopped


@pytest.mark.parametrize("costs", COSTS)
def test_a_follower_of_one_request_does_what_the_processor_does(language_model, costs):
    """As a server's plugin is called: with what was written so far, and the logits of what comes next."""
    ends = end_tokens(language_model)
    for source in sources(language_model.tokenizer, 6):
        state = CopyState(source, ends, costs, opinions(source))
        task = CopyTask(source, tuple(ends), costs, tuple(opinions(source)))
        follower = CopyFollower(CopyTask.from_json(task.to_json()).state())
        written = []
        while not state.stopped:
            logits = torch.randn(len(language_model.tokenizer), generator=torch.Generator().manual_seed(len(written)))
            wanted = CopyProcessor([state])(torch.zeros(1, 0, dtype=torch.long), logits[None].clone())[0]
            assert torch.equal(follower(written, logits), wanted)
            written.append(int(wanted.argmax()))
            state.advance(written[-1])
        free = torch.randn(len(language_model.tokenizer))
        assert torch.equal(follower(written, free.clone()), free)
