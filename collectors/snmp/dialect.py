"""How an engine's requests become packets and packets answers."""

from __future__ import annotations

from collections.abc import Container
from typing import Protocol

from collectors.snmp.pdu import Report, Request, Response


class Dialect(Protocol):
    """One agent's language: SNMP with a community, or with a USM user."""

    def encode(self, request: Request) -> tuple[int, bytes]:
        """(a number nobody can guess, by which the answer is known again, the packet)."""
        ...

    def decode(
        self, packet: bytes, asked: Container[int], request: Request
    ) -> tuple[int, Response | Report]:
        """The answer to one of the numbers in `asked`, with which `request` was sent.

        Raises Rejected; an engine whose library raises more says so.
        """
        ...
