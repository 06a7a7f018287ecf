"""What ends when: by hand on single things, and that nothing is counted twice or lost."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.assets import Asset, AssetClass, AssetStatus
from config.profile import load_profile
from inventory.planning.ends import UNKNOWN, End, Ends, end_of, life_end
from inventory.planning.forecast import COUNTED, Forecast, When, forecast
from inventory.planning.present import costs_soon
from inventory.planning.prices import OWN, prices
from inventory.readiness.os_support import SupportTable, shipped
from inventory.snapshot import AssetView, Snapshot
from inventory.uptime import State

TODAY = dt.date(2026, 11, 26)
PROFILE = load_profile("commune-2026")
PRICE_OF = prices(lambda commune: PROFILE)


def asset(**fields: Any) -> Asset:
    base = {"tag": "PC-1", "name": "Máy vi tính", "class": "desktop", "commune": "22849"}
    return Asset.model_validate(base | fields)


def made(*assets: Asset) -> Forecast:
    return forecast(assets, TODAY, PRICE_OF)


def test_a_computer_lives_seven_years_by_the_table_of_2026():
    assert life_end(asset(in_use_since="2021-03-01"), TODAY) == dt.date(2028, 3, 1)


def test_a_life_of_its_own_goes_before_the_table():
    assert life_end(asset(in_use_since="2021-03-01", life_years=4), TODAY) == dt.date(2025, 3, 1)


def test_the_day_of_purchase_stands_for_a_missing_day_of_use():
    assert life_end(asset(purchased="2024-02-29", life_years=5), TODAY) == dt.date(2029, 3, 1)


def test_a_longer_life_that_is_going_to_hold_is_taken_into_account():
    bought = asset(in_use_since="2020-06-01")
    # The table of 2025 says 5 years, that of 2026 says 7 from its first day on.
    assert life_end(bought, dt.date(2025, 3, 1)) == dt.date(2025, 6, 1)
    assert life_end(asset(in_use_since="2021-06-01"), dt.date(2025, 3, 1)) == dt.date(2028, 6, 1)


def test_a_shorter_life_ends_nothing_before_it_holds():
    camera = asset(**{"class": "camera", "in_use_since": "2018-03-01"})
    assert life_end(camera, dt.date(2025, 12, 1)) == dt.date(2026, 1, 1)


@pytest.mark.parametrize(
    ("fields", "os", "expected"),
    [
        ({}, "Windows 10 Pro", End(True, dt.date(2025, 10, 14))),
        ({}, "Windows 11 Pro", UNKNOWN),
        ({}, "BeOS", UNKNOWN),
        ({}, "", UNKNOWN),
        ({"class": "printer"}, "", None),
        ({"class": "router"}, "RouterOS 6", UNKNOWN),
    ],
)
def test_support_ends_by_the_makers_table(fields, os, expected):
    assert end_of(Ends.SUPPORT, asset(**fields), os, TODAY, shipped()) == expected


def test_what_ended_yesterday_is_overdue_and_what_ends_today_is_not():
    found = made(
        asset(tag="A", warranty_until="2026-11-25"), asset(tag="B", warranty_until="2026-11-26")
    )
    assert [e.asset.tag for e in found.at(When.OVERDUE, Ends.WARRANTY)] == ["A"]
    assert [e.asset.tag for e in found.at(When.AHEAD, Ends.WARRANTY)] == ["B"]
    assert found.months[0].counts[Ends.WARRANTY] == 1


def test_the_years_say_what_replacing_costs_by_the_profiles_price():
    found = made(
        *(asset(tag=f"A-{n}", in_use_since="2021-03-01") for n in range(3)),
        asset(**{"tag": "F", "class": "firewall", "in_use_since": "2023-01-01"}),
    )
    costs = {span.first.year: span.costs_vnd.get(Ends.LIFE, 0) for span in found.years}
    # Three computers of 17.8 million in March 2028; a firewall of 58 million after 5 years.
    assert costs == {2026: 0, 2027: 0, 2028: 53_400_000 + 58_000_000, 2029: 0, 2030: 0, 2031: 0}
    price = found.at(When.AHEAD, Ends.LIFE)[0].price
    assert price is not None
    assert (price.requirement, price.day) == ("firewall", dt.date(2026, 8, 10))


def test_what_the_profile_has_no_price_for_costs_what_it_cost_when_it_was_bought():
    camera = asset(**{"class": "camera", "price_vnd": 2_500_000, "in_use_since": "2023-05-02"})
    (life,) = made(camera).at(When.AHEAD, Ends.LIFE)
    assert life.price is not None
    assert (life.price.vnd, life.price.source, life.price.day) == (
        2_500_000,
        OWN,
        dt.date(2023, 5, 2),
    )


def test_what_has_no_price_anywhere_is_counted_and_costs_nothing():
    (life,) = made(asset(**{"class": "camera", "in_use_since": "2023-05-02"})).at(
        When.AHEAD, Ends.LIFE
    )
    assert (life.price, life.cost_vnd) == (None, 0)


def test_lost_support_is_mended_by_an_upgrade_and_not_by_a_new_computer():
    server = asset(**{"class": "server", "os": "Windows Server 2019"})
    (support,) = made(server).at(When.AHEAD, Ends.SUPPORT)
    assert (support.day, support.cost_vnd) == (dt.date(2029, 1, 9), 3_500_000)


def test_the_next_twelve_months_are_counted_from_this_one_on():
    found = made(
        asset(tag="A", in_use_since="2019-11-27"),
        asset(tag="B", in_use_since="2020-10-31"),
        asset(tag="C", in_use_since="2020-11-01"),
        asset(tag="D", in_use_since="2015-01-01"),
    )
    assert found.cost_vnd(Ends.LIFE, 12) == 2 * 17_800_000
    assert found.cost_vnd(Ends.LIFE, 12, overdue=True) == 3 * 17_800_000


def test_the_costs_of_one_commune_for_the_metrics_are_those_of_its_assets_alone():
    things = (
        asset(tag="A", in_use_since="2020-01-01"),
        asset(tag="B", in_use_since="2015-01-01", os="Windows 7"),
        asset(tag="C", in_use_since="2020-01-01", commune="22840"),
    )
    views = {a.tag: AssetView(1, a, State.UNKNOWN, 0.0) for a in things}
    found = costs_soon(Snapshot(views), "22849", TODAY, PRICE_OF)
    assert found["life", "year"] == found["life", "overdue"] == 17_800_000
    assert (found["support", "year"], found["support", "overdue"]) == (0, 3_500_000)
    assert set(costs_soon(Snapshot(), "22849", TODAY, PRICE_OF).values()) == {0}


def test_the_costs_of_one_commune_follow_the_table_of_systems_that_is_given():
    thing = asset(in_use_since="2020-01-01", os="Windows 7")
    views = {"PC-1": AssetView(1, thing, State.UNKNOWN, 0.0)}
    row = {"prefix": "windows 7", "supported_until": "2027-01-31", "source": "a contract"}
    longer = SupportTable([row])
    found = costs_soon(Snapshot(views), "22849", TODAY, PRICE_OF, longer)
    assert (found["support", "year"], found["support", "overdue"]) == (3_500_000, 0)


DAYS = st.none() | st.dates(dt.date(2005, 1, 1), dt.date(2040, 12, 31))

ASSETS = st.lists(
    st.builds(
        lambda cls, status, since, bought, warranty, os, price, life, commune: {
            "class": cls.value,
            "status": status.value,
            "in_use_since": since,
            "purchased": bought,
            "warranty_until": warranty,
            "os": os,
            "price_vnd": price,
            "life_years": life,
            "commune": commune,
        },
        st.sampled_from(AssetClass),
        st.sampled_from(AssetStatus),
        DAYS,
        DAYS,
        DAYS,
        st.sampled_from(["", "Windows 10", "Windows 11", "Debian 12", "BeOS"]),
        st.none() | st.integers(0, 10**9),
        st.none() | st.integers(1, 100),
        st.sampled_from(["22849", "22846"]),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(ASSETS, st.dates(dt.date(2019, 1, 1), dt.date(2030, 12, 31)))
def test_months_add_up_to_years_and_everything_to_the_register(rows, today):
    assets = [asset(**{**row, "tag": f"A-{n}"}) for n, row in enumerate(rows)]
    found = forecast(assets, today, PRICE_OF)
    there = [one for one in assets if one.status in COUNTED]
    assert len(found.months) == 60
    for kind in Ends:
        mine = [e for e in found.endings if e.kind is kind]
        tags = [e.asset.tag for e in mine]
        assert len(tags) == len(set(tags))
        if kind is not Ends.SUPPORT:
            assert len(tags) == len(there)
        ahead = found.at(When.AHEAD, kind)
        for spans in (found.months, found.years):
            assert sum(span.counts.get(kind, 0) for span in spans) == len(ahead)
            cost = sum(span.costs_vnd.get(kind, 0) for span in spans)
            assert cost == sum(e.cost_vnd for e in ahead) == found.cost_vnd(kind, 60)
            for span in spans:
                behind = found.between(span.first, span.last, kind)
                assert len(behind) == span.counts.get(kind, 0)
        assert sum(len(found.at(when, kind)) for when in When) == len(mine)
        parts = [found.of(commune=code) for code in ("22849", "22846")]
        assert sum(len(part.at(When.AHEAD, kind)) for part in parts) == len(ahead)
