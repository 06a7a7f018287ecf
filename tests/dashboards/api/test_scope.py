"""Somebody for one commune: whatever is asked, nothing of the other one is told or changed."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.people.roles import Role

HERE, THERE = "22849", "22840"
SECRET = "KHONG-AI-BIET"
STAR = {"If-Match": "*"}


def declared(paper):
    """A figure of the other commune."""
    return {
        "commune": THERE,
        "indicator": "desks",
        "value": 3,
        "as_of": "2026-01-05",
        "document": paper,
    }


def _routes(asset):
    """Every way to reach an asset of the other commune (TAG) or to bring one there."""
    edit = {"do": "edit", "tag": "TAG", "values": {"room": "9"}}
    taken = {"do": "edit", "tag": "TAG", "values": {"commune": HERE}}
    given_away = {"do": "edit", "tag": "MINE", "values": {"commune": THERE}}
    given_over = {
        "kind": "transferred",
        "day": "2026-01-05",
        "document": "12/QĐ",
        "to_commune": THERE,
    }
    return [
        ("GET", "/assets", None),
        ("GET", f"/assets?commune={THERE}", None),
        ("GET", f"/assets?commune={HERE}&commune={THERE}", None),
        ("GET", f"/assets?q={SECRET}", None),
        ("GET", "/assets?removed=true", None),
        ("GET", "/assets/TAG", None),
        ("GET", "/assets/TAG/changes", None),
        ("GET", "/assets/TAG/state", None),
        ("GET", "/assets/TAG/outages", None),
        ("GET", "/changes", None),
        ("GET", "/changes?subject=TAG", None),
        ("GET", "/changes?kind=asset&limit=1000", None),
        ("GET", "/batches/BATCH", None),
        ("GET", "/users", None),
        ("GET", "/exports/assets?format=csv", None),
        ("GET", "/reports?as_of=2026-01-05", None),
        ("GET", f"/reports?as_of=2026-01-05&commune={THERE}", None),
        ("GET", "/imports", None),
        ("GET", "/inbox", None),
        ("GET", "/places", None),
        ("GET", f"/places?commune={THERE}", None),
        ("POST", "/places", {"kind": "site", "commune": THERE, "name": "UBND"}),
        ("POST", "/places/1/rename", {"name": "Trạm y tế"}),
        ("DELETE", "/places/1", None),
        ("POST", "/models", {"asset_class": "desktop", "vendor": "Dell", "model": "3050"}),
        ("GET", "/stock-takes", None),
        ("GET", "/stock-takes/1", None),
        ("GET", "/stock-takes/1/lines", None),
        ("GET", "/stock-takes/1/proposals", None),
        ("POST", "/stock-takes/1/counts", {"counts": [{"id": "count-001", "label": "TAG"}]}),
        ("POST", "/stock-takes/1/close", {}),
        ("POST", "/stock-takes/1/apply", {"tags": ["TAG"]}),
        ("POST", "/stock-takes", {"commune": THERE, "day": "2026-01-05", "title": "x"}),
        ("GET", "/labels?tag=TAG", None),
        ("GET", "/indicators/values", None),
        ("GET", f"/indicators/values?commune={THERE}", None),
        ("GET", "/indicators/entries", None),
        ("GET", f"/indicators/entries?commune={THERE}", None),
        ("POST", "/indicators/entries", {"entries": [declared(SECRET)]}),
        ("DELETE", "/indicators/entries/1", None),
        ("POST", "/indicators/batches/DECLARED/undo", None),
        ("GET", "/tokens", None),
        ("GET", "/communes", None),
        ("GET", f"/communes/{THERE}", None),
        ("GET", f"/communes/{THERE}/readiness", None),
        ("GET", "/readiness", None),
        ("GET", f"/readiness/{THERE}", None),
        ("GET", "/readiness/requirements", None),
        ("GET", "/readiness/requirements/pc-per-post", None),
        ("GET", "/plan/gaps", None),
        ("GET", "/plan/scenarios", None),
        ("GET", "/plan/scenarios/1", None),
        ("POST", "/assets", asset("NEW-1", THERE)),
        ("PATCH", "/assets/TAG", {"room": "9"}),
        ("PATCH", "/assets/TAG", {"commune": HERE}),
        ("PATCH", "/assets/MINE", {"commune": THERE}),
        ("DELETE", "/assets/TAG", None),
        ("POST", "/batches", {"steps": [edit]}),
        ("POST", "/batches", {"steps": [taken]}),
        ("POST", "/batches", {"steps": [given_away]}),
        ("POST", "/batches", {"steps": [{"do": "remove", "tag": "TAG"}]}),
        ("POST", "/batches", {"steps": [{"do": "create", "asset": asset("NEW-2", THERE)}]}),
        ("GET", "/assets/TAG/moves", None),
        ("POST", "/assets/TAG/moves", {"kind": "to_repair", "day": "2026-01-05"}),
        ("POST", "/assets/MINE/moves", given_over),
        ("POST", "/batches/BATCH/undo", None),
        ("POST", "/changes/CHANGE/undo", None),
    ]


@pytest.fixture
def two_communes(client, asset):
    """A boss for all, one registrar for HERE, and an asset of each commune."""
    boss, clerk = client(), client(Role.REGISTRAR, [HERE])
    assert boss.post("/assets", json=asset("MINE")).is_success
    made = boss.post("/assets", json=asset("TAG", THERE, note=SECRET, room="1"))
    assert made.is_success
    place = {"kind": "site", "commune": THERE, "name": SECRET}
    assert boss.post("/places", json=place).status_code == 201
    today = dt.datetime.now(dt.UTC).date().isoformat()
    opening = {"commune": THERE, "day": today, "title": SECRET}
    assert boss.post("/stock-takes", json=opening).status_code == 201
    entered = boss.post("/indicators/entries", json={"entries": [declared(SECRET)]})
    assert entered.status_code == 201
    line = boss.get("/assets/TAG/changes").json()[0] | {"declared": entered.json()["batch"]}
    return boss, clerk, line


def _ask(clerk, route, line):
    method, path, body = route
    path = path.replace("DECLARED", line["declared"])
    where = path.replace("BATCH", line["batch"]).replace("CHANGE", str(line["id"]))
    return clerk.request(method, where, json=body, headers=STAR)


def test_no_route_tells_or_changes_anything_of_another_commune(two_communes, asset):
    boss, clerk, line = two_communes
    before = [boss.get(f"/assets/{tag}").json() for tag in ("TAG", "MINE")]
    for route in _routes(asset):
        answer = _ask(clerk, route, line)
        assert SECRET not in answer.text, route
        assert answer.status_code in ((200, 422) if route[0] == "GET" else ()) + (403, 404), route
        assert [boss.get(f"/assets/{tag}").json() for tag in ("TAG", "MINE")] == before, route
    assert boss.get("/assets", params={"commune": THERE}).headers["x-total-count"] == "2"


def test_an_asset_that_comes_is_seen_with_its_history_and_one_that_goes_is_not(two_communes):
    boss, clerk, _ = two_communes
    boss.patch("/assets/TAG", json={"commune": HERE}, headers=STAR)
    boss.patch("/assets/MINE", json={"commune": THERE}, headers=STAR)
    assert clerk.get("/assets/TAG").is_success
    assert len(clerk.get("/assets/TAG/changes").json()) == 2
    assert clerk.get("/assets/MINE").status_code == 404
    assert clerk.get("/changes", params={"subject": "MINE"}).json() == []
    # Undoing the transfer would bring it to where the clerk may do nothing.
    line = boss.get("/assets/TAG/changes").json()[0]
    assert clerk.post(f"/changes/{line['id']}/undo").status_code == 403


_ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["boss", "clerk"]),
        st.sampled_from(["create", "room", "move", "remove", "undo"]),
        st.sampled_from(["A", "B", "C"]),
        st.sampled_from([HERE, THERE]),
    ),
    min_size=1,
    max_size=10,
)


@pytest.fixture
def both(client):
    """(the boss, the clerk)"""
    return {"boss": client(), "clerk": client(Role.REGISTRAR, [HERE])}


@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(actions=_ACTIONS)
def test_whatever_both_do_the_clerk_changes_and_sees_only_the_own_commune(
    both, site, asset, actions
):
    # Tags of their own for each example, so that one server does for all.
    example = site.register.changes(limit=1)[0].id
    clerk_name = site.people.users()[-1].name
    for who, what, letter, commune in actions:
        tag, api = f"{letter}-{example}", both[who]
        if what == "create":
            api.post("/assets", json=asset(tag, commune))
        elif what == "room":
            api.patch(f"/assets/{tag}", json={"room": f"{who}-{commune}"}, headers=STAR)
        elif what == "move":
            api.patch(f"/assets/{tag}", json={"commune": commune}, headers=STAR)
        elif what == "remove":
            api.delete(f"/assets/{tag}", headers=STAR)
        elif last := site.register.changes(tag, kind="asset", limit=1):
            api.post(f"/changes/{last[0].id}/undo")
        listed = {found["tag"] for found in both["clerk"].get("/assets?limit=1000").json()}
        for name in (f"{letter}-{example}" for letter in "ABC"):
            entry = site.register.get(name)
            own = entry is not None and entry.asset.commune == HERE
            assert (name in listed) == own
            assert both["clerk"].get(f"/assets/{name}").is_success == own
    for change in site.register.changes(actor=clerk_name, kind="asset", limit=None):
        told = {side["commune"] for side in (change.before, change.after) if "commune" in side}
        assert told <= {HERE}, change
