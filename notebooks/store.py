"""Run notebooks and store what they show: real, small, and without what only the run itself knows.

    python notebooks/store.py [NOTEBOOK ...]

Run from a place where no PDF was chosen: what lies in `out` beside the notebooks is part of what they show.
"""

import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

_BAR = re.compile(r"  0%\|\s*\| 0/(\d+) \[.*\]")  # as a bar stands when it is drawn; what moves it later is not stored


def store(path: Path) -> None:
    """Run a notebook from top to bottom, and write it with its outputs."""
    notebook = nbformat.read(path, 4)
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(path.parent)}}).execute()
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "text/plain" in data:
                data["text/plain"] = _BAR.sub(rf"100%|{'█' * 10}| \1/\1", data["text/plain"])
    nbformat.write(notebook, path)
    print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    here = Path(__file__).parent
    for name in sys.argv[1:] or sorted(here.glob("*.ipynb")):
        store(Path(name))
