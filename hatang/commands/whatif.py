"""`plan gaps` and `plan whatif`: what is missing, and what a sum would mend."""

from __future__ import annotations

import time
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter

from hatang.assessment import Assessor
from hatang.commands.options import DEFAULT_CONFIG, CommuneOption, ConfigOption, FormatOption
from hatang.commands.plan import plan_app, profile_of
from hatang.commands.show import refuse_unknown
from hatang.output import Column, Format, dong, percent, print_json, print_rows
from hatang.plan import Plan, read_plan
from inventory.planning.gaps import Gap, dearest_first, gaps
from inventory.planning.solve import Limits, solve
from inventory.planning.whatif import Answer, Goal, Move, Standing, WhatIf
from inventory.store.reader import Reader


class Order(StrEnum):
    """In which order gaps are listed."""

    COST = "cost"
    COMMUNE = "commune"


@plan_app.command("gaps")
def gaps_command(
    config: ConfigOption = DEFAULT_CONFIG,
    commune: CommuneOption = None,
    by: Annotated[Order, typer.Option("--by", help="What stands first.")] = Order.COST,
    form: FormatOption = Format.TABLE,
) -> None:
    """List what is missing, as it was last evaluated: pieces, cost, and what else they mend.

    The dearest first, as on /plan; --by commune: one commune after another, as the profile asks.
    """
    plan = read_plan(config)
    refuse_unknown(commune, plan)
    with Reader(plan.database) as reader:
        evaluations = reader.evaluations(time.time())
    wanted = [
        evaluation
        for code, evaluation in evaluations.items()
        if code in plan.communes and commune in (None, code)
    ]
    columns = [
        Column("commune", "commune"),
        Column("requirement", "requirement"),
        Column("level", "level"),
        Column("verdict", "verdict"),
        Column("amount", "missing", lambda v: f"{v:.4g}", right=True),
        Column("unit", "unit"),
        Column("remedy", "remedy"),
        Column("pieces", "pieces", right=True),
        Column("unit_price_vnd", "price", dong, right=True),
        Column("cost_vnd", "cost", dong, right=True),
        Column("price_date", "price of"),
        Column("side_effects", "also mends", ", ".join),
    ]
    language = plan.settings.web.language
    found = gaps(wanted, profile_of(plan))
    if by is Order.COST:
        found = tuple(sorted(found, key=dearest_first))
    rows = [_gap_row(gap, language) for gap in found]
    print_rows(columns, rows, form)


@plan_app.command("whatif")
def whatif_command(
    budget: Annotated[int, typer.Option("--budget", min=0, help="The sum, in dong.")],
    goal: Annotated[
        Goal, typer.Option("--goal", help="What is wanted for the money.")
    ] = Goal.MUST_HAVES,
    config: ConfigOption = DEFAULT_CONFIG,
    commune: Annotated[
        list[str] | None,
        typer.Option("--commune", help="Only these communes, by code; may be given again."),
    ] = None,
    ceilings: Annotated[
        bool, typer.Option("--ceilings/--no-ceilings", help="Stay within the norms' maxima.")
    ] = True,
    stock: Annotated[bool, typer.Option("--stock/--no-stock", help="Use what is in stock.")] = True,
    moves: Annotated[
        bool, typer.Option("--moves/--no-moves", help="Let stock and surplus change communes.")
    ] = False,
    gap: Annotated[
        float,
        typer.Option("--gap", min=0.0, max=100.0, help="Good enough from this gap on, in %."),
    ] = 0.1,
    time_s: Annotated[
        float, typer.Option("--time", min=1.0, help="How long to choose, in seconds.")
    ] = 10.0,
    form: FormatOption = Format.TABLE,
) -> None:
    """Say what a sum would mend, and what it would not.

    must_haves: as much as possible of what is mandatory, then the rest. worst_off: the lowest
    commune as high as possible. equal_share: the same sum for each commune. maximum_score: the
    highest mean readiness. --format csv lists what is bought and moved.
    """
    plan = read_plan(config)
    for code in commune or ():
        refuse_unknown(code, plan)
    problem = WhatIf(
        budget,
        goal,
        within_ceilings=ceilings,
        use_stock=stock,
        allow_moves=moves,
        communes=tuple(commune or ()),
    )
    now_s = time.time()
    facts = Assessor(plan).facts(list(plan.communes), now_s)
    answer = solve(problem, facts, profile_of(plan), now_s, Limits(time_s, gap / 100))
    if form is Format.JSON:
        print_json(TypeAdapter(Answer).dump_python(answer, mode="json"))
        return
    if form is Format.TABLE:
        _print_summary(answer)
    print_rows(_COLUMNS, _rows(answer, plan), form)
    if form is Format.TABLE:
        _print_communes(answer, plan)
    if not answer.proven:
        typer.echo("the gap asked for was not reached; give it more --time", err=True)


_COLUMNS = [
    Column("commune", "commune"),
    Column("name", "name"),
    Column("what", "what"),
    Column("quantity", "pieces", right=True),
    Column("unit_price_vnd", "price", dong, right=True),
    Column("cost_vnd", "cost", dong, right=True),
    Column("origin", "from"),
    Column("requirements", "for", ", ".join),
]


def _rows(answer: Answer, plan: Plan) -> list[dict[str, Any]]:
    language = plan.settings.web.language
    names = {code: unit.name for code, unit in plan.communes.items()}
    bought = [
        {
            "commune": p.commune,
            "name": names[p.commune],
            "what": p.name.text(language),
            "quantity": p.quantity,
            "unit_price_vnd": p.unit_price_vnd,
            "cost_vnd": p.cost_vnd,
            "requirements": list(p.requirements),
        }
        for p in answer.purchases
    ]
    return bought + [_move_row(move, names) for move in (*answer.stock, *answer.moves)]


def _move_row(move: Move, names: dict[str, str]) -> dict[str, Any]:
    origin = "stock" if move.origin == move.commune else names[move.origin]
    return {
        "commune": move.commune,
        "name": names[move.commune],
        "what": f"{move.name} ({move.asset})",
        "quantity": 1,
        "unit_price_vnd": 0,
        "cost_vnd": 0,
        "origin": origin,
        "requirements": list(move.requirements),
    }


def _print_summary(answer: Answer) -> None:
    typer.echo(f"spent {dong(answer.cost_vnd)}, left {dong(answer.rest_vnd)}")
    typer.echo(f"readiness {_change(answer.before, answer.after)}")
    left = sum(row.pieces for row in answer.left_out)
    typer.echo(f"left out: {left} pieces, {dong(answer.left_out_vnd)}")
    gap = answer.optimality_gap
    typer.echo(f"the best is at most {gap:.2%} better\n" if gap else "nothing better exists\n")


def _change(before: Standing, after: Standing) -> str:
    return (
        f"{percent(before.score)} -> {percent(after.score)}, "
        f"must-haves {percent(before.mandatory)} -> {percent(after.mandatory)}, "
        f"met {before.met} -> {after.met} of {after.known}"
    )


def _print_communes(answer: Answer, plan: Plan) -> None:
    columns: Sequence[Column] = [
        Column("commune", "commune"),
        Column("name", "name"),
        Column("before", "before", percent, right=True),
        Column("after", "after", percent, right=True),
        Column("cost_vnd", "spent", dong, right=True),
        Column("rest_vnd", "still missing", dong, right=True),
        Column("mended", "met now", ", ".join),
    ]
    typer.echo("")
    rows = [
        {
            "commune": outcome.commune,
            "name": plan.communes[outcome.commune].name,
            "before": outcome.before.score,
            "after": outcome.after.score,
            "cost_vnd": outcome.cost_vnd,
            "rest_vnd": outcome.after.gap_cost_vnd,
            "mended": list(outcome.mended),
        }
        for outcome in answer.communes
    ]
    print_rows(columns, rows, Format.TABLE)


def _gap_row(gap: Gap, language: str) -> dict[str, Any]:
    return {
        "commune": gap.commune,
        "requirement": gap.requirement,
        "level": gap.level,
        "verdict": gap.verdict.value,
        "amount": gap.amount,
        "unit": gap.unit,
        "remedy": gap.remedy.text(language) if gap.remedy else None,
        "pieces": gap.pieces,
        "unit_price_vnd": gap.unit_price_vnd,
        "cost_vnd": gap.cost_vnd,
        "price_date": gap.price_date.isoformat() if gap.price_date else None,
        "side_effects": list(gap.side_effects),
    }


def add_to(app: typer.Typer) -> None:
    """The commands stand in the group of `hatang.commands.plan` already."""
