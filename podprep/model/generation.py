"""The generation loop: greedy decoding that checks a draft in one forward pass, for one chunk or several.

The prompt's prefix, the same for every chunk, is run once and its KV cache is used again. Then each
pass feeds what is not in the cache yet and a draft of what may follow; tokens are chosen from the
logits one by one, and the pass counts up to the first one that differs from the draft. In exact
arithmetic the outcome is that of plain greedy decoding. What is chosen and drafted is in `guides`;
nothing is decoded back to text here.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from transformers import DynamicCache

from .answers import Generation
from .guides import FreeGuide, Guide
from .loader import LanguageModel

DRAFT_LENGTH = 96  # tokens; costs about as much time as one more pass on two cores


class Generator:
    """Decodes prompts that share a prefix, one by one or side by side.

    Args:
        language_model: the loaded model.
        prefix: token ids that every prompt begins with; may be empty.
        draft_length: most tokens drafted for one pass; 0 decodes token by token.
    """

    def __init__(
        self, language_model: LanguageModel, prefix: Sequence[int] = (), draft_length: int = DRAFT_LENGTH
    ) -> None:
        self._model, self._room = language_model.model, language_model.context_length - len(prefix)
        self._prefix_length, self._draft_length = len(prefix), draft_length
        self._prefix = DynamicCache()
        if prefix:
            with torch.inference_mode():
                ids = torch.tensor([list(prefix)], device=self._model.device)
                self._model(input_ids=ids, past_key_values=self._prefix, use_cache=True, logits_to_keep=1)

    def generate(self, prompts: Sequence[Sequence[int]], guides: Sequence[Guide]) -> list[Generation]:
        """Decode prompts side by side until each guide stops.

        Args:
            prompts: token ids of each prompt after the prefix.
            guides: one for each prompt; what is written ends up in it, too.
        """
        everyone = [_Row(guide, list(prompt), self._prefix_length) for prompt, guide in zip(prompts, guides)]
        rows = [row for row in everyone if len(row.pending) + row.guide.limit <= self._room]
        if rows:
            self._decode(rows)
        return [row.result() for row in everyone]

    def _decode(self, rows: list[_Row]) -> None:
        cache = _SharedCache(self._prefix, self._prefix_length, len(rows))
        while rows:
            for row in rows:
                row.draft = row.guide.draft(self._draft_length)
            for row, logits in zip(rows, cache.run(self._model, rows)):
                row.accept(logits)
            cache.drop_rejected(rows)
            going = [i for i, row in enumerate(rows) if row.guide.stop_reason is None]
            if len(going) < len(rows):
                cache.select(going)
                rows = [rows[i] for i in going]


@dataclass
class _Row:
    """One prompt being decoded.

    Attributes:
        guide: chooses and drafts.
        pending: tokens that are not in the cache yet: the prompt, later the last token chosen.
        length: tokens of this row that the cache holds.
        draft: tokens fed after the pending ones, to be checked.
        accepted: how many of them were chosen.
    """

    guide: Guide
    pending: list[int]
    length: int
    draft: list[int] = field(default_factory=list)
    accepted: int = 0
    passes: int = 0
    drafted: int = 0

    def accept(self, logits: torch.Tensor) -> None:
        """Choose tokens from the logits after the pending tokens and each drafted one, until one differs."""
        self.length += len(self.pending)
        self.passes, self.accepted = self.passes + 1, 0
        for drafted, row in zip([*self.draft, None], self.guide.reduce(logits)):
            token = self.guide.choose(row)
            self.guide.write(token)
            if token != drafted or self.guide.stop_reason is not None:
                break
            self.accepted += 1
        self.pending = [token]
        self.length += self.accepted
        self.drafted += self.accepted

    def result(self) -> Generation:
        """What came of it; a row that was never run is too long for the model."""
        return Generation(tuple(self.guide.tokens), self.guide.stop_reason or "too long", self.passes, self.drafted)


class _SharedCache:
    """The KV cache of several rows, in which columns that do not count for a row are masked."""

    def __init__(self, prefix: DynamicCache, length: int, rows: int) -> None:
        self._cache = copy.deepcopy(prefix)
        if length:
            self._cache.batch_repeat_interleave(rows)
        self._mask = torch.ones(rows, length, dtype=torch.long)

    def run(self, model: Any, rows: Sequence[_Row]) -> list[torch.Tensor]:
        """Feed each row its pending and drafted tokens; the logits after the last pending and each drafted one."""
        fed = [row.pending + row.draft for row in rows]
        width = max(map(len, fed))
        ids, positions, mask = (torch.zeros(len(rows), width, dtype=torch.long) for _ in range(3))
        for i, (row, tokens) in enumerate(zip(rows, fed)):
            ids[i, width - len(tokens):] = torch.tensor(tokens)
            positions[i, width - len(tokens):] = torch.arange(row.length, row.length + len(tokens))
            mask[i, width - len(tokens):] = 1
        self._mask = torch.cat([self._mask, mask], 1)
        with torch.inference_mode():
            logits = model(
                input_ids=ids.to(model.device), position_ids=positions.to(model.device),
                attention_mask=self._mask.to(model.device), past_key_values=self._cache, use_cache=True,
                logits_to_keep=max(len(row.draft) for row in rows) + 1,
            ).logits
        return [logits[i, -len(row.draft) - 1:] for i, row in enumerate(rows)]

    def drop_rejected(self, rows: Sequence[_Row]) -> None:
        """Mask the drafted tokens that were not chosen; columns that count for no row go."""
        rejected = [len(row.draft) - row.accepted for row in rows]
        columns = self._mask.shape[1]
        for i, count in enumerate(rejected):
            self._mask[i, columns - count:] = 0
        self._cache.crop(-min(rejected))
        self._mask = self._mask[:, :columns - min(rejected)]

    def select(self, rows: list[int]) -> None:
        """Go on with these rows only."""
        if rows:
            self._cache.batch_select_indices(torch.tensor(rows))
            self._mask = self._mask[rows]


def generate(
    language_model: LanguageModel, prompt: Sequence[int], max_new_tokens: int, source: Sequence[int] = ()
) -> Generation:
    """Decode one whole prompt greedily until the model ends its turn, repeats itself, or the limit is met.

    Args:
        language_model: the loaded model.
        prompt: token ids of the whole prompt.
        max_new_tokens: most tokens to write.
        source: token ids that the answer is likely to copy; they make it faster, never different.
    """
    guide = FreeGuide(source, end_tokens(language_model), max_new_tokens)
    return Generator(language_model).generate([prompt], [guide])[0]


def end_tokens(language_model: LanguageModel) -> frozenset[int]:
    """Ids that end the model's turn, from its generation settings and its tokenizer."""
    configured = language_model.model.generation_config.eos_token_id
    ids = configured if isinstance(configured, (list, tuple)) else [configured]
    return frozenset(i for i in [*ids, language_model.tokenizer.eos_token_id] if i is not None)
