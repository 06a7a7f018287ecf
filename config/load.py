"""hatang.yaml as Settings: read, validate, then check what joins one section with another.

Every problem of the file and of the registers that it names is found in one go.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from config.assets import Asset
from config.endpoints import clash_of_times
from config.errors import Path_, Report, did_you_mean
from config.reading import Source, open_source, validated
from config.register_file import read_register
from config.sections import Settings

Wrong = Callable[[str], None]
"""Notes one problem at a place that is known already."""


def load(path: Path, env: Mapping[str, str]) -> Settings:
    """The settings in a file, with absolute paths and the assets of its registers.

    ${NAME} comes from `env`. Raises ConfigError with one line for each thing to mend.
    """
    source = open_source(path, Report(), env)
    settings = validated(source, Settings)
    source.report.raise_if_any()
    assert settings is not None
    settings = _with_absolute_paths(settings, path.absolute().parent)
    entries = [(asset, _in_yaml(source, at)) for at, asset in enumerate(settings.assets)]
    for file in settings.register_files:
        for asset, line in read_register(file, source.report):
            entries.append((asset, _in_csv(source.report, file, line)))
    settings = settings.model_copy(update={"assets": tuple(asset for asset, _ in entries)})
    _check_communes(settings, source)
    _check_tags(entries)
    for asset, place in entries:
        _check_asset(settings, asset, place)
    _check_edges_and_upstreams(entries)
    _check_maintenance(settings, source)
    source.report.raise_if_any()
    return settings


Place = Callable[[Path_], Wrong]
"""Where an asset stands: key path below it -> how to note a problem there."""


Entries = Sequence[tuple[Asset, Place]]
"""Every asset with its place."""


def _in_yaml(source: Source, at: int) -> Place:
    return lambda keys: lambda text: source.wrong(("assets", at, *keys), text)


def _in_csv(report: Report, file: Path, line: int) -> Place:
    """A row has no lists: what is wrong with an endpoint is wrong with its kind's column."""

    def place(keys: Path_) -> Wrong:
        column = tuple(key for key in keys[:1] if isinstance(key, str))
        return lambda text: report.add(str(file), line, column, text)

    return place


def _with_absolute_paths(settings: Settings, folder: Path) -> Settings:
    def absolute(path: Path | None) -> Path | None:
        return None if path is None else folder / path

    profile = settings.readiness.profile
    if profile.endswith((".yaml", ".yml")):
        profile = str(folder / profile)
    return settings.model_copy(
        update={
            "data_dir": absolute(settings.data_dir),
            "units": absolute(settings.units),
            "register_files": tuple(folder / file for file in settings.register_files),
            "readiness": settings.readiness.model_copy(update={"profile": profile}),
            "backup": settings.backup.model_copy(
                update={"folder": absolute(settings.backup.folder)}
            ),
        }
    )


def _check_tags(entries: Entries) -> None:
    seen: set[str] = set()
    for asset, place in entries:
        if asset.tag in seen:
            place(("tag",))(f"another asset has the tag {asset.tag}; give each a tag of its own")
        seen.add(asset.tag)


def _check_communes(settings: Settings, source: Source) -> None:
    seen: set[str] = set()
    for at, commune in enumerate(settings.communes):
        if commune.code in seen:
            source.wrong(("communes", at, "code"), f"{commune.code} stands twice; keep one")
        seen.add(commune.code)


def _check_asset(settings: Settings, asset: Asset, place: Place) -> None:
    communes = {commune.code for commune in settings.communes}
    if asset.commune not in communes:
        place(("commune",))(
            f"{asset.commune} is not one of `communes`; {did_you_mean(asset.commune, communes)}"
        )
    for at, endpoint in enumerate(asset.endpoints):
        name = getattr(endpoint, "credential", None)
        if name is not None:
            wrong = place(("endpoints", at, "credential"))
            credential = settings.credentials.get(name)
            if credential is None:
                hint = did_you_mean(name, settings.credentials)
                wrong(f"{name!r} is not one of `credentials`; {hint}")
            elif not _may_be_offered(asset.address, credential.networks):
                wrong(
                    f"{name} may be offered inside {', '.join(credential.networks)} only, and "
                    f"{asset.address} is not there; widen its networks or take another"
                )
        clash = clash_of_times(settings.watch(endpoint))
        if clash is not None:
            place(("endpoints", at, clash[0]))(clash[1])


def _may_be_offered(address: str | None, networks: tuple[str, ...]) -> bool:
    """Whether an IP address lies in one of the networks; a name is checked at each look."""
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return True
    return any(ip in ipaddress.ip_network(network) for network in networks)


def _check_edges_and_upstreams(entries: Entries) -> None:
    edges: dict[str, str] = {}
    above = {asset.tag: asset.upstream for asset, _ in entries}
    for asset, place in entries:
        if asset.edge:
            first = edges.setdefault(asset.commune, asset.tag)
            if first != asset.tag:
                place(("edge",))(
                    f"{first} is the edge of {asset.commune} already; a commune has one"
                )
        if asset.upstream is None:
            continue
        wrong = place(("upstream",))
        if asset.upstream not in above:
            hint = did_you_mean(asset.upstream, above)
            wrong(f"there is no asset {asset.upstream}; {hint}")
        elif _hangs_on_itself(asset.tag, above):
            wrong(f"{asset.tag} hangs on itself through {asset.upstream}; break the circle")


def _hangs_on_itself(tag: str, above: Mapping[str, str | None]) -> bool:
    seen: set[str] = set()
    at = above.get(tag)
    while at is not None and at not in seen:
        if at == tag:
            return True
        seen.add(at)
        at = above.get(at)
    return False


def _check_maintenance(settings: Settings, source: Source) -> None:
    tags = {asset.tag for asset in settings.assets}
    communes = {commune.code for commune in settings.communes}
    for at, window in enumerate(settings.maintenance):
        for key, value, known in (
            ("asset", window.asset, tags),
            ("commune", window.commune, communes),
        ):
            if value is not None and value not in known:
                hint = did_you_mean(value, known)
                source.wrong(("maintenance", at, key), f"there is no {key} {value}; {hint}")
