"""A report as a workbook whose totals are formulas over its own rows."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from dashboards.reports.content import Line, Report
from dashboards.reports.phrases import Phrases
from dashboards.reports.words import VERDICTS
from dashboards.reports.xlsx_book import (
    DAY,
    NUMBER,
    PERCENT,
    POINTS,
    TEXT,
    TIME,
    WHOLE,
    Book,
    Column,
    Formula,
    Page,
    Value,
)

_TOP = 3
"""The first row of a table: sums and heading stand above it."""


def as_xlsx(report: Report, phrases: Phrases) -> bytes:
    """The workbook: summary, ranking, requirements, gaps, evidence, changes, how to read it."""
    say = phrases.say
    book = Book(phrases.subject(report.now))
    summary = book.page(say("Summary"), (58, 28, 14, 20))
    pillars = _pillars(report, phrases)
    ranking = book.page(say("Ranking"), [c.width for c in _ranked(phrases, pillars)])
    requirements = book.page(say("Requirements"), [c.width for c in _asked(phrases)])
    gaps = book.page(say("Gaps"), [c.width for c in _missing(phrases)])
    evidence = book.page(say("Evidence"), [c.width for c in _shown(phrases)])
    shown = say("Total of what is shown")
    _summary(summary, report, phrases, (ranking, requirements, gaps))
    rows = _ranking_rows(report, gaps, phrases, pillars)
    ranking.table(_ranked(phrases, pillars), rows, shown)
    requirements.table(_asked(phrases), [_asked_row(x, phrases) for x in report.lines], shown)
    rows = [_gap_row(line, at, phrases) for at, line in enumerate(report.gaps, _TOP)]
    gaps.table(_missing(phrases), rows, shown)
    evidence.table(_shown(phrases), _evidence_rows(report, phrases), shown)
    if report.before is not None:
        changes = book.page(say("Changes"), [c.width for c in _changed(phrases)])
        changes.table(_changed(phrases), _change_rows(report, phrases), shown)
    notes = book.page(say("How to read it"), (120,))
    for note in phrases.notes(report):
        notes.line(note, wrap=True)
    return book.data()


def _summary(page: Page, report: Report, phrases: Phrases, pages: Sequence[Page]) -> None:
    say, totals = phrases.say, report.totals
    ranking, requirements, gaps = pages
    page.line(say("REPORT"), bold=True, size=14)
    page.line(phrases.subject(report.now), bold=True, size=13)
    page.line(phrases.as_of(report.now))
    page.row += 1

    def over(sheet: Page, letter: str, count: int) -> str:
        return f"{sheet.name}!${letter}${_TOP}:${letter}${_TOP + max(0, count - 1)}"

    communes, lines, missing = len(report.ranking), len(report.lines), len(report.gaps)
    ratios, costs = over(ranking, "D", communes), over(gaps, "J", missing)
    must = say("mandatory")
    figures: list[tuple[str, Value, str]] = [
        (say("Communes"), Formula(f"=COUNTA({over(ranking, 'A', communes)})", communes), WHOLE),
        (say("Known communes"), Formula(f"=COUNT({ratios})", totals.known), WHOLE),
        (
            f"{say('Readiness')} ({say('Mean')})",
            Formula(f"=AVERAGE({ratios})", totals.ratio)
            if totals.ratio is not None
            else say("no data"),
            PERCENT,
        ),
        (
            f"{say('Confidence')} ({say('Mean')})",
            Formula(f"=AVERAGE({over(ranking, 'E', communes)})", totals.confidence),
            PERCENT,
        ),
        (f"{say('Cost of gaps')} (VND)", Formula(f"=SUM({costs})", totals.cost_vnd), WHOLE),
        (
            f"{say('of it mandatory')} (VND)",
            Formula(f'=SUMIF({over(gaps, "E", missing)},"{must}",{costs})', totals.mandatory_vnd),
            WHOLE,
        ),
    ]
    verdicts = over(requirements, "F", lines)
    for verdict, word in VERDICTS.items():
        name, count = say(word), totals.verdicts.get(verdict, 0)
        formula = Formula(f'=COUNTIF({verdicts},"{name}")', count)
        figures.append((f"{say('Number of results')}: {name}", formula, WHOLE))
    for name, value, form in figures:
        page.cells((name, value), (TEXT, form))
    page.row += 1
    _by_requirement(page, report, phrases, gaps, missing)


def _by_requirement(page: Page, report: Report, phrases: Phrases, gaps: Page, missing: int) -> None:
    say = phrases.say
    last = _TOP + max(0, missing - 1)
    ids, costs = (f"{gaps.name}!${c}${_TOP}:${c}${last}" for c in ("C", "J"))
    by: dict[str, list[Line]] = defaultdict(list)
    for line in report.gaps:
        by[line.result.requirement].append(line)
    names = ("Requirement", "Code", "Communes", "Cost")
    page.cells([say(name) for name in names], (TEXT,) * 4, bold=True)
    order = sorted(by.items(), key=lambda item: (-sum(x.result.cost_vnd for x in item[1]), item[0]))
    first = page.row
    for id, lines in order:
        cost = sum(line.result.cost_vnd for line in lines)
        key = f"$B{page.row}"
        page.cells(
            (
                lines[0].requirement.title.text(phrases.language),
                id,
                Formula(f"=COUNTIF({ids},{key})", len(lines)),
                Formula(f"=SUMIF({ids},{key},{costs})", cost),
            ),
            (TEXT, TEXT, WHOLE, WHOLE),
        )
    if order:
        whole = Formula(f"=SUM(D{first}:D{page.row - 1})", report.totals.cost_vnd)
        page.cells((say("Total"), None, None, whole), (TEXT, TEXT, WHOLE, WHOLE), bold=True)


def _pillars(report: Report, phrases: Phrases) -> dict[str, str]:
    """Id of every pillar -> what it is called, in the order in which profiles name them."""
    return {
        id: commune.profile.pillar(id).title.text(phrases.language)
        for commune in report.ranking
        for id in commune.evaluation.pillars
    }


def _ranked(phrases: Phrases, pillars: Mapping[str, str]) -> tuple[Column, ...]:
    say = phrases.say
    return (
        Column(say("Code"), 10),
        Column(say("Commune"), 28),
        Column(say("Province"), 24),
        Column(say("Readiness"), 14, PERCENT),
        Column(say("Confidence"), 14, PERCENT),
        Column(f"{say('Cost of gaps')} (VND)", 20, WHOLE, total=True),
        Column(f"{say('of it mandatory')} (VND)", 20, WHOLE, total=True),
        Column(say("Evaluated"), 18, TIME),
        *(Column(name, 16, PERCENT) for name in pillars.values()),
    )


def _ranking_rows(
    report: Report, gaps: Page, phrases: Phrases, pillars: Iterable[str]
) -> list[list[Value]]:
    last = _TOP + max(0, len(report.gaps) - 1)
    codes, levels, costs = (f"{gaps.name}!${c}${_TOP}:${c}${last}" for c in ("A", "E", "J"))
    must, rows = phrases.say("mandatory"), []
    for at, commune in enumerate(report.ranking, _TOP):
        found = commune.evaluation
        mandatory = sum(r.cost_vnd for r in found.results if r.level == "mandatory")
        both = f'{costs},{codes},$A{at},{levels},"{must}"'
        row: list[Value] = [
            commune.unit.code,
            commune.unit.name,
            commune.province.name if commune.province is not None else "",
            found.total.ratio,
            found.total.confidence,
            Formula(f"=SUMIF({codes},$A{at},{costs})", found.cost_vnd),
            Formula(f"=SUMIFS({both})", mandatory),
            _local(found.at_s, phrases),
        ]
        scores = (found.pillars.get(id) for id in pillars)
        row += [score.ratio if score is not None else None for score in scores]
        rows.append(row)
    return rows


def _asked(phrases: Phrases) -> tuple[Column, ...]:
    say = phrases.say
    return (
        Column(say("Code"), 10),
        Column(say("Commune"), 24),
        Column(say("Pillar"), 22),
        Column(say("Requirement"), 44),
        Column(say("Level"), 12),
        Column(say("Result"), 16),
        Column(say("Found"), 12, NUMBER),
        Column(say("Asked"), 12, NUMBER),
        Column(say("Unit"), 10),
        Column(say("Weight"), 10, NUMBER),
        Column(say("Confidence"), 12, PERCENT),
        Column(say("Missing"), 12, NUMBER),
        Column(f"{say('Cost')} (VND)", 18, WHOLE, total=True),
        Column(say("Reason"), 46),
        Column(say("Basis"), 40),
    )


def _asked_row(line: Line, phrases: Phrases) -> list[Value]:
    result, profile = line.result, line.commune.profile
    basis = line.requirement.basis
    return [
        line.commune.unit.code,
        line.commune.unit.name,
        profile.pillar(result.pillar).title.text(phrases.language),
        line.requirement.title.text(phrases.language),
        phrases.say(result.level),
        phrases.verdict(result),
        result.value,
        result.threshold,
        phrases.unit(result.unit),
        result.weight,
        result.confidence,
        result.gap if line.is_gap else None,
        result.cost_vnd,
        phrases.reason(result),
        " ".join(filter(None, (basis.document, basis.article))),
    ]


def _missing(phrases: Phrases) -> tuple[Column, ...]:
    say = phrases.say
    return (
        Column(say("Code"), 10),
        Column(say("Commune"), 24),
        Column("id", 24),
        Column(say("Requirement"), 44),
        Column(say("Level"), 12),
        Column(say("Remedy"), 34),
        Column(say("Pieces"), 10, NUMBER, total=True),
        Column(f"{say('Price')} (VND)", 16, WHOLE),
        Column(say("Price of"), 12, DAY),
        Column(f"{say('Cost')} (VND)", 18, WHOLE, total=True),
        Column(say("Source"), 44),
    )


def _gap_row(line: Line, at: int, phrases: Phrases) -> list[Value]:
    remedy, pieces, cost = line.requirement.remedy, line.pieces, line.result.cost_vnd
    priced = pieces is not None and remedy is not None and pieces * remedy.price_vnd == cost
    return [
        line.commune.unit.code,
        line.commune.unit.name,
        line.result.requirement,
        line.requirement.title.text(phrases.language),
        phrases.say(line.result.level),
        remedy.name.text(phrases.language) if remedy is not None else "",
        pieces,
        remedy.price_vnd if remedy is not None else None,
        remedy.price_date if remedy is not None else None,
        Formula(f"=G{at}*H{at}", cost) if priced else cost,
        remedy.source if remedy is not None else "",
    ]


def _shown(phrases: Phrases) -> tuple[Column, ...]:
    say = phrases.say
    return (
        Column(say("Code"), 10),
        Column(say("Commune"), 24),
        Column(say("Requirement"), 44),
        Column(say("Source"), 14),
        Column(say("Evidence"), 60),
        Column(say("Asset"), 16),
        Column(say("As of"), 18, TIME),
    )


def _evidence_rows(report: Report, phrases: Phrases) -> list[list[Value]]:
    return [
        [
            line.commune.unit.code,
            line.commune.unit.name,
            line.requirement.title.text(phrases.language),
            phrases.source(row.source),
            phrases.evidence(row, line.result),
            row.asset or "",
            _local(row.at_s, phrases) if row.at_s is not None else None,
        ]
        for line in report.lines
        for row in line.result.evidence
    ]


def _changed(phrases: Phrases) -> tuple[Column, ...]:
    say = phrases.say
    return (
        Column(say("Code"), 10),
        Column(say("Commune"), 24),
        Column(say("Before"), 12, PERCENT),
        Column(say("After"), 12, PERCENT),
        Column(say("Change"), 12, POINTS),
        Column(f"{say('Change of cost')} (VND)", 20, WHOLE, total=True),
        Column(say("Requirements whose result changed"), 90),
    )


def _change_rows(report: Report, phrases: Phrases) -> list[list[Value]]:
    rows: list[list[Value]] = []
    for change in report.changes:
        was, became = change.before, change.after
        both = was is not None and became is not None
        said = phrases.changed(change) if both else [phrases.change(change)]
        rows.append(
            [
                change.unit.code,
                change.unit.name,
                was.evaluation.total.ratio if was is not None else None,
                became.evaluation.total.ratio if became is not None else None,
                change.ratio,
                change.cost_vnd,
                "; ".join(said),
            ]
        )
    return rows


def _local(at_s: float, phrases: Phrases) -> dt.datetime:
    """A moment as a clock on the wall showed it; a cell knows no zone."""
    there = dt.datetime.fromtimestamp(at_s, phrases.zone)
    return there.replace(tzinfo=None, microsecond=0)
