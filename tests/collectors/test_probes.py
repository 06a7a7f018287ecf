"""ping, tcp, http and host against real peers on loopback."""

import asyncio
import datetime as dt
import http.server
import os
import socket
import ssl
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from collectors.base import CollectorError, Steps
from collectors.host import HostCollector, cpu_ratio
from collectors.http import HttpCollector
from collectors.ping import PingCollector
from collectors.tcp import TcpCollector
from inventory.observation import ClaimKind, Outcome

ROOT = Path(__file__).parents[2]


def look(collector):
    """The reading of one look, or the CollectorError."""

    async def run():
        try:
            return await collector.collect(Steps())
        except CollectorError as error:
            return error
        finally:
            await collector.close()

    return asyncio.run(run())


# tcp


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_port_that_accepts_has_a_latency(listener):
    assert look(TcpCollector("127.0.0.1", listener, 60.0)).latency_s > 0


def test_a_refused_port_proves_that_the_machine_is_there():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    error = look(TcpCollector("127.0.0.1", port, 60.0))
    assert (error.outcome, error.reason) == (Outcome.REFUSED, "connection_refused")


def test_a_port_that_never_answers_is_a_timeout():
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = []
        try:
            for _ in range(4):  # a full backlog drops what comes next
                one = socket.socket()
                one.setblocking(False)
                one.connect_ex(full.getsockname())
                waiting.append(one)
            error = look(TcpCollector("127.0.0.1", full.getsockname()[1], 0.3))
        finally:
            for one in waiting:
                one.close()
    assert (error.outcome, error.reason) == (Outcome.UNREACHABLE, "timeout")


def test_a_name_that_does_not_resolve_says_nothing_of_the_device():
    error = look(TcpCollector("no-such-host.invalid", 80, 60.0))
    assert (error.outcome, error.reason) == (Outcome.ERROR, "name_not_found")


# ping


def may_ping():
    try:
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).close()
    except PermissionError:
        return False
    return True


@pytest.mark.skipif(not may_ping(), reason="the kernel lets this user open no ICMP socket")
@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_loopback_answers_every_request(address):
    reading = look(PingCollector(address, 3, 60.0))
    assert reading.loss_ratio == 0
    assert reading.latency_s > 0


def test_without_the_right_ping_says_which_command_gives_it():
    if os.geteuid() != 0:
        pytest.skip("needs root to give its rights away")
    code = """
import asyncio, encodings.idna, os, sys
sys.path.insert(0, sys.argv[1])
from collectors.base import CollectorError, Steps
from collectors.ping import PingCollector
os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    asyncio.run(PingCollector("127.0.0.1", 1, 0.5).collect(Steps()))
    print("allowed")
except CollectorError as error:
    print(error.outcome.value, error.reason, error.permanent, error.message)
"""
    # Everything is imported before the rights go: Python itself may lie in a private folder.
    done = subprocess.run(
        [sys.executable, "-c", code, str(ROOT)], capture_output=True, text=True, timeout=60
    )
    if done.stdout.startswith("allowed"):
        pytest.skip("this kernel lets every group ping")
    assert done.stdout.startswith("error no_permission True"), done.stderr
    assert "net.ipv4.ping_group_range" in done.stdout


# http


def certificate(folder, days, name="localhost"):
    """A self-signed certificate that ends in `days`; the file with key and certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=400))
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path, made.not_valid_after_utc.timestamp()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append((self.path, self.headers["Host"]))
        if self.path.startswith("/status/"):
            self.send_response(int(self.path[8:11]))
        elif self.path.startswith("/away"):
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.9:1/")
        elif self.path.startswith("/here"):
            self.send_response(302)
            self.send_header("Location", "/status/200")
        elif self.path.startswith("/round"):
            self.send_response(302)
            self.send_header("Location", "/round")
        elif self.path.startswith("/huge"):
            self.send_response(200)
            self.end_headers()
            try:
                for _ in range(1000):
                    self.wfile.write(bytes(100_000))
            except OSError:
                self.server.asked.append(("hung up", None))
            return
        else:
            self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


@pytest.fixture
def web():
    """web(tls=None) -> (port, what was asked)."""
    servers = []

    def start(pem=None):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.asked = []
        if pem is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(pem)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return server.server_address[1], server.asked

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def get(url, expect=(200,), verify=True, timeout=60.0):
    return look(HttpCollector(url, expect, verify, timeout))


def test_a_page_has_status_and_latency(web):
    port, asked = web()
    reading = get(f"http://127.0.0.1:{port}/")
    assert reading.http_status == 200
    assert reading.latency_s > 0
    assert asked == [("/", f"127.0.0.1:{port}")]


def test_another_status_is_refused_and_told_without_query_or_password(web):
    port, _ = web()
    error = get(f"http://user:canary@127.0.0.1:{port}/status/503?token=canary")
    assert (error.outcome, error.reason) == (Outcome.REFUSED, "unexpected_status")
    assert error.reading.http_status == 503
    assert "canary" not in error.message
    assert get(f"http://127.0.0.1:{port}/status/503", expect=(200, 503)).http_status == 503


def test_a_redirect_is_followed_on_the_same_host_only_and_not_for_ever(web):
    port, asked = web()
    assert get(f"http://127.0.0.1:{port}/here").http_status == 200
    away = get(f"http://127.0.0.1:{port}/away")
    assert away.reason == "unexpected_status"
    assert "127.0.0.9" in away.message
    get(f"http://127.0.0.1:{port}/round")
    assert len([path for path, _ in asked if path == "/round"]) == 6


def test_a_huge_body_is_read_to_a_bound_only(web):
    port, asked = web()
    assert get(f"http://127.0.0.1:{port}/huge").http_status == 200
    assert len(asked) <= 2


@pytest.mark.parametrize(("days", "verified"), [(30, False), (-1, False)])
def test_a_certificate_that_nobody_vouches_for_is_told_with_its_end(web, tmp_path, days, verified):
    pem, ends = certificate(tmp_path, days)
    port, asked = web(pem)
    error = get(f"https://localhost:{port}/")
    assert (error.outcome, error.reason) == (Outcome.REFUSED, "certificate_invalid")
    assert error.reading.certificate_expires_at_s == pytest.approx(ends, abs=1)
    assert asked == []
    reading = get(f"https://localhost:{port}/", verify=False)
    assert reading.certificate_expires_at_s == pytest.approx(ends, abs=1)
    assert asked == [("/", f"localhost:{port}")]


def test_what_does_not_speak_http_is_refused_and_silence_is_a_timeout():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def talk():
            for answer in (b"SSH-2.0-OpenSSH\r\n", b""):
                connection, _ = server.accept()
                with connection:
                    connection.recv(1000)
                    connection.sendall(answer)
                    if not answer:
                        connection.recv(1000)

        talker = threading.Thread(target=talk)
        talker.start()
        garbage = get(f"http://127.0.0.1:{port}/")
        silent = get(f"http://127.0.0.1:{port}/", timeout=0.3)
        talker.join()
    assert (garbage.outcome, garbage.reason) == (Outcome.REFUSED, "protocol_error")
    assert (silent.outcome, silent.reason) == (Outcome.UNREACHABLE, "timeout")


# host


def test_this_machine_is_read_as_psutil_and_the_kernel_say():
    reading = look(HostCollector())
    assert reading.uptime_s == pytest.approx(
        float(Path("/proc/uptime").read_text().split()[0]), abs=5
    )
    memory = next(s for s in reading.storages if s.kind == "memory")
    assert memory.size_bytes == psutil.virtual_memory().total
    assert {i.name for i in reading.interfaces} == {n for _, n in socket.if_nameindex()}
    assert reading.facts["sys_name"] == socket.gethostname()
    assert reading.cpu_ratio is None


def test_the_second_look_has_a_load_between_0_and_1():
    async def twice():
        collector = HostCollector()
        await collector.collect(Steps())
        return await collector.collect(Steps())

    ratio = asyncio.run(twice()).cpu_ratio
    assert ratio is None or 0 <= ratio <= 1
    assert cpu_ratio((0.0, 0.0), (3.0, 1.0)) == 0.75


def test_serial_and_uuid_come_from_dmi_where_they_can_be_read(tmp_path):
    dmi = tmp_path / "class/dmi/id"
    dmi.mkdir(parents=True)
    (dmi / "product_serial").write_text("CZ123\n")
    (dmi / "product_uuid").write_text("4C4C4544-0051-5A10-8052-B9C04F4D5332\n")
    claims = {c.kind: c.value for c in look(HostCollector(tmp_path)).claims}
    assert claims[ClaimKind.SERIAL] == "CZ123"
    assert claims[ClaimKind.SYSTEM_UUID] == "4c4c454400515a108052b9c04f4d5332"
