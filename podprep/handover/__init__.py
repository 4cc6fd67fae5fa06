"""Hand-over: the clean text as a writer takes it up, with its shape, in the formats that writers and models read.

    places      where in the source the words of a clean text come from
    looks       how its paragraphs are set on their pages
    headings    which paragraphs are headings, and of what level
    front       title, authors and abstract
    manuscript  Manuscript: all of it in one; sections, paragraphs, lists
    numbers     words, minutes to read aloud, tokens
    markdown    Markdown that parsers read as it was meant
    parts       a manuscript in parts that fit a model
    speech      words fit for the ear, each change listed
    formats     the formats by name, and the files they go to

Does not clean, and changes no word but for the ear, which is asked for and listed. Of a cleaned document it sees only
what `Whole` names.
"""

from typing import TYPE_CHECKING

from ..faces import face

if TYPE_CHECKING:
    from .formats import file_names, file_texts, json_of, markdown_of
    from .manuscript import Manuscript, Paragraph, Section, manuscript_of
    from .numbers import Numbers, numbers_of, token_counter
    from .parts import Part, parts_of
    from .places import Whole, chunk_spans, word_places
    from .speech import NOT_ENGLISH, Repair, chunk_at, find_repairs, is_english, repairs_of, spoken

__getattr__, __dir__, __all__ = face(__name__, __file__)
