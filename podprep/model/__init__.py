"""The model: a chat model writes the clean text, and cannot write what it likes.

    loader      load_model: embedded, hub name, folder, GGUF
    prompt      the prompt as data, and how it becomes token ids
    faithful    the copy constraint: what may come next if only the source may be copied
    guides      what is chosen, drafted, and when to stop: free, faithful
    generation  the greedy loop: drafts checked in one pass, prefix cache, side by side
    logits      the copy constraint for model.generate
    answers     what a model is asked, and what it answers
    writers     prompt, guide and loop put together: FreeWriter, FaithfulWriter
    server      a model behind a server: requests within bounds
    served      the same writers over a server
    wire        a faithful task as JSON, for a server that keeps the constraint itself
    advice      what the probe or the rules do to each chunk, as advice and as a stand-in
    cleaner     a model cleans each chunk, under checks

Does not trust what comes out: `fidelity` measures each chunk. Does not sample, and runs no code from a repository.
"""

from typing import TYPE_CHECKING

from ..faces import face

if TYPE_CHECKING:
    from .advice import advise
    from .answers import Generation, Piece
    from .cleaner import PromptSettings, clean_with_prompt, prompt_chunks
    from .faithful import CopyState, SkipCosts, Source, encode_source
    from .generation import Generator, end_tokens, generate
    from .guides import FaithfulGuide, FreeGuide, Guide
    from .loader import LanguageModel, load_model
    from .logits import CopyFollower, CopyProcessor
    from .prompt import Prompt, encode_chunk, encode_prompt, load_prompt
    from .served import ServedFaithfulWriter, ServedFreeWriter, without_marks
    from .server import Server
    from .wire import CopyTask
    from .writers import FaithfulWriter, FreeWriter

__getattr__, __dir__, __all__ = face(__name__, __file__)
