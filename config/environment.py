"""Texts from the environment and secrets from files: the only two ways a secret comes in."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from config.errors import Path_
from config.scalars import EnvText
from config.text_file import FORBIDDEN, UNPRINTABLE

_REFERENCE = re.compile(r"\$\$\{|\$\{([^}]*)(\}?)")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WHOLE_REFERENCE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")
MAX_SECRET_BYTES = 4096

_HOW = "write ${NAME} and set NAME in the environment, or {file: PATH}"


def expand(
    data: Any, env: Mapping[str, str], wrong: Callable[[Path_, str], None], path: Path_ = ()
) -> Any:
    """`data` with ${NAME} replaced in its texts (not its keys); $${ stands for ${ itself.

    Replaced texts are EnvText. What cannot be replaced is told to `wrong` and stays as it is.
    """
    if isinstance(data, dict):
        return {key: expand(value, env, wrong, (*path, key)) for key, value in data.items()}
    if isinstance(data, list):
        return [expand(value, env, wrong, (*path, at)) for at, value in enumerate(data)]
    if not isinstance(data, str) or "${" not in data:
        return data
    failed: list[str] = []

    def replace(found: re.Match[str]) -> str:
        name = found[1]
        if name is None:
            return "${"
        if not found[2] or not _NAME.fullmatch(name):
            failed.append("must name a variable as ${NAME}; write $${ for the text ${ itself")
        elif name not in env:
            failed.append(f"the environment variable {name} is not set; set it before the start")
        elif not env[name]:
            failed.append(f"the environment variable {name} is empty; give it a value")
        elif FORBIDDEN.search(env[name]):
            failed.append(f"the environment variable {name} {UNPRINTABLE}")
        else:
            return env[name]
        return found[0]

    text = _REFERENCE.sub(replace, data)
    for words in dict.fromkeys(failed):
        wrong(path, words)
    return EnvText(text, data)


def names_in(template: str) -> set[str]:
    """The variables that a text of the file names.

    >>> names_in("${A}:$${B}")
    {'A'}
    """
    found = (match[1] for match in _REFERENCE.finditer(template) if match[2])
    return {name for name in found if _NAME.fullmatch(name)}


def secret_reader(folder: Path) -> Callable[[Any], str]:
    """The rule of where a secret may come from, for `Secret`: ${NAME}, or a file.

    A file's path is taken from `folder`; its text ends before the line breaks at its end. What the
    rule returns is the secret's text; it raises ValueError for anything else.
    """

    def read(value: Any) -> str:
        if isinstance(value, EnvText) and _WHOLE_REFERENCE.fullmatch(value.template):
            if "\n" in value or "\r" in value:
                raise ValueError(f"{value.template} holds a line break; give it the secret alone")
            return str(value)
        if isinstance(value, dict) and set(value) == {"file"} and isinstance(value["file"], str):
            return read_secret(folder / value["file"])
        if isinstance(value, str | int | float):
            raise ValueError(f"a secret does not stand in this file; {_HOW}")
        raise ValueError(f"must be a secret's place; {_HOW}")

    return read


def read_secret(path: Path) -> str:
    """The secret in a file that only its owner and group may read.

    Raises ValueError; its text leaves out the path, which may be a secret put in the wrong place.
    """
    try:
        mode, raw = _read_start(path)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "not a path"
        raise ValueError(f"the secret's file cannot be read ({why})") from None
    if not stat.S_ISREG(mode):
        raise ValueError("the secret's file is no file; name a file that holds the secret")
    if mode & stat.S_IRWXO:
        raise ValueError("others may read the secret's file; run chmod o= on it")
    try:
        text = raw.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise ValueError("the secret's file is not UTF-8 text") from None
    if not text:
        raise ValueError("the secret's file is empty; write the secret into it")
    if len(raw) > MAX_SECRET_BYTES or "\n" in text or "\r" in text or "\0" in text:
        raise ValueError("the secret's file must hold one line with the secret alone")
    return text


def _read_start(path: Path) -> tuple[int, bytes]:
    """(mode, one byte more than a secret may have); never waits for a pipe's other end."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        mode = os.fstat(handle).st_mode
        return mode, os.read(handle, MAX_SECRET_BYTES + 1) if stat.S_ISREG(mode) else b""
    finally:
        os.close(handle)
