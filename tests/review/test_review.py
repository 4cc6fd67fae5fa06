"""Deciding on chunks: what the text becomes, undo and redo, and that nothing decided is lost."""

import getpass
import json
import os
import random
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import PROPERTY, SAMPLE, document, in_order, letters, paragraph, placed_document, sample, tidied

from podprep import OutputError, Removal, Review, ReviewError, Run, RunError, chunk_document, measure, write_report
from podprep.cleaned import Cleaned, CleanedChunk
from podprep.fidelity import words
from podprep.rules import assemble, join_words, measure_layout
from podprep.runs import Log
from podprep.runs.store import WorkFile

TEXT = "Bees fly home [3]. They sleep there. See https://x.org/a for more."


@pytest.fixture
def review(tmp_path):
    return Review(tidied(document(TEXT)), tmp_path / "decisions.podprep")


def kinds(review, index=0):
    return [r.kind for r in review.chunk(index).removals]


def standing(review):
    """What stands decided, one entry a chunk."""
    return [review.decision(i) for i in range(len(review.cleaned.chunks))]


def flagged_sample():
    """The sample with two of its chunks flagged, as if a model had written them."""
    cleaned = sample()
    chunks = list(cleaned.chunks)
    for i, text in ((3, "Nothing of the source."), (5, chunks[5].text.replace(" the ", " their ", 1))):
        chunks[i] = replace(chunks[i], text=text, fidelity=measure(chunks[i].chunk.text, text, chunks[i].text))
    return replace(cleaned, chunks=tuple(chunks))


def with_removals():
    """Index and first removal of a chunk of the sample that has two or more removals."""
    return next((i, c.removals[0]) for i, c in enumerate(sample().chunks) if len(c.removals) > 1)


# The text that decisions make


def test_without_decisions_the_text_is_the_cleaners(review):
    assert review.text == review.cleaned.text == "Bees fly home. They sleep there. See […] for more.\n"
    assert str(review.progress) == "0 of 1 decided, 0 flagged"


def test_a_restored_removal_is_back_in_its_place(review):
    review.restore(0, review.cleaned.removals[0])
    assert review.text == "Bees fly home [3]. They sleep there. See […] for more.\n"
    assert kinds(review) == ["address"]
    assert review.progress.decided == 0


def test_a_restored_removal_can_be_removed_again(review):
    removal = review.cleaned.removals[0]
    review.restore(0, removal)
    review.remove(0, removal)
    assert review.text == review.cleaned.text


def test_any_span_can_be_restored(review):
    review.restore(0, (0, len(TEXT)))
    assert review.text == TEXT + "\n"


def test_keeping_raw_keeps_every_word(review):
    review.keep_raw(0)
    assert review.text == TEXT + "\n"
    assert str(review.progress) == "1 of 1 decided, 0 flagged"


def test_an_edit_stands_and_what_it_leaves_out_is_listed(review):
    review.edit(0, "Bees fly home.\r\n\r\nAnd sleep there.")
    assert review.text == "Bees fly home.\n\nAnd sleep there.\n"
    left_out = [(r.kind, TEXT[r.start:r.end].strip()) for r in review.chunk(0).removals]
    assert left_out == [
        ("citation", "[3]"), ("edit", ". They"), ("edit", "See"), ("address", "https://x.org/a"), ("edit", "for more.")
    ]
    assert review.chunk(0).fidelity.invented == ("and",)


def test_accepting_loses_no_edit(review):
    review.edit(0, "Mine.")
    edited = review.text
    review.accept(0)
    assert review.text == edited
    assert review.decision(0).status == "edited"
    review.undo()
    assert review.text == edited
    review.undo()
    assert review.text == review.cleaned.text


def test_raw_text_is_accepted_as_cleaned(review):
    review.keep_raw(0)
    review.accept(0)
    assert review.text == review.cleaned.text


@PROPERTY
@given(st.lists(st.integers(0, 10_000), max_size=12), st.sets(st.integers(0, 25), max_size=4))
def test_restoring_is_assembling_anew(picks, raw):
    review = Review(sample())
    owners = [(i, r) for i, c in enumerate(sample().chunks) for r in c.removals]
    chosen = [owners[pick % len(owners)] for pick in picks]
    for index, removal in dict.fromkeys(chosen):
        review.restore(index, removal)
    for index in raw & set(range(len(sample().chunks))):
        review.keep_raw(index)
    left = review.result.removals
    layout = measure_layout(sample().document, sample().removals)
    assert review.text == join_words(assemble(sample().document, left, layout)) + "\n"


def test_restoring_everything_gives_every_letter_back():
    doc = placed_document(*paragraph("The first line of a page [1] with a cut", "and a second one (Lee, 2019) that", "ends."))
    review = Review(tidied(doc))
    for removal in review.cleaned.removals:
        review.restore(0, removal)
    assert letters(review.text) == letters(doc.text)
    assert review.result.removals == ()


def test_a_models_own_text_gets_restored_words_at_their_place():
    doc = document("We saw it in March. The sky was clear all day. Then it rained.")
    (chunk,) = chunk_document(doc)
    gone = Removal(doc.text.index("The sky"), doc.text.index("Then"), "model")
    written = "We have seen it in March. Then it rained."
    model = CleanedChunk(chunk, written, "", (gone,), measure(chunk.text, written), "end")
    review = Review(Cleaned(doc, "prompt", {}, (model,)))
    review.restore(0, gone)
    assert review.text == "We have seen it in March. The sky was clear all day. Then it rained.\n"


def test_neighbours_are_joined_to_an_edited_empty_chunk_as_paragraphs():
    doc = document("References. " + "Lee, A. (2019). A paper. Journal 3, 1-9. " * 4 + "\nThe end is here. ")
    chunks = chunk_document(doc, 150)
    gone = Removal(0, chunks[0].end, "reference")
    empty = CleanedChunk(chunks[0], "", "", (gone,), measure(chunks[0].text, ""))
    rest = [CleanedChunk(c, c.text.strip(), " ", (), measure(c.text, c.text)) for c in chunks[1:]]
    review = Review(Cleaned(doc, "tidy", {}, (empty, *rest)))
    review.edit(0, "See the list.")
    assert review.text.startswith("See the list. ")


# Refusals


@pytest.mark.parametrize("index", [-1, 1, 99])
def test_a_chunk_that_is_not_there_is_refused(review, index):
    with pytest.raises(ReviewError, match="chunks are 0 to 0"):
        review.accept(index)


def test_restoring_where_nothing_is_removed_is_refused(review):
    with pytest.raises(ReviewError, match="Nothing is removed"):
        review.restore(0, (0, 4))
    review.restore(0, review.cleaned.removals[0])
    with pytest.raises(ReviewError, match="Nothing is removed"):
        review.restore(0, review.cleaned.removals[0])
    with pytest.raises(ReviewError, match="was not restored"):
        review.remove(0, (0, 4))


def test_what_an_edit_left_out_is_restored_into_it(review):
    review.edit(0, "Bees fly home. See […] for more.")
    citation = review.cleaned.removals[0]
    review.restore(0, citation)
    assert review.text == "Bees fly home. [3] See […] for more.\n"
    review.restore(0, (0, len(TEXT)))
    assert "They sleep there." in review.text
    assert (review.undo(), review.undo(), review.text) == (0, 0, "Bees fly home. See […] for more.\n")


def test_a_file_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be made"):
        Review(sample(), tmp_path / "file" / "decisions.podprep")
    with pytest.raises(RunError, match="is a folder"):
        Review(sample(), tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="limits on files are POSIX")
def test_where_the_disk_refuses_nothing_is_decided_and_later_it_is(tmp_path):
    path = tmp_path / "decisions.podprep"
    Review(sample(), path).accept(0)
    code = FULL.format(tests=str(Path(__file__).parents[1]), size=path.stat().st_size)
    told = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True).stdout
    assert "cannot be written" in told
    review = Review(sample(), path)
    assert review.progress.decided == 1
    review.edit(1, "x" * 100_000)
    assert Review(sample(), path).progress.decided == 2


def test_an_interrupt_in_the_middle_of_a_decision_leaves_the_others(tmp_path, monkeypatch):
    path = tmp_path / "decisions.podprep"
    review = Review(sample(), path)
    review.accept(0)

    def interrupted(self, name, value):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(WorkFile, "keep_fact", interrupted)
        with pytest.raises(KeyboardInterrupt):
            review.accept(1)
    assert Review(sample(), path).progress.decided == 1
    review.accept(1)
    assert Review(sample(), path).progress.decided == 2


# Order of work


@pytest.mark.parametrize("part", [(-3, 4), (10, 5), (5, 99999), (5000, 6000)])
def test_a_part_that_is_none_is_not_edited(part):
    review = Review(sample())
    with pytest.raises(ReviewError, match="is no part of chunk 0"):
        review.edit(0, "zz", part)
    assert review.text == sample().text


def test_flagged_chunks_come_worst_first_until_decided():
    review = Review(flagged_sample())
    assert review.flagged == (3, 5)
    review.accept(3)
    assert review.flagged == (5,)
    assert str(review.progress) == f"1 of {len(sample().chunks)} decided, 1 flagged"


def test_all_without_a_flag_are_accepted_in_one_step():
    review = Review(flagged_sample())
    total = len(sample().chunks)
    assert review.accept_unflagged() == total - 2
    assert str(review.progress) == f"{total - 2} of {total} decided, 2 flagged"
    assert review.accept_unflagged() == 0
    review.undo()
    assert review.progress.decided == 0


# Undo and redo


def test_undo_and_redo_say_which_chunk_they_are_about():
    review = Review(sample())
    review.keep_raw(4)
    review.accept(7)
    assert (review.undo(), review.undo(), review.undo()) == (7, 4, None)
    assert review.text == sample().text
    assert (review.redo(), review.redo(), review.redo()) == (4, 7, None)
    assert review.decision(4).status == "raw"


DOINGS = st.lists(
    st.tuples(st.sampled_from("accept raw edit restore strike kind comment undo redo all".split()), st.integers(0, 25)), max_size=20)


def do(review, doing, index):
    """Carry one doing out; what is refused is left out."""
    removals = review.cleaned.chunks[index].removals
    start = review.cleaned.chunks[index].chunk.start
    places = {"restore": removals[0] if removals else (0, 1), "strike": (start, start + 40), "kind": (start, start + 900)}
    doings = {"accept": review.accept, "raw": review.keep_raw, "edit": lambda i: review.edit(i, f"Mine {i}."),
              "restore": lambda i: review.restore(i, places["restore"]), "strike": lambda i: review.strike(i, places["strike"]),
              "kind": lambda i: review.set_kind(i, places["kind"], "caption"), "comment": lambda i: review.comment(i, "Why?"),
              "undo": lambda _: review.undo(), "redo": lambda _: review.redo(), "all": lambda _: review.accept_unflagged()}
    with suppress(ReviewError):
        doings[doing](index)


@PROPERTY
@given(DOINGS)
def test_undoing_everything_gives_the_cleaners_text_and_redoing_it_the_reviews(doings):
    review = Review(sample())
    for doing, index in doings:
        do(review, doing, index)
    before = standing(review)
    steps = 0
    while review.undo() is not None:
        steps += 1
    assert standing(review) == standing(Review(sample()))
    for _ in range(steps):
        review.redo()
    assert set(standing(review)) >= set(before) or steps >= len(before)


@PROPERTY
@given(DOINGS)
def test_a_review_reopens_where_it_was_left(tmp_path_factory, doings):
    path = tmp_path_factory.mktemp("review") / "decisions.podprep"
    review = Review(sample(), path)
    for doing, index in doings:
        do(review, doing, index)
    again = Review(sample(), path)
    assert standing(again) == standing(review)
    again.undo()
    assert standing(Review(sample(), path)) == standing(again)


# The log


def test_an_entry_says_what_when_and_by_whom(review):
    review.edit(0, "Mine \ud800 \u2028 <b>\n\ntwo")
    Review(review.cleaned, review._log.path, author="A. Reviewer").undo()
    edit, undo = Log(review._log.path).entries
    assert (edit["do"], undo["do"]) == ("edit", "undo")
    assert edit["chunks"][0]["id"] == review.cleaned.chunks[0].chunk.id
    assert (edit["by"], undo["by"]) == (getpass.getuser(), "A. Reviewer")
    assert abs((datetime.fromisoformat(undo["at"]) - datetime.now(UTC)).total_seconds()) < 60


@pytest.mark.parametrize(
    "junk",
    [{}, {"do": []}, {"do": "undo", "of": {}}, {"do": "edit", "chunks": [{"id": [], "nth": 0}]}, {"do": "\ud800"},
     {"do": "restore", "chunks": [{"id": "x", "nth": 0}], "span": ["a", 2]}, {"do": "accept", "chunks": "all"},
     {"do": "restore", "chunks": [{"id": sample().chunks[2].chunk.id, "nth": 0}]}],
)
def test_entries_that_mean_nothing_are_passed_over(tmp_path, junk):
    path = tmp_path / "decisions.podprep"
    Review(sample(), path).accept(0)
    with WorkFile.opened(path) as work:
        work.decide(junk)
    Review(sample(), path).keep_raw(1)
    decisions = standing(Review(sample(), path))
    assert [d.status for d in decisions[:2]] == ["accepted", "raw"]
    assert not any(d.by_person for d in decisions[2:])


def test_two_reviews_on_one_file_see_each_others_decisions(tmp_path):
    first, second = (Review(sample(), tmp_path / "decisions.podprep") for _ in range(2))
    first.accept(0)
    second.accept(1)
    assert second.progress.decided == 2
    assert second.undo() == 1
    assert first.undo() == 0
    assert Review(sample(), tmp_path / "decisions.podprep").progress.decided == 0


FULL = """
import resource, sys
sys.path.insert(0, {tests!r})
from make import sample
from podprep import OutputError, Review
review = Review(sample(), sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))
try:
    review.edit(1, "x" * 100_000)
except OutputError as error:
    print(error)
"""

KILLED = """
import sys
sys.path.insert(0, {tests!r})
from make import sample
from podprep import Review
review = Review(sample(), sys.argv[1])
print("ready", flush=True)
for i in range(100000):
    index = i % len(sample().chunks)
    review.edit(index, "x" * (i % 3000))
    print(i, flush=True)
"""


def test_nothing_decided_is_lost_when_killed(tmp_path):
    path, chance, decided = tmp_path / "decisions.podprep", random.Random(5), 0
    for _ in range(20):
        code = KILLED.format(tests=str(Path(__file__).parents[1]))
        process = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True)
        assert process.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0, 0.05))
        process.kill()
        told = process.stdout.read().splitlines(keepends=True)
        decided += len([line for line in told if line.endswith("\n")])
        entries = Log(path).entries if path.exists() else []
        assert len(entries) >= decided
        decided = len(entries)
    assert decided > 0


# The cleaner runs anew


@cache
def smaller():
    return tidied(SAMPLE / "sample.pdf", size=600)


def test_decisions_find_their_chunks_again_and_others_are_named(tmp_path):
    path = tmp_path / "decisions.podprep"
    cleaned = sample()
    first = Review(cleaned, path)
    first.accept(1)
    first.keep_raw(2)
    first.edit(3, "Mine.")
    changed = list(cleaned.chunks)
    for i in (1, 2, 3):
        changed[i] = replace(changed[i], text=changed[i].text + " More.")
    second = Review(replace(cleaned, chunks=tuple(changed)), path)
    assert [d.status for d in standing(second)[:5]] == ["open", "open", "raw", "edited", "open"]
    assert len(second.unapplied) == 1
    assert "was accepted: it is cleaned differently now" in second.unapplied[0]
    assert second.undo() == 3
    second.accept(1)
    assert second.unapplied == ()


def test_decisions_on_chunks_that_are_gone_are_named(tmp_path):
    path = tmp_path / "decisions.podprep"
    review = Review(sample(), path)
    review.accept(6)
    again = Review(smaller(), path)
    assert again.progress.decided == 0
    (sentence,) = again.unapplied
    assert " ".join(sample().chunks[6].chunk.text.split())[:40] in sentence
    assert again.undo() is None
    assert Review(sample(), path).progress.decided == 1


def test_the_same_text_twice_is_told_apart(tmp_path):
    doc = document("\n".join(["The very same sentence stands in this chunk, and then once more, to fill it up. "] * 4))
    cleaned = tidied(doc, size=100)
    assert len({c.chunk.id for c in cleaned.chunks}) < len(cleaned.chunks)
    review = Review(cleaned, tmp_path / "decisions.podprep")
    review.keep_raw(1)
    again = Review(cleaned, tmp_path / "decisions.podprep")
    assert [d.status for d in standing(again)].count("raw") == 1
    assert again.decision(1).status == "raw"


# What is written


def test_the_text_is_written_with_its_sidecar_and_never_over_something(review, tmp_path):
    review.restore(0, review.cleaned.removals[0])
    text, beside = review.write(tmp_path / "bees.clean.txt")
    assert text.read_text() == review.text
    assert beside == tmp_path / "bees.clean.json"
    (restored,) = json.loads(beside.read_text())["restored"]
    assert (restored["text"], restored["by"]) == (" [3]", "person")
    whole = text.read_text()
    text.unlink()
    assert review.write(text) == (text, beside)  # as after a kill between the two
    assert text.read_text() == whole
    text.unlink()
    beside.write_text("mine")
    with pytest.raises(OutputError, match=r"bees\.clean\.json exists"):
        review.write(text)
    assert not text.exists()
    assert beside.read_text() == "mine"
    review.write(text, force=True)


def test_neither_text_nor_report_replaces_what_they_come_from(tmp_path, monkeypatch):
    pdf = tmp_path / "a.pdf"
    pdf.write_bytes(SAMPLE.joinpath("sample.pdf").read_bytes()[9:])  # a PDF without its header, which readers take
    Run.start(pdf, tmp_path / "a.work", cleaner="tidy", pages="1").go()
    review = Review(Run.open(tmp_path / "a.work"))
    shutil.copy(pdf, tmp_path / "copy.txt")
    monkeypatch.chdir("/")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    for name in ("a.pdf", "a.work", "a.work-journal", "copy.txt"):
        for write in (review.write, partial(write_report, review), partial(write_report, review.cleaned)):
            with pytest.raises(OutputError, match=r"works with|comes from|is a work file"):
                write(tmp_path / name, force=True)
    for name in (".", "", "/", "new/", "a\0b"):
        with pytest.raises(OutputError, match=r"is a folder|not a possible path"):
            review.write(name)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_review_words_are_in_order_of_the_source():
    review = Review(sample())
    index, removal = with_removals()
    review.restore(index, removal)
    source = words(join_words(assemble(sample().document, [])))
    assert in_order([w for w in words(review.text) if w in set(source)], source)
