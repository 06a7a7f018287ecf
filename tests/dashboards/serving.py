"""Sites served by real servers. To put the application together takes half a second, so an
application is made once and serves one site after another."""

import shutil
import socket
import ssl
import threading

import httpx
import pytest
import uvicorn

from dashboards.web.app import make_app
from inventory.people import passwords
from inventory.store.connect import open_for_writing

NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For clients of plain HTTP, which would each read the certificates of the world."""


class Stand:
    """What an application takes for its site: the one that stands here now, with what is
    assigned to it meanwhile."""

    def __init__(self, site):
        self.now = site

    def __getattr__(self, name):
        return getattr(self.now, name)


class Server:
    """An application behind a real server in a thread."""

    def __init__(self, site):
        self.stand = Stand(site)
        self._opened = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._opened.getsockname()[1]}"
        self._server = uvicorn.Server(
            uvicorn.Config(
                make_app(self.stand), log_config=None, lifespan="off", server_header=False
            )
        )
        sockets = {"sockets": [self._opened]}
        self._thread = threading.Thread(target=self._server.run, kwargs=sockets, daemon=True)
        self._thread.start()

    def stop(self):
        self._server.should_exit = True
        self._thread.join(timeout=30)
        self._opened.close()


@pytest.fixture(scope="session")
def free_servers():
    """The servers that serve no test now."""
    free = []
    yield free
    for server in free:
        server.stop()


@pytest.fixture
def serve(free_servers):
    """serve(site) -> address of a real server, the site's own until the end of the test."""
    taken = []

    def start(site):
        if free_servers:
            taken.append(free_servers.pop())
            taken[-1].stand.now = site
        else:
            taken.append(Server(site))
        return taken[-1].address

    yield start
    free_servers.extend(taken)


@pytest.fixture
def connect():
    """connect("http://…", headers=…) -> an HTTP client of a local server."""
    clients = []

    def start(address, **more):
        clients.append(
            httpx.Client(
                base_url=address, trust_env=False, timeout=60, verify=NO_CERTIFICATES, **more
            )
        )
        return clients[-1]

    yield start
    for client in clients:
        client.close()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    """A database of today's form with nothing in it."""
    path = tmp_path_factory.mktemp("empty") / "hatang.db"
    connection = open_for_writing(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


@pytest.fixture
def new_database(empty_database):
    """new_database(path) puts an empty database there, as the first start would make it."""
    return lambda path: shutil.copyfile(empty_database, path)


@pytest.fixture(scope="module", autouse=True)
def quick_passwords():
    """Hashes that take no time, and are as much a hash as others."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "MEMORY_KIB", 8)
        patch.setattr(passwords, "PASSES", 1)
        yield
