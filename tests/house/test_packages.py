"""The house itself: package names that are ours alone, and packages that setup.cfg all names."""

import configparser
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("hatang", "config", "collectors", "inventory", "dashboards")


def _setup():
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    return setup


@pytest.mark.parametrize("room", ROOMS)
def test_no_other_installed_distribution_owns_one_of_our_names(room):
    assert set(packages_distributions().get(room, ["hatang"])) == {"hatang"}


def test_setup_cfg_names_every_package_that_there_is():
    there = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for room in ROOMS
        for path in (ROOT / room).rglob("__init__.py")
    }
    assert set(_setup()["options"]["packages"].split()) == there


def test_every_dependency_has_a_lower_bound():
    options = _setup()
    listed = options["options"]["install_requires"] + options["options.extras_require"]["dev"]
    unbounded = [line for line in listed.split("\n") if line and ">=" not in line]
    assert unbounded == []


def test_the_repository_names_no_path_of_a_machine_and_no_registry():
    words = ("/work" + "/", "deb.debian" + ".org", "pypi" + ".org", "/root" + "/")
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in _tracked()
        for word in words
        if word in path.read_text(encoding="utf-8", errors="ignore")
    ]
    assert found == []


def _tracked():
    skipped = {".git", ".venv", "demo-data", "node_modules"}
    for path in ROOT.rglob("*"):
        parts = path.relative_to(ROOT).parts
        if (
            path.is_file()
            and not skipped & set(parts)
            and not any(
                part.endswith((".egg-info", "_cache")) or part in (".hypothesis", "__pycache__")
                for part in parts
            )
        ):
            yield path
