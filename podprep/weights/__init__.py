"""Weights: the embedded model's files, and what loading any torch model needs.

    embedded  finds, fetches, checks and converts the embedded model, once, into the user's cache
    loading   device and type, quiet while loading, one sentence where it fails

Does not run a model: writing with it is in `model`, which stands on this.
"""

from typing import TYPE_CHECKING

from ..faces import face

if TYPE_CHECKING:
    from .embedded import EMBEDDED, GGUF_SHA256, checked_folder, embedded_folder, embedded_gguf, embedded_places
    from .loading import best_device, best_dtype, damaged, first_line, load_gguf, quiet_transformers

__getattr__, __dir__, __all__ = face(__name__, __file__)
