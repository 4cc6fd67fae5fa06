"""Lines that are not prose are found by place and repetition; prose that resembles them stays."""

from dataclasses import replace

import pytest
from make import cut, document, paragraph, placed, placed_document, prose, texts

from podprep import Line
from podprep.rules import find_asides, measure_layout
from podprep.rules.furniture import (
    find_captions,
    find_contents,
    find_footnotes,
    find_front_matter,
    find_references,
    find_running_heads,
    find_small_print,
    find_statements,
)

ENTRIES = ("[1] A. Smith. A title. 2001.", "[2] B. Lee. Another. 2002.", "[3] C. Ng. A third. 2003.",
           "[4] D. May. A fourth. 2004.", "[5] E. Fox. A fifth. 2005.", "[6] F. Kay. A sixth. 2006.")


def body(page=1, top=700.0, count=20):
    """A page's body, whose lines are like no other page's."""
    return [placed(text, top - 12 * i, page=page, width=300) for i, text in enumerate(prose(count, first=100 * page))]


def found(finder, *lines):
    """What a finder that needs the layout takes out of placed lines."""
    doc = placed_document(*lines)
    return texts(doc, finder(doc, measure_layout(doc)))


# Running heads


def test_heads_that_repeat_and_folios_that_count():
    doc = placed_document(*(
        line for page in (1, 2, 3)
        for line in [placed("The Journal", 820, page=page), *body(page), placed(f"Page {page + 40}", 30, page=page)]
    ))
    heads = texts(doc, find_running_heads(doc))
    assert sorted(heads) == ["Page 41", "Page 42", "Page 43", "The Journal", "The Journal", "The Journal"]


def test_a_page_that_is_there_twice_is_no_proof_of_heads():
    memo = ["To whom it may concern:", "There were twelve bottles of water.", "Best regards,", "Ann"]
    doc = placed_document(*(placed(text, 700 - 12 * i, page=page) for page in (1, 2) for i, text in enumerate(memo)))
    assert texts(doc, find_running_heads(doc)) == []


def test_alternating_heads_and_roman_folios():
    doc = placed_document(*(
        line for page, (head, folio) in enumerate([("Left", "ii"), ("Right", "iii"), ("Left", "iv"), ("Right", "v")], 1)
        for line in [placed(head, 820, page=page), *body(page), placed(folio, 30, page=page)]
    ))
    assert sorted(texts(doc, find_running_heads(doc))) == ["Left", "Left", "Right", "Right", "ii", "iii", "iv", "v"]


def test_lines_that_repeat_in_the_body_or_at_another_height_stay():
    doc = placed_document(
        placed("Once above", 820, page=1), *body(1, count=40), placed("As before.", 405, page=1),
        *body(2, count=40), placed("As before.", 405, page=2), placed("Once above", 60, page=2),
    )
    assert texts(doc, find_running_heads(doc)) == []


def test_one_page_has_no_running_heads():
    doc = placed_document(placed("A head", 820), *body(1), placed("1", 30))
    assert texts(doc, find_running_heads(doc)) == []


def test_without_places_the_outer_lines_of_pages_are_compared():
    pages = [f"The Journal\n{letter} one\n{letter} two\n{letter} three\n{letter} four\nsame\n{letter} five\n"
             f"{letter} six\n{letter} seven\n{n}" for n, letter in ((1, "a"), (2, "b"))]
    doc = document(*pages)
    assert texts(doc, find_running_heads(doc)) == ["The Journal", "The Journal", "1", "2"]


# References


@pytest.mark.parametrize("heading", ["References", "REFERENCES", "7 References", "7. Bibliography", "References:",
                                     "Literature cited", "IV. Works Cited"])
def test_the_reference_list_goes_with_its_heading(heading):
    doc = document("Some prose.\n" + "\n".join([heading, *ENTRIES]))
    assert texts(doc, find_references(doc)) == [heading, *ENTRIES]


def test_the_reference_list_goes_on_over_pages_and_ends_at_back_matter():
    doc = document("Prose.", "References\n" + "\n".join(ENTRIES), "[7] G. Lim. 2007.\nAcknowledgements\nWe thank all.")
    assert texts(doc, find_references(doc)) == ["References", *ENTRIES, "[7] G. Lim. 2007."]


@pytest.mark.parametrize(
    "text",
    [
        "a program might stop when it meets the word\nReferences. It had better be careful,\nfor it is in a sentence.",
        "the word References may turn up\nin a sentence, and so may\nreferences to other work.",
        "References\nare what this prose speaks of,\nand no list follows at all.",
        "He kept his\nreferences\nin a box, and his letters in a drawer.",
    ],
)
def test_the_word_references_in_prose_cuts_nothing(text):
    doc = document(text + "\n" + "\n".join(prose(30)))
    assert texts(doc, find_references(doc)) == []


def test_a_heading_in_the_contents_is_not_the_list():
    doc = document("Contents\nIntroduction\nReferences", "\n".join(prose(30)), "References\n" + "\n".join(ENTRIES))
    assert texts(doc, find_references(doc)) == ["References", *ENTRIES]


# Captions and small print


def test_a_caption_in_small_type_goes_to_the_end_of_its_block():
    caption = "Figure 1. How often each word", "occurs in the article."
    lines = [*body(), *paragraph(*caption, top=420, step=10, size=8), *paragraph(*prose(3), top=380, width=300)]
    assert found(find_captions, *lines) == [*caption]


@pytest.mark.parametrize(
    "label",
    ["Figure 2. Text", "Fig. 2 | Text", "FIGURE 2: Text", "Table IV. Text", "Table 1", "Scheme 3. Text",
     "Supplementary Figure 2. Text", "Fig. 2 (a) Text", "Algorithm 1: Text"],
)
def test_labels_of_captions(label):
    assert found(find_captions, *body(), placed(label, 430, size=8)) == [label]


def test_a_caption_in_body_type_is_known_by_its_bold_label():
    caption = [placed("Figure 1. What is shown here", 430, emphasis=((0, 9),), width=300),
               placed("and here as well.", 418, width=120)]
    assert found(find_captions, *body(), *caption) == ["Figure 1. What is shown here", "and here as well."]


@pytest.mark.parametrize(
    "line",
    ["Figure 3 shows the words as they", "Table 1 gives an example, so that", "Figure 1. It is shown there, and so on",
     "Figures 2 and 3 show it", "Box office sales rose that year and", "Table manners were taught at school"],
)
def test_body_lines_that_begin_like_captions_stay(line):
    lines = [*body(count=8), placed(line, 604, width=300), *body(top=592, count=8)]
    assert found(find_captions, *lines) == []


def test_small_type_is_small_print():
    note = paragraph("1 This is a footnote, which is", "set in small type.", top=100, step=9, size=7.4)
    assert found(find_small_print, *body(), *note) == ["1 This is a footnote, which is", "set in small type."]


def test_type_near_the_body_size_is_no_small_print():
    other = placed("Slightly smaller", 100, size=9.2), placed("Larger", 60, size=14)
    assert found(find_small_print, *body(), *other) == []


def test_an_abstract_in_small_type_stays():
    abstract = paragraph("Abstract", "We show what this is", "and how it is done.", top=760, step=10, size=8)
    assert found(find_small_print, *abstract, *body()) == []


def test_text_up_the_margin_is_small_print():
    tall = Line("arXiv:2402.13116v4", 1, (20, 200, 30, 500), 10.0)
    assert found(find_small_print, *body(), tall) == ["arXiv:2402.13116v4"]


def test_without_sizes_nothing_is_small():
    doc = document("Body text.\nFigure 1. A caption.\n1 A footnote.")
    layout = measure_layout(doc)
    assert texts(doc, find_small_print(doc, layout)) == []


# Front matter


def test_the_author_block_goes_and_title_and_abstract_stay():
    authors = paragraph("Ann Author and Bob Writer", "University of Tests", top=780)
    lines = [placed("A Title", 800, size=18), *authors, placed("Abstract", 750),
             *paragraph("We show this.", "And that.", top=738, width=300), *body(top=640)]
    assert found(find_front_matter, *lines) == ["Ann Author and Bob Writer", "University of Tests"]


@pytest.mark.parametrize(
    "line",
    ["Received 21 November 2026.", "Keywords: reading; pages", "© 2026 The authors", "Correspondence: a@b.org",
     "Index Terms—pages", "* Correspondence: c@d.org", "DOI 10.1000/x"],
)
def test_dates_keywords_and_licence_go_from_the_first_page(line):
    assert found(find_front_matter, *body(), placed(line, 300, size=9)) == [line]
    assert found(find_front_matter, *body(), *body(2), placed(line, 300, size=9, page=2)) == []


def test_a_first_page_without_front_matter_is_left_alone():
    assert found(find_front_matter, *body()) == []


# Hidden text


def test_lines_that_cannot_be_seen_go():
    doc = placed_document(*body(count=2), placed("clipped away", 300, aside="hidden"), *body(top=100, count=2))
    assert cut(doc, find_asides(doc)) == [("hidden", "clipped away")]


def test_a_line_that_is_said_twice_stays():
    line = "And this is the refrain of the song that is sung"
    doc = placed_document(placed(line, 500), placed("a verse goes here", 488), placed(line, 476))
    assert texts(doc, find_asides(doc)) == []


@pytest.mark.parametrize("finder", [find_captions, find_front_matter, find_small_print])
def test_an_empty_document_has_no_furniture(finder):
    assert found(finder) == []
    empty = placed_document()
    assert [*find_asides(empty), *find_running_heads(empty), *find_references(empty)] == []


def test_a_footnote_runs_from_its_mark_to_the_foot_of_the_column():
    note = [placed("1. A note on what they had said", 440, size=8.0, width=300),
            placed("and on where they had said it.", 430, size=8.0, width=200)]
    folio = placed("41", 30, width=10)
    assert found(find_footnotes, *body(), *note, folio) == ["1. A note on what they had said", "and on where they had said it."]


@pytest.mark.parametrize("line", ["1. First comes what they said first", "2 Methods and what they used"])
def test_a_numbered_line_of_body_type_or_above_the_body_is_no_footnote(line):
    assert found(find_footnotes, *body(), placed(line, 440, width=300)) == []
    assert found(find_footnotes, placed(line, 720, size=8.0, width=300), *body()) == []


def test_entries_of_a_table_of_contents_go_and_an_ellipsis_stays():
    doc = placed_document(placed("2.1 Bees . . . . . . . . . 14", 700), placed("Preface ........ ix", 688),
                          placed("And then ... 14 bees came", 676))
    assert texts(doc, find_contents(doc)) == ["2.1 Bees . . . . . . . . . 14", "Preface ........ ix"]


# Statements of the publisher


def test_a_licence_goes_to_the_end_of_its_block_round_its_logo():
    block = [
        placed("Open Access This article is licensed under a Creative Commons licence", 300, x=100, width=272),
        placed("which permits use, sharing and distribution in any medium or", 288, width=300),
        placed("format.", 276, width=40),
    ]
    after = placed("Open access to the data was given by all the hospitals of", 240, width=300)
    assert found(find_statements, *body(), *block, after) == [line.text for line in block]


def test_an_affiliation_with_a_raised_number_goes_from_the_first_page():
    line = replace(placed("1Institute of Lakes, Oslo, Norway", 300), raised=((0, 1),))
    plain = replace(placed("1The trout rest in the shade of trees", 200), raised=((0, 1),))
    assert found(find_front_matter, *body(), line, plain) == [line.text]
