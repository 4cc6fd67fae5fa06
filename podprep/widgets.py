"""Choose a PDF in a notebook by its path or by uploading it, and edit the prompt.

The chooser only finds the file and checks that it can be opened and that its first pages hold text;
reading it whole is in `reading`. Given a folder, it remembers the choice there, for every notebook that names the same.
Without a front end, as in tests and batch runs, it stays at what is remembered or its default. Needs ipywidgets.
"""

import html
import os
import re
import tempfile
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import ipywidgets

from .counts import counted
from .document import Metadata
from .errors import OutputError, PdfError
from .model import Prompt, load_prompt
from .output import write_bytes
from .reading import read_metadata, read_pdf, require_text

CHOICE = "chosen-pdf.txt"
"""The file that holds the path of the PDF that was chosen, and nothing else."""

_FIRST_PAGES = 10  # a document without text on these is a scan; looking further would make the reader wait
_LONGEST_NAME = 60  # characters, so that the name fits any file system in any script


class PdfChooser(ipywidgets.VBox):
    """A path field and an upload button; `path` is the PDF to use.

    A choice that cannot be opened is told in one line below the field, and `path` stays as it was.

    Args:
        default: the PDF to use until another one is chosen.
        folder: where the choice is remembered, in the file `chosen-pdf.txt`, and where uploads are kept; by default
            nothing is remembered, and uploads go when the kernel does.
    """

    def __init__(self, default: str | Path, folder: str | Path | None = None) -> None:
        self._default = self._path = Path(default)
        self._folder = None if folder is None else Path(folder)
        self._uploads = tempfile.TemporaryDirectory(prefix="podprep-")
        self._field = ipywidgets.Text(description="PDF", continuous_update=False)
        self._upload = ipywidgets.FileUpload(accept=".pdf", multiple=False, description="Upload a PDF")
        self._back = ipywidgets.Button(description=f"Back to {self._default.name}")
        self._message = ipywidgets.HTML()
        super().__init__([ipywidgets.HBox([self._field, self._upload, self._back]), self._message])
        self._begin()
        self._field.observe(self._on_typed, "value")
        self._upload.observe(self._on_uploaded, "value")
        self._back.on_click(lambda _: self.forget())

    @property
    def path(self) -> Path:
        """The PDF to use: the last choice that could be opened, or else the default."""
        return self._path

    @property
    def message(self) -> str:
        """What the line below the field says: the file, its title and pages, or why the choice was refused."""
        return html.unescape(self._message.value)

    def forget(self) -> None:
        """Go back to the default, for all who remember the choice in the same folder; an upload that was kept stays.

        Raises:
            OSError: the file of the choice cannot be removed.
        """
        if self._folder:
            (self._folder / CHOICE).unlink(missing_ok=True)
        self._field.value = str(self._default)
        self._choose(self._default, str(self._default))

    def __repr__(self) -> str:
        """One line, for front ends that show no widgets."""
        return self.message

    def _begin(self) -> None:
        """Take up the choice that is remembered, or else the default; what can no longer be opened is told."""
        chosen = self._remembered()
        if chosen and self._choose(chosen, str(chosen)):
            self._field.value = str(chosen)
            self._say(f"{self.message}. Chosen before, as {CHOICE} remembers.")
            return
        missed = f"{self.message} Until another PDF is chosen, it is " if chosen else ""
        self._field.value = str(self._default)
        if self._choose(self._default, str(self._default)):
            self._say(missed + self.message)

    def _on_typed(self, change: dict[str, Any]) -> None:
        typed = change["new"].strip()
        if typed:
            path = Path(typed).expanduser()
            if self._choose(path, typed):
                self._remember(path)

    def _on_uploaded(self, change: dict[str, Any]) -> None:
        for file in change["new"]:
            path = Path(tempfile.mkdtemp(dir=self._uploads.name)) / safe_name(file["name"])
            path.write_bytes(file["content"])
            if self._choose(path, path.name):
                self._field.value = ""
                self._keep(path)

    def _choose(self, path: Path, shown: str) -> bool:
        """Take a path if it can be opened, and say so, or say why not; `shown` is what to call it."""
        try:
            metadata = _metadata_if_readable(path)
        except PdfError as error:
            self._say(str(error).replace(str(path), shown))
            return False
        self._path = path
        self._say(f"{path.name}: {metadata.title + ', ' if metadata.title else ''}{counted(metadata.pages, 'pages')}")
        return True

    def _keep(self, upload: Path) -> None:
        """Put an upload into the folder, under a name that no other file has there, and remember it."""
        if self._folder is None:
            return
        content = upload.read_bytes()
        names = (f"{upload.stem}{f'-{number}' * (number > 1)}.pdf" for number in count(1))
        places = (self._folder / name for name in names)
        place = next(place for place in places if not os.path.lexists(place) or _holds(place, content))
        try:
            self._folder.mkdir(exist_ok=True)
            if not place.exists():
                write_bytes(place, content)
        except (OSError, OutputError) as error:
            self._say(f"{self.message}. It could not be kept: {error}")
            return
        self._path = place
        self._remember(place)

    def _remember(self, path: Path) -> None:
        """Write down what was chosen, so that it can be moved with the folder if it lies there; the default is not."""
        if self._folder is None:
            return
        file, place = self._folder / CHOICE, path.resolve()
        with suppress(ValueError):
            place = place.relative_to(self._folder.resolve())
        try:
            if path.resolve() == self._default.resolve():
                file.unlink(missing_ok=True)
                return
            self._folder.mkdir(exist_ok=True)
            write_bytes(file, os.fsencode(place), force=True)
            self._say(f"{self.message}. Remembered in {CHOICE}.")
        except (OSError, OutputError) as error:
            self._say(f"{self.message}. It could not be remembered: {error}")

    def _remembered(self) -> Path | None:
        """The choice that the folder holds; none where its file cannot be read."""
        if self._folder is None:
            return None
        with suppress(OSError):
            named = os.fsdecode((self._folder / CHOICE).read_bytes()).rstrip("\r\n")
            return self._folder / named if named else None
        return None

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


def _holds(place: Path, content: bytes) -> bool:
    """Whether a regular file holds just these bytes."""
    return place.is_file() and place.stat().st_size == len(content) and place.read_bytes() == content


def safe_name(name: str) -> str:
    """A file name that names no folder, is not hidden and ends in .pdf, whatever the browser sent."""
    stem = re.split(r"[/\\]", name)[-1]
    stem = re.sub(r"\.pdf$", "", stem, flags=re.IGNORECASE)
    stem = re.sub(r"[^\w .()-]", "_", stem).strip(" .")[:_LONGEST_NAME]
    return f"{stem or 'upload'}.pdf"
