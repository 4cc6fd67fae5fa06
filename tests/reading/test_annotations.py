"""What is filled into a form or noted on a page is read, each line marked with where it comes from."""

import pytest
from make import column, raw_pdf, tidied, write_pdf
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from podprep import read_pdf

FORM = ("Name of the person who asks for it:", "Place of birth:", "I have read the small print")


@pytest.fixture
def form(tmp_path):
    """A form with two fields beside their labels, one of them in two lines, and a box ticked before its label."""
    canvas = Canvas(str(tmp_path / "form.pdf"), pagesize=A4)
    for at, label in enumerate(FORM):
        canvas.drawString(90, 700 - 40 * at, label)
    fields = canvas.acroForm
    fields.textfield(name="name", x=300, y=695, width=200, height=20, value="Ada of Ockham")
    fields.textfield(name="place", x=300, y=655, width=200, height=20, value="Paris (Texas)")
    fields.checkbox(name="read", x=66, y=615, size=16, checked=True, buttonStyle="check")
    fields.checkbox(name="other", x=300, y=615, size=16, checked=False)
    canvas.drawString(90, 560, "Sign here, and nowhere else.")
    canvas.showPage()
    canvas.save()
    return tmp_path / "form.pdf"


def said(path):
    return [(line.text, line.origin) for line in read_pdf(path).lines]


def annotated(path, *annotations, form="", turn=""):
    """A page that says "Body." and has the annotations given."""
    content = "BT /F 12 Tf 72 700 Td (Body.) Tj ET"
    numbers = " ".join(f"{6 + i} 0 R" for i in range(len(annotations)))
    path.write_bytes(raw_pdf([
        f"<</Type/Catalog/Pages 2 0 R{form}>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 4 0 R>>>>/Contents 5 0 R"
        f"/Annots[{numbers}]{turn}>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", f"<</Length {len(content)}>>stream\n{content}\nendstream",
        *annotations,
    ]))
    return path


FREE = "<</Type/Annot/Subtype/FreeText/Rect[72 600 300 640]/DA(/Helv 12 Tf 0 g)/Contents({})/F {}>>"
FIELD = "<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/Rect[200 695 400 715]/DA(/Helv 12 Tf 0 g)/V({})/Ff {}/F 4>>"
FIELDS = "/AcroForm<</Fields[6 0 R]/DR<</Font<</Helv 4 0 R>>>>/DA(/Helv 12 Tf 0 g){}>>"


def test_values_stand_after_their_labels_and_ticks_before(form):
    assert said(form) == [
        (FORM[0], ""), ("Ada of Ockham", "form field"), (FORM[1], ""), ("Paris (Texas)", "form field"),
        ("✔", "form field"), (FORM[2], ""), ("Sign here, and nowhere else.", ""),
    ]


def test_they_are_the_same_in_this_process_and_on_a_second_look(form):
    assert read_pdf(form, pages=[1, 1], limits=None).pages == read_pdf(form).pages


def test_the_values_come_into_the_clean_text(form):
    assert "Paris (Texas)" in tidied(form).text


def test_fields_beside_one_another_are_lines_of_their_own(tmp_path):
    canvas = Canvas(str(tmp_path / "row.pdf"), pagesize=A4)
    for at, value in enumerate(("one", "two", "three")):
        canvas.acroForm.textfield(name=value, x=72 + 120 * at, y=700, width=110, height=20, value=value)
    canvas.showPage()
    canvas.save()
    assert [text for text, _ in said(tmp_path / "row.pdf")] == ["one", "two", "three"]


@pytest.mark.parametrize("need", ["", "/NeedAppearances true"])
def test_a_value_that_is_not_drawn_in_the_file_is_read(tmp_path, need):
    path = annotated(tmp_path / "a.pdf", FIELD.format("Ada", 0), form=FIELDS.format(need))
    assert said(path) == [("Body.", ""), ("Ada", "form field")]


def test_a_password_in_a_field_is_not_read(tmp_path):
    path = annotated(tmp_path / "a.pdf", FIELD.format("swordfish", 1 << 13), form=FIELDS.format(""))
    assert said(path) == [("Body.", ""), ("*" * len("swordfish"), "form field")]


def test_notes_without_an_appearance_are_read_line_by_line_and_hidden_ones_are_not(tmp_path):
    path = annotated(tmp_path / "a.pdf", FREE.format("Not so\\nfast.", 4), FREE.format("Nobody sees this.", 2))
    assert said(path) == [("Body.", ""), ("Not so", "note"), ("fast.", "note")]


def test_what_a_viewer_shows_only_when_asked_is_not_read(tmp_path):
    path = annotated(tmp_path / "a.pdf", "<</Type/Annot/Subtype/Text/Rect[72 600 92 620]/Contents(A comment.)>>",
                     FREE.format("Seen.", 4))
    assert said(path) == [("Body.", ""), ("Seen.", "note")]


def test_on_a_turned_page_they_stand_where_they_are_seen(tmp_path):
    turned = annotated(tmp_path / "a.pdf", FREE.format("Seen.", 4), turn="/Rotate 90")
    box = next(line.box for line in read_pdf(turned).lines if line.origin)
    assert box == pytest.approx((600, 595 - 300, 640, 595 - 72))


def test_pages_without_annotations_have_none(tmp_path):
    assert said(write_pdf(tmp_path / "a.pdf", column("Body."))) == [("Body.", "")]
