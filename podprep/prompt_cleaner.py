"""The `prompt` cleaner: a chat model writes each chunk anew, and every chunk is checked.

Mode "free" lets the model write what it likes, as the prompt means it; a chunk that fails the
checks is replaced by the rules' text and flagged, and the model's draft is kept for review.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rapidfuzz.distance import LCSseq
from tqdm.auto import tqdm

from .chunks import DEFAULT_SIZE, Chunk, chunk_document
from .cleaned import Cleaned, CleanedChunk, removals_by_chunk, text_and_gap, words_by_chunk
from .document import Document
from .errors import SettingsError
from .fidelity import measure, words
from .generation import Generation, generate
from .models import LanguageModel
from .paragraphs import PARAGRAPH, Word, assemble, join_words
from .prompts import DEFAULT_PROMPT, MODES, EncodedPrompt, Prompt, encode_chunk, encode_prompt
from .spans import Removal, merge_removals
from .tidy import find_removals, source_words

_ROOM = 32  # tokens beyond the chunk's own that an answer may take


def clean_with_prompt(
    document: Document,
    language_model: LanguageModel,
    prompt: Prompt = DEFAULT_PROMPT,
    mode: str = "free",
    size: int = DEFAULT_SIZE,
    limit: int | None = None,
    progress: bool = False,
) -> Cleaned:
    """Clean a document with a chat model, chunk by chunk.

    Args:
        document: the document as read.
        language_model: a model from `load_model`.
        prompt: the instructions.
        mode: "free".
        size: chunk size in characters of raw text.
        limit: most chunks to clean, from the first; all by default.
        progress: whether to show a progress bar on standard error.

    Raises:
        SettingsError: `mode` is unknown.
        ModelError: the model's chat template cannot hold the prompt.
    """
    if mode not in MODES:
        raise SettingsError(f"Unknown mode {mode!r}: choose one of {', '.join(MODES)}.")
    chunks = chunk_document(document, size)[:limit]
    made = prompt_chunks(document, chunks, language_model, prompt)
    bar = tqdm(made, "cleaning", len(chunks), disable=not progress, unit="chunk", leave=False)
    settings = {"mode": mode, "size": str(size), "model": language_model.name, "revision": language_model.revision,
                "prompt": f"{prompt.name} {prompt.hash}"}
    return Cleaned(document, "prompt", settings, tuple(bar))


def prompt_chunks(
    document: Document, chunks: Sequence[Chunk], language_model: LanguageModel, prompt: Prompt = DEFAULT_PROMPT
) -> Iterator[CleanedChunk]:
    """Yield each chunk as the model cleans it in free mode, checked, or as the rules do where it fails."""
    encoded = encode_prompt(language_model.tokenizer, prompt)
    removals = find_removals(document)
    tidied = words_by_chunk(chunks, assemble(document, removals))
    sources = words_by_chunk(chunks, source_words(document))
    dealt = removals_by_chunk(chunks, removals)
    for chunk, source, kept, gone in zip(chunks, sources, tidied, dealt):
        yield _clean_chunk(chunk, source, kept, gone, language_model, encoded)


def _clean_chunk(
    chunk: Chunk,
    source: Sequence[Word],
    kept: Sequence[Word],
    gone: Sequence[Removal],
    language_model: LanguageModel,
    encoded: EncodedPrompt,
) -> CleanedChunk:
    """Let the model write one chunk; take the rules' text instead if the checks refuse it."""
    text = join_words(source)
    tidy_text, gap = text_and_gap(kept)
    if not words(text):
        return CleanedChunk(chunk, tidy_text, gap, tuple(gone), measure(text, tidy_text))
    written = write_chunk(language_model, encoded, text)
    fidelity = measure(text, written.text, tidy_text, written.stop_reason)
    if fidelity.verdict == "failed":
        return CleanedChunk(chunk, tidy_text, gap, tuple(gone), fidelity, written.stop_reason, written.text)
    removals = tuple(merge_removals(removed_words(chunk, source, written.text)))
    gap = source[0].gap or PARAGRAPH
    return CleanedChunk(chunk, written.text, gap, removals, fidelity, written.stop_reason)


def write_chunk(language_model: LanguageModel, encoded: EncodedPrompt, text: str) -> Generation:
    """The model's answer to one chunk's text, at most a little longer than the text itself."""
    ids = encode_chunk(language_model.tokenizer, text)
    return generate(language_model, encoded.with_chunk(ids), len(ids) + _ROOM)


def removed_words(chunk: Chunk, source: Sequence[Word], written: str) -> Iterator[Removal]:
    """Runs of source words that align with nothing the model wrote."""
    owners = [word for word in source for _ in words(word.text)]
    a = [w for word in source for w in words(word.text)]
    for op in LCSseq.opcodes(a, words(written)):
        if op.tag != "equal" and op.src_end > op.src_start:
            first, last = owners[op.src_start], owners[op.src_end - 1]
            yield Removal(max(first.start, chunk.start), min(last.end, chunk.end), "model")
