"""The probe's own trees: they fit the features, are small and cannot run, and give the stored numbers."""

from pathlib import Path

import numpy as np
import pytest

from podprep import Page, read_pdf
from podprep.document import Document
from podprep.probe import WEIGHTS, Probe, chosen, line_features


@pytest.fixture(scope="module")
def probe():
    return Probe.load()


@pytest.fixture(scope="module")
def features():
    return line_features(read_pdf("notebooks/sample/sample.pdf"))


def test_the_trees_fit_the_features_and_are_small(probe, features):
    assert len(probe.forests) > 1
    assert all(set(forest.names) <= set(features.names) for forest in probe.forests)
    assert WEIGHTS.stat().st_size < 1_500_000


def test_the_trees_give_what_they_gave_when_they_were_grown(probe):
    """LightGBM's own scores of some rows, which training stored."""
    with np.load(Path(__file__).with_name("grown.npz")) as grown:
        assert len(grown) == 2 * len(probe.forests)
        for n, forest in enumerate(probe.forests):
            assert np.ptp(grown[f"scores{n}"]) > 1
            assert forest.scores(grown[f"rows{n}"]) == pytest.approx(grown[f"scores{n}"], abs=1e-4)


def test_weights_survive_a_round_trip(probe, features, tmp_path):
    probe.save(tmp_path / "w.npz")
    assert np.array_equal(Probe.load(tmp_path / "w.npz").scores(features), probe.scores(features))


def test_pickled_weights_are_refused(probe, tmp_path):
    probe.save(tmp_path / "good.npz")
    with np.load(tmp_path / "good.npz") as arrays:
        np.savez(tmp_path / "bad.npz", **{**arrays, "0_names": np.array([{"a": 1}], dtype=object)})
    with pytest.raises(ValueError, match="allow_pickle"):
        Probe.load(tmp_path / "bad.npz")


def test_scores_are_the_same_each_time(probe, features):
    assert np.array_equal(probe.scores(features), probe.scores(features))


def test_columns_are_chosen_by_name(features):
    assert np.array_equal(chosen(features, ("size", "left"))[:, 1], features.column("left"))


def test_an_empty_page_has_no_features():
    assert line_features(Document.from_pages([Page(1, 600, 800, ())])) is None
