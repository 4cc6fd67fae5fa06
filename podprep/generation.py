"""The generation loop: greedy decoding with a KV cache, token by token, and why it stopped.

Works on token ids of one chunk. The loop is plain and exact; it has no sampling, and it never
decodes the prompt back. Prompts are in `prompts`, checks of the result in `fidelity`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from transformers import DynamicCache

from .models import LanguageModel

_LOOP_WINDOW = 32  # tokens that, written twice alike, count as a loop


@dataclass(frozen=True, slots=True)
class Generation:
    """What the model wrote for one prompt.

    Attributes:
        text: the new tokens decoded, special tokens left out.
        tokens: the new token ids, without the end token.
        stop_reason: "end" (the model ended its turn), "length" (the limit), "loop" (it repeats
            itself) or "too long" (the prompt does not fit the model's context).
    """

    text: str
    tokens: tuple[int, ...]
    stop_reason: str


def generate(language_model: LanguageModel, prompt: Sequence[int], max_new_tokens: int) -> Generation:
    """Decode greedily after a prompt until the model ends its turn or a limit is met.

    Args:
        language_model: the loaded model.
        prompt: token ids of the whole prompt, one chunk.
        max_new_tokens: most tokens to write.
    """
    if len(prompt) + max_new_tokens > language_model.context_length:
        return Generation("", (), "too long")
    ends = end_tokens(language_model)
    tokens: list[int] = []
    reason = "length"
    for token in greedy_tokens(language_model.model, prompt, max_new_tokens):
        if token in ends:
            reason = "end"
            break
        tokens.append(token)
        if _loops(tokens):
            reason = "loop"
            break
    text = language_model.tokenizer.decode(tokens, skip_special_tokens=True)
    return Generation(text.strip(), tuple(tokens), reason)


def _loops(tokens: Sequence[int]) -> bool:
    """Whether the last window of tokens was written once before."""
    window = list(tokens[-_LOOP_WINDOW:])
    starts = range(len(tokens) - 2 * _LOOP_WINDOW + 1)
    return any(tokens[i] == window[0] and list(tokens[i:i + _LOOP_WINDOW]) == window for i in starts)


def greedy_tokens(model: Any, prompt: Sequence[int], limit: int) -> Iterator[int]:
    """Yield up to `limit` token ids, each the most likely one after the prompt and those before it."""
    cache = DynamicCache(config=model.config)
    ids = torch.tensor([list(prompt)], device=model.device)
    for _ in range(limit):
        with torch.inference_mode():
            logits = model(input_ids=ids, past_key_values=cache, use_cache=True, logits_to_keep=1).logits
        ids = logits[:, -1].argmax(-1, keepdim=True)
        yield int(ids)


def end_tokens(language_model: LanguageModel) -> frozenset[int]:
    """Ids that end the model's turn, from its generation settings and its tokenizer."""
    configured = language_model.model.generation_config.eos_token_id
    ids = configured if isinstance(configured, (list, tuple)) else [configured]
    return frozenset(i for i in [*ids, language_model.tokenizer.eos_token_id] if i is not None)
