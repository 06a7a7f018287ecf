"""Keys of programs; see `inventory.people.user.Token`."""

from __future__ import annotations

import contextlib

from inventory.people.office import TOUCH_EVERY_S, Office, digest_of, new_secret
from inventory.people.roles import Right
from inventory.people.user import Token, User
from inventory.register.entry import Actor
from inventory.register.problems import FieldProblem, Refused
from inventory.store import people as sql
from inventory.store.desk import Connection
from inventory.store.errors import StoreError

TOKEN_START = "hatang_"  # noqa: S105  tells people and scanners of leaked secrets what it is


class Tokens(Office):
    """See `People`."""

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
        if now_s - (token.used_at_s or 0.0) >= TOUCH_EVERY_S:
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
