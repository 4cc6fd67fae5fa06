"""One door to the cleaners: what `clean` takes, what it refuses, and in which order."""

from functools import partial

import pytest
from make import SAMPLE, column, document, prose, sample, write_pdf

from podprep import CLEANERS, NoTextError, PageRangeError, PdfError, SettingsError, clean, read_pdf

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
