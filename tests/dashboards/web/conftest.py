"""Sites over a small district, served to a client or to a real browser."""

import shutil

import pytest
from prometheus_client import CollectorRegistry

from config.profile import load_profile
from dashboards.exposition import register
from dashboards.web.form_guard import form_token
from dashboards.web.gate import SESSION
from dashboards.web.site import Site
from inventory.clock import SystemClock
from inventory.inbox import Inbox
from inventory.judgement import Judge
from inventory.match import known_now
from inventory.metrics import Instruments
from inventory.people.people import People
from inventory.people.roles import Role
from inventory.profile_set import ProfileSet
from inventory.register.checks import Rules
from inventory.register.entry import Actor
from inventory.register.register import Register
from inventory.sighting import How, Match, ScanState, Thing, ThingState
from inventory.store.desk import DirectDesk
from inventory.store.reader import Reader
from inventory.store.rows import AssetRow, Batch
from inventory.store.writer import Writer
from inventory.uptime import Interval, State
from tests.dashboards.serving import (
    connect,
    empty_database,
    free_servers,
    new_database,
    quick_passwords,
    serve,
)
from tests.dashboards.web.seen_district import DAY, last_midnight, plain, snapshot_of, units

__all__ = [
    "connect",
    "empty_database",
    "free_servers",
    "new_database",
    "quick_passwords",
    "serve",
    "snapshot_of",
    "units",
]

PASSWORD = "ghế đá, mưa rào, 7 con vịt"


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
def site(tmp_path, units, snapshot_of, new_database):
    """site(texts=…, line=…) -> Site with a database. line: the router's time line; by default it
    has an outage of two hours, at noon five days ago, and is twenty days old. seen: whether
    somebody has swept and the inbox holds things."""
    made = []

    def make(texts=plain, line=None, seen=True):
        settings, snapshot = snapshot_of(texts)
        now_s = SystemClock().wall()
        noon = last_midnight(now_s) + DAY / 2
        born, down = noon - 20 * DAY, noon - 5 * DAY
        database = tmp_path / f"hatang-{len(made)}.db"
        new_database(database)
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
def client_of(serve, connect):
    """client_of(site) -> an HTTP client of a real server that serves it."""
    return lambda found: connect(serve(found))


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
