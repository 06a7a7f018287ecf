"""Recordings, requests and net-snmp clients for the simulator's tests."""

import asyncio
import shutil

import pytest

from collectors.snmp.simulator.ber import (
    encode_integer,
    encode_oid,
    read_integer,
    read_tlv,
    tlv,
)
from collectors.snmp.simulator.message import encode_message, null_binding

SWITCH = """\
# a switch of two ports
1.3.6.1.2.1.1.1.0|4|Demo switch
1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.14988.1
1.3.6.1.2.1.1.3.0|67|123400
1.3.6.1.2.1.1.5.0|4|sw-01
1.3.6.1.2.1.2.2.1.1.1|2|1
1.3.6.1.2.1.2.2.1.1.2|2|2
1.3.6.1.2.1.2.2.1.5.1|66|1000000000
1.3.6.1.2.1.2.2.1.5.2|66|1000000000
1.3.6.1.2.1.2.2.1.6.1|4x|020000000001
1.3.6.1.2.1.2.2.1.8.1|2|1
1.3.6.1.2.1.2.2.1.8.2|2|2
1.3.6.1.2.1.2.2.1.10.1|65|4294967000
1.3.6.1.2.1.2.2.1.10.2|65|77
1.3.6.1.2.1.4.20.1.1.127.0.0.1|64|127.0.0.1
1.3.6.1.2.1.31.1.1.1.6.1|70|18446744073709551000
1.3.6.1.2.1.31.1.1.1.15.1|66|1000
"""


@pytest.fixture
def switch(tmp_path):
    """A folder with one recording, sw-01."""
    folder = tmp_path / "devices"
    folder.mkdir()
    (folder / "sw-01.snmprec").write_text(SWITCH)
    return folder


@pytest.fixture
def net_snmp():
    """Runs one of net-snmp's tools beside the running event loop: (exit code, output)."""
    if shutil.which("snmpget") is None:
        pytest.skip("needs Debian's package snmp")

    async def run(tool, *arguments):
        process = await asyncio.create_subprocess_exec(
            tool,
            *arguments,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={"MIBS": "", "PATH": "/usr/bin:/bin", "HOME": "/nonexistent"},
        )
        output, _ = await asyncio.wait_for(process.communicate(), 60)
        return process.returncode, output.decode("latin-1")

    return run


@pytest.fixture
def request_bytes():
    """Makes a v1 or v2c request: request(kind, oids, version=1, community=…, first, second)."""

    def make(kind, oids, *, version=1, community=b"public", request_id=77, first=0, second=0):
        fields = b"".join(tlv(2, encode_integer(n)) for n in (request_id, first, second))
        names = b"".join(null_binding(encode_oid(oid)) for oid in oids)
        return encode_message(version, community, tlv(kind, fields + tlv(0x30, names)))

    return make


@pytest.fixture
def response_of():
    """Reads a v1 or v2c response: (request id, error status, error index, number of bindings)."""

    def read(data):
        _, at, end = read_tlv(data, 0, len(data))
        _, at = read_integer(data, at, end)
        _, _, at = read_tlv(data, at, end)
        _, at, end = read_tlv(data, at, end)
        numbers = []
        for _ in range(3):
            number, at = read_integer(data, at, end)
            numbers.append(number)
        _, at, end = read_tlv(data, at, end)
        count = 0
        while at < end:
            _, _, at = read_tlv(data, at, end)
            count += 1
        return (*numbers, count)

    return read
