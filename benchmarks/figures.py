"""Tables and plots of the scoreboard, of speed, of sections, of the house, from JSON and code.

    python benchmarks/figures.py

Puts the tables between the marks of README.md, the pages of docs/ and the model card, and writes the plots into docs/.
Measures nothing; that is what the other benchmarks do. Tests check that what
is stored is what this makes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import house
import matplotlib
import sections
import shelf
from matplotlib.figure import Figure

ROOT = Path(__file__).parents[1]
COLUMNS = ("recall", "precision", "f1", "invented", "residue", "paragraphs")
PLOTS = {
    "recall-precision.svg": ("recall", "precision", "linear"),
    "f1-seconds.svg": ("cpu_seconds_per_article", "f1", "log"),
}
FEW = 20  # documents, too few to compare ways by
NAMES = {"f1": "F1", "cpu_seconds_per_article": "CPU seconds an article"}
LEADER: Any = {"arrowstyle": "-", "color": "#bbbbbb", "relpos": (0, 0.5), "shrinkA": 1, "shrinkB": 3}
# Text stays text, and nothing in the file changes from one run to the next.
SVG: Any = {"svg.fonttype": "none", "svg.hashsalt": "podprep", "font.size": 9}


def main() -> int:
    """Write all tables and plots."""
    runs = load_runs()
    for page, name, made in tables(runs):
        put(ROOT / page, name, made)
    for name, axes in PLOTS.items():
        (ROOT / "docs" / name).write_text(plot(runs, *axes), "utf-8")
    return 0


def tables(runs: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Everything that is made to stand between marks: page, name of the marks, text."""
    sets, measured = sets_table(load_sets()), load_shelf()
    return [
        ("README.md", "headline", headline(runs)),
        ("README.md", "sets", sets),
        ("docs/scoreboard.md", "scoreboard", table(runs)),
        ("docs/scoreboard.md", "sets", sets),
        ("docs/scoreboard.md", "cold start", start_table(load_starts())),
        ("docs/cleaners.md", "speed", speed_table(load_speed())),
        ("docs/guide.md", "house", house.table()),
        ("docs/scale.md", "shelf", shelf_table(measured)),
        ("docs/scale.md", "on paper", scale_table(measured)),
        ("docs/server.md", "served", served_table(load_served())),
        ("docs/handover.md", "sections", sections.table(load_sections())),
        ("podprep/probe/PROBE.md", "cross-validation", validation_table(load_validation())),
    ]


def load_sets() -> dict[str, Any]:
    """What `scoreboard` measured, by set."""
    sets: dict[str, Any] = json.loads((Path(__file__).parent / "scoreboard.json").read_text())["sets"]
    return sets


def load_runs(kind: str = "articles") -> list[dict[str, Any]]:
    """The sums of all runs over one set: podprep's cleaners first, then the others, the highest F1 first."""
    runs = [
        {"label": run["label"], "cpu_seconds_per_article": run.get("cpu_seconds_per_article"), **run["overall"],
         "worst": min(row["f1"] for row in run["articles"].values())}
        for run in load_sets()[kind]["runs"].values()
    ]
    return sorted(runs, key=lambda run: (not is_ours(run), -run["f1"]))


def sets_table(sets: Mapping[str, Any]) -> str:
    """F1 over each set, and of its worst document, as Markdown: one line a run that was scored on all of them."""
    runs = {kind: {run["label"]: run for run in load_runs(kind)} for kind in sets}
    heads = [f"{board['documents']} {kind}" for kind, board in sets.items()]
    lines = ["| F1 | " + " | worst | ".join(heads) + " | worst |", "|---|" + "--:|" * (2 * len(heads))]
    for label in next(iter(runs.values())):
        found = [runs[kind].get(label) for kind in sets]
        if all(found):
            cells = " | ".join(f"{run['f1']:.3f} | {run['worst']:.3f}" for run in found if run)
            lines.append(f"| {f'**{label}**' if label.startswith('podprep ') else label} | {cells} |")
    return "\n".join(lines) + "\n"


def load_sections() -> dict[str, dict[str, Any]]:
    """What was found of each document's outline."""
    rows: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "sections.json").read_text())
    return rows


def load_validation() -> dict[str, dict[str, float]]:
    """The figures of each set as the training command cross-validated them."""
    stored: dict[str, Any] = json.loads((ROOT / "training" / "cross_validation.json").read_text())
    return {name: row for name, row in stored["sets"].items() if name != "training"}


def validation_table(sets: Mapping[str, Mapping[str, float]]) -> str:
    """The cross-validated figures as Markdown."""
    names = {"documents": "documents", "recall": "recall", "precision": "precision", "f1": "F1", "mean f1": "mean",
             "worst f1": "worst", "open with their title": "open with their title", "flagged": "chunks flagged",
             "most lost unflagged": "quietly lost"}
    lines = ["| | " + " | ".join(names.values()) + " |", "|---|" + "--:|" * len(names)]
    for kind, row in sets.items():
        shown = (str(row[key]) if key == "documents" else f"{row[key]:.3f}" for key in names)
        lines.append(f"| {kind} | " + " | ".join(shown) + " |")
    return "".join(line + "\n" for line in lines)


def is_ours(run: Mapping[str, Any]) -> bool:
    """Whether a run is one of podprep's own cleaners."""
    return bool(run["label"].startswith("podprep "))


def table(runs: list[dict[str, Any]]) -> str:
    """A Markdown table, one line a run."""
    heads = [NAMES.get(name, name) for name in COLUMNS]
    lines = ["| | " + " | ".join(heads) + " | CPU s an article |", "|---|" + "--:|" * (len(heads) + 1)]
    for run in runs:
        label = f"**{run['label']}**" if is_ours(run) else run["label"]
        figures = [f"{run[name]:.4f}" if name == "invented" else f"{run[name]:.3f}" for name in COLUMNS]
        seconds = run["cpu_seconds_per_article"]
        lines.append(f"| {label} | " + " | ".join(figures) + f" | {'' if seconds is None else f'{seconds:.2f}'} |")
    return "\n".join(lines) + "\n"


def headline(runs: list[dict[str, Any]]) -> str:
    """What the scoreboard says, in three sentences."""
    ours = runs[0]
    others = [run for run in runs if not is_ours(run)]
    raw = next(run for run in others if run["label"].startswith("PyPDF2"))
    return (
        f"On 37 journal articles, word by word against the publishers' own text: **{ours['recall']:.1%}** of the prose "
        f"is kept\nand **{ours['precision']:.1%}** of what comes out is prose, in "
        f"{ours['cpu_seconds_per_article']:.1f} seconds of processor time an article. Of {len(others)} other\n"
        f"tools and ways to use them, the best comes to {others[0]['recall']:.1%} and {others[0]['precision']:.1%}; "
        f"the raw text of PyPDF2 to {raw['recall']:.1%}\nand {raw['precision']:.1%}. "
        "[All figures](docs/scoreboard.md), and what they do not say.\n"
    )


def load_speed() -> dict[str, Any]:
    """What `generation_speed` measured."""
    speed: dict[str, Any] = json.loads((Path(__file__).parent / "generation_speed.json").read_text())
    return speed


def speed_table(speed: Mapping[str, Any]) -> str:
    """A Markdown table, one line a way of writing, and what it was measured on."""
    lines = ["| | seconds a chunk | source tokens a second | passes a chunk | times the reference loop |",
             "|---|--:|--:|--:|--:|"]
    for row in speed["rows"]:
        lines.append(f"| {row['name']} | {row['seconds_a_chunk']:.2f} | {row['source_tokens_a_second']:.0f} "
                     f"| {row['passes_a_chunk']:.0f} | {row['ratio_to_reference']:.1f} |")
    kind = speed["dtype"].removeprefix("torch.")
    about = f"{speed['chunks']} chunks of one paper, {speed['model']}, {kind}, {speed['threads']} threads, one run."
    return "\n".join([*lines, "", about]) + "\n"


def load_starts() -> dict[str, Any]:
    """What `cold_start` measured."""
    starts: dict[str, Any] = json.loads((Path(__file__).parent / "cold_start.json").read_text())
    return starts


def start_table(starts: Mapping[str, Any]) -> str:
    """A Markdown table, one line a command and document, and what it was measured on."""
    lines = ["| whole process | | processor seconds | seconds | peak memory, MiB |", "|---|---|--:|--:|--:|"]
    for row in starts["rows"]:
        pages = starts["pages"].get(row["document"])
        lines.append(f"| {row['name']} | {f'{pages} pages' if pages else ''} | {row['cpu_seconds']:.2f} "
                     f"| {row['wall_seconds']:.2f} | {row['peak_mb']:.0f} |")
    return "\n".join([*lines, "", f"Medians of {starts['runs']} runs in turn on {starts['cores']} cores."]) + "\n"


def load_shelf() -> dict[str, Any]:
    """What `shelf` measured."""
    measured: dict[str, Any] = json.loads((Path(__file__).parent / "shelf.json").read_text())
    return measured


def shelf_table(measured: Mapping[str, Any]) -> str:
    """A Markdown table, one line a way of cleaning a shelf, and what two workers and Ray come to."""
    lines = ["| | start, s | documents a minute | CPU s a document | MiB a worker | MiB in all | done before, s |",
             "|---|--:|--:|--:|--:|--:|--:|"]
    for row in measured["rows"]:
        lines.append(f"| {shelf.NAMES[row['way']]} | {row['start_seconds']:.1f} | {row['a_minute']:.1f} "
                     f"| {row['cpu_seconds']:.2f} | {row['mb_a_worker']:.0f} | {row['mb_in_all']:.0f} "
                     f"| {row['again_seconds']:.2f} |")
    rate = {row["way"]: row["a_minute"] for row in measured["rows"]}
    about = (f"{measured['documents']} documents of {measured['mb_a_pdf']:.1f} MiB on average, {measured['cleaner']}, "
             f"{measured['cores']} cores, each way once. Two jobs are {rate['2 jobs'] / rate['1 job']:.2f} times one, "
             f"two actors {rate['Ray, 2 actors'] / rate['Ray, 1 actor']:.2f} times one;\none actor takes "
             f"{rate['loop'] / rate['Ray, 1 actor']:.2f} times as long as the loop, after the start.")
    if measured["documents"] < FEW:
        about += " So few documents, on a busy machine, tell the order of magnitude at most."
    return "\n".join([*lines, "", about]) + "\n"


def scale_table(measured: Mapping[str, Any]) -> str:
    """What that comes to for many documents, as Markdown."""
    row = next(row for row in measured["rows"] if row["way"] == "2 jobs")
    an_hour = row["a_minute"] * 60 / measured["cores"]  # for each core
    disk = sum(row["mb_of_disk"].values())
    bare = disk - measured["mb_a_pdf"]
    cases = ((1e3, "this machine", measured["cores"]), (1e6, "one of 64 cores", 64), (1e8, "100 of 64 cores", 6400))
    lines = ["| documents | machines | hours | disk | the same with `--no-pdf` | looking through it again, hours |",
             "|--:|---|--:|--:|--:|--:|"]
    for count, machines, cores in cases:
        again = count * row["again_seconds"] * measured["cores"] / cores / 3600
        lines.append(f"| {count:,.0f} | {machines} | {count / an_hour / cores:,.1f} | {size(count * disk)} "
                     f"| {size(count * bare)} | {again:,.1f} |")
    return "\n".join(lines) + "\n"


def size(mb: float) -> str:
    """So many MiB in a unit that is easily read."""
    return f"{mb / 1024:,.1f} GiB" if mb < 2**20 else f"{mb / 2**20:,.1f} TiB"


def load_served() -> dict[str, Any]:
    """What `served` measured."""
    measured: dict[str, Any] = json.loads((Path(__file__).parent / "served.json").read_text())
    return measured


def served_table(measured: Mapping[str, Any]) -> str:
    """A Markdown table, the model here beside the same behind llama.cpp's server, and what was the same."""
    faithful, free = measured["faithful"], measured["free"]
    lines = ["| | source tokens a second | forward passes or requests a chunk | seconds for a chunk in free mode |",
             "|---|--:|--:|--:|"]
    for name, way, passes in (("in this process", "here", faithful["passes_here"]),
                              ("over llama.cpp's server", "served", faithful["requests"])):
        lines.append(f"| {name} | {faithful[f'source_tokens_a_second_{way}']:.0f} | {passes / faithful['chunks']:.0f} "
                     f"| {free[f'seconds_{way}'] / free['chunks']:.1f} |")
    level, verdicts = (one["chunks"] - len(one["differing"]) for one in (faithful, free))
    about = (
        f"Faithful mode: {level} of {faithful['chunks']} chunks of one paper token for token the same, the same words "
        f"of\n{faithful['same_words']}; {faithful['asked_again']} of {faithful['requests']:,} requests asked for more "
        f"of the likeliest tokens.\nFree mode: the same verdict on {verdicts} of {free['chunks']} chunks, the same "
        f"text on {free['same_text']}.\n{measured['model']}, llama.cpp's server out of xllamacpp "
        f"{measured['llama.cpp']} on loopback;\n{measured['when']}."
    )
    return "\n".join([*lines, "", about]) + "\n"


def put(path: Path, name: str, made: str) -> None:
    """Write a table between its marks in a file."""
    path.write_text(with_table(path.read_text("utf-8"), name, made), "utf-8")


def with_table(text: str, name: str, made: str) -> str:
    """A text with the table in place of what stood between its marks."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, _, rest = text.partition(begin)
    return f"{before}{begin}\n{made}{end}{rest.partition(end)[2]}"


def plot(runs: list[dict[str, Any]], x: str, y: str, scale: str) -> str:
    """An SVG of all runs on two axes, their names in a column at the right, joined to their points."""
    points = sorted((run for run in runs if run[x] is not None), key=lambda run: float(run[y]))
    with matplotlib.rc_context(SVG):
        figure = Figure(figsize=(7.2, 3.6), layout="constrained")
        axes = figure.subplots()
        axes.set(xscale=scale, xlabel=NAMES.get(x, x), ylabel=NAMES.get(y, y))
        for run in points:
            ours = is_ours(run)
            axes.plot(run[x], run[y], "o" if ours else "s", color="#1f5fa8" if ours else "#777777", zorder=3)
        heights = spread([run[y] for run in points], 0.055 * (axes.get_ylim()[1] - axes.get_ylim()[0]))
        for run, height in zip(points, heights):
            axes.annotate(
                run["label"], (run[x], run[y]), (1.03, height), textcoords=axes.get_yaxis_transform(), va="center",
                weight="bold" if is_ours(run) else "normal", arrowprops=LEADER,
            )
        axes.grid(color="#e8e8e8")
        axes.xaxis.set_major_formatter("{x:g}")
        return as_svg(figure)


def as_svg(figure: Figure) -> str:
    """The figure as SVG on white, without a date."""
    from io import StringIO

    buffer = StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None}, facecolor="white")
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"


def spread(heights: list[float], gap: float) -> list[float]:
    """Rising heights moved apart to at least a gap, around where they were."""
    placed = list(heights)
    for _ in range(200):
        for i in range(1, len(placed)):
            lack = gap - (placed[i] - placed[i - 1])
            if lack > 1e-9:
                placed[i - 1], placed[i] = placed[i - 1] - lack / 2, placed[i] + lack / 2
    return placed


if __name__ == "__main__":
    sys.exit(main())
