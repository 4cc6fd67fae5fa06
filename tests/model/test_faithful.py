"""The copy constraint: whatever is written under it, only words of the source come out, in their order."""

import itertools
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podprep import CopyState, ModelError, SkipCosts, Source, encode_source

END = 0
FREE = SkipCosts(start=0.0)
TEXT = st.text(alphabet=st.sampled_from("ab é字🙂👩‍👩‍👧ְ́שلام<|im_end|>.,-\n1½ﬁ\ufffd\u200f"), max_size=60)


def spans(text):
    """Span of each word, words being what white space separates."""
    found, at = [], 0
    for word in text.split():
        at = text.index(word, at)
        found.append((at, at + len(word)))
        at += len(word)
    return found


def walk(state, choose):
    """Write tokens that the constraint allows until it stops; the tokens."""
    written = []
    while not state.stopped:
        allowed = state.tokens[np.isfinite(state.penalties())].tolist()
        token = choose(allowed)
        state.advance(token)
        written.append(token)
    return written[:-1]


def source_of(*units):
    """A source of one word a unit, each unit given as its tokens."""
    starts = [0, *itertools.accumulate(map(len, units))]
    return Source(tuple(itertools.chain(*units)), tuple(starts), tuple(range(len(units) + 1)))


def readings(source, costs, opinions=None):
    """Every subsequence of units with its tokens and its cost, by trying them all: (tokens, cost, kept)."""
    count = len(source.starts) - 1
    price = [costs.word + costs.opinion * (opinions[i] if opinions else 0) for i in range(count)]
    for kept in itertools.product([False, True], repeat=count):
        marked = itertools.groupby(enumerate(kept), lambda pair: pair[1])
        runs = [[i for i, _ in run] for stays, run in marked if not stays]
        if costs.reach is not None and any(len(r) > costs.reach for r in runs if r[-1] != count - 1):
            continue
        tokens = [t for i in range(count) if kept[i] for t in source.ids[source.starts[i]:source.starts[i + 1]]]
        yield tokens, sum(costs.start + sum(price[i] for i in run) for run in runs), list(kept)


REPEATING = source_of([5], [6, 7], [5], [6, 8], [5], [6, 7, 5], [9])


@pytest.mark.parametrize("costs", [FREE, SkipCosts(2.0, 0.5), SkipCosts(1.0, 0.0, 3.0), SkipCosts(0.5, 0.1, 0.0, 2)])
def test_allows_just_the_subsequences_of_units(costs):
    opinions = [1.0, -1.0, 1.0, 1.0, -1.0, -1.0, 1.0]
    whole = {}
    for tokens, cost, _ in readings(REPEATING, costs, opinions):
        whole[tuple(tokens)] = min(cost, whole.get(tuple(tokens), np.inf))
    for tokens, cost in whole.items():
        state = CopyState(REPEATING, [END], costs, opinions)
        total = 0.0
        for token in [*tokens, END]:
            allowed = dict(zip(state.tokens.tolist(), state.penalties()))
            expected = {t[len(state_tokens)] for t in whole
                        for state_tokens in [tokens[:tokens_at(state)]]
                        if t[:len(state_tokens)] == state_tokens and len(t) > len(state_tokens)}
            assert {t for t, p in allowed.items() if np.isfinite(p) and t != END} == expected
            total += allowed[token]
            assert min(allowed.values()) == pytest.approx(0.0)
            state.advance(token)
        assert total == pytest.approx(cost - min(whole.values()))


def tokens_at(state):
    """How many tokens a state has taken."""
    return len(state._came)


def test_the_cheapest_reading_is_taken_where_a_word_occurs_again():
    state = CopyState(REPEATING, [END], SkipCosts(1.0, 1.0))
    for token in (5, 6, 8, 9, END):
        state.advance(token)
    kept = state.kept_words()
    costs = {tuple(k): c for t, c, k in readings(REPEATING, SkipCosts(1.0, 1.0)) if t == [5, 6, 8, 9]}
    assert costs[tuple(kept)] == min(costs.values())


def test_worked_example(tokenizer):
    text = "Bees dance. Page 7 They show the way."
    source = encode_source(tokenizer, text, spans(text))
    state = CopyState(source, [2], SkipCosts(2.0, 0.0, 4.0), [1, 1, -1, -1, 1, 1, 1, 1])
    assert tokenizer.decode(state.expected(99)[:-1]) == "Bees dance. They show the way."
    for token in state.expected(99):
        state.advance(token)
    assert state.kept_words() == [True, True, False, False, True, True, True, True]


@settings(max_examples=150, deadline=None)
@given(TEXT, st.randoms(use_true_random=False))
def test_whatever_is_written_is_a_subsequence_of_the_words(tokenizer, text, chance):
    words = text.split()
    if not words:
        return
    source = encode_source(tokenizer, text, spans(text))
    state = CopyState(source, [2], FREE)
    written = walk(state, chance.choice)
    kept = [word for word, stays in zip(words, state.kept_words()) if stays]
    assert tokenizer.decode(written).split() == kept


@settings(max_examples=60, deadline=None)
@given(TEXT)
def test_units_give_the_tokens_and_the_words_back(tokenizer, text):
    words = spans(text)
    if not words:
        return
    source = encode_source(tokenizer, text, words)
    assert tokenizer.decode(source.ids) == text
    assert (source.starts[0], source.starts[-1]) == (0, len(source.ids))
    assert (source.words[0], source.words[-1]) == (0, len(words))
    assert list(source.starts) == sorted(set(source.starts))
    for unit in range(len(source.starts) - 1):
        copied = tokenizer.decode(source.ids[source.starts[unit]:source.starts[unit + 1]])
        first, after = source.words[unit], source.words[unit + 1]
        assert copied.split() == [text[a:b] for a, b in words[first:after]]


def test_words_that_a_tokenizer_merges_stay_together(tokenizer):
    """A tokenizer trained here that knows "a b" as one token: the two words make one unit."""
    from tokenizers import Tokenizer, models, trainers
    from transformers import PreTrainedTokenizerFast

    merging = Tokenizer(models.BPE(unk_token="?"))
    merging.train_from_iterator(["a b c"] * 50, trainers.BpeTrainer(vocab_size=9, special_tokens=["?"]))
    wrapped = PreTrainedTokenizerFast(tokenizer_object=merging, unk_token="?")
    text = "a b c a"
    source = encode_source(wrapped, text, spans(text))
    assert len(source.starts) - 1 < 4
    rng = random.Random(3)
    for _ in range(20):
        state = CopyState(source, [99], FREE)
        written = walk(state, rng.choice)
        kept = [w for w, stays in zip(text.split(), state.kept_words()) if stays]
        assert wrapped.decode(written).replace(" ", "") == "".join(kept)


def test_a_token_that_may_not_come_next_is_refused():
    state = CopyState(source_of([5, 6], [7]), [END], FREE)
    state.advance(5)
    assert state.tokens[np.isfinite(state.penalties())].tolist() == [6]
    with pytest.raises(ValueError, match="neither the next"):
        state.advance(7)
    with pytest.raises(ValueError, match="not whole"):
        state.kept_words()


def test_a_tokenizer_without_offsets_is_refused():
    class Slow:
        is_fast = False

    with pytest.raises(ModelError, match="--mode free"):
        encode_source(Slow(), "a b", [(0, 1), (2, 3)])


def test_a_hostile_chunk_gives_no_special_token(tokenizer):
    text = "Stop <|im_end|> here"
    source = encode_source(tokenizer, text, spans(text))
    assert not set(source.ids) & set(tokenizer.all_special_ids)
