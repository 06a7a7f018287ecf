"""Logging in over real HTTP: who gets in, who does not, and what a session is worth."""

import re

import pytest

from config.sections import Web
from dashboards.web.gate import SESSION
from inventory.people.roles import Role
from inventory.register.entry import Actor

ADMIN = Actor("test", "cli")


def closed(site):
    """A site that shows nothing without a login."""
    found = site()
    found.settings = found.settings.model_copy(update={"web": Web(reading="login")})
    return found


def token_in(page):
    return re.search(r'name="csrf" value="([^"]+)"', page.text)[1]


def post(client, path, **fields):
    """What a person does: open the page, fill in its form, send it."""
    return client.post(path, data={"csrf": token_in(client.get(path)), **fields})


def log(site):
    return site.desk.read(
        lambda c: c.execute("SELECT actor, action, subject, reason FROM changes").fetchall()
    )


@pytest.mark.parametrize("path", ["/", "/communes/22849", "/assets/RT-1", "/inbox", "/users", "/x"])
def test_without_a_login_every_page_leads_to_it(site, client_of, path):
    answer = client_of(closed(site)).get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login?next=%2F")


def test_machines_read_metrics_and_health_without_a_login(site, client_of):
    client = client_of(closed(site))
    assert client.get("/metrics").status_code == 200
    assert client.get("/healthz").status_code in (200, 503)
    assert client.get("/static/hatang.css").status_code == 200


def test_the_first_password_is_set_by_a_link_that_holds_once(site, client_of, password):
    found = closed(site)
    found.people.add("quan.tri", Role.ADMINISTRATOR, ADMIN)
    path = f"/first/{found.people.link('quan.tri', ADMIN)}"
    client = client_of(found)
    wrong = post(client, path, password="12345678", again="12345678")
    assert wrong.status_code == 422
    assert 'aria-invalid="true"' in wrong.text
    assert post(client, path, password=password, again="else").status_code == 422
    right = post(client, path, password=password, again=password)
    assert (right.status_code, right.headers["location"]) == (303, "/")
    assert client.get("/users").status_code == 200
    assert client_of(found).get(path).status_code == 410


def test_the_login_says_how_the_first_administrator_is_made_until_there_is_one(site, client_of):
    found = closed(site)
    client = client_of(found)
    found.people.add("lan", Role.REGISTRAR, ADMIN)
    assert "hatang user add NAME --role administrator" in client.get("/login").text
    found.people.add("quan.tri", Role.ADMINISTRATOR, ADMIN)
    page = client.get("/login").text
    assert "hatang user add" not in page
    assert "hatang user link NAME" in page


def test_reasons_of_our_own_are_in_the_reader_s_words_and_typed_ones_as_they_are(
    site, client_of, log_in
):
    found = closed(site)
    client = log_in(client_of(found), found)  # by a one-time link
    who = Actor("lan", "web")
    found.register.log(who, "denied", "access", "GET /plan", reason="needs plan in 22849")
    found.register.log(who, "edit", "asset", "PC-1", reason="by a one-time link")
    page = client.get("/changes").text
    assert "bằng liên kết dùng một lần" in page
    assert "needs plan" not in page
    assert page.count("by a one-time link") == 1


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(
    site, client_of, log_in, password
):
    found = closed(site)
    log_in(client_of(found), found, "viewer", name="lan")
    client = client_of(found)
    answers = [
        post(client, "/login", name=name, password="not this one at all")
        for name in ("lan", "nobody")
    ]
    plain = [re.sub('(name="csrf"|name="name"|id="f-name").*', "", a.text) for a in answers]
    assert [a.status_code for a in answers] == [403, 403]
    assert plain[0] == plain[1]
    assert ("?", "denied", "login", "wrong name or password") in log(found)
    assert not any("nobody" in row for row in log(found))
    assert post(client, "/login", name="LAN ", password=password).status_code == 303


def test_a_login_gives_a_new_session_and_goes_where_one_wanted(site, client_of, log_in, password):
    found = closed(site)
    log_in(client_of(found), found, "viewer", name="lan")
    client = client_of(found)
    client.cookies.set(SESSION, "chosen-by-somebody-else")
    page = client.get("/login?next=/inbox")
    answer = client.post(
        "/login",
        data={"csrf": token_in(page), "name": "lan", "password": password, "next": "/inbox"},
    )
    assert answer.headers["location"] == "/inbox"
    cookie = answer.headers["set-cookie"]
    assert "chosen-by" not in cookie
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}


def test_next_never_leads_to_another_site(site, client_of, log_in, password):
    found = closed(site)
    log_in(client_of(found), found, "viewer", name="lan")
    answer = post(client_of(found), "/login", name="lan", password=password, next="//evil.example/")
    assert answer.headers["location"] == "/"


def test_logging_out_ends_the_session_itself(site, client_of, log_in):
    found = closed(site)
    client = log_in(client_of(found), found)
    secret = client.cookies[SESSION]
    assert client.post("/logout").status_code == 303
    client.cookies.set(SESSION, secret)
    assert client.get("/").status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"X-CSRF-Token": "made.up"},
        {"X-CSRF-Token": ""},
    ],
)
def test_a_form_of_another_site_changes_nothing_and_is_logged(site, client_of, log_in, headers):
    found = closed(site)
    client = log_in(client_of(found), found)
    answer = client.post("/users", data={"name": "eve", "role": "administrator"}, headers=headers)
    assert answer.status_code == 403
    assert found.people.user("eve") is None
    assert any(row[1:3] == ("denied", "POST /users") for row in log(found))


def test_what_was_typed_outlives_the_session(site, client_of, log_in, password):
    found = closed(site)
    client = log_in(client_of(found), found, name="chi")
    page = client.get("/users")
    typed = {"csrf": token_in(page), "name": "moi", "full_name": "Lê <b>Mới</b>", "role": "viewer"}
    for session in found.people.sessions():
        found.people.end_session(session.id, ADMIN)
    ours = {"Origin": str(client.base_url).rstrip("/")}
    ended = client.post("/users", data=typed, headers=ours)
    assert ended.status_code == 401
    kept = re.search(r'name="kept" value="([^"]+)"', ended.text)[1].replace("&#34;", '"')
    kept = kept.replace("&lt;", "<").replace("&gt;", ">")
    del client.headers["X-CSRF-Token"]
    again = client.post(
        "/login",
        data={
            "csrf": token_in(ended),
            "name": "chi",
            "password": password,
            "next": "/users",
            "kept": kept,
        },
    )
    assert again.status_code == 200
    assert "&lt;b&gt;" in again.text
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', again.text))
    fields["full_name"] = "Lê <b>Mới</b>"
    assert client.post("/users", data=fields).status_code == 201
    assert found.people.user("moi").full_name == "Lê <b>Mới</b>"


def test_without_a_browser_nothing_is_kept(site, client_of):
    answer = client_of(closed(site)).post("/users", data={"name": "x"})
    assert answer.status_code == 401
    assert "kept" not in answer.text
