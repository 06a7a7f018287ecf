"""A report as a PDF in the layout of official documents, to be printed, signed and sent.

The document itself is short: summary, ranking, gaps by requirement, changes, how to read it, and
the end. What each commune has and lacks stands in annexes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, NextPageTemplate, PageBreak, Spacer

from dashboards.reports.content import Line, Report
from dashboards.reports.letterhead import Letterhead
from dashboards.reports.pdf_charts import MOST, Bar, readiness_bars, verdict_bars
from dashboards.reports.pdf_frame import (
    ACROSS,
    BOLD_CELL,
    BOLD_RIGHT,
    CELL,
    COMMUNE,
    ITEM,
    MIDDLE_CELL,
    NOTE,
    RIGHT_CELL,
    SMALL,
    TEXT,
    UNDER,
    WIDE,
    WIDE_ACROSS,
    annex,
    document,
    end,
    head,
    heads,
    para,
    part,
    table,
    title,
)
from dashboards.reports.phrases import Phrases
from dashboards.web.evidence import evidence_text
from dashboards.web.requirement import gathered
from inventory.readiness.frozen import FrozenCommune

MOST_ANNEXED = 150
"""Communes whose results are set one by one; a document of more would be thousands of pages."""

MOST_EVIDENCE = 4
"""Rows of evidence for one requirement; the spreadsheet has all."""

_WITH_SIGNER = 2
"""Paragraphs of the text that stand on the page of the signature."""


def as_pdf(report: Report, phrases: Phrases, letter: Letterhead) -> bytes:
    """The document."""
    notes = _notes(report, phrases)
    story: list[Flowable] = [
        head(letter, phrases.language),
        *title(phrases.language, phrases.subject(report.now), phrases.as_of(report.now)),
        *_summary(report, phrases),
        *(_ranking if report.now.scope.commune is None else _pillars)(report, phrases),
        *_gaps(report, phrases),
        *_changes(report, phrases),
        *notes[:-_WITH_SIGNER],
        end(letter, phrases.language, notes[-_WITH_SIGNER:]),
        *_by_commune(report, phrases, letter),
        *_all_gaps(report, phrases, letter),
    ]
    return document(story, phrases.subject(report.now), phrases.language)


def _summary(report: Report, phrases: Phrases) -> list[Flowable]:
    costliest = phrases.costliest(report)
    return [
        *part(phrases.say("I. SUMMARY")),
        *(para(sentence, TEXT) for sentence in phrases.summary(report)),
        *([para(phrases.say("The costliest gaps:"), TEXT)] if costliest else []),
        *(para(f"{at}. {line}", ITEM) for at, line in enumerate(costliest, 1)),
    ]


def _ranking(report: Report, phrases: Phrases) -> list[Flowable]:
    say, speech = phrases.say, phrases.speech
    names = ("No.", "Commune", "Readiness", "Confidence", "Cost of gaps", "of it mandatory")
    rows: list[list[str | Flowable]] = [[*heads([say(name) for name in names])]]
    for at, commune in enumerate(report.ranking, 1):
        total = commune.evaluation.total
        must = sum(r.cost_vnd for r in commune.evaluation.results if r.level == "mandatory")
        rows.append(
            [
                para(str(at), MIDDLE_CELL),
                commune.unit.name,
                para(phrases.percent(commune), RIGHT_CELL),
                para(speech.percent(total.confidence), RIGHT_CELL),
                para(phrases.money(commune.evaluation.cost_vnd), RIGHT_CELL),
                para(phrases.money(must), RIGHT_CELL),
            ]
        )
    totals = report.totals
    mean = speech.percent(totals.ratio) if totals.ratio is not None else say("no data")
    rows.append(
        [
            "",
            para(f"{say('Mean')} / {say('Total')}", BOLD_CELL),
            para(mean, BOLD_RIGHT),
            para(speech.percent(totals.confidence), BOLD_RIGHT),
            para(phrases.money(totals.cost_vnd), BOLD_RIGHT),
            para(phrases.money(totals.mandatory_vnd), BOLD_RIGHT),
        ]
    )
    return [
        *part(say("II. RANKING")),
        table(rows, (5, 26, 14, 13, 20, 20), WIDE, total=True),
        *_charts([_bar(commune) for commune in report.ranking], _OF_COMMUNES, phrases),
    ]


def _pillars(report: Report, phrases: Phrases) -> list[Flowable]:
    """Of one commune, in place of the ranking."""
    say, speech = phrases.say, phrases.speech
    commune = report.ranking[0]
    names = ("Pillar", "Readiness", "Confidence", "Number of results", "Cost of gaps")
    rows: list[list[str | Flowable]] = [[*heads([say(name) for name in names])]]
    bars = []
    for id, score in commune.evaluation.pillars.items():
        name = commune.profile.pillar(id).title.text(phrases.language)
        results = [r for r in commune.evaluation.results if r.pillar == id]
        bars.append(Bar(name, score.ratio, results))
        rows.append(
            [
                name,
                para(phrases.ratio(score.ratio), RIGHT_CELL),
                para(speech.percent(score.confidence), RIGHT_CELL),
                para(speech.number(len(results)), RIGHT_CELL),
                para(phrases.money(sum(r.cost_vnd for r in results)), RIGHT_CELL),
            ]
        )
    total = commune.evaluation.total
    rows.append(
        [
            para(say("Total"), BOLD_CELL),
            para(phrases.ratio(total.ratio), BOLD_RIGHT),
            para(speech.percent(total.confidence), BOLD_RIGHT),
            para(speech.number(len(commune.evaluation.results)), BOLD_RIGHT),
            para(phrases.money(commune.evaluation.cost_vnd), BOLD_RIGHT),
        ]
    )
    return [
        *part(say("II. RESULTS BY PILLAR")),
        table(rows, (36, 16, 14, 14, 20), WIDE, total=True),
        *_charts(bars, _OF_PILLARS, phrases),
    ]


def _charts(bars: Sequence[Bar], names: tuple[str, str], phrases: Phrases) -> list[Flowable]:
    say, drawn = phrases.say, min(len(bars), MOST)
    cut = say("The {count} least ready are shown; the table has all.", count=drawn)
    note = [para(cut, NOTE)] if len(bars) > MOST else []
    room = 15.0 * drawn + 60
    return [
        *part(say(names[0]), UNDER, room),
        readiness_bars(bars, phrases, WIDE),
        *note,
        *part(say(names[1]), UNDER, room),
        verdict_bars(bars, phrases, WIDE),
        *note,
    ]


def _bar(commune: FrozenCommune) -> Bar:
    found = commune.evaluation
    return Bar(commune.unit.name, found.total.ratio, found.results)


def _gaps(report: Report, phrases: Phrases) -> list[Flowable]:
    say = phrases.say
    found = part(say("III. GAPS AND THEIR COST"))
    if not report.gaps:
        return [*found, para(say("There is no known gap."), TEXT)]
    one = report.now.scope.commune is not None
    names = ("No.", "Requirement", "Level", *(() if one else ("Communes",)), "Pieces", "Cost")
    rows: list[list[str | Flowable]] = [[*heads([say(name) for name in names])]]
    by: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in report.gaps:
        by[(line.result.requirement, line.result.level)].append(line)
    order = sorted(by.items(), key=lambda item: (-_cost(item[1]), item[0]))
    for at, ((_, level), lines) in enumerate(order, 1):
        pieces = sum(line.pieces or 0 for line in lines)
        rows.append(
            [
                para(str(at), MIDDLE_CELL),
                lines[0].requirement.title.text(phrases.language),
                say(level),
                *([] if one else [para(phrases.speech.number(len(lines)), RIGHT_CELL)]),
                para(phrases.speech.number(pieces) if pieces else "–", RIGHT_CELL),
                para(phrases.money(_cost(lines)), RIGHT_CELL),
            ]
        )
    total = para(phrases.money(report.totals.cost_vnd), BOLD_RIGHT)
    rows.append(["", para(say("Total"), BOLD_CELL), *[""] * (2 if one else 3), total])
    widths = (6, 53, 12, 10, 19) if one else (6, 40, 12, 13, 10, 19)
    return [*found, table(rows, widths, WIDE, total=True)]


def _changes(report: Report, phrases: Phrases) -> list[Flowable]:
    if report.before is None:
        return []
    say = phrases.say
    day = phrases.speech.day(report.before.day)
    found = part(say("IV. CHANGES SINCE {day}", day=day))
    shown = [
        c
        for c in report.changes
        if c.requirements or c.cost_vnd or c.ratio or c.before is None or c.after is None
    ]
    if not shown:
        return [*found, para(say("Nothing changed between the two days."), TEXT)]
    names = ("Commune", "Before", "After", "Change", "Change of cost", _CHANGED)
    rows: list[list[str | Flowable]] = [[*heads([say(name) for name in names])]]
    for change in shown:
        both = change.before is not None and change.after is not None
        said = phrases.changed(change) if both else [phrases.change(change)]
        rows.append(
            [
                change.unit.name,
                para(phrases.percent(change.before) if change.before else "–", RIGHT_CELL),
                para(phrases.percent(change.after) if change.after else "–", RIGHT_CELL),
                para(phrases.points(change.ratio), RIGHT_CELL),
                para(phrases.signed(change.cost_vnd), RIGHT_CELL),
                _lines(said, phrases),
            ]
        )
    return [*found, table(rows, (18, 10, 10, 10, 18, 34), WIDE)]


def _notes(report: Report, phrases: Phrases) -> list[Flowable]:
    number = "IV" if report.before is None else "V"
    return [
        *part(phrases.say("{number}. HOW TO READ IT", number=number)),
        *(para(note, TEXT) for note in phrases.notes(report)),
    ]


def _by_commune(report: Report, phrases: Phrases, letter: Letterhead) -> list[Flowable]:
    name = phrases.say("Results of each commune by requirement")
    story: list[Flowable] = [
        NextPageTemplate(ACROSS),
        PageBreak(),
        *annex("I", name, letter, phrases.language),
    ]
    if len(report.ranking) > MOST_ANNEXED:
        count = phrases.speech.number(len(report.ranking))
        return [*story, para(phrases.say(_ONLY_IN_SHEET, count=count), TEXT)]
    lines: dict[str, list[Line]] = defaultdict(list)
    for line in report.lines:
        lines[line.commune.unit.code].append(line)
    for at, commune in enumerate(report.ranking, 1):
        story += _commune(at, commune, lines[commune.unit.code], phrases)
    return story


def _commune(
    at: int, commune: FrozenCommune, lines: Iterable[Line], phrases: Phrases
) -> list[Flowable]:
    say, speech, total = phrases.say, phrases.speech, commune.evaluation.total
    said = "; ".join(
        (
            f"{say('Readiness')}: {phrases.percent(commune)}",
            f"{say('Confidence')}: {speech.percent(total.confidence)}",
            f"{say('Cost of gaps')}: {phrases.money(commune.evaluation.cost_vnd)}",
            f"{say('Evaluated')}: {speech.moment(commune.evaluation.at_s)}",
        )
    )
    names = ("Requirement", "Level", "Result", "Found", "Asked", "Confidence", "Missing", "Cost")
    rows: list[list[str | Flowable]] = [[*heads([say(name) for name in (*names, "Evidence")])]]
    for line in lines:
        result = line.result
        rows.append(
            [
                line.requirement.title.text(phrases.language),
                say(result.level),
                phrases.verdict(result),
                para(phrases.value(line), RIGHT_CELL),
                para(phrases.asked(line), RIGHT_CELL),
                para(speech.percent(result.confidence, 0), RIGHT_CELL),
                phrases.missing(line),
                para(phrases.money(result.cost_vnd), RIGHT_CELL),
                _evidence(line, phrases),
            ]
        )
    return [
        *part(f"{at}. {commune.unit.name} ({commune.unit.code})", COMMUNE, 60 * mm),
        para(said, UNDER),
        table(rows, (21, 9, 9, 8, 8, 10, 14, 12, 29), WIDE_ACROSS),
        Spacer(1, 6),
    ]


def _evidence(line: Line, phrases: Phrases) -> Flowable:
    result, said = line.result, []
    rows = gathered(result.evidence)
    for row in rows[:MOST_EVIDENCE]:
        text = evidence_text(row.text, result.unit, phrases.speech)
        tags = ", ".join(row.assets[:6]) + (" …" if len(row.assets) > 6 else "")
        when = f" ({phrases.speech.moment(row.at_s)})" if row.at_s is not None else ""
        said.append(f"{text}{f' [{tags}]' if tags else ''}{when}")
    if len(rows) > MOST_EVIDENCE:
        more = phrases.speech.number(len(rows) - MOST_EVIDENCE)
        said.append(phrases.say("and {count} more", count=more))
    if result.exemption is not None:
        said.insert(0, phrases.reason(result))
    if not said:
        said.append(phrases.reason(result))
    return para("; ".join(said), SMALL)


def _all_gaps(report: Report, phrases: Phrases, letter: Letterhead) -> list[Flowable]:
    if not report.gaps or len(report.ranking) > MOST_ANNEXED:
        return []
    say = phrases.say
    names = ("No.", "Commune", "Requirement", "Level", "Missing", "Price", "Price of", "Cost")
    rows: list[list[str | Flowable]] = [[*heads([say(name) for name in (*names, "Basis")])]]
    for at, line in enumerate(report.gaps, 1):
        remedy, basis = line.requirement.remedy, line.requirement.basis
        rows.append(
            [
                para(str(at), MIDDLE_CELL),
                line.commune.unit.name,
                line.requirement.title.text(phrases.language),
                say(line.result.level),
                phrases.missing(line),
                para(phrases.money(remedy.price_vnd) if remedy else "–", RIGHT_CELL),
                para(phrases.days(remedy.price_date if remedy else None), MIDDLE_CELL),
                para(phrases.money(line.result.cost_vnd), RIGHT_CELL),
                para(" ".join(filter(None, (basis.document, basis.article))), SMALL),
            ]
        )
    total = para(phrases.money(report.totals.cost_vnd), BOLD_RIGHT)
    rows.append(["", para(say("Total"), BOLD_CELL), "", "", "", "", "", total, ""])
    return [
        PageBreak(),
        *annex("II", say("Gaps of each commune with their cost"), letter, phrases.language),
        table(rows, (5, 14, 26, 8, 18, 12, 10, 13, 20), WIDE_ACROSS, total=True),
    ]


def _lines(said: list[str], phrases: Phrases) -> Flowable | str:
    shown = said[:6]
    if len(said) > 6:
        shown.append(phrases.say("and {count} more", count=len(said) - 6))
    return para("; ".join(shown) or "–", CELL)


def _cost(lines: Iterable[Line]) -> int:
    return sum(line.result.cost_vnd for line in lines)


_CHANGED = "Requirements whose result changed"
_ONLY_IN_SHEET = "Detailed results of {count} communes are in the spreadsheet of this report only."
_OF_COMMUNES = ("Readiness of each commune", "Results of each commune")
_OF_PILLARS = ("Readiness of each pillar", "Results of each pillar")
