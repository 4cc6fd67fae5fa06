"""The documents to learn from: read, measured and labelled; read PDFs can be kept in a cache."""

from __future__ import annotations

import hashlib
import json
import pickle
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from labels import line_labels, single_words
from numpy.typing import NDArray
from tqdm import tqdm

import podprep
from podprep.document import Document
from podprep.probe import Features, whole
from podprep.reading import read_pdf

_USUAL = 4000  # words of a document
_SETS = {"documents": 1.5, "training": 2.0}  # what a line of a set counts; there are few


@dataclass(frozen=True)
class Example:
    """One document to learn from.

    Attributes:
        set: name of the set it belongs to.
        name: its own name.
        family: what it has in common with others, and what is held out together.
        document: as it was read.
        features: of its lines that show.
        hits: words of each line that align with the true text.
        words: words of each line, citations left out.
        truth: the true text's words.
        title: words of the title, none where it is not known.
    """

    set: str
    name: str
    family: str
    document: Document
    features: Features
    hits: NDArray[np.int64]
    words: NDArray[np.int64]
    truth: list[str]
    title: list[str]

    @property
    def labels(self) -> NDArray[np.bool_]:
        """Whether each line is prose: over half of its words are."""
        return self.hits > 0.5 * np.maximum(self.words, 1)

    @property
    def weights(self) -> NDArray[np.float64]:
        """What each line counts: its words, in long documents for less, and by the set."""
        weights = np.maximum(self.words, 0.3)
        return np.asarray(weights * np.sqrt(_USUAL / max(weights.sum(), 300)) * _SETS.get(self.set, 1.0))


def read_examples(sets: list[Path], own: Path, cache: Path | None) -> list[Example]:
    """All documents of the sets, and this project's own."""
    found = []
    for folder in sets:
        about = {entry["id"]: entry for entry in json.loads((folder / "manifest.json").read_text("utf-8"))}
        for pdf in sorted(folder.glob("*.pdf")):
            found.append((folder.name, f"{folder.name}: {about[pdf.stem]['family']}", pdf))
    found += [("training", f"training: {pdf.stem}", pdf) for pdf in sorted(own.glob("*.pdf"))]
    return [_example(*one, cache) for one in tqdm(found, "reading")]


def _example(kind: str, family: str, pdf: Path, cache: Path | None) -> Example:
    document = _document(pdf, cache)
    seen, features, _ = whole(document)
    assert features is not None
    prose = pdf.with_suffix(".prose.txt").read_text("utf-8")
    hits, words = line_labels(seen, prose)
    expected = pdf.with_suffix(".expect.json")
    title = json.loads(expected.read_text("utf-8")).get("title") if expected.exists() else prose.split("\n\n")[0]
    truth, heading = single_words(prose), single_words(title or "")
    return Example(kind, pdf.stem, family, document, features, hits, words, truth, heading)


def _document(pdf: Path, cache: Path | None) -> Document:
    """The document as read, from the cache if it was read there by the same code."""
    if cache is None:
        return read_pdf(pdf)
    home = Path(podprep.__file__).parent
    code = b"".join(path.read_bytes() for path in (*sorted((home / "reading").glob("*.py")), home / "document.py"))
    kept = cache / f"{pdf.stem}-{hashlib.sha256(code + pdf.read_bytes()).hexdigest()[:16]}.pickle"
    if kept.exists():
        return pickle.loads(kept.read_bytes())  # type: ignore[no-any-return]
    document = read_pdf(pdf)
    cache.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(pickle.dumps(document))
    return document
