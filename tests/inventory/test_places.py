"""Sites, rooms and people: one list of what was entered and what assets say, renamed together."""

import pytest

from inventory.place import Place, PlaceKind
from inventory.places import Places
from inventory.register.problems import Refused

SITE, ROOM, PERSON = PlaceKind.SITE, PlaceKind.ROOM, PlaceKind.PERSON


def asset(tag, **more):
    return {"tag": tag, "name": tag, "class": "desktop", "commune": "22849", **more}


@pytest.fixture
def places(registry):
    return Places(registry.register, registry.desk, lambda: registry.communes)


@pytest.fixture
def filled(registry):
    registry.fill(
        [
            asset("A", site="Trụ sở", room="Một cửa", custodian="Lan"),
            asset("B", site="Trụ sở", room="Phòng máy"),
            asset("C", site="Tru so", room="Một cửa"),
            asset("D", commune="22840", site="Trụ sở", custodian="Lan"),
        ],
        {},
    )


def shown(places, commune="22849"):
    return [(p.kind.value, p.site, p.name, p.assets) for p in places.of(commune)]


def test_what_assets_say_is_listed_with_how_many_say_so(places, filled):
    assert shown(places) == [
        ("site", "", "Tru so", 1),
        ("site", "", "Trụ sở", 2),
        ("room", "Tru so", "Một cửa", 1),
        ("room", "Trụ sở", "Một cửa", 1),
        ("room", "Trụ sở", "Phòng máy", 1),
        ("person", "", "Lan", 1),
    ]
    assert places.suggestions("22849")["room"] == ["Một cửa", "Phòng máy"]


def test_what_was_entered_is_one_row_with_what_assets_say(places, filled, who):
    places.create(Place(SITE, "22849", " Trụ  sở ", note="2 tầng"), who)
    places.create(Place(PERSON, "", "Lan"), who)
    found = {p.name: p for p in places.of() if p.kind is SITE and p.commune == "22849"}
    assert (found["Trụ sở"].note, found["Trụ sở"].assets) == ("2 tầng", 2)
    (lan,) = (p for p in places.of() if p.kind is PERSON)
    assert (lan.commune, lan.assets) == ("", 2)


@pytest.mark.parametrize(
    ("place", "field"),
    [
        (Place(SITE, "22849", "  "), "name"),
        (Place(SITE, "99999", "Trụ sở"), "commune"),
        (Place(SITE, "", "Trụ sở"), "commune"),
        (Place(PERSON, "22849", "Lan", "Trụ sở"), "site"),
        (Place(SITE, "22849", "x" * 201), "name"),
        (Place(SITE, "22849", "a\u202eb"), "name"),
    ],
)
def test_what_is_no_place_is_refused(places, who, place, field):
    with pytest.raises(Refused) as refused:
        places.create(place, who)
    assert [p.field for p in refused.value.problems] == [field]


def test_the_same_place_twice_is_refused(places, who):
    places.create(Place(SITE, "22849", "Trụ sở"), who)
    with pytest.raises(Refused):
        places.create(Place(SITE, "22849", "Trụ sở"), who)


def test_a_rename_changes_the_assets_and_is_undone_as_one(places, filled, registry, who):
    places.create(Place(SITE, "22849", "Tru so"), who)
    places.create(Place(ROOM, "22849", "Kho", "Tru so"), who)
    before, state = shown(places), registry.state()
    batch = places.rename(Place(SITE, "22849", "Tru so"), "Trụ sở", who)
    assert shown(places) == [
        ("site", "", "Trụ sở", 3),
        ("room", "Trụ sở", "Kho", 0),
        ("room", "Trụ sở", "Một cửa", 2),
        ("room", "Trụ sở", "Phòng máy", 1),
        ("person", "", "Lan", 1),
    ]
    assert registry.register.get("D").asset.site == "Trụ sở"
    places.undo(batch, who)
    assert (shown(places), registry.state()) == (before, state)


def test_a_removal_leaves_the_assets_and_is_undone(places, filled, who):
    id_ = places.create(Place(SITE, "22849", "Kho cũ"), who)
    batch = places.remove(id_, who)
    assert "Kho cũ" not in [p.name for p in places.of()]
    places.undo(batch, who)
    assert places.get(id_).name == "Kho cũ"


def test_a_place_of_assets_in_the_files_is_renamed_there(places, registry, who):
    from config.assets import Asset

    registry.register.take_files([Asset.model_validate(asset("F", site="Trụ sở"))])
    with pytest.raises(Refused, match=r"hatang\.yaml"):
        places.rename(Place(SITE, "22849", "Trụ sở"), "UBND", who)


def test_everything_is_in_the_log_of_changes(places, filled, registry, who):
    places.create(Place(SITE, "22849", "Trụ sở"), who)
    places.rename(Place(SITE, "22849", "Trụ sở"), "UBND", who)
    actions = [(c.action, c.subject) for c in registry.register.changes(kind="place")]
    assert actions == [("renamed", "UBND"), ("created", "Trụ sở")]
