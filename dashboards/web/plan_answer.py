"""An answer to a what-if question as its page shows it, and two of them side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from dashboards.web.charts.bars import Bar, bars
from dashboards.web.languages import Speech
from dashboards.web.words import N_
from inventory.alphabet import order
from inventory.planning.whatif import Answer, LeftOut, Move, Outcome, Purchase

WHY = {
    "money": N_("the money did not reach, or does more elsewhere"),
    "ceiling": N_("a norm's maximum forbids it"),
    "no_remedy": N_("the profile names no remedy with a price"),
}


@dataclass(frozen=True, slots=True)
class Ordered:
    """One thing over all communes: what is to be ordered."""

    name: str
    quantity: int
    unit_price_vnd: int
    cost_vnd: int
    communes: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Share:
    """What one commune gets. got: what comes to it without money."""

    code: str
    name: str
    outcome: Outcome
    purchases: Sequence[Purchase]
    got: Sequence[Move]


@dataclass(frozen=True, slots=True)
class Shown:
    """A whole answer. orders: the dearest first; shares: every commune, whoever gains most first;
    left: what stays, the dearest first; simplified: names of communes in which not every side
    effect was weighed while choosing."""

    answer: Answer
    chart: Markup
    orders: Sequence[Ordered]
    shares: Sequence[Share]
    left: Sequence[LeftOut]
    names: Mapping[str, str]
    simplified: Sequence[str] = ()


def shown_answer(answer: Answer, names: Mapping[str, str], speech: Speech) -> Shown:
    """The answer with what a reader needs beside it. names: code -> name of communes."""
    shares = [
        Share(
            outcome.commune,
            names.get(outcome.commune, outcome.commune),
            outcome,
            [p for p in answer.purchases if p.commune == outcome.commune],
            [m for m in (*answer.stock, *answer.moves) if m.commune == outcome.commune],
        )
        for outcome in answer.communes
    ]
    shares.sort(key=lambda share: (-gain(share.outcome), -share.outcome.cost_vnd, share.name))
    left = sorted(answer.left_out, key=lambda one: (one.level != "mandatory", -one.cost_vnd))
    return Shown(
        answer,
        _chart(shares, speech),
        _orders(answer, names, speech),
        shares,
        left,
        names,
        [names.get(code, code) for code in answer.simplified],
    )


def gain(outcome: Outcome) -> float:
    """By how much the readiness of a commune rises; 0 where nothing is known."""
    return (outcome.after.score or 0.0) - (outcome.before.score or 0.0)


def rise(before: float | None, after: float | None, speech: Speech) -> str:
    """Readiness before and after in words, one figure where they are the same."""
    if before is None and after is None:
        return "–"
    if before == after:
        return speech.percent(before)
    return f"{speech.percent(before)} → {speech.percent(after)}"


def _chart(shares: Sequence[Share], speech: Speech) -> Markup:
    before = speech.text(N_("before: {value}"))
    rows = [
        Bar(
            share.name,
            share.outcome.after.score,
            rise(share.outcome.before.score, share.outcome.after.score, speech),
            mark=share.outcome.before.score,
            mark_shown=before.format(value=speech.percent(share.outcome.before.score)),
            note=speech.money(share.outcome.cost_vnd) if share.outcome.cost_vnd else "",
        )
        for share in shares
    ]
    title = speech.text(
        N_("Readiness after, what gains most first; the mark is the readiness before")
    )
    return bars(speech, title, rows, most=1.0)


def _orders(answer: Answer, names: Mapping[str, str], speech: Speech) -> list[Ordered]:
    together: dict[tuple[str, int], list[Purchase]] = defaultdict(list)
    for purchase in answer.purchases:
        together[purchase.article, purchase.unit_price_vnd].append(purchase)
    found = [
        Ordered(
            some[0].name.text(speech.language),
            sum(p.quantity for p in some),
            price,
            sum(p.cost_vnd for p in some),
            [(names.get(p.commune, p.commune), p.quantity) for p in some],
        )
        for (_, price), some in together.items()
    ]
    return sorted(found, key=lambda one: (-one.cost_vnd, one.name))


@dataclass(frozen=True, slots=True)
class Pair:
    """One row of two answers side by side; each side "" where it has nothing."""

    label: str
    one: str
    other: str
    note: str = ""

    @property
    def differs(self) -> bool:
        """Whether the two are not the same."""
        return self.one != self.other


@dataclass(frozen=True, slots=True)
class Beside:
    """Two answers side by side. figures: of all; communes: readiness after, with that before as
    the note; orders: how many of each thing, with its unit price as the note."""

    figures: Sequence[Pair]
    communes: Sequence[Pair]
    orders: Sequence[Pair]


def beside(one: Answer, other: Answer, names: Mapping[str, str], speech: Speech) -> Beside:
    """See Beside."""
    both = (one, other)

    def pair(label: str, of: Callable[[Answer], str]) -> Pair:
        return Pair(speech.text(label), of(one), of(other))

    def mandatory(a: Answer) -> str:
        return rise(a.before.mandatory, a.after.mandatory, speech)

    figures = [
        pair(N_("Sum of money"), lambda a: speech.money(a.problem.budget_vnd)),
        pair(N_("Spent"), lambda a: speech.money(a.cost_vnd)),
        pair(N_("Readiness of all"), lambda a: rise(a.before.score, a.after.score, speech)),
        pair(N_("Readiness of what is mandatory"), mandatory),
        pair(N_("The lowest commune"), lambda a: rise(a.lowest_before, a.lowest_after, speech)),
        pair(N_("Requirements met"), lambda a: f"{a.before.met} → {a.after.met}"),
        pair(N_("Cost of what was left out"), lambda a: speech.money(a.left_out_vnd)),
    ]
    outcomes = [{o.commune: o for o in a.communes} for a in both]
    codes = sorted({*outcomes[0], *outcomes[1]}, key=lambda code: order(names.get(code, code)))
    communes = []
    for code in codes:
        mine, theirs = (side.get(code) for side in outcomes)
        before = next(o.before.score for o in (mine, theirs) if o is not None)
        communes.append(
            Pair(
                names.get(code, code),
                speech.percent(mine.after.score) if mine else "",
                speech.percent(theirs.after.score) if theirs else "",
                speech.percent(before),
            )
        )
    left, right = (
        {(o.name, o.unit_price_vnd): o.quantity for o in _orders(a, names, speech)} for a in both
    )
    orders = [
        Pair(
            key[0],
            speech.number(left[key]) if key in left else "",
            speech.number(right[key]) if key in right else "",
            speech.money(key[1]),
        )
        for key in sorted({*left, *right}, key=lambda key: (order(key[0]), key[1]))
    ]
    return Beside(figures, communes, orders)
