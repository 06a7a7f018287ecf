from inventory.people.roles import Right, Role


def _errors(answer):
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == answer.status_code
    return {error["field"]: error["message"] for error in answer.json()["errors"]}


def test_an_asset_is_registered_read_changed_and_removed(client, asset):
    api = client()
    made = api.post("/assets", json=asset("MT-1", serial="CZ3014LK7P"))
    assert made.status_code == 201, made.text
    assert made.headers["location"] == "/api/v1/assets/MT-1"
    assert made.json()["version"] == 1

    read = api.get("/assets/MT-1")
    assert read.json() == made.json()
    assert read.headers["etag"] == '"1"'

    match = {"If-Match": read.headers["etag"]}
    changed = api.patch("/assets/MT-1", json={"room": "201", "serial": None}, headers=match)
    assert changed.status_code == 200, changed.text
    assert (changed.json()["room"], changed.json()["serial"]) == ("201", "")
    assert changed.headers["etag"] == '"2"'

    gone = api.delete("/assets/MT-1", headers={"If-Match": '"2"'})
    assert (gone.status_code, gone.content) == (204, b"")
    assert api.get("/assets/MT-1").status_code == 404
    assert [a["tag"] for a in api.get("/assets", params={"removed": True}).json()] == ["MT-1"]


def test_a_change_of_an_older_version_gets_the_present_state_and_changes_nothing(client, asset):
    api = client()
    api.post("/assets", json=asset("MT-1"))
    api.patch("/assets/MT-1", json={"room": "201"}, headers={"If-Match": '"1"'})
    late = api.patch("/assets/MT-1", json={"room": "305"}, headers={"If-Match": '"1"'})
    assert late.status_code == 412
    assert late.json()["present"]["room"] == "201"
    assert late.headers["etag"] == '"2"'
    assert api.delete("/assets/MT-1", headers={"If-Match": '"1"'}).status_code == 412
    assert api.get("/assets/MT-1").json()["room"] == "201"


def test_a_change_needs_if_match_and_a_star_takes_whatever_is_there(client, asset):
    api = client()
    api.post("/assets", json=asset("MT-1"))
    without = api.patch("/assets/MT-1", json={"room": "201"})
    assert without.status_code == 428
    assert "If-Match" in _errors(without)
    assert api.patch("/assets/MT-1", json={"room": "2"}, headers={"If-Match": "*"}).is_success


def test_refusals_name_the_field(client, asset):
    api = client()
    assert "class" in _errors(api.post("/assets", json=asset("MT-1") | {"class": "toaster"}))
    assert "commune" in _errors(api.post("/assets", json=asset("MT-1", commune="99999")))
    assert "price_vnd" in _errors(api.post("/assets", json=asset("MT-1", price_vnd=-1)))
    old = asset("MT-1", in_use_since="1900-01-01")
    assert "in_use_since" in _errors(api.post("/assets", json=old))
    assert "tag" in _errors(api.post("/assets", json=asset("RT-1")))
    assert "limit" in _errors(api.get("/assets", params={"limit": 0}))
    assert "colour" in _errors(api.get("/assets", params={"colour": "red"}))
    assert "sort" in _errors(api.get("/assets", params={"sort": "colour"}))


def test_what_is_kept_in_the_file_is_read_with_its_times_and_not_changed(client):
    api = client()
    found = api.get("/assets/RT-1").json()
    assert found["origin"] == "file"
    assert found["endpoints"][0]["interval"] == "1m30s"
    match = {"If-Match": "*"}
    assert "tag" in _errors(api.patch("/assets/RT-1", json={"room": "1"}, headers=match))


def test_an_asset_read_can_be_sent_back_as_it_is(client, asset):
    api = client()
    endpoints = [{"kind": "tcp", "port": 22, "interval": "90s"}]
    api.post("/assets", json=asset("MT-1", address="10.0.0.1", endpoints=endpoints))
    whole = api.get("/assets/MT-1").json()
    own = ("id", "version", "origin", "created_at", "changed_at", "removed_at")
    body = {name: value for name, value in whole.items() if name not in own}
    again = api.patch("/assets/MT-1", json=body, headers={"If-Match": '"1"'})
    assert again.status_code == 200, again.text
    assert again.json() == whole


def test_a_list_is_read_in_pieces_by_its_links(client, asset):
    api = client()
    for number in range(7):
        api.post("/assets", json=asset(f"MT-{number}", vendor="Đồng Nai"))
    tags, where = [], "/api/v1/assets?q=dong nai&limit=3&sort=-tag"
    while where:
        piece = api.get(str(api.base_url).removesuffix("/api/v1/") + where)
        assert piece.headers["x-total-count"] == "7"
        tags += [found["tag"] for found in piece.json()]
        where = piece.links.get("next", {}).get("url")
    assert tags == [f"MT-{number}" for number in range(6, -1, -1)]


def test_filters_narrow_a_list(client, asset):
    api = client()
    api.post("/assets", json=asset("MT-1", vendor="Dell", status="in_repair"))
    api.post("/assets", json=asset("MT-2", "22840", vendor="HP"))

    def tags(**query):
        return [found["tag"] for found in api.get("/assets", params=query).json()]

    assert tags(commune="22840", origin="register") == ["MT-2"]
    assert tags(status="in_repair") == ["MT-1"]
    assert tags(vendor="dell") == ["MT-1"]
    assert tags(**{"class": ["router", "server"]}) == ["RT-1"]


def test_a_batch_is_done_whole_or_not_at_all_and_can_be_undone(client, asset):
    api = client()
    api.post("/assets", json=asset("MT-1"))
    steps = [
        {"do": "create", "asset": asset("MT-2")},
        {"do": "edit", "tag": "MT-1", "values": {"room": "7"}},
        {"do": "create", "asset": asset("MT-3", commune="99999")},
    ]
    refused = api.post("/batches", json={"steps": steps})
    assert list(_errors(refused)) == ["steps.2.commune"]
    assert api.get("/assets/MT-2").status_code == 404
    done = api.post("/batches", json={"steps": steps[:2], "reason": "kiểm kê"})
    assert done.json()["changed"] == 2
    batch = done.json()["batch"]
    lines = api.get(f"/batches/{batch}").json()
    assert {line["reason"] for line in lines} == {"kiểm kê"}
    assert api.post(f"/batches/{batch}/undo").json()["changed"] == 2
    assert api.get("/assets/MT-2").status_code == 404
    assert api.get("/assets/MT-1").json()["room"] == ""


def test_one_change_is_undone_unless_something_rests_on_it(client, asset):
    api = client()
    api.post("/assets", json=asset("MT-1"))
    api.patch("/assets/MT-1", json={"room": "1"}, headers={"If-Match": "*"})
    api.patch("/assets/MT-1", json={"room": "2"}, headers={"If-Match": "*"})
    last, first, _ = api.get("/assets/MT-1/changes").json()
    assert (last["before"], last["after"]) == ({"room": "1"}, {"room": "2"})
    refused = api.post(f"/changes/{first['id']}/undo")
    assert refused.status_code == 422
    assert "changed since" in refused.json()["errors"][0]["message"]
    assert api.post(f"/changes/{last['id']}/undo").is_success
    assert api.get("/assets/MT-1").json()["room"] == "1"


def test_a_reader_changes_nothing_and_the_attempt_is_logged(client, asset):
    reader, boss = client(Role.VIEWER), client()
    assert reader.get("/assets").is_success
    denied = reader.post("/assets", json=asset("MT-1"))
    assert denied.status_code == 403
    assert denied.headers["content-type"] == "application/problem+json"
    lines = boss.get("/changes", params={"kind": "access"}).json()
    assert lines[0]["subject"] == "POST /api/v1/assets"


def test_a_token_has_no_more_than_its_scopes(client, asset):
    narrow = client(Role.ADMINISTRATOR, rights={Right.READ})
    assert narrow.get("/assets").is_success
    assert narrow.post("/assets", json=asset("MT-1")).status_code == 403


def test_state_outages_communes_and_readiness_are_read(client):
    api = client()
    assert api.get("/assets/RT-1/state").json()["state"] == "up"
    assert api.get("/assets/RT-1/outages").json() == []
    assert [found["code"] for found in api.get("/communes").json()] == ["22840", "22849"]
    ready = api.get("/communes/22849/readiness").json()
    assert ready["results"]
    assert api.get("/communes/22840/readiness").status_code == 404


def test_a_move_is_kept_and_changes_the_asset(client, asset):
    api = client()
    api.post("/assets", json=asset("MT-1", custodian="Lan"))
    body = {"kind": "transferred", "day": "2026-01-05", "to_commune": "22840"}
    assert "document" in _errors(api.post("/assets/MT-1/moves", json=body))
    done = api.post("/assets/MT-1/moves", json=body | {"document": "12/QĐ", "to_person": "Hoa"})
    assert done.status_code == 201, done.text
    assert (done.json()["commune"], done.json()["custodian"]) == ("22840", "Hoa")
    kept = api.get("/assets/MT-1/moves").json()
    assert [(m["from_person"], m["to_person"], m["undone"]) for m in kept] == [
        ("Lan", "Hoa", False)
    ]
    assert api.post(f"/changes/{kept[0]['change']}/undo").is_success
    assert api.get("/assets/MT-1/moves").json()[0]["undone"] is True
    late = api.post("/assets/MT-1/moves", json=body, headers={"If-Match": '"1"'})
    assert late.status_code == 412


def test_labels_are_a_pdf_of_what_is_asked_for(client, asset):
    api = client()
    api.post("/assets", json=asset("MT-1"))
    made = api.get("/labels", params={"tag": ["MT-1", "RT-1"]})
    assert made.headers["content-type"] == "application/pdf"
    assert made.content.startswith(b"%PDF")
    assert "tag" in _errors(api.get("/labels", params={"tag": "NOBODY"}))
    assert "sheet" in _errors(api.get("/labels", params={"tag": "MT-1", "sheet": "no such"}))
