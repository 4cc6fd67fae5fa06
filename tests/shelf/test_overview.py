"""The overview: every work file of a folder as a row, on a page that leads to the reports."""

import json
import re
from urllib.parse import unquote

import pytest
from make import SAMPLE, column, prose, write_pdf

from podprep import Review, Run, clean_shelf
from podprep.cli import main


@pytest.fixture
def out(tmp_path):
    """A shelf of two documents, one with a name that no page should take for markup."""
    odd = write_pdf(tmp_path / "<b>odd & 'quoted'.pdf", column(*prose(20)))
    assert {row.state for row in clean_shelf([SAMPLE / "sample.pdf", odd], tmp_path / "out", cleaner="tidy")} == {"done"}
    return tmp_path / "out"


def test_rows_tell_state_words_flags_and_decisions(out, capsys):
    Review(Run.open(out / "sample.podprep")).accept(0)
    (out / "deep").mkdir()
    (out / "deep" / "broken.podprep").write_text("mine")
    assert main(["shelf", str(out), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["documents"] and made["finished"], made["unusable"], made["decided"]) == (2, 1, 1)
    rows = {row["file"]: row for row in made["documents"]}
    assert rows["sample.podprep"]["words"] > 3900
    assert rows["sample.podprep"]["decided"] == 1
    assert "is damaged" in rows["deep/broken.podprep"]["told"]
    assert main(["shelf", str(out)]) == 0
    assert "sample.podprep: finished; 3," in capsys.readouterr().out


def test_the_page_leads_to_reports_and_escapes_names(out, tmp_path):
    page = tmp_path / "shelf.html"
    assert main(["shelf", str(out), "--report", str(page)]) == 0
    text = page.read_text()
    assert "<b>odd" not in text
    links = [unquote(link.replace("&#x27;", "'")) for link in re.findall(r'href="([^"]+)"', text)]
    assert len(links) == 2
    assert all((tmp_path / link).read_text().startswith("<!DOCTYPE html>") for link in links)
    assert main(["shelf", str(out), "--report", str(page)]) == 1
    assert main(["shelf", str(out), "--report", str(page), "--force"]) == 0


def test_a_report_that_cannot_be_written_costs_no_other(out, capsys):
    (out / "sample.review.html").mkdir()
    assert main(["shelf", str(out), "--report", str(out / "index.html")]) == 3
    assert "sample.podprep: no report: " in capsys.readouterr().err
    assert len(re.findall(r'href="([^"]+)"', (out / "index.html").read_text())) == 1


def test_a_folder_without_work_files_says_so(tmp_path, capsys):
    assert main(["shelf", str(tmp_path)]) == 0
    assert "no work files here" in capsys.readouterr().out
    assert main(["shelf", str(tmp_path / "none")]) == 1
    assert "is no folder" in capsys.readouterr().err


def test_one_of_anything_is_told_in_the_singular(tmp_path, capsys):
    pdf = write_pdf(tmp_path / "one.pdf", column("Bees [3]"))
    out, page, report = tmp_path / "out", tmp_path / "shelf.html", tmp_path / "one.html"
    assert main(["clean", str(pdf), "-o", f"{out}/", "--cleaner", "tidy"]) == 0
    assert main(["clean", str(pdf), "-o", str(tmp_path / "one.txt"), "--cleaner", "tidy", "--report", str(report)]) == 0
    assert main(["shelf", str(out), "--report", str(page)]) == 0
    told = capsys.readouterr()
    assert "1 document, 1 finished, 0 unusable, 1 word, " in told.out
    assert "one: 1 word, 0 of 1 chunk to look at" in told.err
    assert "to hand over: 1 word, 1 minute read aloud" in told.err
    assert "1 place, 1 word" in report.read_text()
    assert not re.search(r"\b1 (word|minute|page|place|chunk|token|document)s", told.out + told.err + page.read_text())
