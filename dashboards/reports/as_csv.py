"""A report as one table: a row for each requirement of each commune.

UTF-8 with its mark, so that spreadsheets read Vietnamese; a text that could be a formula begins
with an apostrophe. Headings are stable names, whatever the language of the texts.
"""

from __future__ import annotations

import csv
import io

from dashboards.reports.content import Line, Report
from dashboards.reports.phrases import Phrases
from inventory.readiness.result import RequirementResult
from inventory.sheets.escape import guarded

HEADINGS = (
    "as_of",
    "commune",
    "commune_name",
    "province",
    "readiness",
    "commune_confidence",
    "evaluated_at",
    "pillar",
    "requirement",
    "title",
    "level",
    "weight",
    "verdict",
    "value",
    "threshold",
    "unit",
    "share",
    "confidence",
    "gap",
    "pieces",
    "remedy",
    "price_vnd",
    "price_date",
    "cost_vnd",
    "above_norm",
    "reason",
    "basis",
    "evidence",
    "profile",
    "profile_version",
    "profile_digest",
    "verdict_before",
    "cost_vnd_before",
)


def as_csv(report: Report, phrases: Phrases) -> bytes:
    """The file. The last two columns are of the earlier day, empty without one."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    before: dict[tuple[str, str], RequirementResult] = {}
    for change in report.changes:
        if change.before is not None and change.after is not None:
            code = change.unit.code
            before |= {(code, r.requirement): r for r in change.before.evaluation.results}
    for line in report.lines:
        was = before.get((line.commune.unit.code, line.result.requirement))
        earlier = ("", "") if was is None else (was.verdict.value, was.cost_vnd)
        cells = (*_cells(line, report, phrases), *earlier)
        writer.writerow([_cell(cell) for cell in cells])
    return out.getvalue().encode("utf-8-sig")


def _cells(line: Line, report: Report, phrases: Phrases) -> tuple[object, ...]:
    commune, result, requirement = line.commune, line.result, line.requirement
    found, remedy, basis = commune.evaluation, requirement.remedy, requirement.basis
    evidence = (
        f"{phrases.evidence(row, result)}{f' [{row.asset}]' if row.asset else ''}"
        for row in result.evidence
    )
    return (
        report.now.day.isoformat(),
        commune.unit.code,
        commune.unit.name,
        commune.province.name if commune.province is not None else "",
        found.total.ratio,
        found.total.confidence,
        phrases.iso(found.at_s),
        result.pillar,
        result.requirement,
        requirement.title.text(phrases.language),
        result.level,
        result.weight,
        result.verdict.value,
        result.value,
        result.threshold,
        result.unit,
        result.share,
        result.confidence,
        result.gap,
        line.pieces,
        remedy.name.text(phrases.language) if remedy is not None else "",
        remedy.price_vnd if remedy is not None else None,
        remedy.price_date if remedy is not None else None,
        result.cost_vnd,
        "yes" if result.above_norm else "no",
        phrases.reason(result),
        " ".join(filter(None, (basis.document, basis.article))),
        "; ".join(evidence),
        found.profile,
        found.profile_version,
        found.profile_digest,
    )


def _cell(value: object) -> object:
    if isinstance(value, str):
        return guarded(value)
    return "" if value is None else value
