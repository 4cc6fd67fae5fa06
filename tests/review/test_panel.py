"""The panel without a browser: what its widgets do to the review, and what they show."""

import time
from dataclasses import replace

import pytest

pytest.importorskip("anywidget")

from make import document, sample, tidied

from podprep import PdfError, Review, ReviewError, ReviewPanel, SettingsError, measure, read_pdf, show_page

HOSTILE = "<img src=x onerror=window.hacked=1> </script> \u202eabc\u202c \0 `${x}` =1+1"


def flagged():
    cleaned = sample()
    chunks = list(cleaned.chunks)
    chunks[3] = replace(chunks[3], text="None of it.", fidelity=measure(chunks[3].chunk.text, "None of it."))
    return replace(cleaned, chunks=tuple(chunks))


def ask(panel, do, **more):
    """What the front end sends."""
    panel._on_message(None, {"do": do, **more}, [])


def view(panel):
    return panel.state["chunk"]


def test_flagged_chunks_come_first_and_then_the_next_open_one():
    panel = ReviewPanel(flagged())
    assert (panel.chunk, panel.rows[0]["flag"]) == (3, "look")
    ask(panel, "accept")
    assert panel.review.decision(3).status == "accepted"
    assert panel.chunk == 4


def test_the_words_that_a_flag_names_are_marked_with_the_flag_in_words():
    cleaned = tidied(document("We saw it [1] here. The sky was blue."))
    chunk = cleaned.chunks[0].doubted("names changed: “sky”").doubted("removed, and may be text: [1]").doubted("odd")
    panel = ReviewPanel(replace(cleaned, chunks=(chunk,)))
    assert [(flag["number"], flag["placed"]) for flag in view(panel)["flags"]] == [(1, True), (2, True), (3, False)]
    table = view(panel)["table"]
    assert 'flagged" data-flag="1" role="mark"><small>flag 1 </small>sky</span>' in table
    assert "<small>flag 2, citation, certainty 1.00 </small>[1]</span>" in table


def test_operating_a_removal_restores_it_and_again_removes_it():
    panel = ReviewPanel(tidied(document("We saw it [1] here.")))
    for text in ("We saw it [1] here.\n", "We saw it here.\n"):
        ask(panel, "operate", span=[9, 13])
        assert panel.review.text == text
    ask(panel, "operate", span=[0, 2])
    assert "Nothing is removed" in panel.message


def test_words_are_struck_by_their_row_and_number_and_a_kind_is_changed():
    panel = ReviewPanel(tidied(document("We saw it [1] here. The sky was blue. Then it rained.")))
    assert view(panel)["sentences"] == ["We saw it here.", "The sky was blue.", "Then it rained."]
    ask(panel, "strike", first=[1, 1], last=[2, 0])
    assert panel.review.text == "We saw it here. The it rained.\n"
    assert [(r["kind"], r["words"]) for r in view(panel)["removals"]] == [("citation", "[1]"), ("edit", "sky was blue. Then")]
    ask(panel, "kind", span=view(panel)["removals"][1]["span"], kind="caption")
    assert view(panel)["removals"][1]["kind"] == "caption"
    ask(panel, "strike", first=[9, 0], last=[9, 0])
    assert "No sentence" in panel.message
    ask(panel, "undo")
    ask(panel, "undo")
    assert panel.review.text == panel.review.cleaned.text


def test_words_of_ones_own_are_struck_by_an_edit():
    panel = ReviewPanel(tidied(document("We saw it here.")))
    ask(panel, "edit", text="Unheard of. We saw it here.")
    ask(panel, "strike", first=[0, 0], last=[0, 1])
    assert panel.review.text == "We saw it here.\n"


def test_one_sentence_is_edited_and_the_chunk_stays_in_sight():
    panel = ReviewPanel(sample())
    at, row = panel.chunk, next(i for i, text in enumerate(view(panel)["sentences"]) if text)
    ask(panel, "edit", text="Mine instead.", row=row)
    assert (panel.chunk, view(panel)["status"]) == (at, "edited")
    assert "Mine instead." in panel.review.chunk(at).text
    ask(panel, "edit", text="All of it.")
    assert (panel.chunk, panel.review.chunk(at).text) == (at, "All of it.")


def test_undo_shows_the_chunk_it_is_about():
    panel = ReviewPanel(sample())
    ask(panel, "raw")
    assert (panel.chunk, panel.review.decision(0).status) == (1, "raw")
    ask(panel, "undo")
    assert (panel.chunk, panel.review.progress.decided) == (0, 0)
    ask(panel, "undo")
    assert panel.message == "Nothing to undo."
    ask(panel, "redo")
    assert panel.review.decision(0).status == "raw"


def test_several_chunks_are_decided_at_once_and_the_end_is_told():
    panel = ReviewPanel(flagged())
    ask(panel, "several", how="raw", chunks=[5, 6])
    assert [row["state"] for row in panel.rows if row["index"] in (5, 6)] == ["raw", "raw"]
    ask(panel, "all")
    assert (panel.chunk, panel.state["summary"]) == (3, "")
    ask(panel, "accept")
    assert panel.state["summary"].startswith("All chunks are decided.")
    assert "Flagged chunks decided: 1, of them changed: 0." in panel.state["summary"]


def test_filters_search_and_order_list_what_they_say():
    panel = ReviewPanel(flagged())
    ask(panel, "filter", show="flagged")
    assert panel.listed == [3]
    ask(panel, "filter", show="all", sort="page")
    assert panel.listed == list(range(len(sample().chunks)))
    ask(panel, "filter", sort="kept least")
    assert panel.listed[0] in (3, *(i for i, c in enumerate(sample().chunks) if c.fidelity.kept == 0))
    ask(panel, "filter", kind="citation", sort="flags first")
    assert panel.listed
    assert all(any(r.kind == "citation" for r in sample().chunks[i].removals) for i in panel.listed)
    ask(panel, "filter", search="no chunk says this")
    assert (panel.listed, panel.chunk, panel.rows) == ([], None, [])
    for do in ("accept", "undo", "next"):
        ask(panel, do)
    ask(panel, "comment", text="Hm.")
    assert "No chunk is in sight" in panel.message
    assert panel.review.progress.decided == 0


def test_what_is_written_is_told_beforehand_and_nothing_else_is_replaced(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    panel = ReviewPanel(sample())
    ask(panel, "plan")
    assert [file["name"] for file in panel.state["plan"]["files"]] == ["sample.reviewed.txt", "sample.reviewed.json"]
    ask(panel, "plan", formats=["md", "report", "decisions"], name="mine.txt")
    names = [file["name"] for file in panel.state["plan"]["files"]]
    assert names == ["mine.md", "mine.json", "mine.html", "mine.decisions.csv"]
    (tmp_path / "mine.md").write_text("my own")
    ask(panel, "write")
    assert "is there now" in panel.message
    assert (tmp_path / "mine.md").read_text() == "my own"
    assert [(file["there"], file["ours"]) for file in panel.state["plan"]["files"]][:2] == [(True, False), (False, True)]
    ask(panel, "write")
    assert "Written: mine.md" in panel.message
    assert all((tmp_path / name).exists() for name in names)
    ask(panel, "accept")
    ask(panel, "plan", formats=["md"], name="mine.txt")
    assert all(file["there"] and file["ours"] for file in panel.state["plan"]["files"])
    ask(panel, "plan", formats=["txt"], name="no/where.txt")
    ask(panel, "write")
    assert "folder that does not exist" in panel.message
    ask(panel, "leave")
    assert panel.state["plan"] == {}


def test_what_is_not_planned_or_not_known_is_refused_and_the_panel_goes_on():
    panel = ReviewPanel(sample())
    with pytest.raises(ReviewError, match="call plan first"):
        panel.write()
    for wrong in ({"show": "opn"}, {"sort": "size"}):
        with pytest.raises(SettingsError):
            panel.filter(**wrong)
    assert len(panel.listed) == len(sample().chunks)


def test_two_versions_of_a_chunk_are_shown_and_one_is_taken():
    ann, ben = Review(sample(), author="Ann"), Review(sample(), author="Ben")
    ann.edit(4, "Ann's.")
    ben.edit(4, HOSTILE)
    ann.merge(ben)
    panel = ReviewPanel(ann)
    assert (panel.chunk, view(panel)["verdict"], panel.rows[0]["flag"]) == (4, "disputed", "disputed")
    assert [version["by"] for version in view(panel)["versions"]] == ["Ann", "Ben"]
    ask(panel, "settle", version=0)
    assert ann.chunk(4).text == "Ann's."


def test_a_panel_opens_where_it_was_left(tmp_path):
    first = ReviewPanel(sample(), tmp_path / "d.podprep")
    first.accept_unflagged()
    ask(first, "undo")
    ask(first, "accept")
    again = ReviewPanel(sample(), tmp_path / "d.podprep")
    assert (again.chunk, str(again.review.progress)) == (1, str(first.review.progress))
    assert repr(again) == f"ReviewPanel: {again.review.progress}"


def test_text_of_the_pdf_and_of_people_is_never_markup():
    panel = ReviewPanel(tidied(document(f"{HOSTILE} &lt; </td> [1].")))
    for do in ("comment", "edit"):
        ask(panel, do, text=HOSTILE)
    table = view(panel)["table"]
    assert "<img" not in table
    assert "&lt;img" in table
    assert "⟦RLO⟧" in table
    assert "⟦RLO⟧" in view(panel)["comments"][0]["text"]
    ask(panel, "kind", span=[0, 5], kind=HOSTILE)
    assert "no kind of removal" in panel.message
    ask(panel, "plan", name=HOSTILE.replace("/", ""))
    ask(panel, "plan", name="\0")
    assert "not a possible path" in panel.message


def test_what_is_to_know_of_the_whole_is_told_on_top():
    cleaned = sample()
    lost = replace(cleaned, chunks=tuple(replace(chunk, text="") for chunk in cleaned.chunks))
    assert [ReviewPanel(source).choices["warning"] for source in (cleaned, lost)] == ["", lost.warning]


def sent(panel, number):
    """What the panel answers when a page's picture is asked for."""
    answers = []
    panel.send = lambda content, buffers=None: answers.append((content, buffers))
    ask(panel, "page", number=number)
    while not answers:
        time.sleep(0.05)
    return answers[0]


def test_pages_are_sent_as_pictures_with_their_marks_apart():
    panel = ReviewPanel(sample())
    content, (picture,) = sent(panel, 1)
    assert content == {"page": 1}
    assert picture.startswith(b"\x89PNG")
    assert "was not read" in sent(panel, 99)[0]["error"]
    marks = view(panel)["marks"]
    assert {"lines", "gone"} <= {mark["looks"] for mark in marks}
    assert all(0 <= edge <= 1 for mark in marks for edge in mark["box"])
    assert "error" in sent(ReviewPanel(tidied(document("Words of a document without a file."))), 1)[0]


# The page


def blue(picture):
    """How many pixels belong to bars."""
    return sum(count for count, (red, _, blue) in picture.getcolors(1 << 24) if blue > red + 50)


def test_a_page_view_marks_what_is_kept_and_what_is_removed():
    index, chunk = next((i, c) for i, c in enumerate(sample().chunks) if c.removals)
    marked = show_page(sample(), index).convert("RGB")
    bare = show_page(replace(sample(), chunks=(*sample().chunks[:index], replace(chunk, removals=()))), index)
    assert marked.size == bare.size
    assert marked.tobytes() != bare.convert("RGB").tobytes()
    assert blue(marked) < blue(bare.convert("RGB"))  # no bar beside a line that is gone
    assert show_page(sample(), index, around=10).height < marked.height


def test_restored_removals_are_not_struck():
    review = Review(sample())
    index = next(i for i, c in enumerate(sample().chunks) if c.removals)
    before = show_page(review, index)
    review.keep_raw(index)
    assert show_page(review, index).convert("RGB").tobytes() != before.convert("RGB").tobytes()


def test_a_file_that_changed_or_is_gone_is_refused(tmp_path):
    path = tmp_path / "copy.pdf"
    path.write_bytes(sample().document.path.read_bytes())
    cleaned = tidied(read_pdf(path, pages="1"))
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(PdfError, match="has changed"):
        show_page(cleaned, 0)
    path.unlink()
    with pytest.raises(PdfError, match="does not exist"):
        show_page(cleaned, 0)
    with pytest.raises(ReviewError, match="no chunk 99"):
        show_page(cleaned, 99)
