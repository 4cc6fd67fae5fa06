"""Scanned pages are recognised where that is asked for, text that is there is left alone, and all of it is told."""

import importlib.util
import io
import json
import os
import shutil

import pypdfium2
import pytest
from make import column, edit_page, prose, tidied, write_pdf
from PyPDF2 import PdfMerger
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from podprep import Limits, NoTextError, OcrError, Run, SettingsError, clean, read_pdf
from podprep.cli import main
from podprep.review import report_html

recognises = pytest.mark.skipif(
    not (shutil.which("tesseract") and importlib.util.find_spec("ocrmypdf")), reason="needs Tesseract and OCRmyPDF"
)
SAID = ["The keeper of the lighthouse wrote a letter every evening", "and kept it in a drawer until the boat came by."]


def scan(path, *pages, dpi=150):
    """A PDF of pictures of pages that say some lines each; a page of no lines is blank."""
    printed = pypdfium2.PdfDocument(write_pdf(path, *(column(*lines, size=14, step=20) for lines in pages)))
    canvas = Canvas(str(path), pagesize=A4)
    for page in printed:
        made = io.BytesIO()
        page.render(scale=dpi / 72).to_pil().save(made, "PNG")
        canvas.drawImage(ImageReader(made), 0, 0, *A4)
        canvas.showPage()
    printed.close()
    canvas.save()
    return path


@pytest.fixture(scope="session")
def scanned(tmp_path_factory):
    """A page with a text layer, a scanned one and a blank one."""
    folder = tmp_path_factory.mktemp("scanned")
    merger = PdfMerger()
    merger.append(str(write_pdf(folder / "text.pdf", column(*prose(4)))))
    merger.append(str(scan(folder / "scan.pdf", SAID, [])))
    merger.write(str(folder / "mixed.pdf"))
    return folder / "mixed.pdf"


@recognises
def test_auto_recognises_pages_without_text_and_leaves_the_others_alone(scanned):
    document = read_pdf(scanned, ocr="auto")
    assert document.recognised == (2,)
    assert [line.text for line in document.pages[1].lines] == SAID
    assert document.pages[0] == read_pdf(scanned).pages[0]
    assert document.empty_pages == (3,)
    assert document.failures == ()


@recognises
def test_recognised_lines_stand_where_they_are_seen(scanned):
    first, second = read_pdf(scanned, ocr="auto", pages="2").lines
    assert (first.page, second.page) == (2, 2)
    assert first.box[0] == pytest.approx(72, abs=4)
    assert first.box[1] < 785 < first.box[3]
    assert first.box[1] - second.box[1] == pytest.approx(20, abs=3)


@recognises
def test_always_recognises_what_has_a_text_layer_too(tmp_path):
    path = write_pdf(tmp_path / "a.pdf", column(*SAID, size=14, step=20))
    document = read_pdf(path, ocr="always")
    assert document.recognised == (1,)
    assert [line.text for line in document.lines] == SAID


@recognises
def test_a_page_upside_down_is_put_upright(tmp_path):
    path = edit_page(scan(tmp_path / "a.pdf", [*SAID, *prose(20)]), lambda page: page.rotate(180))
    assert read_pdf(path, ocr="auto").text.startswith(SAID[0])


@recognises
def test_a_run_keeps_what_was_recognised_and_says_with_what(scanned, tmp_path, monkeypatch):
    run = Run.start(scanned, tmp_path / "a.podprep", cleaner="tidy", ocr="auto")
    text = run.go().text
    assert "keeper of the lighthouse" in text
    opened = Run.open(tmp_path / "a.podprep")
    assert opened.document.recognised == (2,)
    assert {"ocr", "ocr_language", "ocrmypdf", "tesseract"} <= opened.settings.keys()
    monkeypatch.setattr("podprep.reading.ocr._Recogniser.recognise", lambda *_: 1 / 0)
    assert Run.start(scanned, tmp_path / "a.podprep", cleaner="tidy", ocr="auto").go().text == text
    with pytest.raises(Exception, match="ocr"):
        Run.start(scanned, tmp_path / "a.podprep", cleaner="tidy")


@recognises
def test_a_run_stopped_between_two_pages_recognises_only_the_rest(tmp_path, monkeypatch):
    from podprep.reading import ocr

    path = scan(tmp_path / "a.pdf", SAID, SAID[::-1])
    monkeypatch.setattr(ocr, "_MOST_PROCESSES", 1)
    asked, recognise = [], ocr._Recogniser.recognise

    def stopped(self, page, picture):
        asked.append(page.number)
        if asked == [1, 2]:
            raise KeyboardInterrupt
        return recognise(self, page, picture)

    monkeypatch.setattr(ocr._Recogniser, "recognise", stopped)
    with pytest.raises(KeyboardInterrupt):
        Run.start(path, tmp_path / "a.podprep", cleaner="tidy", ocr="auto").go()
    run = Run.start(path, tmp_path / "a.podprep", cleaner="tidy", ocr="auto")
    run.go()
    assert asked == [1, 2, 2]
    assert run.document.recognised == (1, 2)


@recognises
def test_the_outcome_and_the_report_say_which_pages(scanned, tmp_path, capsys):
    out = str(tmp_path / "a.txt")
    assert main(["clean", str(scanned), "--cleaner", "tidy", "--ocr", "auto", "-o", out]) == 0
    assert "pages recognised in their picture (OCR): 2" in capsys.readouterr().err
    assert main(["clean", str(scanned), "--cleaner", "tidy", "--ocr", "auto", "-o", out, "--json", "--force"]) == 0
    assert json.loads(capsys.readouterr().out)["pages_recognised"] == [2]
    assert "Recognised in their picture (OCR)" in report_html(clean(scanned, cleaner="tidy", ocr="auto"))
    assert "OCR" not in report_html(tidied(scanned))
    assert main(["extract", str(scanned), "--ocr", "auto"]) == 0
    assert SAID[0] in capsys.readouterr().out


@recognises
def test_an_unknown_language_is_told_with_those_there_are(scanned):
    with pytest.raises(OcrError, match=r"does not know the language xyz: .* choose from .*eng"):
        read_pdf(scanned, ocr="auto", language="eng+xyz")


@recognises
def test_a_page_that_cannot_be_recognised_is_told_and_the_others_kept(scanned, monkeypatch):
    monkeypatch.setattr("podprep.reading.ocr._Recogniser._ask", lambda *_: "no ink left")
    document = read_pdf(scanned, ocr="auto")
    assert document.failures == ("page 2 could not be recognised (no ink left)",)
    assert document.pages[0].text


@recognises
@pytest.mark.parametrize(("workers", "processes"), [(1, 1), (2, min(2, os.cpu_count() or 1))])
def test_with_one_worker_one_page_is_recognised_at_a_time(workers, processes, tmp_path, monkeypatch):
    from podprep.reading import ocr

    used, recognise = set(), ocr._Recogniser.recognise

    def noted(self, page, picture):
        used.add(self)
        return recognise(self, page, picture)

    monkeypatch.setattr(ocr._Recogniser, "recognise", noted)
    path = scan(tmp_path / "a.pdf", SAID, SAID[::-1])
    assert read_pdf(path, ocr="auto", limits=Limits(workers=workers)).recognised == (1, 2)
    assert len(used) == processes


@recognises
def test_a_process_that_ends_costs_its_page_alone(tmp_path, monkeypatch):
    from podprep.reading import ocr

    monkeypatch.setattr(ocr, "_MOST_PROCESSES", 1)
    running, killed = ocr._Recogniser._running, []

    def dying(self):
        process = running(self)
        if not killed:
            killed.append(process)
            process.kill()
            process.wait()
        return process

    monkeypatch.setattr(ocr._Recogniser, "_running", dying)
    document = read_pdf(scan(tmp_path / "a.pdf", SAID, SAID), ocr="auto")
    assert document.failures == ("page 1 could not be recognised (OCRmyPDF ended)",)
    assert document.recognised == (2,)


@pytest.mark.parametrize(("missing", "told"), [
    ("ocrmypdf", r"pip install 'podprep\[ocr\]'"), ("tesseract", r"apt install tesseract-ocr\)"),
])
def test_what_is_missing_is_one_sentence_and_only_where_it_is_needed(scanned, monkeypatch, missing, told):
    settings = {"ocr": "auto", "ocr_language": "eng", "ocrmypdf": "17", "tesseract": "5", missing: "not installed"}
    monkeypatch.setattr("podprep.reading.ocr.Ocr.settings", settings)
    monkeypatch.setattr("podprep.reading.ocr._tesseract", lambda: (settings["tesseract"], frozenset({"eng"})))
    with pytest.raises(OcrError, match=told):
        read_pdf(scanned, ocr="auto")
    assert read_pdf(scanned, ocr="auto", pages="1").text
    assert read_pdf(scanned).empty_pages == (2, 3)


def test_a_scan_names_the_option(tmp_path, capsys):
    path = scan(tmp_path / "a.pdf", SAID)
    with pytest.raises(NoTextError, match=r"--ocr auto"):
        clean(path, cleaner="tidy")
    assert main(["clean", str(path), "--ocr", "sometimes"]) == 2


def test_settings_that_are_none_are_refused(scanned):
    with pytest.raises(SettingsError, match="auto, always, never"):
        read_pdf(scanned, ocr="perhaps")
    with pytest.raises(OcrError, match="no language"):
        read_pdf(scanned, ocr="auto", language="../../etc/passwd")
