import pytest

from collectors.snmp.simulator.ber import encode_oid
from collectors.snmp.simulator.device import Defects, Device
from collectors.snmp.simulator.message import (
    GET,
    GET_BULK,
    GET_NEXT,
    SET,
    V1,
    V2C,
    Pdu,
    exception_binding,
    null_binding,
)
from collectors.snmp.simulator.snmprec import Row

_A, _B, _C = (1, 3, 6, 1, 1), (1, 3, 6, 1, 2), (1, 3, 6, 1, 10)


@pytest.fixture
def device():
    return Device([Row(_C, 2, 3), Row(_A, 4, b"one"), Row(_B, 70, 2**40)])


def _pdu(kind, *names, first=0, second=0):
    body = b"".join(null_binding(encode_oid(name)) for name in names)
    return Pdu(kind, 5, first, second, names, body)


def _names(device, body):
    """Which rows stand in a body, by their position; a trailing E for an exception."""
    found = []
    while body:
        length = 2 + body[1]
        piece, body = body[:length], body[length:]
        found.append(
            next(name[-1] for name in (_A, _B, _C) if encode_oid(name) == piece[4 : 4 + piece[3]])
        )
        if piece.endswith((b"\x80\x00", b"\x81\x00", b"\x82\x00")):
            found[-1] = f"{found[-1]}E"
    return found


def test_get_gives_what_was_asked_for_in_that_order(device):
    assert _names(device, device.respond(_pdu(GET, _C, _A), version=V2C).body) == [10, 1]


def test_getnext_goes_in_the_order_of_numbers_not_of_text(device):
    response = device.respond(_pdu(GET_NEXT, _A, _B, (1,)), version=V2C)
    assert _names(device, response.body) == [2, 10, 1]


def test_getnext_after_the_last_says_end_of_mib(device):
    response = device.respond(_pdu(GET_NEXT, _C), version=V2C)
    assert response.body == exception_binding(encode_oid(_C), 0x82)


def test_what_is_missing_is_an_instance_beside_others_of_its_column_and_an_object_elsewhere(device):
    beside = device.respond(_pdu(GET, (1, 3, 6, 1, 3)), version=V2C)
    elsewhere = device.respond(_pdu(GET, (1, 3, 6, 9, 9, 9)), version=V2C)
    assert (beside.body[-2], elsewhere.body[-2]) == (0x81, 0x80)


def test_bulk_repeats_rows_and_takes_non_repeaters_once(device):
    response = device.respond(_pdu(GET_BULK, (1,), (1,), first=1, second=2), version=V2C)
    assert _names(device, response.body) == [1, 1, 2]


def test_bulk_ends_with_one_end_of_mib_per_column(device):
    response = device.respond(_pdu(GET_BULK, _B, second=50), version=V2C)
    assert _names(device, response.body) == [10, "10E"]


def test_bulk_with_no_repetitions_gives_the_non_repeaters_alone(device):
    response = device.respond(_pdu(GET_BULK, _A, _A, first=1, second=0), version=V2C)
    assert _names(device, response.body) == [2]


def test_bulk_with_negative_or_huge_numbers_is_answered(device):
    for first, second in ((-1, -1), (2**31 - 1, 2**31 - 1), (0, 2**31 - 1)):
        device.respond(_pdu(GET_BULK, first=first, second=second), version=V2C)
        device.respond(_pdu(GET_BULK, (1,), first=first, second=second), version=V2C)


def test_bulk_is_cut_to_what_fits_one_packet(device):
    response = device.respond(_pdu(GET_BULK, (1,), second=3), version=V2C, limit=20)
    assert _names(device, response.body) == [1]


def test_get_that_does_not_fit_is_too_big(device):
    response = device.respond(_pdu(GET, _A, _B, _C), version=V2C, limit=20)
    assert (response.error_status, response.body) == (1, b"")


def test_v1_has_no_counter64(device):
    get = device.respond(_pdu(GET, _A, _B), version=V1)
    step = device.respond(_pdu(GET_NEXT, _A), version=V1)
    assert (get.error_status, get.error_index) == (2, 2)
    assert _names(device, step.body) == [10]


def test_v1_says_no_such_name_and_gives_the_request_back(device):
    for pdu in (_pdu(GET, _A, (1, 3, 9)), _pdu(GET_NEXT, _A, _C)):
        response = device.respond(pdu, version=V1)
        assert (response.error_status, response.error_index) == (2, 2)
        assert response.body == pdu.body


@pytest.mark.parametrize(("version", "status"), [(V1, 2), (V2C, 17)])
def test_set_is_refused_as_a_read_only_agent_does(device, version, status):
    response = device.respond(_pdu(SET, _A), version=version)
    assert (response.error_status, response.error_index) == (status, 1)


@pytest.mark.parametrize(
    ("defects", "status"),
    [(Defects(too_big=True), 1), (Defects(gen_error=True), 5), (Defects(max_names=1), 1)],
)
def test_a_defect_answers_with_its_error(device, defects, status):
    response = device.respond(_pdu(GET, _A, _B), version=V2C, defects=defects)
    assert response.error_status == status


def test_a_loop_gives_the_same_row_for_ever(device):
    response = device.respond(_pdu(GET_NEXT, _C), version=V2C, defects=Defects(loop_at=1))
    assert _names(device, response.body) == [2]


def test_an_empty_answer_has_no_variables(device):
    response = device.respond(_pdu(GET, _A), version=V2C, defects=Defects(empty=True))
    assert (response.error_status, response.body) == (0, b"")
