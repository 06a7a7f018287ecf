"""What assets are worth: class by the threshold, wear by dated lives, what is left."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.assets import Asset, AssetClass
from inventory.money import Kind, kind_of, norm, norms, worth

END = dt.date(2026, 12, 31)


def an_asset(price=17_800_000, since="2023-06-01", **more):
    values = {"tag": "PC-1", "name": "Máy vi tính", "class": "desktop", "commune": "22849"}
    return Asset.model_validate(values | {"price_vnd": price, "in_use_since": since} | more)


days = st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31))
assets = st.builds(
    lambda price, since, asset_class, life: an_asset(
        price, since, **{"class": asset_class, "life_years": life}
    ),
    st.integers(0, 10**13),
    days,
    st.sampled_from(AssetClass),
    st.none() | st.integers(1, 100),
)


def test_ten_million_dong_is_a_fixed_asset_and_one_less_is_a_tool():
    assert kind_of(an_asset(10_000_000), END) is Kind.FIXED
    assert kind_of(an_asset(9_999_999), END) is Kind.TOOL
    assert kind_of(an_asset(None), END) is None


def test_five_years_until_2025_and_seven_from_2026_on():
    years = worth(an_asset(10_000_000), dt.date(2040, 1, 1)).years
    assert [(y.year, y.rate, y.wear) for y in years] == [
        (2023, Decimal("20.00"), 2_000_000),
        (2024, Decimal("20.00"), 2_000_000),
        (2025, Decimal("20.00"), 2_000_000),
        (2026, Decimal("14.29"), 1_429_000),
        (2027, Decimal("14.29"), 1_429_000),
        (2028, Decimal("14.29"), 1_142_000),
    ]


def test_the_last_year_takes_what_rounding_left():
    years = worth(an_asset(10_000_000, life_years=3), END).years
    assert [y.wear for y in years] == [3_333_000, 3_333_000, 3_334_000]


def test_wear_is_counted_in_december_and_not_before():
    asset = an_asset(10_000_000, "2026-11-01")
    assert worth(asset, dt.date(2026, 12, 30)).residual == 10_000_000
    assert worth(asset, END).residual == 10_000_000 - 1_429_000


def test_the_year_in_which_it_goes_does_not_count():
    asset = an_asset(10_000_000, "2023-01-01")
    found = worth(asset, dt.date(2030, 1, 1), gone=dt.date(2025, 12, 31))
    assert [y.year for y in found.years] == [2023, 2024]
    assert found.residual == 6_000_000


def test_gone_on_the_day_on_which_it_came_leaves_no_wear():
    found = worth(an_asset(10_000_000, "2025-01-01"), END, gone=dt.date(2025, 1, 1))
    assert (found.wear, found.residual) == (0, 10_000_000)


def test_a_tool_and_what_has_no_price_or_day_have_no_wear():
    for asset in (an_asset(5_000_000), an_asset(None), an_asset(since=None)):
        assert (worth(asset, END).wear, worth(asset, END).residual) == (None, None)


def test_the_day_of_purchase_stands_in_for_the_day_of_use():
    asset = an_asset(10_000_000, None, purchased="2026-03-01")
    assert worth(asset, END).wear == 1_429_000


def test_a_camera_kept_eight_years_until_the_new_table():
    assert norm("life", dt.date(2015, 1, 1), AssetClass.CAMERA).value == 8
    assert norm("life", END, AssetClass.CAMERA).value == 5


def test_every_norm_says_where_it_is_from_and_how_sure_it_is():
    assert all(row.source and row.mark in "HMLK" and row.value > 0 for row in norms())
    keys = [(row.what, row.asset_class, row.valid_from) for row in norms()]
    assert len(keys) == len(set(keys))


@given(assets, days)
def test_wear_lies_between_nothing_and_the_cost(asset, day):
    found = worth(asset, day)
    if found.wear is not None:
        assert 0 <= found.wear <= found.cost
        assert found.wear + found.residual == found.cost
        assert sum(y.wear for y in found.years) == found.wear
        assert all(y.wear > 0 for y in found.years)


@given(assets, days, days)
def test_value_only_falls(asset, one, other):
    early, late = (worth(asset, day) for day in sorted((one, other)))
    if early.residual is not None:
        assert early.residual >= late.residual
        assert late.years[: len(early.years)] == early.years


@given(assets)
def test_after_its_longest_life_nothing_is_left(asset):
    found = worth(asset, dt.date(2200, 1, 1))
    if found.residual is not None:
        assert found.residual == 0
        assert len(found.years) <= max(asset.life_years or 0, 8)


@given(assets, days, days)
def test_what_is_gone_wears_no_more(asset, gone, day):
    found = worth(asset, max(day, gone), gone=gone)
    if found.wear is not None:
        assert all(y.year < gone.year for y in found.years)


@pytest.mark.parametrize("asset_class", AssetClass)
def test_every_class_has_a_life(asset_class):
    assert 1 <= norm("life", END, asset_class).value <= 20
