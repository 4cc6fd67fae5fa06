"""Rules: repairs and removals that need no model.

    repairs     ligatures, superscripts, words cut at line ends
    layout      body font, columns, margins, leading
    paragraphs  lines joined into paragraphs, headings on their own
    furniture   finds running heads, captions, footnotes, contents, front matter, small print
    lists       finds reference lists, from their heading to where the entries end
    works       what the reference lists name
    inline      finds citations, e-mail addresses, URLs inside lines
    formulas    finds formulas on lines of their own
    words       words with their places, and how they are joined
    holes       marks where a removal leaves a hole in a sentence
    tidy        the rules put in order: a cleaner by itself

Does not ask a model, and does not know meaning: only places, type and patterns. `probe` and `model` stand on it.
"""

from typing import TYPE_CHECKING

from ..faces import face

if TYPE_CHECKING:
    from .furniture import find_asides, find_furniture
    from .formulas import MONO, as_whole, is_fragment, is_listing, is_notation
    from .holes import HOLE
    from .inline import find_inline
    from .layout import Layout, measure_layout
    from .paragraphs import Assembler, assemble, text_and_gap, words_by_chunk
    from .repairs import vocabulary_of
    from .tidy import (
        chunks_without, find_removals, find_unseen, source_words, tidy_chunks, tidy_document, tidy_text, visible,
    )
    from .words import PARAGRAPH, Word, join_words

__getattr__, __dir__, __all__ = face(__name__, __file__)
