"""Load a causal chat model: the embedded one, a hub name, a local folder, or a GGUF file.

Weights are read from safetensors or GGUF only, and no code from a model's repository runs. What
to ask the model is in `prompts`, how to run it in `generation`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers
from huggingface_hub.errors import GatedRepoError, HFValidationError, RepositoryNotFoundError
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

from .embedded import EMBEDDED, GGUF_SHA256, embedded_folder
from .errors import ModelError


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


def best_device() -> str:
    """CUDA if present, else Apple's MPS, else the CPU."""
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def best_dtype(device: str) -> torch.dtype:
    """bfloat16 where the device computes in it at speed, else float32."""
    if device.startswith("cuda"):
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    if device == "mps":
        return torch.bfloat16
    flags = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
    return torch.bfloat16 if flags.get("avx512_bf16") or flags.get("amx_bf16") else torch.float32


def load_gguf(path: Path, dtype: torch.dtype) -> tuple[Any, Any]:
    """Load a GGUF file as a plain dense model, with its tokenizer.

    Raises:
        ModelError: the file does not exist.
    """
    if not path.is_file():
        raise ModelError(f"{path} does not exist: check the path of the GGUF file.")
    folder, file = str(path.parent), path.name
    quantization = GgufConfig(dequantize=True)
    model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=file, quantization_config=quantization, dtype=dtype)
    return model, AutoTokenizer.from_pretrained(folder, gguf_file=file)


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
        return f"{name} could not be loaded ({_first_line(error)}): check that the model files are whole."
    if any(isinstance(e, (RepositoryNotFoundError, HFValidationError)) for e in chain):
        return f"{name} is neither a file, a folder nor a model on the hub: check the spelling."
    return f"{name} could not be fetched ({_first_line(error)}): check the name and the network, or use {EMBEDDED}."


def damaged(folder: str | Path, error: BaseException) -> ModelError:
    """The error for a converted model whose files do not load."""
    return ModelError(f"The model in {folder} is damaged ({_first_line(error)}): remove that folder; it is made anew.")


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__)[:160].rstrip(".")


@contextmanager
def quiet_transformers() -> Iterator[None]:
    """Keep transformers' own bars and warnings off standard error while it loads."""
    logging = transformers.utils.logging
    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()
