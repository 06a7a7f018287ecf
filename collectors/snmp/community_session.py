"""SNMPv2c (RFC 1901) with pysnmp's messages over our own socket."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from collectors.snmp import codec
from collectors.snmp.exchange import Exchange
from collectors.snmp.session import Binding, Oid
from config.credentials import SnmpV2c


class CommunitySession:
    """A Session by community."""

    def __init__(self, exchange: Exchange, credential: SnmpV2c) -> None:
        self._exchange = exchange
        self._credential = credential

    @property
    def latency_s(self) -> float | None:
        """See Session."""
        return self._exchange.latency_s

    async def get(self, oids: Sequence[Oid]) -> list[Binding]:
        """See Session."""
        return await self._ask(lambda: codec.get_pdu(oids))

    async def get_next(self, oids: Sequence[Oid]) -> list[Binding]:
        """See Session."""
        return await self._ask(lambda: codec.get_next_pdu(oids))

    async def get_bulk(self, oids: Sequence[Oid], repetitions: int) -> list[Binding]:
        """See Session."""
        return await self._ask(lambda: codec.get_bulk_pdu(oids, repetitions))

    async def close(self) -> None:
        """See Session."""
        self._exchange.close()

    async def _ask(self, make: Any) -> list[Binding]:
        """Each sending has a request id of its own; an answer to any of them will do."""
        asked: set[int] = set()

        def message() -> bytes:
            pdu = make()
            asked.add(codec.request_id_of(pdu))
            return codec.community_message(self._credential.community.reveal(), pdu)

        def answer(data: bytes) -> Any:
            pdu = codec.community_response(data)
            if codec.request_id_of(pdu) not in asked:
                self._exchange.reject("not_asked")
                return None
            return codec.bindings_of(pdu)

        found: list[Binding] = await self._exchange.ask(message, answer)
        return found
