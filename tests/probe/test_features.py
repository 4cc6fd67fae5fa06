"""Line features: a known line gives known numbers in any language, any text gives finite ones, places are relative."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podprep import Document, Line, Page, read_pdf
from podprep.probe import line_features
from podprep.probe.marks import MARKS, familiar, marks
from podprep.probe.sections import section_columns


def _document(lines, scale=1.0, pages=1):
    def page(number):
        placed = tuple(
            Line(text, number, (72 * scale, (700 - 12 * i) * scale, 300 * scale, (710 - 12 * i) * scale), 10 * scale, font="F")
            for i, text in enumerate(lines)
        )
        return Page(number, 600 * scale, 800 * scale, placed)

    return Document.from_pages([page(number) for number in range(1, pages + 1)])


TEXT = ["The bees of the hill came home in the evening and", "slept in the hive until the sun was on it again.",
        "Figure 2. Counts of bees", "[3] Smith A, Jones B. Bees. 2001;3:4-9."]


def _marks(text):
    return dict(zip(MARKS, marks(text)))


def test_a_line_of_text_in_numbers():
    found = _marks("In 2001, 14 bees (of [3]) slept.")
    assert found["p_year"] == 1
    assert found["p_numeric_citation"] == 1
    assert found["ends_stop"] == 1
    assert found["words"] == pytest.approx(0.4)
    assert found["brackets"] == pytest.approx(20 / 32)


@pytest.mark.parametrize("text", [
    "Figure 2. Counts", "Abbildung 3: Bienen", "Tabelle 1 Zahlen", "Figura 4. Api", "Рис. 5. Пчёлы", "図 1 ミツバチ", "表2.1 蜜蜂", "그림 3 벌",
])
def test_captions_are_known_in_several_languages(text):
    assert _marks(text)["p_caption"] == 1


@pytest.mark.parametrize("text", ["ミツバチは正午に巣に帰る。", "蜜蜂中午回到蜂巢。"])
def test_each_character_of_a_script_without_spaces_is_a_word(text):
    found = _marks(text)
    assert found["words"] == pytest.approx((len(text) - 1) / 10)
    assert found["ends_stop"] == 1


def test_common_words_are_those_of_the_document_itself():
    lines = ["die Bienen und der Honig", "die Waben und der Stock", "Zellverband Querschnitt", "die Ernte und der Winter"]
    found = familiar(lines)
    assert found["unique"][2] == 1
    assert found["familiar"][0] > found["familiar"][2]


@pytest.mark.parametrize(("heading", "kind"), [
    ("References", "references"), ("5. Literaturverzeichnis", "references"), ("参考文献", "references"),
    ("Список литературы", "references"), ("참고 문헌", "references"), ("Zusammenfassung", "abstract"), ("ABSTRACT", "abstract"),
    ("Introducción", "introduction"), ("1. はじめに", "introduction"), ("Appendix A. Proofs", "appendix"), ("Anhang B", "appendix"),
    ("Indice", "contents"), ("目录", "contents"), ("Оглавление", "contents"), ("Acknowledgements", "back"), ("索引", "index"),
])
def test_a_section_is_known_by_its_heading_and_ends_at_the_next(heading, kind):
    found = section_columns(["Some text.", heading, "Its text.", "More headings", "Other text."], [0, 0, 0, 1, 0])
    assert found[f"is_{kind}"].tolist() == [0, 1, 0, 0, 0]
    assert found[f"in_{kind}"].tolist() == [0, 1, 1, 0, 0]
    assert found[f"since_{kind}"][[0, 4]].tolist() == pytest.approx([-1, 3 / 40])


def test_a_sentence_is_no_heading():
    found = section_columns(["References to bees are found in the oldest books of the library, and in some of the new."], [False])
    assert not found["is_references"].any()


def test_what_the_rules_say_is_seen():
    features = line_features(_document([*TEXT[:2], "References", *[TEXT[3]] * 6]))
    assert features.column("rule_reference").tolist() == features.column("rule_any").tolist() == [0, 0, *[1] * 7]
    cited = line_features(_document([TEXT[0], "As they have shown [3]."])).column("cited").tolist()
    assert cited == pytest.approx([0, 4 / len("As they have shown [3].")], abs=0.01)


def test_a_larger_print_of_the_same_pages_has_the_same_features():
    small, large = line_features(_document(TEXT, pages=2)), line_features(_document(TEXT, 2.0, pages=2))
    changed = [n for n, a, b in zip(small.names, small.values.T, large.values.T) if not np.allclose(a, b, atol=1e-3)]
    assert changed == []


def test_neighbours_see_each_other():
    features = line_features(_document(TEXT))
    assert features.column("p_caption+1").tolist() == [0, 1, 0, 0]
    assert features.column("p_caption-2").tolist() == [0, 0, 0, 0]


def test_lines_close_together_are_one_block_and_a_gap_ends_it():
    (page,) = _document(TEXT[:2]).pages
    far = Line("Alone.", 1, (72, 300, 200, 310), 10.0, font="F")
    document = Document.from_pages([Page(1, 600, 800, (*page.lines, far))])
    assert line_features(document).places.blocks.tolist() == [0, 0, 1]


def test_a_heading_is_known_in_the_contents_and_back():
    pages = [Page(n, 600, 800, (Line(text, n, (72, 700, 300, 710), 10.0, font="F"),))
             for n, text in ((1, "3.1 The hive in winter . . . . 14"), (2, "3.1 The hive in winter"))]
    features = line_features(Document.from_pages(pages))
    assert features.column("echo_later").tolist() == [1, 0]
    assert features.column("echo_before").tolist() == [0, 1]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=80), min_size=1, max_size=12))
def test_any_text_gives_finite_numbers(texts):
    features = line_features(_document(texts))
    assert features.values.shape == (len(texts), len(features.names))
    assert np.isfinite(features.values).all()


def test_the_sample_has_one_row_a_line_and_no_column_twice():
    document = read_pdf("notebooks/sample/sample.pdf")
    features = line_features(document)
    assert len(features.values) == len(document.lines)
    assert len(set(features.names)) == len(features.names)


def test_of_words_as_common_the_first_count():
    words = [f"w{first}{second}" for first in "abcdefghij" for second in "abcdefghij"]
    found = familiar([" ".join(words), " ".join(words[:60]), " ".join(words[60:])])
    assert found["common_share"].tolist() == pytest.approx([0.6, 1, 0])
