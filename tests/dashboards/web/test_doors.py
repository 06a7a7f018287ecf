"""Every address of the pages, against every role and commune scope: who gets in, who does not.

A new route without an entry in DOORS fails here, and so does one that lets in whom it must not.
The API's own addresses are walked in tests/dashboards/api.
"""

import itertools

import httpx
import pytest
from fastapi.routing import APIRoute
from starlette.routing import Mount

from config.assets import PAGE_TAGS
from config.sections import Web
from dashboards.web.app import make_app
from dashboards.web.stock_take import stock_takes_of
from inventory.people.roles import Right
from inventory.register.entry import Actor
from inventory.stock_take.opening import Opening

CLI = Actor("test", "cli")

# Who may: anybody, a user of whatever role, or whoever has a right (in commune 22849 where the
# address names a thing of it).
ANYBODY, USER = "anybody", "user"
READ, REGISTER, PLAN, OPERATE, ADMIN = "read", "register", "plan", "operate", "admin"
DECIDE = "register or operate"
DECLARE = "register or plan"
HERE = True
"""The thing lies in commune 22849: somebody for another commune is refused."""

EVERYWHERE = "everywhere"
"""What belongs to all communes: somebody limited to some is refused."""

DOORS = {
    ("GET", "/login"): (ANYBODY, "/login", False),
    ("POST", "/login"): (ANYBODY, "/login", False),
    ("POST", "/logout"): (ANYBODY, "/logout", False),
    ("GET", "/first/{secret}"): (ANYBODY, "/first/x", False),
    ("POST", "/first/{secret}"): (ANYBODY, "/first/x", False),
    ("GET", "/oidc/start"): (ANYBODY, "/oidc/start", False),
    ("GET", "/oidc/back"): (ANYBODY, "/oidc/back", False),
    ("GET", "/oidc/out"): (ANYBODY, "/oidc/out", False),
    ("GET", "/oidc/end"): (ANYBODY, "/oidc/end", False),
    ("GET", "/metrics"): (ANYBODY, "/metrics", False),
    ("GET", "/metrics/communes/{code}"): (ANYBODY, "/metrics/communes/22849", False),
    ("GET", "/sd"): (ANYBODY, "/sd", False),
    ("GET", "/healthz"): (ANYBODY, "/healthz", False),
    ("GET", "/account"): (USER, "/account", False),
    ("POST", "/account/password"): (USER, "/account/password", False),
    ("POST", "/account/language"): (USER, "/account/language", False),
    ("GET", "/sessions"): (USER, "/sessions", False),
    ("POST", "/sessions/{id}/end"): (ADMIN, "/sessions/99999/end", False),
    ("GET", "/tokens"): (USER, "/tokens", False),
    ("POST", "/tokens"): (USER, "/tokens", False),
    ("POST", "/tokens/{id}/end"): (ADMIN, "/tokens/99999/end", False),
    ("GET", "/users"): (ADMIN, "/users", False),
    ("POST", "/users"): (ADMIN, "/users", False),
    ("GET", "/users/{name}"): (ADMIN, "/users/nobody", False),
    ("POST", "/users/{name}"): (ADMIN, "/users/nobody", False),
    ("POST", "/users/{name}/disable"): (ADMIN, "/users/nobody/disable", False),
    ("POST", "/users/{name}/link"): (ADMIN, "/users/nobody/link", False),
    ("GET", "/"): (READ, "/", False),
    ("GET", "/communes/{code}"): (READ, "/communes/22849", HERE),
    # Of each, somebody for some communes sees only those.
    ("GET", "/readiness"): (READ, "/readiness", False),
    ("GET", "/readiness/requirements/{id}"): (
        READ,
        "/readiness/requirements/pc-per-post",
        False,
    ),
    ("GET", "/readiness/trend"): (READ, "/readiness/trend", False),
    ("GET", "/readiness/compare"): (READ, "/readiness/compare", False),
    ("GET", "/profiles"): (READ, "/profiles", False),
    ("POST", "/profiles"): (PLAN, "/profiles", EVERYWHERE),
    ("GET", "/profiles/{name}"): (READ, "/profiles/commune-2026", False),
    ("POST", "/profiles/{name}"): (PLAN, "/profiles/none", EVERYWHERE),
    ("GET", "/profiles/{name}/edit"): (PLAN, "/profiles/none/edit", EVERYWHERE),
    ("POST", "/profiles/{name}/preview"): (PLAN, "/profiles/none/preview", EVERYWHERE),
    ("GET", "/profiles/{name}/use"): (PLAN, "/profiles/none/use", EVERYWHERE),
    ("POST", "/profiles/{name}/use"): (PLAN, "/profiles/none/use", EVERYWHERE),
    ("GET", "/assets/{tag}"): (READ, "/assets/RT-1", HERE),
    ("GET", "/plan"): (READ, "/plan", False),
    ("GET", "/plan/gaps.{suffix}"): (READ, "/plan/gaps.csv", False),
    ("GET", "/plan/forecast"): (READ, "/plan/forecast", False),
    ("GET", "/plan/findings"): (READ, "/plan/findings", False),
    ("GET", "/plan/scenarios"): (READ, "/plan/scenarios", False),
    ("POST", "/plan/scenarios"): (PLAN, "/plan/scenarios", False),
    ("GET", "/plan/scenarios/compare"): (READ, "/plan/scenarios/compare", False),
    ("GET", "/plan/scenarios/{id:int}"): (READ, "/plan/scenarios/9999", False),
    ("POST", "/plan/scenarios/{id:int}/delete"): (PLAN, "/plan/scenarios/9999/delete", False),
    ("GET", "/plan/scenarios/runs/{key}"): (PLAN, "/plan/scenarios/runs/x", False),
    ("POST", "/plan/scenarios/runs/{key}"): (PLAN, "/plan/scenarios/runs/x", False),
    ("GET", "/stock-takes"): (READ, "/stock-takes", False),
    ("POST", "/stock-takes"): (REGISTER, "/stock-takes", False),
    ("GET", "/stock-takes/worker.js"): (READ, "/stock-takes/worker.js", False),
    ("GET", "/stock-takes/{id:int}"): (READ, "/stock-takes/1", HERE),
    ("GET", "/stock-takes/{id:int}/minutes"): (READ, "/stock-takes/1/minutes", HERE),
    ("GET", "/stock-takes/{id:int}/minutes.xlsx"): (READ, "/stock-takes/1/minutes.xlsx", HERE),
    ("GET", "/stock-takes/{id:int}/sheet.xlsx"): (READ, "/stock-takes/1/sheet.xlsx", HERE),
    ("GET", "/stock-takes/{id:int}/count"): (REGISTER, "/stock-takes/1/count", HERE),
    ("GET", "/stock-takes/{id:int}/book.json"): (REGISTER, "/stock-takes/1/book.json", HERE),
    ("POST", "/stock-takes/{id:int}/close"): (REGISTER, "/stock-takes/1/close", HERE),
    ("POST", "/stock-takes/{id:int}/apply"): (REGISTER, "/stock-takes/1/apply", HERE),
    ("POST", "/stock-takes/{id:int}/counts"): (REGISTER, "/stock-takes/1/counts", HERE),
    ("POST", "/stock-takes/{id:int}/ticks"): (REGISTER, "/stock-takes/1/ticks", HERE),
    ("POST", "/stock-takes/{id:int}/withdraw"): (REGISTER, "/stock-takes/1/withdraw", HERE),
    ("POST", "/stock-takes/{id:int}/name"): (REGISTER, "/stock-takes/1/name", HERE),
    ("POST", "/stock-takes/{id:int}/sheet"): (REGISTER, "/stock-takes/1/sheet", HERE),
    ("GET", "/imports"): (REGISTER, "/imports", False),
    ("POST", "/imports"): (REGISTER, "/imports", False),
    ("GET", "/imports/{id_}"): (REGISTER, "/imports/x", False),
    ("GET", "/imports/{id_}/columns"): (REGISTER, "/imports/x/columns", False),
    ("POST", "/imports/{id_}/columns"): (REGISTER, "/imports/x/columns", False),
    ("GET", "/imports/{id_}/errors.xlsx"): (REGISTER, "/imports/x/errors.xlsx", False),
    ("POST", "/imports/{id_}/apply"): (REGISTER, "/imports/x/apply", False),
    ("POST", "/imports/{id_}/undo"): (REGISTER, "/imports/x/undo", False),
    ("GET", "/exports"): (READ, "/exports", False),
    ("GET", "/exports/assets.{suffix}"): (READ, "/exports/assets.csv", False),
    ("GET", "/about"): (READ, "/about", False),
    ("GET", "/assets"): (READ, "/assets", False),
    ("POST", "/assets/filters"): (READ, "/assets/filters", False),
    ("GET", "/assets/new"): (REGISTER, "/assets/new", False),
    ("POST", "/assets/new"): (REGISTER, "/assets/new", False),
    ("GET", "/assets/bulk"): (REGISTER, "/assets/bulk", False),
    ("POST", "/assets/bulk"): (REGISTER, "/assets/bulk", False),
    ("GET", "/assets/{tag}/copy"): (REGISTER, "/assets/RT-1/copy", HERE),
    ("POST", "/assets/{tag}/copy"): (REGISTER, "/assets/RT-1/copy", HERE),
    ("GET", "/assets/{tag}/edit"): (REGISTER, "/assets/RT-1/edit", HERE),
    ("POST", "/assets/{tag}/edit"): (REGISTER, "/assets/RT-1/edit", HERE),
    ("GET", "/assets/{tag}/moves"): (READ, "/assets/RT-1/moves", HERE),
    ("POST", "/assets/{tag}/moves"): (REGISTER, "/assets/RT-1/moves", HERE),
    ("GET", "/assets/{tag}/remove"): (REGISTER, "/assets/RT-1/remove", HERE),
    ("POST", "/assets/{tag}/remove"): (REGISTER, "/assets/RT-1/remove", HERE),
    ("GET", "/changes"): (READ, "/changes", False),
    ("GET", "/changes.csv"): (READ, "/changes.csv", False),
    ("POST", "/changes/{what}/undo"): (REGISTER, "/changes/b0/undo", False),
    ("GET", "/inbox"): (READ, "/inbox", False),
    ("POST", "/inbox"): (DECIDE, "/inbox", False),
    ("POST", "/inbox/settle"): (DECIDE, "/inbox/settle", False),
    # What lies elsewhere is not found, so that nobody learns that it is there.
    ("GET", "/inbox/{id:int}"): (READ, "/inbox/1", False),
    ("POST", "/inbox/{id:int}/register"): (DECIDE, "/inbox/1/register", False),
    ("POST", "/inbox/{id:int}/attach"): (DECIDE, "/inbox/1/attach", False),
    ("POST", "/inbox/{id:int}/back"): (DECIDE, "/inbox/1/back", False),
    ("GET", "/places"): (READ, "/places", False),
    ("GET", "/places/{code}"): (READ, "/places/22849", HERE),
    ("POST", "/places/{code}"): (REGISTER, "/places/22849", HERE),
    ("POST", "/places/{code}/rename"): (REGISTER, "/places/22849/rename", HERE),
    ("POST", "/places/{code}/remove"): (REGISTER, "/places/22849/remove", HERE),
    ("POST", "/places/{code}/undo"): (REGISTER, "/places/22849/undo", HERE),
    ("POST", "/places/{code}/merge"): (REGISTER, "/places/22849/merge", HERE),
    ("GET", "/catalogue"): (READ, "/catalogue", False),
    ("POST", "/catalogue"): (REGISTER, "/catalogue", EVERYWHERE),
    ("GET", "/catalogue/{id:int}"): (READ, "/catalogue/1", False),
    ("POST", "/catalogue/{id:int}"): (REGISTER, "/catalogue/1", EVERYWHERE),
    ("POST", "/catalogue/{id:int}/remove"): (REGISTER, "/catalogue/1/remove", EVERYWHERE),
    ("POST", "/catalogue/{id:int}/restore"): (REGISTER, "/catalogue/1/restore", EVERYWHERE),
    ("GET", "/catalogue/{id:int}/picture"): (READ, "/catalogue/1/picture", False),
    ("POST", "/catalogue/{id:int}/picture"): (REGISTER, "/catalogue/1/picture", EVERYWHERE),
    ("GET", "/fields"): (READ, "/fields", False),
    ("POST", "/fields"): (REGISTER, "/fields", EVERYWHERE),
    ("POST", "/fields/{id:int}/{what}"): (REGISTER, "/fields/1/remove", EVERYWHERE),
    ("GET", "/assets/{tag}/identity"): (READ, "/assets/RT-1/identity", HERE),
    ("POST", "/assets/{tag}/merge"): (REGISTER, "/assets/RT-1/merge", HERE),
    ("POST", "/assets/{tag}/replace"): (REGISTER, "/assets/RT-1/replace", HERE),
    ("POST", "/assets/{tag}/split"): (REGISTER, "/assets/RT-1/split", HERE),
    ("POST", "/assets/{tag}/decisions/{id:int}/undo"): (
        REGISTER,
        "/assets/RT-1/decisions/1/undo",
        HERE,
    ),
    ("GET", "/assets/{tag}/files"): (READ, "/assets/RT-1/files", HERE),
    ("POST", "/assets/{tag}/files"): (REGISTER, "/assets/RT-1/files", HERE),
    ("GET", "/assets/{tag}/files/{id:int}"): (READ, "/assets/RT-1/files/1", HERE),
    ("POST", "/assets/{tag}/files/{id:int}/{what}"): (
        REGISTER,
        "/assets/RT-1/files/1/remove",
        HERE,
    ),
    ("GET", "/api/v1"): (READ, "/api/v1", False),
    ("GET", "/labels"): (REGISTER, "/labels", False),
    ("GET", "/labels.pdf"): (REGISTER, "/labels.pdf", False),
    ("GET", "/a/{tag}"): (READ, "/a/RT-1", HERE),
    ("GET", "/indicators"): (READ, "/indicators", False),
    ("GET", "/indicators/communes/{code}"): (READ, "/indicators/communes/22849", HERE),
    ("POST", "/indicators/communes/{code}"): (DECLARE, "/indicators/communes/22849", HERE),
    ("GET", "/indicators/communes/{code}/{name}"): (
        READ,
        "/indicators/communes/22849/posts",
        HERE,
    ),
    ("POST", "/indicators/communes/{code}/{name}"): (
        DECLARE,
        "/indicators/communes/22849/posts",
        HERE,
    ),
    ("GET", "/indicators/names/{name}"): (READ, "/indicators/names/posts", False),
    ("POST", "/indicators/names/{name}"): (DECLARE, "/indicators/names/posts", False),
    ("POST", "/indicators/entries/{id:int}/withdraw"): (
        DECLARE,
        "/indicators/entries/1/withdraw",
        False,
    ),
    ("POST", "/indicators/undo"): (DECLARE, "/indicators/undo", False),
    ("GET", "/indicators/import"): (DECLARE, "/indicators/import", False),
    ("POST", "/indicators/import"): (DECLARE, "/indicators/import", False),
    ("GET", "/indicators/import/{id_}"): (DECLARE, "/indicators/import/x", False),
    ("POST", "/indicators/import/{id_}"): (DECLARE, "/indicators/import/x", False),
    ("GET", "/indicators/import/{id_}/errors.xlsx"): (
        DECLARE,
        "/indicators/import/x/errors.xlsx",
        False,
    ),
    ("GET", "/indicators/sheets/{form}.{suffix}"): (READ, "/indicators/sheets/list.csv", False),
    ("GET", "/forms"): (READ, "/forms", False),
    ("GET", "/forms/book.xlsx"): (READ, "/forms/book.xlsx?commune=22849&year=2025&book=s24h", HERE),
    ("GET", "/reports"): (READ, "/reports", False),
    ("GET", "/reports/file"): (READ, "/reports/file?as_of=2025-12-01&scope=c:22849", HERE),
    ("GET", "/reports/monthly/{name}"): (READ, "/reports/monthly/x.pdf", EVERYWHERE),
    ("GET", "/assets/{tag}/moves/{move}/minutes"): (READ, "/assets/RT-1/moves/1/minutes", HERE),
    ("GET", "/assets/{tag}/moves/{move}/minutes.xlsx"): (
        READ,
        "/assets/RT-1/moves/1/minutes.xlsx",
        HERE,
    ),
}

HELD = {
    "viewer": {READ},
    "registrar": {READ, REGISTER, DECIDE, DECLARE},
    "planner": {READ, PLAN, DECLARE},
    "operator": {READ, OPERATE, DECIDE},
    "administrator": {READ, REGISTER, PLAN, OPERATE, ADMIN, DECIDE, DECLARE},
}
SCOPES = {"all": None, "here": ["22849"], "elsewhere": ["22840"]}
WHO = [
    (role, scope)
    for role, scope in itertools.product(HELD, SCOPES)
    if role != "administrator" or scope == "all"
]


def addresses(router):
    found = set()
    for route in router.routes:
        inside = getattr(route, "original_router", None)  # what FastAPI includes as a whole
        if inside is not None:
            found |= addresses(inside)
        elif isinstance(route, APIRoute):
            found |= {(method, route.path) for method in route.methods - {"HEAD"}}
        else:
            assert isinstance(route, Mount), route
            assert route.path in ("/static", "/api/v1"), route.path
    return found


def may(role, scope, right, is_here):
    if right in (ANYBODY, USER):
        return True
    if is_here == EVERYWHERE:
        return right in HELD[role] and scope == "all"
    return right in HELD[role] and not (is_here and scope == "elsewhere")


def test_every_route_has_an_entry(site):
    assert addresses(make_app(site())) == set(DOORS)


@pytest.fixture
def closed(site):
    found = site()
    found.settings = found.settings.model_copy(update={"web": Web(reading="login")})
    works = stock_takes_of(found)
    today = works.day_of(found.clock.wall())
    works.open(Opening("22849", "Trụ sở", today, "Kiểm kê"), "Xã Thuận Bắc", CLI)
    return found


def test_what_stands_where_a_tag_stands_is_refused_as_a_tag():
    pages = {path for method, path in DOORS if method == "GET" and path.count("/") == 2}
    fixed = {path.removeprefix("/assets/") for path in pages if path.startswith("/assets/")}
    assert fixed - {"{tag}"} == PAGE_TAGS
    assert not any(path.startswith("/a/") for path in pages - {"/a/{tag}"})


def test_nobody_gets_in_without_a_login(closed, client_of):
    client = client_of(closed)
    for (method, path), (right, address, _) in DOORS.items():
        answer = client.request(method, address)
        if right == ANYBODY:
            assert "/login?next" not in answer.headers.get("location", ""), path
        elif method == "GET":
            assert answer.status_code in (303, 401), path
            assert answer.status_code == 401 or answer.headers["location"].startswith("/login?")
        else:
            assert answer.status_code in (401, 403), path


@pytest.mark.parametrize(("role", "scope"), WHO)
def test_a_role_opens_its_doors_and_no_other(closed, serve, log_in, role, scope):
    url = serve(closed)
    with httpx.Client(base_url=url, trust_env=False, timeout=60) as client:
        log_in(client, closed, role, SCOPES[scope])
        wrong = []
        for (method, path), (right, address, is_here) in DOORS.items():
            if path == "/logout":
                continue
            answer = client.request(method, address)
            is_in = answer.status_code not in (401, 403)
            if path == "/login" and method == "POST":
                is_in = True
            if is_in != may(role, scope, right, is_here):
                wrong.append((method, path, answer.status_code))
        assert wrong == []


def test_denied_attempts_are_logged_with_who_and_what(closed, client_of, log_in):
    client = log_in(client_of(closed), closed, "viewer", ["22840"], name="lan")
    client.get("/communes/22849")
    client.post("/users", data={"name": "x"})
    logged = [
        (line.actor, line.subject, line.reason) for line in closed.register.changes(kind="access")
    ]
    assert logged == [
        ("lan", "POST /users", "needs admin"),
        ("lan", "GET /communes/22849", "needs read in 22849"),
    ]


def test_the_first_page_shows_no_other_commune(closed, client_of, log_in):
    client = log_in(client_of(closed), closed, "viewer", ["22840"])
    page = client.get("/?lang=en").text
    assert "/communes/22840" in page
    assert "/communes/22849" not in page
    assert "RT-1" not in page


def test_a_token_opens_what_it_names_and_ends_with_its_user(closed, client_of, log_in):
    people, client = closed.people, client_of(closed)
    log_in(client_of(closed), closed, "registrar", name="lan")
    scope = frozenset({"22840"})
    rights = frozenset({Right.READ})
    secret = people.add_token(people.user("lan"), "sheet", rights, scope, 3600.0, CLI)
    client.headers["Authorization"] = f"Bearer {secret}"
    assert client.get("/communes/22840").status_code == 200
    assert client.get("/communes/22849").status_code == 403
    assert client.get("/labels").status_code == 403
    people.disable("lan", CLI)
    assert client.get("/communes/22840").status_code == 401
