"""What stands around a line, as numbers: measures of the lines before and after, of its block, style, page, section.

How a line looks by itself is in `marks` and `places`.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .marks import Array
from .places import Places

SHIFTED = (
    "size bold width gap indent short gap_up repeated body main_font mono row heading_like characters letters digits "
    "capitals common_share familiar capitalised punctuation words word_length ends_stop starts_lower starts_upper "
    "ends_hyphen tokens p_caption p_initials p_year p_volume_pages p_affiliation p_numeric_citation p_math p_code "
    "p_bullet p_end_number p_entry_number log_characters rule_reference rule_caption rule_running_head rule_any "
    "frame_table frame_rules"
).split()
AVERAGED = (
    "width gap full common_share digits p_year p_initials p_volume_pages p_entry_number p_code p_end_number echo_later "
    "row ends_stop p_math mono rule_reference rule_any body small capitalised words characters p_dot_leader "
    "p_caption bold frame_table frame_rules frame_box"
).split()
_STYLE = (
    "common_share digits full width words p_initials p_year ends_stop starts_lower p_caption repeated rule_any "
    "rule_reference rule_caption p_math p_code row p_bullet frame_table frame_box"
).split()
_BLOCK = (
    "width gap full common_share digits p_initials p_year p_math p_code words rule_any ends_stop row capitalised "
    "frame_table frame_rules"
).split()
_OPENING = (
    "p_caption p_caption_word p_entry_number p_label p_keywords p_numbered_heading starts_digit starts_upper gap_up "
    "bold rule_front_matter rule_footnote starts_raised p_bullet"
).split()
_REACH = 3  # lines before and after whose measures a line sees
_WINDOWS = (5, 20)  # lines before and after whose means it sees
Table = dict[str, Array]


def mean_of(column: Array, groups: NDArray[np.int64], weights: NDArray[np.float64]) -> Array:
    """A column's mean over groups of lines, by weight, one entry a line."""
    sums, total = np.bincount(groups, column * weights), np.bincount(groups, weights)
    mean: Array = (sums / np.maximum(total, 1e-6))[groups].astype(np.float32)
    return mean


def window_mean(column: Array, before: int, after: int) -> Array:
    """A column's mean from some lines before to some after each line."""
    sums = np.concatenate([[0.0], np.cumsum(column, dtype=float)])
    at = np.arange(len(column))
    low, high = np.maximum(at - before, 0), np.minimum(at + after + 1, len(column))
    mean: Array = ((sums[high] - sums[low]) / np.maximum(high - low, 1)).astype(np.float32)
    return mean


def shifted(column: Array, by: int, edge: float = 0.0) -> Array:
    """A column as the lines see it that stand `by` lines before those it is of; `edge` beyond the ends."""
    reach = abs(by)
    padded = np.pad(column, reach, constant_values=edge)
    return padded[reach + by:reach + by + len(column)]


def context_columns(table: Table, places: Places) -> Table:
    """All measures of what stands around lines, as columns by name."""
    weights = places.count + 1.0
    found = _neighbours(table)
    for name in AVERAGED:
        found |= {f"{name}@page": mean_of(table[name], places.pages, weights),
                  f"{name}@section": mean_of(table[name], places.sections, weights)}
        for reach in _WINDOWS:
            found[f"{name}@{reach}"] = window_mean(table[name], reach, reach)
    for name in ("common_share", "rule_reference", "p_year"):
        found[f"{name}@after"] = window_mean(table[name], -1, 12)
    found |= {f"{name}@style": mean_of(table[name], places.styles, weights) for name in _STYLE}
    found |= {f"{name}@block": mean_of(table[name], places.blocks, weights) for name in _BLOCK}
    return found | _sizes(table, places, weights) | _document(table, weights)


def _neighbours(table: Table) -> Table:
    reach = (*range(-_REACH, 0), *range(1, _REACH + 1))
    return {f"{name}{by:+d}": shifted(table[name], by) for name in SHIFTED for by in reach}


def _sizes(table: Table, places: Places, weights: NDArray[np.float64]) -> Table:
    """How large a line's block, style and section are, where in them it stands, and how they open."""
    found: dict[str, NDArray[Any]] = {}
    common = table["common_share"] * table["words"]
    for name, groups in (("block", places.blocks), ("style", places.styles), ("section", places.sections)):
        lines, total = np.bincount(groups).astype(float), np.bincount(groups, weights)
        words = np.bincount(groups, common)
        found |= {
            f"{name}_lines": np.log(np.maximum(lines, 1))[groups], f"{name}_part": (total / weights.sum())[groups],
            f"{name}_common": (words / max(words.sum(), 1e-6))[groups], f"{name}_size": np.log1p(words)[groups],
        }
    pages = np.bincount([style for style, _ in {*zip(places.styles.tolist(), places.pages.tolist())}])
    found["style_pages"] = (pages / (places.pages[-1] + 1))[places.styles]
    first = np.searchsorted(places.blocks, places.blocks)
    found["block_place"] = (np.arange(len(first)) - first) / np.bincount(places.blocks)[places.blocks]
    found |= {f"opening_{name}": table[name][first] for name in _OPENING}
    begun = np.searchsorted(places.sections, places.sections)
    found["section_place"] = np.minimum(np.arange(len(begun)) - begun, 60)
    return {name: np.asarray(column, np.float32) for name, column in found.items()}


def _document(table: Table, weights: NDArray[np.float64]) -> Table:
    """Means over the whole document, the same for each line."""
    names = "cjk characters full rule_reference body row mono frame_table frame_box frame_rules".split()
    return {f"{name}@document": np.full(len(weights), np.average(table[name], weights=weights), np.float32)
            for name in names}
