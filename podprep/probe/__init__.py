"""The probe: the model reads, it does not write, and lines that are not prose go.

    text_features  what the words of a line look like, as numbers
    features       that, and where a line stands among others
    reader         hidden states of lines after the model's first blocks
    scores         the two linear probes: a score for every line
    headings       titles and headings among the lines that stay: kept whole, and alike
    cleaner        the probe as a cleaner: lines below zero go, each one listed

Does not generate a word, train itself (`training/` does) or decide inside a line, which `rules` do.
"""

from typing import TYPE_CHECKING

from ..faces import face

if TYPE_CHECKING:
    from .cleaner import clean_with_probe, embedded_states, probe_chunks, read_with_probe
    from .features import Array, Features, line_features
    from .reader import WINDOW, LineReader
    from .scores import WEIGHTS, Keep, Probe, StageOne, StageTwo, beside, make_anew

__getattr__, __dir__, __all__ = face(__name__, __file__)
