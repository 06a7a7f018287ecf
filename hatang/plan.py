"""Everything that a configuration names, read and checked together: settings, units, profile.

`hatang check-config`, the start and a reload all use this, so that they refuse the same things.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from collectors.snmp.knowledge.book import ProfileBook, read_book, shipped_book
from config.errors import ConfigError, Problem
from config.load import load
from config.profile import Profile, load_profile
from config.sections import Settings
from inventory.units import Unit, UnitTable, read_units


@dataclass(frozen=True, slots=True)
class Plan:
    """What would run. communes: code -> the unit that bears it today, for the watched ones.

    book: how devices are known.
    """

    file: Path
    settings: Settings
    table: UnitTable
    communes: Mapping[str, Unit]
    profile: Profile
    book: ProfileBook

    @property
    def database(self) -> Path:
        """The file of the store."""
        return self.settings.data_dir / "hatang.db"


def read_plan(
    file: Path, today: dt.date | None = None, env: Mapping[str, str] = os.environ
) -> Plan:
    """The plan in a configuration file; `today` decides which unit a code means.

    Raises ConfigError with one line for each thing to mend.
    """
    settings = load(file, env)
    table = read_units(settings.units)
    day = today or dt.datetime.now(settings.zone).date()
    communes: dict[str, Unit] = {}
    problems = []
    for at, commune in enumerate(settings.communes):
        unit = table.at(commune.code, day)
        if unit is not None:
            communes[commune.code] = unit
        else:
            problems.append(
                Problem(str(file), 0, f"communes[{at}].code", _unknown(commune.code, table, day))
            )
    if problems:
        raise ConfigError(problems)
    return Plan(
        file,
        settings,
        table,
        communes,
        load_profile(settings.readiness.profile),
        read_book(settings.device_profiles) if settings.device_profiles else shipped_book(),
    )


def _unknown(code: str, table: UnitTable, day: dt.date) -> str:
    """Why a code names no unit on a day, and which codes took its place."""
    former = [unit for unit in table if unit.code == code and unit.valid_from <= day]
    if not former:
        return f"there is no unit {code} on {day}; see `hatang communes --parent CODE`"
    last = max(former, key=lambda unit: unit.valid_from)
    heirs = ", ".join(f"{unit.name} ({unit.code})" for unit in table.successors(last))
    return f"{last.name} ({code}) ended on {last.valid_to}; it became {heirs or 'nothing known'}"
