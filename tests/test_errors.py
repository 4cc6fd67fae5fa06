"""Every exception can be caught by one name, and a scan also as a PDF that cannot be read."""

import pytest

from podprep import ModelError, NoTextError, OutputError, PageRangeError, PdfError, PodprepError, SettingsError


@pytest.mark.parametrize("error", [ModelError, NoTextError, OutputError, PageRangeError, PdfError, SettingsError])
def test_all_errors_share_one_base(error):
    assert issubclass(error, PodprepError)
    assert str(error("paper.pdf is empty.")) == "paper.pdf is empty."


def test_a_scan_is_an_unreadable_pdf():
    assert issubclass(NoTextError, PdfError)


def test_errors_of_use_are_not_errors_of_the_file():
    assert not issubclass(PageRangeError, PdfError)
    assert not issubclass(SettingsError, PdfError)
