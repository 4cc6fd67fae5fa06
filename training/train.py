"""Train the prose probe from documents with their true text, and cross-validate it, in one command.

    python training/train.py SET [SET ...] --weights podprep/probe/probe.npz --cleaned FOLDER

A SET is a folder that holds ID.pdf, ID.prose.txt and manifest.json with a "family" (publisher, TeX class, typesetter)
for every document. The documents in `training/documents` are always trained on. Cross-validated, every document is
cleaned by trees that never saw its family: FOLDER/SET/ID.txt gets the clean text, for a scorer, and
`training/cross_validation.json` the figures by this script's own count. With --cache FOLDER the PDFs are read once.
The same input on the same machine gives the same weights. Needs `training/requirements.txt`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from examples import Example, read_examples
from fit import FOLDS, SEEDS, Check, Table
from labels import aligned, single_words
from tqdm import tqdm

from podprep.cleaned import Cleaned
from podprep.probe import Array, Features, Probe, clean_with_probe, mean_scores

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Known:
    """Scores that are known already, in place of a probe."""

    known: Array

    def scores(self, features: Features) -> Array:
        """The scores."""
        return self.known


def main() -> int:
    """Cross-validate, then train on everything."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--documents", type=Path, default=HERE / "documents")
    parser.add_argument("--weights", type=Path, help="write the trained weights here")
    parser.add_argument("--cleaned", type=Path, help="write the cross-validated clean texts here")
    parser.add_argument("--figures", type=Path, default=HERE / "cross_validation.json")
    parser.add_argument("--checks", type=Path, default=HERE.parent / "tests" / "probe" / "grown.npz")
    parser.add_argument("--cache", type=Path, help="keep read PDFs here")
    options = parser.parse_args()
    examples = read_examples(options.sets, options.documents, options.cache)
    folds = by_family(examples)
    probe, checks, scores = train(examples, folds, bool(options.weights))
    if options.weights:
        probe.save(options.weights)
        np.savez_compressed(options.checks, **{f"{name}{n}": getattr(check, name) for n, check in enumerate(checks)
                                               for name in ("rows", "scores")})
    figures = report(examples, scores, options.cleaned)
    options.figures.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    return 0


def by_family(examples: list[Example]) -> list[int]:
    """The fold in which each document is held out, with all of its family; folds are of like size."""
    size: Counter[str] = Counter()
    for example in examples:
        size[example.family] += len(example.words)
    load, fold = [0] * FOLDS, {}
    for family, lines in sorted(size.items(), key=lambda item: (-item[1], item[0])):
        fold[family] = load.index(min(load))
        load[fold[family]] += lines
    return [fold[example.family] for example in examples]


def train(examples: list[Example], folds: list[int], finally_all: bool) -> tuple[Probe, list[Check], list[Array]]:
    """A probe grown on all documents, what to check it by, and each document's scores by trees without its family."""
    owner = np.repeat(folds, [len(e.words) for e in examples])
    table = Table(examples[0].features.names, np.vstack([e.features.values for e in examples]),
                  np.concatenate([e.labels for e in examples]), np.concatenate([e.weights for e in examples]))
    found: list[Array] = [np.zeros(0, np.float32)] * len(examples)
    for fold in tqdm(range(FOLDS), "growing"):
        forests = [table.grow(owner != fold, seed)[0] for seed in range(SEEDS)]
        for i, example in enumerate(examples):
            if folds[i] == fold:
                found[i] = mean_scores(forests, example.features)
    grown = [table.grow(owner >= 0, seed) for seed in range(SEEDS)] if finally_all else []
    return Probe(tuple(forest for forest, _ in grown)), [check for _, check in grown], found


def report(examples: list[Example], scores: list[Array], folder: Path | None) -> dict[str, Any]:
    """Clean every document by the scores that it got, write the texts and print the figures; all figures."""
    rows: dict[str, dict[str, Any]] = {}
    for example, known in zip(tqdm(examples, "cleaning"), scores):
        cleaned = clean_with_probe(example.document, probe=Known(known))
        if folder and example.set != "training":
            path = folder / example.set / f"{example.name}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(cleaned.text, "utf-8", "replace")
        rows.setdefault(example.set, {})[example.name] = _figures(example, cleaned)
    return {"sets": {name: _sums(list(found.values())) for name, found in rows.items()}, "documents": rows}


def _figures(example: Example, cleaned: Cleaned) -> dict[str, Any]:
    """Counts of one document."""
    mine, truth = single_words(cleaned.text), example.truth
    hits, opens = len(aligned(truth, mine)), mine[:len(example.title)] == example.title
    lost = _lost_unseen(example, cleaned)
    recall, precision = hits / max(len(truth), 1), hits / max(len(mine), 1)
    f1 = 2 * recall * precision / max(recall + precision, 1e-9)
    return {"truth": len(truth), "cleaned": len(mine), "hits": hits, "recall": round(recall, 4),
            "precision": round(precision, 4), "f1": round(f1, 4), "opens with its title": opens,
            "chunks": len(cleaned.chunks), "flagged": len(cleaned.flagged), "lost unflagged": round(lost, 4),
            "warning": cleaned.warning}


def _lost_unseen(example: Example, cleaned: Cleaned) -> float:
    """Share of the prose that was removed in chunks that raise no flag."""
    shown = [i for i, line in enumerate(cleaned.document.lines) if not line.aside]
    prose = {cleaned.document.line_starts[i]: n for i, n in zip(shown, (example.hits * example.labels).tolist())}
    gone = [r for chunk in cleaned.chunks if chunk.fidelity.verdict == "clean" for r in chunk.removals]
    lost = sum(n for start, n in prose.items() for r in gone if r.start <= start < r.end)
    return float(lost / max(sum(prose.values()), 1))


def _sums(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Figures of a set: over all its words, and the mean and the worst document."""
    hits, truth, mine = (sum(row[name] for row in rows) for name in ("hits", "truth", "cleaned"))
    recall, precision = hits / truth, hits / mine
    return {
        "documents": len(rows), "recall": round(recall, 4), "precision": round(precision, 4),
        "f1": round(2 * recall * precision / (recall + precision), 4),
        "mean f1": round(float(np.mean([row["f1"] for row in rows])), 4), "worst f1": min(row["f1"] for row in rows),
        "open with their title": round(float(np.mean([row["opens with its title"] for row in rows])), 3),
        "flagged": round(sum(row["flagged"] for row in rows) / sum(row["chunks"] for row in rows), 3),
        "most lost unflagged": max(row["lost unflagged"] for row in rows),
    }


if __name__ == "__main__":
    sys.exit(main())
