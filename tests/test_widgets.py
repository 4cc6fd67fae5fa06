"""The PDF chooser: typed paths, uploads with hostile names, and friendly refusals."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from make import write_pdf

pytest.importorskip("ipywidgets")

from podprep import PdfChooser, Prompt, PromptEditor, load_prompt, read_pdf
from podprep.widgets import CHOICE, safe_name

SAMPLE = Path(__file__).parents[1] / "notebooks" / "sample" / "sample.pdf"


@pytest.fixture
def chooser():
    return PdfChooser(SAMPLE)


def upload(chooser, name, content):
    """Do what the front end does once the browser has sent a file."""
    file = {"name": name, "type": "application/pdf", "size": len(content), "last_modified": 0}
    chooser._upload.set_state({"value": [{**file, "content": memoryview(content)}]})


def type_path(chooser, text):
    chooser._field.value = text


def test_default_stays_until_something_is_chosen(chooser):
    assert chooser.path == SAMPLE
    assert chooser.message.startswith("sample.pdf: The Page and the Ear")
    assert repr(chooser) == chooser.message
    assert chooser.message.endswith("6 pages")


def test_the_one_line_form_names_the_file_but_no_folder(chooser):
    assert repr(chooser).startswith("sample.pdf: The Page and the Ear")
    assert "\n" not in repr(chooser)
    assert str(SAMPLE.parent) not in repr(chooser)


def test_a_typed_path_is_taken(chooser, tmp_path):
    other = tmp_path / "other.pdf"
    other.write_bytes(SAMPLE.read_bytes())
    type_path(chooser, f"  {other} ")
    assert chooser.path == other


def test_a_typed_path_may_start_with_the_home_folder(chooser, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "mine.pdf").write_bytes(SAMPLE.read_bytes())
    type_path(chooser, "~/mine.pdf")
    assert chooser.path == tmp_path / "mine.pdf"


def test_a_missing_path_is_told_in_one_line_and_the_choice_stays(chooser, tmp_path):
    type_path(chooser, str(tmp_path / "none.pdf"))
    assert chooser.message == f"{tmp_path / 'none.pdf'} does not exist: check the path."
    assert chooser.path == SAMPLE


def test_the_way_back_from_a_missing_path(chooser, tmp_path):
    type_path(chooser, str(tmp_path / "none.pdf"))
    type_path(chooser, str(SAMPLE))
    assert chooser.path == SAMPLE
    assert chooser.message.endswith("6 pages")


def test_an_empty_field_changes_nothing(chooser):
    type_path(chooser, "   ")
    assert chooser.path == SAMPLE


def test_a_default_that_does_not_exist_is_told_and_kept(tmp_path):
    chooser = PdfChooser(tmp_path / "none.pdf")
    assert "does not exist" in chooser.message
    assert chooser.path == tmp_path / "none.pdf"


def test_an_upload_is_stored_and_can_be_read(chooser):
    upload(chooser, "paper.pdf", SAMPLE.read_bytes())
    assert chooser.path.name == "paper.pdf"
    assert chooser.path != SAMPLE
    assert len(read_pdf(chooser.path, pages="1").pages) == 1


def test_after_an_upload_the_field_no_longer_names_another_file(chooser):
    upload(chooser, "paper.pdf", SAMPLE.read_bytes())
    assert chooser._field.value == ""


def test_uploads_lie_in_a_private_folder(chooser):
    upload(chooser, "paper.pdf", SAMPLE.read_bytes())
    assert stat.S_IMODE(Path(chooser._uploads.name).stat().st_mode) == 0o700


def test_a_hostile_name_cannot_leave_the_private_folder(chooser, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    upload(chooser, "../../x.pdf", SAMPLE.read_bytes())
    assert chooser.path.name == "x.pdf"
    assert Path(chooser._uploads.name).resolve() in chooser.path.resolve().parents
    assert not list(tmp_path.rglob("*"))


def test_an_upload_that_is_no_pdf_is_refused_by_its_own_name(chooser):
    upload(chooser, "notes.pdf", b"shopping list")
    assert chooser.message.startswith("notes.pdf is not a PDF file")
    assert chooser._uploads.name not in chooser.message
    assert chooser.path == SAMPLE


def test_an_empty_upload_is_refused(chooser):
    upload(chooser, "notes.pdf", b"")
    assert chooser.message.startswith("notes.pdf is empty")


def test_a_bad_upload_does_not_spoil_a_good_one_of_the_same_name(chooser):
    upload(chooser, "paper.pdf", SAMPLE.read_bytes())
    upload(chooser, "paper.pdf", b"no PDF at all")
    assert "not a PDF file" in chooser.message
    assert chooser.path.read_bytes() == SAMPLE.read_bytes()


def test_a_name_is_shown_as_text_and_never_as_markup(chooser):
    upload(chooser, "<img src=x onerror=alert(1)>.pdf", b"no PDF")
    assert "<" not in chooser._message.value
    type_path(chooser, "<b>none</b>.pdf")
    assert "<" not in chooser._message.value
    assert chooser.message.startswith("<b>none</b>.pdf does not exist")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "out"


@pytest.fixture
def mine(tmp_path):
    """A PDF of the reader's own."""
    path = tmp_path / "mine.pdf"
    path.write_bytes(SAMPLE.read_bytes())
    return path


def test_without_a_choice_nothing_is_written(folder):
    assert PdfChooser(SAMPLE, folder).path == SAMPLE
    assert not folder.exists()


def test_a_typed_choice_is_that_of_the_next_chooser(folder, mine, monkeypatch):
    monkeypatch.chdir(mine.parent)
    first = PdfChooser(SAMPLE, folder)
    type_path(first, "mine.pdf")
    assert first.message.endswith(f"Remembered in {CHOICE}.")
    monkeypatch.chdir(Path(__file__).parent)
    second = PdfChooser(SAMPLE, folder)
    assert second.path.samefile(mine)
    assert second.message.endswith(f"Chosen before, as {CHOICE} remembers.")
    assert Path(second._field.value).samefile(mine)


def test_an_upload_is_kept_beside_the_work_and_moves_with_the_folder(folder):
    upload(PdfChooser(SAMPLE, folder), "paper.pdf", SAMPLE.read_bytes())
    assert PdfChooser(SAMPLE, folder).path == folder / "paper.pdf"
    moved = folder.rename(folder.with_name("moved"))
    assert PdfChooser(SAMPLE, moved).path == moved / "paper.pdf"


def test_uploads_of_one_name_do_not_replace_one_another(folder):
    chooser = PdfChooser(SAMPLE, folder)
    other = (SAMPLE.parents[2] / "tests" / "documents" / "bridge-slides.pdf").read_bytes()
    for content in (SAMPLE.read_bytes(), other, SAMPLE.read_bytes()):
        upload(chooser, "paper.pdf", content)
        assert chooser.path.read_bytes() == content
    assert sorted(path.name for path in folder.iterdir()) == [CHOICE, "paper-2.pdf", "paper.pdf"]


def test_a_refused_choice_is_neither_kept_nor_remembered(folder, tmp_path):
    chooser = PdfChooser(SAMPLE, folder)
    upload(chooser, "paper.pdf", b"no PDF at all")
    type_path(chooser, str(tmp_path / "none.pdf"))
    assert not folder.exists()


@pytest.mark.parametrize("back", [
    lambda chooser: chooser.forget(), lambda chooser: chooser._back.click(), lambda chooser: type_path(chooser, str(SAMPLE)),
], ids=["by code", "by the button", "by its path"])
def test_the_way_back_to_the_sample(folder, mine, back):
    chooser = PdfChooser(SAMPLE, folder)
    type_path(chooser, str(mine))
    back(chooser)
    assert chooser.path == PdfChooser(SAMPLE, folder).path == SAMPLE
    assert chooser._field.value == str(SAMPLE)
    assert not list(folder.iterdir())


def test_a_choice_that_is_gone_is_told_and_comes_back_with_its_file(folder, mine):
    type_path(PdfChooser(SAMPLE, folder), str(mine))
    content = mine.read_bytes()
    mine.unlink()
    chooser = PdfChooser(SAMPLE, folder)
    assert chooser.path == SAMPLE
    assert "mine.pdf does not exist: check the path. Until another PDF is chosen, it is sample.pdf: The" in chooser.message
    mine.write_bytes(content)
    assert PdfChooser(SAMPLE, folder).path.samefile(mine)


@pytest.mark.parametrize("content", [b"", b"\n", b"\0", b"x" * 9000, b"<b>none</b>.pdf", b".", b"\xff\xfe.pdf", b"/dev/zero"])
def test_whatever_the_file_of_the_choice_holds_the_sample_stands_in(folder, content):
    folder.mkdir()
    (folder / CHOICE).write_bytes(content)
    chooser = PdfChooser(SAMPLE, folder)
    assert chooser.path == SAMPLE
    assert chooser.message.endswith("6 pages")
    assert "<" not in chooser._message.value


def test_where_nothing_can_be_kept_the_choice_holds_all_the_same(folder, mine):
    folder.write_text("a file, and no folder")
    chooser = PdfChooser(SAMPLE, folder)
    type_path(chooser, str(mine))
    assert chooser.path == mine
    assert "could not be remembered" in chooser.message
    upload(chooser, "paper.pdf", SAMPLE.read_bytes())
    assert chooser.path.name == "paper.pdf"
    assert "could not be kept" in chooser.message


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("paper.pdf", "paper.pdf"),
        ("Paper.PDF", "Paper.pdf"),
        ("../../x.pdf", "x.pdf"),
        (r"C:\fakepath\x.pdf", "x.pdf"),
        ("/etc/passwd", "passwd.pdf"),
        ("..", "upload.pdf"),
        (".pdf", "upload.pdf"),
        ("", "upload.pdf"),
        (".hidden.pdf", "hidden.pdf"),
        ("a\0b\nc.pdf", "a_b_c.pdf"),
        ("Größe (2).pdf", "Größe (2).pdf"),
        ("x" * 300 + ".pdf", "x" * 60 + ".pdf"),
    ],
)
def test_safe_name(sent, stored):
    assert safe_name(sent) == stored


def test_the_prompt_editor_starts_with_podpreps_prompt():
    assert PromptEditor().prompt == load_prompt()
    assert repr(PromptEditor()) == f"prompt podcast-cleanup {load_prompt().hash}"


def test_an_edited_prompt_has_another_name_and_hash_and_can_be_reset():
    editor = PromptEditor()
    field, (examples, reset) = editor.children[0], editor.children[1].children
    field.value = "  Keep the verbs.  "
    assert (editor.prompt.system, editor.prompt.name) == ("Keep the verbs.", "podcast-cleanup, edited")
    assert editor.prompt.examples == load_prompt().examples
    examples.value = False
    assert editor.prompt.examples == ()
    reset.click()
    examples.value = True
    assert editor.prompt == load_prompt()


def test_an_emptied_prompt_is_the_one_it_began_with():
    editor = PromptEditor(Prompt("mine", "Keep the nouns."))
    editor.children[0].value = " "
    assert editor.prompt == Prompt("mine", "Keep the nouns.")


def test_a_scan_is_told_in_one_line_and_the_choice_stays(chooser, tmp_path):
    scan = write_pdf(tmp_path / "scan.pdf", [])
    type_path(chooser, str(scan))
    assert chooser.path == SAMPLE
    assert "no text layer on the one page read" in chooser.message
    assert chooser.message.endswith('--ocr auto (ocr="auto" in Python).')
