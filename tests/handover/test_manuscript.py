"""The shape of a document: title, authors and abstract, sections with their levels, labels and lists."""

import pytest
from make import column, prose, sample, write_pdf

from podprep import Review, clean, tidy_document, words
from podprep.document import Document, Line, Page

BOLD, ITALIC = "Times-Bold", "Times-Italic"


def sentence(count, first=0):
    """Lines of prose from a capital to a full stop."""
    start, *rest = prose(count, first)
    return [start.capitalize(), *rest[:-1], f"{rest[-1]}."]


def paper(path, *runs, **info):
    """A page of headings and prose: (text, style) for headings, a number for lines of prose."""
    made, top, seen = [], 800, 0
    for run in runs:
        if isinstance(run, int):
            made += column(*sentence(run, seen), top=top - 16)
            top, seen = top - 16 - 12 * run, seen + run
        else:
            text, style = run
            made.append((72, top - 18, text, style))
            top -= 22
    return clean(write_pdf(path, made, **info), "tidy")


def tree(cleaned):
    return [(section.level, section.title) for section in cleaned.sections]


def test_the_sample_has_its_shape():
    cleaned = sample()
    assert cleaned.title == "The Page and the Ear: What Print Does to a Sentence That Is Meant to Be Heard"
    assert cleaned.manuscript.abstract.startswith("A printed article is a picture of a text.")
    assert tree(cleaned)[:7] == [
        (1, "Abstract"), (1, "1 A page is not a text"), (1, "2 What the page does to a sentence"),
        (2, "2.1 Lines and hyphens"), (2, "2.2 Letters that melt together"), (2, "2.3 Columns and the order of reading"), (2, "2.4 Furniture"),
    ]
    assert [p.mark for p in cleaned.manuscript.paragraphs if p.kind == "item"] == ["• "] * 4
    section = cleaned.sections[2]
    assert section.pages == (1, 3)
    inside = cleaned.manuscript.paragraphs[slice(*section.paragraphs)]
    assert section.words == sum(len(words(p.text)) for p in inside)
    assert {p.pages[0] for p in inside} == {1, 2, 3}


def test_paragraphs_say_where_they_come_from():
    cleaned = sample()
    for p in cleaned.manuscript.paragraphs:
        assert " ".join(cleaned.text[p.start:p.end].split()) == p.text
        raw = words(cleaned.document.text[slice(*p.source)])
        assert raw[0] == words(p.text)[0]


def test_levels_without_numbers_follow_the_type(tmp_path):
    cleaned = paper(tmp_path / "a.pdf", ("Ships of the north", {"size": 20}), 6, ("Methods", {"size": 14, "font": BOLD}), 4,
                    ("Rope and tar", {"size": 10, "font": BOLD}), 4, ("A knot of ours", {"size": 10, "font": ITALIC}), 3,
                    ("Results", {"size": 14, "font": BOLD}), 3, ("Acknowledgements", {"size": 10, "font": ITALIC}), 3)
    assert cleaned.title == "Ships of the north"
    assert tree(cleaned) == [(1, "Methods"), (2, "Rope and tar"), (3, "A knot of ours"), (1, "Results"),
                             (1, "Acknowledgements")]


def test_labels_and_numbered_lists(tmp_path):
    cleaned = paper(tmp_path / "a.pdf", ("1 Ships", {"size": 14, "font": BOLD}), 4, ("Note:", {"font": BOLD}), 3,
                    ("1. The first of the ropes was cut.", {}), ("2. The second of them was not.", {}), 3)
    kinds = {p.text: (p.kind, p.mark) for p in cleaned.manuscript.paragraphs}
    assert kinds["Note:"] == ("label", "")
    assert kinds["1. The first of the ropes was cut."] == ("item", "1. ")
    assert "**Note:**" in cleaned.to_markdown()
    assert "\n1. The first of the ropes was cut.\n2. The second" in cleaned.to_markdown()


@pytest.mark.parametrize(("info", "title"), [
    ({"title": "Ships and ropes of the north"}, "Ships and ropes of the north"),
    ({"title": "Microsoft Word - draft7.doc"}, ""), ({"title": " "}, ""), ({}, ""),
])
def test_a_document_without_headings_takes_its_title_from_its_information(info, title, tmp_path):
    cleaned = paper(tmp_path / "plain.pdf", 12, **info)
    assert (cleaned.title, cleaned.sections, cleaned.authors) == (title, (), ())
    markdown = cleaned.to_markdown()
    assert ("title:" in markdown) == bool(title)
    assert "\n#" not in markdown
    assert cleaned.parts(500)[0].to_text().startswith(f"[{title or 'plain.pdf'}: part 1 of 1]")


@pytest.mark.parametrize(("line", "authors"), [
    ("Ann B. Lee, Jörg van der Berg and Zoë Ó Briain", ("Ann B. Lee", "Jörg van der Berg", "Zoë Ó Briain")),
    ("Ann Lee1,2*, Bo Chen†", ("Ann Lee", "Bo Chen")), ("ANN LEE", ("ANN LEE",)), ("A study of ropes", ()),
    ("ann@example.org", ()), ("University of Ropes", ()),
])
def test_authors_are_told_under_the_title(line, authors, tmp_path):
    head = [("Ships of the north", {"size": 20}), (line, {"size": 11}), ("Department of Ropes, Harbour", {"size": 9})]
    cleaned = paper(tmp_path / "a.pdf", *head, ("Abstract", {"font": BOLD, "size": 11}), 3, ("1 Ropes", {"font": BOLD}), 9)
    assert cleaned.authors == authors
    assert words(cleaned.manuscript.abstract) == words(" ".join(sentence(3)))


def test_nothing_at_all_has_a_shape():
    cleaned = tidy_document(Document.from_pages([Page(1, 0.0, 0.0, (Line("[1]", 1),))]))
    assert (cleaned.title, cleaned.authors, cleaned.sections) == ("", (), ())
    assert cleaned.to_markdown().count("---") == 2


def test_what_a_person_writes_keeps_its_place():
    review = Review(sample())
    review.edit(2, "Somebody wrote this anew.\n\nAnd this as well.")
    made = review.result.manuscript
    [mine] = [p for p in made.paragraphs if "wrote this anew" in p.text]
    assert mine.pages == (1, 1)
    assert 2 in mine.chunks
    assert words(" ".join(p.text for p in made.paragraphs)) == words(review.text)
