import time

from inventory.people.roles import Role

CSV = {"Content-Type": "text/csv"}
SHEET = "Mã tài sản,Tên tài sản,Loại,Mã xã\nMT-1,Máy một,Máy tính để bàn,22849\n"
WAIT_S = 60


def _settled(api, id_, *states):
    """The import once it is in one of the states."""
    until = time.monotonic() + WAIT_S
    found = api.get(f"/imports/{id_}").json()
    while (found["doing"] or found["state"] not in states) and time.monotonic() < until:
        time.sleep(0.05)
        found = api.get(f"/imports/{id_}").json()
    assert found["state"] in states, found
    return found


def test_an_export_comes_back_as_it_is_and_a_change_is_applied_and_undone(client, asset):
    api = client()
    api.post("/assets", json=asset("MT-1"))
    exported = api.get("/exports/assets", params={"format": "csv"})
    assert exported.headers["content-type"].startswith("text/csv")

    same = api.post("/imports", params={"name": "a.csv"}, content=exported.content, headers=CSV)
    assert same.status_code == 202, same.text
    found = _settled(api, same.json()["id"], "ready")
    assert (found["counts"]["changed"], found["counts"]["new"]) == (0, 0)
    assert api.post(f"/imports/{found['id']}/apply").status_code == 409

    other = exported.text.replace("Máy MT-1", "Máy của Lan")
    sent = api.post("/imports", params={"name": "b.csv"}, content=other.encode(), headers=CSV)
    ready = _settled(api, sent.json()["id"], "ready")
    where = f"/imports/{ready['id']}"
    changed = api.get(f"{where}/lines", params={"kind": "changed"})
    assert [line["changes"] for line in changed.json()] == [{"name": "Máy của Lan"}]
    assert api.post(f"{where}/apply").status_code == 202
    _settled(api, ready["id"], "applied")
    assert api.get("/assets/MT-1").json()["name"] == "Máy của Lan"
    assert api.post(f"{where}/undo").json()["state"] == "undone"
    assert api.get("/assets/MT-1").json()["name"] == "Máy MT-1"


def test_a_wrong_row_is_named_and_nothing_is_applied(client, asset):
    api = client()
    api.post("/assets", json=asset("MT-1"))
    exported = api.get("/exports/assets", params={"format": "csv"}).text
    rows = exported.split("\r\n")
    twice = [r.replace("22849", "99999").replace("Máy MT-1", "Máy " * 60) for r in rows]
    wrong = "\r\n".join(t if "MT-1" in r else r for r, t in zip(rows, twice, strict=True)).encode()
    id_ = api.post("/imports", params={"name": "c.csv"}, content=wrong, headers=CSV).json()["id"]
    _settled(api, id_, "ready")
    [line] = api.get(f"/imports/{id_}/lines", params={"kind": "refused"}).json()
    assert [error["field"] for error in line["errors"]] == ["commune", "name"]
    said = set()
    for asked, language in (("*", "en"), ("vi-VN", "vi"), ("hi", "hi"), ("fr", "en")):
        headers = {"Accept-Language": asked}
        answer = api.get(f"/imports/{id_}/lines?kind=refused", headers=headers)
        assert answer.headers["content-language"] == language
        assert "Accept-Language" in answer.headers["vary"]
        [other] = answer.json()
        assert [error["field"] for error in other["errors"]] == ["commune", "name"]
        said.add(tuple(error["message"] for error in other["errors"]))
    assert len(said) == 3
    assert all(len({each[place] for each in said}) == 3 for place in (0, 1))
    assert api.post(f"/imports/{id_}/apply").status_code == 409
    assert api.get("/assets/MT-1").json()["name"] == "Máy MT-1"


def test_what_is_no_sheet_is_refused(client):
    api = client()
    picture = {"Content-Type": "image/png"}
    assert api.post("/imports?name=a.png", content=b"x", headers=picture).status_code == 415
    id_ = api.post("/imports?name=a.xlsx", content=b"PK\x03\x04", headers=CSV).json()["id"]
    problem = _settled(api, id_, "failed")["problem"]
    vietnamese = api.get(f"/imports/{id_}", headers={"Accept-Language": "vi"})
    assert vietnamese.headers["content-language"] == "vi"
    assert vietnamese.json()["problem"] not in ("", problem)


def test_imports_and_exports_stay_in_the_communes_of_who_asks(client, asset):
    boss, clerk = client(), client(Role.REGISTRAR, ["22849"])
    boss.post("/assets", json=asset("THERE-1", "22840"))
    exported = boss.get("/exports/assets", params={"format": "csv"})
    assert "THERE-1" not in clerk.get("/exports/assets", params={"format": "csv"}).text
    sent = boss.post("/imports", params={"name": "a.csv"}, content=exported.content, headers=CSV)
    assert clerk.get(f"/imports/{sent.json()['id']}").status_code == 404
    assert clerk.get("/imports").json() == []
    other = exported.text.replace("Máy THERE-1", "x").encode()
    mine = clerk.post("/imports", params={"name": "b.csv"}, content=other, headers=CSV)
    found = _settled(clerk, mine.json()["id"], "ready", "failed")
    assert found["counts"]["changed"] == 0
    assert clerk.post(f"/imports/{found['id']}/apply").status_code == 409
