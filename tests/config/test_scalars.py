import copy
import datetime as dt
import pickle

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from config.assets import Asset
from config.scalars import (
    Day,
    EnvText,
    Flag,
    Listen,
    Moment,
    Network,
    Number,
    Secret,
    Section,
    Whole,
    duration_text,
    is_host,
    parse_duration_s,
    parse_listen,
)


def read(kind, value):
    return TypeAdapter(kind).validate_python(value)


def refuses(kind, value):
    with pytest.raises(ValidationError):
        read(kind, value)
    return True


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30s", 30.0), ("5m", 300.0), ("1h30m", 5400.0), ("7d", 604800.0), ("250ms", 0.25)],
)
def test_a_duration_is_seconds(text, seconds):
    assert parse_duration_s(text) == seconds


@pytest.mark.parametrize(
    "value", [60, 0.5, True, None, "", "60", "1h 30m", " 30s", "30S", "-5s", "1e3s", "٣s", "30s\n"]
)
def test_what_is_no_duration_is_refused(value):
    with pytest.raises(ValueError, match="duration"):
        parse_duration_s(value)


@given(st.integers(1, 100 * 365 * 86_400_000))
@example(1)
@example(90_061_001)
def test_a_duration_is_read_back_from_its_text(milliseconds):
    text = duration_text(milliseconds / 1000)
    assert round(parse_duration_s(text) * 1000) == milliseconds


@given(st.text())
def test_any_text_is_a_bounded_duration_or_refused(text):
    try:
        seconds = parse_duration_s(text)
    except ValueError:
        return
    assert 0.001 <= seconds <= 100 * 366 * 86400


@pytest.mark.parametrize("value", ["3", 3.0, True, None, [], "three"])
def test_a_whole_number_is_not_guessed(value):
    assert refuses(Whole, value)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [(Whole, "-3", -3), (Number, "0.5", 0.5), (Flag, "false", False), (Flag, "true", True)],
)
def test_numbers_and_flags_are_read_from_the_environment(kind, text, value):
    assert read(kind, EnvText(text, "${X}")) == value
    assert refuses(kind, text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [(Whole, "3.0"), (Whole, " 3"), (Number, "nan"), (Number, "1e999"), (Flag, "yes")],
)
def test_the_environment_is_read_as_strictly_as_the_file(kind, text):
    assert refuses(kind, EnvText(text, "${X}"))


def test_a_number_of_the_file_is_taken_as_it_stands():
    assert read(Number, 92) == 92
    assert refuses(Number, True)
    assert refuses(Number, "0.5")


def test_a_day_is_written_one_way():
    assert read(Day, "2026-02-28") == dt.date(2026, 2, 28)
    assert read(Day, dt.date(2026, 2, 28)) == dt.date(2026, 2, 28)
    for value in ("2026-02-29", "28/02/2026", "20260228", 20260228, dt.datetime(2026, 2, 28)):
        assert refuses(Day, value)


def test_a_moment_knows_its_offset():
    moment = read(Moment, "2026-11-24T22:00:00+07:00")
    assert moment.timestamp() == dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC).timestamp()
    assert read(Moment, moment) == moment
    for value in ("2026-11-24T22:00:00", "2026-11-24", "22:00+07:00", 1780000000, None):
        assert refuses(Moment, value)


def test_an_address_to_listen_on_is_host_and_port():
    assert parse_listen("127.0.0.1:8650") == ("127.0.0.1", 8650)
    assert parse_listen("[::1]:0") == ("::1", 0)
    assert parse_listen("hub.example.vn:8650") == ("hub.example.vn", 8650)
    assert read(Listen, ("::1", 8650)) == ("::1", 8650)


@pytest.mark.parametrize(
    "text", ["8650", ":8650", "::1:8650", "[::1]", "a b:1", "x:+1", "x:65536", "x:٣", "[x]y:1"]
)
def test_what_is_no_address_to_listen_on_is_refused(text):
    with pytest.raises(ValueError, match="HOST:PORT"):
        parse_listen(text)


@pytest.mark.parametrize("text", ["10.0.0.1", "::1", "fe80::1%eth0", "sw1", "a_b.example.vn."])
def test_addresses_and_names_are_hosts(text):
    assert is_host(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "a..b",
        "-a",
        "a-",
        "a b",
        "a/b",
        "xã.vn",
        "a" * 64,
        f"{'a.' * 127}a",
        "10",
        "10.0.0.300",
        "010.0.0.1",
        "0x7f000001",
        "127.0.0.0X1",
        "0x",
    ],
)
def test_what_a_resolver_may_take_for_another_address_is_no_host(text):
    assert not is_host(text)


def test_a_network_has_no_bits_after_its_prefix():
    assert read(Network, "10.0.0.0/8") == "10.0.0.0/8"
    assert read(Network, "192.0.2.7") == "192.0.2.7"
    assert refuses(Network, "10.0.0.1/8")


def test_a_secret_is_equal_by_its_text_and_shows_none_of_it():
    secret = Secret("canary")
    assert secret == Secret("canary") != Secret("other")
    assert secret != "canary"
    assert hash(secret) == hash(Secret("canary"))
    assert f"{secret} {secret!r} {secret!s}" == "<secret> <secret> <secret>"
    assert copy.deepcopy(secret) is secret
    with pytest.raises(TypeError):
        pickle.dumps(secret)


class Holder(Section):
    secret: Secret


def test_a_secret_without_a_loader_is_a_text_that_is_not_empty():
    assert Holder(secret="x").secret.reveal() == "x"
    assert Holder(secret=Secret("x")).secret.reveal() == "x"
    for value in ("", 7, None):
        with pytest.raises(ValidationError, match="must be a text that is not empty"):
            Holder(secret=value)


def test_the_environments_text_shows_what_the_file_has():
    text = EnvText("canary", "${X}")
    assert text == "canary"
    assert repr(text) == "'${X}'"


def test_an_asset_written_as_json_is_read_again_with_its_times():
    asset = Asset.model_validate(
        {
            "tag": "RT-1",
            "name": "Router",
            "class": "router",
            "commune": "22849",
            "address": "10.0.0.1",
            "endpoints": [{"kind": "tcp", "port": 22, "interval": "90s", "retry": "250ms"}],
        }
    )
    assert Asset.model_validate_json(asset.model_dump_json(by_alias=True)) == asset
