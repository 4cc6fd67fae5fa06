"""The probe: boosted trees decide line by line what is prose, and lines that are not go.

    marks       what the words of a line look like, as numbers
    places      where a line stands and how it is set
    sections    which sections have begun before it, by their headings
    context     what stands around it
    features    all of that, and what the rules say, as one table
    trees       boosted trees as plain arrays, and what they make of a table
    scores      the trees over the lines: a score for every line
    titles      the document's title: it always stays, and what stands before it goes
    statements  the statements that close an article: they stay; keywords, which go
    headings    headings among the lines that stay: kept whole, and alike
    outline     headings that count sections: they stay
    pieces      fractions and indices stay with their row
    doubt       whether the probe is lost in a document
    cleaner     the probe as a cleaner: lines below zero go, each one listed

Needs no language model. Does not generate a word, train itself (`training/` does) or decide inside a line, which
`rules` do.
"""

from typing import TYPE_CHECKING

from ..faces import face

if TYPE_CHECKING:
    from .cleaner import Scorer, clean_with_probe, probe_chunks, read_with_probe, whole
    from .features import Features, chosen, line_features
    from .marks import CJK, Array
    from .scores import WEIGHTS, Probe, mean_scores
    from .trees import Forest

__getattr__, __dir__, __all__ = face(__name__, __file__)
