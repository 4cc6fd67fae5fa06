"""The cleaners by name, each as a generator of cleaned chunks, and the settings that decide its outcome.

What a cleaner needs is loaded where it is needed, once. How each cleaner works is in its own module; `cleaning`
is the door for users, `runs` keeps what is yielded here.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from threading import Lock, Thread
from typing import TYPE_CHECKING

from .choices import ADVISERS, CLEANERS, MODES, SERVER_SECONDS
from .chunks import DEFAULT_SIZE, Chunk
from .cleaned import CleanedChunk
from .document import Document
from .errors import require_known
from .model import load_prompt
from .rules import tidy_chunks
from .weights import EMBEDDED

if TYPE_CHECKING:
    from .model import LanguageModel, Server

_log = logging.getLogger(__name__)
Maker = Callable[[Document, Sequence[Chunk]], Iterator[CleanedChunk]]
"""What cleans some of a document's chunks, in order."""


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
        server: address of the server where `model` is, if it does not run here.
        key: what that server asks for; kept nowhere.
        server_seconds: what one answer of it may take.
    """

    cleaner: str = "probe"
    mode: str = "faithful"
    model: str = EMBEDDED
    size: int = DEFAULT_SIZE
    prompt: str | None = None
    adviser: str = "probe"
    server: str | None = None
    key: str | None = field(default=None, repr=False)
    server_seconds: float = SERVER_SECONDS

    def __post_init__(self) -> None:
        require_known("cleaner", self.cleaner, CLEANERS)
        require_known("mode", self.mode, MODES)
        require_known("adviser", self.adviser, ADVISERS)


@dataclass(frozen=True)
class Work:
    """A cleaner at work: the settings that decide its outcome, and the chunks it yields one by one."""

    settings: dict[str, str]
    chunks: Iterator[CleanedChunk]


class Loaded:
    """A cleaner by its options: what it needs is loaded once, at its first work, and stays for later documents.

    It pickles by its options; where it arrives, all is loaded anew.
    """

    def __init__(self, options: CleanerOptions) -> None:
        self.options, self._loading = options, Lock()

    def __reduce__(self) -> tuple[type[Loaded], tuple[CleanerOptions]]:
        return type(self), (self.options,)

    def load_ahead(self) -> None:
        """Load the probe, if that is at work, while something else is waited for, as for pages to be read."""
        if self.options.cleaner == "probe":
            Thread(target=self._try_to_load).start()

    def start(self, document: Document, chunks: Sequence[Chunk]) -> Work:
        """Set it to work on some of a document's chunks; nothing is cleaned before the first is asked for.

        Args:
            document: the whole document.
            chunks: the chunks to clean, in order.

        Raises:
            ModelError: the model cannot be loaded.
        """
        _log.info("cleaning %d chunks with %s", len(chunks), self.options.cleaner)
        settings, make = self._load()
        return Work({"size": str(self.options.size)} | settings, make(document, chunks))

    def _try_to_load(self) -> None:
        with suppress(Exception):  # which comes again where it can be told, when the cleaner is set to work
            self._load()

    def _load(self) -> tuple[dict[str, str], Maker]:
        with self._loading:
            return self._loaded

    @cached_property
    def _loaded(self) -> tuple[dict[str, str], Maker]:
        """What only the loaded cleaner can tell of its settings, and what makes cleaned chunks."""
        options = self.options
        if options.cleaner == "tidy":
            return {}, tidy_chunks
        if options.cleaner == "probe":
            from .probe import Probe, probe_chunks  # numpy is imported where the probe runs

            return {}, partial(probe_chunks, probe=Probe.load())
        from .model import PromptSettings, prompt_chunks

        settings = PromptSettings(load_prompt(options.prompt), options.mode, options.adviser)
        model = _model(options)
        _log.info("loaded the model %s", options.model)
        return settings.record(model), partial(
            prompt_chunks, language_model=model, settings=settings, probe=settings.load_probe())


def _model(options: CleanerOptions) -> LanguageModel | Server:
    """The model, here or behind its server."""
    if options.server:
        from .model import Server

        return Server(options.server, options.model, options.key, options.server_seconds)
    from .model import load_model

    return load_model(options.model)


def known_settings(options: CleanerOptions) -> dict[str, str]:
    """The settings that are known before a model is loaded; a run is refused early where they differ."""
    known = {"cleaner": options.cleaner, "size": str(options.size)}
    if options.cleaner == "prompt":
        known |= {"mode": options.mode, "model": options.model, "prompt": load_prompt(options.prompt).hash}
        known |= {"adviser": options.adviser} if options.mode == "faithful" else {}
        known |= {"where": "a server"} if options.server else {}
    if options.cleaner == "probe":
        from .probe import WEIGHTS

        known |= {"probe": hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()[:12]}
    return known
