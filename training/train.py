"""Train the prose probe from articles with their publishers' text, or cross-validate it.

    python training/train.py ARTICLES --weights podprep/probe/probe.npz
    python training/train.py ARTICLES --cross-validate FOLDER

ARTICLES holds ID.pdf, ID.prose.txt and manifest.json with a "family" (the publisher) for every
article. The documents of other kinds in `training/documents` are always trained on. The second form
writes FOLDER/ID.txt for every article, cleaned by weights that never saw its family, for a scorer.
The same input on the same machine gives the same weights.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from fit import Array, fit_probe, line_labels
from numpy.typing import NDArray
from tqdm import tqdm

from podprep.document import Document
from podprep.probe import Features, LineReader, Probe, clean_with_probe, line_features
from podprep.reading import read_pdf
from podprep.rules import visible
from podprep.weights import embedded_folder

BLOCKS = 16  # of the model's 30; deeper ones know less about what a line is
DOCUMENT_WEIGHT = 3.0  # of a line in a document of another kind; there are few


@dataclass(frozen=True)
class Example:
    """One document to learn from: its layout features, hidden states, labels and line weights."""

    name: str
    family: str
    document: Document
    features: Features
    states: Array
    labels: NDArray[np.bool_]
    weights: Array


def main() -> int:
    """Train on everything, or on all but one family at a time."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("articles", type=Path)
    parser.add_argument("--documents", type=Path, default=Path(__file__).parent / "documents")
    parser.add_argument("--weights", type=Path, help="write the trained weights here")
    parser.add_argument("--cross-validate", type=Path, metavar="FOLDER", help="write cleaned articles here")
    options = parser.parse_args()
    families = {a["id"]: a["family"] for a in json.loads((options.articles / "manifest.json").read_text())}
    reader = LineReader(embedded_folder(), BLOCKS)
    articles = [read_example(pdf, families[pdf.stem], reader) for pdf in tqdm(sorted(options.articles.glob("*.pdf")))]
    others = [read_example(pdf, "", reader, DOCUMENT_WEIGHT) for pdf in sorted(options.documents.glob("*.pdf"))]
    if options.weights:
        train([*articles, *others]).save(options.weights)
    if options.cross_validate:
        options.cross_validate.mkdir(parents=True, exist_ok=True)
        for family in tqdm(sorted(set(families.values()))):
            probe = train([e for e in [*articles, *others] if e.family != family])
            clean_family([e for e in articles if e.family == family], probe, options.cross_validate)
    return 0


def read_example(pdf: Path, family: str, reader: LineReader, weight: float = 1.0) -> Example:
    """Read one PDF and its true text into features, states and labels."""
    document = read_pdf(pdf)
    seen = visible(document)
    labels, weights = line_labels(seen, pdf.with_suffix(".prose.txt").read_text("utf-8"))
    states = reader.states([line.text for line in seen.lines])
    return Example(pdf.stem, family, document, line_features(seen.pages), states, labels, weights * weight)


def train(examples: list[Example]) -> Probe:
    """Fit a probe on the examples."""
    return fit_probe(
        [e.features for e in examples], [e.states for e in examples], [e.labels for e in examples],
        [e.weights for e in examples], BLOCKS,
    )


def clean_family(examples: list[Example], probe: Probe, folder: Path) -> None:
    """Write the clean text of articles that the probe has not seen."""
    for example in examples:
        cleaned = clean_with_probe(example.document, probe=probe, states=partial(_known_states, example))
        (folder / f"{example.name}.txt").write_text(cleaned.text, "utf-8", "replace")


def _known_states(example: Example, texts: list[str], wanted: NDArray[np.bool_]) -> Array:
    return example.states


if __name__ == "__main__":
    sys.exit(main())
