"""A model behind a server: llama.cpp's own on loopback says what the model here says, and a bad one is a sentence."""

import json
import time
from importlib.util import find_spec

import httpx2
import pytest
from hypothesis import given, settings
from llama_server import llama_server
from make import TEXTS, column, prose, write_pdf
from serving import reply, serving

from podprep import (
    EMBEDDED,
    ModelError,
    Prompt,
    PromptSettings,
    Run,
    RunError,
    SettingsError,
    chunk_document,
    prompt_chunks,
    read_pdf,
)
from podprep.cli import main
from podprep.model import ServedFaithfulWriter, ServedFreeWriter, Server, without_marks

SHORT = Prompt("short", "Copy the text without what does not belong to it.")  # read in no time
MODELS = {"data": [{"id": "m", "object": "model"}]}
LLAMA = {"data": [{"id": "m", "owned_by": "llamacpp", "meta": {"n_vocab": 9}}]}


@pytest.fixture(scope="module")
def address(gguf_file):
    """llama.cpp's server with the embedded model."""
    if find_spec("xllamacpp") is None:
        pytest.skip("llama.cpp's server is not installed")
    with llama_server(gguf_file, EMBEDDED) as (address, _):
        yield address


@pytest.fixture(scope="module")
def server(address):
    return Server(address, EMBEDDED)


@pytest.fixture(scope="module")
def prompt_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("prompt") / "short.toml"
    path.write_text(f'system = "{SHORT.system}"')
    return path


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    """Some lines of prose under a running head, with an address and a citation."""
    path = tmp_path_factory.mktemp("served") / "a.pdf"
    lines = ["JOURNAL OF TESTS 12 (2020)", *prose(2), "as was shown before [3, 4] by them,", "and asked a@b.org."]
    return read_pdf(write_pdf(path, column(*lines)))


def answering(**answers):
    """A server that answers paths as it is told to, by JSON or by a function of the handler."""
    def answer(handler):
        length = int(handler.headers.get("Content-Length") or 0)
        handler.rfile.read(length)
        found = answers[handler.path.strip("/").replace("/", "_").replace("-", "_")]
        return found(handler) if callable(found) else reply(handler, json.dumps(found).encode())
    return serving(answer)


# The real server

def test_faithful_mode_copies_what_the_model_here_copies(server, language_model, document):
    chunks = chunk_document(document, 120)
    assert len(chunks) >= 2
    for adviser in ("probe", "none"):
        wanted = PromptSettings(SHORT, adviser=adviser)
        served = list(prompt_chunks(document, chunks, server, wanted))
        assert served == list(prompt_chunks(document, chunks, language_model, wanted))


@settings(max_examples=25, deadline=None)
@given(TEXTS)
def test_the_server_splits_text_as_the_tokenizer_here_does(server, tokenizer, text):
    from podprep.model.served import ServerTokenizer

    text = text.encode("utf-8", "replace").decode()  # as pieces are: words and single spaces, nothing that no one sees
    known = str.maketrans("", "", "".join(c for c in text if not c.isprintable() or (c.isnumeric() and not c.isascii())))
    text = " ".join(text.translate(known).split())  # llama.cpp cuts small digits otherwise
    ours = tokenizer(text, add_special_tokens=False, split_special_tokens=True, return_offsets_mapping=True)
    theirs = ServerTokenizer(server)(text, return_offsets_mapping=True)
    assert theirs["input_ids"] == ours["input_ids"]
    assert [tuple(span) for span in theirs["offset_mapping"]] == [tuple(span) for span in ours["offset_mapping"]]


def test_nothing_in_a_text_becomes_a_special_token(server):
    from podprep.model.served import ServerTokenizer

    text = "a <|im_end|> b <|im_start|>system c"
    assert not {1, 2} & set(ServerTokenizer(server)(text)["input_ids"])
    assert not {1, 2} & set(ServerTokenizer(server)(without_marks(text), split_special_tokens=False)["input_ids"])
    assert without_marks("x < y and y > z, [12] [/INST] </s>") == "x < y and y > z, [12] [ /INST] < /s>"


def test_free_mode_comes_to_the_same_verdicts(server, language_model, document):
    wanted = PromptSettings(SHORT, mode="free")
    chunks = chunk_document(document, 120)[:1]
    served, own = (list(prompt_chunks(document, chunks, model, wanted)) for model in (server, language_model))
    assert [c.fidelity.verdict for c in served] == [c.fidelity.verdict for c in own]
    assert [c.text for c in served if c.fidelity.verdict == "failed"] == [c.text for c in own if c.fidelity.verdict == "failed"]


def failing(address, after, bad):
    """The real server for so many answers of one token, then a bad one."""
    left = [after]

    def answer(handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        left[0] -= handler.path == "/completion"
        if left[0] < 0:
            return bad(handler)
        told = httpx2.request(handler.command, address + handler.path, content=body, timeout=100)
        return reply(handler, told.content, told.status_code)

    return serving(answer)


def dropped(handler):
    handler.close_connection = True


@pytest.fixture(scope="module")
def undisturbed(address, document, prompt_file, tmp_path_factory):
    """What a run comes to that nothing stops, and its setup."""
    setup = {"cleaner": "prompt", "model": EMBEDDED, "size": 120, "server_seconds": 4, "prompt": prompt_file}
    file = tmp_path_factory.mktemp("alone") / "a.podprep"
    return Run.start(document.path, file, server=address, **setup).go(), setup


@pytest.mark.parametrize(("bad", "told"), [
    (dropped, "cannot be reached"),
    (lambda h: time.sleep(30), "took longer than 4 seconds to answer"),
    (lambda h: reply(h, b"<html>"), "answers nonsense"),
    (lambda h: reply(h, b'{"completion_probabilities": [{"top_logprobs": [{"id": 1, "logprob": 0.0}, '
                        b'{"id": 2, "logprob": 0.0}]}], "model": "SmolLM2-135M-Instruct"}'), "as with speculation on"),
    (lambda h: reply(h, json.dumps(MODELS).encode()), "serves m, and not SmolLM2"),
    (lambda h: reply(h, b'{"error": {"message": "full"}}', 503), r"answers 503 \(full\)"),
], ids=["stopped", "slow", "nonsense", "speculating", "another model", "busy"])
def test_a_server_that_fails_in_mid_run_is_a_sentence_and_the_run_goes_on(
    address, document, undisturbed, bad, told, tmp_path, monkeypatch,
):
    monkeypatch.setattr("podprep.model.server._PAUSE", 0.05)
    alone, setup = undisturbed
    with failing(address, 30, bad) as (broken, _):
        run = Run.start(document.path, tmp_path / "a.podprep", server=broken, **setup)
        began = time.monotonic()
        with pytest.raises(ModelError, match=told) as caught:
            run.go()
        assert time.monotonic() - began < 60
    assert str(caught.value).count("\n") == 0
    assert 0 < run.progress.done < run.progress.total
    whole = Run.start(document.path, tmp_path / "a.podprep", server=address, **setup).go()
    assert whole == alone


def test_the_command_cleans_over_a_server_and_keeps_no_key(address, document, prompt_file, tmp_path, capsys):
    (tmp_path / "key").write_text("very secret\n")
    out = tmp_path / "a.txt"
    command = ["clean", str(document.path), "--cleaner", "prompt", "--server", f"{address}/v1", "--key-file",
               str(tmp_path / "key"), "--prompt", str(prompt_file), "-o", str(out)]
    assert main(command) == 0
    assert b"very secret" not in (tmp_path / "a.podprep").read_bytes() + (tmp_path / "a.json").read_bytes()
    assert "very secret" not in capsys.readouterr().err
    assert Run.open(tmp_path / "a.podprep").settings["server"] == "llama.cpp"
    with pytest.raises(RunError, match="where was a server and is not set"):
        Run.start(document.path, tmp_path / "a.podprep", cleaner="prompt", prompt=prompt_file)


# Other servers

def test_a_chat_is_asked_greedily_with_the_key_in_its_header(monkeypatch):
    seen = []

    def chat(handler):
        seen.append(handler.headers["Authorization"])
        return reply(handler, b'{"choices": [{"message": {"content": " clean text "}, "finish_reason": "stop"}]}')

    monkeypatch.setenv("PODPREP_SERVER_KEY", "hush")
    with answering(v1_models=MODELS, v1_chat_completions=chat) as (address, asked):
        server = Server(f"{address}/v1/", "m")
        [(text, answer), _] = ServedFreeWriter(server).write(["raw text"] * 2)
    assert (text, answer.stop_reason) == ("clean text", "end")
    assert seen == ["Bearer hush"] * 2
    assert asked.count("/v1/chat/completions") == 2


@pytest.mark.parametrize(("answer", "told"), [
    ({}, "no choice"), ([], "no choice"), ({"choices": [{"message": {"content": 3}}]}, "no text"),
    (lambda h: reply(h, b"no", 401), r"answers 401 \(no\).*and the key"), (lambda h: reply(h, b"{", length=1), "no JSON"),
])
def test_a_chat_that_is_none_is_a_sentence(answer, told):
    with answering(v1_models=MODELS, v1_chat_completions=answer) as (address, _):
        writer = ServedFreeWriter(Server(address, "m"))
        with pytest.raises(ModelError, match=told):
            writer.write(["raw"])


def test_a_cut_answer_is_told_as_such():
    cut = {"choices": [{"message": {"content": "half"}, "finish_reason": "length"}]}
    with answering(v1_models=MODELS, v1_chat_completions=cut) as (address, _):
        [(_, answer)] = ServedFreeWriter(Server(address, "m")).write(["raw"])
    assert answer.stop_reason == "length"


def test_another_model_under_the_same_name_is_noticed():
    told = [LLAMA, {"data": [{"id": "m", "owned_by": "llamacpp", "meta": {"n_vocab": 10}}]}]
    with answering(v1_models=lambda h: reply(h, json.dumps(told.pop(0)).encode())) as (address, _):
        server = Server(address, "m")
        with pytest.raises(ModelError, match="serves another model as m than before"):
            server.require_same()


def test_servers_that_cannot_do_what_is_asked_are_sentences(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("podprep.model.server._PAUSE", 0.05)
    with answering(v1_models=MODELS) as (address, _):
        with pytest.raises(ModelError, match="serves m, and not n"):
            Server(address, "n")
        with pytest.raises(SettingsError, match=r"is not llama\.cpp's server"):
            ServedFaithfulWriter(Server(address, "m"))
    with pytest.raises(ModelError, match=r"http://127.0.0.1:1 cannot be reached"):
        Server("http://127.0.0.1:1", "m")
    for bad in ("ftp://127.0.0.1", "127.0.0.1:8080", "http://me:secret@127.0.0.1", "http://[::1", "http://h:99999999"):
        with pytest.raises(SettingsError, match="takes an http or https address") as caught:
            Server(bad, "m")
        assert "secret" not in str(caught.value)
    assert main(["clean", "a.pdf", "--server", "http://127.0.0.1"]) == 2
    assert "--server is for the prompt cleaner" in capsys.readouterr().err
