"""Files are written whole or not at all, and never over something without being asked."""

import pytest

from podprep import OutputError
from podprep.output import check_output, write_text


def test_text_is_written_as_utf8_with_plain_line_ends(tmp_path):
    path = write_text(tmp_path / "a.txt", "ﬁn\n字\n")
    assert path.read_bytes() == "ﬁn\n字\n".encode()


def test_lone_surrogates_do_not_stop_the_writing(tmp_path):
    assert write_text(tmp_path / "a.txt", "a\ud800b").read_text() == "a?b"


@pytest.mark.parametrize(("name", "sentence"), [("", "is a folder"), ("none/a.txt", "does not exist: create the folder")])
def test_impossible_places_are_refused(tmp_path, name, sentence):
    with pytest.raises(OutputError, match=sentence):
        check_output(tmp_path / name)


def test_an_existing_file_stays_unless_forced(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("mine")
    with pytest.raises(OutputError, match="replace it with --force"):
        write_text(path, "new")
    assert path.read_text() == "mine"
    assert write_text(path, "new", force=True).read_text() == "new"


def test_a_failed_write_leaves_the_old_file_and_no_scraps(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text("mine")

    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OutputError, match=r"cannot be written \(No space left on device\)"):
        write_text(path, "new", force=True)
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]
    assert path.read_text() == "mine"
