"""The answer in the words of `whatif`: what is bought and moved, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from inventory.planning.acts import arrived
from inventory.planning.articles import Article, Kind
from inventory.planning.choices import Transfer
from inventory.planning.gaps import lifted_by
from inventory.planning.room import Room
from inventory.planning.whatif import Answer, LeftOut, Move, Outcome, Purchase, Standing, WhatIf
from inventory.readiness.evaluate import score
from inventory.readiness.finding import label
from inventory.readiness.result import Evaluation, Verdict


def answer_of(
    problem: WhatIf,
    rooms: Sequence[Room],
    values: Mapping[str, Sequence[int]],
    transfers: Sequence[Transfer],
    after: Mapping[str, Evaluation],
    now_s: float,
    gap: float,
    *,
    proven: bool,
) -> Answer:
    """values: how much is done of each act of a room, by commune. after: the evaluations with
    what is done."""
    purchases = tuple(p for room in rooms for p in _purchases(room, values[room.code]))
    cost = dict.fromkeys(after, 0)
    for purchase in purchases:
        cost[purchase.commune] += purchase.cost_vnd
    spent_vnd = sum(cost.values())
    if spent_vnd > problem.budget_vnd:  # never: the row of the budget is in whole numbers
        raise ArithmeticError(f"{spent_vnd} is more than {problem.budget_vnd}")
    before = {room.code: room.lens.before for room in rooms}
    outcomes = tuple(
        Outcome(
            code,
            standing(before[code]),
            standing(after[code]),
            cost[code],
            _mended(before[code], after[code]),
        )
        for code in after
    )
    at = {room.code: room for room in rooms}
    moves = [(t, _move(t, at[t.commune])) for t in transfers]
    return Answer(
        problem=problem,
        at_s=now_s,
        purchases=purchases,
        stock=tuple(move for t, move in moves if t.origin == t.commune),
        moves=tuple(move for t, move in moves if t.origin != t.commune),
        cost_vnd=spent_vnd,
        before=together([o.before for o in outcomes]),
        after=together([o.after for o in outcomes]),
        communes=outcomes,
        left_out=tuple(
            left for room in rooms for left in _left_out(room, after[room.code], values[room.code])
        ),
        optimality_gap=gap,
        proven=proven,
        lowest_before=_lowest(o.before for o in outcomes),
        lowest_after=_lowest(o.after for o in outcomes),
        simplified=tuple(room.code for room in rooms if room.careful),
    )


def standing(evaluation: Evaluation) -> Standing:
    """How a commune stands by its evaluation."""
    known = [r for r in evaluation.results if r.share is not None]
    return Standing(
        score=evaluation.total.ratio,
        mandatory=score([r for r in evaluation.results if r.level == "mandatory"]).ratio,
        met=sum(r.verdict is Verdict.MET for r in known),
        known=len(known),
        gap_cost_vnd=evaluation.cost_vnd,
    )


def together(standings: Sequence[Standing]) -> Standing:
    """All of them: means over those that have one, and sums."""
    return Standing(
        score=_mean(s.score for s in standings),
        mandatory=_mean(s.mandatory for s in standings),
        met=sum(s.met for s in standings),
        known=sum(s.known for s in standings),
        gap_cost_vnd=sum(s.gap_cost_vnd for s in standings),
    )


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _lowest(standings: Iterable[Standing]) -> float | None:
    return min((s.score for s in standings if s.score is not None), default=None)


def _mended(before: Evaluation, after: Evaluation) -> tuple[str, ...]:
    met = {r.requirement for r in before.results if r.verdict is Verdict.MET}
    return tuple(
        r.requirement
        for r in after.results
        if r.verdict is Verdict.MET and r.requirement not in met
    )


def _purchases(room: Room, values: Sequence[int]) -> Iterable[Purchase]:
    quantities = dict.fromkeys(room.articles, 0)
    for act, value in zip(room.acts, values, strict=True):
        if act.counts_pieces:
            quantities[act.article] += value
        for key in act.with_:
            quantities[key] += value
    for key, quantity in quantities.items():
        if quantity:
            article = room.articles[key]
            lifted = lifted_by(room.lens.profile, article)
            yield Purchase(
                commune=room.code,
                article=key,
                name=article.name,
                quantity=quantity,
                unit_price_vnd=article.price_vnd,
                cost_vnd=quantity * article.price_vnd,
                requirements=tuple(id for id in lifted if room.lens.results[id].gap)
                or article.requirements,
            )


def _move(transfer: Transfer, room: Room) -> Move:
    registered = transfer.asset.registered
    vector = room.lens.vector(arrived(transfer.asset, room.code))
    return Move(
        asset=registered.tag,
        name=label(transfer.asset),
        asset_class=registered.asset_class.value,
        origin=transfer.origin,
        commune=transfer.commune,
        surplus=not transfer.in_stock,
        requirements=tuple(t.requirement.id for t in room.lifted(vector)),
    )


def _left_out(room: Room, after: Evaluation, values: Sequence[int]) -> Iterable[LeftOut]:
    remedies = {id: a for a in room.articles.values() for id in a.requirements}
    for result in after.results:
        if not result.gap:
            continue
        article = remedies.get(result.requirement)
        pieces = article.pieces_for(result.gap) if article else 0
        yield LeftOut(
            commune=room.code,
            requirement=result.requirement,
            level=result.level,
            article=article.key if article else "",
            pieces=pieces,
            cost_vnd=pieces * article.price_vnd if article else 0,
            why=_why(room, article, values),
        )


def _why(room: Room, article: Article | None, values: Sequence[int]) -> str:
    if article is None:
        return "no_remedy"
    if article.kind is Kind.BUY and room.forbidden(article, values):
        return "ceiling"
    return "money"
