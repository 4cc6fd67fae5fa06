"""Faithful decoding in vLLM: a logits-processor plugin around podprep's copy constraint, switched on per request.

    vllm serve MODEL --logits-processors podprep.vllm:CopyLogitsProcessor

A request that carries a task (`CopyTask.to_json()`) as its extra argument "podprep" can only copy the task's source,
skip ahead or stop; all others are left alone. Over HTTP the argument goes into `vllm_xargs`, in Python into
`SamplingParams.extra_args`. This module needs vLLM, which podprep does not install.
"""

from __future__ import annotations

from vllm.sampling_params import SamplingParams
from vllm.v1.sample.logits_processor import AdapterLogitsProcessor

from .errors import SettingsError
from .model import CopyFollower, CopyTask

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

    def new_req_logits_processor(self, params: SamplingParams) -> CopyFollower | None:
        """What follows a request that carries a task."""
        task = _task(params)
        return None if task is None else CopyFollower(task.state())


def _task(params: SamplingParams) -> CopyTask | None:
    """The task that a request carries, if any."""
    given = (params.extra_args or {}).get(ARGUMENT)
    if given is None:
        return None
    if not isinstance(given, str):
        raise SettingsError("The argument podprep is no JSON text: make it with CopyTask.")
    return CopyTask.from_json(given)
