"""Communes, assets and requirements made of a few words, and what was seen of them."""

import datetime as dt
import itertools

import pytest

from config.profile import Requirement
from config.sections import Asset, Commune
from inventory.readiness.evaluate import judge
from inventory.readiness.facts import AssetFacts, CommuneFacts, Figure
from inventory.rollups import STEPS
from inventory.units import Unit
from inventory.uptime import Availability, State

NOW = dt.datetime(2026, 11, 25, 3, 0, tzinfo=dt.UTC)
NOW_S = NOW.timestamp()
UNIT = Unit("22849", "commune", "Xã Thuận Bắc", "56", dt.date(2025, 7, 1))
FACTS = (
    "os",
    "os_at_s",
    "last_answer_at_s",
    "office",
    "longest_outage_s",
    "observed_at_s",
    "figures",
    "outages_s",
    "programs",
    "ups",
    "numbers",
)


def make_asset(tag, asset_class="desktop", *, watched=False, **given):
    """AssetFacts of a class; what is no fact goes into the register."""
    facts = {key: given.pop(key) for key in FACTS if key in given}
    entry = {"tag": tag, "name": "x", "class": asset_class, "commune": "22849"}
    if watched:
        entry |= {"address": "127.0.0.1", "endpoints": [{"kind": "tcp", "port": 22}]}
    return AssetFacts(Asset.model_validate(entry | given), **facts)


def make_commune(assets=(), zone=dt.UTC, **declared):
    """CommuneFacts of assets and of what is declared."""
    return CommuneFacts(
        UNIT, Commune.model_validate({"code": "22849"} | declared), tuple(assets), zone
    )


def make_requirement(measure, **given):
    """A requirement with a measure; the rest does not matter."""
    return Requirement.model_validate(
        {
            "id": "r",
            "pillar": "p",
            "title": {"vi": "v", "en": "e"},
            "basis": {"kind": "ours", "document": "test"},
            "level": "mandatory",
            "measure": measure,
        }
        | given
    )


def make_seen(up_h=0.0, down_h=0.0, unknown_h=0.0):
    """Office hours in three states."""
    totals = dict.fromkeys(State, 0.0)
    totals |= {
        State.UP: up_h * 3600,
        State.DOWN: down_h * 3600,
        State.UNKNOWN: unknown_h * 3600,
    }
    return Availability(totals)


def make_figure(step, count=10, total=0.0, hours=1, of_hours=None, last_at_s=NOW_S - 3600):
    """A figure all of whose samples lie in one step of the histogram."""
    histogram = [0] * STEPS
    histogram[step] = count
    return Figure(histogram, count, total, last_at_s, hours, of_hours or hours)


@pytest.fixture
def now_s():
    return NOW_S


@pytest.fixture
def asset():
    """asset("desktop", last_answer_at_s=…, office=…, in_use_since=…, watched=True)"""
    numbers = itertools.count(1)
    return lambda asset_class="desktop", **given: make_asset(
        f"T{next(numbers)}", asset_class, **given
    )


@pytest.fixture(scope="session")
def commune():
    """commune([assets], posts=…, declared=…) -> CommuneFacts"""
    return make_commune


@pytest.fixture(scope="session")
def requirement():
    """requirement({"measure": …}, at_least=…) -> Requirement"""
    return make_requirement


@pytest.fixture(scope="session")
def seen():
    """seen(up_h=…, down_h=…, unknown_h=…) -> Availability of the office hours"""
    return make_seen


@pytest.fixture(scope="session")
def figure():
    """figure(step, count=…, total=…, hours=…) -> Figure"""
    return make_figure


@pytest.fixture
def asked(requirement, commune, now_s):
    """asked(measure, [assets], declared…, at_least=…) -> RequirementResult of one question"""

    def ask(measure, assets=(), *, declared=None, **given):
        return judge(requirement(measure, **given), commune(assets, **(declared or {})), now_s)

    return ask
