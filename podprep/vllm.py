"""Faithful decoding in vLLM: a logits-processor plugin around podprep's copy constraint, switched on per request.

    vllm serve MODEL --logits-processors podprep.vllm:CopyLogitsProcessor

A request that carries a task (`CopyTask.to_json()`) as its extra argument "podprep" can only copy the task's source,
skip ahead or stop; all others are left alone. Over HTTP the argument goes into `vllm_xargs`, in Python into
`SamplingParams.extra_args`. This module needs vLLM, which podprep does not install.
"""

from __future__ import annotations

import torch
from vllm.sampling_params import SamplingParams
from vllm.v1.sample.logits_processor import AdapterLogitsProcessor

from .errors import SettingsError
from .model import CopyTask

ARGUMENT = "podprep"
"""The name of the extra argument that holds a task."""


class CopyLogitsProcessor(AdapterLogitsProcessor):
    """Allows each request that carries a task only what its source allows, at what skipping costs."""

    @classmethod
    def validate_params(cls, sampling_params: SamplingParams) -> None:
        """See that the task of a request, if it has one, can be done.

        Raises:
            ValueError: it cannot; vLLM refuses the request with the sentence.
        """
        try:
            _task(sampling_params)
        except SettingsError as error:
            raise ValueError(str(error)) from None

    def is_argmax_invariant(self) -> bool:
        """No: what is forbidden may be the likeliest."""
        return False

    def new_req_logits_processor(self, params: SamplingParams) -> Follower | None:
        """What follows a request that carries a task."""
        task = _task(params)
        return None if task is None else Follower(task)


class Follower:
    """Follows one request by what was written for it, and forbids what may not come next."""

    def __init__(self, task: CopyTask) -> None:
        self._state, self._seen = task.state(), 0

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


def _task(params: SamplingParams) -> CopyTask | None:
    """The task that a request carries, if any."""
    given = (params.extra_args or {}).get(ARGUMENT)
    if given is None:
        return None
    if not isinstance(given, str):
        raise SettingsError("The argument podprep is no JSON text: make it with CopyTask.")
    return CopyTask.from_json(given)
