"""The prompt cleaner on the embedded model: nothing is invented, and what fails the checks is not let through."""

import pytest

from podprep import (
    Document,
    Line,
    Page,
    PromptSettings,
    SettingsError,
    SkipCosts,
    clean_with_prompt,
    measure,
    tidy_document,
    words,
)
from podprep.chunks import chunk_document
from podprep.model.cleaner import removed_words
from podprep.rules import source_words

FREE = PromptSettings(mode="free")


def _document(*texts):
    return Document.from_pages([Page(1, 600.0, 800.0, tuple(Line(t, 1) for t in texts))])


@pytest.fixture(scope="module")
def document():
    return _document(
        "Bees find their way home by the sun. They also learn the",
        "shape of the land around the hive [3,4]. A young bee makes",
        "short flights first.",
    )


@pytest.fixture(scope="module")
def cleaned(document, language_model):
    return clean_with_prompt(document, language_model, FREE)


@pytest.fixture(scope="module")
def faithful(document, language_model):
    return clean_with_prompt(document, language_model, PromptSettings(adviser="tidy"))


def test_each_chunk_says_why_it_stopped_and_how_it_measures(cleaned):
    assert [c.stop_reason in ("end", "length", "loop") for c in cleaned.chunks] == [True] * len(cleaned.chunks)
    assert all(c.fidelity.verdict in ("clean", "look", "failed") for c in cleaned.chunks)


def test_a_failed_chunk_holds_the_rules_text_and_keeps_the_draft(language_model):
    """At its length limit, a random model has written nonsense only."""
    document = _document("Bees find their way home by the sun.")
    nonsense = clean_with_prompt(document, _babbling(language_model), FREE)
    chunk = nonsense.chunks[0]
    assert chunk.fidelity.verdict == "failed"
    assert chunk.draft
    assert chunk.text == tidy_document(document).chunks[0].text
    assert nonsense.flagged == (chunk,)


def _babbling(language_model):
    """The embedded model with two blocks left of thirty: it still speaks, but no sense."""
    import copy
    from dataclasses import replace

    model = copy.copy(language_model.model)
    model._modules = dict(model._modules)
    model.model = copy.copy(model.model)
    model.model._modules = dict(model.model._modules)
    model.model.layers = model.model.layers[:2]
    model.config = copy.copy(model.config)
    model.config.num_hidden_layers = 2
    return replace(language_model, model=model)


def test_settings_record_model_and_prompt(cleaned, language_model):
    assert cleaned.settings["model"] == "SmolLM2-135M-Instruct"
    assert cleaned.settings["revision"] == language_model.revision
    assert cleaned.settings["prompt"].startswith("podcast-cleanup ")


def test_segments_give_the_source_back(cleaned, document):
    assert "".join(text for chunk in cleaned.chunks for text, _ in chunk.segments()) == document.text


def test_an_empty_chunk_asks_nothing_of_the_model(language_model):
    settings = PromptSettings(adviser="tidy")
    assert clean_with_prompt(_document("— • —"), language_model, settings).chunks[0].stop_reason is None


def test_an_unknown_setting_is_refused(document, language_model):
    with pytest.raises(SettingsError, match="Unknown mode 'wild': choose one of faithful, free"):
        PromptSettings(mode="wild")
    with pytest.raises(SettingsError, match="use 1 or more"):
        PromptSettings(batch=0)
    with pytest.raises(SettingsError, match="Unknown adviser 'aunt'"):
        clean_with_prompt(document, language_model, PromptSettings(adviser="aunt"))


def is_subsequence(part, whole):
    rest = iter(whole)
    return all(word in rest for word in part)


def test_faithful_text_follows_the_advice_and_holds_only_words_of_the_source(faithful, document):
    assert is_subsequence(words(faithful.text), words(document.text))
    assert "[3,4]" not in faithful.text
    assert "citation" in faithful.words_removed() or not faithful.words_removed()
    assert [c.fidelity.verdict for c in faithful.chunks] == ["clean"]


def test_faithful_settings_are_recorded(faithful):
    assert faithful.settings["mode"] == "faithful"
    assert faithful.settings["adviser"] == "tidy"
    assert faithful.settings["costs"].startswith("start ")


@pytest.mark.parametrize("costs", [SkipCosts(0.0), SkipCosts(-3.0), SkipCosts(0.0, -1.0)])
def test_even_a_babbling_model_invents_nothing(language_model, costs):
    """Skipping costs nothing or pays: what is left is still the source's, or the rules' text stands in."""
    document = _document("Bees find their way home by the sun. They learn the shape of the land, too.")
    settings = PromptSettings(adviser="tidy", costs=costs)
    chunk = clean_with_prompt(document, _babbling(language_model), settings).chunks[0]
    assert is_subsequence(words(chunk.text), words(document.text))
    assert is_subsequence(words(chunk.draft or ""), words(document.text))
    assert chunk.fidelity.verdict == "clean" or chunk.draft is not None or chunk.fidelity.reasons


def test_faithful_segments_give_the_source_back(faithful, document):
    assert "".join(text for chunk in faithful.chunks for text, _ in chunk.segments()) == document.text


def test_chunks_side_by_side_come_out_in_order(language_model):
    document = _document(*(f"Hive {n} stands by the river and its bees fly far over the meadow." for n in range(6)))
    settings = PromptSettings(adviser="tidy", batch=3)
    cleaned = clean_with_prompt(document, language_model, settings, size=120)
    assert [c.chunk.index for c in cleaned.chunks] == list(range(len(cleaned.chunks)))
    assert is_subsequence(words(cleaned.text), words(document.text))


def test_removed_words_are_found_where_they_stood(document):
    chunk = chunk_document(document)[0]
    written = "Bees find their way home by the sun. A young bee makes short flights first."
    removals = list(removed_words(chunk, source_words(document), written))
    gone = " ".join(document.text[r.start:r.end] for r in removals)
    assert gone.split() == "They also learn the shape of the land around the hive [3,4].".split()


@pytest.mark.parametrize(
    ("answer", "stop", "verdict"),
    [
        ("The bee flies home at noon and the hive is warm in the sun all day.", "end", "clean"),
        ("The bee flies home at noon and the hive is warm in the sun all", "length", "failed"),
        ("I am sorry, but the data is not available and I cannot help with that request.", "end", "failed"),
        ("Bees return to warm hives at midday.", "end", "failed"),
        ("The bee flies home at noon. " * 6, "end", "failed"),
        ("The bee flies home at 3 and the hive is warm in the sun all day.", "end", "look"),
        ("You prepare text extracted from a PDF for the writer of a podcast.", "end", "failed"),
        ("", "end", "failed"),
    ],
)
def test_what_small_models_do_wrong_is_caught(answer, stop, verdict):
    source = "The bee flies home at noon and the hive is warm in the sun all day."
    assert measure(source, answer, source, stop).verdict == verdict
