"""Reference lists: found by their heading in several languages, and ended where their entries end."""

import pytest
from make import placed, placed_document, prose

from podprep.rules import find_removals
from podprep.rules.lists import find_lists

ENTRIES = ["[1] A. Smith and B. Jones. Bees of the hill. Journal of Bees, 3(2):4-9, 2001.",
           "[2] C. Miller. Honey and its uses, in Proc. Hives, pp. 12-19. 2011.",
           "[3] D. Brown, E. White. Wax. arXiv:1901.00001, 2019."]
LABELLED = ["[SJ01] A. Smith and B. Jones. Bees of the hill. Journal of Bees, 3(2):4-9, 2001.",
            "[Mil11] C. Miller. Honey and its uses, in Proc. Hives, pp. 12-19. 2011.",
            "[BW19] D. Brown, E. White. Wax. arXiv:1901.00001, 2019."]
NAMED = ["Smith, A. and Jones, B. (2001). Bees of the hill. Journal of Bees, 3, 4-9.",
         "Miller, C. (2011). Honey and its uses. Hives Press.", "Brown, D., White, E. (2019). Wax. Bee World 4: 1-3."]


def listed(*parts):
    """The texts of each list that is found among lines, each given as a text or as (text, style)."""
    lines = []
    for part in parts:
        text, style = part if isinstance(part, tuple) else (part, {})
        lines.append(placed(text, 780 - 12 * (len(lines) % 60), page=1 + len(lines) // 60, **style))
    document = placed_document(*lines)
    return [[document.lines[at].text for at in found] for found in find_lists(document)]


def heading(text):
    return text, {"size": 13, "bold": True, "font": "Bold"}


@pytest.mark.parametrize("entries", [ENTRIES, LABELLED, NAMED], ids=["numbers", "labels", "names"])
@pytest.mark.parametrize("name", ["References", "REFERENCES", "R EFERENCES", "7. Bibliography", "Literaturverzeichnis", "参考文献",
                                  "Список литературы", "참고 문헌", "Bibliografía", "References and Notes"])
def test_a_list_is_found_by_its_heading(name, entries):
    assert listed(*prose(20), heading(name), *entries * 4) == [[name, *entries * 4]]


@pytest.mark.parametrize("after", ["Appendix A. Proofs", "A Proofs of the theorems", "Acknowledgements", "付録 A", "Another Article of This Page",
                                   "Author Contributions"])
def test_what_comes_after_is_no_part_of_it(after):
    assert listed(*prose(20), heading("References"), *ENTRIES * 4, heading(after), *prose(40)) == [["References", *ENTRIES * 4]]


def test_an_appendix_without_a_set_heading_ends_it_too():
    found = listed(*prose(20), heading("References"), *ENTRIES * 6, *["We show what the hive does in winter"] * 60)
    assert found == [["References", *ENTRIES * 6]]


def test_each_chapter_has_its_own():
    chapter = [heading("A chapter"), *prose(40), heading("References"), *ENTRIES * 3]
    assert listed(*chapter, *chapter) == [["References", *ENTRIES * 3]] * 2


def test_a_chapter_of_that_name_is_none():
    assert listed(heading("References"), *["We look at what a word can stand for in a text"] * 40) == []


def test_running_heads_among_entries_do_not_end_it():
    entries = [*ENTRIES * 4, "The Journal of Bees", *ENTRIES * 4]
    assert listed(*prose(20), heading("References"), *entries) == [["References", *entries]]


def test_tidy_removes_the_list_alone():
    lines = [*paragraphs(prose(20)), placed("References", 500, size=13, bold=True, font="Bold"),
             *(placed(text, 480 - 12 * i) for i, text in enumerate(ENTRIES * 4)),
             placed("A Proofs", 300, size=13, bold=True, font="Bold"), *(placed(t, 280 - 12 * i) for i, t in enumerate(prose(20)))]
    document = placed_document(*lines)
    gone = [r for r in find_removals(document) if r.kind == "reference"]
    assert document.text[gone[0].start:gone[-1].end].startswith("References")
    assert document.text[gone[0].start:gone[-1].end].endswith(ENTRIES[-1])


def paragraphs(texts):
    return [placed(text, 780 - 12 * i) for i, text in enumerate(texts)]


def test_an_entry_of_very_many_authors_hides_no_list():
    authors = ["A. Smith, B. C. Jones, D. Miller, E. F. Brown, G. White, H. I. Green,"] * 28
    entries = ["A. Smith, “Bees of the hill,” 2001.", *authors, "Z. Young, “Honey and its uses,” 2011.", *ENTRIES * 3]
    assert listed(*prose(20), heading("References"), *entries) == [["References", *entries]]
