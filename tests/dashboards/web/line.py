"""A line between a browser and a server that can be cut.

A browser's own "offline" is applied by message to each of its processes, so that a request may
slip through around a reload. What is cut here lets nothing through."""

import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit


class Line:
    """Carries octets between whoever connects to `address` and the server at another."""

    def __init__(self, to):
        server = urlsplit(to)
        self._to = (server.hostname, server.port)
        self._lock = threading.Lock()
        self._is_cut = False
        self._ends = []
        self._opened = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._opened.getsockname()[1]}"
        threading.Thread(target=self._take, daemon=True).start()

    def cut(self):
        """What runs through it breaks off, and who comes is turned away."""
        with self._lock:
            self._is_cut = True
            ends, self._ends = self._ends, []
        for end in ends:
            _hang_up(end)

    def mend(self):
        with self._lock:
            self._is_cut = False

    def close(self):
        self.cut()
        _hang_up(self._opened)
        self._opened.close()

    def _take(self):
        with suppress(OSError):
            while True:
                near, _ = self._opened.accept()
                self._connect(near)

    def _connect(self, near):
        with self._lock:
            if self._is_cut:
                near.close()
                return
            far = socket.create_connection(self._to)
            self._ends += [near, far]
        for here, there in ((near, far), (far, near)):
            threading.Thread(target=_carry, args=(here, there), daemon=True).start()


def _carry(here, there):
    with suppress(OSError):
        while octets := here.recv(65536):
            there.sendall(octets)
    _hang_up(there)
    here.close()


def _hang_up(end):
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
