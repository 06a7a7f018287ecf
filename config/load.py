"""hatang.yaml as Settings: read, validate, then check what joins one section with another.

Every problem of the file and of the registers that it names is found in one go; what joins
sections is checked once each of them is in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.assets import Asset
from config.cross_rules import Entry
from config.errors import Path_, Report
from config.joining import Dropped, joined
from config.reading import Source, open_source, validated
from config.register_file import column_of, read_register
from config.sections import Settings

Registered = Callable[[Settings], Iterable[Asset]]
"""What stands beside the files: read from the database that settings name."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """settings: with the assets of the files and of the database. files: those of the files.
    dropped: what of the database does not fit the settings."""

    settings: Settings
    files: tuple[Asset, ...]
    dropped: tuple[Dropped, ...]


def load(path: Path, env: Mapping[str, str]) -> Settings:
    """The settings in a file, with absolute paths and the assets of its registers.

    ${NAME} comes from `env`. Raises ConfigError with one line for each thing to mend.
    """
    return load_with(path, env, lambda settings: ()).settings


def load_with(path: Path, env: Mapping[str, str], registered: Registered) -> Loaded:
    """`load`, with assets that stand elsewhere; those never keep the settings from being used.

    Raises ConfigError, and whatever `registered` raises.
    """
    source = open_source(path, Report(), env)
    folder = path.absolute().parent
    settings = validated(source, Settings)
    in_files = [
        _in_csv(asset, source.report, shown, line)
        for file, shown in _register_files(source.values, folder)
        for asset, line in read_register(file, shown, source.report)
    ]
    source.report.raise_if_any()
    assert settings is not None
    entries = (*(_in_yaml(a, source, at) for at, a in enumerate(settings.assets)), *in_files)
    settings = _with_absolute_paths(settings, folder)
    whole, dropped = joined(settings, entries, source.wrong, registered(settings))
    source.report.raise_if_any()
    return Loaded(whole, tuple(entry.asset for entry in entries), dropped)


def _register_files(values: Any, folder: Path) -> list[tuple[Path, str]]:
    """(path, name to show) of the registers of a file, whatever else may be wrong with it."""
    named = values.get("register") if isinstance(values, dict) else None
    if not isinstance(named, list):
        return []
    return [
        (folder / name, str(folder / getattr(name, "template", name)))
        for name in named
        if isinstance(name, str)
    ]


def _in_yaml(asset: Asset, source: Source, at: int) -> Entry:
    return Entry(asset, lambda path, text: source.wrong(("assets", at, *path), text))


def _in_csv(asset: Asset, report: Report, shown: str, line: int) -> Entry:
    def wrong(path: Path_, text: str) -> None:
        column = column_of(path, [endpoint.kind for endpoint in asset.endpoints])
        report.add(shown, line, column, text)

    return Entry(asset, wrong)


def _with_absolute_paths(settings: Settings, folder: Path) -> Settings:
    def absolute(path: Path | None) -> Path | None:
        return None if path is None else folder / path

    readiness = settings.readiness
    named: dict[str, Any] = {"layers": tuple(folder / layer for layer in readiness.layers)}
    named["profile"] = tuple(
        str(folder / name) if name.endswith((".yaml", ".yml")) else name
        for name in readiness.profile
    )
    return settings.model_copy(
        update={
            "data_dir": absolute(settings.data_dir),
            "units": absolute(settings.units),
            "register_files": tuple(folder / file for file in settings.register_files),
            "readiness": readiness.model_copy(update=named),
            "web": settings.web.model_copy(update={"shapes": absolute(settings.web.shapes)}),
            "reports": settings.reports.model_copy(
                update={"folder": absolute(settings.reports.folder)}
            ),
            "backup": settings.backup.model_copy(
                update={"folder": absolute(settings.backup.folder)}
            ),
        }
    )
