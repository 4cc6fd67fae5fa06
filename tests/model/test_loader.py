"""One call loads the embedded model, a folder, a GGUF file or a hub name, or says in one sentence why not."""

import shutil
import subprocess
import sys

import httpx
import pytest
import torch
from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError

from podprep import EMBEDDED, ModelError, load_model
from podprep.weights import best_device, best_dtype


def test_the_embedded_model_loads_with_its_template_and_context(language_model):
    assert language_model.name == EMBEDDED
    assert language_model.context_length == 8192
    assert language_model.tokenizer.chat_template
    assert not language_model.model.training
    assert sum(p.numel() for p in language_model.model.parameters()) == 134_515_008


def test_the_embedded_model_needs_no_network(language_model):
    script = (
        "import socket\n"
        "def refuse(*a, **k): raise OSError('no network')\n"
        "socket.socket.connect = refuse; socket.getaddrinfo = refuse\n"
        "from podprep import load_model\n"
        "print(load_model().name)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == EMBEDDED


def test_a_folder_loads(tiny_folder):
    loaded = load_model(tiny_folder, device="cpu", dtype=torch.float32)
    assert (loaded.revision, loaded.model.dtype, loaded.context_length) == ("local", torch.float32, 256)


def test_a_gguf_file_loads_like_the_embedded_model(gguf_file):
    """In bfloat16, the type that the embedded model is stored in; float32 would keep digits that it has lost."""
    ids = torch.tensor([[5, 6, 7, 8]])
    with torch.inference_mode():
        ours, theirs = (load_model(m, "cpu", torch.bfloat16).model(ids).logits for m in (EMBEDDED, gguf_file))
    assert torch.equal(ours, theirs)


def test_a_model_without_chat_template_is_refused(tiny_folder, tmp_path):
    folder = shutil.copytree(tiny_folder, tmp_path / "base")
    (folder / "chat_template.jinja").unlink()
    with pytest.raises(ModelError, match="no chat template: choose an instruct"):
        load_model(folder)


def test_a_truncated_folder_says_so(tiny_folder, tmp_path):
    folder = shutil.copytree(tiny_folder, tmp_path / "cut")
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(ModelError, match="check that the model files are whole"):
        load_model(folder)


def test_pickled_weights_are_refused(tiny_folder, tmp_path):
    folder = shutil.copytree(tiny_folder, tmp_path / "pickled")
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(ModelError):
        load_model(folder)


def test_a_missing_gguf_file_says_so(tmp_path):
    with pytest.raises(ModelError, match=r"none\.gguf does not exist: check the path"):
        load_model(tmp_path / "none.gguf")


def _hub_error(kind):
    response = httpx.Response(403, request=httpx.Request("GET", "https://example.org"))
    try:
        raise kind("no", response=response)
    except kind as error:
        wrapped = OSError("You are trying to access a gated repo." if kind is GatedRepoError else "not a valid model")
        wrapped.__cause__ = error
        return wrapped


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (_hub_error(GatedRepoError), "is gated: accept its licence on its model page, then run 'hf auth login'."),
        (_hub_error(RepositoryNotFoundError), "is neither a file, a folder nor a model on the hub: check the spelling."),
        (OSError("We couldn't connect to the hub."), "check the name and the network, or use SmolLM2-135M-Instruct."),
    ],
)
def test_hub_failures_become_one_sentence(monkeypatch, error, sentence):
    """What the hub client raises is given by hand, since tests run without a network."""

    def refuse(*args, **kwargs):
        raise error

    monkeypatch.setattr("podprep.model.loader.AutoModelForCausalLM.from_pretrained", refuse)
    with pytest.raises(ModelError) as caught:
        load_model("meta-llama/Llama-3.2-1B-Instruct")
    assert str(caught.value).startswith("meta-llama/Llama-3.2-1B-Instruct ")
    assert str(caught.value).endswith(sentence)
    assert "\n" not in str(caught.value)


def test_devices_and_types_fit_the_machine():
    assert best_device() in ("cuda", "mps", "cpu")
    assert best_dtype("cpu") in (torch.bfloat16, torch.float32)
