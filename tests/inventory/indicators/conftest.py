"""Declarations on a real database, two communes, the shipped profile."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from config.profile import load_profile
from config.sections import Commune
from inventory.indicators.definition import definitions
from inventory.indicators.indicators import Indicators, ground_of
from inventory.register.entry import Actor
from inventory.store.desk import direct_desk

TODAY = dt.date(2026, 11, 26)
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NAMES = {"22849": "Thuận Bắc", "22840": "Công Hải"}


class Clock:
    """Stands at noon of TODAY until a test moves it."""

    def __init__(self):
        self.at_s = dt.datetime.combine(TODAY, dt.time(12), ZONE).timestamp()

    def wall(self):
        return self.at_s

    def monotonic(self):
        return self.at_s


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def desk(tmp_path):
    with direct_desk(tmp_path / "hatang.db") as found:
        yield found


@pytest.fixture
def told():
    return []


@pytest.fixture
def ground():
    communes = [Commune(code="22849", posts=40, posts_group_8=33), Commune(code="22840")]
    return ground_of(communes, NAMES, definitions([load_profile("commune-2026")]), ZONE)


@pytest.fixture
def indicators(desk, clock, ground, told):
    return Indicators(desk, clock, lambda: ground, told.extend)


@pytest.fixture
def planner():
    return Actor("lan", "web", "127.0.0.1")
