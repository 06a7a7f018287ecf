"""What every answer carries, whom it is given to, and what a defect tells."""

import logging

import pytest

from config.sections import Settings, Web
from dashboards.web import guard
from dashboards.web.guard import HEADERS, host_is_ours

ANSWERS = {
    "/": 200,
    "/communes/22849": 200,
    "/assets/RT-1": 200,
    "/metrics": 200,
    "/healthz": 200,
    "/static/hatang.css": 200,
    "/nowhere": 404,
    "/communes/00000": 404,
    "/assets/NOBODY": 404,
    "/static/nothing.css": 404,
    "/static/%2e%2e/app.py": 404,
    "/docs": 404,
    "/openapi.json": 404,
}


def test_every_answer_has_the_security_headers(client):
    for path, status in ANSWERS.items():
        answer = client.get(path)
        assert answer.status_code == status, path
        for name, value in HEADERS.items():
            assert answer.headers[name] == value, path
        assert answer.headers["cache-control"] in ("no-store", "no-cache"), path
        assert "server" not in answer.headers, path
        assert "set-cookie" not in answer.headers, path


def test_the_policy_allows_nothing_but_our_own_files():
    assert HEADERS["Content-Security-Policy"] == (
        "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
        "form-action 'self'"
    )


def test_nothing_can_be_changed(client):
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        for path in ("/", "/communes/22849", "/assets/RT-1", "/metrics", "/healthz", "/static/x"):
            answer = client.request(method, path)
            assert answer.status_code == 405, (method, path)
            assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_style_sheet_with_its_digest_is_kept_and_one_without_asked_for_again(client):
    start = client.get("/").text
    address = start.partition('rel="stylesheet" href="')[2].partition('"')[0]
    assert "immutable" in client.get(address).headers["cache-control"]
    plain = client.get("/static/hatang.css")
    assert plain.headers["cache-control"] == "no-cache"
    again = client.get("/static/hatang.css", headers={"If-None-Match": plain.headers["etag"]})
    assert again.status_code == 304


def test_another_host_name_is_refused_on_loopback(client):
    refused = client.get("/", headers={"Host": "evil.example"})
    assert refused.status_code == 400
    assert refused.headers["x-content-type-options"] == "nosniff"
    for host in ("localhost:8650", "127.0.0.1", "[::1]:8650"):
        assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    ("host", "listen", "ours"),
    [
        ("localhost", "127.0.0.1", True),
        ("LOCALHOST:8650", "127.0.0.1", True),
        ("[::1]", "::1", True),
        ("127.0.0.5:80", "127.0.0.5", True),
        ("127.0.0.5", "127.0.0.1", False),
        ("", "127.0.0.1", False),
        ("evil.example:8650", "127.0.0.1", False),
        ("localhost.evil.example", "127.0.0.1", False),
        ("127.0.0.1.evil.example", "::1", False),
        ("evil.example", "localhost", False),
        ("hatang.example.vn", "0.0.0.0", True),
        ("hatang.example.vn", "192.0.2.1", True),
    ],
)
def test_only_names_of_loopback_are_answered_on_loopback(host, listen, ours):
    assert host_is_ours(host, listen) is ours


def test_a_listening_address_for_others_takes_any_name(site, client_of):
    found = site()
    found.settings = Settings(web=Web(listen=("0.0.0.0", 8650), reading="open"))
    assert client_of(found).get("/", headers={"Host": "hatang.example.vn"}).status_code == 200


def test_more_than_any_form_takes_is_refused_with_what_to_do(client, monkeypatch):
    monkeypatch.setattr(guard, "MOST_BODY_BYTES", 3 * 2**20)
    refused = client.post("/imports", content=b"x" * (4 * 2**20))
    assert refused.status_code == 413
    assert "Tệp lớn hơn 1 MB" in refused.text
    assert "more than 1 MB" in refused.text
    assert refused.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]
    assert "<" not in client.post("/api/v1/imports", content=b"x" * (4 * 2**20)).text


def test_a_defect_tells_the_log_and_not_the_reader(site, client_of, caplog):
    found = site()
    found.judge = None
    with caplog.at_level(logging.ERROR, "dashboards.web.guard"):
        answer = client_of(found).get("/communes/22849")
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    assert "nhật ký" in answer.text
    assert answer.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert "/communes/22849" in caplog.text
    assert "AttributeError" in caplog.text
