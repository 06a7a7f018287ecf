"""Communes and assets made of a few words."""

import datetime as dt
import itertools

import pytest

from config.profile import Requirement
from config.sections import Asset, Commune
from inventory.readiness.facts import AssetFacts, CommuneFacts
from inventory.units import Unit

NOW = dt.datetime(2026, 11, 25, 3, 0, tzinfo=dt.UTC)
NOW_S = NOW.timestamp()
UNIT = Unit("22849", "commune", "Xã Thuận Bắc", "56", dt.date(2025, 7, 1))


@pytest.fixture
def now_s():
    return NOW_S


@pytest.fixture
def asset():
    """asset("desktop", last_answer_at_s=…, office=…, in_use_since=…) -> AssetFacts."""
    numbers = itertools.count(1)

    def make(asset_class="desktop", **given):
        facts = {
            key: given.pop(key)
            for key in ("os", "last_answer_at_s", "office", "longest_outage_s", "figures")
            if key in given
        }
        entry = {"tag": f"T{next(numbers)}", "name": "x", "class": asset_class, "commune": "22849"}
        return AssetFacts(Asset.model_validate(entry | given), **facts)

    return make


@pytest.fixture
def commune():
    """commune([assets], posts=…, declared=…) -> CommuneFacts."""

    def make(assets=(), **declared):
        return CommuneFacts(
            UNIT, Commune.model_validate({"code": "22849"} | declared), tuple(assets)
        )

    return make


@pytest.fixture
def requirement():
    """requirement({"measure": …}, at_least=…) -> Requirement."""

    def make(measure, **given):
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

    return make
