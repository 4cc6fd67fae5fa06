"""One door to the cleaners: what `clean` takes, what it refuses, and in which order."""

import pickle
from functools import partial

import pytest
from make import SAMPLE, column, document, prose, sample, write_pdf

import podprep.model
from podprep import CLEANERS, Cleaned, Cleaner, NoTextError, PageRangeError, PdfError, SettingsError, clean, read_pdf
from podprep.probe import Probe

tidied = partial(clean, cleaner="tidy")


@pytest.fixture
def path(tmp_path):
    return write_pdf(tmp_path / "made.pdf", column(*prose(5)), column(*prose(5, first=5)))


def test_each_cleaner_is_had_by_name(path):
    assert CLEANERS == ("probe", "tidy", "prompt")
    assert clean(path).cleaner == clean(path, "probe").cleaner == "probe"
    assert clean(path, "tidy").cleaner == "tidy"


def test_a_path_a_string_and_a_document_give_the_same(path):
    assert tidied(path).text == tidied(str(path)).text == tidied(read_pdf(path)).text


def test_pages_and_engine_are_handed_on(path):
    cleaned = tidied(path, pages=[2], engine="pypdf2")
    assert cleaned.document.engine == "pypdf2"
    assert [page.number for page in cleaned.document.pages] == [2]
    assert cleaned.text.split() == " ".join(prose(5, first=5)).split()


def test_the_chunk_size_is_kept_as_a_setting(path):
    cleaned = tidied(path, size=200)
    assert cleaned.settings["size"] == "200"
    assert all(len(chunk.chunk.text) <= 200 for chunk in cleaned.chunks)
    assert len(cleaned.chunks) > len(tidied(path).chunks)


def test_a_document_made_by_hand_can_be_cleaned():
    assert tidied(document("As shown [3] in a work-\nshop.")).text == "As shown in a workshop.\n"


def test_cleaning_twice_gives_the_same():
    again = tidied(SAMPLE / "sample.pdf")
    assert again.text == sample().text
    assert again.chunks == sample().chunks


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"cleaner": "magic"}, SettingsError, "Unknown cleaner 'magic': choose one of probe, tidy, prompt"),
        ({"engine": "mupdf"}, SettingsError, "Unknown text engine 'mupdf'"),
        ({"size": 10}, SettingsError, "A chunk size of 10 characters is too small"),
        ({"pages": "9"}, PageRangeError, "page 9 does not exist"),
        ({"pages": "one"}, PageRangeError, "'one' is not a page selection"),
    ],
)
def test_bad_settings(path, settings, error, message):
    with pytest.raises(error, match=message):
        clean(path, **{"cleaner": "tidy", **settings})


def test_an_unknown_cleaner_is_refused_before_the_file_is_read():
    with pytest.raises(SettingsError):
        clean("missing.pdf", cleaner="magic")
    with pytest.raises(PdfError, match=r"missing\.pdf does not exist"):
        tidied("missing.pdf")


def test_a_document_without_text_is_refused():
    with pytest.raises(NoTextError):
        tidied(document("", ""))


def counted(monkeypatch, where, name, load):
    """The times that something is loaded."""
    loaded = []
    monkeypatch.setattr(where, name, lambda *args: (loaded.append(args), load(*args))[1], raising=False)
    return loaded


@pytest.mark.parametrize("name", ["probe", "tidy"])
def test_a_cleaner_that_is_kept_cleans_as_one_that_is_made_anew(path, name, tmp_path):
    cleaner = Cleaner(name, size=300)
    for source in (path, read_pdf(path)):
        assert cleaner.clean(source).chunks == cleaner(source).chunks == clean(source, name, size=300).chunks
    assert [page.number for page in cleaner.clean(path, pages="2").document.pages] == [2]
    assert cleaner.clean(path, run=tmp_path / "kept.podprep").text == cleaner(path).text


def test_the_probe_is_loaded_once_for_all_documents(path, monkeypatch, tmp_path):
    loaded = counted(monkeypatch, Probe, "load", Probe.load)
    cleaner = Cleaner("probe")
    assert loaded == []
    for _ in range(3):
        cleaner(path)
    cleaner.clean(path, run=tmp_path / "kept.podprep")
    assert len(loaded) == 1


def test_what_cannot_be_loaded_is_told_once_when_it_is_needed(path, monkeypatch, capfd):
    def refuse():
        raise OSError("no trees here")

    monkeypatch.setattr(Probe, "load", refuse)
    with pytest.raises(OSError, match="no trees here"):
        Cleaner("probe")(path)
    assert capfd.readouterr() == ("", "")


def test_a_model_is_loaded_once_for_all_documents(path, monkeypatch, tiny_folder):
    loaded = counted(monkeypatch, podprep.model, "load_model", podprep.load_model)
    probes = counted(monkeypatch, Probe, "load", Probe.load)
    cleaner = Cleaner("prompt", model=str(tiny_folder))
    texts = [cleaner(read_pdf(path, pages=[1])).text for _ in range(2)]
    assert texts[0] == texts[1]
    assert (loaded, len(probes)) == ([(str(tiny_folder),)], 1)


@pytest.mark.parametrize("used", [False, True])
def test_a_cleaner_pickles_by_its_settings(path, used, monkeypatch):
    cleaner = Cleaner("probe", size=200)
    expected = cleaner(path).chunks if used else clean(path, size=200).chunks
    packed = pickle.dumps(cleaner)
    assert len(packed) < 1000
    loaded = counted(monkeypatch, Probe, "load", Probe.load)
    assert pickle.loads(packed)(path).chunks == expected
    assert len(loaded) == 1


def nothing_left(doc):
    return Cleaned(doc, "nothing left", {})


def test_a_cleaner_of_ones_own_is_kept_and_pickled_like_the_others(path):
    cleaner = Cleaner(nothing_left)
    for made in (cleaner, pickle.loads(pickle.dumps(cleaner))):
        assert made(path).cleaner == "nothing left"
    with pytest.raises(SettingsError, match="A run reads its PDF itself"):
        cleaner.clean(path, run="x.podprep")


def test_what_a_cleaner_cannot_be_is_refused_when_it_is_made():
    for wrong in ({"cleaner": "magic"}, {"mode": "wild"}, {"adviser": "nobody"}):
        with pytest.raises(SettingsError):
            Cleaner(**wrong)
