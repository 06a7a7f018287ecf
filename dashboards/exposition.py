"""The present as Prometheus series, read from the snapshot at each scrape.

A custom collector keeps nothing between scrapes, so the series of a removed asset are gone with
the next one. It never touches the database and never waits: what it needs is in memory. Values
that were not measured are left out; a missing series is "not known", not 0.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import get_args

from prometheus_client import CollectorRegistry, Counter, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector
from prometheus_client.samples import Sample

from config.profile import Requirement
from dashboards.commune_series import put_commune, put_requirements, put_titles
from dashboards.equipment_series import put_equipment, put_port
from dashboards.labels import LABEL_MAX_CHARS, clean_label
from inventory.metric import Part
from inventory.metrics import METRICS
from inventory.observation import ANSWERED, Outcome, StorageReading
from inventory.snapshot import AssetView, EndpointView, InterfaceView, Snapshot
from inventory.uptime import State

INTERFACES_MAX = 2_000
"""Interfaces served per asset: a full chassis has fewer, a lying agent may have millions."""

STORAGES_MAX = 200
"""Storages served per asset; a host of containers can list thousands of mounts."""

REQUIREMENT_COMMUNES_MAX = 500
"""Communes whose requirements are served on one page: 40 of each make 200,000 series. More are
served commune by commune."""

PARTS: tuple[Part, ...] = get_args(Part)

_PROCESS = tuple(
    f"process_{name}"
    for name in (
        "cpu_seconds_total",
        "max_fds",
        "open_fds",
        "resident_memory_bytes",
        "start_time_seconds",
        "virtual_memory_bytes",
    )
)
"""What ProcessCollector serves: it belongs to the daemon."""

_ROOM_FOR_INDEX = LABEL_MAX_CHARS - len("#2147483647")

_TABLE_KINDS = frozenset({"snmp", "host"})
"""Kinds of endpoint that bring tables home; a ping says nothing of how old an octet counter is."""


class _Scrape:
    """The families of one scrape, and how many series did not fit."""

    def __init__(self, parts: Collection[Part]) -> None:
        self.dropped = 0
        self._families = {m.name: _family(m.name) for m in METRICS.values() if m.part in parts}

    def put(self, name: str, labels: tuple[str, ...], value: float | bool | None) -> None:
        """One series; None is left out. Labels stand in the order of the table."""
        if value is None:
            return
        try:
            number = float(value)
        except OverflowError:  # An integer beyond any counter: a lie, and no float can hold it.
            self.dropped += 1
            return
        cleaned = []
        for text in labels:
            text, shortened = clean_label(text)
            self.dropped += shortened
            cleaned.append(text)
        pairs = dict(zip(METRICS[name].labels, cleaned, strict=True))
        self._families[name].samples.append(Sample(name, pairs, number))

    def families(self) -> Iterator[Family]:
        """The families that have a series, in the order of the table."""
        return (f for f in self._families.values() if f.samples)


def _family(name: str) -> Family:
    metric = METRICS[name]
    return Family(metric.family, metric.help, metric.kind, metric.unit)


class _Collector(Collector):
    """Gives a registry the series of one part of the present.

    series_dropped counts, at each scrape, what the caps left out or shortened.
    """

    parts: tuple[Part, ...]

    def __init__(self, snapshot: Snapshot, series_dropped: Counter | None) -> None:
        self._snapshot = snapshot
        self._series_dropped = series_dropped

    def describe(self) -> Iterable[Family]:
        """The names without a value, so that a second metric of a name is refused."""
        return [_family(m.name) for m in METRICS.values() if m.part in self.parts]

    def collect(self) -> Iterable[Family]:
        """All series of now. The views are taken once, so a writer may go on meanwhile."""
        scrape = _Scrape(self.parts)
        self._fill(scrape)
        if scrape.dropped and self._series_dropped is not None:
            self._series_dropped.inc(scrape.dropped)
        return scrape.families()

    def _fill(self, scrape: _Scrape) -> None:
        raise NotImplementedError


class CommuneCollector(_Collector):
    """What is said of each commune as a whole. requirements: whose titles are served."""

    parts = ("communes",)

    def __init__(
        self,
        snapshot: Snapshot,
        series_dropped: Counter,
        requirements: Callable[[], Iterable[Requirement]],
    ) -> None:
        super().__init__(snapshot, series_dropped)
        self._requirements = requirements

    def _fill(self, scrape: _Scrape) -> None:
        for code, commune in list(self._snapshot.communes.items()):
            put_commune(scrape.put, commune, self._snapshot.forecast.get(code, {}))
        put_titles(scrape.put, self._requirements())


class RequirementCollector(_Collector):
    """What is said of each requirement of each commune."""

    parts = ("requirements",)

    def _fill(self, scrape: _Scrape) -> None:
        communes = list(self._snapshot.communes.values())
        for commune in communes[:REQUIREMENT_COMMUNES_MAX]:
            put_requirements(scrape.put, commune)
        for commune in communes[REQUIREMENT_COMMUNES_MAX:]:
            scrape.dropped += len(commune.evaluation.results) if commune.evaluation else 0


class AssetCollector(_Collector):
    """What is said of assets, endpoints and interfaces."""

    parts = ("assets",)

    def _fill(self, scrape: _Scrape) -> None:
        for asset in list(self._snapshot.assets.values()):
            _put_asset(scrape, asset)


class OneCommune(_Collector):
    """All that is said of one commune's requirements and assets, for a page of its own."""

    parts = ("requirements", "assets")

    def __init__(self, snapshot: Snapshot, series_dropped: Counter | None, code: str) -> None:
        super().__init__(snapshot, series_dropped)
        self._code = code

    def _fill(self, scrape: _Scrape) -> None:
        commune = self._snapshot.communes.get(self._code)
        if commune is not None:
            put_requirements(scrape.put, commune)
        for asset in self._snapshot.assets_of(self._code):
            _put_asset(scrape, asset)


class _Process(ProcessCollector):
    """This process's own figures, with names, by which they can be asked for."""

    def describe(self) -> Iterable[Family]:
        """As `collect`; they are few."""
        return self.collect()


def register(
    registry: CollectorRegistry,
    snapshot: Snapshot,
    series_dropped: Counter,
    requirements: Callable[[], Iterable[Requirement]] = tuple,
) -> None:
    """Add the snapshot's series and this process's own (memory, processor, open files).

    requirements: those of the profile of now, whose titles are served.
    """
    registry.register(CommuneCollector(snapshot, series_dropped, requirements))
    registry.register(RequirementCollector(snapshot, series_dropped))
    registry.register(AssetCollector(snapshot, series_dropped))
    _Process(registry=registry)


def names_of(parts: Collection[str]) -> list[str]:
    """The names of the series of some parts of the page, for `render`; what is no part has none."""
    found = [name for m in METRICS.values() if m.part in parts for name in m.series]
    return [*found, *_PROCESS] if "daemon" in parts else found


class _WithoutCreated(Collector):
    """A registry without `_created`: in the text format each would be one more series."""

    def __init__(self, registry: Collector) -> None:
        self._registry = registry

    def collect(self) -> Iterator[Family]:
        for family in self._registry.collect():
            family.samples = [s for s in family.samples if not s.name.endswith("_created")]
            yield family


def render_commune(
    snapshot: Snapshot, series_dropped: Counter | None, code: str, accept: str = ""
) -> tuple[bytes, str]:
    """The body and content type of one commune's own page; nothing of one that is not watched."""
    encode, content_type = choose_encoder(accept)
    return encode(OneCommune(snapshot, series_dropped, code)), content_type


def render(
    registry: CollectorRegistry, accept: str = "", names: Sequence[str] = ()
) -> tuple[bytes, str]:
    """The body and its content type: OpenMetrics when `accept` asks for it, else text 0.0.4.

    names: only the series of these names, as `name[]` of Prometheus' client libraries asks for;
    while no device's series is among them, none is made.
    """
    encode, content_type = choose_encoder(accept)
    asked: Collector = registry.restricted_registry(names) if names else registry
    return encode(_WithoutCreated(asked)), content_type


_FACTS = ("vendor", "model", "serial", "os")


def _put_asset(scrape: _Scrape, asset: AssetView) -> None:
    registered = asset.registered
    key = (registered.commune, registered.tag)
    about = (registered.asset_class, registered.name, registered.status, registered.site)
    facts = tuple(asset.fact(n) or getattr(registered, n) for n in _FACTS)
    scrape.put("hatang_asset_info", (*key, *about, *facts, _flag(registered.edge)), 1)
    if not asset.endpoints:
        return  # Only registered: nobody is meant to look, so its state is not "unknown".
    for state in State:
        scrape.put("hatang_asset_state", (*key, state), asset.state is state)
    scrape.put("hatang_asset_up", key, _is_up(asset.state))
    scrape.put("hatang_asset_state_since_timestamp_seconds", key, asset.state_since_s)
    for window, availability in asset.availability.items():
        scrape.put("hatang_asset_availability_ratio", (*key, window), availability.ratio)
        scrape.put("hatang_asset_coverage_ratio", (*key, window), availability.coverage)
    scrape.put("hatang_asset_reboots_total", key, asset.reboots)
    for endpoint in asset.endpoints:
        _put_endpoint(scrape, key, endpoint)
    if _tables_are_fresh(asset):
        scrape.put("hatang_asset_boot_time_seconds", key, asset.booted_at_s)
        scrape.put("hatang_asset_cpu_ratio", key, asset.cpu_ratio)
        _put_storages(scrape, key, asset.storages)
        _put_interfaces(scrape, key, asset.interfaces)
        scrape.dropped += put_equipment(scrape.put, asset)


def _is_up(state: State) -> bool | None:
    if state in (State.UNKNOWN, State.MAINTENANCE):
        return None
    return state is State.UP


def _tables_are_fresh(asset: AssetView) -> bool:
    """Whether the last look at some endpoint with tables succeeded.

    The snapshot keeps the last known values for the pages; served on, an old counter would read
    as a link without traffic and an old port as one that is still up.
    """
    return any(
        e.kind in _TABLE_KINDS and e.outcome in (Outcome.OK, Outcome.PARTIAL)
        for e in asset.endpoints
    )


def _put_endpoint(scrape: _Scrape, asset: tuple[str, str], endpoint: EndpointView) -> None:
    key = (*asset, endpoint.id, endpoint.kind)
    scrape.put("hatang_endpoint_last_look_timestamp_seconds", key, endpoint.last_look_at_s)
    scrape.put("hatang_endpoint_consecutive_failures", key, endpoint.failures_in_a_row)
    if endpoint.outcome is None or endpoint.outcome is Outcome.ERROR:
        return
    answered = endpoint.outcome in ANSWERED
    scrape.put("hatang_endpoint_up", key, answered)
    scrape.put("hatang_endpoint_loss_ratio", key, endpoint.loss_ratio)
    if answered:
        expiry_s = endpoint.certificate_expires_at_s
        scrape.put("hatang_endpoint_latency_seconds", key, endpoint.latency_s)
        scrape.put("hatang_endpoint_http_status_code", key, endpoint.http_status)
        scrape.put("hatang_endpoint_certificate_expiry_timestamp_seconds", key, expiry_s)


def _put_storages(
    scrape: _Scrape, asset: tuple[str, str], storages: tuple[StorageReading, ...]
) -> None:
    taken: set[tuple[str, str]] = set()
    for storage in storages:
        text, shortened = clean_label(storage.name)
        scrape.dropped += shortened
        name = (text, storage.kind)
        if name in taken or len(taken) >= STORAGES_MAX:
            scrape.dropped += 2
            continue
        taken.add(name)
        scrape.put("hatang_asset_storage_size_bytes", (*asset, *name), storage.size_bytes)
        scrape.put("hatang_asset_storage_used_bytes", (*asset, *name), storage.used_bytes)


_INTERFACE_SERIES = (
    ("hatang_interface_receive_bytes_total", "in_octets"),
    ("hatang_interface_transmit_bytes_total", "out_octets"),
    ("hatang_interface_receive_errors_total", "in_errors"),
    ("hatang_interface_transmit_errors_total", "out_errors"),
    ("hatang_interface_receive_discards_total", "in_discards"),
    ("hatang_interface_transmit_discards_total", "out_discards"),
    ("hatang_interface_admin_up", "admin_up"),
    ("hatang_interface_oper_up", "oper_up"),
)


def _put_interfaces(
    scrape: _Scrape, asset: tuple[str, str], interfaces: tuple[InterfaceView, ...]
) -> None:
    taken: set[str] = set()
    for interface in islice(interfaces, INTERFACES_MAX):
        name, shortened = clean_label(interface.reading.name)
        scrape.dropped += shortened
        if not name or name in taken:  # Some agents leave ifName empty or give it twice.
            name = f"{name[:_ROOM_FOR_INDEX]}#{interface.reading.index}"
        if name in taken:
            scrape.dropped += len(_INTERFACE_SERIES) + 2
            continue
        taken.add(name)
        _put_interface(scrape, (*asset, name), interface)
    left_out = max(0, len(interfaces) - INTERFACES_MAX)
    scrape.dropped += left_out * (len(_INTERFACE_SERIES) + 2)


def _put_interface(scrape: _Scrape, key: tuple[str, ...], interface: InterfaceView) -> None:
    seen = interface.reading
    about = (str(seen.index), seen.alias, seen.mac, _flag(interface.is_uplink))
    scrape.put("hatang_interface_info", (*key, *about), 1)
    for name, attribute in _INTERFACE_SERIES:
        scrape.put(name, key, getattr(seen, attribute))
    if seen.speed_bps is not None:
        scrape.put("hatang_interface_speed_bytes_per_second", key, seen.speed_bps / 8)
    if seen.port is not None:
        put_port(scrape.put, key, seen.port)


def _flag(value: bool) -> str:
    return "true" if value else "false"
