"""The command `hatang`: puts the commands together and turns errors into one line and a code."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping, Sequence

import typer

from collectors.snmp.simulator.errors import RecordingError, ScenarioError, SimulatorError
from config.errors import ConfigError
from hatang.commands.options import Exit
from hatang.listening import ListenError
from inventory.store.errors import StoreError

HOMES: Mapping[str, Sequence[str]] = {
    "run": ("run",),
    "demo": ("run",),
    "simulate": ("run",),
    "init": ("settings",),
    "check-config": ("settings",),
    "version": ("settings",),
    "user": ("people",),
    "poll": ("look",),
    "identify": ("identify",),
    "indicators": ("indicators",),
    "snmp": ("record",),
    "scan": ("discovery",),
    "inbox": ("discovery",),
    "communes": ("show",),
    "readiness": ("show",),
    "assets": ("show", "sheets", "forms"),
    "report": ("report",),
    "backup": ("store",),
    "restore": ("store",),
    "plan": ("whatif", "plan"),
    "profile": ("profile_use", "profiles"),
}
"""Command -> the modules of hatang.commands that it is made of, in the order of the help."""


def application(asked: str = "") -> typer.Typer:
    """The command line. asked: load this one command, where there is one of that name; all of them
    take longer to load than most take to run."""
    app = typer.Typer(
        name="hatang",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(hatang)
    homes = [HOMES[asked]] if asked in HOMES else HOMES.values()
    for name in dict.fromkeys(module for home in homes for module in home):
        importlib.import_module(f"hatang.commands.{name}").add_to(app)
    return app


def hatang() -> None:
    """IT inventory, monitoring and readiness of commune governments."""


def main() -> None:
    """Run the command line; never returns. Exit codes: hatang.commands.options.Exit."""
    try:
        application(sys.argv[1] if len(sys.argv) > 1 else "")()
    except ConfigError as error:
        _stop(Exit.CONFIG, *error.problems)
    except StoreError as error:
        _stop(Exit.STORE, str(error))
    except (ListenError, SimulatorError, ScenarioError, RecordingError) as error:
        _stop(Exit.FAILED, str(error))
    except BrokenPipeError:  # `hatang assets | head` is no error
        sys.stderr.close()
        sys.exit(Exit.OK)


def _stop(code: Exit, *lines: str) -> None:
    for line in lines:
        print(line, file=sys.stderr)
    sys.exit(code)
