"""A chat model behind a server: what can be asked of it over HTTP, within bounds, each failure one sentence.

Any OpenAI-compatible server answers chats; llama.cpp's also tells tokens and log-probabilities, which is what faithful
decoding needs. What is asked of them is in `served`. A key travels in a header alone and is kept nowhere.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import httpx2

from ..choices import SERVER_SECONDS
from ..counts import counted
from ..errors import ModelError, SettingsError

KEY_VARIABLE = "PODPREP_SERVER_KEY"

_TRIES = 3  # of a request that failed on its way, or that the server had no room for
_PAUSE = 1.0  # seconds before the second, three times as long before the next
_BUSY = (408, 425, 429, 500, 502, 503, 504)
_LARGEST = 256 << 20  # bytes of an answer
_CHATS_AT_ONCE = 4
Record = dict[str, Any]


class Server:
    """A model behind a server, seen to be there under its name.

    Args:
        address: the server's http(s) address, with or without the `/v1` of its API.
        model: the name of the model there.
        key: what the server asks for as a bearer token; by default what the variable PODPREP_SERVER_KEY holds.
        seconds: what one answer may take.

    Attributes:
        name: the model's name.
        kind: "llama.cpp" or "chat".
        revision: what the server tells of the model, so that another one under the same name is noticed.
        side_by_side: how many requests it takes at once.

    Raises:
        SettingsError: the address is none.
        ModelError: the server cannot be reached, or serves other models.
    """

    def __init__(self, address: str, model: str, key: str | None = None, seconds: float = SERVER_SECONDS) -> None:
        try:
            parts = urlsplit(address)
            named = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:  # also where the port is no number that a port can have
            named = False
        if not named or parts.username or parts.password:
            raise SettingsError("--server takes an http or https address without name and password, such as "
                                "http://127.0.0.1:8080: a key goes into a file, see --key-file.")
        self.address, self.name = address.rstrip("/").removesuffix("/v1"), model
        self._seconds, self._key = seconds, key or os.environ.get(KEY_VARIABLE)
        described = self._described()
        self.kind = "llama.cpp" if described.get("owned_by") == "llamacpp" else "chat"
        self.revision = _revision(described)

    @cached_property
    def _client(self) -> httpx2.Client:
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        return httpx2.Client(timeout=self._seconds, headers=headers, follow_redirects=False)

    @cached_property
    def properties(self) -> Record:
        """What llama.cpp's server tells of itself."""
        return record_of(self.ask("GET", "/props"), self)

    @property
    def side_by_side(self) -> int:
        """How many requests are sent at once."""
        return int(self.properties.get("total_slots", 1)) if self.kind == "llama.cpp" else _CHATS_AT_ONCE

    def require_same(self) -> None:
        """See that the server still serves the same model.

        Raises:
            ModelError: it does not.
        """
        if _revision(self._described()) != self.revision:
            raise ModelError(f"{self.address} serves another model as {self.name} than before: start it with the same "
                             "model, then run the same again; it goes on where it stopped.")

    def ask(self, method: str, path: str, **body: Any) -> Any:
        """The server's answer as JSON.

        Raises:
            ModelError: it cannot be had within the bounds, or is none.
        """
        for failure in self._tries(method, path, body):
            if isinstance(failure, Answer):
                return failure.value
        raise ModelError(f"{self.address} {failure}: see that the server runs, then run the same again; it goes on "
                         "where it stopped.")

    def nonsense(self, what: str) -> ModelError:
        """The error for an answer that is not as it should be."""
        return ModelError(f"{self.address} answers nonsense ({what}): see that it is the right server, then run the "
                          "same again; it goes on where it stopped.")

    def _tries(self, method: str, path: str, body: Record) -> Iterator[Answer | str]:
        """Yield the answer, or one by one why there is none."""
        for number in range(_TRIES):
            if number:
                time.sleep(_PAUSE * 3 ** (number - 1))
            try:
                with self._client.stream(method, self.address + path, json=body or None) as answer:
                    data = b"".join(self._pieces(answer))
            except httpx2.TimeoutException:
                yield f"took longer than {counted(self._seconds, 'seconds')} to answer (--server-seconds)"
            except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
                yield f"cannot be reached ({str(error) or type(error).__name__})"
            else:
                if answer.status_code in _BUSY:
                    yield f"answers {answer.status_code} ({_told(data)})"
                    continue
                if answer.status_code != 200:
                    raise ModelError(f"{self.address}{path} answers {answer.status_code} ({_told(data)}): check the "
                                     "server, the model's name and the key.")
                try:
                    yield Answer(json.loads(data))
                except ValueError:
                    raise self.nonsense("no JSON") from None

    def _pieces(self, answer: httpx2.Response) -> Iterator[bytes]:
        """The bytes of an answer, as long as they come in time and are not too many."""
        count, until = 0, time.monotonic() + self._seconds
        for piece in answer.iter_bytes():
            count += len(piece)
            if count > _LARGEST:
                raise self.nonsense(f"more than {_LARGEST >> 20} MiB")
            if time.monotonic() > until:
                raise httpx2.ReadTimeout("")
            yield piece

    def _described(self) -> Record:
        """What the server's list says of the model.

        Raises:
            ModelError: the model is not in it.
        """
        listed = record_of(self.ask("GET", "/v1/models"), self).get("data")
        if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
            raise self.nonsense("no list of models")
        names = [str(one.get("id")) for one in listed]
        if self.name not in names:
            served = ", ".join(names[:5]) or "no model"
            raise ModelError(f"{self.address} serves {served}, and not {self.name}: name one of its models with "
                             "--model, or start it with that one.")
        found: Record = listed[names.index(self.name)]
        return found


class Answer:
    """An answer, told apart from a sentence on why there is none."""

    def __init__(self, value: Any) -> None:
        self.value = value


def record_of(value: Any, server: Server) -> Record:
    """A JSON object.

    Raises:
        ModelError: it is none.
    """
    if not isinstance(value, dict):
        raise server.nonsense("no JSON object")
    return value


def chat(server: Server, messages: Sequence[dict[str, str]], max_tokens: int) -> tuple[str, str]:
    """What the model answers to messages, greedily, and why it stopped: "end" or "length".

    Raises:
        ModelError: the server gives no answer, or nonsense.
    """
    answer = server.ask("POST", "/v1/chat/completions", model=server.name, messages=list(messages), temperature=0,
                        max_tokens=max_tokens, stream=False)
    try:
        choice = answer["choices"][0]
        text, reason = choice["message"].get("content") or "", choice.get("finish_reason")
    except (KeyError, IndexError, TypeError, AttributeError):
        raise server.nonsense("no choice") from None
    if not isinstance(text, str):
        raise server.nonsense("no text")
    return text.strip(), "end" if reason == "stop" else "length"


def _revision(described: Record) -> str:
    """What is told of a model that would differ for another: type, size, vocabulary; or nothing but its name."""
    meta = described.get("meta")
    if isinstance(meta, dict):
        return " ".join(str(meta.get(key, "")) for key in ("ftype", "n_params", "size", "n_vocab"))
    return str(described.get("root") or "as served")[:200]


def _told(data: bytes) -> str:
    """What an error says, in one short line."""
    text = data[:2000].decode("utf-8", "replace")
    try:
        error = json.loads(data)["error"]
        text = error if isinstance(error, str) else str(error["message"])
    except (ValueError, KeyError, TypeError):
        pass
    return " ".join(text.split())[:160] or "nothing more"
