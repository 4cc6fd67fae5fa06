"""The `tidy` cleaner: repairs and removals by rule, without a model.

Repairs (hyphens, ligatures, lines, paragraphs) are in `paragraphs`, removals of whole lines in
`furniture`, of citations and addresses in `inline`. Here they are put in order. Rules know places
and patterns, not meaning: body-size tables stay, and prose set in small print may go.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..chunks import DEFAULT_SIZE, Chunk, chunk_document
from ..cleaned import Cleaned, CleanedChunk, removals_by_chunk
from ..document import Document, Line, Page
from ..fidelity import measure
from ..spans import Removal, merge_removals
from .formulas import as_whole, is_listing
from .furniture import find_asides, find_furniture, find_small_print
from .holes import with_holes
from .inline import find_inline, raised_citations
from .layout import measure_layout
from .paragraphs import assemble, text_and_gap, words_by_chunk
from .repairs import vocabulary_of
from .words import Word, join_words


def tidy_document(document: Document, size: int = DEFAULT_SIZE) -> Cleaned:
    """Clean a document by rule.

    Args:
        document: the document as read.
        size: chunk size in characters of raw text, for review.
    """
    chunks = chunk_document(document, size)
    return Cleaned(document, "tidy", {"size": str(size)}, tuple(tidy_chunks(document, chunks)))


def tidy_chunks(document: Document, chunks: Sequence[Chunk]) -> Iterator[CleanedChunk]:
    """Yield each of the document's chunks as the rules clean it."""
    yield from chunks_without(document, find_removals(document), chunks)


def tidy_text(text: str) -> str:
    """Clean a string by the rules that need no page layout: closed-up words, citations, addresses."""
    lines = tuple(Line(line.rstrip(), 1) for line in text.splitlines() if line.strip())
    document = Document.from_pages([Page(1, 0.0, 0.0, lines)])
    removals = find_removals(document)
    return join_words(with_holes(document, assemble(document, removals), removals))


def chunks_without(document: Document, removals: Sequence[Removal], chunks: Sequence[Chunk]) -> Iterator[CleanedChunk]:
    """Yield chunks without what the removals (sorted, disjoint) cover, repaired and measured."""
    layout, vocabulary, unseen = measure_layout(document, removals), vocabulary_of(document), find_unseen(document)
    made = with_holes(document, assemble(document, removals, layout, vocabulary), removals)
    kept = words_by_chunk(chunks, made)
    seen = measure_layout(document, unseen, layout)
    sources = words_by_chunk(chunks, assemble(document, unseen, seen, vocabulary))
    for chunk, mine, gone, source in zip(chunks, kept, removals_by_chunk(chunks, removals), sources):
        text, gap = text_and_gap(mine)
        yield CleanedChunk(chunk, text, gap, tuple(gone), measure(join_words(source), text))


def source_words(document: Document) -> list[Word]:
    """All words a reader of the page sees, closed up at line ends: what cleaned text is measured against.

    Superscript citation numbers are left out, since glued to a word ("rats12") they would spoil it.
    """
    return assemble(document, find_unseen(document))


def find_unseen(document: Document) -> list[Removal]:
    """What no reader of the page reads as words, sorted and disjoint: text hidden or covered, line numbers, raised
    citations.
    """
    return merge_removals([*find_asides(document), *raised_citations(document)])


def visible(document: Document) -> Document:
    """The document without the lines that are no part of what its pages say."""
    pages, beside = (
        tuple(replace(p, lines=tuple(line for line in p.lines if not line.aside)) for p in read)
        for read in (document.pages, document.beside)
    )
    return replace(document, pages=pages, beside=beside)


def find_removals(document: Document) -> list[Removal]:
    """Everything the rules remove, sorted and disjoint; citations go last, in the lines that stay."""
    layout, furniture = find_furniture(document)
    listings = {start for line, start in zip(document.lines, document.line_starts) if is_listing(line)}
    furniture = [removal for removal in furniture if removal.kind != "formula" or removal.start not in listings]
    lines = merge_removals([*find_asides(document), *furniture, *find_small_print(document, layout)])
    lines = as_whole(lines, document)
    return merge_removals([*lines, *find_inline(document, lines)])
