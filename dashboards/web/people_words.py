"""Words of users, roles and rights, and what the rules for people refuse, for translation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dashboards.web.languages import Speech
from dashboards.web.words import N_
from inventory.people.roles import Right, Role
from inventory.register.problems import FieldProblem

ROLES: Mapping[Role, str] = {
    Role.VIEWER: N_("viewer: reads"),
    Role.REGISTRAR: N_("registrar: reads and keeps the register"),
    Role.PLANNER: N_("planner: reads and plans"),
    Role.OPERATOR: N_("operator: reads and runs the monitoring"),
    Role.ADMINISTRATOR: N_("administrator: everything, and users"),
}

RIGHTS: Mapping[Right, str] = {
    Right.READ: N_("read"),
    Right.REGISTER: N_("keep the register"),
    Right.PLAN: N_("plan"),
    Right.OPERATE: N_("run the monitoring"),
    Right.ADMIN: N_("administer"),
}

STATES: Mapping[str, str] = {
    "active": N_("active"),
    "invited": N_("has no password yet"),
    "disabled": N_("disabled"),
}

TEXTS = (
    N_("could not be checked now; try again"),
    N_("wait {seconds} seconds, then try again"),
    N_("must not be empty"),
    N_("must be 2 to 64 small letters without marks, digits, . _ @ or -"),
    N_("there is a user of this name"),
    N_("there is no user of this name"),
    N_("an administrator is for all communes"),
    N_("the last administrator must stay one"),
    N_("must have at least {least} characters"),
    N_("must have at most {most} characters"),
    N_("is too easy to guess: it repeats itself"),
    N_("is too easy to guess: it is made of common words or names"),
    N_("is not your password"),
    N_("must not be the old one"),
    N_("is not the same"),
    N_("must be rights that you have, at least one"),
    N_("must be communes of yours, at least one"),
    N_("must be from 1 to {most}"),
    N_("is not known"),
)
"""English texts of `inventory.people`, so that they have translations."""


def told(problems: Iterable[FieldProblem], speech: Speech) -> dict[str, str]:
    """Field -> what is wrong with it, as sentences."""
    found: dict[str, str] = {}
    for problem in problems:
        text = speech.text(problem.text).format_map(problem.values)
        found[problem.field] = f"{found[problem.field]}; {text}" if problem.field in found else text
    return found
