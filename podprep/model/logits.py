"""The copy constraint for `model.generate`: a logits processor, batched, for loops other than podprep's own.

    processor = CopyProcessor([CopyState(source, ends, SkipCosts())])
    model.generate(ids, do_sample=False, logits_processor=LogitsProcessorList([processor]))

The constraint itself is in `faithful`; podprep's own loop does the same in fewer forward passes.
"""

import copy
from collections.abc import Sequence

import torch
from transformers import LogitsProcessor

from .faithful import CopyState


class CopyProcessor(LogitsProcessor):  # type: ignore[misc]
    """Allows each row of a batch only what its source allows, at what skipping costs.

    Works with greedy decoding, sampling and beams; rows follow their states by what was written.

    Args:
        states: the constraint for each prompt of the batch, at the source's beginning.
    """

    def __init__(self, states: Sequence[CopyState]) -> None:
        self._fresh = list(states)
        self._prompt_length: int | None = None
        self._rows: list[tuple[list[int], CopyState]] = []

    def __call__(self, input_ids: torch.LongTensor, scores: torch.FloatTensor) -> torch.FloatTensor:
        """Scores (rows, vocabulary) less penalties; minus infinity where a token may not come next."""
        if self._prompt_length is None:
            self._prompt_length = input_ids.shape[1]
        if len(self._rows) != len(input_ids):
            self._rows = [([], copy.deepcopy(self._fresh[i])) for i in self._prompts(len(input_ids))]
        written = input_ids[:, self._prompt_length:].tolist()
        self._rows = [self._follow(row, prompt, tokens)
                      for row, prompt, tokens in zip(self._rows, self._prompts(len(written)), written)]
        allowed = torch.full_like(scores, -torch.inf)
        for i, (_, state) in enumerate(self._rows):
            if state.stopped:
                allowed[i] = scores[i]
                continue
            tokens = torch.as_tensor(state.tokens, device=scores.device)
            penalties = torch.as_tensor(state.penalties(), dtype=scores.dtype, device=scores.device)
            allowed[i, tokens] = scores[i, tokens] - penalties
        return allowed

    def _prompts(self, rows: int) -> list[int]:
        """Which prompt each row belongs to: beams of one prompt stand side by side."""
        return [row * len(self._fresh) // rows for row in range(rows)]

    def _follow(self, row: tuple[list[int], CopyState], prompt: int, tokens: list[int]) -> tuple[list[int], CopyState]:
        """The row's state after these tokens; a beam that took another's place starts over."""
        seen, state = row
        if tokens[:len(seen)] != seen:
            seen, state = [], copy.deepcopy(self._fresh[prompt])
        for token in tokens[len(seen):]:
            if not state.stopped:
                state.advance(token)
        return tokens, state


class CopyFollower:
    """The same for one request of a loop that gives what was written for it and the logits of what comes next.

    Args:
        state: the constraint at the source's beginning.
    """

    def __init__(self, state: CopyState) -> None:
        self._state, self._seen = state, 0

    def __call__(self, written: list[int], logits: torch.Tensor) -> torch.Tensor:
        """Logits (vocabulary) less penalties; minus infinity where a token may not come next.

        Args:
            written: token ids written so far.
            logits: of the next one; changed in place.
        """
        state = self._state
        for token in written[self._seen:]:
            if not state.stopped:
                state.advance(token)
        self._seen = len(written)
        if not state.stopped:
            tokens = torch.as_tensor(state.tokens, device=logits.device)
            penalties = torch.as_tensor(state.penalties(), dtype=logits.dtype, device=logits.device)
            allowed = logits[tokens] - penalties
            logits.fill_(-torch.inf)
            logits[tokens] = allowed
        return logits
