"""docs/commands.md, from the commands themselves."""

from __future__ import annotations

import inspect
import itertools
from typing import Any

import typer

from hatang.cli import application
from hatang.commands.options import Exit

_HEAD = """\
# Commands

<!-- Written by `python -m hatang.generate` from hatang/commands/. -->

`hatang COMMAND --help` says the same. Commands that print a table take `--format table|json|csv`.
`--config` (`-c`, or `$HATANG_CONFIG`) names the configuration, by default `hatang.yaml`.
"""


def commands_page() -> str:
    """The page: exit codes, then every command with its arguments and options."""
    group: Any = typer.main.get_command(application())
    parts = [_HEAD, _exit_codes()]
    for name in sorted(group.commands):
        command = group.commands[name]
        parts.append(_command(name, command))
        below = getattr(command, "commands", {})
        parts += [_command(f"{name} {word}", below[word]) for word in sorted(below)]
    return "\n".join(parts)


def _exit_codes() -> str:
    docs = _docstrings_of_members()
    rows = [f"| {code.value} | {docs[code.name]} |" for code in Exit]
    return "\n".join(["## Exit codes\n", "| code | meaning |", "|---|---|", *rows, ""])


def _docstrings_of_members() -> dict[str, str]:
    """Member name -> the text under it, which Python itself does not keep."""
    lines = [line.strip() for line in inspect.getsource(Exit).splitlines()]
    return {
        line.partition(" = ")[0]: following.strip('"')
        for line, following in itertools.pairwise(lines)
        if " = " in line and following.startswith('"""')
    }


def _command(name: str, command: Any) -> str:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option"]
    usage = " ".join(_metavar(a) for a in arguments)
    lines = [f"## hatang {name}\n", f"    hatang {name} {usage}".rstrip() + "\n"]
    lines.append(f"{inspect.cleandoc(command.help or '')}\n")
    rows = [f"| {_names(p)} | {_cell(p.help or '')} | {_default(p)} |" for p in arguments + options]
    if rows:
        lines += ["| argument or option | meaning | default |", "|---|---|---|", *rows, ""]
    return "\n".join(lines)


def _metavar(argument: Any) -> str:
    name: str = argument.name.upper()
    return name if argument.required else f"[{name}]"


def _names(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return f"`{parameter.name.upper()}`"
    return ", ".join(f"`{name}`" for name in parameter.opts)


def _default(parameter: Any) -> str:
    default = parameter.default
    if parameter.required or default in (None, False, ()) or default == []:
        return "required" if parameter.required else "–"
    return f"`{default}`"


def _cell(text: str) -> str:
    return text.replace("|", r"\|")
