"""Makes and models: entered once, dated prices, what assets have and the catalogue lacks."""

from dataclasses import replace

import pytest

from config.assets import AssetClass
from inventory.catalogue import Catalogue
from inventory.device_model import Model
from inventory.register.problems import NotFound, Refused

OPTIPLEX = Model(AssetClass.DESKTOP, "Dell", "OptiPlex 3000", 5, 15_000_000, "2026-01-31")


@pytest.fixture
def catalogue(registry):
    return Catalogue(registry.register, registry.desk, registry.clock)


def test_a_model_is_entered_changed_removed_and_restored(catalogue, registry, who):
    id_ = catalogue.save(OPTIPLEX, who)
    catalogue.save(replace(catalogue.get(id_), life_years=7), who)
    assert (catalogue.get(id_).life_years, catalogue.get(id_).version) == (7, 2)
    catalogue.remove(id_, who)
    assert catalogue.models() == []
    catalogue.restore(id_, who)
    assert [m.model for m in catalogue.models(AssetClass.DESKTOP)] == ["OptiPlex 3000"]
    log = registry.register.changes(kind="model")
    assert [c.action for c in log] == ["restored", "removed", "edited", "created"]
    assert (log[2].before, log[2].after) == ({"life_years": 5}, {"life_years": 7})


def test_how_many_assets_are_of_it_and_what_it_lacks(catalogue, registry, who):
    many = [
        {"tag": f"A{n}", "name": "x", "class": "desktop", "commune": "22849"}
        | {"vendor": "dell" if n else "Dell", "model": "OptiPlex 3000"}
        for n in range(2)
    ]
    other = {"tag": "B", "name": "x", "class": "ups", "commune": "22849"}
    registry.fill([*many, other | {"vendor": "APC", "model": "BR900"}], {})
    catalogue.save(OPTIPLEX, who)
    (unlisted,) = catalogue.unlisted()
    assert (unlisted.vendor, unlisted.model, unlisted.asset_class) == ("APC", "BR900", "ups")
    assert [m.assets for m in catalogue.models()] == [2]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"vendor": ""}, "vendor"),
        ({"model": "x" * 201}, "model"),
        ({"life_years": 0}, "life_years"),
        ({"price_vnd": -1}, "price_vnd"),
        ({"price_day": ""}, "price_day"),
        ({"price_day": "31/12/2025"}, "price_day"),
        ({"price_day": "2100-01-01"}, "price_day"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(catalogue, who, change, field):
    with pytest.raises(Refused) as refused:
        catalogue.save(replace(OPTIPLEX, **change), who)
    assert [p.field for p in refused.value.problems] == [field]


def test_one_model_twice_is_refused_in_whatever_case(catalogue, who):
    id_ = catalogue.save(OPTIPLEX, who)
    again = replace(OPTIPLEX, vendor="DELL")
    with pytest.raises(Refused):
        catalogue.save(again, who)
    catalogue.remove(id_, who)
    catalogue.save(again, who)
    with pytest.raises(Refused):
        catalogue.restore(id_, who)
    with pytest.raises(NotFound):
        catalogue.remove(id_, who)


def test_of_two_who_change_a_model_the_second_one_is_told(catalogue, who):
    id_ = catalogue.save(OPTIPLEX, who)
    seen = catalogue.get(id_)
    catalogue.save(replace(seen, note="a"), who)
    with pytest.raises(Refused, match="somebody has changed it"):
        catalogue.save(replace(seen, note="b"), who)
