"""Removals never overlap, and what they leave and what they take make up the whole."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import PROPERTY

from podprep import Removal
from podprep.spans import KINDS, kept_spans, merge_removals

REMOVALS = st.lists(
    st.builds(
        lambda start, length, kind: Removal(start, start + length, kind),
        st.integers(0, 60), st.integers(0, 20), st.sampled_from(list(KINDS)),
    )
)


@pytest.mark.parametrize(
    ("given_spans", "merged"),
    [
        ([], []),
        ([(5, 9), (1, 3)], [(1, 3), (5, 9)]),
        ([(1, 5), (3, 8)], [(1, 5), (5, 8)]),
        ([(1, 9), (3, 5)], [(1, 9)]),
        ([(1, 3), (3, 5)], [(1, 3), (3, 5)]),
        ([(4, 4)], []),
    ],
    ids=["none", "sorted", "cut", "inside", "touching", "empty"],
)
def test_merging_worked_examples(given_spans, merged):
    result = merge_removals(Removal(a, b, "citation") for a, b in given_spans)
    assert [(r.start, r.end) for r in result] == merged


def test_the_first_removal_keeps_its_kind_and_score():
    first, second = merge_removals([Removal(3, 8, "caption"), Removal(1, 5, "reference", 0.5)])
    assert (first.kind, first.score) == ("reference", 0.5)
    assert (second.start, second.kind) == (5, "caption")


@PROPERTY
@given(REMOVALS)
def test_merged_removals_are_sorted_disjoint_and_cover_the_same(removals):
    merged = merge_removals(removals)
    assert all(a.end <= b.start for a, b in pairwise(merged))
    assert all(r.start < r.end for r in merged)
    covered = {i for r in merged for i in range(r.start, r.end)}
    assert covered == {i for r in removals for i in range(r.start, r.end)}


@PROPERTY
@given(REMOVALS)
def test_merging_again_changes_nothing(removals):
    merged = merge_removals(removals)
    assert merge_removals(merged) == merged


@pytest.mark.parametrize(
    ("start", "end", "removals", "kept"),
    [
        (0, 10, [], [(0, 10)]),
        (0, 10, [(0, 10)], []),
        (0, 10, [(3, 5)], [(0, 3), (5, 10)]),
        (4, 10, [(0, 2), (3, 5), (9, 20)], [(5, 9)]),
        (5, 5, [], []),
        (0, 4, [(4, 9)], [(0, 4)]),
    ],
)
def test_kept_spans_worked_examples(start, end, removals, kept):
    assert list(kept_spans(start, end, [Removal(a, b, "citation") for a, b in removals])) == kept


@PROPERTY
@given(REMOVALS, st.integers(0, 40), st.integers(1, 50))
def test_kept_and_removed_tile_any_stretch(removals, start, length):
    merged, end = merge_removals(removals), start + length
    gone = [(max(r.start, start), min(r.end, end)) for r in merged if r.start < end and r.end > start]
    parts = sorted([*kept_spans(start, end, merged), *gone])
    assert all(a < b for a, b in parts)
    assert [i for a, b in parts for i in range(a, b)] == list(range(start, end))
