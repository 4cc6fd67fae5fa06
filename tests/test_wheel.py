"""What a stranger installs: the sdist and the wheel are built, looked into, installed apart from the sources, and run."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import podprep

ROOT = Path(__file__).parents[1]
SOURCES = ("pyproject.toml", "MANIFEST.in", "README.md", "LICENSE", "CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md",
           "SECURITY.md", "Makefile", "constraints.txt", "environment.yml")
FOLDERS = ("podprep", "docs", "notebooks/sample")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "out", ".ipynb_checkpoints")
MODULES = {str(path.relative_to(ROOT)) for path in (ROOT / "podprep").rglob("*.py")}
CARRIED = {"podprep/py.typed", "podprep/probe/probe.npz", "podprep/probe/PROBE.md",
           "podprep/handover/schema.json", "podprep/handover/speech_en.toml", "podprep/model/podcast-cleanup.toml",
           "podprep/review/panel.js", "podprep/review/panel.css"}
BUILD = "from setuptools import build_meta as b; b.build_sdist('dist'); b.build_wheel('dist')"


@pytest.fixture(scope="module")
def dist(tmp_path_factory):
    """A folder with the sdist and the wheel, built from a copy of the sources with the installed setuptools."""
    pytest.importorskip("setuptools", minversion="77")
    folder = tmp_path_factory.mktemp("build")
    for name in SOURCES:
        shutil.copy(ROOT / name, folder)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=LEFT_OUT)
    subprocess.run([sys.executable, "-c", BUILD], cwd=folder, check=True, capture_output=True)
    return folder / "dist"


@pytest.fixture(scope="module")
def installed(dist, tmp_path_factory):
    """The wheel unpacked by pip into an empty folder, without a look at any index."""
    folder = tmp_path_factory.mktemp("installed")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", folder]
    subprocess.run([*command, next(dist.glob("*.whl"))], check=True, capture_output=True)
    return folder


def run(installed, *arguments):
    """Run Python where the installed wheel, and not the sources, is what can be imported."""
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    return subprocess.run(
        [sys.executable, *map(str, arguments)], cwd=installed, env=environment, capture_output=True, text=True
    )


def test_the_wheel_carries_all_modules_the_probe_and_the_mark_of_types(dist):
    with zipfile.ZipFile(next(dist.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    info = {name for name in names if ".dist-info/" in name}
    assert names - info == MODULES | CARRIED
    assert any(name.endswith("/licenses/LICENSE") for name in info)


def test_the_sdist_carries_what_the_wheel_is_made_of_and_what_people_read(dist):
    with tarfile.open(next(dist.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    pages = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md")}
    assert MODULES | CARRIED | {*SOURCES} | pages | {"notebooks/sample/sample.pdf"} <= names


def test_the_probes_weights_are_the_same_in_the_wheel(installed):
    assert (installed / "podprep/probe/probe.npz").read_bytes() == (ROOT / "podprep/probe/probe.npz").read_bytes()


def test_the_installed_package_says_its_version(installed):
    where = run(installed, "-c", "import podprep; print(podprep.__file__)")
    assert Path(where.stdout.strip()).parent == installed / "podprep"
    assert run(installed, "-m", "podprep", "--version").stdout == f"podprep {podprep.__version__}\n"


def test_the_installed_package_cleans_the_sample_and_writes_it_where_it_is_told(installed, tmp_path):
    sample = ROOT / "notebooks" / "sample" / "sample.pdf"
    done = run(installed, "-m", "podprep", "clean", sample, "--cleaner", "tidy", "-o", tmp_path / "clean.txt")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "clean.txt").read_text("utf-8").startswith("The Page and the Ear")


def test_an_error_is_one_sentence_and_status_1(installed):
    done = run(installed, "-m", "podprep", "info", "missing.pdf")
    assert done.returncode == 1
    assert done.stderr.strip() == "podprep: missing.pdf does not exist: check the path."
