"""What several test files share: the embedded model, loaded once, and a tiny one made here."""

import os
import shutil

import pytest
import torch
from browsing import NOTEBOOKS, Lab, chromium, jupyterlab
from hypothesis import settings

# The same examples at every run, so that a change is judged by itself; HYPOTHESIS_PROFILE=search looks for new ones.
settings.register_profile("same", derandomize=True)
settings.register_profile("search", print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture(scope="session")
def language_model():
    """The embedded model, as a user gets it."""
    from podprep import load_model

    return load_model()


@pytest.fixture(scope="session")
def tokenizer(language_model):
    """The embedded model's tokenizer."""
    return language_model.tokenizer


@pytest.fixture(scope="session")
def gguf_file():
    """The embedded model's GGUF file."""
    from podprep.weights import embedded_gguf

    return embedded_gguf()


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory, tokenizer):
    """A two-block Llama with random weights and the embedded tokenizer, saved as a user's own model would be."""
    from transformers import LlamaConfig, LlamaForCausalLM

    folder = tmp_path_factory.mktemp("tiny")
    torch.manual_seed(0)
    config = LlamaConfig(
        hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1,
        vocab_size=len(tokenizer), max_position_embeddings=256, initializer_range=0.5,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_model(tiny_folder):
    """The tiny model, loaded in float32 on the CPU."""
    from podprep import load_model

    return load_model(tiny_folder, device="cpu", dtype=torch.float32)


@pytest.fixture(scope="module")
def browser():
    """Chromium."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def lab_folder(tmp_path_factory):
    """A copy of the notebooks."""
    folder = tmp_path_factory.mktemp("lab") / "notebooks"
    shutil.copytree(NOTEBOOKS, folder, ignore=shutil.ignore_patterns("out", ".ipynb_checkpoints"))
    return folder


@pytest.fixture(scope="module")
def lab_address(lab_folder, tmp_path_factory):
    """A JupyterLab that runs on it."""
    pytest.importorskip("jupyterlab", reason="JupyterLab is not installed")
    with jupyterlab(lab_folder, tmp_path_factory.mktemp("home")) as address:
        yield address


@pytest.fixture
def open_lab(browser, lab_address):
    """Open JupyterLab in a window of a width."""
    contexts = []

    def opened(width=1400):
        contexts.append(browser.new_context(viewport={"width": width, "height": 950}))
        return Lab(contexts[-1].new_page(), lab_address)

    yield opened
    for context in contexts:
        context.close()
