"""Ports for who cannot be told to take any."""

import contextlib
import secrets
import socket

FIRST, COUNT = 20_000, 12_000


def free_port(kind=socket.SOCK_DGRAM, address=""):
    """A port that nobody has, and that nobody is given before it is taken: it is below those that
    the kernel gives to who asks for any (from 32768 on)."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    for _ in range(COUNT):
        port = FIRST + secrets.randbelow(COUNT)
        with contextlib.suppress(OSError), socket.socket(family, kind) as probe:
            probe.bind((address, port))
            return port
    raise OSError(f"no free port at {address}")
