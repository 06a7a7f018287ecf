"""Which profile holds for which commune: the nation's of the day, with the layers that mean it.

Layers lie on each other from the general to the special: of a province, a group, a type of commune,
one commune; of the same kind in the order of the settings.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from config.errors import ConfigError, Problem, did_you_mean
from config.groups import Group
from config.profile import LayerFile, Profile, ReadProfile, read_layer, read_profile
from config.profile_layers import For, UnitType
from config.sections import Settings
from inventory.groups import members_of
from inventory.lying_layers import lying_layers
from inventory.profile_choice import Choice, Chosen, LeftOut, opened, standing
from inventory.profile_days import ProfileDays, Uncovered
from inventory.units import Unit, UnitTable

_Named = TypeVar("_Named")
_Read = TypeVar("_Read")

_TYPES: tuple[tuple[str, UnitType], ...] = (
    ("xã ", "xa"),
    ("phường ", "phuong"),
    ("đặc khu ", "dac_khu"),
    ("thị trấn ", "thi_tran"),
)
"""How names of units begin, and what they are; the table of units has no column for it."""

_Made = tuple[int, tuple[int, ...]]
"""The place of a profile in the order of time, and those of the layers on it."""


class ProfileSet:
    """The nation's profiles, each for its days, and what communes have by their layers; from the
    days of choices on, what was chosen.

    chosen: in the order of their days, of each thing that is decided one a day. Resolved profiles
    are kept by the layers that made them, so that communes with the same ones share a profile.
    """

    def __init__(
        self,
        bases: Sequence[ReadProfile],
        layers: Iterable[LayerFile] = (),
        table: UnitTable | None = None,
        groups: Sequence[Group] = (),
        communes: Mapping[str, Unit] | None = None,
        chosen: Sequence[Chosen] = (),
    ) -> None:
        self._files = tuple(layers)
        self._chosen = tuple(chosen)
        self.left_out: tuple[LeftOut, ...] = ()
        """Choices that do not count."""
        self._bases = ProfileDays(
            bases, [(one.choice.since, one.read) for one in chosen if not one.choice.layer]
        )
        lying = lying_layers(self._files, chosen)
        self._layers = sorted(lying, key=lambda one: _meant(one.file).rank)
        self._table = table or UnitTable([], "")
        self._groups = {group.id: group for group in groups}
        self._communes = dict(communes or {})
        self._meaning: dict[Unit, tuple[int, ...]] = {}
        self._made: dict[_Made, ReadProfile] = {}

    @classmethod
    def alone(cls, profile: Profile) -> ProfileSet:
        """A profile without layers, the same for every commune on every day."""
        return cls([ReadProfile(profile, {}, profile.id)])

    @classmethod
    def read(
        cls,
        settings: Settings,
        table: UnitTable,
        communes: Mapping[str, Unit],
        choices: Iterable[Choice] = (),
    ) -> ProfileSet:
        """What the settings name and what was chosen (as `with_choices`), checked for each of
        `communes` and each day from which other layers hold. Raises ConfigError with what is wrong
        with any file."""
        problems: list[Problem] = []
        bases = _all(read_profile, settings.readiness.profile, problems)
        layers = _all(read_layer, settings.readiness.layers, problems)
        if problems:
            raise ConfigError(problems)
        found = cls(bases, layers, table, settings.groups, communes)
        found._check_all()
        return found.with_choices(choices)

    def with_choices(self, made: Iterable[Choice]) -> ProfileSet:
        """The same files, and of all choices that were ever made those that stand. One that this
        Hatang does not understand, or that the layers do not fit any more, is in `left_out`."""
        chosen, left_out = [], []
        for choice in standing(made):
            try:
                chosen.append(opened(choice))
            except ConfigError as error:
                left_out.append(LeftOut(choice, error.problems[0]))
        try:
            found = self._with(chosen)
        except ConfigError:
            found = self._with(())
            for one in chosen:
                try:
                    found = found._with((*found._chosen, one))
                except ConfigError as error:
                    left_out.append(LeftOut(one.choice, error.problems[0]))
        found.left_out = tuple(left_out)
        return found

    def choosing(self, choice: Choice) -> ProfileSet:
        """What one more choice would make of this. Raises ConfigError where it does not fit."""
        new = opened(choice)
        same = (choice.subject, choice.since)
        rest = [one for one in self._chosen if (one.choice.subject, one.choice.since) != same]
        return self._with(sorted([*rest, new], key=lambda one: one.choice.since))

    def _with(self, chosen: Sequence[Chosen]) -> ProfileSet:
        return self._other(self._bases.reads, self._files, chosen)

    def with_base(self, base: ReadProfile) -> ProfileSet:
        """The same layers on one profile for every day. Raises ConfigError where they do not
        fit it."""
        chosen = [one for one in self._chosen if one.choice.layer]
        return self._other([base], self._files, chosen)

    def with_layer(self, file: LayerFile) -> ProfileSet:
        """One more layer, or a layer that is there as another text of its file has it. Raises
        ConfigError where it does not fit the rest."""
        path = file.source.path
        rest = [other for other in self._files if other.source.path != path]
        chosen = [one for one in self._chosen if one.choice.subject != path.stem]
        return self._other(self._bases.reads, [*rest, file], chosen)

    def _other(
        self,
        bases: Sequence[ReadProfile],
        layers: Iterable[LayerFile],
        chosen: Sequence[Chosen],
    ) -> ProfileSet:
        groups = tuple(self._groups.values())
        found = ProfileSet(bases, layers, self._table, groups, self._communes, chosen)
        found._check_all()
        return found

    def names_on(self, day: dt.date) -> set[str]:
        """The names, without their ends, of the files that count on a day."""
        layers = {one.file.source.path.stem for one in self._layers if one.holds_on(day)}
        return {_stem(self._bases.on(day)), *layers}

    def names_after(self, day: dt.date) -> set[str]:
        """The same of some day to come."""
        return {name for one in self._days() if one > day for name in self.names_on(one)}

    def layer_names(self) -> set[str]:
        """The names, without their ends, of the files of all layers."""
        return {one.file.source.path.stem for one in self._layers}

    def base_on(self, day: dt.date) -> Profile:
        """What is asked on a day where no layer says otherwise."""
        return self._bases.on(day).profile

    def base_read_on(self, day: dt.date) -> ReadProfile:
        """`base_on` with the files that it came from."""
        return self._bases.on(day)

    def uncovered(self, today: dt.date) -> list[Uncovered]:
        """The days that no profile is valid for; see `ProfileDays`."""
        return self._bases.uncovered(today)

    def of(self, unit: Unit, day: dt.date) -> Profile:
        """What is asked of a unit on a day. Raises ConfigError for a unit that is not watched and
        whose layers do not fit each other."""
        return self.read_of(unit, day).profile

    def read_of(self, unit: Unit, day: dt.date) -> ReadProfile:
        """`of` with the files that it came from."""
        return self._resolved(self._made_of(unit, day))

    def layers_of(self, unit: Unit, day: dt.date) -> tuple[LayerFile, ...]:
        """The layers that make a unit's profile on a day, the most general first."""
        return tuple(self._layers[at].file for at in self._keys(unit, day))

    def on(self, day: dt.date) -> tuple[Profile, ...]:
        """Every profile that a watched commune has on a day, each once."""
        wanted = {self._made_of(unit, day) for unit in self._communes.values()}
        wanted = wanted or {(self._bases.at(day), ())}
        return tuple(self._resolved(made).profile for made in sorted(wanted))

    def means(self, meant: For, unit: Unit) -> bool:
        """Whether a layer is for a unit."""
        return (
            meant.commune in (None, unit.code)
            and meant.type in (None, type_of(unit))
            and (meant.province is None or self._province(unit) == meant.province)
            and (meant.group is None or self._in_group(meant.group, unit))
        )

    def _keys(self, unit: Unit, day: dt.date) -> tuple[int, ...]:
        """The places of the layers that make a unit's profile on a day."""
        if unit not in self._meaning:
            self._meaning[unit] = tuple(
                at for at, one in enumerate(self._layers) if self.means(_meant(one.file), unit)
            )
        return tuple(at for at in self._meaning[unit] if self._layers[at].holds_on(day))

    def _made_of(self, unit: Unit, day: dt.date) -> _Made:
        return self._bases.at(day), self._keys(unit, day)

    def _resolved(self, made: _Made) -> ReadProfile:
        base, layers = made
        if not layers:
            return self._bases[base]
        if made not in self._made:
            below = self._resolved((base, layers[:-1]))
            self._made[made] = self._layers[layers[-1]].file.on(below)
        return self._made[made]

    def _check_all(self) -> None:
        """Make every profile that a commune will ever have."""
        days = {dt.date.max, *self._days()}
        problems: list[Problem] = []
        for one in self._layers:
            group = _meant(one.file).group
            if group is not None and group not in self._groups:
                hint = did_you_mean(group, self._groups)
                text = f"{group!r} is no group of the settings; {hint}"
                problems.append(one.file.problem(("for", "group"), text))
        wanted = {self._made_of(unit, day) for unit in self._communes.values() for day in days}
        for made in sorted(wanted):
            try:
                self._resolved(made)
            except ConfigError as error:
                problems += error.found
        if problems:
            raise ConfigError(problems)

    def _days(self) -> set[dt.date]:
        """The days from which something else counts."""
        found = set(self._bases.begins())
        for one in self._layers:
            found |= one.begins()
        return found

    def _province(self, unit: Unit) -> str:
        """Code of the unit's province; before 2025-07-01 a district stands between."""
        above, day = unit, unit.valid_to or dt.date.max
        for _ in range(3):
            if above.level == "province":
                break
            parent = self._table.at(above.parent, day)
            if parent is None:
                return above.parent
            above = parent
        return above.code

    def _in_group(self, id: str, unit: Unit) -> bool:
        group = self._groups.get(id)
        return group is not None and bool(members_of(group, self._table, {unit.code: unit}))


def type_of(unit: Unit) -> UnitType | None:
    """What a commune is by its name; None where the name does not say."""
    name = unit.name.casefold()
    return next((type for begin, type in _TYPES if name.startswith(begin)), None)


def _all(
    read: Callable[[_Named], _Read], names: Iterable[_Named], problems: list[Problem]
) -> list[_Read]:
    """What could be read; what is wrong with the rest is added to `problems`."""
    found: list[_Read] = []
    for name in names:
        try:
            found.append(read(name))
        except ConfigError as error:
            problems += error.found
    return found


def _stem(read: ReadProfile) -> str:
    return read.source.path.stem if read.source is not None else read.name


def _meant(file: LayerFile) -> For:
    assert file.layer.meant is not None  # read_layer reads no other
    return file.layer.meant
