"""Answers as the engine reads them: strict, the same in both of its ways, and as pysnmp has it."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from collectors.snmp import pysnmp_messages
from collectors.snmp.engine.ber import integer, oid_body, tlv
from collectors.snmp.engine.messages import V2C, Community
from collectors.snmp.engine.names import Names
from collectors.snmp.pdu import MAX_VALUE_BYTES, Absent, Kind, Rejected, Request

COLUMNS = ((1, 3, 6, 1, 2, 1, 2, 2, 1, 2), (1, 3, 6, 1, 2, 1, 2, 2, 1, 10))
NUMBER = 0x12345678
OURS, THEIRS = Community(V2C, "public"), pysnmp_messages.Community(V2C, "public")

INTEGERS = st.integers(-(2**31), 2**31 - 1).map(lambda n: (n, integer(n)))
STRINGS = st.binary(max_size=300).map(lambda octets: (octets, tlv(4, octets)))
UNSIGNED = st.tuples(st.sampled_from([0x41, 0x42, 0x43, 0x47]), st.integers(0, 2**32 - 1))
LONG = st.tuples(st.just(0x46), st.integers(0, 2**64 - 1))
NUMBERS = st.one_of(UNSIGNED, LONG).map(lambda x: (x[1], bytes((x[0],)) + integer(x[1])[1:]))
ADDRESSES = st.binary(min_size=4, max_size=4).map(lambda octets: (octets, tlv(0x40, octets)))
OPAQUE = st.binary(max_size=12).map(lambda octets: (octets, tlv(0x44, octets)))
SUBIDS = st.lists(st.integers(0, 2**32 - 1), max_size=12)
OIDS = SUBIDS.map(lambda rest: ((1, 3, *rest), tlv(6, oid_body((1, 3, *rest)))))
VALUES = st.one_of(INTEGERS, STRINGS, NUMBERS, ADDRESSES, OPAQUE, OIDS)
ABSENT = st.sampled_from(
    [
        (Absent.NOTHING, b"\x80\x00"),
        (Absent.NOTHING, b"\x81\x00"),
        (Absent.END_OF_VIEW, b"\x82\x00"),
        (Absent.NOTHING, b"\x05\x00"),
    ]
)


def packet(bindings, *, status=0, index=0, number=NUMBER, tag=0xA2):
    """A v2c answer; bindings: (OID, value in BER)."""
    body = b"".join(tlv(0x30, tlv(6, oid_body(oid)) + value) for oid, value in bindings)
    return around(body, status=status, index=index, number=number, tag=tag)


def around(body, *, status=0, index=0, number=NUMBER, tag=0xA2, head=None):
    """A v2c answer round the octets of its bindings."""
    pdu = tlv(tag, integer(number) + integer(status) + integer(index) + tlv(0x30, body))
    return tlv(0x30, (head or integer(1) + tlv(4, b"public")) + pdu)


def flat(response):
    """The bindings of a response, whatever way they were read."""
    cells = response.cells
    found = []
    if cells is not None:
        for at, (index, value) in enumerate(zip(cells.indexes, cells.values, strict=True)):
            found.append(((*COLUMNS[at % len(COLUMNS)], *index), value))
    return [*found, *response.bindings]


@given(st.lists(st.tuples(st.integers(1, 2**32 - 1), VALUES, VALUES), max_size=12))
def test_cells_of_columns_are_what_both_readers_and_pysnmp_say(request_for_columns, rows):
    bindings = []
    for row, *values in rows:
        for column, (_, encoded) in zip(COLUMNS, values, strict=True):
            bindings.append(((*column, row), encoded))
    data = packet(bindings)
    expected = []
    for row, *values in rows:
        for column, (value, _) in zip(COLUMNS, values, strict=True):
            expected.append(((*column, row), value))
    plain = Request(Kind.GET_BULK, COLUMNS, 200)
    for _ in range(2):  # what is known of names from the first time must not matter
        by_columns = OURS.decode(data, {NUMBER}, request_for_columns(COLUMNS, 200))[1]
        assert flat(by_columns) == expected
    assert by_columns.cells is not None
    assert by_columns.bindings == ()
    assert list(OURS.decode(data, {NUMBER}, plain)[1].bindings) == expected
    assert list(THEIRS.decode(data, {NUMBER}, plain)[1].bindings) == expected


@given(
    st.lists(
        st.tuples(
            st.one_of(
                st.sampled_from(COLUMNS).flatmap(
                    lambda column: st.lists(st.integers(0, 300), max_size=3).map(
                        lambda rest: (*column, *rest)
                    )
                ),
                SUBIDS.map(lambda rest: (1, 3, *rest)),
            ),
            st.one_of(VALUES, ABSENT),
        ),
        max_size=30,
    ),
    st.integers(0, 18),
    st.integers(0, 30),
)
def test_any_valid_answer_is_what_pysnmp_says(request_for_columns, bindings, status, index):
    data = packet([(oid, encoded) for oid, (_, encoded) in bindings], status=status, index=index)
    expected = [(oid, value) for oid, (value, _) in bindings]
    theirs = THEIRS.decode(data, {NUMBER}, Request(Kind.GET, COLUMNS, 200))[1]
    assert list(theirs.bindings) == expected
    for request in (request_for_columns(COLUMNS, 200), Request(Kind.GET, COLUMNS, 200)):
        found = OURS.decode(data, {NUMBER}, request)[1]
        assert flat(found) == expected
        assert (found.status, found.index, found.size) == (status, index, len(data))


GOOD = packet(
    [
        ((*COLUMNS[0], 1), tlv(4, b"ge-0/0/1")),
        ((*COLUMNS[1], 1), b"\x41\x04\x12\x34\x56\x78"),
        ((*COLUMNS[0], 2), tlv(4, b"x" * 200)),
        ((*COLUMNS[1], 2), b"\x41\x05\x00\xff\xff\xff\xff"),
    ]
)


@settings(max_examples=600)
@given(
    st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=6),
    st.integers(0, len(GOOD)),
    st.booleans(),
)
@example([(0, 0x30)], 0, True)
def test_a_changed_or_cut_answer_is_refused_or_read_and_nothing_else(
    request_for_columns, changes, length, cut
):
    data = bytearray(GOOD)
    for at, octet in changes:
        data[at] = octet
    data = bytes(data[:length] if cut else data)
    found = []
    for request in (request_for_columns(COLUMNS, 4), Request(Kind.GET_BULK, COLUMNS, 4)):
        try:
            found.append(flat(OURS.decode(data, {NUMBER}, request)[1]))
        except Rejected as rejected:
            found.append(rejected.reason)
    assert found[0] == found[1]


@settings(max_examples=300)
@given(st.binary(max_size=80))
def test_made_up_bindings_are_refused_or_read_the_same_in_both_ways(request_for_columns, body):
    name = tlv(6, oid_body((*COLUMNS[0], 1)))
    for data in (around(body), around(tlv(0x30, name + body)), around(b"\x30" + body)):
        found = []
        for request in (request_for_columns(COLUMNS, 9), Request(Kind.GET_BULK, COLUMNS, 9)):
            try:
                found.append(flat(OURS.decode(data, {NUMBER}, request)[1]))
            except Rejected as rejected:
                found.append(rejected.reason)
        assert found[0] == found[1]


NAME = tlv(6, oid_body((*COLUMNS[0], 1)))
WRONG = {
    "a counter of six octets": b"\x41\x06\x00\x00\x00\x00\x00\x01",
    "a 64-bit counter of ten octets": b"\x46\x0a" + bytes(9) + b"\x01",
    "an integer without octets": b"\x02\x00",
    "a counter without octets": b"\x41\x00",
    "an integer of ten octets": b"\x02\x0a" + bytes(10),
    "an indefinite length": b"\x04\x80\x61\x00\x00",
    "a value that is longer than its binding": b"\x04\x05abc",
    "a value that is shorter than its binding": b"\x04\x01abc",
    "a null with a body": b"\x05\x01\x00",
    "an end of view with a body": b"\x82\x01\x00",
    "a type that SNMP does not have": b"\x45\x01\x00",
    "a constructed string": b"\x24\x03\x04\x01a",
    "a sequence": b"\x30\x00",
    "a tag of more octets": b"\x5f\x81\x01\x00",
    "an OID with a padded subidentifier": b"\x06\x03\x2b\x80\x01",
    "no value": b"",
    "two values": b"\x02\x01\x01\x02\x01\x01",
}


@pytest.mark.parametrize("what", WRONG)
@pytest.mark.parametrize("after", [0, 2])
def test_a_value_that_snmp_does_not_allow_costs_the_packet(request_for_columns, what, after):
    good = [((*COLUMNS[at], 1), b"\x02\x01\x05") for at in range(after)]
    begin = b"".join(tlv(0x30, tlv(6, oid_body(oid)) + value) for oid, value in good)
    data = around(begin + tlv(0x30, NAME + WRONG[what]))
    for request in (request_for_columns(COLUMNS, 9), Request(Kind.GET_BULK, COLUMNS, 9)):
        with pytest.raises(Rejected) as caught:
            OURS.decode(data, {NUMBER}, request)
        assert caught.value.reason == "malformed"


@pytest.mark.parametrize(
    ("octets", "number"),
    [
        (b"\x41\x04\xff\xff\xff\x00", 2**32 - 256),
        (b"\x41\x01\xc8", 2**32 - 56),
        (b"\x46\x08\xff\xff\xff\xff\xff\xff\xff\xff", 2**64 - 1),
        (b"\x42\x05\x00\xff\xff\xff\xff", 2**32 - 1),
        (b"\x46\x09\x00\xff\xff\xff\xff\xff\xff\xff\xff", 2**64 - 1),
        (b"\x41\x05\x00\x00\x00\x00\x07", 7),
        (b"\x02\x04\x80\x00\x00\x00", -(2**31)),
    ],
)
def test_numbers_with_a_missing_or_needless_octet_are_read_as_net_snmp_does(
    request_for_columns, octets, number
):
    data = around(tlv(0x30, NAME + octets))
    for request in (request_for_columns(COLUMNS, 9), Request(Kind.GET_BULK, COLUMNS, 9)):
        assert flat(OURS.decode(data, {NUMBER}, request)[1])[0][1] == number


def test_a_value_is_cut_where_it_is_too_long():
    data = packet([((1, 3, 6), tlv(4, b"x" * 40_000))])
    (binding,) = OURS.decode(data, {NUMBER}, Request(Kind.GET, ((1, 3, 6),)))[1].bindings
    assert binding == ((1, 3, 6), b"x" * MAX_VALUE_BYTES)


def test_a_few_bindings_too_many_are_borne_and_a_crowd_is_not(request_for_columns):
    for request in (request_for_columns(COLUMNS, 2), Request(Kind.GET_BULK, COLUMNS, 2)):
        few, crowd = ([((*COLUMNS[n % 2], n), integer(n)) for n in range(m)] for m in (12, 13))
        assert len(flat(OURS.decode(packet(few), {NUMBER}, request)[1])) == 12
        with pytest.raises(Rejected) as caught:
            OURS.decode(packet(crowd), {NUMBER}, request)
        assert caught.value.reason == "oversize"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (packet([], number=7), "no_request"),
        (packet([], tag=0xA0), "malformed"),
        (packet([], tag=0xA8), "malformed"),
        (around(b"", head=integer(0) + tlv(4, b"public")), "malformed"),
        (around(b"", head=integer(1) + tlv(4, b"Public")), "malformed"),
        (around(b"", head=integer(1) + tlv(4, b"public") * 2), "malformed"),
        (packet([])[:-1], "malformed"),
        (b"", "malformed"),
    ],
)
def test_answers_to_other_questions_are_refused(data, reason):
    with pytest.raises(Rejected) as caught:
        OURS.decode(data, {NUMBER}, Request(Kind.GET, ((1, 3, 6),)))
    assert caught.value.reason == reason


def test_lengths_in_a_longer_form_than_needed_and_padding_behind_are_borne(request_for_columns):
    value = b"\x04\x82\x00\x03abc"
    binding = b"\x30\x81" + bytes((len(NAME + value),)) + NAME + value
    head = b"\x02\x81\x01\x01" + b"\x04\x82\x00\x06public"
    data = around(binding, head=head) + bytes(5)
    for request in (request_for_columns(COLUMNS, 9), Request(Kind.GET_BULK, COLUMNS, 9)):
        assert flat(OURS.decode(data, {NUMBER}, request)[1]) == [((*COLUMNS[0], 1), b"abc")]


def test_requests_are_what_pysnmp_would_send():
    names = ((1, 3, 6, 1, 2, 1, 1, 1, 0), (1, 3, 6, 1, 4, 1, 4294967295, 3))
    for kind, repetitions in ((Kind.GET, 1), (Kind.GET_NEXT, 1), (Kind.GET_BULK, 25)):
        request = Request(kind, names, repetitions)
        number, data = OURS.encode(request)
        theirs = pysnmp_messages.encoded_pdu(request, number)
        assert data == tlv(0x30, integer(1) + tlv(4, b"public") + theirs)


def test_what_is_remembered_of_names_has_an_end():
    names = Names(most=100)
    for n in range(1000):
        column = names.column(COLUMNS[n % 2])
        name = tlv(6, oid_body((*column.oid, n)))
        assert names.learn(column, name) == (n,)
        assert column.indexes[name] == (n,)
        assert sum(len(names.column(oid).indexes) for oid in COLUMNS) <= 100
