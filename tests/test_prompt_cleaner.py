"""The prompt cleaner on the embedded model: every chunk is checked, and what fails is not let through."""

import pytest

from podprep import Document, Line, Page, SettingsError, clean_with_prompt, measure, tidy_document
from podprep.chunks import chunk_document
from podprep.prompt_cleaner import removed_words
from podprep.tidy import source_words


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
    return clean_with_prompt(document, language_model)


def test_each_chunk_says_why_it_stopped_and_how_it_measures(cleaned):
    assert [c.stop_reason in ("end", "length", "loop") for c in cleaned.chunks] == [True] * len(cleaned.chunks)
    assert all(c.fidelity.verdict in ("clean", "look", "failed") for c in cleaned.chunks)


def test_a_failed_chunk_holds_the_rules_text_and_keeps_the_draft(language_model):
    """At its length limit, a random model has written nonsense only."""
    document = _document("Bees find their way home by the sun.")
    nonsense = clean_with_prompt(document, _babbling(language_model))
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
    assert clean_with_prompt(_document("— • —"), language_model).chunks[0].stop_reason is None


def test_an_unknown_mode_is_refused(document, language_model):
    with pytest.raises(SettingsError, match="Unknown mode 'wild': choose one of free"):
        clean_with_prompt(document, language_model, mode="wild")


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
