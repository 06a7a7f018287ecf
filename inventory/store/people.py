"""Users, sessions, links and tokens in SQL; functions over a connection that know no rules."""

# ruff: noqa: S608  names of columns are our own, values are always bound

from __future__ import annotations

import json
import sqlite3
from typing import Any

from inventory.people.roles import Right, Role
from inventory.people.user import Session, Token, User

_USER = (
    "u.id, u.name, u.full_name, u.role, u.communes, u.language, u.password, u.password_at_s, "
    "u.created_at_s, u.disabled_at_s, u.used_at_s"
)
_SESSION = "s.id, u.name, s.created_at_s, s.used_at_s, s.address, s.browser"
_TOKEN = "t.id, u.name, t.name, t.rights, t.communes, t.created_at_s, t.ends_at_s, t.used_at_s"  # noqa: S105


def users(connection: sqlite3.Connection) -> list[User]:
    """Everybody, by name."""
    return [_user(row) for row in connection.execute(f"SELECT {_USER} FROM users u ORDER BY name")]


def user_by_name(connection: sqlite3.Connection, name: str) -> User | None:
    """The user of a name, which is in small letters."""
    row = connection.execute(f"SELECT {_USER} FROM users u WHERE name=?", (name,)).fetchone()
    return _user(row) if row else None


def add_user(
    connection: sqlite3.Connection,
    name: str,
    full_name: str,
    role: Role,
    communes: frozenset[str] | None,
    language: str,
    at_s: float,
) -> int:
    """A new user without a password; its id."""
    found = connection.execute(
        "INSERT INTO users (name, full_name, role, communes, language, password, created_at_s) "
        "VALUES (?,?,?,?,?,'',?)",
        (name, full_name, role.value, _communes_text(communes), language, at_s),
    )
    return int(found.lastrowid or 0)


def set_user(connection: sqlite3.Connection, id_: int, **values: Any) -> None:
    """Change columns of a user."""
    if "communes" in values:
        values["communes"] = _communes_text(values["communes"])
    names = ", ".join(f"{name}=?" for name in values)
    connection.execute(f"UPDATE users SET {names} WHERE id=?", (*values.values(), id_))


def add_session(
    connection: sqlite3.Connection,
    digest: str,
    user: int,
    at_s: float,
    address: str,
    browser: str,
) -> int:
    """A new session; its id."""
    found = connection.execute(
        "INSERT INTO sessions (digest, user, created_at_s, used_at_s, address, browser) "
        "VALUES (?,?,?,?,?,?)",
        (digest, user, at_s, at_s, address, browser),
    )
    return int(found.lastrowid or 0)


def session_by_digest(connection: sqlite3.Connection, digest: str) -> tuple[Session, User] | None:
    """The session of a digest and whose it is, disabled or not."""
    row = connection.execute(
        f"SELECT {_SESSION}, {_USER} FROM sessions s JOIN users u ON u.id=s.user WHERE s.digest=?",
        (digest,),
    ).fetchone()
    return (Session(*row[:6]), _user(row[6:])) if row else None


def session_by_id(connection: sqlite3.Connection, id_: int) -> Session | None:
    """One session."""
    row = connection.execute(
        f"SELECT {_SESSION} FROM sessions s JOIN users u ON u.id=s.user WHERE s.id=?", (id_,)
    ).fetchone()
    return Session(*row) if row else None


def sessions(
    connection: sqlite3.Connection, created_after_s: float, used_after_s: float
) -> list[Session]:
    """Those that still hold, used last first."""
    rows = connection.execute(
        f"SELECT {_SESSION} FROM sessions s JOIN users u ON u.id=s.user "
        "WHERE s.created_at_s>? AND s.used_at_s>? AND u.disabled_at_s IS NULL "
        "ORDER BY s.used_at_s DESC, s.id DESC",
        (created_after_s, used_after_s),
    )
    return [Session(*row) for row in rows]


def touch_session(connection: sqlite3.Connection, id_: int, at_s: float) -> None:
    """It was used."""
    connection.execute("UPDATE sessions SET used_at_s=? WHERE id=?", (at_s, id_))


def end_session(connection: sqlite3.Connection, id_: int) -> int:
    """It no longer holds; how many that were."""
    return connection.execute("DELETE FROM sessions WHERE id=?", (id_,)).rowcount


def end_sessions_of(connection: sqlite3.Connection, user: int, but: int | None = None) -> int:
    """All of a user, but one perhaps; how many that were."""
    return connection.execute(
        "DELETE FROM sessions WHERE user=? AND id IS NOT ?", (user, but)
    ).rowcount


def forget(
    connection: sqlite3.Connection, created_before_s: float, used_before_s: float, now_s: float
) -> None:
    """Delete sessions that have run out, and links."""
    connection.execute(
        "DELETE FROM sessions WHERE created_at_s<=? OR used_at_s<=?",
        (created_before_s, used_before_s),
    )
    connection.execute("DELETE FROM links WHERE ends_at_s<=?", (now_s,))


def set_link(connection: sqlite3.Connection, digest: str, user: int, ends_at_s: float) -> None:
    """A one-time link; those that the user had before no longer hold."""
    end_links_of(connection, user)
    connection.execute("INSERT INTO links VALUES (?,?,?)", (digest, user, ends_at_s))


def end_links_of(connection: sqlite3.Connection, user: int) -> None:
    """No link of the user holds any longer."""
    connection.execute("DELETE FROM links WHERE user=?", (user,))


def user_of_link(connection: sqlite3.Connection, digest: str, now_s: float) -> User | None:
    """Whose link it is, if it still holds."""
    row = connection.execute(
        f"SELECT {_USER} FROM links l JOIN users u ON u.id=l.user "
        "WHERE l.digest=? AND l.ends_at_s>? AND u.disabled_at_s IS NULL",
        (digest, now_s),
    ).fetchone()
    return _user(row) if row else None


def add_token(
    connection: sqlite3.Connection,
    digest: str,
    user: int,
    name: str,
    rights: frozenset[Right],
    communes: frozenset[str] | None,
    at_s: float,
    ends_at_s: float,
) -> int:
    """A new token; its id."""
    found = connection.execute(
        "INSERT INTO tokens (digest, user, name, rights, communes, created_at_s, ends_at_s) "
        "VALUES (?,?,?,?,?,?,?)",
        (
            *(digest, user, name, " ".join(sorted(rights)), _communes_text(communes)),
            *(at_s, ends_at_s),
        ),
    )
    return int(found.lastrowid or 0)


def tokens(connection: sqlite3.Connection) -> list[Token]:
    """All of them, the newest first, those that have run out, too."""
    rows = connection.execute(
        f"SELECT {_TOKEN} FROM tokens t JOIN users u ON u.id=t.user ORDER BY t.id DESC"
    )
    return [_token(row) for row in rows]


def token_by_id(connection: sqlite3.Connection, id_: int) -> Token | None:
    """One token."""
    row = connection.execute(
        f"SELECT {_TOKEN} FROM tokens t JOIN users u ON u.id=t.user WHERE t.id=?", (id_,)
    ).fetchone()
    return _token(row) if row else None


def token_by_digest(connection: sqlite3.Connection, digest: str) -> tuple[Token, User] | None:
    """The token of a digest and whose it is, run out, disabled or not."""
    row = connection.execute(
        f"SELECT {_TOKEN}, {_USER} FROM tokens t JOIN users u ON u.id=t.user WHERE t.digest=?",
        (digest,),
    ).fetchone()
    return (_token(row[:8]), _user(row[8:])) if row else None


def touch_token(connection: sqlite3.Connection, id_: int, at_s: float) -> None:
    """It was used."""
    connection.execute("UPDATE tokens SET used_at_s=? WHERE id=?", (at_s, id_))


def end_token(connection: sqlite3.Connection, id_: int) -> int:
    """It no longer holds; how many that were."""
    return connection.execute("DELETE FROM tokens WHERE id=?", (id_,)).rowcount


def end_tokens_of(connection: sqlite3.Connection, user: int) -> int:
    """All tokens of a user; how many that were."""
    return connection.execute("DELETE FROM tokens WHERE user=?", (user,)).rowcount


def _communes_text(communes: frozenset[str] | None) -> str | None:
    return None if communes is None else json.dumps(sorted(communes))


def _communes(text: str | None) -> frozenset[str] | None:
    return None if text is None else frozenset(json.loads(text))


def _user(row: tuple[Any, ...]) -> User:
    id_, name, full_name, role, communes, *rest = row
    return User(id_, name, full_name, Role(role), _communes(communes), *rest)


def _token(row: tuple[Any, ...]) -> Token:
    id_, user, name, rights, communes, *rest = row
    chosen = frozenset(Right(right) for right in rights.split())
    return Token(id_, user, name, chosen, _communes(communes), *rest)
