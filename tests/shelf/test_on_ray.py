"""The same shelf on a real Ray of this machine, with two actors: the same files, and nobody outside is spoken to."""

import json
import shutil
import subprocess
import sys
import time

import psutil
import pytest
from make import SAMPLE, column, prose, write_pdf
from shelving import held, killing

from podprep import OutputError, SettingsError, clean_shelf

pytest.importorskip("ray", reason="the extra podprep[ray] is not installed")


def partners(process):
    """The addresses that a process and those it started are connected to or listen at."""
    found = set()
    for one in [process, *process.children(recursive=True)]:
        try:
            for link in one.net_connections("inet"):
                found |= {link.raddr.ip} if link.raddr else {link.laddr.ip} if link.status == "LISTEN" else set()
        except psutil.Error:
            continue
    return found


def test_on_ray_the_files_are_the_same_whatever_one_document_does(tmp_path, monkeypatch):
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(SAMPLE / "sample.pdf", folder)
    for name, count in (("bad", 10), ("short", 20), ("shorter", 12)):
        write_pdf(folder / f"{name}.pdf", column(*prose(count)))
    (folder / "text.pdf").write_text("no PDF at all")
    fine = [folder / f"{name}.pdf" for name in ("sample", "short", "shorter")]
    assert {row.state for row in clean_shelf(fine, tmp_path / "plain", cleaner="tidy")} == {"done"}
    monkeypatch.syspath_prepend(killing(tmp_path))
    monkeypatch.setenv("PYTHONPATH", ":".join([str(tmp_path), *sys.path]))
    out = tmp_path / "out"
    command = [sys.executable, "-m", "podprep", "clean", str(folder), "-o", str(out), "--cleaner", "tidy", "--jobs", "2",
               "--json", "--ray"]
    work = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    process, seen = psutil.Process(work.pid), set()
    while work.poll() is None:
        seen |= partners(process) if process.is_running() else set()
        time.sleep(0.3)
    said, told = work.communicate()
    assert work.returncode == 3, told
    made = json.loads(said)
    states = {row["name"]: row["state"] for row in made["documents"]}
    assert states == {"sample": "done", "short": "done", "shorter": "done", "bad": "failed", "text": "failed"}
    assert "ended the process that cleaned it 2 times" in next(r["told"] for r in made["documents"] if r["name"] == "bad")
    assert seen <= {"127.0.0.1", "::1", "::ffff:127.0.0.1"}
    from pyarrow import parquet

    table = parquet.read_table(out / "shelf.parquet").to_pylist()
    assert sorted((row["name"], row["words"]) for row in table) == sorted(
        (row["name"], row["words"]) for row in made["documents"])
    (out / "shelf.parquet").unlink()
    assert held(out) == held(tmp_path / "plain")


def test_a_table_of_the_users_own_is_not_replaced(tmp_path):
    import pyarrow
    from pyarrow import parquet

    parquet.write_table(pyarrow.table({"path": [str(SAMPLE / "sample.pdf")]}), tmp_path / "shelf.parquet")
    before = (tmp_path / "shelf.parquet").read_bytes()
    with pytest.raises(OutputError, match=r"shelf\.parquet is not a table of this kind: move it away"):
        list(clean_shelf(tmp_path / "shelf.parquet", tmp_path, ray="local", cleaner="tidy"))
    assert (tmp_path / "shelf.parquet").read_bytes() == before


def test_a_ray_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(SettingsError, match=r"Ray at auto cannot be reached \("):
        list(clean_shelf(SAMPLE / "sample.pdf", tmp_path, ray="auto", cleaner="tidy"))
