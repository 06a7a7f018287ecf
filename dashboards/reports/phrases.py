"""What a report says in words of one language: sentences, names, values. Shared by its forms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from dashboards.reports.content import COSTLIEST, WORST, Line, Report, Totals
from dashboards.reports.words import VERDICTS, catalogue, say
from dashboards.web.evidence import evidence_text
from dashboards.web.languages import Speech
from dashboards.web.words import word
from inventory.readiness.commune_changes import CommuneChange
from inventory.readiness.frozen import Frozen, FrozenCommune
from inventory.readiness.kept_profile import KeptProfile
from inventory.readiness.per_post import PerPost, per_post
from inventory.readiness.reasons import reason_text
from inventory.readiness.result import Evidence, RequirementResult


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language. over: whether the report's day was over when it was made."""

    language: str
    zone: ZoneInfo
    over: bool = True

    @property
    def speech(self) -> Speech:
        """How numbers and days are said."""
        return Speech(self.language, self.zone)

    def say(self, message: str, **values: object) -> str:
        """A message of `words`."""
        return say(self.language, message, **values)

    def scope(self, frozen: Frozen) -> str:
        """What is reported on."""
        if frozen.scope.commune is not None:
            unit = frozen.communes[0].unit
            name = unit.name
            return f"{name[:1].lower()}{name[1:]}" if self.language == "vi" else name
        if frozen.group is not None:
            return self.say("the group {name}", name=frozen.group.title.text(self.language))
        if frozen.scope.only is not None:
            return self.say("{count} communes", count=self.speech.number(len(frozen.communes)))
        if frozen.province is not None:
            name = frozen.province.name
            said = f"{name[:1].lower()}{name[1:]}" if self.language == "vi" else name
            return self.say("communes, wards and special zones of {unit}", unit=said)
        return self.say("communes, wards and special zones")

    def subject(self, frozen: Frozen) -> str:
        """What the title says below REPORT."""
        scope = self.scope(frozen)
        return self.say("on the readiness of information technology in {scope}", scope=scope)

    def as_of(self, frozen: Frozen) -> str:
        """Of which day the figures are."""
        return self.say("(Figures as known at the end of {day})", day=self.speech.day(frozen.day))

    def verdict(self, result: RequirementResult) -> str:
        """A verdict."""
        return self.say(VERDICTS[result.verdict.value])

    def money(self, amount: int) -> str:
        """An amount of dong; a dash for none."""
        return self.speech.money(amount)

    def value(self, line: Line) -> str:
        """What was found; of devices for posts their number, as on the commune's page."""
        if (devices := _devices(line)) is not None:
            return self.speech.number(devices.have)
        return self.speech.quantity(line.result.value, line.result.unit)

    def asked(self, line: Line) -> str:
        """What was asked for, with its sign."""
        sign = "≤" if line.requirement.at_most is not None else "≥"
        if (devices := _devices(line)) is not None:
            return f"{sign} {self.speech.number(devices.needed)}"
        return self.speech.limit(line.result.threshold, line.result.unit, sign)

    def missing(self, line: Line) -> str:
        """How much is missing, and of what."""
        if not line.is_gap:
            return "–"
        remedy = line.requirement.remedy
        if line.pieces is not None and remedy is not None:
            return f"{self.speech.number(line.pieces)} × {remedy.name.text(self.language)}"
        unit = line.result.unit
        gap = line.result.gap
        if unit in ("ratio", "yes"):  # what is missing are whole things, or one of no kind
            return self.speech.number(gap) if gap > 1 else "–"
        return self.speech.quantity(gap, unit)

    def reason(self, result: RequirementResult) -> str:
        """Why a verdict is what it is."""
        if (exempt := result.exemption) is not None:
            said = self.speech.text("Exempt until {day}: {reason} ({document})")
            until = self.speech.day(exempt.until)
            return said.format(day=until, reason=exempt.reason, document=exempt.document)
        return reason_text(result.explanation, self.language)

    def unit(self, unit: str) -> str:
        """What a value is counted in; its own word where it has no other."""
        return self.say(unit) if unit in catalogue(self.language) else unit

    def iso(self, at_s: float) -> str:
        """A moment in local time with its offset, for programs."""
        return dt.datetime.fromtimestamp(at_s, self.zone).isoformat(timespec="seconds")

    def source(self, source: str) -> str:
        """Where evidence comes from."""
        return self.speech.text(word(source))

    def evidence(self, row: Evidence, result: RequirementResult) -> str:
        """One piece of evidence."""
        return evidence_text(row.text, result.unit, self.speech)

    def summary(self, report: Report) -> list[str]:
        """The sentences of the summary."""
        totals, speech = report.totals, self.speech
        one = report.now.scope.commune is not None
        said = []
        if not one:
            counts = {"count": speech.number(totals.communes), "known": speech.number(totals.known)}
            said.append(self.say(_HELD, **counts))
        said.append(self._mean(totals, one))
        said += self._verdicts(totals)
        if not one and totals.ready is not None:
            ready = speech.number(round(totals.ready * totals.judged))
            said.append(self.say(_READY, ready=ready, judged=speech.number(totals.judged)))
        if totals.cost_vnd:
            cost, must = self.money(totals.cost_vnd), self.money(totals.mandatory_vnd)
            said.append(self.say(_COST, cost=cost, mandatory=must))
        elif report.gaps:
            said.append(self.say("No known gap has a price."))
        if not one and totals.known > 1:
            worst = [c for c in report.ranking if c.evaluation.total.ratio is not None][:WORST]
            names = ", ".join(f"{c.unit.name} ({self.percent(c)})" for c in worst)
            said.append(self.say("Least ready: {names}.", names=names))
        if report.before is not None and report.earlier is not None:
            before, after = report.earlier.ratio, totals.ratio
            said.append(
                self.say(
                    "Compared with {day}, mean readiness went from {before} to {after}.",
                    day=speech.day(report.before.day),
                    before=speech.percent(before),
                    after=speech.percent(after),
                )
            )
        return said

    def costliest(self, report: Report) -> list[str]:
        """The gaps that cost most, a line each; with the commune's name where there are several."""
        one = report.now.scope.commune is not None
        return [
            f"{'' if one else f'{line.commune.unit.name}: '}"
            f"{line.requirement.title.text(self.language)} – "
            f"{self.missing(line)}, {self.money(line.result.cost_vnd)}"
            for line in report.gaps[:COSTLIEST]
            if line.result.cost_vnd
        ]

    def percent(self, commune: FrozenCommune) -> str:
        """A commune's readiness; the words for no data where nothing is known."""
        return self.ratio(commune.evaluation.total.ratio)

    def ratio(self, ratio: float | None) -> str:
        """A readiness; the words for no data for None."""
        return self.say("no data") if ratio is None else self.speech.percent(ratio)

    def notes(self, report: Report) -> list[str]:
        """How the report is to be read, and what it rests on."""
        now = report.now
        moments = [c.evaluation.at_s for c in now.communes]
        first, last = self.speech.moment(min(moments)), self.speech.moment(max(moments))
        said = [] if self.over else [self.say(_NOT_OVER)]
        said += [
            self.say(_SCORE),
            self.say(_PRICES),
            *(self._profile(profile) for profile in now.profiles),
            self.say("The results are of {first} to {last}.", first=first, last=last),
        ]
        ended = [c.unit.name for c in now.communes if c.ended]
        said += [self.say("{name} ended before this day", name=name) + "." for name in ended]
        if now.unknown:
            said.append(self.say("No result is kept of: {names}.", names=", ".join(now.unknown)))
        return said

    def change(self, change: CommuneChange) -> str:
        """Of a commune that is in one of two reports only, what became of it."""
        names = ", ".join(unit.name for unit in change.kin)
        if change.before is None:
            return self.say("new; from {names}", names=names) if names else self.say(_NEW)
        return self.say("ended; became {names}", names=names) if names else self.say(_GONE)

    def changed(self, change: CommuneChange) -> list[str]:
        """The requirements of a commune whose result changed, a line each."""
        lines = []
        for one in change.requirements:
            if one.before and one.after and one.before.verdict is one.after.verdict:
                continue
            commune = change.after if one.after is not None else change.before
            assert commune is not None
            title = commune.profile.requirement(one.requirement).title.text(self.language)
            was = self.verdict(one.before) if one.before is not None else "–"
            became = self.verdict(one.after) if one.after is not None else "–"
            lines.append(f"{title}: {was} → {became}")
        return lines

    def points(self, ratio: float | None) -> str:
        """By how much a ratio changed, in percentage points with a sign."""
        if ratio is None:
            return "–"
        points = round(ratio * 100, 1)
        return f"{'+' if points > 0 else ''}{self.speech.number(points)}"

    def signed(self, amount: int | None) -> str:
        """By how much an amount changed."""
        if not amount:
            return "–"
        return f"{'+' if amount > 0 else ''}{self.money(amount)}"

    def days(self, day: dt.date | None) -> str:
        """A day, a dash for none."""
        return self.speech.day(day) if day is not None else "–"

    def _mean(self, totals: Totals, one: bool) -> str:
        if totals.ratio is None:
            return self.say("Of readiness nothing is known yet.")
        ratio, sure = self.speech.percent(totals.ratio), self.speech.percent(totals.confidence)
        return self.say(_ONE if one else _MEAN, ratio=ratio, confidence=sure)

    def _verdicts(self, totals: Totals) -> Sequence[str]:
        parts = [
            f"{self.speech.number(count)} {self.say(word)}"
            for verdict, word in VERDICTS.items()
            if (count := totals.verdicts.get(verdict, 0))
        ]
        total = self.speech.number(sum(totals.verdicts.values()))
        return [self.say("Of {count} results, {parts}.", count=total, parts=", ".join(parts))]

    def _profile(self, profile: KeptProfile) -> str:
        message = _EXACT if profile.exact else _FIRST if profile.requirements else _NONE
        title, version = profile.title.text(self.language), profile.version
        return self.say(message, title=title, version=version, digest=profile.digest[:12])


def _devices(line: Line) -> PerPost | None:
    """Devices for posts, where that is what was counted."""
    measure = line.requirement.measure
    counted = measure.measure == "assets_per_post"
    return per_post(line.result, measure.posts) if counted else None


def phrases(language: str, frozen: Frozen, over: bool = True) -> Phrases:
    """The phrases of a language in a report's time zone."""
    return Phrases(language, frozen.zone, over)


_HELD = (
    "{count} communes were held against the requirements; of {known} of them something is known."
)
_MEAN = "Mean readiness is {ratio} with a confidence of {confidence}."
_ONE = "Readiness is {ratio} with a confidence of {confidence}."
_COST = "Mending every known gap would cost {cost}, {mandatory} of it for what is mandatory."
_READY = "Of {judged} communes that can be judged, {ready} meet every mandatory requirement."
_NOT_OVER = "The day was not over when this was made; a later report of it may differ."
_SCORE = (
    "A score is the weighted share fulfilled of what is known; what is not known lowers the "
    "confidence and never the score."
)
_PRICES = "Costs are the missing pieces at the prices of the profile, each with its day."
_EXACT = "Requirements: {title}, version {version}, content {digest}."
_FIRST = (
    "Requirements: {title}, version {version}; results of that time name no content, so titles "
    "are of the first content that was kept of this version."
)
_NONE = (
    "Requirements: {title}, version {version}; its content was not kept, so requirements stand "
    "under their ids."
)
_NEW = "new in this report"
_GONE = "no longer in this report"
