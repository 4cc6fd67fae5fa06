"""What a document's own reference list says, and that only what it says is cited."""

import pytest
from make import cut, placed, placed_document, prose

from podprep.rules import find_inline
from podprep.rules.works import cited_works

NUMBERED = [f"[{n}] A. Smith and B. Jones. Bees of the hill {n}. Journal of Bees, 3(2):4-9, {2000 + n}." for n in range(1, 13)]
LABELLED = [f"[SJ{n:02}] A. Smith and B. Jones. Bees of the hill. Journal of Bees, 3(2):4-9, {2000 + n}." for n in range(1, 13)]
NAMED = ["van der Berg, A. and Jones, B. (2001). Bees of the hill. Journal of Bees, 3, 4-9.",
         "World Health Organization. (2011). Honey and its uses. Hives Press.",
         "Brown, D., White, E. (2019). Wax. Bee World 4: 1-3.", "Uhlenbeck, G. E. and Ornstein, L. S. (1930). Motion."] * 3


def article(text, entries):
    """A document that says a text, and has a list of references."""
    lines = [*prose(10), *text.split("\n"), *prose(10)]
    made = [placed(line, 780 - 12 * at) for at, line in enumerate(lines)]
    made.append(placed("References", 500, size=13, bold=True, font="Bold"))
    return placed_document(*made, *(placed(line, 480 - 12 * at) for at, line in enumerate(entries)))


def citations(text, entries):
    made = article(text, entries)
    at = made.text.index("References")
    return [words for _, words in cut(made, [removal for removal in find_inline(made, []) if removal.start < at])]


def test_a_list_tells_its_numbers_labels_names_and_years():
    works = cited_works(article("Text.", NUMBERED))
    assert (works.listed, works.number, works.labels) == (True, 12, frozenset())
    assert "smith" in works.names
    assert "2007" in works.years
    assert "SJ07" in cited_works(article("Text.", LABELLED)).labels
    assert cited_works(article("Text.", NAMED)).number == 0


@pytest.mark.parametrize(("text", "entries", "cited"), [
    ("As proved [3] it is.", NUMBERED, [" [3]"]),
    ("As proved [3, Theorem 2] it is.", NUMBERED, [" [3, Theorem 2]"]),
    ("As proved [3], [4] and [12] it is.", NUMBERED, [" [3], [4] and [12]"]),
    ("We know it (see [3, 4] for a review).", NUMBERED, [" (see [3, 4] for a review)"]),
    ("The ring Z[2,1,1] and r in [0, 1] stay, as does [77].", NUMBERED, []),
    ("For s in the range [1, 5] it holds.", NUMBERED, []),
    ("It is in [0, 1], at index [3].", NAMED, []),
    ("As proved in [SJ03, SJ11] it is.", LABELLED, [" [SJ03, SJ11]"]),
    ("The array A[XY01] is [KB14].", LABELLED, []),
    ("So it is (van der Berg & Jones, 2001).", NAMED, [" (van der Berg & Jones, 2001)"]),
    ("So it is (World Health Organization 2011).", NAMED, [" (World Health Organization 2011)"]),
    ("So it is (see, for example, Brown & White 2019; Jones 2001 for a review).", NAMED,
     [" (see, for example, Brown & White 2019; Jones 2001 for a review)"]),
    ("Ornstein (1930) asked first.", NAMED, [" (1930)"]),
    ("The city (Paris, 1923) and the hive (Brown bees, in 2019, were few) stay.", NAMED, []),
])
def test_only_what_the_list_has_is_cited(text, entries, cited):
    assert citations(text, entries) == cited


def test_a_citation_goes_on_across_a_line_end():
    assert citations("So it is (van der Berg &\nJones, 2001).", NAMED) == [" (van der Berg &", "Jones, 2001)"]


@pytest.mark.parametrize(("text", "raised", "gone"), [
    ("the bias2 of it", (8, 9), []), ("about 10−3 of it", (8, 10), []), ("what they say7 of it", (13, 14), ["7"]),
])
def test_a_power_is_no_citation(text, raised, gone):
    made = placed_document(placed(text, 700, raised=(raised,)))
    assert [words for _, words in cut(made, find_inline(made, []))] == gone
