"""Choose a PDF in a notebook by its path or by uploading it, and edit the prompt.

The chooser only finds the file and checks that it can be opened and that its first pages hold text;
reading it whole is in `reading`.
Without a front end, as in tests and batch runs, it stays at its default. Needs ipywidgets.
"""

import html
import re
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import ipywidgets

from .document import Metadata
from .errors import PdfError
from .model import Prompt, load_prompt
from .reading import read_metadata, read_pdf, require_text

_FIRST_PAGES = 10  # a document without text on these is a scan; looking further would make the reader wait
_LONGEST_NAME = 60  # characters, so that the name fits any file system in any script


class PdfChooser(ipywidgets.VBox):
    """A path field and an upload button; `path` is the PDF to use.

    A choice that cannot be opened is told in one line below the field, and `path` stays as it was.
    """

    def __init__(self, default: str | Path) -> None:
        """Offer `default` until the user chooses something else."""
        self._path = Path(default)
        self._uploads = tempfile.TemporaryDirectory(prefix="podprep-")
        self._field = ipywidgets.Text(str(default), description="PDF", continuous_update=False)
        self._upload = ipywidgets.FileUpload(accept=".pdf", multiple=False, description="Upload a PDF")
        self._message = ipywidgets.HTML()
        super().__init__([ipywidgets.HBox([self._field, self._upload]), self._message])
        self._field.observe(self._on_typed, "value")
        self._upload.observe(self._on_uploaded, "value")
        self._choose(self._path, str(default))

    @property
    def path(self) -> Path:
        """The PDF to use: the last choice that could be opened, or else the default."""
        return self._path

    @property
    def message(self) -> str:
        """What the line below the field says: title and pages, or why the choice was refused."""
        return html.unescape(self._message.value)

    def __repr__(self) -> str:
        """One line, for front ends that show no widgets."""
        return f"{self._path.name}: {self.message}"

    def _on_typed(self, change: dict[str, Any]) -> None:
        typed = change["new"].strip()
        if typed:
            self._choose(Path(typed).expanduser(), typed)

    def _on_uploaded(self, change: dict[str, Any]) -> None:
        for file in change["new"]:
            folder = tempfile.mkdtemp(dir=self._uploads.name)
            path = Path(folder) / safe_name(file["name"])
            path.write_bytes(file["content"])
            if self._choose(path, path.name):
                self._field.value = ""

    def _choose(self, path: Path, shown: str) -> bool:
        """Take a path if it can be opened, and say so, or say why not; `shown` is what to call it."""
        try:
            metadata = _metadata_if_readable(path)
        except PdfError as error:
            self._say(str(error).replace(str(path), shown))
            return False
        self._path = path
        pages = f"{metadata.pages} page" + "s" * (metadata.pages != 1)
        self._say(f"{metadata.title or path.name}, {pages}")
        return True

    def _say(self, message: str) -> None:
        self._message.value = html.escape(message)


class PromptEditor(ipywidgets.VBox):
    """The instructions in a field to change; `prompt` is what stands there, its worked examples kept.

    Args:
        prompt: what to begin with; podprep's own prompt by default.
    """

    def __init__(self, prompt: Prompt | None = None) -> None:
        self._start = prompt or load_prompt()
        self._field = ipywidgets.Textarea(self._start.system, layout=ipywidgets.Layout(width="60em", height="9em"))
        self._examples = ipywidgets.Checkbox(bool(self._start.examples), description="show worked examples")
        self._reset = ipywidgets.Button(description="Start over")
        self._reset.on_click(lambda _: self._field.set_trait("value", self._start.system))
        super().__init__([self._field, ipywidgets.HBox([self._examples, self._reset])])

    @property
    def prompt(self) -> Prompt:
        """The prompt as it stands; a changed one is called by the first one's name and "edited"."""
        examples = self._start.examples if self._examples.value else ()
        system = self._field.value.strip() or self._start.system
        prompt = Prompt(self._start.name, system, examples)
        return prompt if prompt.hash == self._start.hash else replace(prompt, name=f"{self._start.name}, edited")

    def __repr__(self) -> str:
        """One line, for front ends that show no widgets."""
        return f"prompt {self.prompt.name} {self.prompt.hash}"


def _metadata_if_readable(path: Path) -> Metadata:
    """The metadata of a PDF whose first pages hold text; raises `PdfError` for any other file."""
    metadata = read_metadata(path)
    require_text(read_pdf(path, pages=range(1, min(metadata.pages, _FIRST_PAGES) + 1)))
    return metadata


def safe_name(name: str) -> str:
    """A file name that names no folder, is not hidden and ends in .pdf, whatever the browser sent."""
    stem = re.split(r"[/\\]", name)[-1]
    stem = re.sub(r"\.pdf$", "", stem, flags=re.IGNORECASE)
    stem = re.sub(r"[^\w .()-]", "_", stem).strip(" .")[:_LONGEST_NAME]
    return f"{stem or 'upload'}.pdf"
