import datetime as dt

HERE = "22849"


def test_a_stock_take_is_opened_counted_closed_and_applied(client, asset):
    api = client()
    for tag in ("MT-1", "MT-2"):
        assert api.post("/assets", json=asset(tag)).status_code == 201
    today = dt.datetime.now(dt.UTC).date().isoformat()
    opened = api.post("/stock-takes", json={"commune": HERE, "day": today, "title": "Cuối năm"})
    assert opened.status_code == 201, opened.text
    where = f"/stock-takes/{opened.json()['id']}"
    assert opened.json()["book_size"] == 3

    counts = [{"id": f"count-{tag}", "label": tag} for tag in ("MT-1", "RT-1")]
    assert api.post(f"{where}/counts", json={"counts": counts}).json() == {"new": 2, "known": 0}
    assert api.post(f"{where}/counts", json={"counts": counts}).json() == {"new": 0, "known": 2}
    results = {line["tag"]: line["result"] for line in api.get(f"{where}/lines").json()}
    assert results == {"MT-1": "counted", "RT-1": "counted", "MT-2": "missing"}

    closed = api.post(f"{where}/close", json={"conclusion": "Thiếu một máy"})
    assert closed.json()["state"] == "closed"
    assert api.post(f"{where}/counts", json={"counts": counts}).status_code == 409
    assert api.post(f"{where}/close", json={}).status_code == 409
    [proposed] = api.get(f"{where}/proposals").json()
    assert (proposed["tag"], proposed["kind"]) == ("MT-2", "lost")
    applied = api.post(f"{where}/apply", json={"tags": ["MT-2"], "document": "01/BB"})
    assert applied.json()["changed"] == 1
    assert api.get("/assets/MT-2").json()["status"] == "lost"


def test_a_count_that_says_nothing_and_a_stock_take_that_is_not_there_are_told(client):
    api = client()
    today = dt.datetime.now(dt.UTC).date().isoformat()
    api.post("/stock-takes", json={"commune": HERE, "day": today, "title": "x"})
    empty = api.post("/stock-takes/1/counts", json={"counts": [{"id": "count-001"}]})
    assert empty.json()["errors"][0]["field"] == "counts.0"
    assert api.get("/stock-takes/99").status_code == 404
