"""The plugin in vLLM itself, where that is installed: copying, refusing, and leaving other requests alone."""

import pytest

vllm = pytest.importorskip("vllm", reason="vLLM is not installed")


def test_a_request_with_a_task_copies_and_others_are_left_alone(tmp_path):
    from podprep import Source
    from podprep.model import CopyTask
    from podprep.vllm import CopyLogitsProcessor

    task = CopyTask(Source((5, 6, 7), (0, 2, 3), (0, 1, 2)), (2,))
    given = vllm.SamplingParams(extra_args={"podprep": task.to_json()})
    CopyLogitsProcessor.validate_params(given)
    processor = CopyLogitsProcessor(None, "cpu", False)
    assert not processor.is_argmax_invariant()
    assert processor.new_req_logits_processor(vllm.SamplingParams()) is None
    assert processor.new_req_logits_processor(given) is not None
    for bad in ("{}", 3):
        with pytest.raises(ValueError, match="make it with CopyTask"):
            CopyLogitsProcessor.validate_params(vllm.SamplingParams(extra_args={"podprep": bad}))
