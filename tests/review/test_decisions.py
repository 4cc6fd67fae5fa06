"""Striking, kinds, comments, sentences; the table and sum of decisions; several reviewers."""

import csv
import json
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import PROPERTY, SAMPLE, document, in_order, letters, sample, tidied

from podprep import OutputError, Review, ReviewError, Run, chunk_document, measure
from podprep.cleaned import Cleaned, CleanedChunk
from podprep.cli import main
from podprep.fidelity import words
from podprep.review import report_html

TEXT = "Bees fly home [3]. They sleep there. See https://x.org/a for more."
HOSTILE = '=cmd|" /C calc"!A0 <script>window.hacked=1</script> \u202eabc\u202c \x1b[31m\0 "quoted", next\nline'


@pytest.fixture
def review():
    return Review(tidied(document(TEXT)), author="Ann")


def place(words_there):
    start = TEXT.index(words_there)
    return start, start + len(words_there)


def removed(review, index=0):
    return [(r.kind, review.cleaned.document.text[r.start:r.end].strip()) for r in review.chunk(index).removals]


# Striking


def test_struck_words_go_are_listed_and_taken_back_like_any_other(review):
    review.strike(0, place("They sleep there."))
    assert review.text == "Bees fly home. See […] for more.\n"
    assert removed(review) == [("citation", "[3]"), ("edit", "They sleep there."), ("address", "https://x.org/a")]
    review.restore(0, place("They sleep there."))
    assert review.text == review.cleaned.text
    review.remove(0, place("They sleep there."))
    assert review.text == "Bees fly home. See […] for more.\n"
    assert (review.undo(), review.undo(), review.undo(), review.undo()) == (0, 0, 0, None)
    assert review.chunk(0) == review.cleaned.chunks[0]


def test_what_the_cleaner_removed_keeps_its_kind_where_it_is_struck_over(review):
    review.restore(0, place("[3]"))
    review.strike(0, place("home [3]. They"))
    assert review.text == "Bees fly sleep there. See […] for more.\n"
    assert ("citation", "[3]") in removed(review)


def test_words_are_found_in_the_clean_text_and_struck_by_their_place(review):
    start = review.chunk(0).text.index("sleep there")
    assert review.origin(0, (start, start + len("sleep there"))) == (place("sleep")[0], place("there.")[1])
    review.strike(0, review.origin(0, (start, start + 5)))
    assert review.text == "Bees fly home. They there. See […] for more.\n"
    review.edit(0, "Wasps!")
    assert review.origin(0, (0, 6)) is None


def test_the_sidecar_says_that_a_person_struck(review, tmp_path):
    review.strike(0, place("They sleep there."))
    _, beside = review.write(tmp_path / "bees.txt")
    assert [(r["kind"], r["by"]) for r in json.loads(beside.read_text())["removals"]] == [
        ("citation", "cleaner"), ("edit", "person"), ("address", "cleaner")]


def test_words_are_struck_from_raw_and_edited_chunks_as_well(review):
    review.keep_raw(0)
    review.strike(0, place("They sleep there."))
    assert review.text == "Bees fly home [3]. See https://x.org/a for more.\n"
    review.edit(0, "Bees fly back home.\n\nThey sleep there. See.")
    review.strike(0, place("They sleep there."))
    assert review.text == "Bees fly back home.\n\nSee.\n"


def test_words_are_struck_from_what_a_model_wrote():
    doc = document("We saw it in March. The sky was clear all day. Then it rained.")
    (chunk,) = chunk_document(doc)
    written = "We have seen it in March. The sky was clear all day. Then it rained."
    review = Review(Cleaned(doc, "prompt", {}, (CleanedChunk(chunk, written, "", (), measure(chunk.text, written)),)))
    start = doc.text.index("The sky")
    review.strike(0, (start, doc.text.index("Then")))
    assert review.text == "We have seen it in March. Then it rained.\n"
    review.restore(0, (start, doc.text.index("Then")))
    assert review.text == written + "\n"


@pytest.mark.parametrize("span", [(0, 0), place("[3]"), (500, 600), (-9, 0), (5, 3)])
def test_striking_where_no_word_stands_is_refused(review, span):
    with pytest.raises(ReviewError, match="No words are left"):
        review.strike(0, span)
    with pytest.raises(ReviewError, match="no span"):
        review.strike(0, "words")


@PROPERTY
@given(st.lists(st.tuples(st.integers(0, 25), st.integers(0, 900), st.integers(1, 300)), max_size=6))
def test_striking_only_takes_away_and_taking_back_gives_all_again(strikes):
    review, done = Review(sample()), []
    for index, first, length in strikes:
        chunk = sample().chunks[index].chunk
        span = chunk.start + first, min(chunk.start + first + length, chunk.end)
        try:
            review.strike(index, span)
            done.append((index, span))
        except ReviewError:
            continue
    assert in_order(letters(review.text), letters(sample().text))
    assert "".join(part for c in review.result.chunks for part, _ in c.segments()) == sample().document.text
    for _ in done:
        review.undo()
    assert review.text == sample().text


# Kinds, sentences, comments


def test_a_removal_gets_another_kind_and_keeps_its_place(review):
    review.set_kind(0, review.cleaned.removals[0], "footnote")
    assert [kind for kind, _ in removed(review)] == ["footnote", "address"]
    assert (review.text, review.decision(0).status) == (review.cleaned.text, "open")
    with pytest.raises(ReviewError, match="no kind of removal"):
        review.set_kind(0, review.cleaned.removals[0], HOSTILE)
    with pytest.raises(ReviewError, match="Nothing is removed"):
        review.set_kind(0, place("Bees"), "footnote")
    review.undo()
    assert [kind for kind, _ in removed(review)] == ["citation", "address"]


def test_one_sentence_is_edited_and_the_others_stay(review):
    start = review.chunk(0).text.index("They sleep there.")
    part = start, start + len("They sleep there.")
    review.edit(0, "There they sleep.", part)
    assert review.text == "Bees fly home. There they sleep. See […] for more.\n"
    review.edit(0, " ", part)
    assert review.text == "Bees fly home. See […] for more.\n"
    review.undo()
    assert "There they sleep." in review.text


def test_comments_have_author_and_time_and_decide_nothing(review):
    review.comment(0, HOSTILE)
    (comment,) = review.decision(0).comments
    assert (comment.text, comment.by, comment.at[:2]) == (HOSTILE, "Ann", "20")
    assert review.progress.decided == 0
    review.keep_raw(0)
    assert review.decision(0).comments == (comment,)
    with pytest.raises(ReviewError, match="says nothing"):
        review.comment(0, " \n")


def test_several_chunks_are_decided_in_one_step():
    review = Review(sample())
    review.accept([1, 2, 5])
    review.keep_raw(range(7, 9))
    assert [i for i in range(10) if review.decision(i).status != "open"] == [1, 2, 5, 7, 8]
    review.undo()
    review.undo()
    assert review.progress.decided == 0
    review.accept([])
    assert review.undo() is None
    with pytest.raises(ReviewError, match="no chunk 99"):
        review.accept([0, 99])
    assert review.progress.decided == 0


# The table and the sum


def test_the_table_lists_all_decisions_with_what_stands(review, tmp_path):
    review.strike(0, place("They sleep there."))
    review.comment(0, HOSTILE)
    review.accept(0)
    review.undo()
    rows = review.decisions
    assert [(row.did, row.by, row.stands) for row in rows] == [
        ("struck out", "Ann", True), ("commented", "Ann", True), ("accepted", "Ann", False)]
    assert (rows[0].words, rows[0].start, rows[1].text) == ("They sleep there.", place("They")[0], HOSTILE)
    listed = json.loads(review.write_decisions(tmp_path / "d.json").read_text())
    assert [row["did"] for row in listed] == ["struck out", "commented", "accepted"]
    with review.write_decisions(tmp_path / "d.CSV").open(newline="") as file:
        table = list(csv.DictReader(file))
    assert table[0]["words"] == "They sleep there."
    assert table[1]["text"] == "'" + HOSTILE
    with pytest.raises(OutputError, match=r"neither \.csv nor \.json"):
        review.write_decisions(tmp_path / "d.txt")


def test_an_empty_table_is_one(review, tmp_path):
    assert json.loads(review.write_decisions(tmp_path / "d.json").read_text()) == []
    assert review.write_decisions(tmp_path / "d.csv").read_text().startswith("at,by,did,chunk")


def test_the_sum_counts_words_people_and_flags(review):
    chunk = review.cleaned.chunks[0]
    flagged = Review(Cleaned(review.cleaned.document, "tidy", {}, (chunk.doubted("look here"),)), author="Ann")
    flagged.restore(0, place("[3]"))
    flagged.strike(0, place("They sleep there."))
    assert flagged.summary.flags == 0
    flagged.accept(0)
    made = flagged.summary
    assert (made.words, made.restored, made.struck, made.removed, made.by) == (
        len(words(flagged.text)), 1, 3, len(words("https://x.org/a [3]")), {"Ann": 3})
    assert (made.flags, made.right, made.open) == (1, 1, 0)
    flagged.edit(0, "Wasps fly home.")
    assert flagged.summary.written == 1
    assert "Flagged chunks decided: 1, of them changed: 1." in str(flagged.summary)


# Written again and again


def test_what_was_written_is_replaced_until_somebody_changes_it(tmp_path):
    Run.start(SAMPLE / "sample.pdf", tmp_path / "a.podprep", cleaner="tidy", pages="1").go()
    review = Review(Run.open(tmp_path / "a.podprep"))
    text, _ = review.write(tmp_path / "a.txt")
    review.keep_raw(1)
    review = Review(Run.open(tmp_path / "a.podprep"))
    review.write(tmp_path / "a.txt")
    assert text.read_text() == review.text
    text.write_text("My own.")
    review.accept(1)
    with pytest.raises(OutputError, match=r"a\.txt exists"):
        review.write(tmp_path / "a.txt")
    assert text.read_text() == "My own."
    assert Run.open(tmp_path / "a.podprep").cleaned.text


def test_formats_go_beside_the_work_file(tmp_path):
    Run.start(SAMPLE / "sample.pdf", tmp_path / "a.podprep", cleaner="tidy", pages="1").go()
    review = Review(Run.open(tmp_path / "a.podprep"))
    review.strike(0, (0, 30))
    made = review.write(formats=["md", "txt"])
    assert [path.name for path in made] == ["a.reviewed.md", "a.reviewed.txt", "a.reviewed.json"]
    assert made[1].read_text() == review.text


def test_the_command_writes_each_by_itself_and_again(tmp_path, capsys):
    work = tmp_path / "a.podprep"
    Run.start(SAMPLE / "sample.pdf", work, cleaner="tidy", pages="1").go()
    for option, name in (("--report", "r.html"), ("--text", "t.txt"), ("--md", "t.md"), ("--decisions", "d.csv")):
        for _ in range(2):
            assert main(["review", str(work), option, str(tmp_path / name)]) == 0
            Review(Run.open(work)).comment(0, "Once more.")
    assert "Once more." in (tmp_path / "d.csv").read_text()
    assert main(["review", str(work), "--decisions", str(tmp_path / "d.xlsx")]) == 1
    assert "neither .csv nor .json" in capsys.readouterr().err


# Several reviewers


@pytest.fixture
def copies(tmp_path):
    """Reviews of Ann and Ben on two copies of a work file, in which both had seen one decision."""
    own, sent = tmp_path / "own.podprep", tmp_path / "sent.podprep"
    Run.start(SAMPLE / "sample.pdf", own, cleaner="tidy", pages="1-2").go()
    Review(Run.open(own), author="Ann").accept(0)
    shutil.copy(own, sent)
    return Review(Run.open(own), author="Ann"), Review(Run.open(sent), author="Ben")


def opened(review):
    return Review(Run.open(review.run.path), author=review._log.author)


def test_two_sets_of_decisions_become_one(copies):
    ann, ben = copies
    index, removal = next((i, c.removals[0]) for i, c in enumerate(ann.cleaned.chunks) if c.removals and i > 4)
    ann.accept(1)
    ben.keep_raw(2)
    ben.comment(1, "Nice.")
    ben.restore(index, removal)
    ann.comment(index, "Hm.")
    assert ann.merge(ben) == ()
    ann = opened(ann)
    assert [ann.decision(i).status for i in (0, 1, 2)] == ["accepted", "accepted", "raw"]
    assert ann.decision(1).comments[0].by == "Ben"
    assert ann.decision(index).restored
    assert ann.decision(index).comments[0].by == "Ann"
    count = len(ann.decisions)
    assert ann.merge(ben) == ()
    assert len(ann.decisions) == count
    assert ben.merge(ann) == ()
    assert ben.text == ann.text
    assert [ben.decision(i).wordless for i in range(9)] == [ann.decision(i).wordless for i in range(9)]


def test_what_was_decided_differently_is_flagged_with_both_versions(copies):
    ann, ben = copies
    ann.edit(3, "Ann's own.")
    ben.accept(3)
    ann.accept(4)
    ben.accept(4)
    assert ann.merge(ben) == (3,)
    ann = opened(ann)
    assert ann.flagged[0] == 3
    assert [(v.by, v.status, v.text) for v in ann.decision(3).versions] == [
        ("Ann", "edited", "Ann's own."), ("Ben", "accepted", ben.chunk(3).text)]
    assert (ann.decision(3).status, ann.decision(4).status) == ("open", "accepted")
    ann.accept_unflagged()
    assert (ann.flagged, str(ann.progress)) == ((3,), "9 of 10 decided, 1 flagged")
    ann.settle(3, 0)
    assert (ann.chunk(3).text, ann.decision(3).versions) == ("Ann's own.", ())
    with pytest.raises(ReviewError, match="no version"):
        ann.settle(3, 0)
    ann.undo()
    ann.settle(3, 1)
    assert ann.decision(3).status == "accepted"
    assert ann.merge(ben) == ()


def test_what_one_undid_is_undone_and_what_the_other_did_meanwhile_is_flagged(copies):
    ann, ben = copies
    ben.undo()
    ann.accept(2)
    assert ann.merge(ben) == ()
    assert (ann.decision(0).status, ann.decision(2).status) == ("open", "accepted")
    ann.redo()
    assert ann.decision(0).status == "accepted"
    ann.edit(0, "Mine.")
    assert opened(ann).merge(ben) == (0,)


def do(review, doing, index):
    """Carry one doing out."""
    {"accept": review.accept, "raw": review.keep_raw, "edit": lambda i: review.edit(i, f"By {review._log.author}."),
     "comment": lambda i: review.comment(i, "Why?"), "undo": lambda _: review.undo()}[doing](index)


@PROPERTY
@given(st.lists(st.tuples(st.booleans(), st.sampled_from("accept raw edit comment undo".split()), st.integers(0, 4)), max_size=10))
def test_merging_loses_nothing(doings):
    reviews = Review(sample(), author="Ann"), Review(sample(), author="Ben")
    for mine, doing, index in doings:
        do(reviews[mine], doing, index)
    ann, ben = reviews
    disputed = ann.merge(ben)
    made = ann.decisions
    for row in ben.decisions:
        assert not row.stands or any((r.at, r.by, r.did, r.chunk, r.text) == (row.at, row.by, row.did, row.chunk, row.text)
                                     for r in made)
    for index in range(5):
        versions = ann.decision(index).versions
        assert (index in disputed) == bool(versions)
        if not versions and ben.decision(index).status != "open":
            assert ann.decision(index).status == ben.decision(index).status
    assert ann.merge(ben) == ()
    assert ann.decisions == made


def test_the_command_takes_in_a_colleagues_copy(copies, capsys):
    ann, ben = copies
    ann.edit(3, HOSTILE)
    ben.keep_raw(3)
    ben.comment(5, HOSTILE)
    assert main(["merge", str(ann.run.path), str(ben.run.path)]) == 0
    out, err = capsys.readouterr()
    assert "2 decisions taken in, 1 chunk decided differently" in err
    assert "chunk 4 was decided differently by Ann (edited) and Ben (raw)" in out
    assert "\x1b" not in out
    page = report_html(opened(ann))
    assert "<script>window" not in page
    other = ben.run.path.with_name("other.podprep")
    Run.start(SAMPLE / "sample.pdf", other, cleaner="tidy", pages="3").go()
    before = ann.run.path.read_bytes()
    assert main(["merge", str(ann.run.path), str(other), str(ben.run.path.with_name("none.podprep"))]) == 1
    assert ann.run.path.read_bytes() == before


def test_a_review_of_another_pdf_is_not_merged(review):
    with pytest.raises(ReviewError, match="another PDF"):
        review.merge(Review(sample()))


@pytest.mark.parametrize("junk", [
    {"do": "strike"}, {"do": "strike", "span": [9, 3]}, {"do": "strike", "span": [-10**9, 10**9]}, {"do": "kind", "span": [0, 9]},
    {"do": "kind", "span": [0, 9], "kind": HOSTILE}, {"do": "comment"}, {"do": "comment", "text": 3}, {"do": "conflict"},
    {"do": "conflict", "versions": [{"by": "x"}]}, {"do": "conflict", "versions": [{"by": HOSTILE, "status": HOSTILE, "text": HOSTILE}] * 2},
])
def test_entries_from_a_stranger_do_no_harm(junk):
    review = Review(sample())
    review._write(review._chart.entry(junk.pop("do"), [0], **({"by": [], "at": {}} | junk)))
    assert "<script>window" not in report_html(review)
    assert isinstance(review.text, str)
    assert isinstance(str(review.summary), str)
    assert review.decisions is not None
    assert "".join(part for c in review.result.chunks for part, _ in c.segments()) == sample().document.text
