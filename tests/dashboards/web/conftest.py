"""Sites over a small district, served to a client or to a real browser."""

import datetime as dt
import shutil
import socket
import threading
from dataclasses import replace

import httpx
import pytest
import uvicorn
from prometheus_client import CollectorRegistry

from config.profile import load_profile
from config.sections import Asset, Settings
from dashboards.exposition import register
from dashboards.web.app import make_app
from dashboards.web.form_guard import form_token
from dashboards.web.gate import SESSION
from dashboards.web.site import Site
from inventory.clock import SystemClock
from inventory.equipment import (
    AddressReading,
    ModuleReading,
    NeighbourReading,
    PoeReading,
    PortReading,
    SensorReading,
    StationReading,
    SupplyReading,
    UpsReading,
    VlanReading,
)
from inventory.inbox import Inbox
from inventory.judgement import Judge
from inventory.known_equipment import KINDS, Equipment
from inventory.match import known_now
from inventory.metrics import Instruments
from inventory.observation import Outcome, StorageReading
from inventory.people.people import People
from inventory.people.roles import Role
from inventory.profile_set import ProfileSet
from inventory.readiness.evaluate import evaluate
from inventory.readiness.facts import AssetFacts, CommuneFacts
from inventory.readiness.result import Evidence
from inventory.register.checks import Rules
from inventory.register.entry import Actor
from inventory.register.register import Register
from inventory.sighting import How, Match, ScanState, Thing, ThingState
from inventory.snapshot import (
    AssetView,
    CommuneView,
    EndpointView,
    FactView,
    InterfaceView,
    Snapshot,
)
from inventory.store.desk import DirectDesk
from inventory.store.reader import Reader
from inventory.store.rows import AssetRow, Batch
from inventory.store.writer import Writer
from inventory.units import read_units
from inventory.uptime import Availability, Interval, State

DAY = 86_400.0
PASSWORD = "ghế đá, mưa rào, 7 con vịt"
TODAY = dt.date(2026, 1, 1)


def plain(text):
    return text


def _settings(texts):
    return Settings.model_validate(
        {
            "web": {"reading": "open"},
            "communes": [{"code": "22849", "posts": 20, "posts_group_8": 15}, {"code": "22840"}],
            "assets": [
                {
                    "tag": "RT-1",
                    "name": texts("Router UBND xã"),
                    "class": "router",
                    "commune": "22849",
                    "edge": True,
                    "address": "127.0.0.1",
                    "site": texts("Trụ sở"),
                    "room": texts("Phòng máy"),
                    "custodian": texts("Văn phòng"),
                    "funding": texts("Ngân sách"),
                    "vendor": texts("MikroTik"),
                    "model": texts("RB4011"),
                    "serial": texts("SN-1"),
                    "features": [texts("vpn")],
                    "price_vnd": 12_000_000,
                    "in_use_since": "2023-06-01",
                    "warranty_until": "2026-06-01",
                    "endpoints": [{"kind": "tcp", "port": 22}],
                },
                {
                    "tag": "SW-1",
                    "name": texts("Switch"),
                    "class": "switch",
                    "commune": "22849",
                    "address": "127.0.0.1",
                    "vendor": texts("HP"),
                    "endpoints": [{"kind": "tcp", "port": 22}],
                },
                {
                    "tag": "PC-1",
                    "name": texts("Máy vi tính"),
                    "class": "desktop",
                    "commune": "22849",
                    "status": "in_use",
                    "in_use_since": "2014-06-01",
                    "vendor": texts("MSI"),
                    "os": "Windows 7",
                },
            ],
        }
    )


def _equipment(texts, now_s):
    """One of everything, as a device that says too much of itself would have it."""
    return Equipment(
        ups=UpsReading(True, 0.42, 0.33, 600.0, "low"),
        sensors=(
            SensorReading("temperature", texts("Phòng máy"), 31.5, "celsius", "ok", high=40.0),
            SensorReading(texts("tide"), texts("Sông"), 2.0, texts("fathoms"), texts("wet")),
            SensorReading("state", texts("PSU 1"), 3.0, "", "critical"),
        ),
        supplies=(
            SupplyReading(texts("Mực đen"), "toner", 4.0, "low"),
            SupplyReading(texts("Trống"), texts("drum unit"), None, ""),
        ),
        poe=(PoeReading(1, 370.0, 41.0, True),),
        neighbours=(
            NeighbourReading(
                "lldp",
                texts("ether2"),
                texts("001a2b3c4d5e"),
                texts("Gi1/0/24"),
                texts("SW tầng 2"),
                texts("Cisco IOS"),
                ("bridge", texts("x")),
                texts("10.0.0.2"),
            ),
        ),
        addresses=(AddressReading("10.0.0.1", 24, 1), AddressReading(texts("fe80::1"), None, 99)),
        stations=(StationReading("001a2b3c4d5e", texts("10.0.0.9"), 1),),
        modules=(
            ModuleReading(1, 0, "chassis", texts("Khung"), texts("RB4011"), texts("SN-1")),
            ModuleReading(2, 1, texts("tail"), texts("Nguồn 1"), software=texts("7.15")),
        ),
        vlans=(VlanReading(20, texts("Một cửa")),),
        read_at_s=dict.fromkeys(KINDS, now_s - 120.0),
    )


def _view(number, asset: Asset, state, now_s, texts):
    totals = dict.fromkeys(State, 0.0) | {State.UP: 86_000.0, State.DOWN: 400.0}
    if not asset.endpoints:
        return AssetView(number, asset, state, now_s - 3700)
    endpoint = EndpointView(
        f"{asset.tag}/tcp",
        "tcp",
        60.0,
        Outcome.UNREACHABLE,
        "timeout" if texts is plain else texts("timeout"),
        texts("no answer"),
        now_s - 20,
        now_s - 90,
        2,
        2.0,
        0.012,
    )
    port = InterfaceView(
        1, texts("ether1"), texts("WAN"), "aa", 10**9, True, True, 5, 5, 0, 0, 0, 0, 4.2e7, 1e6,
        is_uplink=True,
        port=PortReading(texts("half"), texts("delivering"), 3, 20, 2, 7) if number == 1 else None,
    )  # fmt: skip
    return AssetView(
        number,
        asset,
        state,
        now_s - 3700,
        behind="RT-1" if asset.tag == "SW-1" else None,
        endpoints=(endpoint,),
        facts=(
            FactView("sys_descr", texts("RouterOS 7"), "measured", now_s - 60),
            FactView("sys_name", texts("rt-1"), "measured", now_s - 60),
            FactView("vendor", asset.vendor, "registered", now_s - 60),
            FactView("ldp_word" if texts is plain else texts("x"), texts("y"), "measured", now_s),
        ),
        interfaces=(port, replace(port, index=2, is_uplink=False, oper_up=False)),
        storages=(StorageReading(texts("flash"), "disk", 2**30, 2**29),),
        equipment=_equipment(texts, now_s) if number == 1 else Equipment(),
        cpu_ratio=0.25,
        booted_at_s=now_s - 10 * DAY,
        availability={"24h": Availability(totals), "30d": Availability(totals)},
    )


def _office():
    totals = dict.fromkeys(State, 0.0)
    return Availability(totals | {State.UP: 3600.0 * 100, State.DOWN: 3600.0 * 2.5})


@pytest.fixture(scope="session")
def units():
    return read_units()


@pytest.fixture
def snapshot_of(units):
    """snapshot_of(texts) -> (settings, snapshot); texts changes all that strangers wrote."""
    profile = load_profile("commune-2026")

    def make(texts=plain):
        now_s = SystemClock().wall()
        settings = _settings(texts)
        states = (State.UP, State.UNREACHABLE, State.UNKNOWN)
        views = {
            asset.tag: _view(number, asset, state, now_s, texts)
            for number, (asset, state) in enumerate(zip(settings.assets, states, strict=True), 1)
        }
        communes = {code: units.at(code, TODAY) for code in ("22849", "22840")}
        if texts is not plain:
            communes = {c: replace(u, name=texts(u.name)) for c, u in communes.items()}
        router = AssetFacts(
            settings.assets[0],
            last_answer_at_s=now_s - 90,
            office=_office(),
            longest_outage_s=7300.0,
        )
        others = (AssetFacts(asset, asset.os) for asset in settings.assets[1:])
        facts = CommuneFacts(communes["22849"], settings.communes[0], (router, *others))
        found = evaluate(profile, facts, now_s)
        proof = Evidence("measured", texts("proof"), now_s, "RT-1")
        results = tuple(replace(r, evidence=(*r.evidence, proof)) for r in found.results)
        judged = CommuneView(
            communes["22849"], settings.communes[0], replace(found, results=results)
        )
        waiting = CommuneView(communes["22840"], settings.communes[1])
        snapshot = Snapshot(views, {"22849": judged, "22840": waiting})
        if texts is not plain:
            snapshot.problems["store"] = texts("full")
        return settings, snapshot

    return make


def write_history(database, settings, now_s, line):
    """A database in which the first asset has a time line and the others nothing."""
    writer = Writer(database)
    assets = [
        AssetRow(n, asset.tag, asset.commune, "{}", line[0].start_s)
        for n, asset in enumerate(settings.assets, 1)
    ]
    writer.write(Batch(now_s, assets=assets, timelines={1: line}))
    writer.close(clean=True)


def write_seen(database, things, scans):
    """Put an inbox into a database."""
    writer = Writer(database)
    writer.write_seen(things, scans, [], scans_before_s=0.0, tries_before="")
    writer.close(clean=True)


@pytest.fixture
def see():
    """see(site, things, scans=[]) puts an inbox into its database."""
    return lambda site, things, scans=(): write_seen(site.database, things, scans)


def some_things(now_s):
    """A new thing that may be a registered one, one that says nothing, and an ignored one."""
    return [
        Thing(
            1,
            (How.SCAN, How.TRAP),
            ("10.20.0.7", "10.20.1.7"),
            now_s - DAY,
            now_s - 60,
            mac="001a2b3c4d5e",
            facts={"vendor": "Ruijie", "model": "S2910", "sys_name": "sw-03", "serial": "SN-9"},
            count=3,
            credential="lan",
            asset_class="switch",
            commune="22849",
            note="LLDP neighbour of RT-1 on ether2",
            match=Match("SW-1", "address", "serial"),
        ),
        Thing(2, (How.SCAN,), ("10.20.0.8",), now_s, now_s, note="no SNMP agent"),
        Thing(
            3,
            (How.NEIGHBOUR,),
            ("10.20.0.9",),
            now_s,
            now_s,
            state=ThingState.IGNORED,
            reason="máy của khách",
        ),
    ]


def told_of(writer, snapshot, settings):
    """What a daemon does with decisions of people: a real inbox takes them in and writes them."""

    def tell(report):
        with Reader(writer.path) as reader:
            things = reader.things()
        instruments = Instruments(CollectorRegistry())
        inbox = Inbox(things, writer, lambda: known_now(snapshot), settings.discovery, instruments)
        inbox.tell(report)
        inbox.step(SystemClock().wall())

    return tell


@pytest.fixture
def site(tmp_path, units, snapshot_of):
    """site(texts=…, line=…) -> Site with a database. line: the router's time line; by default it
    has an outage of two hours, five days ago, and is twenty days old. seen: whether somebody
    has swept and the inbox holds things."""
    made = []

    def make(texts=plain, line=None, seen=True):
        settings, snapshot = snapshot_of(texts)
        now_s = SystemClock().wall()
        born, down = now_s - 20 * DAY, now_s - 5 * DAY
        database = tmp_path / f"hatang-{len(made)}.db"
        default = [
            Interval(State.UP, born, down),
            Interval(State.DOWN, down, down + 7300),
            Interval(State.UP, down + 7300),
        ]
        write_history(database, settings, now_s, line(now_s) if line else default)
        scan = ScanState("22849", now_s - 90, "d", now_s, "finished", 254, 254, 2, "hand", 33.0)
        if seen:
            write_seen(database, some_things(now_s), [scan])
        writer = Writer(database)
        made.append(writer)
        registry = CollectorRegistry()
        register(registry, snapshot, Instruments(registry).series_dropped)
        desk = DirectDesk(writer)
        names = {code: view.unit.name for code, view in snapshot.communes.items()}
        found = Register(desk, lambda: Rules(settings, names), SystemClock())
        found.take_files(settings.assets)
        return Site(
            settings=settings,
            profiles=ProfileSet.alone(load_profile("commune-2026")),
            units=units,
            judge=Judge.of(settings),
            snapshot=snapshot,
            registry=registry,
            database=database,
            desk=desk,
            register=found,
            people=People(
                desk,
                lambda: settings.people,
                SystemClock(),
                lambda: [view.unit.name for view in snapshot.communes.values()],
            ),
            tell=told_of(writer, snapshot, settings),
            clock=SystemClock(),
            version="0.0.0",
        )

    yield make
    for writer in made:
        writer.close(clean=True)


@pytest.fixture
def serve():
    """serve(site) -> address of a real server in a thread."""
    servers = []

    def start(found):
        opened = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(
            uvicorn.Config(make_app(found), log_config=None, lifespan="off", server_header=False)
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [opened]}, daemon=True)
        thread.start()
        servers.append((server, thread, opened))
        return f"http://127.0.0.1:{opened.getsockname()[1]}"

    yield start
    for server, thread, opened in servers:
        server.should_exit = True
        thread.join(timeout=30)
        opened.close()


@pytest.fixture
def client_of(serve):
    """client_of(site) -> an HTTP client of a real server that serves it."""
    clients = []

    def start(found):
        clients.append(httpx.Client(base_url=serve(found), trust_env=False, timeout=60))
        return clients[-1]

    yield start
    for client in clients:
        client.close()


def enter(client, site, role="administrator", communes=None, name=None):
    """Log a client in as a new user of a role; its forms carry what proves them."""
    name = name or f"{role}-{len(site.people.users())}"
    scope = None if communes is None else frozenset(communes)
    site.people.add(name, Role(role), Actor("test", "cli"), communes=scope)
    secret = site.people.link(name, Actor("test", "cli"))
    login = site.people.use_link(secret, PASSWORD, "127.0.0.1", "httpx")
    client.cookies.set(SESSION, login.secret)
    client.headers["X-CSRF-Token"] = form_token(login.secret)
    return client


@pytest.fixture
def log_in():
    """log_in(client, site, "registrar", communes=["22849"]) -> the client, logged in as a new
    user of that role (an administrator unless said); its POSTs pass the check of forms."""
    return enter


@pytest.fixture
def password():
    """The password of everybody who was logged in by `log_in`."""
    return PASSWORD


@pytest.fixture
def client(client_of, site):
    """A client of the plain site."""
    return client_of(site())


@pytest.fixture(scope="module")
def browser():
    """A real Chromium."""
    if shutil.which("chromium") is None:
        pytest.skip("needs Debian's chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=[
                *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
                *("--disable-background-networking", "--disable-component-update"),
                "--disable-sync",
            ],
        )
        yield opened
        opened.close()


@pytest.fixture
def enter_as_admin(client_of):
    """enter_as_admin(site) -> a client of an administrator."""
    return lambda site: enter(client_of(site), site)
