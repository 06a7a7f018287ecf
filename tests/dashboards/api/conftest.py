"""The API of a small district of two communes, served by a real server, and who may use it."""

import datetime as dt

import pytest
from prometheus_client import CollectorRegistry

from config.profile import load_profile
from config.sections import Settings
from dashboards.web.site import Site
from inventory.clock import SystemClock
from inventory.judgement import Judge
from inventory.people.people import People
from inventory.people.roles import RIGHTS, Role
from inventory.profile_set import ProfileSet
from inventory.readiness.evaluate import evaluate
from inventory.readiness.facts import AssetFacts, CommuneFacts
from inventory.register.checks import Rules
from inventory.register.entry import SYSTEM
from inventory.register.register import Register
from inventory.snapshot import AssetView, CommuneView, EndpointView, FactView, Snapshot
from inventory.store.desk import DirectDesk
from inventory.store.writer import Writer
from inventory.units import read_units
from inventory.uptime import Availability, State
from tests.dashboards.serving import (
    connect,
    empty_database,
    free_servers,
    new_database,
    quick_passwords,
    serve,
)

__all__ = [
    "connect",
    "empty_database",
    "free_servers",
    "new_database",
    "quick_passwords",
    "serve",
]

HERE, THERE = "22849", "22840"
TODAY = dt.date(2026, 1, 1)

SETTINGS = {
    "communes": [{"code": HERE, "posts": 20}, {"code": THERE}],
    "assets": [
        {
            "tag": "RT-1",
            "name": "Router UBND xã",
            "class": "router",
            "commune": HERE,
            "edge": True,
            "address": "127.0.0.1",
            "endpoints": [{"kind": "tcp", "port": 22, "interval": "90s"}],
        },
        {"tag": "PC-2", "name": "Máy vi tính", "class": "desktop", "commune": THERE},
    ],
}


def some_asset(tag, commune=HERE, **values):
    """The body of a POST to /assets."""
    return {"tag": tag, "name": f"Máy {tag}", "class": "desktop", "commune": commune, **values}


@pytest.fixture
def asset():
    """asset(tag, commune=…, **values) -> the body of a POST."""
    return some_asset


@pytest.fixture(scope="session")
def units():
    return read_units()


def _snapshot(settings, units, now_s):
    totals = dict.fromkeys(State, 0.0) | {State.UP: 86_400.0}
    views = {
        asset.tag: AssetView(
            number,
            asset,
            State.UP,
            now_s - 3600,
            endpoints=(EndpointView(f"{asset.tag}/tcp", "tcp", 90.0),),
            facts=(FactView("sys_name", "rt-1", "measured", now_s),),
            availability={"24h": Availability(totals)},
        )
        for number, asset in enumerate(settings.assets, 1)
    }
    here = units.at(HERE, TODAY)
    facts = CommuneFacts(here, settings.communes[0], (AssetFacts(settings.assets[0]),))
    judged = evaluate(load_profile("commune-2026"), facts, now_s)
    communes = {
        HERE: CommuneView(here, settings.communes[0], judged),
        THERE: CommuneView(units.at(THERE, TODAY), settings.communes[1]),
    }
    return Snapshot(views, communes)


@pytest.fixture
def told():
    """What the inbox was told that people decided."""
    return []


@pytest.fixture
def make_site(tmp_path, units, told, new_database):
    """make_site() -> the district, with a database of its own."""
    writers = []

    def make():
        settings = Settings.model_validate(SETTINGS)
        clock = SystemClock()
        snapshot = _snapshot(settings, units, clock.wall())
        database = tmp_path / f"hatang-{len(writers)}.db"
        new_database(database)
        writers.append(Writer(database))
        desk = DirectDesk(writers[-1])
        names = {code: view.unit.name for code, view in snapshot.communes.items()}
        register = Register(desk, lambda: Rules(settings, names), clock)
        register.take_files(settings.assets)
        return Site(
            settings=settings,
            profiles=ProfileSet.alone(load_profile("commune-2026")),
            units=units,
            judge=Judge.of(settings),
            snapshot=snapshot,
            registry=CollectorRegistry(),
            database=database,
            desk=desk,
            register=register,
            people=People(desk, lambda: settings.people, clock),
            tell=told.append,
            clock=clock,
            version="0.0.0",
        )

    yield make
    for writer in writers:
        writer.close(clean=True)


@pytest.fixture
def site(make_site):
    return make_site()


@pytest.fixture
def token_of():
    """token_of(site, role, communes=None, rights=None) -> the secret of a new user's token."""

    def make(site, role=Role.ADMINISTRATOR, communes=None, rights=None):
        name = f"user-{len(site.people.users())}"
        scope = None if communes is None else frozenset(communes)
        user = site.people.add(name, role, SYSTEM, communes=scope)
        held = frozenset(rights) if rights is not None else RIGHTS[role]
        return site.people.add_token(user, "test", held, None, 3600.0, SYSTEM)

    return make


@pytest.fixture
def address(serve, site):
    """Where a real server serves the site."""
    return serve(site)


@pytest.fixture
def client(address, site, token_of, connect):
    """client(role=administrator, communes=None, rights=None) -> an HTTP client with a token."""

    def make(*who, **more):
        headers = {"Authorization": f"Bearer {token_of(site, *who, **more)}"}
        return connect(f"{address}/api/v1", headers=headers)

    return make
