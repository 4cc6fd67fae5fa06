"""Load a causal chat model: the embedded one, a hub name, a local folder, or a GGUF file.

Weights are read from safetensors or GGUF only, and no code from a model's repository runs. What
to ask the model is in `prompt`, how to run it in `generation`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from huggingface_hub.errors import GatedRepoError, HFValidationError, RepositoryNotFoundError
from transformers import AutoModelForCausalLM, AutoTokenizer

from ..errors import ModelError
from ..weights import (
    EMBEDDED,
    GGUF_SHA256,
    best_device,
    best_dtype,
    damaged,
    embedded_folder,
    first_line,
    load_gguf,
    quiet_transformers,
)


@dataclass(frozen=True)
class LanguageModel:
    """A loaded model with its tokenizer.

    Attributes:
        name: what it was loaded as.
        revision: commit of the hub repository, hash of the embedded file, or "local".
        model: the transformers causal language model, in evaluation mode.
        tokenizer: its tokenizer, with a chat template.
    """

    name: str
    revision: str
    model: Any
    tokenizer: Any

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.model.device

    @property
    def context_length(self) -> int:
        """Longest sequence in tokens that the model was made for."""
        return int(getattr(self.model.config, "max_position_embeddings", 2048))

    def decode(self, tokens: Sequence[int]) -> str:
        """The text that token ids stand for, special tokens left out."""
        return str(self.tokenizer.decode(list(tokens), skip_special_tokens=True)).strip()


def load_model(
    name: str | Path = EMBEDDED, device: str | None = None, dtype: torch.dtype | None = None
) -> LanguageModel:
    """Load a chat model.

    Args:
        name: "SmolLM2-135M-Instruct" (embedded, works offline), a hub name such as
            "meta-llama/Llama-3.2-1B-Instruct", a folder, or a .gguf file.
        device: "cuda", "mps" or "cpu"; the best one present by default.
        dtype: weights' type; by default bfloat16 where the device computes in it, else float32.

    Raises:
        ModelError: the model is missing, gated, damaged, or has no chat template.
    """
    device = device or best_device()
    dtype = dtype or best_dtype(device)
    path = Path(name)
    try:
        with quiet_transformers():
            if str(name) == EMBEDDED:
                path = embedded_folder()
                model, tokenizer = _load_folder(str(path), dtype)
                revision = GGUF_SHA256[:12]
            elif path.suffix == ".gguf":
                model, tokenizer = load_gguf(path, dtype)
                revision = "local"
            else:
                model, tokenizer = _load_folder(str(name), dtype)
                revision = getattr(model.config, "_commit_hash", None) or "local"
    except ModelError:
        raise
    except Exception as error:  # transformers raises many kinds; each becomes one sentence
        raise (damaged(path, error) if str(name) == EMBEDDED else ModelError(_explain(str(name), error))) from error
    if not tokenizer.chat_template:
        raise ModelError(f"{name} has no chat template: choose an instruct or chat model.")
    return LanguageModel(str(name), revision, model.to(device).eval(), tokenizer)


def _load_folder(name: str, dtype: torch.dtype) -> tuple[Any, Any]:
    """Load a folder or hub repository; pickled weights and remote code are refused."""
    model = AutoModelForCausalLM.from_pretrained(name, dtype=dtype, use_safetensors=True, trust_remote_code=False)
    return model, AutoTokenizer.from_pretrained(name, trust_remote_code=False)


def _explain(name: str, error: BaseException) -> str:
    """One sentence on why a model did not load, and what to do next."""
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in chain:
        chain.append(cause)
        cause = cause.__cause__ or cause.__context__
    if any(isinstance(e, GatedRepoError) for e in chain) or "gated repo" in str(error):
        return f"{name} is gated: accept its licence on its model page, then run 'hf auth login'."
    if Path(name).exists():
        return f"{name} could not be loaded ({first_line(error)}): check that the model files are whole."
    if any(isinstance(e, (RepositoryNotFoundError, HFValidationError)) for e in chain):
        return f"{name} is neither a file, a folder nor a model on the hub: check the spelling."
    return f"{name} could not be fetched ({first_line(error)}): check the name and the network, or use {EMBEDDED}."
