"""Figures and indicators over the API: declared, read as of a day, withdrawn, undone."""

from inventory.people.roles import Role

HERE, THERE = "22849", "22840"


def entry(**more):
    body = {"commune": HERE, "indicator": "case-files-online", "value": "85 %"}
    return body | {"as_of": "2026-01-01", "document": "BC 12", "by": "Lan"} | more


def values(api, **asked):
    found = api.get("/indicators/values", params=asked).json()
    return {(v["commune"], v["indicator"]): (v["value"], v["state"]) for v in found}


def test_values_are_declared_read_as_of_a_day_and_undone(client):
    api = client(Role.PLANNER)
    known = {one["name"]: one for one in api.get("/indicators").json()}
    assert known["posts"]["figure"]
    assert known["case-files-online"]["kind"] == "share"
    assert known["case-files-online"]["title"]["vi"].startswith("Hồ sơ công việc")
    assert known["case-files-online"]["asked_by"]

    body = {"entries": [entry(), entry(commune=THERE, value=0.5, expires="2026-02-01")]}
    made = api.post("/indicators/entries", json=body)
    assert made.status_code == 201, made.text
    found = values(api, indicator="case-files-online")
    assert found[HERE, "case-files-online"] == (0.85, "holds")
    assert values(api, day="2025-01-01")[HERE, "case-files-online"] == (0.85, "not_yet")
    assert values(api, day="2026-01-31")[THERE, "case-files-online"] == (0.5, "holds")
    assert values(api, day="2026-02-01")[THERE, "case-files-online"] == (0.5, "expired")
    # Nothing of it was known on that day: it is entered today.
    assert (HERE, "case-files-online") not in values(api, day="2026-01-31", known="then")
    assert api.post("/indicators/entries", json=body).json() == {"batch": ""}
    [last, first] = api.get("/indicators/entries").json()
    assert (first["by"], first["document"], last["commune"]) == ("Lan", "BC 12", THERE)
    assert api.post(f"/indicators/batches/{made.json()['batch']}/undo").is_success
    assert (HERE, "case-files-online") not in values(api)
    assert api.post(f"/indicators/batches/{made.json()['batch']}/undo").status_code == 404
    assert all(one["withdrawn_by"] for one in api.get("/indicators/entries").json())


WRONG = [
    ({"value": "1"}, "value"),
    ({"value": 1.5}, "value"),
    ({"value": -1}, "value"),
    ({"indicator": "nonsense"}, "indicator"),
    ({"commune": "99999"}, "commune"),
    ({"expires": "2025-01-01"}, "expires"),
    ({"as_of": "1990-01-01"}, "as_of"),
]


def test_what_cannot_be_is_refused_with_its_field_and_one_entry_is_withdrawn(client):
    api = client()
    for more, field in WRONG:
        body = {"entries": [entry(**more), entry(commune=THERE)]}
        answer = api.post("/indicators/entries", json=body)
        assert answer.status_code == 422, answer.text
        assert [error["field"] for error in answer.json()["errors"]] == [f"entries.0.{field}"]
    assert api.get("/indicators/entries").json() == []

    # One entry is withdrawn, and viewers declare nothing.
    viewer = client(Role.VIEWER)
    api.post("/indicators/entries", json={"entries": [entry()]})
    [kept] = viewer.get("/indicators/entries").json()
    assert viewer.delete(f"/indicators/entries/{kept['id']}").status_code == 403
    assert viewer.post("/indicators/entries", json={"entries": [entry()]}).status_code == 403
    assert api.delete(f"/indicators/entries/{kept['id']}").status_code == 204
    assert api.delete(f"/indicators/entries/{kept['id']}").status_code == 404
