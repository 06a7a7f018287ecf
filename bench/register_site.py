"""The web application over a register that is measured, on loopback, and a client of it."""

from __future__ import annotations

import datetime as dt
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import uvicorn
from prometheus_client import CollectorRegistry

from config.profile import load_profile
from config.sections import Settings
from dashboards.web.app import make_app
from dashboards.web.gate import SESSION
from dashboards.web.site import Site
from inventory.clock import SystemClock
from inventory.judgement import Judge
from inventory.people.people import People
from inventory.people.roles import Role
from inventory.profile_set import ProfileSet
from inventory.register.entry import SYSTEM
from inventory.register.register import Register
from inventory.snapshot import CommuneView, Snapshot
from inventory.store.desk import Desk
from inventory.units import Unit, UnitTable


@contextmanager
def client_of(
    database: Path, desk: Desk, register: Register, settings: Settings
) -> Iterator[httpx.Client]:
    """A client that is logged in as an administrator."""
    day = dt.date(2025, 7, 1)
    units = {c.code: Unit(c.code, "commune", f"Xã {c.code}", "56", day) for c in settings.communes}
    views = {c.code: CommuneView(units[c.code], c) for c in settings.communes}
    people = People(desk, lambda: settings.people, SystemClock(), list)
    site = Site(
        settings=settings,
        profiles=ProfileSet.alone(load_profile("commune-2026")),
        units=UnitTable(list(units.values()), "bench"),
        judge=Judge.of(settings),
        snapshot=Snapshot({}, views),
        registry=CollectorRegistry(),
        database=database,
        desk=desk,
        register=register,
        people=people,
        tell=lambda report: None,
        clock=SystemClock(),
        version="0.0.0",
    )
    people.add("bench", Role.ADMINISTRATOR, SYSTEM)
    login = people.use_link(people.link("bench", SYSTEM), "ghế đá, 7 con vịt", "127.0.0.1", "bench")
    config = uvicorn.Config(make_app(site), log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    with closing(socket.create_server(("127.0.0.1", 0))) as opened:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [opened]}, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{opened.getsockname()[1]}"
        with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
            client.cookies.set(SESSION, login.secret)
            yield client
        server.should_exit = True
        thread.join()
