"""What the tests of the engine's own parts share."""

import pytest

from collectors.snmp.pdu import Kind, Request


@pytest.fixture(scope="session")
def request_for_columns():
    """A request as a walk makes it: request_for_columns(columns, rows)."""

    def make(columns, rows):
        return Request(Kind.GET_BULK, columns, rows, columns)

    return make
