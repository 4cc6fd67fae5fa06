"""The probe's arithmetic, its weights, and that it asks the model only where layout leaves it unsure."""

import numpy as np
import pytest

from podprep import Page, read_pdf
from podprep.probe import Probe, StageOne, beside, line_features
from podprep.probe.scores import UNSURE, score_lines, with_block


@pytest.fixture(scope="module")
def probe():
    return Probe.load()


def _nothing_read(texts, wanted):
    return np.zeros((len(texts), 576), np.float32)


def test_a_stage_is_a_clipped_linear_function():
    stage = StageOne(np.array([1.0]), np.array([2.0]), np.array([0.5]), -1.0)
    assert stage.scores(np.array([[1.0], [3.0], [1e9]])).tolist() == pytest.approx([-1.0, -0.5, 0.5])


def test_a_line_counts_half_with_its_block():
    mixed = with_block(np.array([4.0, -2.0, 1.0]), np.array([0, 0, 1]), np.array([1.0, 1.0, 1.0]))
    assert mixed.tolist() == pytest.approx([2.5, -0.5, 1.0])


def test_a_line_stands_between_its_neighbours():
    assert beside(np.array([[1.0], [2.0], [3.0]])).tolist() == [[0, 1, 2], [1, 2, 3], [2, 3, 0]]


def test_the_weights_fit_the_features_and_are_small(probe):
    features = line_features(read_pdf("notebooks/sample/sample.pdf").pages)
    assert probe.names == features.names
    assert probe.two.directions.shape[0] == 576
    assert len(probe.two.coefficients) == len(features.names) + 3 * probe.two.directions.shape[1]


def test_weights_survive_a_round_trip(probe, tmp_path):
    probe.save(tmp_path / "w.npz")
    again = Probe.load(tmp_path / "w.npz")
    assert again.names == probe.names
    assert np.array_equal(again.two.directions, probe.two.directions)
    assert again.one.bias == probe.one.bias


def test_pickled_weights_are_refused(probe, tmp_path):
    probe.save(tmp_path / "good.npz")
    with np.load(tmp_path / "good.npz") as arrays:
        np.savez(tmp_path / "bad.npz", **{**arrays, "names": np.array([{"a": 1}], dtype=object)})
    with pytest.raises(ValueError, match="allow_pickle"):
        Probe.load(tmp_path / "bad.npz")


def test_the_model_is_asked_only_for_unsure_lines_and_their_neighbours(probe):
    pages = read_pdf("notebooks/sample/sample.pdf").pages
    asked = []

    def states(texts, wanted):
        asked.append(wanted)
        return _nothing_read(texts, wanted)

    found = score_lines(pages, probe, states)
    wanted = asked[0]
    assert found.asked.any()
    assert not (found.asked & ~wanted).any()
    assert wanted.mean() < 0.5
    assert (np.abs(found.scores[~wanted]) >= UNSURE).all()


def test_of_a_very_long_document_the_model_is_asked_about_the_least_sure_lines_only(probe, monkeypatch):
    monkeypatch.setattr("podprep.probe.scores.MOST_ASKED", 2000)
    page, *_ = read_pdf("notebooks/sample/sample.pdf").pages
    pages = [Page(number, page.width, page.height, page.lines) for number in range(1, 100)]
    asked = score_lines(pages, probe, _nothing_read).asked
    features = line_features(pages)
    texts = [line.text for page in pages for line in page.lines]
    first = with_block(probe.one.scores(features.values), features.blocks,
                       np.array([len(text.split()) + 0.3 for text in texts]))
    left = (np.abs(first) < UNSURE) & ~asked
    assert left.any()
    assert np.abs(first[asked]).max() <= np.abs(first[left]).min()
    letters = sum(len(text) for text, one in zip(texts, asked) if one)
    assert 2000 - max(map(len, texts)) < letters <= 2000


def test_an_empty_page_has_no_scores(probe):
    assert len(score_lines([Page(1, 600, 800, ())], probe, _nothing_read).scores) == 0
