"""What the model is asked, and how that becomes token ids.

The chat template is applied once, around a placeholder; the chunk's own ids are put in its place,
encoded so that nothing in a PDF can become a special token. No text is generated here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from .errors import ModelError

MODES = ("free",)  # ways of decoding the answer
_PLACEHOLDER = "\ue000chunk\ue001"
# Stands before the template and hides its clock; the date is the one Llama 3's own template falls back on.
_FIXED_DATE = "{%- macro strftime_now(format) -%}26 Jul 2024{%- endmacro -%}"


@dataclass(frozen=True, slots=True)
class Prompt:
    """The instructions given to the model with every chunk."""

    name: str
    system: str

    @property
    def hash(self) -> str:
        """First 12 hex digits of the SHA-256 of the instructions."""
        return hashlib.sha256(self.system.encode()).hexdigest()[:12]


DEFAULT_PROMPT = Prompt(
    "podcast-cleanup",
    "You prepare text extracted from a PDF for the writer of a podcast. "
    "The user sends one piece of that text. Send the same text back without what cannot be read aloud: "
    "page headers and page numbers, author lists and addresses, e-mail addresses, citations, formulas, "
    "captions and table cells. Mend broken lines. "
    "Keep every other sentence word for word: do not summarise, do not explain, do not add anything. "
    "Begin directly with the text.",
)


@dataclass(frozen=True)
class EncodedPrompt:
    """Token ids before and after the chunk; the same for every chunk of a run."""

    prefix: tuple[int, ...]
    suffix: tuple[int, ...]

    def with_chunk(self, chunk: tuple[int, ...]) -> tuple[int, ...]:
        """The whole prompt's ids for one chunk."""
        return self.prefix + chunk + self.suffix


def encode_prompt(tokenizer: Any, prompt: Prompt = DEFAULT_PROMPT) -> EncodedPrompt:
    """Apply the tokenizer's chat template once, generation prompt included, and encode its two halves.

    Templates that print today's date are given a fixed one, so that a prompt is the same every day.

    Raises:
        ModelError: the template cannot hold the prompt.
    """
    system, user = {"role": "system", "content": prompt.system}, {"role": "user", "content": _PLACEHOLDER}
    merged = {"role": "user", "content": f"{prompt.system}\n\n{_PLACEHOLDER}"}
    try:
        text = _render(tokenizer, [system, user])
    except Exception:  # jinja errors of templates that know no system role
        text = ""
    if prompt.system not in text:
        text = _render(tokenizer, [merged])
    before, found, after = text.partition(_PLACEHOLDER)
    if not found:
        raise ModelError("The model's chat template drops the user's message: choose another instruct model.")
    return EncodedPrompt(_encode(tokenizer, before, False), _encode(tokenizer, after, False))


def encode_chunk(tokenizer: Any, text: str) -> tuple[int, ...]:
    """Token ids of a chunk's text; what looks like a special token is split into plain ones."""
    return _encode(tokenizer, text, True)


def _render(tokenizer: Any, messages: list[dict[str, str]]) -> str:
    template = _FIXED_DATE + tokenizer.get_chat_template()
    settings = {"chat_template": template, "tokenize": False, "add_generation_prompt": True}
    return str(tokenizer.apply_chat_template(messages, **settings))


def _encode(tokenizer: Any, text: str, split_special: bool) -> tuple[int, ...]:
    """Ids without any token added around them: the template already holds them."""
    encoded = tokenizer(text, add_special_tokens=False, split_special_tokens=split_special)
    return tuple(encoded["input_ids"])
