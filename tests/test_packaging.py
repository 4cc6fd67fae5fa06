"""What installs podprep agrees with itself: pyproject.toml, constraints.txt, environment.yml, the licence."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

import podprep

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
ASKED_FOR = "PyPDF2 torch transformers accelerate ipywidgets rich jupyter nbval tqdm".split()


def _key(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def _requirements():
    listed = [*PROJECT["dependencies"], *(r for extra in PROJECT["optional-dependencies"].values() for r in extra)]
    return dict(re.fullmatch(r"([\w-]+)>=([\d.]+)", r).groups() for r in listed if not r.startswith("podprep["))


def _pins(lines):
    return {_key(m[1]): m[2] for m in (re.fullmatch(r"([\w.-]+)==(\S+)", line.strip()) for line in lines) if m}


CONSTRAINTS = _pins((ROOT / "constraints.txt").read_text().splitlines())
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text())
PIP = next(d["pip"] for d in ENVIRONMENT["dependencies"] if isinstance(d, dict))


@pytest.mark.parametrize("name", ASKED_FOR)
def test_every_package_asked_for_is_required(name):
    assert _key(name) in map(_key, _requirements())


@pytest.mark.parametrize(("name", "least"), _requirements().items())
def test_the_tested_version_satisfies_the_requirement(name, least):
    pinned = CONSTRAINTS[_key(name)]
    number = lambda v: [int(n) for n in re.findall(r"\d+", v)]
    assert number(pinned) >= number(least)


def test_the_environment_pins_the_same_versions():
    pins = _pins(PIP)
    assert pins == {_key(name): CONSTRAINTS[_key(name)] for name in _requirements()}


def test_the_environment_uses_the_constraints_and_installs_podprep():
    assert PIP[:2] == ["--constraint constraints.txt", "--editable ."]
    python = next(d for d in ENVIRONMENT["dependencies"] if str(d).startswith("python="))
    assert f">={python.removeprefix('python=')}" in PROJECT["requires-python"]


def test_torch_is_pinned():
    assert CONSTRAINTS["torch"] == "2.13.0"


def test_the_licence_is_mit():
    assert PROJECT["license"] == "MIT"
    assert (ROOT / "LICENSE").read_text().startswith("MIT License")


def test_every_public_name_can_be_had_and_is_documented():
    for name in podprep.__all__:
        thing = getattr(podprep, name)
        assert not callable(thing) or thing.__doc__, name


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'wash'"):
        podprep.wash  # noqa: B018


def test_ci_runs_what_the_guide_names():
    assert "make test" in (ROOT / ".ci" / "run").read_text()


def test_the_guides_map_and_the_faces_are_complete():
    rooms = (ROOT / "docs" / "guide.md").read_text().partition("## The house")[2]
    package = ROOT / "podprep"
    for path in (p for p in package.iterdir() if p.name != "__pycache__"):
        name = f"{path.name}/" if path.is_dir() else path.stem
        assert path.suffix == ".typed" or name.startswith("__") or name == "faces" or f"`{name}`" in rooms, name
    for face in package.glob("*/__init__.py"):
        said = face.read_text()
        assert "Does not " in said, face
        files = {path.stem for path in face.parent.glob("*.py")} - {"__init__"}
        assert set(re.findall(r"^    (\w+)  +\w", said.partition('"""\n\n')[0], re.MULTILINE)) == files, face


def test_the_citation_is_of_this_version_and_by_those_whom_the_licence_names():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert (cited["version"], cited["license"]) == (podprep.__version__, PROJECT["license"])
    assert f"## [{cited['version']}] - {cited['date-released']}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert all(f"(c) 2026 {author['name']}" in (ROOT / "LICENSE").read_text("utf-8") for author in cited["authors"])


def test_the_changelog_has_this_version_and_a_place_for_the_next():
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == "Unreleased"
    assert podprep.__version__ in headings


def test_the_guide_states_the_least_coverage_that_the_tests_demand():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["coverage"]["report"]
    assert f"fails below {settings['fail_under']}%" in (ROOT / "docs" / "guide.md").read_text()


def test_the_declared_python_is_the_tested_one():
    versions = [c.rpartition(" ")[2] for c in PROJECT["classifiers"] if c.startswith("Programming Language :: Python")]
    assert versions == ["3.11", "3.12", "3.13"]
    assert PROJECT["requires-python"] == ">=3.11"
