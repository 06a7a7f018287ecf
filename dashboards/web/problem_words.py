"""What the register refuses, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from dashboards.web.asset_fields import LABELS
from dashboards.web.languages import Speech
from dashboards.web.words import N_, word
from inventory.register.problems import FieldProblem

TEXTS = (
    N_("must not be empty"),
    N_("must be at least {least}"),
    N_("must be at most {most}"),
    N_("must have at most {most} characters"),
    N_("must have at most {most} entries"),
    N_("{given} is not known; known: {known}"),
    N_("must be 1 to 64 letters without marks, digits, . _ or -, the first a letter or digit"),
    N_("holds a character that cannot be shown; type it again"),
    N_("a field's name must have 1 to {most} characters"),
    N_("{day} is not between {first} and {last}; look at the year"),
    N_("{price} is too much; write it in dong"),
    N_("{code} is not a commune that is watched; known: {known}"),
    N_("there is no credential {name}"),
    N_("{name} may be offered inside {networks} only, and {address} is not there"),
    N_("another asset has the tag {tag}; take another"),
    N_("a page has the address of the tag {tag}; take another"),
    N_("{tag} is the edge of the commune already; it has one"),
    N_("{tag} stands for this machine already, and there is one"),
    N_("{tag} in {commune} has this serial number; look which one is right"),
    N_("there is no asset {tag}"),
    N_("{other} names {tag} as its {field}; change that first"),
    N_("hatang.yaml plans maintenance of {tag}; change that first"),
    N_("{way} is a circle; break it"),
    N_("{tag} stands twice; keep one"),
    N_("{tag} is kept in hatang.yaml; change it there"),
    N_("what was done to {subject} cannot be undone here"),
    N_("cannot happen to {tag} as it stands: {status}"),
    N_("{day} is not between {first} and today"),
    N_("{day} is before the last move of {tag} on {last}"),
    N_("{tag} is in {commune}"),
    N_("must be another commune than {commune}"),
    N_("only a transfer leads to another commune"),
    N_("tick at least one field"),
    N_("must be an address with http:// or https://, for example https://example.vn/"),
    N_("{tag} has been changed since by {actor}; undo that first"),
)
"""English texts of `inventory.register`, so that they have translations."""


def problem_text(problem: FieldProblem, speech: Speech) -> str:
    """One problem as a sentence; a problem of one of many says which."""
    values = dict(problem.values)
    if "field" in values:
        values["field"] = speech.text(LABELS.get(values["field"], values["field"]))
    if "status" in values:
        values["status"] = speech.text(word(values["status"]))
    text = speech.text(problem.text)
    try:
        said = text.format_map(values)
    except (KeyError, ValueError, IndexError):
        said = str(problem)
    if problem.row is None:
        return said
    return speech.text(N_("No. {number}: {what}")).format(number=problem.row + 1, what=said)


def by_field(problems: Iterable[FieldProblem], speech: Speech) -> dict[str, list[str]]:
    """Field -> its problems as sentences, the first ten of each."""
    found: dict[str, list[str]] = {}
    for problem in problems:
        said = found.setdefault(problem.field, [])
        if len(said) < 10:
            said.append(problem_text(problem, speech))
    return found
