"""Stock-takes over a real database: frozen book, counts that come twice, minutes, proposals."""

import datetime as dt
import threading
from dataclasses import replace

import pytest

from config.assets import AssetStatus
from inventory.observation import Outcome
from inventory.register.problems import Refused
from inventory.register.stale import Stale
from inventory.sighting import How as SightedBy
from inventory.sighting import Match, Thing
from inventory.snapshot import AssetView, EndpointView
from inventory.stock_take.opening import Opening
from inventory.stock_take.report import Member, MemberRole, Place, Result
from inventory.stock_take.stock_takes import Closed, NoStockTake
from inventory.store.rows import AssetRow, Batch, EndpointRow
from inventory.store.seen import write_things
from inventory.store.statements import write_batch
from inventory.uptime import State

TODAY = dt.date(2026, 12, 31)


@pytest.fixture
def filled(register, make_asset, lan):
    """Four assets of the commune and one of another."""
    for tag, more in {
        "PC-1": {"site": "Trụ sở", "price_vnd": 15_000_000},
        "PC-2": {"site": "Trụ sở", "price_vnd": 12_000_000},
        "PC-3": {"site": "Trạm y tế"},
        "PC-4": {"status": "retired"},
        "PC-9": {"commune": "22840", "site": "Kho"},
    }.items():
        register.create(make_asset(tag, **more), lan)


def results(report):
    return {line.tag: line.result for line in report.lines}


def test_the_book_is_frozen_when_it_is_opened(filled, opened, register, stock_takes, lan):
    take = opened()
    register.edit("PC-1", {"name": "Máy khác", "commune": "22840"}, lan)
    register.remove("PC-2", lan)
    assert take.book_size == 3
    assert [asset.tag for asset in stock_takes.book(take.id)] == ["PC-3", "PC-1", "PC-2"]
    report = stock_takes.report(take.id)
    assert [line.name for line in report.lines] == ["Máy PC-3", "Máy PC-1", "Máy PC-2"]
    assert report.book.price_vnd == 27_000_000
    assert report.book.residual_vnd == 21


def test_a_count_that_is_sent_again_is_no_second_count(filled, opened, stock_takes, count):
    take, one = opened(), count("PC-1")
    assert stock_takes.count(take.id, [one]) == [True]
    assert stock_takes.count(take.id, [one, count("PC-1")]) == [False, True]
    (line,) = stock_takes.report(take.id).of(Result.COUNTED)
    assert (line.tag, line.times, line.counted_quantity) == ("PC-1", 2, 1)


def test_one_count_id_serves_two_stock_takes(filled, opened, stock_takes, count):
    first, second = opened(), opened(site="Trụ sở")
    one = count("PC-1")
    assert stock_takes.count(first.id, [one]) == [True]
    assert stock_takes.count(second.id, [one]) == [True]


def test_two_phones_that_send_at_once_lose_nothing_and_count_nothing_twice(
    filled, opened, stock_takes, count
):
    take = opened()
    counts = [count(f"PC-{number % 3 + 1}") for number in range(30)]
    new = []
    threads = [
        threading.Thread(target=lambda: new.extend(stock_takes.count(take.id, counts)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(new), sum(new)) == (120, 30)
    assert sum(line.times for line in stock_takes.report(take.id).lines) == 30


def test_what_was_ticked_by_mistake_is_withdrawn_and_can_be_counted_again(
    filled, opened, stock_takes, count, lan
):
    take, one = opened(), count("PC-1")
    stock_takes.count(take.id, [one, count("pc-1")])
    assert stock_takes.withdraw(take.id, "PC-1", lan) == 2
    assert results(stock_takes.report(take.id))["PC-1"] is Result.MISSING
    assert stock_takes.count(take.id, [one]) == [False]
    assert results(stock_takes.report(take.id))["PC-1"] is Result.MISSING
    stock_takes.count(take.id, [count("PC-1")])
    assert results(stock_takes.report(take.id))["PC-1"] is Result.COUNTED


def test_a_thing_without_a_label_can_be_named(filled, opened, stock_takes, count, lan):
    take, bare = opened(), count(note="Máy vi tính đen")
    stock_takes.count(take.id, [bare])
    (line,) = stock_takes.report(take.id).of(Result.UNLABELLED)
    assert (line.name, line.count_id) == ("Máy vi tính đen", bare.id)
    stock_takes.name_thing(take.id, bare.id, count("PC-2"), lan)
    report = stock_takes.report(take.id)
    assert report.of(Result.UNLABELLED) == ()
    assert results(report)["PC-2"] is Result.COUNTED


def test_results_come_from_the_register_of_the_whole_district(filled, opened, stock_takes, count):
    take = opened(site="Trụ sở")
    labels = ("PC-1", "PC-3", "pc-9", "PC-4", "XX")
    stock_takes.count(take.id, [count(label) for label in labels])
    assert results(stock_takes.report(take.id)) == {
        "PC-1": Result.COUNTED,
        "PC-2": Result.MISSING,
        "PC-3": Result.ELSEWHERE,
        "PC-9": Result.ELSEWHERE,
        "PC-4": Result.ELSEWHERE,
        "XX": Result.SURPLUS,
    }


def test_what_another_commune_counted_meanwhile_is_not_missing_here(
    filled, opened, stock_takes, count
):
    here, there = opened(), opened(commune="22840")
    stock_takes.count(there.id, [count("PC-2", site="Kho")])
    line = next(line for line in stock_takes.report(here.id).lines if line.tag == "PC-2")
    assert (line.result, line.found, line.here) == (
        Result.ELSEWHERE,
        Place("22840", "Kho"),
        False,
    )


def test_closing_freezes_the_minutes_word_for_word(
    filled, opened, stock_takes, register, count, clock, lan
):
    take = opened()
    stock_takes.count(take.id, [count("PC-1")])
    clock.now_s += 3_600
    closed = stock_takes.close(take.id, "Thiếu 2 máy", lan)
    register.edit("PC-1", {"name": "Máy khác"}, lan)
    assert stock_takes.report(take.id) == closed
    assert (closed.closed_by, closed.closed_at_s, closed.conclusion) == (
        "lan",
        clock.now_s,
        "Thiếu 2 máy",
    )
    assert stock_takes.get(take.id).state == "closed"


def test_what_is_closed_takes_nothing_more_and_is_not_closed_again(
    filled, opened, stock_takes, count, lan
):
    take = opened()
    bare = count(note="Màn hình")
    stock_takes.count(take.id, [bare])
    stock_takes.close(take.id, "", lan)
    for attempt in (
        lambda: stock_takes.count(take.id, [count("PC-1")]),
        lambda: stock_takes.withdraw(take.id, bare.id, lan),
        lambda: stock_takes.name_thing(take.id, bare.id, count("PC-1"), lan),
        lambda: stock_takes.close(take.id, "", lan),
    ):
        with pytest.raises(Closed):
            attempt()
    assert len(stock_takes.report(take.id).of(Result.UNLABELLED)) == 1


def test_counts_that_come_in_while_it_is_being_closed_are_in_the_minutes(
    filled, opened, stock_takes, count, lan, monkeypatch
):
    take = opened()
    late = [count("PC-1")]
    report = stock_takes._report

    def and_then_a_count(id):
        read = report(id)
        if late:
            stock_takes.count(id, [late.pop()])
        return read

    monkeypatch.setattr(stock_takes, "_report", and_then_a_count)
    assert results(stock_takes.close(take.id, "", lan))["PC-1"] is Result.COUNTED


def test_missing_is_proposed_as_lost_and_elsewhere_as_transferred_and_applied_by_a_person(
    filled, opened, stock_takes, register, count, lan
):
    take = opened()
    moved = count("PC-3", site="Trụ sở", room="P.2")
    stock_takes.count(take.id, [count("PC-1"), moved, count("PC-9"), count("PC-4", site="Kho")])
    stock_takes.close(take.id, "", lan)
    proposals = {p.tag: p for p, _ in stock_takes.proposals(take.id)}
    assert {tag: p.kind for tag, p in proposals.items()} == {
        "PC-2": "lost",
        "PC-3": "transfer",
        "PC-9": "transfer",
    }
    assert register.get("PC-2").asset.status is AssetStatus.IN_USE
    batch = stock_takes.apply(take.id, ["PC-2", "PC-3"], "BB-1", lan)
    assert register.get("PC-2").asset.status is AssetStatus.LOST
    moved = register.get("PC-3").asset
    assert (moved.commune, moved.site, moved.room) == ("22849", "Trụ sở", "P.2")
    assert register.get("PC-9").asset.commune == "22840"
    states = {p.tag: (s.state, s.batch) for p, s in stock_takes.proposals(take.id)}
    assert states == {
        "PC-2": ("applied", batch),
        "PC-3": ("applied", batch),
        "PC-9": ("waiting", ""),
    }
    stock_takes.apply(take.id, ["PC-9"], "BB-1", lan)
    there = register.get("PC-9").asset
    assert (there.commune, there.site) == ("22849", "")
    moves = {tag: register.moves(register.get(tag).id)[0].move for tag in ("PC-2", "PC-9")}
    assert [(m.kind, m.day, m.document, m.to_commune) for m in moves.values()] == [
        ("lost", TODAY, "BB-1", "22849"),
        ("transferred", TODAY, "BB-1", "22849"),
    ]
    with pytest.raises(Refused):
        stock_takes.apply(take.id, ["PC-2"], "BB-1", lan)
    reasons = {change.reason for change in register.changes("PC-2", limit=1)}
    assert reasons == {f"Kiểm kê cuối năm (31/12/2026, #{take.id})"}


def test_a_transfer_notes_the_place_and_is_undone_as_a_whole(
    filled, opened, stock_takes, register, count, lan
):
    register.edit("PC-9", {"custodian": "Minh"}, lan)
    take = opened()
    stock_takes.count(take.id, [count("PC-9", site="Trụ sở", room="P.2")])
    stock_takes.close(take.id, "", lan)
    batch = stock_takes.apply(take.id, ["PC-9"], "QĐ-5", lan)
    assert register.get("PC-9").asset.commune == "22849"
    (recorded,) = register.moves(register.get("PC-9").id)
    assert (recorded.move.document, recorded.move.note) == ("QĐ-5", "Trụ sở · P.2")
    register.undo(batch, lan)
    back = register.get("PC-9").asset
    assert (back.commune, back.site, back.room, back.custodian) == ("22840", "Kho", "", "Minh")


def test_what_changed_after_the_closing_is_not_overwritten(
    filled, opened, stock_takes, register, lan
):
    take = opened()
    stock_takes.close(take.id, "", lan)
    register.edit("PC-2", {"room": "P.5"}, lan)
    with pytest.raises(Stale):
        stock_takes.apply(take.id, ["PC-1", "PC-2"], "BB-1", lan)
    assert register.get("PC-1").asset.status is AssetStatus.IN_USE
    assert {s.state for _, s in stock_takes.proposals(take.id)} == {"waiting"}


def test_a_lost_asset_that_turns_up_is_proposed_as_found(
    filled, opened, stock_takes, register, count, lan
):
    register.edit("PC-2", {"status": "lost"}, lan)
    take = opened()
    stock_takes.count(take.id, [count("PC-2")])
    assert results(stock_takes.close(take.id, "", lan))["PC-2"] is Result.SURPLUS
    assert [p.kind for p, _ in stock_takes.proposals(take.id) if p.tag == "PC-2"] == ["found"]
    stock_takes.apply(take.id, ["PC-2"], "BB-1", lan)
    found = register.get("PC-2").asset
    assert (found.status, found.site) == (AssetStatus.IN_USE, "Trụ sở")


def test_assets_of_hatang_yaml_are_proposed_and_left_to_the_file(
    filled, opened, stock_takes, register, make_asset, lan
):
    register.take_files([make_asset("RT-1", site="Trụ sở")])
    take = opened()
    stock_takes.close(take.id, "", lan)
    assert {p.tag: p.kept for p, _ in stock_takes.proposals(take.id)} == {
        "PC-1": "register",
        "PC-2": "register",
        "PC-3": "register",
        "RT-1": "file",
    }
    with pytest.raises(Refused):
        stock_takes.apply(take.id, ["RT-1"], "BB-1", lan)


def test_what_monitoring_saw_in_the_period_stands_beside_what_is_missing(
    filled, opened, stock_takes, desk, watched, register, clock, lan
):
    asset = register.get("PC-1").asset.model_copy(update={"address": "10.0.0.7"})
    look = EndpointView("PC-1/ping", "ping", 60.0, Outcome.OK, last_answer_at_s=clock.now_s + 60)
    watched["PC-1"] = AssetView(1, asset, State.UP, clock.now_s, endpoints=(look,))
    stored = AssetRow(2, "PC-2", "22849", "{}", 0.0)
    ended = EndpointRow("PC-2/ping", 2, "ping", last_answer_at_s=clock.now_s - 86_400)
    desk.write("put", lambda c: write_batch(c, Batch(0.0, assets=[stored], endpoints=[ended])))
    thing = Thing(
        *(1, (SightedBy.SCAN,), ("10.9.0.3",), 0.0, clock.now_s + 90),
        commune="22840",
        match=Match("PC-3", "serial"),
    )
    desk.write("put", lambda c: write_things(c, [thing]))
    take = opened()
    lines = {line.tag: line for line in stock_takes.close(take.id, "", lan).lines}
    seen = lines["PC-1"].seen
    assert (seen.address, seen.state, seen.last_answer_at_s, seen.in_period) == (
        *("10.0.0.7", "up", clock.now_s + 60, True),
    )
    assert (lines["PC-2"].seen.last_answer_at_s, lines["PC-2"].seen.in_period) == (
        *(clock.now_s - 86_400, False),
    )
    (glimpse,) = lines["PC-3"].seen.glimpses
    assert (glimpse.address, glimpse.commune) == ("10.9.0.3", "22840")
    assert {p.tag: p.sure for p, _ in stock_takes.proposals(take.id)} == {
        "PC-1": False,
        "PC-2": True,
        "PC-3": False,
    }


def test_the_book_of_a_day_that_is_past_is_the_one_of_that_day(
    filled, opened, stock_takes, desk, make_asset, clock
):
    day_s = 86_400.0
    then = make_asset("PC-8", name="Tên cũ").model_dump_json(by_alias=True, exclude_defaults=True)
    row = AssetRow(8, "PC-8", "22849", then, clock.now_s - 10 * day_s)
    desk.write("put", lambda c: write_batch(c, Batch(row.registered_at_s, assets=[row])))
    new = then.replace("Tên cũ", "Tên mới")
    later = replace(row, registered=new, gone_at_s=clock.now_s - 2 * day_s)
    desk.write("put", lambda c: write_batch(c, Batch(clock.now_s - 2 * day_s, assets=[later])))
    take = opened(day=TODAY - dt.timedelta(days=5))
    assert [asset.name for asset in stock_takes.book(take.id)] == ["Tên cũ"]
    with pytest.raises(Refused, match="nothing was registered here on 30/12/2026"):
        opened(day=TODAY - dt.timedelta(days=1))


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"day": TODAY + dt.timedelta(days=1)}, "day"),
        ({"site": "Nơi khác"}, "site"),
        ({"commune": "22843"}, "commune"),
        ({"members": (Member("x" * 101),)}, "members"),
        ({"members": (Member("a", role=MemberRole.CHAIR),) * 2}, "members"),
    ],
)
def test_an_opening_that_cannot_be_is_refused_with_its_field(filled, stock_takes, lan, more, field):
    values = {"commune": "22849", "site": "", "day": TODAY, "title": "Kiểm kê"} | more
    with pytest.raises(Refused) as refused:
        stock_takes.open(Opening(**values), "Xã", lan)
    assert [problem.field for problem in refused.value.problems] == [field]
    assert stock_takes.all() == []


def test_the_list_has_the_newest_first_with_how_far_it_is(filled, opened, stock_takes, count, lan):
    first, second = opened(), opened(site="Trụ sở")
    stock_takes.count(second.id, [count("PC-1"), count("PC-1"), count("XX")])
    stock_takes.close(first.id, "", lan)
    assert [(run.take.id, run.take.state, run.seen) for run in stock_takes.all()] == [
        (second.id, "open", 1),
        (first.id, "closed", None),
    ]


def test_opening_and_closing_stand_in_the_log_of_changes(
    filled, opened, stock_takes, register, lan
):
    take = opened()
    stock_takes.close(take.id, "", lan)
    log = register.changes(kind="stock_take")
    assert [(change.action, change.subject, change.actor) for change in log] == [
        ("close", str(take.id), "lan"),
        ("open", str(take.id), "lan"),
    ]
    assert log[0].after == {"book": 3, "counted": 0}


def test_what_there_is_not_is_said(stock_takes):
    with pytest.raises(NoStockTake):
        stock_takes.report(9)
