"""What is said otherwise than it is written, as a section of the report.

Finding that is the work of `handover`, taking it back that of `review`.
"""

import html
from collections.abc import Iterator, Sequence

from ..cleaned import Cleaned
from ..handover import NOT_ENGLISH, Repair, chunk_at, chunk_spans, is_english
from .signs import shown

SPEECH_LINK = '<a href="#speech">Said otherwise</a>'
_CONTEXT = 40  # characters on either side


def speech_section(repairs: Sequence[Repair], result: Cleaned) -> Iterator[str]:
    """Yield a table of the repairs, each with its place, what stands around it, and its rule."""
    yield f'<section aria-labelledby="speech"><h2 id="speech">Said otherwise: {len(repairs):,}</h2>'
    text, spans = result.text, chunk_spans(result)
    if not is_english(text):
        yield f"<p>{html.escape(NOT_ENGLISH)}</p>"
    yield ('<details class="chunk"><summary><h3>Repairs for the ear</h3></summary><table class="gone"><thead><tr>'
           "<th>place</th><th>rule</th><th>said</th></tr></thead><tbody>")
    yield from (_row(repair, text, chunk_at(spans, repair.start), result) for repair in repairs)
    yield "</tbody></table></details></section>"


def _row(repair: Repair, text: str, index: int, result: Cleaned) -> str:
    before, after = (html.escape(shown(" ".join(part.split("\n")))) for part in (
        text[max(repair.start - _CONTEXT, 0):repair.start], text[repair.end:repair.end + _CONTEXT]))
    old, new = (html.escape(shown(part)) for part in (repair.old, repair.new))
    page = result.chunks[index].chunk.first_page
    place = f'<a href="#chunk-{index}">page {page}, chunk {index + 1}</a>'
    return (f'<tr><td>{place}</td><td>{html.escape(repair.rule)}</td><td dir="auto">'
            f"… {before}<del>{old}</del><ins>{new}</ins>{after} …</td></tr>")
