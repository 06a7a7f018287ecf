import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.snmp.simulator.snmprec import (
    RecordingError,
    Row,
    format_row,
    parse_recording,
    parse_row,
    read_recording,
)

_NAME = b"1.3.6.1.2.1.1.5.0"


@pytest.mark.parametrize(
    ("text", "tag", "value"),
    [
        (b"2|-5", 2, -5),
        (b"2x|ff", 2, -1),
        (b"4|a|b", 4, b"a|b"),
        (b"4|", 4, b""),
        (b"4x|02:00 ff", 4, b"\x02\x00\xff"),
        (b"4x|fff", 4, b"\x0f\xff"),
        (b"4e|a\\nb\\x41", 4, b"a\nbA"),
        (b"6|.1.3.6", 6, (1, 3, 6)),
        (b"6|", 6, (0, 0)),
        (b"64|127.0.0.1", 64, b"\x7f\x00\x00\x01"),
        (b"64x|7f000001", 64, b"\x7f\x00\x00\x01"),
        (b"64|none", 4, b"none"),
        (b"65|4294967297", 65, 1),
        (b"66|", 66, 0),
        (b"66|1e3", 66, 1000),
        (b"67|12", 67, 12),
        (b"70|18446744073709551615", 70, 2**64 - 1),
        (b"40|7", 65, 7),
        (b"63|7", 65, 7),
        (b"40|10.0.0.1", 64, b"\x0a\x00\x00\x01"),
        (b"68|Float: 1.5", 68, b"\x9f\x78\x04\x3f\xc0\x00\x00"),
        (b"68x|9f", 68, b"\x9f"),
        (b"65:numeric|rate=4,initial=9", 65, 9),
    ],
)
def test_a_value_is_read_as_its_tag_says(text, tag, value):
    assert parse_row(_NAME + b"|" + text) == Row((1, 3, 6, 1, 2, 1, 1, 5, 0), tag, value)


def test_rows_come_in_oid_order_and_the_last_of_two_wins():
    recording = parse_recording(
        b"1.3.10|2|1\r\n1.3.9|2|2\n# no\n\n1.3.9|2|3\n1.3.11|5|\n", name="x", source="x"
    )
    assert [(row.oid[-1], row.value) for row in recording.rows] == [(9, 3), (10, 1)]
    assert recording.malformed == 0


def test_malformed_rows_are_counted_and_left_out():
    bad = b"1.3.a|2|1\n1.3.1|2\n1.3.1|4x|zz\n2.3.1|2|1\n1.3.1|99|1\n1.3|2|1\n1.3.1|2|abc\n"
    recording = parse_recording(bad + b"1.3.6|2|1\n", name="x", source="x")
    assert (len(recording.rows), recording.malformed) == (1, 7)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\n\nhello\n", ":3: a row is OID|TAG|VALUE"),
        (b"", ":1: no variable in it"),
        (b"# nothing\n", ":1: no variable in it"),
        (b"1.3.1|77|x\n", ":1: tag 77 is not known"),
    ],
)
def test_a_file_without_a_good_row_is_refused_with_file_and_line(tmp_path, data, message):
    path = tmp_path / "bad.snmprec"
    path.write_bytes(data)
    with pytest.raises(RecordingError) as caught:
        read_recording(path)
    assert str(caught.value) == str(path) + message


def test_a_file_that_is_not_there_is_refused_with_its_name(tmp_path):
    with pytest.raises(RecordingError, match=r"none\.snmprec:0: No such file"):
        read_recording(tmp_path / "none.snmprec")


@given(st.binary(max_size=200))
def test_no_line_raises_anything_but_a_value_error(line):
    try:
        parse_row(line)
    except (ValueError, OverflowError):
        return


@given(
    st.lists(st.integers(0, 2**32 - 1), min_size=2, max_size=10),
    st.one_of(
        st.tuples(st.just(2), st.integers(-(2**31), 2**31 - 1)),
        st.tuples(st.just(4), st.binary(max_size=40)),
        st.tuples(st.just(6), st.lists(st.integers(0, 9), min_size=1).map(lambda x: (1, *x))),
        st.tuples(st.just(64), st.binary(min_size=4, max_size=4)),
        st.tuples(st.just(70), st.integers(0, 2**64 - 1)),
    ),
)
def test_a_row_that_is_written_is_read_back_the_same(tail, value):
    row = Row((1, *tail), *value)
    assert parse_row(format_row(row).encode()) == row
