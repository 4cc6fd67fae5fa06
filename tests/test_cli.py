"""The command line: text out, progress and messages on standard error, one sentence for every error."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from make import column, prose, write_pdf

from podprep import Review, Run, __version__, clean, list_runs, read_pdf, sidecar_json, tidy_document, words
from podprep.cli import main
from podprep.runs import Log
from podprep.runs.store import WorkFile

SAMPLE = Path(__file__).parents[1] / "notebooks" / "sample" / "sample.pdf"


def test_info_prints_json(capsys):
    assert main(["info", str(SAMPLE), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["pages"] == 6
    assert facts["pages_without_text"] == []
    assert facts["title"].startswith("The Page and the Ear")
    assert facts["words"] > 3900


def test_info_prints_a_table(capsys):
    assert main(["info", str(SAMPLE)]) == 0
    out = capsys.readouterr().out
    assert "pages without text" in out
    assert "none" in out


def test_extract_writes_the_raw_text_of_chosen_pages(capsysbinary):
    assert main(["extract", str(SAMPLE), "--pages", "2-3"]) == 0
    expected = "\n\n".join(page.text for page in read_pdf(SAMPLE, pages="2-3").pages)
    assert capsysbinary.readouterr().out.decode() == expected + "\n"


def test_extract_with_the_second_engine_differs(tmp_path):
    for engine in ("pdfium", "pypdf2"):
        assert main(["extract", str(SAMPLE), "--engine", engine, "-o", str(tmp_path / engine)]) == 0
    assert (tmp_path / "pdfium").read_text() != (tmp_path / "pypdf2").read_text()


def test_clean_writes_text_and_report_and_tells_where(tmp_path, capsys):
    text, report = tmp_path / "clean.txt", tmp_path / "report.html"
    assert main(["clean", str(SAMPLE), "--cleaner", "tidy", "-o", str(text), "--report", str(report)]) == 0
    told = capsys.readouterr()
    assert text.read_text() == tidy_document(read_pdf(SAMPLE)).text
    assert report.read_text().startswith("<!DOCTYPE html>")
    assert told.out == ""
    assert str(text) in told.err
    assert str(report) in told.err
    assert "removed: reference" in told.err


def test_clean_names_its_output_and_its_run_after_the_pdf(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["clean", str(SAMPLE), "--cleaner", "tidy", "--pages", "1"]) == 0
    assert (tmp_path / "sample.clean.txt").exists()
    [run] = list_runs(tmp_path)
    assert run.path.name == "sample.podprep"
    assert f"work file: {run.path.name}" in capsys.readouterr().err
    assert run.cleaned.text == (tmp_path / "sample.clean.txt").read_text()


def test_clean_in_a_run_that_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    command = ["clean", str(SAMPLE), "--cleaner", "tidy", "--pages", "1", "--run", "here.podprep", "-o", "-"]
    assert main(command) == 0
    text = capsys.readouterr().out
    assert main(command) == 0
    told = capsys.readouterr()
    assert told.out == text == Run.open("here.podprep").cleaned.text
    assert "going on with here.podprep: finished, 5 of 5" in told.err
    assert [path.name for path in tmp_path.iterdir()] == ["here.podprep"]
    assert main([*command, "--pages", "2"]) == 1
    assert "(pages was 1 and is 2)" in capsys.readouterr().err


def test_runs_are_listed(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["runs"]) == 0
    assert "no runs here" in capsys.readouterr().out
    clean(SAMPLE, "tidy", pages="1", run="here.podprep")
    assert main(["runs", str(tmp_path), "--json"]) == 0
    [facts] = json.loads(capsys.readouterr().out)
    assert (facts["state"], facts["done"], facts["total"]) == ("finished", 5, 5)
    assert facts["settings"]["pages"] == "1"
    assert main(["runs"]) == 0
    shown = capsys.readouterr().out
    assert shown == "here.podprep\n  finished, 5 of 5; sample.pdf; cleaner tidy, pages 1, size 1000\n"
    Path("there.podprep").write_text("mine")
    assert main(["runs"]) == 0
    assert "there.podprep\n  cannot be opened: there.podprep is damaged" in capsys.readouterr().out
    assert main(["runs", "none"]) == 1


def test_clean_to_standard_output_is_text_only(capsysbinary):
    assert main(["clean", str(SAMPLE), "--cleaner", "tidy", "-o", "-"]) == 0
    assert capsysbinary.readouterr().out.decode() == tidy_document(read_pdf(SAMPLE)).text


@pytest.mark.parametrize("command", ["clean", "extract"])
def test_an_existing_file_is_replaced_only_when_forced(command, tmp_path, capsys):
    out = tmp_path / "mine.txt"
    out.write_text("my own work")
    assert main([command, str(SAMPLE), "-o", str(out)]) == 1
    assert "exists" in capsys.readouterr().err
    assert out.read_text() == "my own work"
    assert main([command, str(SAMPLE), "-o", str(out), "--force"]) == 0
    assert out.read_text() != "my own work"


def test_an_existing_report_stops_the_run_before_any_work(tmp_path, capsys):
    report = tmp_path / "report.html"
    report.write_text("my own work")
    assert main(["clean", str(SAMPLE), "-o", str(tmp_path / "x.txt"), "--report", str(report)]) == 1
    assert not (tmp_path / "x.txt").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["clean", "missing.pdf"], "missing.pdf does not exist: check the path."),
        (["info", "."], ". is a folder: name a PDF file inside it."),
        (["clean", str(SAMPLE), "--pages", "9"], "page 9 does not exist: the document has pages 1 to 6."),
        (["extract", str(SAMPLE), "-o", "."], ". is a folder: name a file inside it."),
        (["clean", str(SAMPLE), "-o", "no/such/folder/x.txt"], "create the folder or choose another output."),
        (["info", "[red]x"], "[red]x does not exist"),
        (["clean", str(SAMPLE), "--cleaner", "prompt", "--model", "./none.gguf", "-o", "-"], "check the path of the GGUF"),
    ],
)
def test_an_error_is_one_sentence_and_status_1(arguments, sentence, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert sentence in told.err
    assert "Traceback" not in told.err
    assert len(told.err.strip().splitlines()) == 1


def test_a_mistake_of_our_own_is_one_sentence_without_a_traceback(monkeypatch, capsys):
    monkeypatch.setattr("podprep.console.show_facts", lambda *_: 1 / 0)
    assert main(["info", str(SAMPLE)]) == 1
    assert re.fullmatch(r"podprep: a mistake of podprep's own \(ZeroDivisionError at test_cli.py:\d+: division by zero\): "
                        r"please report it\.\n", capsys.readouterr().err)


def _run(*arguments, **settings):
    return subprocess.run([sys.executable, "-m", "podprep.cli", *arguments], capture_output=True, text=True, **settings)


def test_version():
    assert _run("--version").stdout.strip() == f"podprep {__version__}"


@pytest.mark.skipif(os.name != "posix", reason="folder permissions are POSIX here")
def test_an_unwritable_folder_is_one_sentence(tmp_path):
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    if os.access(locked, os.W_OK):
        pytest.skip("this user may write anywhere")
    done = _run("clean", str(SAMPLE), "-o", str(locked / "x.txt"))
    assert done.returncode == 1
    assert "cannot be written" in done.stderr


def test_reading_stops_quietly_when_the_reader_goes():
    command = f"{sys.executable} -m podprep.cli extract {SAMPLE} | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout
    assert done.stderr == ""


def test_info_does_not_load_torch():
    script = f"import sys; from podprep.cli import main; main(['info', {str(SAMPLE)!r}]); print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("False")


def test_clean_with_the_prompt_cleaner_reports_every_chunk(tmp_path, capsys):
    out = tmp_path / "model.txt"
    pdf = tmp_path / "short.pdf"
    _short_pdf(pdf)
    assert main(["clean", str(pdf), "--cleaner", "prompt", "-o", str(out)]) == 0
    told = capsys.readouterr().err
    assert "chunk 1, page 1: stop" in told
    assert any(verdict in told for verdict in ("clean", "look", "failed"))


def _short_pdf(path):
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path))
    canvas.drawString(72, 700, "The bee flies home at noon.")
    canvas.save()


def test_the_probe_is_the_default_and_keeps_the_prose(tmp_path):
    assert main(["clean", str(SAMPLE), "-o", str(tmp_path / "x.txt")]) == 0
    text = (tmp_path / "x.txt").read_text()
    assert text.startswith("The Page and the Ear")
    assert "example.org" not in text


@pytest.fixture
def tidied(tmp_path, monkeypatch, capsys):
    """A folder in which the sample was cleaned by rule, as the working folder."""
    monkeypatch.chdir(tmp_path)
    assert main(["clean", str(SAMPLE), "--cleaner", "tidy", "-o", "x.txt", "--run", "a.podprep"]) == 0
    capsys.readouterr()
    return tmp_path


def test_clean_writes_the_text_and_where_it_comes_from(tidied):
    origin = json.loads((tidied / "x.json").read_text(encoding="utf-8"))
    assert (tidied / "x.txt").read_text(encoding="utf-8") == Run.open("a.podprep").cleaned.text
    assert (tidied / "x.json").read_text(encoding="utf-8") == sidecar_json(Run.open("a.podprep").cleaned)
    assert {"paragraphs", "removals"} <= set(origin)


def test_review_writes_the_report_and_the_text_as_decided(tidied, capsys):
    review = Review(Run.open("a.podprep"))
    review.edit(0, "A title of my own.")
    assert main(["review", "a.podprep", "-o", "report.html", "--text", "final.txt"]) == 0
    assert f"1 of {len(review.cleaned.chunks)} decided" in capsys.readouterr().out
    assert (tidied / "final.txt").read_text(encoding="utf-8").startswith("A title of my own.")
    assert "edited" in (tidied / "report.html").read_text(encoding="utf-8")
    assert (tidied / "x.txt").read_text(encoding="utf-8") == Run.open("a.podprep").cleaned.text


def test_review_alone_shows_how_far_it_is_and_writes_nothing(tidied, capsys):
    before = sorted(tidied.rglob("*"))
    for _ in range(2):
        assert main(["review", "a.podprep"]) == 0
        out, err = capsys.readouterr()
        assert re.fullmatch(r"0 of \d+ decided, \d+ flagged\n", out)
        assert "review a.podprep --report FILE.html" in err
        assert "review a.podprep --text FILE" in err
    assert sorted(tidied.rglob("*")) == before


@pytest.mark.parametrize(("option", "file"), [("--report", "r.html"), ("-o", "r.html"), ("--text", "t.txt")])
def test_each_output_of_a_review_is_asked_for_by_itself(option, file, tidied, capsys):
    made = {file, "t.json"} if file == "t.txt" else {file}
    before = {path.name for path in tidied.iterdir()}
    assert main(["review", "a.podprep", option, file]) == 0
    assert {path.name for path in tidied.iterdir()} - before == made
    (tidied / file).write_text("mine")
    assert main(["review", "a.podprep", option, file]) == 1
    assert "replace it with --force" in capsys.readouterr().err
    assert (tidied / file).read_text() == "mine"
    (tidied / "other.html").write_text("mine")
    assert main(["review", "a.podprep", option, file, "--force"]) == 0
    assert (tidied / file).stat().st_size > 1000
    assert (tidied / "other.html").read_text() == "mine"


def test_a_review_never_writes_over_its_own_text_with_the_report(tidied, capsys):
    for arguments in (["--text", "a.txt", "-o", "a.txt"], ["--text", "a.txt", "-o", "a.json"], ["-o", "a.podprep", "--force"]):
        assert main(["review", "a.podprep", *arguments]) == 1
        assert re.search("written twice|works with", capsys.readouterr().err)
    assert [path.name for path in tidied.glob("a.*")] == ["a.podprep"]


def test_review_of_what_is_no_work_file_is_refused(tmp_path, capsys):
    for path, sentence in {SAMPLE: "is a PDF: name its work file", tmp_path: "a run is one file", tmp_path / "a": "does not exist"}.items():
        assert main(["review", str(path)]) == 1
        assert sentence in capsys.readouterr().err


def test_formats_of_a_review_need_a_name(tidied, capsys):
    for options in (["--format", "md"], ["--split-tokens", "500", "--report", "r.html"], ["--format", "md", "-o", "r.html"]):
        assert main(["review", "a.podprep", *options]) == 1
        assert "name it with --text NAME" in capsys.readouterr().err
    assert not Path("r.html").exists()
    assert main(["review", "a.podprep", "--format", "speech", "--report", "r.html"]) == 0


def test_review_of_what_is_not_finished_is_refused(tidied, capsys):
    with WorkFile.opened(Path("a.podprep"), alone=True) as work:
        work._database.execute("DELETE FROM facts WHERE key = 'finished'")
    assert main(["review", "a.podprep", "--text", "t.txt"]) == 1
    assert "a.podprep is not finished: run 'podprep clean'" in capsys.readouterr().err


def test_what_raised_no_flag_is_accepted_in_somebodys_name(tidied):
    assert main(["review", "a.podprep", "--accept-unflagged", "--as", "A. Reviewer"]) == 0
    review = Review(Run.open("a.podprep"))
    assert review.progress.decided == len(review.cleaned.chunks)
    assert [entry["by"] for entry in Log(Path("a.podprep")).entries] == ["A. Reviewer"]
    assert main(["review", "a.podprep", "--accept-unflagged"]) == 0
    assert len(Log(Path("a.podprep")).entries) == 1


def test_a_cleanup_repeated_after_its_review_says_what_is_left_to_look_at(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    path = write_pdf(tmp_path / "a.pdf", column(*prose(8), "and so says [Abc99] too,", *prose(8, 20)))
    assert main(["clean", "a.pdf"]) == 0
    told = capsys.readouterr().err
    assert "2 chunks, 1 to look at" in told
    assert "a citation is left" in told
    assert "as it was reviewed" not in told
    Review(Run.open("a.podprep")).accept([0, 1])
    assert main(["clean", str(path)]) == 0
    told = capsys.readouterr().err
    assert "2 chunks, 2 decided, 0 to look at" in told
    assert "a citation is left" not in told
    assert "to write the text as it was reviewed: " in told
    assert "review a.podprep --text FILE" in told
    assert main(["clean", "a.pdf", "-o", ".", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["flagged"] == 0


def test_one_of_anything_is_told_in_the_singular(tmp_path, monkeypatch, capsysbinary):
    monkeypatch.chdir(tmp_path)
    write_pdf(tmp_path / "a.pdf", column("Once upon a time."))
    called = [
        ["info", "a.pdf"], ["info", "a.pdf", "--json"], ["extract", "a.pdf"],
        ["clean", "a.pdf", "-o", "a.txt", "--report", "a.html", "--format", "txt,md,json,speech", "--split-tokens", "500"],
        ["runs", "."], ["review", "a.podprep"], ["review", "a.podprep", "--accept-unflagged", "--as", "A"],
        ["review", "a.podprep", "--text", "b", "--format", "md,speech", "--report", "b.html", "--decisions", "b.csv"],
        ["clean", "a.pdf", "-o", "shelf/"], ["shelf", "shelf", "--report", "shelf/index.html"], ["shelf", "shelf"],
    ]
    told = []
    for arguments in called:
        assert main(arguments) == 0, arguments
        told.append(b"".join(capsysbinary.readouterr()).decode())
    pages = [re.sub(r"<(style|script).*?</\1>|<[^>]*>", " ", path.read_text("utf-8"), flags=re.DOTALL)
             for path in tmp_path.rglob("*.html")]
    assert len(pages) == 4, "two reports, the shelf's page and the report it leads to"
    assert "1 chunk" in " ".join(told + pages)
    wrong = re.compile(r"(?<![\d.,])1 (?!was\b|is\b|as\b|this\b)[a-z]+s\b")
    assert [match[0] for text in told + pages for match in wrong.finditer(text)] == []


def test_a_work_file_without_the_pdf(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["clean", str(SAMPLE), "--cleaner", "tidy", "--no-pdf"]) == 0
    assert SAMPLE.read_bytes()[:3000] not in (tmp_path / "sample.podprep").read_bytes()
    with Run.open("sample.podprep").pdf_file() as pdf:
        assert pdf == SAMPLE


def test_no_work_file_is_replaced_whatever_is_forced(tidied, capsys):
    before = Path("a.podprep").read_bytes()
    assert main(["extract", str(SAMPLE), "-o", "a.podprep", "--force"]) == 1
    assert "a.podprep is a work file, or is named as one" in capsys.readouterr().err
    assert Path("a.podprep").read_bytes() == before


def test_a_document_of_which_hardly_anything_stays_is_told(tmp_path, capsys):
    entries = [f"[{n}] A. Smith. A title of number {n}. The Journal, {1990 + n}." for n in range(1, 12)]
    write_pdf(tmp_path / "list.pdf", column("References", *entries))
    command = ["clean", str(tmp_path / "list.pdf"), "--cleaner", "tidy", "-o", str(tmp_path / "o.txt"), "--quiet",
               "--report", str(tmp_path / "r.html")]
    assert main(command) == 0
    told = capsys.readouterr().err
    assert re.search(r"Hardly any words were kept, 0 of \d+: this may be no running text", told)
    assert "Hardly any words were kept, 0 of " in (tmp_path / "r.html").read_text()


def test_quiet_says_nothing(tmp_path, capsys):
    assert main(["clean", str(SAMPLE), "--cleaner", "tidy", "-o", str(tmp_path / "x.txt"), "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


def test_json_tells_the_outcome(tmp_path, capsys):
    out = tmp_path / "x.txt"
    assert main(["clean", str(SAMPLE), "--cleaner", "tidy", "-o", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["words_kept"] == len(words(out.read_text(encoding="utf-8")))
    assert told["words_removed"]["citation"] > 0
    assert told["files"]["clean text"] == str(out)


def test_the_summary_names_kinds_flags_and_what_to_do_next(tmp_path, capsys):
    assert main(["clean", str(SAMPLE), "--cleaner", "tidy", "-o", str(tmp_path / "x.txt")]) == 0
    told = capsys.readouterr().err
    assert "removed: citation" in told
    assert "chunks, " in told
    assert f" review {tmp_path}/sample.podprep --report" in told
    assert f"ReviewPanel(Run.open('{tmp_path}/sample.podprep'" in told


def test_a_prompt_and_an_adviser_of_ones_own(tmp_path, capsys):
    pdf, prompt = tmp_path / "short.pdf", tmp_path / "mine.toml"
    _short_pdf(pdf)
    prompt.write_text('system = "Send the text back."', encoding="utf-8")
    command = ["clean", str(pdf), "--cleaner", "prompt", "--adviser", "tidy", "--prompt", str(prompt), "--json"]
    assert main([*command, "-o", str(tmp_path / "x.txt")]) == 0
    settings = json.loads(capsys.readouterr().out)["settings"]
    assert settings["prompt"].startswith("mine ")
    assert (settings["mode"], settings["adviser"]) == ("faithful", "tidy")
    assert (tmp_path / "x.txt").read_text(encoding="utf-8") == "The bee flies home at noon.\n"


def test_clean_writes_the_formats_that_are_named(tmp_path, capsys):
    stem = tmp_path / "page"
    command = ["clean", str(SAMPLE), "--cleaner", "tidy", "--pages", "1"]
    assert main([*command, "-o", f"{stem}.txt", "--format", "md,json", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    cleaned = Run.open(tmp_path / "sample.podprep").cleaned
    assert Path(f"{stem}.md").read_text("utf-8") == cleaned.to_markdown()
    assert Path(f"{stem}.document.json").read_text("utf-8") == cleaned.to_json()
    assert {*told["files"].values()} >= {f"{stem}.md", f"{stem}.document.json", f"{stem}.json"}
    assert told["words_kept"] == cleaned.numbers().words
    assert not Path(f"{stem}.txt").exists()
    assert main([*command, "-o", "-", "--format", "md"]) == 0
    assert capsys.readouterr().out == cleaned.to_markdown()
    reviewed = ["review", str(tmp_path / "sample.podprep"), "--text", f"{stem}-2", "--format", "md", "--accept-unflagged"]
    assert main(reviewed) == 0
    assert 'reviewed: "0%"' not in Path(f"{stem}-2.md").read_text("utf-8")


@pytest.mark.parametrize(("more", "said"), [
    (["--format", "docx"], "'docx' is none of txt, md, json, speech"),
    (["--format", "txt,"], "'' is none of"),
    (["--format", "txt,md", "-o", "-"], "standard output takes one format"),
])
def test_formats_that_cannot_be_written_are_wrong_usage(more, said, capsys):
    assert main(["clean", str(SAMPLE), *more]) == 2
    assert said in " ".join(capsys.readouterr().err.split())


def test_parts_and_speech_are_written_beside_the_text(tmp_path, capsys):
    stem = tmp_path / "page"
    command = ["clean", str(SAMPLE), "--cleaner", "tidy", "-o", str(stem), "--format", "md,speech", "--report",
               str(tmp_path / "r.html"), "--split-tokens", "3000"]
    assert main(command) == 0
    cleaned, told = Run.open(tmp_path / "sample.podprep").cleaned, capsys.readouterr().err
    parts = cleaned.parts(3000)
    assert [Path(f"{stem}.{p.number}-of-{p.of}.md").read_text("utf-8") for p in parts] == [p.to_markdown() for p in parts]
    assert Path(f"{stem}.speech.txt").read_text("utf-8") == cleaned.to_speech() != cleaned.text
    assert f"to hand over: {cleaned.numbers()}" in told
    assert f"part: {stem}.1-of-{len(parts)}.speech.txt" in told
    assert "Said otherwise: 3" in (tmp_path / "r.html").read_text("utf-8")
    assert len(json.loads(Path(f"{stem}.json").read_text("utf-8"))["speech"]) == 3
    review = ["review", str(tmp_path / "sample.podprep"), "--text", f"{stem}-2", "--format", "md"]
    assert main([*review, "--split-tokens", "3000"]) == 0
    told = capsys.readouterr().err
    assert [f"part: {stem}-2.{p.number}-of-{p.of}.md" in told for p in parts] == [True] * len(parts)
    assert told.count("part: ") == len(parts)


@pytest.mark.parametrize(("more", "said"), [
    (["--split-tokens", "10"], "a part of 10 tokens holds hardly a paragraph: choose 500 or more"),
    (["--split-tokens", "900", "-o", "-"], "standard output takes no parts"),
])
def test_parts_that_cannot_be_made_are_wrong_usage(more, said, capsys):
    assert main(["clean", str(SAMPLE), *more]) == 2
    assert said in " ".join(capsys.readouterr().err.replace("│", " ").split())
