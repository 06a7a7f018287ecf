"""No sweep offers a device more wrong credentials than it forgives."""

import pytest

from collectors.discovery.tries import SILENT_A_DAY, TryBook
from inventory.sighting import How, Thing, Tries

ADDRESS = "127.78.0.5"


def wrong_users(count, **more):
    return {
        f"wrong{n}": {
            "version": "v3",
            "user": f"nobody{n}",
            "auth_key": "authpass-1",
            "priv_key": "privpass-1",
        }
        | more
        for n in range(count)
    }


def test_a_device_that_refuses_is_left_alone_after_so_many_credentials(
    sweep, settings, device, port, user
):
    known = wrong_users(8)
    ours = settings([ADDRESS], tuple(known), known=known, find="snmp", refusals=3)
    swept = sweep([device(ADDRESS, port, user=user)], ours)
    assert sum(tried.refused for tried in swept.tries.values()) == 3
    seen = swept.sightings[ADDRESS]
    assert (seen.credential, seen.note) == (
        "",
        "has refused or ignored enough credentials today; left alone",
    )


def test_the_next_sweep_of_the_day_sends_it_nothing_the_next_days_does(
    sweep, settings, device, port, user
):
    known = wrong_users(4)
    ours = settings([ADDRESS], tuple(known), known=known, find="snmp", refusals=2)
    first = sweep([device(ADDRESS, port, user=user)], ours)
    again = device(ADDRESS, port, user=user)
    sweep([again], ours, tries=tuple(first.tries.values()))
    assert again.counts.requests == 0
    yesterday = (Tries(ADDRESS, "wrong0", "2026-11-24", 9, 9),)
    served = device(ADDRESS, port, user=user)
    sweep([served], ours, tries=yesterday)
    assert served.counts.requests > 0


@pytest.mark.parametrize(
    "slip",
    [{"auth_key": "wrong-auth-1"}, {"priv_key": "wrong-priv-1"}],
    ids=["wrong digest", "wrong cipher"],
)
def test_a_wrong_passphrase_counts_once_and_the_right_user_follows(
    sweep, settings, device, port, user, slip
):
    known = {**wrong_users(1, user="monitor", **slip), "right": user}
    ours = settings([ADDRESS], ("wrong0", "right"), known=known, find="snmp")
    swept = sweep([device(ADDRESS, port, user=user)], ours)
    assert swept.sightings[ADDRESS].credential == "right"
    assert [(t.credential, t.refused) for t in swept.tries.values()] == [("wrong0", 1)]


def test_silence_to_a_community_counts_where_the_device_is_known_to_be_there(
    sweep, settings, device, port, pings
):
    known = {f"c{n}": {"version": "v2c", "community": f"secret{n}"} for n in range(3)}
    ours = settings([ADDRESS], tuple(known), known=known, timeout="50ms")
    swept = sweep([device(ADDRESS, port)], ours)
    assert [tried.silent for tried in swept.tries.values()] == [1, 1, 1]


def test_a_closed_port_is_no_refusal(sweep, settings, pings):
    swept = sweep([], settings([ADDRESS]))
    assert swept.tries == {}


def test_refusals_of_all_credentials_count_together():
    book = TryBook([], 3, lambda: "2026-11-25")
    for _ in range(2):
        book.note_refused("a", "x")
    assert book.may_offer("a")
    book.note_refused("a", "y")
    assert not book.may_offer("a")
    assert book.may_offer("b")
    assert [(t.credential, t.refused) for t in book.changed()] == [("x", 2), ("y", 1)]
    assert book.changed() == ()


def test_the_credential_that_worked_before_is_offered_first(sweep, settings, device, port, user):
    known = {**wrong_users(2), "right": user}
    ours = settings([ADDRESS], ("wrong0", "wrong1", "right"), known=known, find="snmp")
    thing = Thing(1, (How.SCAN,), (ADDRESS,), 0.0, 0.0, credential="right")
    swept = sweep([device(ADDRESS, port, user=user)], ours, things=[thing])
    assert swept.sightings[ADDRESS].credential == "right"
    assert swept.tries == {}


def test_after_enough_silence_it_is_left_alone_until_the_day_is_over():
    day = ["2026-11-25"]
    book = TryBook([], 3, lambda: day[0])
    for _ in range(SILENT_A_DAY):
        assert book.may_offer("a")
        book.note_silent("a", "x")
    assert not book.may_offer("a")
    day[0] = "2026-11-26"
    assert book.may_offer("a")
