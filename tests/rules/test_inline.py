"""Citations and addresses inside prose: what is found, what only looks like one, and where line ends cut them."""

import pytest
from hypothesis import given
from make import PROPERTY, TEXTS, cut, document, placed, placed_document, without

from podprep import Removal
from podprep.rules import find_inline
from podprep.rules.inline import addresses, author_year_citations, numeric_citations, raised_citations
from podprep.spans import merge_removals


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("as shown [3].", "as shown."),
        ("as shown [1, 2; 7] and [2–5], [12a] too", "as shown too"),
        ("at a line\n[3] end", "at a line end"),
        ("The end. [4]. Next", "The end. Next"),
        ("The end [4]. Next", "The end. Next"),
        ("[ 3 ] spaced", " spaced"),
        ("not [this], [see 3], [1234] or [3.5]", "not [this], [see 3], [1234] or [3.5]"),
        ("f(3) and {3}", "f(3) and {3}"),
        ("cut[", "cut["),
    ],
)
def test_numeric_citations(text, left):
    assert without(text, numeric_citations) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("as shown (Smith, 2020).", "as shown."),
        ("as shown (Smith 2020) and [Lee, 2019].", "as shown and."),
        ("shown (Smith et al., 2020; Lee and Miller, 2019a, b; O’Brien & Ng, 1987).", "shown."),
        ("shown (see also van der Berg, 2001; e.g., Lee, 2002).", "shown."),
        ("split (Smith et\nal., 2020; Lee,\n2019) here", "split here"),
        ("Smith et al. (2020) found", "Smith et al. found"),
        ("Alain and Bengio (2017) and Lee & Ng (1999, 2001) found", "Alain and Bengio and Lee & Ng found"),
        ("The end (Smith, 2020). Next", "The end. Next"),
        ("The end. (Smith, 2020). Next", "The end. Next"),
        ("In Paris (1998) it was", "In Paris (1998) it was"),
        ("Lee (2019) found", "Lee (2019) found"),
        ("in 10 cases (2019) of", "in 10 cases (2019) of"),
        ("years (1998–2004) and (in 2020) and (Table 2)", "years (1998–2004) and (in 2020) and (Table 2)"),
        ("a remark (as Smith said, rightly) stays", "a remark (as Smith said, rightly) stays"),
        ("not a year (Smith, 3020)", "not a year (Smith, 3020)"),
    ],
)
def test_author_year_citations(text, left):
    assert without(text, author_year_citations) == left


def test_a_single_name_with_a_year_counts_where_the_text_cites_so():
    cites = "so (Smith, 2001), so (Lee, 2002) and so (Ng, 2003). "
    assert without(cites + "Shannon (1951) asked.", author_year_citations) == "so, so and so. Shannon asked."
    assert without("so (Smith, 2001). Shannon (1951) asked.", author_year_citations) == "so. Shannon (1951) asked."


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("write to a.b+c@mail.example.org today", "write to today"),
        ("write to us (a@b.org).", "write to us."),
        ("both {ann, bob}@uni.edu work", "both work"),
        ("mail <mailto:a@b.org>, or call", "mail, or call"),
        ("see https://example.org/a/b?c=d#e. Next", "see. Next"),
        ("see (https://example.org/a), then", "see, then"),
        ("see www.example.org and doi.org/10.1000/x1 now", "see and now"),
        ("split https://example.org/\npodprep/sample here", "split here"),
        ("an @ sign, a@b, and example.org stay", "an @ sign, a@b, and example.org stay"),
        ("half http:// and www stay", "half http:// and www stay"),
    ],
)
def test_addresses(text, left):
    assert without(text, addresses) == left


@pytest.mark.parametrize(
    ("text", "raised", "found"),
    [
        ("1190 (SO2).1H-NMR (DMSO)", (12, 13), []),  # the mass number of an isotope
        ("as shown before12 and", (15, 17), ["12"]),
        ("the end.3,5 Next", (8, 11), ["3,5"]),
        ("of sound.2–4", (9, 12), ["2–4"]),
        ("about 106 cells", (8, 9), []),
        ("25 m2 of land", (4, 5), []),
        ("the 4th of May", (5, 7), []),
        ("x2 and y", (1, 2), []),
    ],
    ids="isotope word stop range power unit ordinal symbol".split(),
)
def test_superscript_citations(text, raised, found):
    doc = placed_document(placed(text, 700, raised=(raised,)))
    assert cut(doc, raised_citations(doc)) == [("citation", number) for number in found]


def test_a_citation_across_removed_lines_comes_in_parts():
    doc = document("shown by some (Smith et al.,", "Running head\n2020; Lee, 2019) and others")
    at = doc.text.index("Running")
    found = find_inline(doc, [Removal(at, at + len("Running head"), "running head")])
    assert cut(doc, found) == [("citation", " (Smith et al.,"), ("citation", "2020; Lee, 2019)")]


def test_nothing_is_looked_for_in_what_is_removed_already():
    doc = document("kept [1]\ngone [2] a@b.org")
    assert cut(doc, find_inline(doc, [Removal(9, 25, "caption")])) == [("citation", " [1]")]


@PROPERTY
@given(TEXTS)
def test_what_is_found_lies_in_the_text_and_is_named(text):
    doc = document(text)
    for removal in find_inline(doc, []):
        assert 0 <= removal.start < removal.end <= len(doc.text)
        assert removal.kind in {"citation", "address"}


@PROPERTY
@given(TEXTS)
def test_text_without_brackets_digits_and_signs_is_left_alone(text):
    doc = document("".join(c for c in text if not c.isnumeric() and c not in "[](){}<>@:/."))
    assert merge_removals(find_inline(doc, [])) == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("shown (Roy et al. ` , 2023; Schick and Schutze ¨ , 2021) here", "shown here"),
        ("explored by Sachan et al. (2023). They", "explored by Sachan et al. They"),
    ],
)
def test_accents_set_apart_and_second_stops_go_too(text, left):
    for start, end in sorted(author_year_citations(text), reverse=True):
        text = text[:start] + text[end:]
    assert text == left
