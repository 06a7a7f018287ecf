"""Signing in through a real provider of OpenID Connect, here a small one of our own."""

import base64
import hashlib
import http.server
import json
import re
import secrets
import subprocess
import sys
import threading
import time
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from config.oidc import Oidc
from config.scalars import Secret
from config.sections import Web
from dashboards.web import oidc
from dashboards.web.gate import OIDC, OIDC_END, SESSION
from inventory.people.roles import Role
from inventory.register.entry import Actor

ADMIN = Actor("test", "cli")
SECRET = "canary-s3cret"
AFTER = "https://x.example.vn/login"


class Provider:
    """Answers as RFC 6749, RFC 7636 and OpenID Connect Core ask; `spoil` changes the claims of the
    next ID tokens, `key` signs them."""

    def __init__(self):
        self.key = ECKey.generate_key("P-256", {"kid": "one"})
        self.published = [self.key]
        self.codes, self.asked, self.spoil, self.more = {}, [], {}, {}
        self.algorithm = "ES256"
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                provider.asked.append(self.path)
                if self.path == "/d/.well-known/openid-configuration":
                    self.say(200, provider.itself())
                elif self.path == "/d/keys":
                    keys = [key.as_dict(private=False) for key in provider.published]
                    self.say(200, {"keys": keys})

            def do_POST(self):
                provider.asked.append(self.path)
                length = int(self.headers["content-length"])
                form = {k: v[0] for k, v in parse_qs(self.rfile.read(length).decode()).items()}
                self.say(*provider.redeem(form, self.headers.get("authorization", "")))

            def say(self, status, found):
                body = json.dumps(found).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}/d"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def itself(self):
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        } | self.more

    def agree(self, address, user):
        """What the browser brings back once somebody has agreed at the provider."""
        query = {k: v[0] for k, v in parse_qs(urlsplit(address).query).items()}
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        assert "openid" in query["scope"].split()
        code = f"code-{len(self.codes)}"
        self.codes[code] = (query, user)
        return {"code": code, "state": query["state"]}

    def redeem(self, form, authorization):
        query, user = self.codes.pop(form["code"], (None, None))
        sent = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        fits = (
            query is not None
            and sent == f"hatang:{SECRET}"
            and form["redirect_uri"] == query["redirect_uri"]
            and base64.urlsafe_b64encode(digest).decode().rstrip("=") == query["code_challenge"]
        )
        if not fits:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": "hatang",
            "sub": "1",
            "iat": now,
            "exp": now + 300,
            "nonce": query["nonce"],
            "preferred_username": user,
        } | self.spoil
        claims = {k: v for k, v in claims.items() if v is not None}
        header = {"alg": self.algorithm, "kid": self.key.kid}
        token = jwt.encode(header, claims, self.key, algorithms=[self.algorithm])
        return 200, {"access_token": "a", "token_type": "Bearer", "id_token": token}


@pytest.fixture
def provider():
    made = Provider()
    yield made
    made.server.shutdown()
    made.server.server_close()


class Client:
    """Hatang's side of it without the pages: one browser that signs in."""

    def __init__(self, provider, **more):
        self.provider = provider
        settings = Oidc(
            issuer=provider.issuer, client_id="hatang", client_secret=Secret(SECRET), **more
        )
        self.ours = oidc.Provider(settings, "https://x.example.vn/oidc/back", AFTER)

    def sign_in(self, user="lan", **more):
        """The name that the provider vouches for."""
        secret = secrets.token_urlsafe(32)
        sent = self.provider.agree(self.ours.address(secret), user)
        return self.ours.vouched(secret, sent | more, time.time()).name


@pytest.fixture
def client(provider):
    return Client(provider)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        ({"nonce": "of another sign-in"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"aud": "another client"}, "aud"),
        ({"aud": ["hatang", "another client"], "azp": "another client"}, "azp"),
        ({"iss": "https://evil.example"}, "iss"),
        ({"exp": 1_700_000_000}, "expired"),
        ({"exp": None}, "exp"),
        ({"sub": None}, "sub"),
        ({"preferred_username": None}, "preferred_username"),
        ({"preferred_username": ["lan"]}, "preferred_username"),
    ],
)
def test_an_id_token_that_does_not_hold_names_nobody(client, spoil, why):
    assert client.sign_in() == "lan"
    client.provider.spoil = spoil
    with pytest.raises(oidc.Unproven, match=why) as refused:
        client.sign_in()
    assert SECRET not in str(refused.value)


def test_only_the_keys_of_the_provider_sign(client):
    provider = client.provider
    provider.key = ECKey.generate_key("P-256", {"kid": "one"})
    with pytest.raises(oidc.Unproven, match="bad_signature"):
        client.sign_in()
    # What everybody knows, taken for a shared secret.
    provider.key, provider.algorithm = OctKey.import_key(b"x" * 32, {"kid": "one"}), "HS256"
    with pytest.raises(oidc.Unproven, match="algorithm"):
        client.sign_in()


def test_a_new_key_is_asked_for_but_not_for_each_token(client, monkeypatch):
    provider = client.provider
    assert client.sign_in() == "lan"
    provider.key = ECKey.generate_key("P-256", {"kid": "two"})
    provider.published = [provider.key]
    with pytest.raises(oidc.Unproven, match="kid"):
        client.sign_in()
    assert provider.asked.count("/d/keys") == 1
    monkeypatch.setattr(oidc, "KEYS_AGAIN_S", 0.0)
    assert client.sign_in() == "lan"
    assert provider.asked.count("/d/keys") == 2
    assert provider.asked.count("/d/.well-known/openid-configuration") == 1


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"error": "access_denied<script>"}, "access_denied"),
        ({"iss": "https://evil.example"}, "another issuer"),
        ({"code": "guessed"}, "invalid_grant"),
        ({"state": "made up"}, "state"),
        ({"state": ""}, "state"),
    ],
)
def test_an_answer_that_proves_nothing_is_refused(client, more, why):
    with pytest.raises(oidc.Unproven, match=why):
        client.sign_in(**more)


def test_an_address_that_nobody_has_verified_names_nobody(provider):
    client = Client(provider, claim="email")
    provider.spoil = {"email": "lan@x", "email_verified": False}
    with pytest.raises(oidc.Unproven, match="verified"):
        client.sign_in()
    provider.spoil = {"email": "lan@x", "email_verified": True}
    assert client.sign_in() == "lan@x"


@pytest.mark.parametrize(
    "more",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://sso.example.vn/token"},
        {"jwks_uri": None},
    ],
)
def test_a_provider_that_says_wrong_things_of_itself_is_not_believed(client, more):
    client.provider.more = more
    with pytest.raises(oidc.Unreachable):
        client.sign_in()
    assert client.provider.asked == ["/d/.well-known/openid-configuration"]


@pytest.mark.parametrize(
    "issuer", ["http://sso.example.vn", "sso.example.vn", "https://a/?x=1", "https://u:p@a/"]
)
def test_an_issuer_is_an_address_that_nobody_can_listen_in_on(issuer):
    with pytest.raises(ValueError, match="must"):
        Oidc(issuer=issuer, client_id="x", client_secret=Secret("x"))


def configured(site, provider, **more):
    """A site that knows the provider and the user lan."""
    found = Oidc(issuer=provider.issuer, client_id="hatang", client_secret=Secret(SECRET), **more)
    changed = {"web": Web(reading="login"), "oidc": found}
    site.settings = site.settings.model_copy(update=changed)
    return site


def begin(browser, provider, user="lan", next="/"):
    """What the provider sends the browser back with."""
    begun = browser.get("/oidc/start", params={"next": next})
    assert begun.status_code == 303
    return provider.agree(begun.headers["location"], user)


def back(browser, sent):
    """Where the answer of the provider leads; whether there is a session now."""
    answer = browser.get("/oidc/back", params=sent)
    assert answer.status_code == 303
    return answer.headers["location"]


def logged(site, action):
    return site.desk.read(
        lambda c: c.execute(
            "SELECT actor, reason FROM changes WHERE action = ? ORDER BY id", (action,)
        ).fetchall()
    )


def test_whom_the_provider_names_comes_in_once_with_the_role_of_here(site, client_of, provider):
    found = configured(site(), provider)
    found.people.add("lan", Role.REGISTRAR, ADMIN, communes=frozenset({"22849"}))
    browser = client_of(found)
    (start,) = re.findall('href="(/oidc/start[^"]*)"', browser.get("/login?next=/assets").text)
    assert "next=/assets" in start
    sent, kept = begin(browser, provider, " LAN", "/assets?q=1"), browser.cookies[OIDC]
    answer = browser.get("/oidc/back", params=sent)
    assert answer.headers["location"] == "/assets?q=1"
    assert OIDC not in browser.cookies
    cookies = answer.headers.get_list("set-cookie")
    assert all("HttpOnly" in c and "SameSite=lax" in c for c in cookies)
    assert browser.get("/assets").status_code == 200
    assert browser.get("/users").status_code == 403
    assert logged(found, "login") == [("lan", "by OpenID Connect")]
    # The same answer again: by somebody else, and by somebody who has stolen the cookie, too.
    redeemed = provider.asked.count("/d/token")
    for cookie in ("", kept):
        with httpx.Client(base_url=browser.base_url, trust_env=False, timeout=60) as stranger:
            if cookie:
                stranger.cookies.set(OIDC, cookie)
            assert back(stranger, sent).startswith("/login?why=unproven&")
            assert SESSION not in stranger.cookies
    assert provider.asked.count("/d/token") == redeemed == 1
    assert [reason for _, reason in logged(found, "denied")][1:] == [
        "OpenID Connect: this browser has begun no sign-in",
        "OpenID Connect: the state was used before",
    ]


def leave(browser):
    """Where a logout leads, and what is said there."""
    page = browser.get("/account").text
    token = re.search(r'name="csrf" value="([^"]+)"', page)[1]
    gone = browser.post("/logout", data={"csrf": token})
    assert gone.headers["location"] == "/oidc/out"
    leads = browser.get("/oidc/out").headers["location"]
    return leads, browser.get(leads).text


def test_whoever_has_logged_out_here_is_offered_the_logout_of_the_provider(
    site, client_of, provider
):
    provider.more = {"end_session_endpoint": f"{provider.issuer}/end?x=1"}
    found = configured(site(), provider)
    found.people.add("lan", Role.REGISTRAR, ADMIN)
    browser = client_of(found)
    assert browser.get("/oidc/end").headers["location"] == "/login"
    answer = browser.get("/oidc/back", params=begin(browser, provider))
    (kept,) = [c for c in answer.headers.get_list("set-cookie") if c.startswith(f"{OIDC_END}=")]
    assert "Path=/oidc/" in kept
    assert "HttpOnly" in kept
    # By a link of another site nobody is logged out.
    assert browser.get("/oidc/end").headers["location"] == "/account"
    leads, page = leave(browser)
    assert leads == "/login?why=out"
    assert 'href="/oidc/end"' in page
    left = browser.get("/oidc/end")
    address, _, query = left.headers["location"].partition("?")
    asked = {k: v[0] for k, v in parse_qs(query).items()}
    assert address == f"{provider.issuer}/end"
    assert asked["post_logout_redirect_uri"].endswith("/login")
    assert (asked["x"], asked["client_id"]) == ("1", "hatang")
    hint = jwt.decode(asked["id_token_hint"], provider.key, ["ES256"])
    assert hint.claims["preferred_username"] == "lan"
    assert OIDC_END not in browser.cookies
    assert browser.get("/oidc/out").headers["location"] == "/login"


@pytest.mark.parametrize("more", [{}, {"end_session_endpoint": "http://evil.example/end"}])
def test_no_logout_is_offered_that_the_provider_does_not_have(site, client_of, provider, more):
    provider.more = more
    found = configured(site(), provider)
    found.people.add("lan", Role.REGISTRAR, ADMIN)
    browser = client_of(found)
    back(browser, begin(browser, provider))
    leads, page = leave(browser)
    assert leads == "/login"
    assert "/oidc/end" not in page


def test_an_id_token_that_no_cookie_holds_is_no_hint(site, client_of, provider):
    provider.more = {"end_session_endpoint": f"{provider.issuer}/end"}
    provider.spoil = {"groups": ["x" * 40] * 100}
    found = configured(site(), provider)
    found.people.add("lan", Role.REGISTRAR, ADMIN)
    browser = client_of(found)
    back(browser, begin(browser, provider))
    assert leave(browser)[0] == "/login?why=out"
    left = browser.get("/oidc/end").headers["location"]
    assert left.startswith(f"{provider.issuer}/end?client_id=hatang&post_logout")
    assert "hint" not in left


def test_who_is_no_user_is_refused_or_becomes_a_viewer_and_the_local_sign_in_stays(
    site, client_of, log_in, provider
):
    found = configured(site(), provider)
    browser = client_of(found)
    assert back(browser, begin(browser, provider, "minh")).startswith("/login?why=unknown&")
    provider.spoil = {"nonce": "of another"}
    assert back(browser, begin(browser, provider, "minh")).startswith("/login?why=unproven&")
    provider.spoil = {}
    assert logged(found, "denied")[0] == ("minh", "OpenID Connect: no such user")
    assert 'role="alert"' in browser.get("/login?why=unknown").text
    configured(found, provider, unknown="viewer")
    assert back(browser, begin(browser, provider, "minh")) == "/"
    made = found.people.user("minh")
    assert (made.role, made.communes) == (Role.VIEWER, None)
    browser.cookies.clear()
    assert back(browser, begin(browser, provider, "<b>")).startswith("/login?why=unknown&")
    found.people.disable("minh", ADMIN)
    assert back(browser, begin(browser, provider, "minh")).startswith("/login?why=unknown&")
    provider.server.shutdown()
    provider.server.server_close()
    configured(found, provider)
    assert browser.get("/oidc/start").headers["location"].startswith("/login?why=provider")
    assert 'name="password"' in browser.get("/login?why=provider").text
    assert log_in(browser, found, "viewer").get("/").status_code == 200


def test_without_a_provider_there_is_no_button_no_address_and_no_library(site, client_of):
    client = client_of(site())
    assert "/oidc/" not in client.get("/login").text
    assert client.get("/oidc/start").status_code == 404
    assert client.get("/oidc/end").status_code == 404
    assert client.get("/oidc/out").headers["location"] == "/login"
    assert client.get("/oidc/back?state=x").status_code == 404
    code = "import sys, dashboards.web.routes.oidc; print({'authlib', 'joserfc'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
