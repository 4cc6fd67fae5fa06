"""The plugin against vLLM's own interface, where that is installed: copying, refusing, leaving other requests alone."""

import pytest

vllm = pytest.importorskip("vllm", reason="vLLM is not installed")


def test_a_request_with_a_task_copies_and_others_are_left_alone():
    import torch
    from vllm.v1.sample.logits_processor import BatchUpdate

    from podprep import Source
    from podprep.model import CopyTask
    from podprep.vllm import CopyLogitsProcessor

    task = CopyTask(Source((5, 6, 7), (0, 2, 3), (0, 1, 2)), (2,))
    given = vllm.SamplingParams(extra_args={"podprep": task.to_json()})
    CopyLogitsProcessor.validate_params(given)
    processor = CopyLogitsProcessor(None, "cpu", False)
    assert not processor.is_argmax_invariant()
    written, logits = [], torch.zeros(2, 10)
    processor.update_state(BatchUpdate(batch_size=2, removed=[], moved=[], added=[
        (0, given, [1], written), (1, vllm.SamplingParams(), [1], [])]))
    allowed, left_alone = processor.apply(logits.clone())
    assert allowed.isfinite().nonzero().flatten().tolist() == [2, 5, 7]
    assert torch.equal(left_alone, logits[1])
    written.append(5)
    assert processor.apply(logits.clone())[0].isfinite().nonzero().flatten().tolist() == [6]
    for bad in ("{}", 3):
        with pytest.raises(ValueError, match="make it with CopyTask"):
            CopyLogitsProcessor.validate_params(vllm.SamplingParams(extra_args={"podprep": bad}))
