"""The guarded reader: what it reads is what is read without it, and a hostile page costs that page alone."""

import os
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from make import SAMPLE, column, encrypt, raw_pdf, write_pdf

from podprep import Limits, PdfError, read_metadata, read_pdf

FINE = b"BT /F 12 Tf 72 700 Td (All is well.) Tj ET"


def flate_pdf(path, *contents):
    """A PDF with one page for each content stream, compressed."""
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(contents)))
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {len(contents)}>>",
               "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    for i, content in enumerate(contents):
        data = zlib.compress(content, 9).decode("latin-1")
        objects.append("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>"
                       f"/Contents {5 + 2 * i} 0 R>>")
        objects.append(f"<</Length {len(data)}/Filter/FlateDecode>>stream\n{data}\nendstream")
    path.write_bytes(raw_pdf(objects))
    return path


def endless():
    """A page of three million letters, each in its own place: PDFium reads them for a long time."""
    rows = (f"BT /F 1 Tf 0 {2 * y} Td ({'abcdefghij' * 100}) Tj ET" for y in range(3000))
    return "\n".join(rows).encode()


def test_what_is_read_under_guard_is_what_is_read_without():
    assert read_pdf(SAMPLE / "sample.pdf") == read_pdf(SAMPLE / "sample.pdf", limits=None)
    assert read_metadata(SAMPLE / "sample.pdf") == read_metadata(SAMPLE / "sample.pdf", limits=None)


def test_a_page_over_the_time_limit_is_listed_and_the_others_kept(tmp_path):
    path = flate_pdf(tmp_path / "slow.pdf", FINE, endless(), FINE)
    document = read_pdf(path, limits=Limits(page_seconds=4))
    assert document.text == "All is well.\nAll is well."
    assert document.failures == ("page 2 took longer than the limit of 4 seconds of processor time (--page-seconds)",)
    assert document.empty_pages == ()


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux alone")
def test_a_page_over_the_memory_limit_is_listed_and_the_others_kept(tmp_path):
    path = flate_pdf(tmp_path / "bomb.pdf", FINE, b" " * 400_000_000, FINE)
    document = read_pdf(path, limits=Limits(memory_mb=256))
    assert document.text == "All is well.\nAll is well."
    assert len(document.failures) == 1
    assert document.failures[0].startswith("page 2 ")
    assert "256 MiB" in document.failures[0]


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux alone")
def test_a_file_of_which_nothing_can_be_read_is_one_sentence(tmp_path):
    path = flate_pdf(tmp_path / "bomb.pdf", b" " * 400_000_000)
    with pytest.raises(PdfError, match=r"bomb\.pdf: page 1 .* 256 MiB; print it to a new PDF from a viewer\.$"):
        read_pdf(path, limits=Limits(memory_mb=256))


def test_opening_is_limited_too():
    """Where the system counts in hundredths of a second, opening may pass as nothing, and the first page does not."""
    with pytest.raises(PdfError, match=r"sample\.pdf: (opening it|page 1) took longer than the limit of 1e-05 seconds of "
                                       r"processor time \(--page-seconds\); .*"):
        read_pdf(SAMPLE / "sample.pdf", limits=Limits(page_seconds=0.00001))


def test_when_the_documents_time_is_up_the_rest_is_one_failure(tmp_path):
    path = flate_pdf(tmp_path / "slow.pdf", FINE, endless(), endless(), FINE)
    document = read_pdf(path, limits=Limits(page_seconds=4, document_seconds=4))
    assert [page.number for page in document.pages] == [1, 2, 3]
    assert document.failures[-1] == (
        "page 3 and those after it were not read, as the document took longer than the limit of 4 seconds "
        "(--document-seconds)"
    )


def test_a_password_opens_what_it_locks(tmp_path):
    path = encrypt(write_pdf(tmp_path / "locked.pdf", column("A secret.")), user="open sesame")
    assert read_pdf(path, password="open sesame").text == "A secret."
    assert read_pdf(path, "pypdf2", password="open sesame").text == "A secret."
    assert read_metadata(path, password="open sesame").encrypted
    with pytest.raises(PdfError, match=r"locked\.pdf is encrypted and the password does not open it"):
        read_pdf(path, password="open barley")


def test_a_file_without_its_header_is_read(tmp_path):
    data = write_pdf(tmp_path / "a.pdf", column("Headless.")).read_bytes()
    (tmp_path / "b.pdf").write_bytes(data.partition(b"\n")[2])
    assert read_pdf(tmp_path / "b.pdf").text == "Headless."


def test_it_works_from_a_script_on_standard_input_and_ignores_modules_beside_the_pdf(tmp_path):
    """No guard of `__main__` is needed, and a stranger's json.py in the working folder is not imported."""
    (tmp_path / "json.py").write_text("raise SystemExit('hijacked')")
    (tmp_path / "a.pdf").write_bytes((SAMPLE / "sample.pdf").read_bytes())
    script = "import sys; sys.path[0] = '/'\nfrom podprep import read_pdf\nprint(len(read_pdf('a.pdf').pages))"
    done = subprocess.run([sys.executable, "-"], input=script, capture_output=True, text=True, cwd=tmp_path,
                          env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}, check=False)
    assert (done.stdout, done.stderr) == ("6\n", "")


def test_the_worker_does_not_load_torch():
    script = "import sys, podprep.reading.worker; print('torch' in sys.modules, 'numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"
