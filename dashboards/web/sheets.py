"""Pages of spreadsheets: what an import would do, which column is what, and exports."""

from __future__ import annotations

import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboards.web.languages import Speech
from dashboards.web.site import Site
from inventory.register.checks import Rules
from inventory.register.problems import FieldProblem
from inventory.sheets.choice import NO_COLUMN, Choice
from inventory.sheets.fields import BY_KEY, COLUMNS, CUSTOM, ENDPOINT_KEYS, WARRANTY_MONTHS
from inventory.sheets.header import NO_HEADER, NOTHING_THERE
from inventory.sheets.import_state import Import, State
from inventory.sheets.imports import STOPPED, Imports, Preview
from inventory.sheets.lines import Kind, Line
from inventory.sheets.values import text_of
from inventory.sheets.xlsx import column_name

PAGE = 100
"""Rows of a preview on one page."""

_SAMPLES = 3
_known: weakref.WeakKeyDictionary[object, Imports] = weakref.WeakKeyDictionary()


def imports_of(site: Site) -> Imports:
    """The imports of a site, made once for its register."""
    found = _known.get(site.register)
    if found is None:
        found = Imports(
            site.desk,
            site.register,
            lambda: Rules(site.settings, names_of(site)),
            site.clock,
            site.database.with_name("imports"),
        )
        _known[site.register] = found
    return found


def names_of(site: Site) -> dict[str, str]:
    """Code -> name of the watched communes."""
    return {code: view.unit.name for code, view in site.snapshot.communes.items()}


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """One page of a preview. counts: by kind; lines: of the chosen kind; first, total: which ones
    of how many; columns: (letters, title, what it is taken for); reasons: what is wrong, the most
    frequent first, with the rows of the sheet that it is wrong in."""

    counts: Mapping[str, int]
    kind: str
    lines: Sequence[Line]
    first: int
    total: int
    columns: Sequence[tuple[str, str, str]]
    ignored: Sequence[str]
    others: Sequence[str]
    can_apply: bool
    reasons: Sequence[tuple[FieldProblem, Sequence[int]]]


def preview_page(found: Preview, kind: str, first: int, language: str) -> PreviewPage:
    """Lines of one kind ("" for all), `PAGE` of them from `first` (0) on."""
    plan = found.plan
    counts = plan.counts()
    if kind not in counts:
        kind = "refused" if counts["refused"] and kind != "all" else ""
    lines = [line for line in plan.lines if kind in ("", line.kind.value)]
    first = max(0, min(first, max(len(lines) - 1, 0))) // PAGE * PAGE
    return PreviewPage(
        counts,
        kind,
        lines[first : first + PAGE],
        first,
        len(lines),
        [
            (column_name(place), plan.titles[place], field_title(key, language))
            for place, key in plan.columns.items()
        ],
        plan.ignored,
        found.table.others,
        bool(plan.steps) and not counts[Kind.REFUSED.value],
        _reasons(plan.lines),
    )


def _reasons(lines: Sequence[Line]) -> list[tuple[FieldProblem, list[int]]]:
    found: dict[tuple[str, str, frozenset[tuple[str, str]]], tuple[FieldProblem, list[int]]] = {}
    for line in lines:
        for problem in line.problems:
            key = problem.field, problem.text, frozenset(problem.values.items())
            rows = found.setdefault(key, (problem, []))[1]
            if not rows or rows[-1] != line.row:
                rows.append(line.row)
    return sorted(found.values(), key=lambda one: -len(one[1]))


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A column of the sheet on the page where a person says what it is."""

    place: int
    letters: str
    title: str
    key: str
    samples: Sequence[str]


def column_rows(found: Preview) -> list[ColumnRow]:
    """Every column that has a title."""
    return [
        ColumnRow(
            place,
            column_name(place),
            title,
            found.plan.columns.get(place, ""),
            [text for row in found.header.body[:_SAMPLES] if (text := text_of(row.at(place))[:60])],
        )
        for place, title in enumerate(found.header.titles)
        if title
    ]


def targets(language: str) -> list[tuple[str, str]]:
    """(key, words) of what a column can be taken for."""
    more = (*ENDPOINT_KEYS, WARRANTY_MONTHS)
    return [(c.key, c.title(language)) for c in COLUMNS] + [
        (key, field_title(key, language)) for key in more
    ]


_MORE = {
    "vi": {"warranty_months": "Số tháng bảo hành", "snmp": "SNMP", "ping": "Ping"},
    "en": {"warranty_months": "Months of warranty", "snmp": "SNMP", "ping": "Ping"},
}


def field_title(key: str, language: str) -> str:
    """What a field is called in a sheet of that language."""
    if key in BY_KEY:
        return BY_KEY[key].title(language)
    words = _MORE.get(language, _MORE["en"])
    return words.get(key, key.removeprefix(CUSTOM) if key.startswith(CUSTOM) else key.upper())


def said(problem: FieldProblem, speech: Speech) -> str:
    """A problem in the reader's words."""
    return speech.text(problem.text).format_map(problem.values)


def told(one: Import, speech: Speech) -> str:
    """Why an import failed, in the reader's words; "" where it did not."""
    if one.problem is None:
        return ""
    text, values = one.problem
    if one.state is State.FAILED and text != STOPPED:
        return of_file(text, values, speech)
    return speech.text(text).format_map(values)


def of_file(text: str, values: Mapping[str, str], speech: Speech) -> str:
    """A SheetError as a sentence in the reader's words."""
    return speech.text("The file {what}.").format(what=speech.text(text).format_map(values))


def may_point(one: Import) -> bool:
    """Whether an import failed because its header was not found: somebody can say where it is."""
    found = one.problem is not None and one.problem[0] in (NO_HEADER, NOTHING_THERE, NO_COLUMN)
    return found and one.state is State.FAILED


def choice_from(fields: Mapping[str, str], titles: Sequence[str], before: Choice) -> Choice:
    """What a person chose on the page of columns; fields of the form by name."""
    columns = {}
    for place, title in enumerate(titles):
        key = fields.get(f"column_{place}")
        if not title or key is None:
            continue
        name = f"{CUSTOM}{' '.join(title.split())}"[:64]
        columns[title] = name if key == "custom" else key
    row = fields.get("row", "")
    return Choice(
        map=fields.get("map", before.map),
        columns=columns,
        defaults={k: fields.get(k, "") for k in ("commune", "class", "status", "site")},
        row=int(row) if row.isascii() and row.isdigit() and len(row) < 7 else 0,
    )
