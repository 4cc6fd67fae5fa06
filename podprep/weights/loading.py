"""What every torch model needs to be loaded here: device, type, quiet, one sentence where it fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
import transformers
from tokenizers.pre_tokenizers import ByteLevel, Digits, Sequence
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

from ..errors import ModelError

_DIGITS_APART = ("smollm", "refact", "command-r", "starcoder")  # names of pre-tokenizers, as llama.cpp knows them


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
    return model, _as_trained(AutoTokenizer.from_pretrained(folder, gguf_file=file), path)


def _as_trained(tokenizer: Any, path: Path) -> Any:
    """The tokenizer with every digit by itself, where the GGUF file asks for it: transformers reads all else of it."""
    from gguf import GGUFReader

    asked = GGUFReader(path).fields.get("tokenizer.ggml.pre")
    if asked and asked.contents() in _DIGITS_APART:
        parts = [Digits(individual_digits=True), ByteLevel(add_prefix_space=False)]
        tokenizer.backend_tokenizer.pre_tokenizer = Sequence(parts)
    return tokenizer


def damaged(folder: str | Path, error: BaseException) -> ModelError:
    """The error for a converted model whose files do not load."""
    return ModelError(f"The model in {folder} is damaged ({first_line(error)}): remove that folder; it is made anew.")


def first_line(error: BaseException) -> str:
    """What an error says, in one line."""
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
