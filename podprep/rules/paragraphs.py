"""Put kept text together again: lines joined into paragraphs, headings on their own.

Takes a document and what is removed from it, and gives words with the gap before each: nothing
within a word, a space between words, a blank line between paragraphs. Every word keeps its place
in the document's text. Nothing is dropped here; deciding what goes is the cleaners' work.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ..chunks import Chunk
from ..document import Document, Line
from ..spans import Removal, Span, kept_spans
from .holes import with_holes
from .layout import Layout, line_step, measure_layout
from .repairs import close_hyphen, normalise, readable, vocabulary_of
from .words import PARAGRAPH, Word, join_words

_TERMINAL = re.compile(r"[.!?:;]['\"”’)\]]*$")
_BULLET = re.compile(r"^[•‣◦▪●○■□–—*·►➢✓\uf0b7\uf0a7-]\s+\S")
_NUMBERED_HEADING = re.compile(r"^(\d{1,2}(\.\d{1,2})*\.?|[IVX]{1,5}\.|[A-Z]\.)\s+[A-Z]")
_SECTION_NUMBER = re.compile(r"\d{1,2}(\.\d{1,2})*\.?")
_LONGEST_HEADING = 20  # words
_LABEL = 4  # words of a heading that only its colon shows
_SECTION = re.compile(  # what articles call their parts, in several languages
    r"(?:abstract|summary|background|introduction|objectives?(?:\(s\))?|aims?|purpose|(?:materials? (?:and|&) )?"
    r"methods?|methodology|design|setting|participants|results?|findings|discussion|conclusions?|limitations|"
    r"key ?words|acknowledge?ments?|funding|abbreviations|notes?|(?:electronic )?supplement\w+ \w+|"
    r"authors?[’']? contributions?|conflicts? of interests?|competing interests|ethic\w*(?: \w+){0,4}|"
    r"data availability(?: statement)?|"
    r"zusammenfassung|hintergrund|einleitung|methoden|ergebnisse|schlussfolgerung\w*|résumé|contexte|méthodes|"
    r"résultats|resumen|antecedentes|métodos|resultados|conclusiones|riassunto|metodi|risultati|conclusioni)\W*",
    re.IGNORECASE,
)
_ABSTRACT = re.compile(
    r"(?:abstract|a b s t r a c t|summary|zusammenfassung|résumé|resumen|riassunto)\W*", re.IGNORECASE
)
_NO_SPACE = re.compile(r"[\u3001-\u30ff\u3400-\u9fff\uff01-\uff5e]")  # scripts that put none between words
_CLOSING = ",;:)]"
_SLASH = re.compile(r"\W?[^\W\d_]+/")  # at a line's end, between two words; not of a path or an address
_REST = re.compile(r"\.(?:\s|$)|[-\u2010][^\W\d_]")  # of a sentence or word whose index PDFium set apart
_PIECE = re.compile(r"\S+")


def assemble(
    document: Document, removals: Sequence[Removal], layout: Layout | None = None,
    vocabulary: Counter[str] | None = None, lines: range | None = None,
) -> list[Word]:
    """Join all text that no removal covers into words and paragraphs.

    Args:
        document: the document as read.
        removals: sorted, disjoint spans to leave out.
        layout: the document's measures, if already at hand.
        vocabulary: the document's words, if already at hand.
        lines: indices of the lines to join; all by default.
    """
    layout = layout or measure_layout(document, removals)
    vocabulary = vocabulary_of(document) if vocabulary is None else vocabulary
    words: list[Word] = []
    formulas = [removal.start for removal in removals if removal.kind == "formula"]
    before: tuple[int, str] | None = None
    for index, pieces in _kept_lines(document, removals, lines or range(len(document.lines))):
        text = "".join(w.gap + w.text for w in pieces)
        if before is not None:
            first = pieces[0]
            displayed = bisect_left(formulas, pieces[0].start) > bisect_left(formulas, words[-1].start)
            if _starts_paragraph(document, layout, before, (index, text), displayed):
                pieces[0] = Word(first.text, first.start, first.end, PARAGRAPH)
            elif (closed := close_hyphen(words[-1].text, first.text, vocabulary)) is not None:
                last = words.pop()
                pieces[0] = Word(closed, last.start, first.end, last.gap)
            else:
                unspaced = _NO_SPACE.match(first.text) and _NO_SPACE.match(words[-1].text[-1])
                halves = _SLASH.fullmatch(words[-1].text) and first.text[0].islower()
                joined = unspaced or halves or first.text[0] in f".{_CLOSING}"
                pieces[0] = Word(first.text, first.start, first.end, "" if joined else " ")
        words += pieces
        before = (index, text)
    return _split_run_in_headings(document, words)


class Assembler:
    """Assembles parts of one document as they stand in the whole, whose measures and words are taken once.

    Args:
        document: the document as read.
        removals: sorted, disjoint spans that do not count where its layout is measured.
    """

    def __init__(self, document: Document, removals: Sequence[Removal]) -> None:
        self._document = document
        self._layout, self._vocabulary = measure_layout(document, removals), vocabulary_of(document)

    def all_words(self, removals: Sequence[Removal]) -> list[Word]:
        """All words that the removals leave, with marks where they leave holes."""
        made = assemble(self._document, removals, self._layout, self._vocabulary)
        return with_holes(self._document, made, removals)

    def words(self, chunk: Chunk, removals: Sequence[Removal], start: int, end: int) -> list[Word]:
        """The words that the removals leave of a chunk; what stands from `start` to `end` bears on how they join."""
        lines = range(self._document.line_at(start), self._document.line_at(max(end - 1, start)) + 1)
        made = assemble(self._document, removals, self._layout, self._vocabulary, lines)
        return words_by_chunk([chunk], with_holes(self._document, made, removals))[0]


def _split_run_in_headings(document: Document, words: list[Word]) -> list[Word]:
    """Put a bold or italic heading that opens a paragraph on its own, if it counts a section ("2.1. Animals. The ...")
    or names one that articles have ("Methods: ..."); others are the paragraph's own words.
    """
    starts = [i for i, w in enumerate(words) if w.gap == PARAGRAPH or i == 0]
    for first, end in zip(starts, [*starts[1:], len(words)]):
        after = _run_in_heading(document, words, first, min(end, first + _LONGEST_HEADING))
        if after:
            words[after] = replace(words[after], gap=PARAGRAPH)
    return words


def _run_in_heading(document: Document, words: list[Word], first: int, end: int) -> int:
    """Index of the first word after a run-in heading that opens at `first`, or 0 if there is none."""
    numbered = bool(_SECTION_NUMBER.fullmatch(words[first].text))
    subsection = words[first].text.strip(".").count(".") > 0 and numbered
    at, after = first + numbered, 0
    while at < end and (_is_emphasised(document, words[at]) or (subsection and not after)):
        at += 1
        ends_sentence = words[at - 1].text[-1] in ".:" and len(words[at - 1].text) > 2
        if at < end and ends_sentence and not words[at].text[0].islower():
            after = at
    if not after and not numbered:  # set like the rest, or the type is not told: "Methods:" shows what it is
        at = after = next((i + 1 for i in range(first, min(end, first + _LABEL)) if words[i].text.endswith(":")), 0)
    named = _SECTION.fullmatch(" ".join(word.text for word in words[first:after]))
    return after if at < end and (numbered or named) else 0


def _is_emphasised(document: Document, word: Word) -> bool:
    index = document.line_at(word.start)
    middle = (word.start + min(word.end, document.line_starts[index] + len(document.lines[index].text))) // 2
    middle -= document.line_starts[index]
    return any(start <= middle < end for start, end in document.lines[index].emphasis)


def _kept_lines(document: Document, removals: Sequence[Removal], lines: range) -> Iterator[tuple[int, list[Word]]]:
    """Yield each of the lines that keeps something, as its index and its words."""
    for index in lines:
        line, start = document.lines[index], document.line_starts[index]
        pieces = list(_pieces(readable(line), start, kept_spans(start, start + len(line.text), removals)))
        if pieces:
            yield index, pieces


def _pieces(text: str, offset: int, spans: Iterable[Span]) -> Iterator[Word]:
    """Split the kept spans of one line at white space; `offset` is where the line starts.

    Letters that a cut inside the line leaves side by side are set apart, so that no word is made up.
    """
    gap, last = "", ""
    for start, end in spans:
        if last and not gap and last[-1].isalnum() and text[start - offset].isalnum():
            gap = " "
        part, at = text[start - offset:end - offset], 0
        for match in _PIECE.finditer(part):
            begin, after = match.span()
            piece = normalise(match[0])
            gap, at = " " if begin > at else gap, after
            if not piece.strip():
                gap = " "
                continue
            yield Word(piece, start + begin, start + after, gap)
            gap, last = "", piece
        if at < len(part):
            gap = " "


def _starts_paragraph(
    document: Document, layout: Layout, a: tuple[int, str], b: tuple[int, str], displayed: bool = False
) -> bool:
    """Whether line b opens a paragraph after line a, the kept line before it; a displayed formula between them is no
    reason by itself.
    """
    (i, before), (j, text) = a, b
    line_a, line_b = document.lines[i], document.lines[j]
    ends, lower = bool(_TERMINAL.search(before)), text[:1].islower()
    if _BULLET.match(text) or _ABSTRACT.fullmatch(text) or _ABSTRACT.fullmatch(before):
        return True
    if text[:1] in _CLOSING or _REST.match(text):  # what a removed citation leaves at the start of a line
        return False
    if not line_a.box or not line_b.box:
        return ends and not lower and len(before) < 0.8 * _usual_length(document.lines[max(0, i - 20):i + 20])
    if _beside(line_a, line_b):
        return False
    if _style_changes(line_a, line_b):
        return not lower or ends
    if _one_heading(line_a, line_b, layout):
        return bool(_NUMBERED_HEADING.match(text))
    if lower and not ends:
        return False
    margin_a, margin_b = layout.margins[i], layout.margins[j]
    assert margin_a is not None
    assert margin_b is not None
    size = line_b.size or 10.0
    short = margin_a.right - line_a.box[2]
    indented = 0.6 * size < line_b.box[0] - margin_b.left < 5 * size and abs(line_b.box[0] - line_a.box[0]) > 0.5 * size
    if displayed:
        return indented and not lower
    if (ends and short > 2 * size) or (indented and (ends or not lower)):
        return True
    if not lower and (short > 0.3 * (margin_a.right - margin_a.left) or (_NUMBERED_HEADING.match(text) and ends)):
        return True
    return ends and line_step(line_a, line_b) > 1.45 * layout.leading


def _usual_length(lines: Sequence[Line]) -> int:
    lengths = sorted(len(line.text) for line in lines)
    return lengths[int(0.75 * (len(lengths) - 1))] if lengths else 0


def _beside(a: Line, b: Line) -> bool:
    """Whether line b goes on in the row of line a, as after an index."""
    if a.page != b.page or not a.box or not b.box:
        return False
    size = max(a.size, b.size)
    shared = min(a.box[3], b.box[3]) - max(a.box[1], b.box[1])
    return shared > 0.4 * min(a.size, b.size) and -0.3 * size < b.box[0] - a.box[2] < size


def _style_changes(a: Line, b: Line) -> bool:
    return _slanted(a) != _slanted(b) or a.bold != b.bold or not 0.96 < (a.size or 1.0) / (b.size or 1.0) < 1.04


def _one_heading(a: Line, b: Line, layout: Layout) -> bool:
    """Whether two lines of one size, larger than the body, stand close enough to be one heading."""
    return a.size > 1.3 * layout.body_size and 0 < line_step(a, b) < 1.5 * a.size


def _slanted(line: Line) -> bool:
    """Whether the whole line is set bold or italic, as headings are."""
    return bool(line.emphasis) and sum(e - s for s, e in line.emphasis) > 0.9 * len(line.text)


def words_by_chunk(chunks: Sequence[Chunk], kept: Sequence[Word]) -> list[list[Word]]:
    """Deal assembled words out to the chunks they start in."""
    starts = [word.start for word in kept]
    return [list(kept[bisect_left(starts, c.start):bisect_left(starts, c.end)]) for c in chunks]


def text_and_gap(kept: Sequence[Word]) -> tuple[str, str]:
    """The text of one chunk's words and the gap before it."""
    return join_words(kept), kept[0].gap if kept else ""
