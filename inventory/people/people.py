"""Users, logins, links and tokens as pages and commands use them; see `People`."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from config.people import People as Rules
from inventory.clock import Clock
from inventory.people.office import TOUCH_EVERY_S, digest_of, known_as, new_secret
from inventory.people.passwords import Hashing, weakness
from inventory.people.roles import Role
from inventory.people.throttle import Throttle
from inventory.people.tokens import Tokens
from inventory.people.user import Session, User
from inventory.people.users import NAME, Users
from inventory.register.entry import Actor
from inventory.register.problems import FieldProblem, Refused
from inventory.store import people as sql
from inventory.store.desk import Connection, Desk
from inventory.store.errors import StoreError


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


class People(Users, Tokens):
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
        super().__init__(desk, rules, clock)
        self._local = local
        self._hashing = Hashing()
        self._throttle = Throttle()

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
        if user is None and make is not None and NAME.fullmatch(key):
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
        if now_s - session.used_at_s >= min(TOUCH_EVERY_S, rules.idle_lock / 4):
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
