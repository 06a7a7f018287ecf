"""What was bought held against what was seen, over a present made by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from config.assets import Asset
from config.profile import load_profile
from config.sections import Commune
from inventory.observation import Outcome
from inventory.planning.findings import Found, Grounds, Kind, Looks, findings
from inventory.planning.prices import prices
from inventory.readiness.evaluate import evaluate
from inventory.readiness.facts import AssetFacts, CommuneFacts
from inventory.sighting import How, Match, Thing, ThingState
from inventory.snapshot import AssetView, CommuneView, EndpointView, Snapshot
from inventory.units import Unit
from inventory.uptime import Availability, State

TODAY = dt.date(2026, 11, 26)
NOW_S = dt.datetime(2026, 11, 26, 8, tzinfo=dt.UTC).timestamp()
PROFILE = load_profile("commune-2026")
PAID = {"price_vnd": 12_000_000, "purchased": "2023-06-01", "invoice": "HĐ-17/2023"}
SNMP = [{"kind": "snmp", "credential": "c"}]


def view(tag, *, answered=None, looked=None, ratio=None, coverage=1.0, **fields):
    base = {"tag": tag, "name": f"Thiết bị {tag}", "class": "switch", "commune": "22849"}
    registered = Asset.model_validate(base | fields)
    looks = ()
    if registered.endpoints:
        outcome = None if looked is None else Outcome.OK if answered else Outcome.UNREACHABLE
        looks = (
            EndpointView(f"{tag}/snmp", "snmp", 60.0, outcome, last_look_at_s=looked,
                         last_answer_at_s=answered, failures_in_a_row=0 if answered else 40),
        )  # fmt: skip
    seen = 1000.0 * coverage
    totals = dict.fromkeys(State, 0.0)
    if ratio is not None:
        totals |= {State.UP: seen * ratio, State.DOWN: seen * (1 - ratio)}
        totals[State.UNKNOWN] = 1000.0 - seen
    return AssetView(
        1, registered, State.UP, NOW_S, None, looks, availability={"30d": Availability(totals)}
    )


def thing(**fields):
    base = {
        "id": 7,
        "how": (How.SCAN,),
        "addresses": ("10.2.0.9",),
        "first_seen_s": NOW_S - 9000,
        "last_seen_s": NOW_S,
        "commune": "22846",
    }
    return Thing(**base | fields)


def grounds(*views, communes=(), **more):
    snapshot = Snapshot({v.tag: v for v in views}, {c.unit.code: c for c in communes})
    base = {
        "profile_of": lambda commune: PROFILE,
        "price_of": prices(lambda commune: PROFILE),
        "commune_at": lambda address: "22846" if address.startswith("10.2.") else "22849",
    }
    return Grounds(snapshot, TODAY, **base | more)


def only(found: tuple[Found, ...], kind: Kind) -> list[Found]:
    return [one for one in found if one.kind is kind]


def proof(found: Found, name: str):
    return next(p.value for p in found.proofs if p.name == name)


def test_what_was_paid_and_never_answered_is_found_with_its_papers():
    (found,) = findings(
        grounds(view("SW-1", looked=NOW_S - 60, address="10.1.0.2", endpoints=SNMP, **PAID))
    )
    assert (found.kind, found.assets, found.cost_vnd) == (Kind.NEVER_SEEN, ("SW-1",), 12_000_000)
    assert proof(found, "invoice or contract") == "HĐ-17/2023"
    assert proof(found, "bought") == "2023-06-01"
    assert proof(found, "looks without an answer") == 40


@pytest.mark.parametrize(
    "seen",
    [
        view("A", looked=NOW_S, answered=NOW_S, address="10.1.0.2", endpoints=SNMP, **PAID),
        view("A", looked=None, address="10.1.0.2", endpoints=SNMP, **PAID),
        view("A", looked=NOW_S, address="10.1.0.2", endpoints=SNMP),
        view("A", looked=NOW_S, address="10.1.0.2", endpoints=SNMP, status="in_stock", **PAID),
    ],
    ids=["it answered", "nobody looked yet", "nobody paid", "it is in stock"],
)
def test_nothing_is_never_seen_while_(seen):
    assert not findings(grounds(seen))


def test_an_answer_on_file_counts_after_a_restart_when_the_present_has_forgotten_it():
    silent = view("SW-1", looked=NOW_S, address="10.1.0.2", endpoints=SNMP, **PAID)
    assert not findings(grounds(silent, looks={"SW-1": Looks(NOW_S - 60, NOW_S - 9e6)}))
    fresh = view("SW-2", looked=None, address="10.1.0.2", endpoints=SNMP, **PAID)
    (found,) = findings(grounds(fresh, looks={"SW-2": Looks(NOW_S - 60, None)}))
    assert found.assets == ("SW-2",)


def test_a_networked_thing_that_no_sweep_found_is_never_seen_only_where_one_was_finished():
    camera = view("CAM-1", **{"class": "camera"}, **PAID)
    assert not findings(grounds(camera))
    (found,) = findings(grounds(camera, swept={"22849": NOW_S}))
    assert (found.kind, found.assets) == (Kind.NEVER_SEEN, ("CAM-1",))
    recognised = thing(state=ThingState.REGISTERED, match=Match("CAM-1", "serial", sure=True),
                       addresses=("10.1.0.3",))  # fmt: skip
    assert not findings(grounds(camera, swept={"22849": NOW_S}, things=[recognised]))
    printer = view("PR-1", **{"class": "printer"}, **PAID)
    assert not findings(grounds(printer, swept={"22849": NOW_S}))


def test_what_answers_and_is_in_no_register_is_found_until_somebody_decides():
    seen = thing(facts={"sys_name": "sw-lau", "vendor": "TP-Link", "model": "T1600G"}, count=3)
    (found,) = findings(grounds(things=[seen]))
    assert (found.kind, found.commune, found.title, found.thing) == (
        Kind.NOT_REGISTERED,
        "22846",
        "sw-lau",
        7,
    )
    assert proof(found, "maker and model") == "TP-Link T1600G"
    for state in (ThingState.IGNORED, ThingState.REGISTERED):
        assert not findings(grounds(things=[thing(state=state)]))


@pytest.mark.parametrize("address", ["10.1.0.2", None])
def test_what_answers_from_another_commune_is_found_by_its_serial_number(address):
    laptop = view("LT-1", **{"class": "laptop", "address": address}, **PAID)
    there = thing(state=ThingState.REGISTERED, match=Match("LT-1", "serial", sure=True))
    (found,) = findings(grounds(laptop, things=[there]))
    assert (found.kind, found.commune, found.others) == (Kind.ELSEWHERE, "22849", ("22846",))
    assert proof(found, "recognised by") == "serial"
    kept = frozenset({("LT-1", "address", "10.2.0.9")})
    assert not findings(grounds(laptop, things=[there], kept=kept))
    at_home = thing(state=ThingState.REGISTERED, match=Match("LT-1", "serial", sure=True),
                    addresses=("10.1.0.77",))  # fmt: skip
    assert not findings(grounds(laptop, things=[at_home]))


def test_old_and_among_the_worst_is_found_and_either_alone_is_not():
    watched = {"endpoints": SNMP, "answered": NOW_S, "looked": NOW_S}
    old, new = {"in_use_since": "2017-01-01"}, {"in_use_since": "2025-01-01"}
    fleet = [
        view("OLD-BAD", ratio=0.80, address="10.1.0.1", **old, **watched),
        view("NEW-BAD", ratio=0.85, address="10.1.0.2", **new, **watched),
        view("OLD-FAIR", ratio=0.95, address="10.1.0.3", **old, **watched),
        *(
            view(f"GOOD-{n}", ratio=1.0, address=f"10.1.0.{10 + n}", **old, **watched)
            for n in range(5)
        ),
        view("HARDLY-SEEN", ratio=0.1, coverage=0.1, address="10.1.0.9", **old, **watched),
    ]
    (found,) = findings(grounds(*fleet))
    assert (found.kind, found.assets) == (Kind.OLD_UNRELIABLE, ("OLD-BAD",))
    assert proof(found, "life ended") == "2022-01-01"
    assert proof(found, "availability in 30 days") == pytest.approx(0.8)
    assert (found.cost_vnd, proof(found, "day of the price")) == (9_500_000, "2026-01-01")


def test_where_all_are_up_nothing_is_unreliable():
    fleet = [
        view(f"S-{n}", ratio=0.995, address=f"10.1.0.{n + 1}", in_use_since="2015-01-01",
             endpoints=SNMP, answered=NOW_S, looked=NOW_S)
        for n in range(4)
    ]  # fmt: skip
    assert not findings(grounds(*fleet))


def commune(code, scanners, posts):
    unit = Unit(code, "commune", f"Xã {code}", "56", dt.date(2025, 7, 1))
    declared = Commune(code=code, posts=posts, posts_group_8=posts)
    assets = tuple(
        AssetFacts(Asset.model_validate({"tag": f"SC-{code}-{n}", "name": "Máy quét",
                                         "class": "scanner", "commune": code}))
        for n in range(scanners)
    )  # fmt: skip
    pc = AssetFacts(
        Asset.model_validate(
            {"tag": f"PC-{code}", "name": "PC", "class": "desktop", "commune": code}
        )
    )
    facts = CommuneFacts(unit, declared, (*assets, pc))
    return CommuneView(unit, declared, evaluate(PROFILE, facts, NOW_S))


def test_more_than_the_norm_here_and_too_few_there_is_one_finding_with_what_could_move():
    found = only(
        findings(grounds(communes=[commune("22849", 5, 30), commune("22846", 1, 30)])),
        Kind.ABOVE_NORM,
    )
    (one,) = [f for f in found if f.requirement == "scanner-per-15-posts"]
    # 30 posts: the norm allows 2 and the target asks for 2; 5 are there, the other one has 1.
    assert (one.commune, one.others, len(one.assets)) == ("22849", ("22846",), 5)
    assert [proof(one, name) for name in ("pieces", "the norm allows", "could be moved")] == [
        5,
        2,
        1,
    ]
    assert one.cost_vnd == 8_800_000


def test_more_than_the_norm_is_no_finding_of_this_kind_while_nobody_is_below():
    found = findings(grounds(communes=[commune("22849", 5, 30), commune("22846", 2, 30)]))
    assert not [f for f in found if f.requirement == "scanner-per-15-posts"]


def test_only_findings_of_communes_that_the_reader_sees_are_there():
    there = [commune("22849", 5, 30), commune("22846", 1, 30)]
    found = findings(grounds(communes=there, things=[thing()], sees=lambda code: code == "22849"))
    assert not found
