"""`plan`: what ends when, and where what was bought and what was seen disagree."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Annotated, Any

import typer
from prometheus_client import CollectorRegistry

from config.profile import Profile
from hatang.commands.options import DEFAULT_CONFIG, CommuneOption, ConfigOption, FormatOption
from hatang.commands.show import refuse_unknown
from hatang.output import Column, Format, dong, moment, print_json, print_rows
from hatang.plan import Plan, read_plan
from inventory.ledger import MEMORY_S, Ledger
from inventory.metrics import Instruments
from inventory.planning.ends import Ends
from inventory.planning.findings import Found, Kind, Proof, findings
from inventory.planning.forecast import Ending, Forecast, Span, When
from inventory.planning.present import forecast_of, grounds_of
from inventory.saved import Saved
from inventory.snapshot import Snapshot
from inventory.store.reader import Reader

plan_app = typer.Typer(
    name="plan",
    help="Plan purchases: what ends when, what was bought and never seen.",
    no_args_is_help=True,
    add_completion=False,
)


class By(StrEnum):
    """What one row of the forecast is."""

    YEAR = "year"
    MONTH = "month"
    ASSET = "asset"


@plan_app.command("forecast")
def forecast_command(
    config: ConfigOption = DEFAULT_CONFIG,
    commune: CommuneOption = None,
    by: Annotated[By, typer.Option("--by", help="One row for each of these.")] = By.YEAR,
    form: FormatOption = Format.TABLE,
) -> None:
    """Say what ends in the next five years: expected lives, warranties, makers' support.

    Costs are as of today: the remedy's price of the profile, else what the asset itself cost.
    """
    plan = read_plan(config)
    refuse_unknown(commune, plan)
    found = forecast_of(
        present(plan),
        plan.settings,
        today_of(plan),
        profile_of(plan),
        lambda code: commune in (None, code),
    )
    if by is By.ASSET:
        print_rows(_ASSET_COLUMNS, map(_asset_row, found.endings), form)
        return
    spans = found.years if by is By.YEAR else found.months
    if form is Format.JSON:
        print_json(forecast_body(found))
        return
    rows = [_span_row(span) for span in spans]
    print_rows(_SPAN_COLUMNS, [_overdue_row(found), *rows, *_other_rows(found)], form)


@plan_app.command("findings")
def findings_command(
    config: ConfigOption = DEFAULT_CONFIG,
    commune: CommuneOption = None,
    kind: Annotated[Kind | None, typer.Option("--kind", help="Only this kind.")] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Say where what was bought and what was seen disagree, each with its proofs.

    never_seen: paid and never seen. not_registered: seen and in no register. elsewhere: answers
    from another commune than registered. old_unreliable: past its life and among the worst.
    above_norm: more than the norm allows while another commune is below.
    """
    plan = read_plan(config)
    refuse_unknown(commune, plan)
    grounds = grounds_of(
        present(plan),
        plan.database,
        plan.settings,
        today_of(plan),
        profile_of(plan),
        lambda code: commune in (None, code),
    )
    found = [one for one in findings(grounds) if kind in (None, one.kind)]
    zone = plan.settings.zone
    columns = [
        Column("kind", "kind"),
        Column("commune", "commune"),
        Column("title", "what"),
        Column("assets", "assets", lambda tags: _first(tags)),
        Column("others", "other communes", ", ".join),
        Column("cost_vnd", "money", dong, right=True),
        Column("proofs", "proofs", lambda proofs: _proofs_text(proofs, zone)),
    ]
    print_rows(columns, map(_found_row, found), form)


def present(plan: Plan) -> Snapshot:
    """The present as a daemon would show it, from what the database has. Raises StoreError."""
    with Reader(plan.database) as reader:
        saved = Saved(reader, time.time(), MEMORY_S)
    now_s = max(time.time(), saved.heartbeat_s or 0.0)
    instruments = Instruments(CollectorRegistry())
    return Ledger(plan.settings, plan.communes, saved, now_s, instruments).snapshot


def today_of(plan: Plan) -> dt.date:
    """The day where the communes are."""
    return dt.datetime.now(plan.settings.zone).date()


def profile_of(plan: Plan) -> Callable[[str], Profile]:
    """A commune's code -> its profile."""
    today = today_of(plan)
    return lambda code: plan.profiles.of(plan.communes[code], today)


def forecast_body(found: Forecast) -> dict[str, Any]:
    """The whole forecast as JSON has it."""
    return {
        "today": found.today.isoformat(),
        **{
            when.value: {
                kind.value: {
                    "count": len(found.at(when, kind)),
                    "cost_vnd": sum(e.cost_vnd for e in found.at(when, kind)),
                }
                for kind in Ends
            }
            for when in When
        },
        "years": [_span_row(span) for span in found.years],
        "months": [_span_row(span) for span in found.months],
    }


_SPAN_COLUMNS = [
    Column("from", "from"),
    Column("to", "to"),
    Column("life", "lives end", right=True),
    Column("life_cost_vnd", "replacing costs", dong, right=True),
    Column("warranty", "warranties end", right=True),
    Column("support", "support ends", right=True),
    Column("support_cost_vnd", "mending costs", dong, right=True),
]

_ASSET_COLUMNS = [
    Column("asset", "asset"),
    Column("name", "name"),
    Column("commune", "commune"),
    Column("kind", "what ends"),
    Column("when", "when"),
    Column("day", "day"),
    Column("cost_vnd", "cost", dong, right=True),
    Column("price_day", "price of"),
    Column("price_source", "source of the price"),
]


def _span_row(span: Span) -> dict[str, Any]:
    return {
        "from": span.first.isoformat(),
        "to": span.last.isoformat(),
        **{kind.value: span.counts.get(kind, 0) for kind in Ends},
        "life_cost_vnd": span.costs_vnd.get(Ends.LIFE, 0),
        "support_cost_vnd": span.costs_vnd.get(Ends.SUPPORT, 0),
    }


def _row_of(found: Forecast, when: When) -> dict[str, Any]:
    of = {kind: found.at(when, kind) for kind in Ends}
    return {
        "from": when.value,
        "to": "",
        **{kind.value: len(endings) for kind, endings in of.items()},
        "life_cost_vnd": sum(e.cost_vnd for e in of[Ends.LIFE]),
        "support_cost_vnd": sum(e.cost_vnd for e in of[Ends.SUPPORT]),
    }


def _overdue_row(found: Forecast) -> dict[str, Any]:
    return _row_of(found, When.OVERDUE)


def _other_rows(found: Forecast) -> Iterator[dict[str, Any]]:
    for when in (When.LATER, When.NEVER, When.UNKNOWN):
        yield _row_of(found, when)


def _asset_row(ending: Ending) -> dict[str, Any]:
    price = ending.price
    return {
        "asset": ending.asset.tag,
        "name": ending.asset.name,
        "commune": ending.asset.commune,
        "kind": ending.kind.value,
        "when": ending.when.value,
        "day": ending.day.isoformat() if ending.day else None,
        "cost_vnd": price.vnd if price is not None else None,
        "price_day": price.day.isoformat() if price is not None and price.day else None,
        "price_source": price.source if price is not None else None,
    }


def _found_row(found: Found) -> dict[str, Any]:
    return {
        "kind": found.kind.value,
        "commune": found.commune,
        "title": found.title,
        "assets": list(found.assets),
        "others": list(found.others),
        "cost_vnd": found.cost_vnd,
        "proofs": [
            {"name": proof.name, "value": proof.value, "shape": proof.shape}
            for proof in found.proofs
        ],
    }


_MOST_TAGS = 3


def _first(tags: list[str]) -> str:
    more = len(tags) - _MOST_TAGS
    return ", ".join(tags[:_MOST_TAGS]) + (f" and {more} more" if more > 0 else "")


def _proofs_text(proofs: list[dict[str, Any]], zone: dt.tzinfo) -> str:
    def said(proof: Proof) -> str:
        if proof.shape == "money":
            return dong(float(proof.value))
        if proof.shape == "moment":
            return moment(float(proof.value), zone)
        if proof.shape == "ratio":
            return f"{float(proof.value):.1%}"
        return str(proof.value)

    return "; ".join(f"{proof['name']}: {said(Proof(**proof))}" for proof in proofs)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(plan_app)
