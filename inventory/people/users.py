"""Users as pages and commands make, change and close them; and their one-time links."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from inventory.people.office import Office, digest_of, known_as, new_secret
from inventory.people.roles import Role
from inventory.people.user import User
from inventory.register.entry import Actor
from inventory.register.problems import FieldProblem, Refused
from inventory.store import people as sql
from inventory.store.desk import Connection

NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")
"""What a user may be called."""

_NAME_WORDS = "must be 2 to 64 small letters without marks, digits, . _ @ or -"


class Users(Office):
    """See `People`."""

    def users(self) -> list[User]:
        """Everybody, by name."""
        return self._desk.read(sql.users)

    def user(self, name: str) -> User | None:
        """The user of a name."""
        return self._desk.read(lambda c: sql.user_by_name(c, known_as(name)))

    def has_administrator(self) -> bool:
        """Whether there is somebody who can make users, or will be once a link is used."""
        found = self._desk.read(sql.users)
        return any(u.role is Role.ADMINISTRATOR and u.disabled_at_s is None for u in found)

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
        if not NAME.fullmatch(key):
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
