"""Which documents are meant, and that no two of them are called the same."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import PROPERTY, column, write_pdf

from podprep import SettingsError
from podprep.shelf import find_items, is_many


def touch(path, data=b"%PDF-1.4"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return str(path)


def names(*sources, recursive=False):
    return [item.name for item in find_items(sources, recursive)]


def test_files_folders_patterns_and_addresses_are_found_each_once(tmp_path):
    a, b = touch(tmp_path / "a.pdf"), touch(tmp_path / "B.PDF")
    touch(tmp_path / ".hidden.pdf")
    touch(tmp_path / "notes.txt")
    assert names(a, tmp_path, str(tmp_path / "*.pdf"), a) == ["a", "B"]
    assert names(tmp_path) == ["B", "a"]
    assert names("https://example.org/papers/a%20b.pdf?x=1", "http://example.org") == ["a_b", "example.org"]
    assert [item.source for item in find_items([b])] == [b]


def test_a_pattern_means_the_pdfs_among_its_matches(tmp_path):
    touch(tmp_path / "a.pdf")
    touch(tmp_path / "notes.txt")
    touch(tmp_path / "more" / "b.pdf")
    (tmp_path / "none").mkdir()
    assert names(str(tmp_path / "*")) == ["a", "b"]
    assert names(str(tmp_path / "**" / "*.pdf"), recursive=True) == ["a", "b"]
    with pytest.raises(SettingsError, match=r"notes\.\* holds no PDF"):
        names(str(tmp_path / "notes.*"))


def test_names_that_could_be_those_of_anothers_texts_are_told_apart(tmp_path):
    found = names(*(touch(tmp_path / f"{name}.pdf", name.encode())
                    for name in ("x", "x.document", "x.Speech", "x.md", "x.2-of-3", "x.v2", ".md")))
    assert found[0] == "x"
    assert all(re.fullmatch(r".*-[0-9a-f]{8}", name) for name in found[1:5])
    assert found[5:] == ["x.v2", ".md"]


def test_folders_inside_folders_keep_their_place(tmp_path):
    touch(tmp_path / "one" / "paper.pdf")
    touch(tmp_path / "two" / "paper.pdf")
    assert names(tmp_path, recursive=True) == ["one/paper", "two/paper"]
    with pytest.raises(SettingsError, match=r"holds no PDF: .* or add --recursive"):
        names(tmp_path)


def test_documents_of_one_name_are_told_apart_by_what_they_say(tmp_path):
    a, b, c, d = (touch(tmp_path / folder / "paper.pdf", data) for folder, data in zip("abcd", (b"1", b"2", b"2", b"1")))
    first, second = names(a, b)
    assert first == "paper"
    assert second.startswith("paper-")
    assert names(a, c) == [first, second]
    assert names(a, b, c) == [first, second]  # a copy under the same name is the same document
    assert names(b, d)[0] == "paper"
    assert names(touch(tmp_path / "E" / "PAPER.pdf", b"3"), a) == ["PAPER", names(b, a)[1]]


@PROPERTY
@given(st.lists(st.text(max_size=300), max_size=6))
def test_names_are_unlike_one_another_and_stay_inside_the_shelf(parts):
    found = find_items([f"https://example.org/{n}/{part}" for n, part in enumerate(parts)])
    assert len({item.name.casefold() for item in found}) == len(found)
    for item in found:
        assert "/" not in item.name
        assert item.name not in ("", ".", "..")
        assert item.name.isprintable()
        assert len(f"{item.name}-00000000.clean.json-journal".encode()) <= 255


@pytest.mark.parametrize(("source", "told"), [
    ("ftp://example.org/a.pdf", "is no http or https address"), ("file:///etc/passwd", "is no http or https address"),
    ("https://me:secret@example.org/a.pdf", "holds a name or a password"), ("http://[::1/a.pdf", "is no address"),
    ("none/*.pdf", "holds no PDF"), ("", "An empty name means no PDF"),
])
def test_what_is_no_document_is_one_sentence(source, told):
    with pytest.raises(SettingsError, match=told) as caught:
        find_items([source])
    assert "secret" not in str(caught.value)


def test_a_parquet_file_lists_documents(tmp_path):
    pyarrow = pytest.importorskip("pyarrow", reason="the extra podprep[ray] is not installed")
    from pyarrow import parquet

    a, b = touch(tmp_path / "a.pdf"), touch(tmp_path / "b.pdf")
    parquet.write_table(pyarrow.table({"id": [1, 2, 3], "path": [a, b, None]}), tmp_path / "list.parquet")
    assert names(tmp_path / "list.parquet") == ["a", "b"]
    parquet.write_table(pyarrow.table({"id": [1]}), tmp_path / "other.parquet")
    with pytest.raises(SettingsError, match="has none of the columns source, pdf"):
        names(tmp_path / "other.parquet")
    with pytest.raises(SettingsError, match="is no Parquet file that can be read"):
        names(touch(tmp_path / "text.parquet"))


def test_many_are_meant_by_more_than_one_path(tmp_path):
    odd = write_pdf(tmp_path / "a[1].pdf", column("Text."))
    assert not is_many([str(odd)])
    assert not is_many(["missing.pdf"])
    assert all(map(is_many, (["a.pdf", "b.pdf"], [str(tmp_path)], ["*.pdf"], ["http://example.org/a.pdf"])))
