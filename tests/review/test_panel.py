"""The panel without a browser: what its widgets do to the review, and what they show."""

import re
from base64 import b64decode
from dataclasses import replace

import pytest

pytest.importorskip("anywidget")

from make import document, sample, tidied

from podprep import PdfError, Review, ReviewError, ReviewPanel, measure, read_pdf, show_page


def flagged():
    cleaned = sample()
    chunks = list(cleaned.chunks)
    chunks[3] = replace(chunks[3], text="None of it.", fidelity=measure(chunks[3].chunk.text, "None of it."))
    return replace(cleaned, chunks=tuple(chunks))


def press(panel, key):
    """What the front end sends when a key is pressed."""
    panel._on_message(None, {"key": key}, [])


def test_flagged_chunks_come_first_and_then_the_next_open_one():
    panel = ReviewPanel(flagged())
    assert panel.chunk == 3
    press(panel, "a")
    assert panel.review.decision(3).status == "accepted"
    assert panel.chunk == 4


def test_operating_a_removal_restores_it_and_again_removes_it():
    panel = ReviewPanel(tidied(document("We saw it [1] here.")))
    for text in ("We saw it [1] here.\n", "We saw it here.\n"):
        panel._on_message(None, {"span": [9, 13]}, [])
        assert panel.review.text == text
    panel._on_message(None, {"span": [0, 2]}, [])
    assert "Nothing is removed" in panel.message


def test_undo_shows_the_chunk_it_is_about():
    panel = ReviewPanel(sample())
    press(panel, "r")
    assert (panel.chunk, panel.review.decision(0).status) == (1, "raw")
    press(panel, "u")
    assert (panel.chunk, panel.review.progress.decided) == (0, 0)
    press(panel, "u")
    assert panel.message == "Nothing to undo."
    press(panel, "y")
    assert panel.review.decision(0).status == "raw"


def test_an_edit_is_taken_when_saved_and_left_when_cancelled():
    panel = ReviewPanel(sample())
    panel.edit()
    panel._text.value = "Mine."
    press(panel, "n")
    assert panel.review.progress.decided == 0
    press(panel, "p")
    panel.edit()
    panel._text.value = "Mine."
    panel.save_edit()
    assert panel.review.chunk(0).text == "Mine."


def test_filters_and_search_list_what_they_say():
    panel = ReviewPanel(flagged())
    panel._show.value = "flagged"
    assert panel.listed == [3]
    panel._show.value = "all"
    panel._kind.value = "citation"
    assert panel.listed
    assert all(any(r.kind == "citation" for r in sample().chunks[i].removals) for i in panel.listed)
    panel._search.value = "no chunk says this"
    assert (panel.listed, panel.chunk) == ([], None)
    press(panel, "a")
    assert panel.review.progress.decided == 0


def test_a_panel_opens_where_it_was_left(tmp_path):
    first = ReviewPanel(sample(), tmp_path / "d.jsonl")
    first.accept_unflagged()
    press(first, "u")
    press(first, "a")
    again = ReviewPanel(sample(), tmp_path / "d.jsonl")
    assert (again.chunk, str(again.review.progress)) == (1, str(first.review.progress))
    assert repr(again) == f"ReviewPanel: {again.review.progress}"


def test_text_of_the_pdf_is_never_markup():
    panel = ReviewPanel(tidied(document("<script>x</script> &lt; </td> \u202eabc [1].")))
    for html in (panel._table.table, panel._head.value, panel._progress.value):
        assert "<script" not in html
    assert "&lt;script&gt;" in panel._table.table
    assert "⟦RLO⟧" in panel._table.table


def test_what_is_to_know_of_the_whole_is_told_on_top():
    cleaned = sample()
    lost = replace(cleaned, chunks=tuple(replace(chunk, text="") for chunk in cleaned.chunks))
    told = [[child.value for child in ReviewPanel(source).children[1:2] if hasattr(child, "value")]
            for source in (cleaned, lost)]
    assert told == [[], [f"<p><strong>{lost.warning}</strong></p>"]]


def test_the_page_is_shown_on_request_and_a_missing_one_is_told():
    panel = ReviewPanel(sample())
    press(panel, "v")
    page = panel._page.children[0].value
    assert 'alt="page image of Chunk 1, page 1' in page
    assert b64decode(re.search(r"base64,([^\"]+)", page)[1]).startswith(b"\x89PNG")
    press(panel, "v")
    assert panel._page.children == ()
    gone = ReviewPanel(tidied(document("Words of a document without a file.")))
    press(gone, "v")
    assert gone.message


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
