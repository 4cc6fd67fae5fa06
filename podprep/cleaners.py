"""The cleaners by name, each as a generator of cleaned chunks, and the settings that decide its outcome.

A model is loaded only where one is needed. How each cleaner works is in its own module; `cleaning`
is the door for users, `runs` keeps what is yielded here.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .choices import ADVISERS, CLEANERS, MODES
from .chunks import DEFAULT_SIZE, Chunk
from .cleaned import CleanedChunk
from .document import Document
from .errors import require_known
from .model import load_prompt
from .rules import tidy_chunks
from .weights import EMBEDDED

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CleanerOptions:
    """Which cleaner, and how.

    Attributes:
        cleaner: "probe", "tidy" or "prompt".
        mode: how the prompt cleaner decodes.
        model: model of the prompt cleaner, as for `load_model`.
        size: chunk size in characters of raw text.
        prompt: file of the prompt cleaner's instructions; podprep's own if None.
        adviser: whose opinion the prompt cleaner hears in faithful mode.
    """

    cleaner: str = "probe"
    mode: str = "faithful"
    model: str = EMBEDDED
    size: int = DEFAULT_SIZE
    prompt: str | Path | None = None
    adviser: str = "probe"

    def __post_init__(self) -> None:
        require_known("cleaner", self.cleaner, CLEANERS)
        require_known("mode", self.mode, MODES)
        require_known("adviser", self.adviser, ADVISERS)


@dataclass(frozen=True)
class Work:
    """A cleaner at work: the settings that decide its outcome, and the chunks it yields one by one."""

    settings: dict[str, str]
    chunks: Iterator[CleanedChunk]


def start_cleaner(document: Document, chunks: Sequence[Chunk], options: CleanerOptions) -> Work:
    """Set a cleaner to work on some of a document's chunks; nothing is cleaned before the first is asked for.

    Args:
        document: the whole document.
        chunks: the chunks to clean, in order.
        options: which cleaner, and how.

    Raises:
        ModelError: the model cannot be loaded.
    """
    size = {"size": str(options.size)}
    _log.info("cleaning %d chunks with %s", len(chunks), options.cleaner)
    if options.cleaner == "tidy":
        return Work(size, tidy_chunks(document, chunks))
    if options.cleaner == "probe":
        from .probe import Probe, probe_chunks  # numpy is imported where the probe runs

        return Work(size, probe_chunks(document, chunks, Probe.load()))
    from .model import PromptSettings, load_model, prompt_chunks

    model = load_model(options.model)
    _log.info("loaded the model %s", options.model)
    settings = PromptSettings(load_prompt(options.prompt), options.mode, options.adviser)
    return Work(size | settings.record(model), prompt_chunks(document, chunks, model, settings))


def known_settings(options: CleanerOptions) -> dict[str, str]:
    """The settings that are known before a model is loaded; a run is refused early where they differ."""
    known = {"cleaner": options.cleaner, "size": str(options.size)}
    if options.cleaner == "prompt":
        known |= {"mode": options.mode, "model": options.model, "prompt": load_prompt(options.prompt).hash}
        known |= {"adviser": options.adviser} if options.mode == "faithful" else {}
    if options.cleaner == "probe":
        from .probe import WEIGHTS

        known |= {"probe": hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()[:12]}
    return known
