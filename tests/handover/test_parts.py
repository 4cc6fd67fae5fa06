"""Parts: none too long, joined they are the whole, and each says where it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import HOSTILE_TEXTS, PROPERTY, rewritten, sample

from podprep import SettingsError, words
from podprep.handover import file_texts, parts_of
from podprep.handover.numbers import token_counter


def whole_of(parts):
    return [word for part in parts for word in words(part.text)]


def test_the_sample_in_parts():
    count, cleaned = token_counter(), sample()
    parts = cleaned.parts(1000)
    assert whole_of(parts) == words(cleaned.text)
    assert [part.number for part in parts] == [*range(1, parts[0].of + 1)]
    assert all(count(text) <= 1000 for part in parts for text in (part.to_markdown(), part.to_text()))
    assert all(part.paragraphs[-1].kind == "paragraph" for part in parts)
    assert f'title: "{cleaned.title}"' in parts[1].to_markdown()
    assert sum(part.paragraphs[0].kind in ("title", "heading") for part in parts) > len(parts) / 2
    inside = next(part for part in cleaned.parts(500) if part.paragraphs[0].kind == "paragraph")
    assert inside.section[-1] in inside.to_text().splitlines()[0]
    assert cleaned.parts(100_000)[0].text + "\n" == cleaned.text


@PROPERTY
@given(st.lists(HOSTILE_TEXTS, min_size=2, max_size=6), st.sampled_from([500, 800, 5000]))
def test_nothing_is_lost_or_comes_twice_and_no_part_is_too_long(texts, tokens):
    count, cleaned = token_counter(), rewritten(*texts)
    parts = parts_of(cleaned.manuscript, tokens)
    assert whole_of(parts) == words(cleaned.text)
    assert all(count(text) <= tokens for part in parts for text in (part.to_markdown(), part.to_text()))


def test_a_text_without_spaces_or_sentences_is_cut_all_the_same():
    cleaned = rewritten("", "x" * 9000)
    parts = parts_of(cleaned.manuscript, 500)
    assert "".join(part.text for part in parts).count("x") >= 9000
    assert all(token_counter()(part.to_markdown()) <= 500 for part in parts)


def test_parts_of_speech_hold_what_is_said(tmp_path):
    texts = file_texts(sample().manuscript, tmp_path / "a", ["speech"], split_tokens=2000)
    whole, *parts = texts.values()
    assert [path.name for path in texts][1] == f"a.1-of-{len(parts)}.speech.txt"
    assert "and others" in whole
    assert [w for part in parts for w in words(part.partition("]\n\n")[2])] == words(whole)


def test_parts_too_small_to_say_anything_are_refused():
    with pytest.raises(SettingsError, match="A part of 10 tokens holds hardly a paragraph: choose 500 or more"):
        sample().parts(10)


def test_a_tokenizer_that_is_none_is_told(tmp_path):
    with pytest.raises(SettingsError, match="is not on this machine: name a tokenizer"):
        sample().parts(1000, tokenizer=tmp_path / "none")
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(SettingsError, match="is no tokenizer"):
        sample().numbers(tmp_path)
