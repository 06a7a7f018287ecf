"""Users, sessions, links and tokens as pages and commands use them; see `People`."""

from __future__ import annotations

import contextlib
import hashlib
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from config.people import People as Rules
from inventory.clock import Clock
from inventory.people.passwords import Hashing, weakness
from inventory.people.roles import Right, Role
from inventory.people.throttle import Rate, Throttle
from inventory.people.user import Session, Token, User
from inventory.register.entry import Actor
from inventory.register.problems import FieldProblem, Refused
from inventory.store import people as sql
from inventory.store.desk import Connection, Desk
from inventory.store.errors import StoreError
from inventory.store.register import add_changes

SECRET_BYTES = 16
"""128 random bits in the id of a session, a link and a token (ASVS 5.0 7.2.3)."""

TOKEN_START = "hatang_"  # noqa: S105  tells people and scanners of leaked secrets what it is
_TOUCH_EVERY_S = 60.0
_DENIED_A_MINUTE = 20
_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")
_NAME_WORDS = "must be 2 to 64 small letters without marks, digits, . _ @ or -"


class LoginRefused(Exception):
    """No login. reason: wrong, wait (for wait_s seconds), unused (too long) or unknown."""

    def __init__(self, reason: str, wait_s: float = 0.0) -> None:
        self.reason, self.wait_s = reason, wait_s
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Login:
    """A new session. secret: what the browser keeps and nobody else."""

    secret: str
    user: User

    def __repr__(self) -> str:
        return f"Login({self.user!r})"


class People:
    """See the module. Every method raises StoreError and is for threads, not for the loop.

    rules: what holds now. local: names that a password must not be made of. Whatever changes
    users, sessions or tokens stands in the log of changes in the same transaction.
    """

    def __init__(
        self,
        desk: Desk,
        rules: Callable[[], Rules],
        clock: Clock,
        local: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        self._desk, self._rules, self._clock, self._local = desk, rules, clock, local
        self._hashing = Hashing()
        self._throttle = Throttle()
        self._rate = Rate(_DENIED_A_MINUTE)

    # Users

    def users(self) -> list[User]:
        """Everybody, by name."""
        return self._desk.read(sql.users)

    def user(self, name: str) -> User | None:
        """The user of a name."""
        return self._desk.read(lambda c: sql.user_by_name(c, known_as(name)))

    def add(
        self,
        name: str,
        role: Role,
        actor: Actor,
        *,
        full_name: str = "",
        communes: frozenset[str] | None = None,
        language: str = "",
    ) -> User:
        """A new user, who has no password before a link was used. Raises Refused."""
        key = known_as(name)
        if not _NAME.fullmatch(key):
            raise Refused([FieldProblem("name", _NAME_WORDS)])
        _check_scope(role, communes)

        def work(c: Connection) -> User:
            if sql.user_by_name(c, key) is not None:
                raise Refused([FieldProblem("name", "there is a user of this name")])
            sql.add_user(c, key, full_name, role, communes, language, self._clock.wall())
            user = _present(c, key)
            self._log(c, actor, "create", key, {}, described(user))
            return user

        return self._desk.write("add a user", work)

    def change(self, name: str, values: Mapping[str, Any], actor: Actor) -> User:
        """Set full_name, role, communes or language. Raises Refused."""

        def work(c: Connection) -> User:
            before = _present(c, name)
            new = {"role": before.role, "communes": before.communes, **values}
            _check_scope(new["role"], new["communes"])
            if new["role"] is not Role.ADMINISTRATOR:
                _keep_one(c, before)
            if values:
                sql.set_user(c, before.id, **values)
            after = _present(c, name)
            self._log_difference(c, actor, "edit", before, after)
            return after

        return self._desk.write("change a user", work)

    def disable(self, name: str, actor: Actor, reason: str = "") -> None:
        """End everything that the user has, and let nobody log in as them. Raises Refused."""

        def work(c: Connection) -> None:
            before = _present(c, name)
            _keep_one(c, before)
            sql.set_user(c, before.id, disabled_at_s=self._clock.wall())
            _end_all(c, before)
            self._log_difference(c, actor, "disable", before, _present(c, name), reason)

        self._desk.write("disable a user", work)

    def link(self, name: str, actor: Actor, *, reset: bool = False) -> str:
        """The secret of a new one-time link with which the user sets a password.

        It opens a disabled account again. reset: the present password, sessions and tokens end
        now, not when the link is used. Raises Refused.
        """
        secret = new_secret()
        self.set_link(name, digest_of(secret), actor, reset=reset)
        return secret

    def set_link(self, name: str, digest: str, actor: Actor, *, reset: bool = False) -> None:
        """The same for a secret of which only the digest is known here."""

        def work(c: Connection) -> None:
            user = _present(c, name)
            now_s = self._clock.wall()
            sql.set_user(c, user.id, disabled_at_s=None)
            if reset:
                sql.set_user(c, user.id, password="")
                _end_all(c, user)
            sql.set_link(c, digest, user.id, now_s + self._rules().link_life)
            self._log(c, actor, "reset" if reset else "link", user.name, {}, {})

        self._desk.write("make a one-time link", work)

    def user_of_link(self, secret: str) -> User | None:
        """Who may set a password by this link; None once it has been used or has run out."""
        now_s = self._clock.wall()
        return self._desk.read(lambda c: sql.user_of_link(c, digest_of(secret), now_s))

    def use_link(self, secret: str, password: str, address: str, browser: str) -> Login | None:
        """Set the password; a new session. None for a link that does not hold.

        All other sessions of the user end. Raises Refused for a weak password, Busy.
        """
        user = self.user_of_link(secret)
        if user is None:
            return None
        hashed = self._new_hash(user, password)
        actor = Actor(user.name, "web", address)

        def work(c: Connection) -> Login | None:
            known = sql.user_of_link(c, digest_of(secret), self._clock.wall())
            if known is None:
                return None
            self._set_password(c, known, hashed)
            self._log(c, actor, "password", known.name, {}, {}, "by a one-time link")
            return self._begin(c, known, address, browser)

        return self._desk.write("set a password", work)

    def set_password(self, name: str, old: str, new: str, actor: Actor, browser: str = "") -> Login:
        """Change one's own password; every session ends, and a new one begins.

        Raises Refused (fields `old`, `password`), LoginRefused (wait), Busy.
        """
        user = self.user(name)
        if user is None:
            raise LoginRefused("wrong")
        self._wait_for(user.name, actor.address)
        if not self._hashing.fits(user.password, old):
            self._failed(user.name, actor)
            raise Refused([FieldProblem("old", "is not your password")])
        self._throttle.succeeded(user.name, actor.address)
        if old == new:
            raise Refused([FieldProblem("password", "must not be the old one")])
        hashed = self._new_hash(user, new)

        def work(c: Connection) -> Login:
            self._set_password(c, user, hashed)
            self._log(c, actor, "password", user.name, {}, {})
            return self._begin(c, user, actor.address, browser)

        return self._desk.write("set a password", work)

    def password_is_old(self, user: User) -> bool:
        """Whether the user must change the password before anything else."""
        ages = [self._rules().password_age]
        if user.role is Role.ADMINISTRATOR:
            ages.append(self._rules().admin_password_age)
        limits = [age for age in ages if age is not None]
        if not limits or user.password_at_s is None:
            return False
        return self._clock.wall() - user.password_at_s >= min(limits)

    # Sessions

    def login(self, name: str, password: str, address: str, browser: str) -> Login:
        """A new session for the right password. Raises LoginRefused, Busy."""
        key = known_as(name)[:64]
        actor = Actor(key, "web", address)
        self._wait_for(key, address)
        user = self.user(key)
        usable = user is not None and user.disabled_at_s is None
        fits = self._hashing.fits(user.password if user and usable else "", password)
        if user is None or not fits:
            self._failed(key if user is not None else "", actor)
            raise LoginRefused("wrong")
        self._throttle.succeeded(key, address)
        if self._is_unused(user):
            self.denied(actor, "login", "the account was not used for too long")
            raise LoginRefused("unused")
        renewed = self._hashing.hash(password) if self._hashing.is_old(user.password) else None

        def work(c: Connection) -> Login:
            now = sql.user_by_name(c, key)
            if now is None or now.disabled_at_s is not None or now.password != user.password:
                raise LoginRefused("wrong")
            if renewed is not None:
                sql.set_user(c, user.id, password=renewed)
            self._log(c, actor, "login", key, {}, {})
            return self._begin(c, now, address, browser)

        return self._desk.write("log in", work)

    def login_by(self, name: str, by: str, make: Role | None, address: str, browser: str) -> Login:
        """A new session for somebody whom a provider (`by`) vouches for.

        make: whoever is no user yet becomes one of this role, for all communes; None: they are
        refused. Raises LoginRefused: unknown (also disabled) or unused.
        """
        key = known_as(name)[:64]
        actor = Actor(key, "web", address)
        user = self.user(key)
        if user is None and make is not None and _NAME.fullmatch(key):
            user = self.add(key, make, actor)
        if user is None or user.disabled_at_s is not None:
            self.denied(actor, "login", f"{by}: no such user" if user is None else "disabled")
            raise LoginRefused("unknown")
        if self._is_unused(user):
            self.denied(actor, "login", "the account was not used for too long")
            raise LoginRefused("unused")

        def work(c: Connection) -> Login:
            now = sql.user_by_name(c, key)
            if now is None or now.disabled_at_s is not None:
                raise LoginRefused("unknown")
            self._log(c, actor, "login", key, {}, {}, f"by {by}")
            return self._begin(c, now, address, browser)

        return self._desk.write("log in", work)

    def session(self, secret: str) -> tuple[Session, User] | None:
        """The session of a browser's secret, if it still holds; it counts as used now."""
        found = self._desk.read(lambda c: sql.session_by_digest(c, digest_of(secret)))
        if found is None:
            return None
        session, user = found
        now_s, rules = self._clock.wall(), self._rules()
        if (
            user.disabled_at_s is not None
            or now_s - session.used_at_s >= rules.idle_lock
            or now_s - session.created_at_s >= rules.session_limit
        ):
            return None
        if now_s - session.used_at_s >= min(_TOUCH_EVERY_S, rules.idle_lock / 4):
            # Where the disk is full, people still read until they have been idle for too long.
            with contextlib.suppress(StoreError):
                self._desk.write(
                    "note that a session is used",
                    lambda c: sql.touch_session(c, session.id, now_s),
                )
        return session, user

    def logout(self, secret: str, actor: Actor) -> None:
        """End a session by its own secret; nothing where there is none."""

        def work(c: Connection) -> None:
            found = sql.session_by_digest(c, digest_of(secret))
            if found is not None and sql.end_session(c, found[0].id):
                self._log(c, actor, "logout", found[1].name, {}, {})

        self._desk.write("log out", work)

    def sessions(self, user: str | None = None) -> list[Session]:
        """Those that hold, of one user or of all, used last first."""
        now_s, rules = self._clock.wall(), self._rules()
        limits = (now_s - rules.session_limit, now_s - rules.idle_lock)
        found = self._desk.read(lambda c: sql.sessions(c, *limits))
        return [session for session in found if user in (None, session.user)]

    def end_session(self, id_: int, actor: Actor, only_of: str | None = None) -> bool:
        """End one session, whoever's it is or only of one user; whether there was such a one."""

        def work(c: Connection) -> bool:
            session = sql.session_by_id(c, id_)
            if session is None or only_of not in (None, session.user):
                return False
            sql.end_session(c, id_)
            self._log(c, actor, "end_session", session.user, {}, {"address": session.address})
            return True

        return self._desk.write("end a session", work)

    # Tokens

    def add_token(
        self,
        user: User,
        name: str,
        rights: frozenset[Right],
        communes: frozenset[str] | None,
        life_s: float,
        actor: Actor,
    ) -> str:
        """A new token that acts for a user; its secret, which is not kept. Raises Refused."""
        problems = []
        if not name.strip():
            problems.append(FieldProblem("name", "must not be empty"))
        if not rights or not all(user.may(right) for right in rights):
            problems.append(FieldProblem("rights", "must be rights that you have, at least one"))
        if communes is not None and (
            not communes or (user.communes is not None and communes - user.communes)
        ):
            problems.append(FieldProblem("communes", "must be communes of yours, at least one"))
        if not 0 < life_s <= self._rules().token_life:
            most = {"most": str(int(self._rules().token_life // 86400))}
            problems.append(FieldProblem("days", "must be from 1 to {most}", most))
        if problems:
            raise Refused(problems)
        secret = TOKEN_START + new_secret()
        now_s = self._clock.wall()
        told = {
            "token": name.strip(),
            "rights": sorted(rights),
            "communes": None if communes is None else sorted(communes),
        }

        def work(c: Connection) -> None:
            sql.add_token(
                c,
                digest_of(secret),
                user.id,
                name.strip()[:80],
                rights,
                communes,
                now_s,
                now_s + life_s,
            )
            self._log(c, actor, "add_token", user.name, {}, told)

        self._desk.write("make a token", work)
        return secret

    def tokens(self, user: str | None = None) -> list[Token]:
        """Those of one user or of all, the newest first; those that have run out, too."""
        found = self._desk.read(sql.tokens)
        return [token for token in found if user in (None, token.user)]

    def token(self, secret: str) -> tuple[Token, User] | None:
        """The token of a program's secret, if it still holds; it counts as used now."""
        found = self._desk.read(lambda c: sql.token_by_digest(c, digest_of(secret)))
        if found is None:
            return None
        token, user = found
        now_s = self._clock.wall()
        if user.disabled_at_s is not None or now_s >= token.ends_at_s:
            return None
        if now_s - (token.used_at_s or 0.0) >= _TOUCH_EVERY_S:
            with contextlib.suppress(StoreError):
                self._desk.write(
                    "note that a token is used", lambda c: sql.touch_token(c, token.id, now_s)
                )
        return token, user

    def end_token(self, id_: int, actor: Actor, only_of: str | None = None) -> bool:
        """End one token, whoever's it is or only of one user; whether there was such a one."""

        def work(c: Connection) -> bool:
            token = sql.token_by_id(c, id_)
            if token is None or only_of not in (None, token.user):
                return False
            sql.end_token(c, id_)
            self._log(c, actor, "end_token", token.user, {"token": token.name}, {})
            return True

        return self._desk.write("end a token", work)

    # The log

    def denied(self, actor: Actor, what: str, why: str) -> None:
        """Log an attempt that was denied; beyond 20 a minute from one address they are not."""
        if not self._rate.lets(actor.address, self._clock.monotonic()):
            return
        with contextlib.suppress(StoreError):
            self._desk.write(
                "log a denied attempt",
                lambda c: self._log(c, actor, "denied", what[:200], {}, {}, why, kind="access"),
            )

    def _failed(self, name: str, actor: Actor) -> None:
        # A name that nobody has may be a password typed into the wrong field: it is not kept.
        known = Actor(name or "?", actor.via, actor.address)
        self.denied(known, "login", "wrong name or password")

    def _wait_for(self, name: str, address: str) -> None:
        wait_s = self._throttle.begin(name, address, self._clock.monotonic())
        if wait_s > 0:
            raise LoginRefused("wait", wait_s)

    def _new_hash(self, user: User, password: str) -> str:
        own = (user.name, *user.name.split("@"), user.full_name, *user.full_name.split())
        problem = weakness(password, self._rules().password_length, (*self._local(), *own))
        if problem is not None:
            raise Refused([problem])
        return self._hashing.hash(password)

    def _set_password(self, c: Connection, user: User, hashed: str) -> None:
        sql.set_user(c, user.id, password=hashed, password_at_s=self._clock.wall())
        sql.end_sessions_of(c, user.id)
        sql.end_links_of(c, user.id)

    def _begin(self, c: Connection, user: User, address: str, browser: str) -> Login:
        now_s, rules = self._clock.wall(), self._rules()
        sql.forget(c, now_s - rules.session_limit, now_s - rules.idle_lock, now_s)
        secret = new_secret()
        sql.add_session(c, digest_of(secret), user.id, now_s, address, browser[:200])
        sql.set_user(c, user.id, used_at_s=now_s)
        return Login(secret, user)

    def _is_unused(self, user: User) -> bool:
        limit = self._rules().unused_account
        last_s = max(user.used_at_s or 0.0, user.password_at_s or 0.0, user.created_at_s)
        return limit is not None and self._clock.wall() - last_s >= limit

    def _log_difference(
        self, c: Connection, actor: Actor, action: str, old: User, new: User, reason: str = ""
    ) -> None:
        before, after = described(old), described(new)
        changed = [key for key in after if before[key] != after[key]]
        if changed:
            self._log(
                c,
                actor,
                action,
                new.name,
                {key: before[key] for key in changed},
                {key: after[key] for key in changed},
                reason,
            )

    def _log(
        self,
        c: Connection,
        actor: Actor,
        action: str,
        subject: str,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        reason: str = "",
        kind: str = "user",
    ) -> None:
        batch = f"b{secrets.token_hex(6)}"
        line = (action, kind, subject, None, "", before, after)
        add_changes(c, actor, self._clock.wall(), batch, reason, [line])


def new_secret() -> str:
    """A random id of a session, link or token that nobody guesses."""
    return secrets.token_urlsafe(SECRET_BYTES)


def digest_of(secret: str) -> str:
    """What is kept of a random secret; it is long enough to need no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def known_as(name: str) -> str:
    """A user's name as it is kept: case and spaces around it do not matter."""
    return name.strip().lower()


def described(user: User) -> dict[str, Any]:
    """A user for the log."""
    return {
        "full_name": user.full_name,
        "role": user.role.value,
        "communes": None if user.communes is None else sorted(user.communes),
        "language": user.language,
        "state": user.state,
    }


def _present(c: Connection, name: str) -> User:
    user = sql.user_by_name(c, known_as(name))
    if user is None:
        raise Refused([FieldProblem("name", "there is no user of this name")])
    return user


def _check_scope(role: Role, communes: frozenset[str] | None) -> None:
    if communes is None:
        return
    if role is Role.ADMINISTRATOR:
        # Who may make users could make themselves one for all communes.
        raise Refused([FieldProblem("communes", "an administrator is for all communes")])
    if not communes:
        raise Refused([FieldProblem("communes", "must not be empty")])


def _keep_one(c: Connection, leaving: User) -> None:
    """Refuse to lose the last administrator who can log in."""
    if leaving.role is not Role.ADMINISTRATOR or leaving.state != "active":
        return
    others = (u for u in sql.users(c) if u.id != leaving.id and u.state == "active")
    if not any(user.role is Role.ADMINISTRATOR for user in others):
        raise Refused([FieldProblem("role", "the last administrator must stay one")])


def _end_all(c: Connection, user: User) -> None:
    sql.end_sessions_of(c, user.id)
    sql.end_links_of(c, user.id)
    sql.end_tokens_of(c, user.id)
