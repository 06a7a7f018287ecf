"""What the pages say, in both languages, and what every answer carries."""

import os
import re

import pytest

from config.sections import Settings
from inventory.judgement import Judge

PATHS = ("/", "/communes/22849", "/communes/22840", "/assets/RT-1", "/assets/SW-1", "/assets/PC-1")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_answers_in_both_languages(client, path, language):
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    assert len(answer.content) < 100_000
    assert "set-cookie" not in answer.headers
    assert client.head(path).status_code == 200


def test_the_first_page_ranks_communes_and_shows_gaps_with_their_cost(client):
    text = client.get("/", headers={"Accept-Language": "vi"}).text
    assert text.index("Xã Thuận Bắc") < text.index("Xã Công Hải")
    assert "Có tường lửa" in text
    assert "58.000.000" in text
    assert "chưa đánh giá" in text
    assert "Firewall" not in text


def test_a_commune_shows_requirements_with_basis_evidence_and_unknown_as_such(client):
    text = client.get("/communes/22849", headers={"Accept-Language": "vi"}).text
    assert "Quyết định 15/2025/QĐ-TTg" in text
    assert "Hatang đề xuất" in text
    assert "chưa có số liệu" in text
    assert "Windows 7" in text
    assert "nằm sau" in text
    english = client.get("/communes/22849", headers={"Accept-Language": "en"}).text
    assert "no data" in english
    assert "chosen by Hatang" in english


def test_an_asset_shows_facts_interfaces_and_outages(client):
    text = client.get("/assets/RT-1", headers={"Accept-Language": "en"}).text
    assert "2 h 1 min" in text
    assert "RouterOS 7" in text
    assert "ether1" in text
    assert "42 Mbit/s" in text
    assert "No outage was seen" not in text
    assert "12,000,000" in text


def test_the_language_can_be_chosen_and_is_remembered(client):
    chosen = client.get("/?lang=en", headers={"Accept-Language": "vi"})
    assert '<html lang="en">' in chosen.text
    assert "samesite=lax" in chosen.headers["set-cookie"].lower()
    assert '<html lang="en">' in client.get("/", headers={"Accept-Language": "vi"}).text
    assert '<html lang="en">' in client.get("/?lang=xx", headers={"Accept-Language": "vi"}).text


@pytest.mark.parametrize("path", ["/communes/00000", "/assets/NOBODY", "/nowhere", "/static/no"])
def test_what_is_not_there_is_404_in_the_readers_language(client, path):
    answer = client.get(path, headers={"Accept-Language": "vi"})
    assert answer.status_code == 404
    assert "Không tìm thấy" in answer.text


@pytest.mark.parametrize("path", ["//evil.example/x", "/%5C/evil.example", "/a%22onclick=x"])
def test_the_links_of_a_page_stay_on_this_site(client, path):
    url = client.base_url.copy_with(raw_path=path.encode())
    text = client.get(url).text
    assert "Không tìm thấy" in text
    links = re.findall(r'href="([^"]*)"', text)
    assert [link for link in links if not re.match(r"#|/(?![/\\])", link)] == []


def test_nothing_can_be_changed(client):
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        for path in (*PATHS, "/metrics", "/healthz"):
            assert client.request(method, path).status_code == 405


@pytest.mark.parametrize("path", ["/", "/nowhere", "/metrics", "/healthz", "/static/hatang.css"])
def test_every_answer_has_the_security_headers(client, path):
    headers = client.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'self'; object-src 'none'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "server" not in headers


def test_another_host_name_is_refused_on_loopback(client):
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400
    for host in ("localhost:8650", "127.0.0.1", "[::1]:8650"):
        assert client.get("/", headers={"Host": host}).status_code == 200


def test_metrics_are_text_or_openmetrics_as_asked(client):
    plain = client.get("/metrics")
    assert plain.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'hatang_asset_up{asset="RT-1",commune="22849"} 1.0' in plain.text
    modern = client.get("/metrics", headers={"Accept": "application/openmetrics-text"})
    assert modern.headers["content-type"].startswith("application/openmetrics-text")
    assert modern.text.endswith("# EOF\n")


def test_trouble_is_on_every_page_and_in_the_health(site, client_of):
    found = site()
    client = client_of(found)
    assert client.get("/healthz").json() == {"status": "ok", "problems": {}}
    found.snapshot.problems["store"] = "full: database or disk is full"
    degraded = client.get("/healthz")
    assert (degraded.status_code, degraded.json()["status"]) == (503, "degraded")
    for path in PATHS:
        assert "database or disk is full" in client.get(path).text


def test_without_a_database_the_present_is_still_shown(site, client_of):
    found = site()
    os.remove(found.database)
    client = client_of(found)
    for path in PATHS:
        answer = client.get(path, headers={"Accept-Language": "en"})
        assert answer.status_code == 200
    assert "History cannot be read now" in client.get("/communes/22849?lang=en").text


def test_an_empty_configuration_says_what_to_do_first(site, client_of):
    found = site()
    found.settings = Settings()
    found.judge = Judge.of(found.settings)
    found.snapshot.assets.clear()
    found.snapshot.communes.clear()
    client = client_of(found)
    assert "Add the codes of your communes" in client.get("/?lang=en").text
