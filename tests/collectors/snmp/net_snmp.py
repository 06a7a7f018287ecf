"""net-snmp beside ours: its agent, and its walk."""

import contextlib
import os
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass

import pytest

from collectors.snmp.simulator.ber import encode_integer, encode_oid, tlv
from collectors.snmp.simulator.message import GET, encode_message, null_binding
from tests.collectors.still_time import run_still
from tests.free_port import free_port

SNMPD = "/usr/sbin/snmpd"
WITHIN_S = 60
USERS = (
    ("md5des", "MD5", "DES"),
    ("sha256aes", "SHA-256", "AES"),
    ("sha224aes192", "SHA-224", "AES-192"),
    ("sha512aes256", "SHA-512", "AES-256"),
    ("shaaes192c", "SHA", "AES-192-C"),
    ("sha384aes256c", "SHA-384", "AES-256-C"),
)


@dataclass(frozen=True)
class Snmpd:
    """A running snmpd: community `readers`, users of USERS with authpass-1 and privpass-1, and
    `open` without keys."""

    address: tuple
    config: str


@pytest.fixture(scope="session")
def start_snmpd():
    """Runs net-snmp's agent on ports of its own: `with start_snmpd(folder, lines) as addresses`,
    127.0.0.1 and, with ipv6=True and where there is such a thing, ::1."""

    @contextlib.contextmanager
    def start(folder, lines, *, ipv6=False):
        if not os.access(SNMPD, os.X_OK):
            pytest.skip("needs Debian's package snmpd")
        config = folder / "snmpd.conf"
        config.write_text("\n".join(lines) + "\n")
        places = [("127.0.0.1", free_port(address="127.0.0.1"))]
        if ipv6:
            with contextlib.suppress(OSError):
                places.append(("::1", free_port(address="::1")))
        listen = [f"udp:{places[0][0]}:{places[0][1]}"]
        listen += [f"udp6:[{address}]:{port}" for address, port in places[1:]]
        environment = {"SNMP_PERSISTENT_DIR": str(folder / "state"), "SNMPCONFPATH": str(folder)}
        with (folder / "log").open("w") as log:
            process = subprocess.Popen(
                [SNMPD, "-f", "-C", "-c", str(config), "-Lo", "-I", "-smux", *listen],
                stdout=log,
                stderr=log,
                env={"PATH": "/usr/bin:/bin", "MIBS": "", **environment},
            )
        try:
            _wait_for(process, places[0], folder / "log")
            yield places
        finally:
            process.terminate()
            process.wait(WITHIN_S)

    return start


@pytest.fixture(scope="session")
def snmpd(tmp_path_factory, start_snmpd):
    """net-snmp's agent, ended with the tests."""
    folder = tmp_path_factory.mktemp("snmpd")
    lines = ["rocommunity readers 127.0.0.1", "sysName srv-01", "sysLocation Phòng máy"]
    for user, auth, priv in USERS:
        lines += [f"createUser {user} {auth} authpass-1 {priv} privpass-1", f"rouser {user} priv"]
    lines += ["createUser open", "rouser open noauth"]
    lines += ["createUser signed SHA-256 authpass-1", "rouser signed auth"]
    with start_snmpd(folder, lines) as places:
        yield Snmpd(places[0], str(folder / "snmpd.conf"))


def _wait_for(process, address, log):
    """Ask until it answers."""
    ends = time.monotonic() + WITHIN_S
    while time.monotonic() < ends and process.poll() is None:
        if _answers(address, within_s=0.1):
            return
    pytest.fail(f"snmpd did not start: {log.read_text()}")


def _answers(address, within_s):
    """Whether an agent answers to its community `readers`."""
    name = null_binding(encode_oid((1, 3, 6, 1, 2, 1, 1, 3, 0)))
    head = b"".join(tlv(2, encode_integer(n)) for n in (1, 0, 0))
    packet = encode_message(1, b"readers", tlv(GET, head + tlv(0x30, name)))
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as client:
        client.settimeout(within_s)
        client.connect(address)
        try:
            client.send(packet)
            return bool(client.recv(65535))
        except OSError:
            return False


@pytest.fixture(scope="session")
def run_beside():
    """run_beside(main(), address): as run_still, beside the snmpd at 127.0.0.1.

    It answers one packet after the other, so that what it owes has come when it has answered to
    something newer; twice, since its sockets of IPv4 and IPv6 have no order.
    """

    def run(main, address):
        return run_still(main, lambda: [_answers(address, WITHIN_S) for _ in range(2)])

    return run


@pytest.fixture
def snmpwalk():
    """net-snmp's walk: snmpwalk(address, community, oid) gives {oid: text}."""
    if shutil.which("snmpbulkwalk") is None:
        pytest.skip("needs Debian's package snmp")

    def run(address, community, oid):
        where = f"{address[0]}:{address[1]}"
        done = subprocess.run(
            ["snmpbulkwalk", "-v2c", "-c", community, "-Onqt", "-Ir", "-t", "20", where, oid],
            capture_output=True,
            env={"MIBS": "", "PATH": "/usr/bin:/bin", "HOME": "/nonexistent"},
            timeout=120,
            check=True,
        )
        lines = done.stdout.decode("utf-8", "replace").splitlines()
        pairs = (line.partition(" ") for line in lines if line.startswith(".1."))
        return {oid.strip("."): value.strip('" ') for oid, _, value in pairs}

    return run
