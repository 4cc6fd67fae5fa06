"""Files packed into a PDF are named and their names harm nothing; what PDFium cannot open, PyPDF2 reads."""

import json

import pytest
from make import column, raw_pdf, write_pdf
from PyPDF2 import PdfReader, PdfWriter
from PyPDF2.generic import DictionaryObject, NameObject

from podprep import PdfError, Run, read_metadata, read_pdf
from podprep.cli import main

CONTENT = "BT /F 12 Tf 72 700 Td (All is well that ends well.) Tj ET"
OBJECTS = [
    "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 4 0 R>>>>/Contents 5 0 R>>",
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", f"<</Length {len(CONTENT)}>>stream\n{CONTENT}\nendstream",
]


def packed(path, name, portfolio=False):
    """A PDF with a file packed into it."""
    writer = PdfWriter()
    for page in PdfReader(write_pdf(path, column("See what is packed in."))).pages:
        writer.add_page(page)
    writer.add_attachment(name, b"1,2,3")
    if portfolio:
        writer._root_object[NameObject("/Collection")] = DictionaryObject()
    writer.write(path)
    return path


def test_what_stands_in_objects_of_its_own_is_told(tmp_path):
    """And nothing of where they lie in memory, which is another place each time."""
    data = raw_pdf([*OBJECTS, "<</Title 7 0 R/Author 8 0 R/Subject[7 0 R]/Keywords 9 0 R>>", "(All is well)", "null"])
    (tmp_path / "a.pdf").write_bytes(data.replace(b"/Root 1 0 R", b"/Root 1 0 R/Info 6 0 R"))
    told = read_metadata(tmp_path / "a.pdf")
    assert (told.title, told.author, told.subject, told.keywords) == ("All is well", None, None, None)


@pytest.fixture
def odd(tmp_path):
    """A PDF that PDFium does not open: its catalogue stands in the trailer itself."""
    data = raw_pdf(OBJECTS).replace(b"/Root 1 0 R", b"/Root<</Type/Catalog/Pages 2 0 R>>")
    (tmp_path / "odd.pdf").write_bytes(data)
    return tmp_path / "odd.pdf"


@pytest.mark.parametrize("limits", [None, "guarded"])
def test_attachments_are_named(tmp_path, limits):
    settings = {} if limits else {"limits": None}
    assert read_metadata(packed(tmp_path / "a.pdf", "figures.csv"), **settings).attachments == ("figures.csv",)
    assert not read_metadata(tmp_path / "a.pdf", **settings).portfolio
    assert read_metadata(packed(tmp_path / "b.pdf", "a.csv", portfolio=True), **settings).portfolio
    assert read_metadata(write_pdf(tmp_path / "c.pdf", column("None."))).attachments == ()


def test_info_shows_them_with_signs_for_what_would_steer_a_terminal(tmp_path, capsys):
    assert main(["info", str(packed(tmp_path / "a.pdf", "tax\x1b[2J\u202egpj.exe\nfine"))]) == 0
    told = capsys.readouterr()
    for stream in (told.out, told.err):
        assert "gpj.exe" in stream
        assert not set("\x1b\u202e") & set(stream)
    assert "files packed into the PDF, which are not read" in told.err
    assert main(["info", str(tmp_path / "a.pdf"), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["attachments"]) == 1


@pytest.mark.parametrize("limits", [None, "guarded"])
def test_what_pdfium_cannot_open_pypdf2_reads_and_that_is_told(odd, limits):
    document = read_pdf(odd, **{} if limits else {"limits": None})
    assert document.text == "All is well that ends well."
    assert document.metadata.pages == 1
    assert "PyPDF2 read it" in document.metadata.remarks[0]


def test_the_remark_is_told_and_kept_in_the_work_file(odd, tmp_path, capsys):
    assert main(["clean", str(odd), "--cleaner", "tidy", "-o", str(tmp_path / "a.txt")]) == 0
    assert "PyPDF2 read it" in capsys.readouterr().err
    document = Run.open(tmp_path / "odd.podprep").document
    assert document.metadata.remarks == read_metadata(odd).remarks


def test_its_pages_cannot_be_drawn_and_that_is_told(odd):
    from podprep.reading import open_pdf

    for limits in ({"limits": None}, {}):
        pdf = open_pdf(odd, **limits)
        with pytest.raises(PdfError, match=r"page 1 cannot be drawn, as PDFium cannot open the file"):
            pdf.picture(1, 1.0)
        pdf.close()


def test_what_neither_can_open_is_refused(tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4\nnothing of the kind")
    with pytest.raises(PdfError, match=r"damaged beyond reading"):
        read_pdf(tmp_path / "a.pdf")
