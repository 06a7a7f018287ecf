"""What is read by a template of the answer before is what the strict reader says, to the octet."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.snmp.engine import templates
from collectors.snmp.engine.ber import integer, oid_body, tlv
from collectors.snmp.engine.messages import V2C, Community
from collectors.snmp.pdu import Kind, Memory, Rejected, Request

COLUMNS = ((1, 3, 6, 1, 2, 1, 2, 2, 1, 2), (1, 3, 6, 1, 2, 1, 2, 2, 1, 10))
NUMBER = 0x12345678
AGENT = Community(V2C, "public")
TAGS = (0x02, 0x04, 0x06, 0x40, 0x41, 0x42, 0x43, 0x44, 0x46, 0x47)

BODIES = st.one_of(
    st.binary(min_size=1, max_size=9),
    st.binary(min_size=1, max_size=2),
    st.integers(0, 2**32 - 1).map(lambda n: integer(n)[2:]),
)
ABSENT = st.sampled_from([b"\x05\x00", b"\x80\x00", b"\x81\x00", b"\x82\x00"])
VALUES = st.one_of(st.builds(tlv, st.sampled_from(TAGS), BODIES), ABSENT)


BEHIND = (1, 3, 6, 1, 2, 1, 2, 2, 1, 20, 1)
"""In neither column."""


def answer(rows, values):
    """An answer of whole rows; values: in BER, row by row, and what follows behind the columns."""
    names = [(*column, row) for row in rows for column in COLUMNS]
    names += [(*BEHIND, at) for at in range(len(values) - len(names))]
    bindings = (
        tlv(0x30, tlv(6, oid_body(name)) + value)
        for name, value in zip(names, values, strict=False)
    )
    body = tlv(0x30, b"".join(bindings))
    pdu = tlv(0xA2, integer(NUMBER) + integer(0) + integer(0) + body)
    return tlv(0x30, integer(1) + tlv(4, b"public") + pdu)


def asking(*, memory=None, columns=COLUMNS):
    return Request(Kind.GET_BULK, COLUMNS, 10, columns, memory=memory)


def read(packet, request):
    """All that an answer says, or why it is refused."""
    try:
        found = AGENT.decode(packet, {NUMBER}, request)[1]
    except Rejected as rejected:
        return rejected.reason
    cells = found.cells
    return cells and (cells.indexes, cells.values, cells.in_rows), found.bindings


@settings(max_examples=300)
@given(st.data())
def test_an_answer_is_read_the_same_with_and_without_what_is_remembered(data):
    rows = data.draw(st.lists(st.integers(1, 300), min_size=1, max_size=4, unique=True))
    memory, count = Memory(), 2 * len(rows) + data.draw(st.integers(0, 2))
    columns = data.draw(st.sampled_from([COLUMNS, ()]))
    values = data.draw(st.lists(VALUES, min_size=count, max_size=count))
    for _ in range(4):
        packet = answer(rows, values)
        strict = read(packet, asking(columns=columns))
        assert read(packet, asking(memory=memory, columns=columns)) == strict
        at = data.draw(st.integers(0, len(values) - 1))
        same_size = data.draw(st.booleans())
        old = values[at]
        new = tlv(old[0], data.draw(st.binary(min_size=len(old) - 2, max_size=len(old) - 2)))
        values[at] = new if same_size else data.draw(VALUES)


@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=4), st.booleans())
def test_a_changed_answer_is_read_the_same_with_and_without_what_is_remembered(changes, cut):
    values = [b"\x04\x03abc", b"\x41\x01\x07", b"\x04\x00", b"\x41\x04\x12\x34\x56\x78"]
    good = answer((1, 2), values)
    memory = Memory()
    read(good, asking(memory=memory))
    data = bytearray(good)
    for at, octet in changes:
        data[at % len(data)] = octet
    changed = bytes(data[: changes[0][0]] if cut and changes else data)
    assert read(changed, asking(memory=memory)) == read(changed, asking())


@pytest.mark.parametrize(
    "value",
    [
        b"\x41\x01\xc8",
        b"\x42\x02\xff\xff",
        b"\x43\x03\xff\xff\xff",
        b"\x46\x04\xff\xff\xff\xff",
        b"\x46\x06\xff\xff\xff\xff\xff\xff",
        b"\x46\x08\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x41\x05\x80\x00\x00\x00\x00",
        b"\x02\x03\xff\xff\x00",
    ],
)
def test_a_number_that_lacks_its_leading_zero_is_the_same_at_every_look(value):
    plain = value[:2] + bytes(len(value) - 2)
    memory = Memory()
    for one in (value, value, plain, value, value):
        packet = answer((1,), [one, one])
        assert read(packet, asking(memory=memory)) == read(packet, asking())


def test_a_template_is_used_and_given_up(monkeypatch):
    read_by = []
    strict = templates.learned
    monkeypatch.setattr(
        "collectors.snmp.engine.messages.learned", lambda *of: read_by.append(1) or strict(*of)
    )
    memory = Memory()
    for value in (b"\x41\x01\x07", b"\x41\x01\x08", b"\x41\x01\x09", b"\x41\x02\x01\x00"):
        read(answer((1,), [b"\x04\x01a", value]), asking(memory=memory))
    assert len(read_by) == 2  # the first answer, and the one of another length


def test_the_memory_of_templates_has_an_end(monkeypatch):
    before, values = templates._MEMORY.octets, [b"\x04\x01a", b"\x41\x01\x07"]
    one = templates._octets_of(len(answer((1,), values)), 2)
    monkeypatch.setattr(templates, "MOST_BYTES", before + 2 * one + one // 2)
    kept = [Memory() for _ in range(9)]
    for row, memory in enumerate(kept, 1):
        read(answer((row,), values), asking(memory=memory))
    assert sum(memory.template is not None for memory in kept) == 2
    assert templates._MEMORY.octets == before + 2 * one
    del kept, memory
    assert templates._MEMORY.octets == before


def test_devices_that_answer_alike_share_a_template():
    one, other, without_columns = Memory(), Memory(), Memory()
    for port, memory in enumerate((one, other)):
        read(answer((1,), [b"\x04\x01a", b"\x41\x01" + bytes([port])]), asking(memory=memory))
    read(answer((1,), [b"\x04\x01a", b"\x41\x01\x07"]), asking(memory=without_columns, columns=()))
    assert one.template is other.template
    assert one.template is not without_columns.template
    packet = answer((1,), [b"\x04\x01b", b"\x41\x01\x09"])
    assert read(packet, asking(memory=other)) == read(packet, asking())


def test_a_value_that_is_too_long_for_us_is_cut_at_every_look():
    memory, value = Memory(), tlv(4, bytes(40_000))
    packet = answer((1,), [b"\x04\x01a", value])
    for _ in range(2):
        assert read(packet, asking(memory=memory)) == read(packet, asking())
