"""A PDF open in this process gives what the guarded reader gives, and refuses what it refuses."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from podprep import ENGINES, Limits, Page, PdfError, read_metadata, read_pdf
from podprep.reading import DEFAULT_LIMITS, from_record, to_record
from podprep.reading.opened import OpenPdf

SAMPLE = Path(__file__).parents[2] / "notebooks" / "sample" / "sample.pdf"


@pytest.mark.parametrize("engine", ["pdfium", "pypdf2"])
def test_the_same_pages_as_under_guard(engine):
    apart, here = (read_pdf(SAMPLE, engine, "1-2", limits=limits) for limits in (DEFAULT_LIMITS, None))
    assert [to_record(p) for p in here.pages] == [to_record(p) for p in apart.pages]
    assert here.text == apart.text
    assert here.metadata == apart.metadata == read_metadata(SAMPLE, limits=None)


def test_a_page_is_drawn_as_png():
    pdf = OpenPdf(SAMPLE)
    small, large = (Image.open(BytesIO(pdf.picture(1, scale))) for scale in (0.5, 1.0))
    assert large.width == pytest.approx(2 * small.width, abs=2)
    with pytest.raises(PdfError, match="page 99 cannot be drawn"):
        pdf.picture(99, 1.0)
    pdf.close()


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"hello there", "not a PDF file"), (b"%PDF-1.4\nrubbish", "damaged beyond reading"), (b"", "empty")],
)
def test_what_is_no_pdf_is_refused(tmp_path, content, message):
    file = tmp_path / "x.pdf"
    file.write_bytes(content)
    with pytest.raises(PdfError, match=message):
        OpenPdf(file)


@pytest.mark.parametrize("limits", [None, Limits()])
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("handler", [b"/Adobe.PubSec/SubFilter/adbe.pkcs7.s5/V 4", b"/Strange.Handler/V 1"])
def test_a_certificate_is_named_as_what_is_missing(handler, engine, limits, tmp_path):
    file = tmp_path / "x.pdf"
    file.write_bytes(SAMPLE.read_bytes().replace(b"trailer\n<<", b"trailer\n<</Encrypt<</Filter" + handler + b">>"))
    with pytest.raises(PdfError, match=r"x\.pdf is encrypted with a certificate \(or a security handler .*save a copy without"):
        read_pdf(file, engine, limits=limits)


def test_a_password_is_asked_for_and_opens(tmp_path):
    import PyPDF2

    writer = PyPDF2.PdfWriter()
    writer.append_pages_from_reader(PyPDF2.PdfReader(SAMPLE))
    writer.encrypt("secret")
    file = tmp_path / "locked.pdf"
    with file.open("wb") as out:
        writer.write(out)
    with pytest.raises(PdfError, match="is encrypted: save a copy"):
        OpenPdf(file)
    with pytest.raises(PdfError, match="the password does not open it"):
        OpenPdf(file, password="guess")
    assert OpenPdf(file, password="secret").count == 6
    assert read_pdf(file, "pypdf2", "1", password="secret", limits=None).text


def test_records_are_exact_in_json():
    page = OpenPdf(SAMPLE).page(1)
    assert from_record(json.loads(json.dumps(to_record(page))), Page) == page
