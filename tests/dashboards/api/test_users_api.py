import httpx

from inventory.people.roles import Right, Role


def test_an_administrator_adds_changes_and_disables_users(client):
    api = client()
    body = {"name": "lan", "role": "registrar", "communes": ["22849"]}
    made = api.post("/users", json=body)
    assert made.status_code == 201, made.text
    assert (made.json()["state"], made.json()["communes"]) == ("invited", ["22849"])
    assert api.post("/users", json=body).status_code == 422
    changed = api.patch("/users/lan", json={"full_name": "Nguyễn Thị Lan", "communes": None})
    assert (changed.json()["full_name"], changed.json()["communes"]) == ("Nguyễn Thị Lan", None)
    assert api.post("/users/lan/link").json()["address"].startswith("/first/")
    assert api.delete("/users/lan").status_code == 204
    assert api.get("/users/lan").json()["state"] == "disabled"
    assert api.get("/users/nobody").status_code == 404


def test_only_administrators_see_users(client):
    for role in (Role.VIEWER, Role.REGISTRAR, Role.PLANNER, Role.OPERATOR):
        other = client(role)
        assert other.get("/users").status_code == 403
        assert other.post("/users", json={"name": "x1", "role": "viewer"}).status_code == 403


def test_a_token_makes_no_token_that_may_more(client, address):
    narrow = client(Role.ADMINISTRATOR, rights={Right.READ})
    wide = narrow.post("/tokens", json={"name": "x", "rights": ["admin"], "days": 3})
    assert wide.status_code == 422
    made = narrow.post("/tokens", json={"name": "x", "rights": ["read"], "days": 3})
    assert made.status_code == 201, made.text
    headers = {"Authorization": f"Bearer {made.json()['token']}"}
    own = httpx.get(f"{address}/api/v1/tokens", headers=headers, trust_env=False, timeout=60)
    assert [token["rights"] for token in own.json()] == [["read"], ["read"]]
    last = own.json()[0]
    assert narrow.delete(f"/tokens/{last['id']}").status_code == 204
    again = httpx.get(f"{address}/api/v1/tokens", headers=headers, trust_env=False, timeout=60)
    assert again.status_code == 401


def test_a_secret_is_not_kept_for_an_idempotency_key(client, site):
    api, key = client(), {"Idempotency-Key": "k"}
    body = {"name": "x", "rights": ["read"], "days": 3}
    secrets = {api.post("/tokens", json=body, headers=key).json()["token"] for _ in range(2)}
    assert len(secrets) == 2
    kept = site.desk.read(lambda c: c.execute("SELECT * FROM api_answers").fetchall())
    assert kept == []


def test_nobody_ends_the_token_of_somebody_else(client, site):
    one = client(Role.VIEWER)
    client(Role.VIEWER)
    theirs = next(token for token in site.people.tokens() if token.user == "user-1")
    assert one.delete(f"/tokens/{theirs.id}").status_code == 404
