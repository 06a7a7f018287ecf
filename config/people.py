"""Who may use the pages and the API: passwords and sessions, after TCVN 14423 and ASVS 5.0."""

from __future__ import annotations

from pydantic import Field, model_validator

from config.scalars import Seconds, Section, Whole


class People(Section):
    """Rules for passwords, sessions, links and tokens."""

    password_length: Whole = Field(12, ge=8, le=64)
    """Fewest characters of a password; TCVN 14423 asks for 14 where there is no second factor."""
    password_age: Seconds | None = None
    """After how long a password must be changed; never where unset, as ASVS 5.0 advises."""
    admin_password_age: Seconds | None = None
    """The same for administrators; TCVN 14423 asks for two months (60d)."""
    idle_lock: Seconds = 900.0
    """A session that is not used for so long ends; TCVN 14423: at most 15m."""
    session_limit: Seconds = 12 * 3600.0
    """A session ends so long after its login, used or not."""
    link_life: Seconds = 86400.0
    """How long a one-time link for a first or forgotten password can be used."""
    unused_account: Seconds | None = None
    """An account that nobody has used for so long cannot log in; TCVN 14423 asks for 45d.
    A new one-time link opens it again."""
    token_life: Seconds = 366 * 86400.0
    """The longest that an API token may last."""

    @model_validator(mode="after")
    def _idle_is_a_part(self) -> People:
        if self.idle_lock > self.session_limit:
            raise ValueError("idle_lock: must be at most session_limit")
        return self
