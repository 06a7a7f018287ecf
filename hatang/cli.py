"""The command `hatang`: puts the commands together and turns errors into one line and a code."""

from __future__ import annotations

import sys

import typer

from collectors.snmp.simulator.scenario import ScenarioError
from collectors.snmp.simulator.server import SimulatorError
from collectors.snmp.simulator.snmprec import RecordingError
from config.errors import ConfigError
from hatang.commands import (
    discovery,
    forms,
    identify,
    indicators,
    look,
    people,
    plan,
    profiles,
    record,
    report,
    run,
    settings,
    sheets,
    show,
    store,
    whatif,
)
from hatang.commands.options import Exit
from hatang.listening import ListenError
from inventory.store.errors import StoreError

app = typer.Typer(
    name="hatang",
    help="IT inventory, monitoring and readiness of commune governments.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for group in (
    run,
    settings,
    people,
    look,
    identify,
    indicators,
    record,
    discovery,
    show,
    sheets,
    forms,
    report,
    store,
    whatif,
    plan,
    profiles,
):
    group.add_to(app)


def main() -> None:
    """Run the command line; never returns. Exit codes: hatang.commands.options.Exit."""
    try:
        app()
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
