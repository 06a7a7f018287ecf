import pytest

from inventory.people.roles import Role
from inventory.sighting import How, Thing, ThingState
from inventory.store.seen import write_things

HERE, THERE = "22849", "22840"


@pytest.fixture
def things(site):
    """Two things of this commune and one of the other in the inbox; decisions are taken down."""
    now_s = site.clock.wall()
    seen = [
        Thing(
            number,
            (How.SCAN,),
            (f"10.20.0.{number}",),
            now_s - 60,
            now_s,
            facts={"vendor": "Ruijie", "model": "S2910", "serial": f"G1NW9XK0042{number}"},
            asset_class="switch",
            commune=commune,
            note="no SNMP agent",
        )
        for number, commune in ((1, HERE), (2, HERE), (3, THERE))
    ]
    site.desk.write("test", lambda c: write_things(c, seen))
    return seen


def test_a_thing_is_registered_with_what_was_seen_of_it(client, things):
    api = client()
    listed = api.get("/inbox").json()
    assert [(thing["id"], thing["facts"]["vendor"]) for thing in listed] == [
        (1, "Ruijie"),
        (2, "Ruijie"),
        (3, "Ruijie"),
    ]
    made = api.post("/inbox/1/register", json={"tag": "SW-7", "name": "Switch tầng 2"})
    assert made.status_code == 201, made.text
    found = made.json()
    assert (found["tag"], found["serial"]) == ("SW-7", "G1NW9XK00421")
    assert (found["address"], found["class"], found["commune"]) == ("10.20.0.1", "switch", HERE)


def test_a_thing_is_attached_ignored_and_taken_back(client, things, asset, told):
    api = client()
    api.post("/assets", json=asset("SW-8", **{"class": "switch"}))
    attached = api.post("/inbox/2/attach", json={"tag": "SW-8", "take": ["serial"]})
    assert attached.status_code == 200, attached.text
    assert attached.json()["serial"] == "G1NW9XK00422"
    assert api.post("/inbox/3/ignore", json={"reason": ""}).status_code == 422
    assert api.post("/inbox/3/ignore", json={"reason": "máy của khách"}).status_code == 204
    assert api.post("/inbox/3/back").status_code == 204
    states = [decision.state for report in told for decision in report.decisions]
    assert states == [ThingState.REGISTERED, ThingState.IGNORED, ThingState.NEW]


def test_things_of_another_commune_are_not_there(client, things):
    clerk = client(Role.OPERATOR, [HERE])
    assert [thing["id"] for thing in clerk.get("/inbox").json()] == [1, 2]
    assert clerk.post("/inbox/3/ignore", json={"reason": "x"}).status_code == 404
    away = {"tag": "SW-9", "commune": THERE}
    assert clerk.post("/inbox/1/register", json=away).status_code == 403
    assert client(Role.VIEWER).post("/inbox/1/ignore", json={"reason": "x"}).status_code == 403
