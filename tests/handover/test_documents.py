"""Title, sections and formats of the documents with known truth, and the page that tells of the hand-over."""

import json
import re
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from make import tidied

from podprep import words

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))
import figures  # noqa: E402
import handover  # noqa: E402
import sections  # noqa: E402

PAGE = (ROOT / "docs" / "handover.md").read_text("utf-8")
SCHEMA = json.loads((ROOT / "podprep" / "handover" / "schema.json").read_text("utf-8"))
DOCUMENTS = sorted((ROOT / "tests" / "documents").glob("*.pdf"))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_format_says_the_same_words(path):
    cleaned = tidied(path)
    assert all(said == words(cleaned.text) for said in handover.spoken(cleaned, 600).values())
    Draft202012Validator(SCHEMA).validate(json.loads(cleaned.to_json()))


@pytest.mark.parametrize("name", ["reservoir-paper", "index-chapter", "train-novel"])
def test_title_and_sections_are_those_that_were_typeset(name):
    source = (ROOT / "tests" / "documents" / f"{name}.source.txt").read_text("utf-8")
    [title, *_], found = re.findall(r"^= (.+)$", source, re.MULTILINE) or [""], re.findall(r"^==+ .+$", source, re.MULTILINE)
    cleaned = tidied(ROOT / "tests" / "documents" / f"{name}.pdf")
    assert words(cleaned.title) == words(title)
    assert [(section.level, words(section.title)) for section in cleaned.sections] == [
        (len(head.split()[0]) - 1, words(head)) for head in found]


def test_the_table_of_sections_is_what_was_measured():
    assert figures.with_table(PAGE, "sections", sections.table(figures.load_sections())) == PAGE


def test_the_page_names_the_rules_of_speech_and_the_commands_that_are_there():
    rules = (ROOT / "podprep" / "handover" / "speech_en.toml").read_text("utf-8")
    for option in re.findall(r"`(--[a-z-]+)", PAGE):
        assert option in (ROOT / "podprep" / "options.py").read_text("utf-8"), option
    assert "[units]" in rules


def test_an_outline_is_told_without_numbers():
    assert [sections.plain(text) for text in ("2.1 The Page", "Chapter 3: Ropes", "IV. Tar", "A Knot", "第1章 序")] == [
        "thepage", "ropes", "tar", "knot", "第1章序"]
