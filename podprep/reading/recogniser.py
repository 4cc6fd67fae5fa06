"""The process that recognises scanned pages for `ocr`: one request a line on standard input, one reply a line out.

Run as `python -m podprep.reading.recogniser`. OCRmyPDF makes a searchable page of a grey picture that podprep drew
itself: it never sees the PDF that came from somewhere.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from .pipes import private_output

_PATIENCE = 600.0  # seconds that Tesseract may take for a page; its own limit is too short on a busy machine


def main() -> int:
    """Answer requests until standard input ends."""
    replies = private_output()
    for line in sys.stdin.buffer:
        replies.write(json.dumps({"failed": _recognise(json.loads(line))}).encode() + b"\n")
        replies.flush()
    return 0


def _recognise(request: dict[str, Any]) -> str:
    """Make a searchable PDF of a picture; why it failed, or ""."""
    import ocrmypdf

    try:
        ocrmypdf.ocr(
            request["picture"], request["pdf"], language=request["languages"], output_type="pdf",
            deskew=True, rotate_pages=request["turn"], optimize=0, jobs=1, progress_bar=False,
            tesseract_timeout=_PATIENCE, tesseract_non_ocr_timeout=_PATIENCE,
        )
    except MemoryError:
        return "memory ran out"
    except Exception as error:  # what Tesseract and the libraries below OCRmyPDF raise has no common name
        return " ".join(f"{type(error).__name__}: {error}".split())[:160]
    return ""


if __name__ == "__main__":
    sys.exit(main())
