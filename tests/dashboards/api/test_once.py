import gzip

import httpx
import pytest

from dashboards.web.form_guard import form_token
from dashboards.web.gate import SESSION
from inventory.people.roles import Role
from inventory.register.entry import SYSTEM
from inventory.store import api_answers
from inventory.store.errors import StoreError


def test_a_post_with_a_key_is_done_once_and_answered_the_same(client, asset):
    api, key = client(), {"Idempotency-Key": "a-1"}
    first = api.post("/assets", json=asset("MT-1"), headers=key)
    again = api.post("/assets", json=asset("MT-1"), headers=key)
    assert (again.status_code, again.json()) == (201, first.json())
    for header in ("etag", "location", "content-type"):
        assert again.headers[header] == first.headers[header]
    assert again.headers["idempotency-replayed"] == "true"
    assert len(api.get("/assets/MT-1/changes").json()) == 1


def test_a_key_with_another_body_is_refused(client, asset):
    api, key = client(), {"Idempotency-Key": "a-1"}
    api.post("/assets", json=asset("MT-1"), headers=key)
    other = api.post("/assets", json=asset("MT-2"), headers=key)
    assert other.status_code == 422
    assert other.json()["errors"][0]["field"] == "Idempotency-Key"
    assert api.get("/assets/MT-2").status_code == 404


def test_a_refused_request_does_not_use_up_its_key(client, asset):
    api, key = client(), {"Idempotency-Key": "a-1"}
    assert api.post("/assets", json=asset("MT-1", "99999"), headers=key).status_code == 422
    assert api.post("/assets", json=asset("MT-1"), headers=key).status_code == 201


def test_keys_of_different_users_do_not_meet(client, asset):
    one, other, key = client(), client(), {"Idempotency-Key": "a-1"}
    assert one.post("/assets", json=asset("MT-1"), headers=key).status_code == 201
    assert other.post("/assets", json=asset("MT-2"), headers=key).status_code == 201


def test_a_key_whose_answer_could_not_be_kept_is_not_done_again(client, asset, monkeypatch):
    api, key = client(), {"Idempotency-Key": "a-1"}

    def full(*_):
        raise StoreError("full", "no room")

    monkeypatch.setattr(api_answers, "keep", full)
    assert api.post("/assets", json=asset("MT-1"), headers=key).status_code == 201
    monkeypatch.undo()
    assert api.post("/assets", json=asset("MT-1"), headers=key).status_code == 409


def test_answers_are_forgotten_after_a_day(site):
    def begin(key, now_s):
        return site.desk.write(
            "test", lambda c: api_answers.begin(c, "lan", key, "d", now_s, now_s - 86_400.0)
        )

    assert begin("a", 1_000.0) is None
    assert begin("a", 2_000.0).digest == "d"
    assert begin("b", 1_000.0 + 86_401.0) is None
    assert begin("a", 1_000.0 + 86_401.0) is None


def test_a_body_of_another_type_or_too_large_is_refused(client):
    api = client()
    form = api.post("/assets", data={"tag": "MT-1"})
    assert form.status_code == 415
    assert form.json()["errors"][0]["field"] == "Content-Type"
    large = {"Content-Type": "application/json"}
    told = api.post("/assets", content=b"[" * 9_000_000, headers=large)
    assert told.status_code == 413
    untold = api.post("/assets", content=iter([b"[" * 5_000_000] * 2), headers=large)
    assert untold.status_code == 413


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[" * 100_000, b'{"tag": "\\ud800"}', b"\xff\xfe", b"1" * 10_000, b"NaN"]
)
def test_what_is_no_json_of_ours_is_refused_in_words(client, body):
    answer = client().post("/assets", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_packed_body_is_not_unpacked(client):
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    bomb = gzip.compress(b" " * 50_000_000)
    assert client().post("/assets", content=bomb, headers=headers).status_code in (400, 422)


def test_addresses_and_methods_that_are_not_there_are_told_as_problems(client):
    api = client()
    for answer, status in ((api.get("/nothing"), 404), (api.put("/assets/RT-1"), 405)):
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"


def test_nobody_and_a_token_that_holds_no_more_get_401(address):
    for headers in ({}, {"Authorization": "Bearer hatang_nonsense"}):
        answer = httpx.get(f"{address}/api/v1/assets", headers=headers, trust_env=False, timeout=60)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.fixture
def browser_of(site, address):
    """A client with the session of a registrar, as a browser has it."""
    site.people.add("lan", Role.REGISTRAR, SYSTEM)
    login = site.people.use_link(
        site.people.link("lan", SYSTEM), "chim-én-bay 4 phương trời", "", ""
    )
    client = httpx.Client(
        base_url=f"{address}/api/v1", cookies={SESSION: login.secret}, trust_env=False, timeout=60
    )
    yield client, form_token(login.secret)
    client.close()


def test_a_session_changes_something_only_with_its_own_csrf_header(browser_of, asset):
    browser, proof = browser_of
    assert browser.get("/assets").is_success
    for headers in (
        {},
        {"X-CSRF-Token": "x"},
        {"X-CSRF-Token": proof, "Origin": "http://evil.example"},
        {"X-CSRF-Token": proof, "Sec-Fetch-Site": "cross-site"},
    ):
        refused = browser.post("/assets", json=asset("MT-1"), headers=headers)
        assert refused.status_code == 403
        assert refused.headers["content-type"] == "application/problem+json"
    done = browser.post("/assets", json=asset("MT-1"), headers={"X-CSRF-Token": proof})
    assert done.status_code == 201


def test_a_database_that_cannot_be_read_is_told_as_a_problem(client, site, monkeypatch):
    api = client()

    def broken(*_):
        raise StoreError("io", "the disk")

    monkeypatch.setattr(site.desk, "read", broken)
    answer = api.get("/assets")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "10"
