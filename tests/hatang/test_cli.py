"""The command line is put together from the command that is asked for, or from all of them."""

import subprocess
import sys

import pytest
import typer

from hatang.cli import HOMES, application


def commands(app):
    return set(typer.main.get_command(app).commands)


def test_every_command_has_a_home_and_every_home_a_command():
    assert commands(application()) == HOMES.keys()


@pytest.mark.parametrize("name", HOMES)
def test_a_command_that_is_loaded_alone_is_whole(name):
    whole = typer.main.get_command(application()).commands[name]
    alone = typer.main.get_command(application(name)).commands[name]
    assert getattr(alone, "commands", {}).keys() == getattr(whole, "commands", {}).keys()
    assert alone.help == whole.help


def test_a_word_that_is_no_command_meets_all_of_them():
    assert commands(application("no-such")) == commands(application("--help")) == HOMES.keys()


def test_a_command_without_pages_loads_none():
    heavy = ("fastapi", "uvicorn", "highspy", "pysnmp")
    code = "import sys; from hatang.cli import application; application('version')"
    code += f"; sys.exit(any(name in sys.modules for name in {heavy}))"
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == 0
