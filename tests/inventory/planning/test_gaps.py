"""The list of what is missing: what each gap says of quantity, cost, basis and side effects."""

import datetime as dt

import pytest

from config.profile import Profile
from config.sections import Asset, Commune
from inventory.planning.articles import Kind, articles
from inventory.planning.gaps import gaps
from inventory.readiness.evaluate import evaluate
from inventory.readiness.facts import AssetFacts, CommuneFacts
from inventory.units import Unit

NOW_S = dt.datetime(2026, 11, 25, 3, 0, tzinfo=dt.UTC).timestamp()
TEXT = {"vi": "v", "en": "e"}
REMEDY = {"name": TEXT, "price_date": "2026-01-01", "source": "test"}


def requirement(id, measure, *, price=0, per=1, level="mandatory", **more):
    found = {
        "id": id,
        "pillar": "p",
        "title": TEXT,
        "basis": {"kind": "ours", "document": f"about {id}"},
        "level": level,
        "measure": measure,
    }
    if price:
        found["remedy"] = REMEDY | {"price_vnd": price, "per": per}
    return found | more


def profile(*requirements):
    return Profile.model_validate(
        {
            "id": "x",
            "version": "1",
            "title": TEXT,
            "valid_from": "2026-01-01",
            "pillars": [{"id": "p", "title": TEXT}],
            "requirements": requirements,
        }
    )


UPS = {"measure": "asset_count", "of": {"classes": ["ups"]}}
POWER = {"measure": "assets_per_post", "of": {"classes": ["ups", "server"]}}
LINE = {"measure": "line_bandwidth"}


@pytest.fixture
def found():
    """found(profile, classes…, posts=…) -> gaps of one commune"""

    def find(asked, *classes, now=None, **declared):
        unit = Unit("1", "commune", "x", "", dt.date.min)
        assets = tuple(
            AssetFacts(
                Asset.model_validate({"tag": f"T{n}", "name": "x", "class": c, "commune": "1"})
            )
            for n, c in enumerate(classes)
        )
        facts = CommuneFacts(unit, Commune.model_validate({"code": "1"} | declared), assets)
        return gaps([evaluate(asked, facts, NOW_S)], lambda _: now or asked)

    return find


def test_a_gap_says_how_many_pieces_cost_how_much_and_why(found):
    asked = profile(requirement("ups", UPS, at_least=3, price=9_000_000))
    (gap,) = found(asked, "ups")
    assert (gap.commune, gap.requirement, gap.level, gap.amount) == ("1", "ups", "mandatory", 2)
    assert (gap.pieces, gap.unit_price_vnd, gap.cost_vnd) == (2, 9_000_000, 18_000_000)
    assert gap.basis.document == "about ups"
    assert gap.price_date == dt.date(2026, 1, 1)


def test_what_mends_two_requirements_names_the_other_one(found):
    asked = profile(
        requirement("ups", UPS, at_least=1, price=9_000_000),
        requirement("power", POWER, at_least=0.5, price=9_500_000, unit="ratio"),
    )
    one, other = found(asked, "desktop", posts=2)
    assert one.article == other.article == "buy:ups"
    assert (one.side_effects, other.side_effects) == (("power",), ("ups",))
    assert articles(asked)["buy:ups"].price_vnd == 9_000_000


def test_pieces_are_whole_where_one_mends_much(found):
    asked = profile(requirement("line", LINE, at_least=200e6, price=5, per=150e6, unit="bps"))
    (gap,) = found(asked, internet_bps=20_000_000)
    assert (gap.amount, gap.pieces, gap.cost_vnd) == (180e6, 2, 10)
    assert articles(asked)[gap.article].kind is Kind.MEND


def test_a_gap_without_a_remedy_costs_nothing_and_says_so(found):
    (gap,) = found(profile(requirement("ups", UPS, at_least=1)), "desktop")
    assert (gap.pieces, gap.cost_vnd, gap.remedy, gap.article) == (0, 0, None, "")


def test_what_is_met_or_unknown_is_no_gap(found):
    asked = profile(
        requirement("ups", UPS, at_least=1), requirement("line", LINE, at_least=1, unit="bps")
    )
    assert found(asked, "ups") == ()


def test_a_requirement_that_todays_profile_lost_is_still_a_gap(found):
    line = requirement("line", LINE, at_least=1, unit="bps")
    asked = profile(requirement("ups", UPS, at_least=1, price=5), line)
    (gap,) = found(asked, "desktop", now=profile(line))
    assert (gap.requirement, gap.cost_vnd, gap.remedy, gap.basis) == ("ups", 5, None, None)
