"""The model as a reader: hidden states of lines after the first blocks, and nothing written.

Only the blocks that are asked for are loaded and run, and there is no output head. Lines that are
not wanted are not read, except as context. What the states mean is learned in `probe`.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tqdm.auto import tqdm
from transformers import AutoTokenizer, LlamaModel

from ..weights import best_device, best_dtype, damaged, quiet_transformers

CONTEXT = 64  # tokens of text before a wanted run of lines, at least
WINDOW = 512  # most tokens read at once
LONGEST = 4096  # characters of a line that are read; no printed line is as long
BATCH = 2048  # most tokens in one forward pass, padding included

Job = tuple[int, int, int]
"""Token offsets: where reading begins, where the tokens that count begin, where it ends."""


class LineReader:
    """Reads lines with the first blocks of a Llama model.

    Args:
        folder: the model's folder, with its tokenizer.
        blocks: how many transformer blocks to load and run.
        device: where to run; the best one present by default.
        dtype: weights' type; by default bfloat16 where the device computes in it, else float32.

    Raises:
        ModelError: the model's files are damaged.
    """

    def __init__(
        self, folder: str | Path, blocks: int, device: str | None = None, dtype: torch.dtype | None = None
    ) -> None:
        self.device = device or best_device()
        try:
            with quiet_transformers():
                self._tokenizer: Any = AutoTokenizer.from_pretrained(folder)
                self.model: Any = LlamaModel.from_pretrained(
                    folder, dtype=dtype or best_dtype(self.device), num_hidden_layers=blocks, use_safetensors=True
                )
        except Exception as error:  # transformers raises many kinds on a damaged file
            raise damaged(folder, error) from error
        self.model.norm = torch.nn.Identity()  # the states before the final norm, as inside the full model
        self.model.to(self.device).eval()
        self.tokens_read = 0

    def states(
        self, texts: Sequence[str], wanted: NDArray[np.bool_] | None = None, progress: bool = False
    ) -> NDArray[np.float32]:
        """Mean hidden state of each line.

        Args:
            texts: the lines, in reading order.
            wanted: which lines to read; all by default. The rows of the others may be zero.
            progress: whether to show a progress bar on standard error.

        Returns:
            One row a line, shape (lines, hidden size).
        """
        sums = np.zeros((len(texts), self.model.config.hidden_size), np.float32)
        counts = np.zeros(len(texts), np.float32)
        ids, owners = self._encode(texts)
        chosen = np.ones(len(ids), bool) if wanted is None else wanted[owners]
        batches = list(_batches(_jobs(np.flatnonzero(chosen))))
        for jobs in tqdm(batches, "reading with the model", disable=not progress, leave=False):
            for (begin, first, end), states in zip(jobs, self._run(ids, jobs)):
                np.add.at(sums, owners[first:end], states[1 + first - begin:1 + end - begin])
                counts += np.bincount(owners[first:end], minlength=len(texts))
        return (sums / np.maximum(counts, 1)[:, None]).astype(np.float32)

    def _encode(self, texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Token ids of all lines, each with its line end, and the line each token belongs to."""
        if not texts:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        encoded = self._tokenizer(
            [text[:LONGEST] + "\n" for text in texts], add_special_tokens=False, split_special_tokens=True
        )["input_ids"]
        ids = np.concatenate([np.array(line, np.int64) for line in encoded])
        return ids, np.repeat(np.arange(len(texts)), [len(line) for line in encoded])

    def _run(self, ids: NDArray[np.int64], jobs: Sequence[Job]) -> NDArray[np.float32]:
        """Hidden states of one batch, after a start token; right padding needs no mask in a causal model."""
        config = self.model.config
        width = max(end - begin for begin, _, end in jobs) + 1
        batch = np.full((len(jobs), width), config.eos_token_id)
        batch[:, 0] = config.bos_token_id
        for row, (begin, _, end) in zip(batch, jobs):
            row[1:1 + end - begin] = ids[begin:end]
        self.tokens_read += batch.size
        with torch.inference_mode():
            output = self.model(torch.from_numpy(batch).to(self.device), use_cache=False).last_hidden_state
        states: NDArray[np.float32] = output.float().cpu().numpy()
        return states


def _jobs(wanted: NDArray[np.int64]) -> Iterator[Job]:
    """Cut the wanted tokens (sorted offsets) into windows; a gap that the context covers is read once."""
    if not len(wanted):
        return
    for run in np.split(wanted, np.flatnonzero(np.diff(wanted) > CONTEXT) + 1):
        last = int(run[-1]) + 1
        for first in range(int(run[0]), last, WINDOW - CONTEXT):
            yield max(0, first - CONTEXT), first, min(first + WINDOW - CONTEXT, last)


def _batches(jobs: Iterator[Job]) -> Iterator[list[Job]]:
    """Put windows of like length together, so that little is spent on padding."""
    batch: list[Job] = []
    for job in sorted(jobs, key=lambda job: job[2] - job[0]):
        if batch and (len(batch) + 1) * (job[2] - job[0] + 1) > BATCH:
            yield batch
            batch = []
        batch.append(job)
    if batch:
        yield batch
