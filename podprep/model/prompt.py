"""What the model is asked, and how that becomes token ids.

A prompt is data: instructions and worked examples, from a TOML file. The chat template is applied
once, around a placeholder; the chunk's own ids are put in its place, encoded so that nothing in a
PDF can become a special token. No text is generated here.
"""

import hashlib
import json
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..errors import ModelError, SettingsError

_DEFAULT = Path(__file__).parent / "podcast-cleanup.toml"
_PLACEHOLDER = "\ue000chunk\ue001"
# Stands before the template and hides its clock; the date is the one Llama 3's own template falls back on.
_FIXED_DATE = "{%- macro strftime_now(format) -%}26 Jul 2024{%- endmacro -%}"


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: a raw piece of text and what should become of it."""

    raw: str
    cleaned: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """The instructions given to the model with every chunk, and worked examples shown as earlier turns."""

    name: str
    system: str
    examples: tuple[Example, ...] = ()

    @property
    def hash(self) -> str:
        """First 12 hex digits of the SHA-256 of the instructions and examples; the name does not count."""
        content = json.dumps([self.system, *map(asdict, self.examples)], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()[:12]


def load_prompt(path: str | Path | None = None) -> Prompt:
    """Read a prompt from a TOML file with `system`, and if wanted `name` and `[[examples]]` (raw, cleaned).

    Args:
        path: the file; podprep's default prompt if None.

    Raises:
        SettingsError: the file cannot be read, or is not such a file.
    """
    path = Path(path) if path is not None else _DEFAULT
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path} cannot be read ({error.strerror}): check the path of the prompt.") from None
    except ValueError as error:  # not UTF-8, or not TOML
        raise SettingsError(f"{path} is not a prompt in TOML ({error}): write system = \"...\" first.") from None
    system, examples = content.get("system"), content.get("examples", [])
    if not isinstance(system, str) or not system.strip():
        raise SettingsError(f"{path} holds no instructions: write system = \"...\" in it.")
    try:
        pairs = tuple(Example(str(e["raw"]), str(e["cleaned"])) for e in examples)
    except (KeyError, TypeError):
        raise SettingsError(f"{path}: each of the [[examples]] needs raw and cleaned.") from None
    return Prompt(str(content.get("name", path.stem)), system, pairs)


@dataclass(frozen=True)
class EncodedPrompt:
    """Token ids before and after the chunk; the same for every chunk of a run."""

    prefix: tuple[int, ...]
    suffix: tuple[int, ...]

    def with_chunk(self, chunk: tuple[int, ...]) -> tuple[int, ...]:
        """The whole prompt's ids for one chunk."""
        return self.prefix + chunk + self.suffix


def encode_prompt(tokenizer: Any, prompt: Prompt | None = None) -> EncodedPrompt:
    """Apply the tokenizer's chat template once, generation prompt included, and encode its two halves.

    Templates that print today's date are given a fixed one, so that a prompt is the same every day.

    Args:
        tokenizer: a tokenizer with a chat template.
        prompt: the instructions and examples; podprep's own by default.

    Raises:
        ModelError: the template cannot hold the prompt.
    """
    prompt = prompt or load_prompt()
    turns = [*turns_of(prompt), _turn("user", _PLACEHOLDER)]
    try:
        text = _render(tokenizer, [_turn("system", prompt.system), *turns])
    except Exception:  # jinja errors of templates that know no system role
        text = ""
    if prompt.system not in text:
        first = _turn("user", f"{prompt.system}\n\n{turns[0]['content']}")
        text = _render(tokenizer, [first, *turns[1:]])
    before, found, after = text.partition(_PLACEHOLDER)
    if not found:
        raise ModelError("The model's chat template drops the user's message: choose another instruct model.")
    return EncodedPrompt(_encode(tokenizer, before, False), _encode(tokenizer, after, False))


def turns_of(prompt: Prompt) -> list[dict[str, str]]:
    """The worked examples as messages of a chat that went before."""
    return [message for e in prompt.examples for message in (_turn("user", e.raw), _turn("assistant", e.cleaned))]


def encode_chunk(tokenizer: Any, text: str) -> tuple[int, ...]:
    """Token ids of a chunk's text; what looks like a special token is split into plain ones."""
    return _encode(tokenizer, text, True)


def _turn(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def _render(tokenizer: Any, messages: list[dict[str, str]]) -> str:
    template = _FIXED_DATE + tokenizer.get_chat_template()
    settings = {"chat_template": template, "tokenize": False, "add_generation_prompt": True}
    return str(tokenizer.apply_chat_template(messages, **settings))


def _encode(tokenizer: Any, text: str, split_special: bool) -> tuple[int, ...]:
    """Ids without any token added around them: the template already holds them."""
    encoded = tokenizer(text, add_special_tokens=False, split_special_tokens=split_special)
    return tuple(encoded["input_ids"])
