"""Everything that a configuration names, read and checked together: settings, units, profile.

`hatang check-config`, the start and a reload all use this, so that they refuse the same things.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from collectors.snmp.knowledge.book import ProfileBook, read_book, shipped_book
from config.assets import Asset
from config.cross_rules import Entry
from config.errors import ConfigError, Problem, Report
from config.joining import Dropped, joined
from config.load import load_with
from config.sections import Settings
from inventory.alphabet import order
from inventory.indicators.checks import Ground
from inventory.indicators.definition import definitions
from inventory.indicators.indicators import ground_of
from inventory.profile_choice import kept_choices
from inventory.profile_set import ProfileSet
from inventory.readiness.os_support import read_table
from inventory.register.checks import Rules
from inventory.register.shelf import Shelf
from inventory.shapes import Ring, read_shapes
from inventory.units import Unit, UnitTable, read_units

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """What would run. communes: code -> the unit that bears it today, for the watched ones.
    profiles: what they are held against.

    book: how devices are known. files: the assets of hatang.yaml and its CSV files, which
    `settings` has together with what is registered in the database. dropped: what of the latter
    does not fit the settings. shapes: commune code -> outlines for the map.
    """

    file: Path
    settings: Settings
    table: UnitTable
    communes: Mapping[str, Unit]
    profiles: ProfileSet
    book: ProfileBook
    files: tuple[Asset, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    shapes: Mapping[str, tuple[Ring, ...]] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        """The file of the store."""
        return database_of(self.settings)

    def rules(self) -> Rules:
        """What the register allows under this plan."""
        return Rules(self.settings, {code: unit.name for code, unit in self.communes.items()})

    def ground(self) -> Ground:
        """What can be declared of which communes under this plan today."""
        names = {code: unit.name for code, unit in self.communes.items()}
        by_name = dict(sorted(names.items(), key=lambda pair: order(pair[1])))
        today = dt.datetime.now(self.settings.zone).date()
        known = definitions([self.profiles.base_on(today), *self.profiles.on(today)])
        return ground_of(self.settings.communes, by_name, known, self.settings.zone)


def database_of(settings: Settings) -> Path:
    """The file of the store."""
    return settings.data_dir / "hatang.db"


def read_plan(
    file: Path,
    today: dt.date | None = None,
    env: Mapping[str, str] = os.environ,
    shelf: Shelf | None = None,
) -> Plan:
    """The plan in a configuration file and the register of its database.

    today: decides which unit a code means. shelf: what was read of the register before. Raises
    ConfigError with one line for each thing to mend, and StoreError.
    """
    known = shelf or Shelf()
    loaded = load_with(file, env, lambda settings: known.read(database_of(settings)))
    settings = loaded.settings
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
    problems += [
        Problem(
            str(file), 0, f"groups[{at}].former_district", f"there is no district {code}; {_LIST}"
        )
        for at, code in enumerate(group.former_district for group in settings.groups)
        if code is not None and not any(u.level == "district" for u in table.history(code))
    ]
    problems += _wrong_systems(file, settings)
    if problems:
        raise ConfigError(problems)
    return Plan(
        file,
        settings,
        table,
        communes,
        ProfileSet.read(settings, table, communes, kept_choices(database_of(settings))),
        read_book(settings.device_profiles) if settings.device_profiles else shipped_book(),
        loaded.files,
        loaded.dropped,
        read_shapes(settings.web.shapes) if settings.web.shapes else {},
    )


def _wrong_systems(file: Path, settings: Settings) -> list[Problem]:
    try:
        read_table(settings.readiness.os_support)
    except (OSError, ValueError) as error:
        return [Problem(str(file), 0, "readiness.os_support", str(error))]
    return []


_LIST = "see `hatang communes --parent PROVINCE --as-of 2025-06-30`"


def with_register(plan: Plan, registered: Iterable[Asset]) -> Plan:
    """A plan with what is registered in the database now. Raises ConfigError where the files
    could not stand beside that."""
    report = Report()

    def wrong(path: tuple[str | int, ...], text: str) -> None:
        report.add(str(plan.file), 0, path, text)

    entries = tuple(Entry(asset, wrong) for asset in plan.files)
    settings, dropped = joined(plan.settings, entries, wrong, registered)
    report.raise_if_any()
    return replace(plan, settings=settings, dropped=dropped)


def _unknown(code: str, table: UnitTable, day: dt.date) -> str:
    """Why a code names no unit on a day, and which codes took its place."""
    former = [unit for unit in table if unit.code == code and unit.valid_from <= day]
    if not former:
        return f"there is no unit {code} on {day}; see `hatang communes --parent CODE`"
    last = max(former, key=lambda unit: unit.valid_from)
    heirs = ", ".join(f"{unit.name} ({unit.code})" for unit in table.successors(last))
    return f"{last.name} ({code}) ended on {last.valid_to}; it became {heirs or 'nothing known'}"


def settled(running: Plan, plan: Plan) -> Plan:
    """`plan` with what a running daemon cannot change kept as it is, and said so."""
    before, after = running.settings, plan.settings
    kept = {
        name: getattr(before, name)
        for name in ("node", "data_dir")
        if getattr(before, name) != getattr(after, name)
    }
    if before.web.listen != after.web.listen:
        kept["web"] = after.web.model_copy(update={"listen": before.web.listen})
    if before.traps.listen != after.traps.listen:
        kept["traps"] = after.traps.model_copy(update={"listen": before.traps.listen})
    for name in kept:
        shown = f"{name}.listen" if name in ("web", "traps") else name
        log.warning("%s has changed; it takes effect at the next start", shown)
    settings: Settings = after.model_copy(update=kept)
    return replace(plan, settings=settings)
