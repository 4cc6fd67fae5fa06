"""The picture of a page as it is read: every block framed and numbered."""

import pytest
from make import SAMPLE, column, prose, write_pdf
from PIL import Image

from podprep import PageRangeError, PdfError, read_pdf, show_lines
from podprep.cli import main

BLUE = (20, 90, 200)


def blue(picture, box):
    """How many pixels of a part of the picture are blue, be it but nearly."""
    part = picture.convert("RGB").crop(tuple(map(int, box)))
    return sum(n for n, pixel in part.getcolors(1 << 20) if max(abs(a - b) for a, b in zip(pixel, BLUE)) < 60)


def test_lines_are_framed_and_blocks_are_numbered(tmp_path):
    path = write_pdf(tmp_path / "page.pdf", [*column(*prose(5)), *column(*prose(5, 9), top=500)])
    document = read_pdf(path)
    picture = show_lines(document, 1, scale=2)
    assert picture.size == (1191, 1684)
    height = document.pages[0].height
    for line in document.lines:
        left, bottom, right, top = (2 * side for side in line.box)
        assert blue(picture, (left - 3, 2 * height - top - 3, right + 3, 2 * height - bottom + 3)) > 2 * (right - left)
    assert blue(picture, (0, 0, 1191, 100)) == blue(picture, (0, 1200, 1191, 1684)) == 0
    for line in (document.lines[0], document.lines[5]):
        left, top = 2 * line.box[0], 2 * (height - line.box[3])
        assert blue(picture, (left - 14, top, left, top + 12)) > 60


def test_what_cannot_be_shown_is_told(tmp_path):
    path = write_pdf(tmp_path / "page.pdf", column(*prose(5)))
    document = read_pdf(path)
    with pytest.raises(PageRangeError, match="Page 2 was not read"):
        show_lines(document, 2)
    write_pdf(path, column(*prose(6)))
    with pytest.raises(PdfError, match="has changed since it was read"):
        show_lines(document, 1)


def test_the_command_draws_a_page_and_replaces_nothing_unasked(tmp_path, capsys):
    picture = tmp_path / "page.png"
    command = ["info", str(SAMPLE / "sample.pdf"), "--pages", "2", "--picture", str(picture)]
    assert main(command) == 0
    assert "picture: " in capsys.readouterr().err
    assert Image.open(picture).format == "PNG"
    picture.write_bytes(b"mine")
    assert main(command) == 1
    assert "exists" in capsys.readouterr().err
    assert picture.read_bytes() == b"mine"
    assert main([*command, "--force"]) == 0
    assert main(["info", str(SAMPLE / "sample.pdf"), "--picture", str(SAMPLE / "sample.pdf"), "--force"]) == 1
