"""Opening PDFs: what is read of good ones, and the sentence a bad one gets."""

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import NO_PAGES, PROPERTY, SAMPLE, column, encrypt, locked, raw_pdf, sample, write_coded_pdf, write_pdf
from PyPDF2 import PdfReader, PdfWriter
from PyPDF2.generic import NameObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas

from podprep import ENGINES, NoTextError, PageRangeError, PdfError, SettingsError, clean, read_metadata, read_pdf
from podprep.reading import pages_beside, require_text
from podprep.reading.pdf import parse_pages

BOTH = pytest.mark.parametrize("engine", ENGINES)


@pytest.fixture
def three_pages(tmp_path):
    pages = (column(f"Page {n} says this.") for n in (1, 2, 3))
    return write_pdf(tmp_path / "three.pdf", *pages, title="On  Pages", author="A. Writer", subject="tests")


# What is read of a good file


def test_metadata(three_pages):
    metadata = read_metadata(three_pages)
    assert (metadata.title, metadata.author, metadata.subject) == ("On Pages", "A. Writer", "tests")
    assert (metadata.pages, metadata.encrypted) == (3, False)
    assert "ReportLab" in metadata.producer
    assert metadata.keywords is None


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("D:20240131120506+01'00'", "2024-01-31 12:05"),
        ("D:20240131", "2024-01-31"),
        ("last  winter", "last winter"),
        ("D:", "D:"),
    ],
)
def test_dates_are_readable(three_pages, stored, read):
    writer = PdfWriter()
    writer.append_pages_from_reader(PdfReader(three_pages))
    writer.add_metadata({"/CreationDate": stored, "/ModDate": stored})
    writer.write(three_pages)
    metadata = read_metadata(three_pages)
    assert (metadata.created, metadata.modified) == (read, read)


def test_what_is_said_of_a_file_may_stand_elsewhere_in_it(three_pages):
    writer = PdfWriter()
    writer.append_pages_from_reader(PdfReader(three_pages))
    title = writer._add_object(TextStringObject("A Title by Reference"))
    writer._info.get_object()[NameObject("/Title")] = title
    writer.write(three_pages)
    assert read_metadata(three_pages).title == "A Title by Reference"


def test_absent_metadata_is_none(tmp_path):
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>"
    objects = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", page]
    (tmp_path / "bare.pdf").write_bytes(raw_pdf(objects))
    metadata = read_metadata(tmp_path / "bare.pdf")
    assert (metadata.title, metadata.author, metadata.created, metadata.pages) == (None, None, None, 1)


@BOTH
def test_reading(three_pages, engine):
    document = read_pdf(three_pages, engine)
    assert document.text == "Page 1 says this.\nPage 2 says this.\nPage 3 says this."
    assert (document.engine, document.path) == (engine, three_pages)
    assert document.sha256 == hashlib.sha256(three_pages.read_bytes()).hexdigest()
    assert document.metadata == read_metadata(three_pages)


@BOTH
def test_reading_some_pages(three_pages, engine):
    document = read_pdf(str(three_pages), engine, pages="3,1")
    assert [page.number for page in document.pages] == [1, 3]
    assert [line.page for line in document.lines] == [1, 3]
    assert document.metadata.pages == 3
    assert document.text == "Page 1 says this.\nPage 3 says this."


@BOTH
def test_same_file_same_pages(engine):
    assert read_pdf(SAMPLE / "sample.pdf", engine, "1-2").pages == read_pdf(SAMPLE / "sample.pdf", engine, "1-2").pages


def test_the_sample():
    document = sample().document
    assert document.metadata.title.startswith("The Page and the Ear")
    assert len(document.pages) == document.metadata.pages == 6
    assert document.empty_pages == ()


def test_the_progress_bar_goes_to_standard_error(three_pages, capsys):
    read_pdf(three_pages, progress=True)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "reading" in shown.err
    read_pdf(three_pages)
    assert capsys.readouterr().err == ""


@BOTH
def test_an_empty_password_is_no_obstacle(three_pages, engine):
    document = read_pdf(encrypt(three_pages, user="", owner="owner"), engine)
    assert document.text.startswith("Page 1 says this.")
    assert document.metadata.encrypted


# Bad files


def not_a_pdf(path):
    path.write_text("Dear reader, this is a letter.")


def damaged(path):
    write_pdf(path, column("Text."))
    path.write_bytes(path.read_bytes()[:200])


def without_pages(path):
    path.write_bytes(raw_pdf(NO_PAGES))


BAD = {
    "missing": (lambda path: None, "does not exist: check the path"),
    "folder": (lambda path: path.mkdir(), "is a folder: name a PDF file inside it"),
    "empty": (lambda path: path.touch(), "is empty .0 bytes.: copy or download it again"),
    "not a PDF": (not_a_pdf, "is not a PDF file: open it in a PDF viewer to check"),
    "damaged": (damaged, "is damaged beyond reading: open it in a PDF viewer to check, or save it anew"),
    "encrypted": (locked, "is encrypted: save a copy without a password"),
    "under a file": (lambda path: None, "cannot be read"),
}


@pytest.mark.parametrize("read", [read_metadata, read_pdf, lambda p: read_pdf(p, "pypdf2"), clean],
                         ids=["read_metadata", "pdfium", "pypdf2", "clean"])
@pytest.mark.parametrize("kind", BAD)
def test_bad_files_get_a_sentence_that_names_them_and_the_remedy(tmp_path, kind, read):
    make, sentence = BAD[kind]
    path = tmp_path / "bad one.pdf"
    if kind == "under a file":
        path.write_text("a file")
        path /= "inside.pdf"
    make(path)
    with pytest.raises(PdfError, match=f"{re.escape(str(path))} {sentence}") as caught:
        read(path)
    assert len(str(caught.value).splitlines()) == 1


@BOTH
def test_a_file_without_pages_is_refused_by_name(tmp_path, engine):
    without_pages(tmp_path / "none.pdf")
    with pytest.raises(PdfError, match=r"none\.pdf .*: .*save"):
        read_pdf(tmp_path / "none.pdf", engine)


@BOTH
def test_a_file_whose_pages_all_fail_is_refused_with_the_first_ones_reason(tmp_path, engine):
    (tmp_path / "holes.pdf").write_bytes(raw_pdf([NO_PAGES[0], "<</Type/Pages/Kids[]/Count 2>>"]))
    with pytest.raises(PdfError, match=r"holes\.pdf: .* cannot read page 1 \(.*\); .*"):
        read_pdf(tmp_path / "holes.pdf", engine)


def test_pages_that_fail_are_listed_and_the_others_kept(tmp_path):
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>"
    objects = [NO_PAGES[0], "<</Type/Pages/Kids[3 0 R]/Count 3>>", page]
    (tmp_path / "holes.pdf").write_bytes(raw_pdf(objects))
    document = read_pdf(tmp_path / "holes.pdf")
    assert document.empty_pages == (1,)
    assert [failure[:26] for failure in document.failures] == ["PDFium cannot read page 2 ", "PDFium cannot read page 3 "]


def coded(path, old="", new="", end=None):
    """A small PDF, with something in its bytes changed or its end cut off."""
    data = write_coded_pdf(path, "plain", {"p": "0070"}).read_bytes()
    path.write_bytes(data.replace(old.encode(), new.encode())[:data.find(end.encode()) if end else None])
    return path


def test_what_pdfium_can_mend_and_pypdf2_cannot_is_read_by_pdfium(tmp_path):
    path = coded(tmp_path / "cut.pdf", end="startxref")
    assert read_pdf(path).text == "plain"
    assert read_metadata(path).pages == 1
    with pytest.raises(PdfError, match=r"cut\.pdf: PyPDF2 cannot open it .*; use the pdfium engine\."):
        read_pdf(path, "pypdf2")


def test_a_page_that_pypdf2_cannot_read_is_named(tmp_path):
    path = coded(tmp_path / "lost.pdf", "/Contents 5 0 R", "/Contents 9 0 R")
    assert read_pdf(path).empty_pages == (1,)
    with pytest.raises(PdfError, match=r"lost\.pdf: PyPDF2 cannot read page 1 .*; use the pdfium engine\."):
        read_pdf(path, "pypdf2")


@BOTH
def test_a_page_of_spaces_is_empty(tmp_path, engine):
    path = write_pdf(tmp_path / "spaces.pdf", column("   ", " "))
    assert read_pdf(path, engine).empty_pages == (1,)


@BOTH
def test_pages_without_text_can_be_read_but_not_cleaned(tmp_path, engine):
    canvas = Canvas(str(tmp_path / "scan.pdf"))
    canvas.rect(100, 100, 300, 500, fill=1)
    canvas.showPage()
    canvas.showPage()
    canvas.save()
    document = read_pdf(tmp_path / "scan.pdf", engine)
    assert document.empty_pages == (1, 2)
    for refuse in (lambda: require_text(document), lambda: clean(tmp_path / "scan.pdf", engine=engine)):
        with pytest.raises(NoTextError, match=r"scan\.pdf: no text layer on any of the 2 pages.*--ocr auto"):
            refuse()


def test_a_document_with_text_is_handed_on(three_pages):
    document = read_pdf(three_pages)
    assert require_text(document) is document


def test_an_unknown_engine_is_refused_before_the_file_is_looked_for():
    with pytest.raises(SettingsError, match="'mupdf': choose one of pdfium, pypdf2"):
        read_pdf("missing.pdf", engine="mupdf")


# Page selections


@pytest.mark.parametrize(
    ("pages", "numbers"),
    [
        (None, [1, 2, 3, 4, 5]),
        ("2", [2]),
        ("1-3,5", [1, 2, 3, 5]),
        ("5,1-2,2", [1, 2, 5]),
        (" 1 - 2 , 4 ", [1, 2, 4]),
        ("3-3", [3]),
        ([4, 2, 2], [2, 4]),
        (range(1, 3), [1, 2]),
    ],
)
def test_page_selections(pages, numbers):
    assert parse_pages(pages, 5) == numbers


@pytest.mark.parametrize("pages", ["", "x", "1-", "-3", "3-1", "1,,2", "1-2-3", "1;2", "1.5", "\u0661", "-", ","])
def test_malformed_page_selections(pages):
    with pytest.raises(PageRangeError, match=r"is not a page selection: write pages like 1-3,7\."):
        parse_pages(pages, 5)


@pytest.mark.parametrize(("pages", "outside"), [("6", 6), ("0", 0), ("4-9", 6), ([0, 1], 0), ([-1], -1), ([1, 7], 7)])
def test_pages_that_do_not_exist(pages, outside):
    with pytest.raises(PageRangeError, match=f"page {outside} does not exist: the document has pages 1 to 5"):
        parse_pages(pages, 5)


def test_an_empty_selection_is_refused():
    with pytest.raises(PageRangeError, match="no pages were selected"):
        parse_pages([], 5)


@BOTH
def test_reading_pages_that_do_not_exist(three_pages, engine):
    with pytest.raises(PageRangeError, match="page 4 does not exist: the document has pages 1 to 3"):
        read_pdf(three_pages, engine, pages="2-4")


@PROPERTY
@given(st.sets(st.integers(1, 40), min_size=1))
def test_any_selection_can_be_written_as_text(numbers):
    assert parse_pages(",".join(map(str, numbers)), 40) == parse_pages(numbers, 40) == sorted(numbers)


@pytest.mark.parametrize(("numbers", "count", "beside"), [
    ([1], 10, [2, 3, 4]), ([9], 10, [7, 8, 10]), ([10], 10, [7, 8, 9]), ([2, 5], 9, [6, 7]), ([1], 1, []), ([1], 2, [2]),
    ([1, 2, 3, 4], 9, []), (list(range(1, 9)), 9, []),
])
def test_very_few_pages_are_read_with_some_beside(numbers, count, beside):
    assert pages_beside(numbers, count) == beside


def test_pages_beside_are_no_part_of_the_text():
    document = read_pdf(SAMPLE / "sample.pdf", pages="2")
    assert [page.number for page in document.beside] == [3, 4, 5]
    assert {line.page for line in document.lines} == {2}
    assert read_pdf(SAMPLE / "sample.pdf").beside == ()
