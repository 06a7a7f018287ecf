"""Small profiles and communes for questions of money, and two plain ways to answer them."""

import datetime as dt
import itertools

import pytest

from config.profile import Profile
from config.sections import Asset, Commune
from inventory.readiness.facts import AssetFacts, CommuneFacts
from inventory.units import Unit

NOW_S = dt.datetime(2026, 11, 25, 3, 0, tzinfo=dt.UTC).timestamp()
TEXT = {"vi": "v", "en": "e"}
COMPUTERS = {"classes": ["desktop", "laptop"]}


def make_asked(id, measure, *, price=0, per=1, level="mandatory", **more):
    """A requirement for `make_profile`; price: of its remedy, which it has none without."""
    found = {
        "id": id,
        "pillar": "p",
        "title": TEXT,
        "basis": {"kind": "ours", "document": f"about {id}"},
        "level": level,
        "measure": measure,
    }
    if price:
        found["remedy"] = {
            "name": TEXT,
            "price_date": "2026-01-01",
            "source": "test",
            "price_vnd": price,
            "per": per,
        }
    return found | more


def make_profile(*asked):
    """A profile of requirements in one pillar."""
    return Profile.model_validate(
        {
            "id": "x",
            "version": "1",
            "title": TEXT,
            "valid_from": "2026-01-01",
            "pillars": [{"id": "p", "title": TEXT}],
            "requirements": asked,
        }
    )


_NUMBERS = itertools.count(1)


def make_thing(asset_class, *, os="", **given):
    """An asset; its commune is the one that it is put into."""
    tag = given.pop("tag", f"T{next(_NUMBERS)}")
    body = {"tag": tag, "name": tag, "class": asset_class, "commune": "1"}
    return AssetFacts(Asset.model_validate(body | given), os=os)


def make_place(code, things, **declared):
    """A commune with things."""
    unit = Unit(code, "commune", f"Xã {code}", "56", dt.date(2025, 7, 1))
    return CommuneFacts(unit, Commune.model_validate({"code": code} | declared), tuple(things))


@pytest.fixture(scope="session")
def now_s():
    return NOW_S


@pytest.fixture(scope="session")
def asked():
    """asked("ups", {measure…}, price=9, at_least=1) -> a requirement"""
    return make_asked


@pytest.fixture(scope="session")
def profile():
    """profile(asked…) -> Profile"""
    return make_profile


@pytest.fixture(scope="session")
def thing():
    """thing("desktop", os=…, features=…) -> AssetFacts"""
    return make_thing


@pytest.fixture(scope="session")
def place():
    """place("1", [things], posts=…) -> CommuneFacts"""
    return make_place


@pytest.fixture(scope="session")
def shop(asked, profile):
    """A profile with every kind of remedy: bought, replaced, upgraded, equipped, mended."""
    return profile(
        asked(
            "pc",
            {"measure": "assets_per_post", "posts": "posts", "of": COMPUTERS},
            price=17,
            at_least=1.0,
            partly=0.6,
            unit="ratio",
            weight=3,
            ceiling={"basis": {"kind": "norm", "document": "n"}, "allow": [{"posts": "posts"}]},
        ),
        asked("ups", {"measure": "asset_count", "of": {"classes": ["ups"]}}, price=9, at_least=1),
        asked(
            "power",
            {"measure": "asset_count", "of": {"classes": ["ups", "server"]}},
            price=30,
            at_least=2,
            level="desirable",
        ),
        asked(
            "old",
            {"measure": "asset_share", "of": COMPUTERS, "older_than_years": 7},
            price=16,
            at_most=0.2,
            partly=0.5,
            unit="ratio",
            level="desirable",
            weight=2,
        ),
        asked(
            "os",
            {"measure": "asset_share", "of": COMPUTERS, "os_unsupported": True},
            price=3,
            at_most=0.0,
            partly=0.3,
            unit="ratio",
            weight=2,
        ),
        asked(
            "antivirus",
            {"measure": "asset_share", "of": COMPUTERS, "having": {"feature": "antivirus"}},
            price=1,
            at_least=1.0,
            partly=0.5,
            unit="ratio",
        ),
        asked(
            "line",
            {"measure": "line_bandwidth"},
            price=6,
            per=100e6,
            at_least=200e6,
            partly=20e6,
            unit="bps",
        ),
    )
