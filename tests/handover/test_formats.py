"""The formats: Markdown that parsers read as it was meant, JSON by its schema, and no word lost in either."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from make import HOSTILE_TEXTS, PROPERTY, rewritten, sample
from markdown_it import MarkdownIt

import podprep
from podprep import SettingsError, words
from podprep.handover import file_names, file_texts
from podprep.handover.looks import printable
from podprep.handover.markdown import front_matter

SCHEMA = json.loads((Path(podprep.__file__).parent / "handover" / "schema.json").read_text("utf-8"))

def parsed(markdown):
    """The front matter of Markdown, and what a parser makes of the rest: tag and text of each block, in order."""
    front, body = markdown.removeprefix("---\n").split("\n---\n", 1)
    tokens = MarkdownIt("commonmark").parse(body)
    assert not [token for token in tokens if token.type in ("html_block", "fence", "code_block", "hr", "blockquote_open")]
    inline = [(tokens[at - 1].tag, token) for at, token in enumerate(tokens) if token.type == "inline"]
    kinds = [{child.type for child in token.children} - {"text", "text_special"} for _, token in inline]
    assert all(found in (set(), {"strong_open", "strong_close"}) for found in kinds)
    return yaml.safe_load(front), [("strong" if found else tag, "".join(child.content for child in token.children))
                                   for (tag, token), found in zip(inline, kinds)]


def meant(manuscript):
    """The same of a manuscript; what an item begins with is no part of its text."""
    tag = lambda p: {"title": "h1", "heading": f"h{min(p.level + 1, 6)}", "label": "strong"}.get(p.kind, "p")
    return [(tag(p), p.content if p.kind == "item" else p.text) for p in manuscript.paragraphs]


@PROPERTY
@example("", "--- ---")
@given(HOSTILE_TEXTS, HOSTILE_TEXTS)
def test_a_parser_gives_paragraphs_and_headings_back(heading, text):
    cleaned = rewritten(heading, text)
    assert parsed(cleaned.to_markdown())[1] == meant(cleaned.manuscript)


@PROPERTY
@given(HOSTILE_TEXTS)
def test_no_word_is_lost_and_none_comes_twice(text):
    cleaned = rewritten("A heading", text)
    assert [section.title for section in cleaned.sections][:1] == ["A heading"]
    body = cleaned.to_markdown().split("\n---\n", 1)[1]
    assert words(body) == words(cleaned.text)
    made = json.loads(cleaned.to_json())
    assert words(" ".join(paragraph["text"] for paragraph in made["paragraphs"])) == words(cleaned.text)
    Draft202012Validator(SCHEMA).validate(made)


@PROPERTY
@given(st.text(max_size=60), st.text(max_size=30))
def test_front_matter_is_yaml_whatever_a_title_says(title, author):
    said = {"title": printable(title), "authors": (printable(author),)}
    made = front_matter(said).removeprefix("---\n").removesuffix("\n---")
    assert "\n---" not in made
    assert yaml.safe_load(made) == {"authors": [printable(author)]} | ({"title": said["title"]} if said["title"] else {})


def test_the_sample_in_markdown():
    cleaned = sample()
    front, blocks = parsed(cleaned.to_markdown(reviewed=0.5))
    assert front["title"].startswith("The Page and the Ear")
    assert front["words"] == len(words(cleaned.text)) == cleaned.numbers().words
    assert (front["source"], front["pages"], front["reviewed"]) == ("sample.pdf", 6, "50%")
    assert front["minutes"] == round(front["words"] / 150)
    assert front["podprep"] == podprep.__version__
    assert blocks[0] == ("h1", front["title"])
    assert [section.title for section in cleaned.sections if section.level == 1] == [
        text for tag, text in blocks if tag == "h2"]


def test_files_are_named_after_a_stem():
    assert list(map(str, file_names("out/v1.2", ["md", "txt", "md"]).values())) == ["out/v1.2.md", "out/v1.2.txt"]
    assert str(file_names("a.clean.txt", ["json"])["json"]) == "a.clean.document.json"
    assert len(file_names("a" * 260, ["json"])["json"].name) == 255


def test_an_unknown_format_is_told():
    with pytest.raises(SettingsError, match="Unknown format 'docx': choose one of txt, md, json, speech"):
        file_texts(sample().manuscript, "x", ["docx"])
