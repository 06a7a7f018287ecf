"""What there is to look at: one Target for each endpoint of each asset that is in use.

Two targets are equal when nothing that concerns the looking has changed between two
configurations; a reload leaves equal ones alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from collectors.base import Collector
from collectors.kinds import KINDS, Context, Factory
from collectors.snmp.knowledge.book import ProfileBook, shipped_book
from config.sections import Asset, AssetStatus, Credential, Endpoint, Polling, Settings, endpoint_id
from inventory.metrics import Instruments


@dataclass(frozen=True, slots=True)
class Target:
    """One endpoint with everything that a look at it needs."""

    id: str
    asset: Asset
    endpoint: Endpoint
    times: Polling
    credential: Credential | None
    factory: Factory
    book: ProfileBook = field(default_factory=shipped_book)

    @property
    def kind(self) -> str:
        """The endpoint's kind, one of `kinds.KINDS`."""
        return self.endpoint.kind

    def collector(self, instruments: Instruments) -> Collector:
        """A new collector; whoever takes it closes it. Raises ValueError when the settings lack
        something that `config.load` should have refused."""
        context = Context(self.credential, instruments, self.book)
        return self.factory(self.asset, self.endpoint, self.times, context)


def targets(settings: Settings, book: ProfileBook | None = None) -> list[Target]:
    """The targets in the order of the register. book: how devices are known, the shipped profiles
    where none is given.

    Only assets in use are looked at: nobody expects an answer of one in stock, in repair, lost
    or retired, and its silence is no outage.
    """
    return [
        Target(
            id=endpoint_id(asset.tag, endpoint),
            asset=asset,
            endpoint=endpoint,
            times=settings.watch(endpoint),
            credential=settings.credentials.get(getattr(endpoint, "credential", "")),
            factory=KINDS[endpoint.kind],
            book=book or shipped_book(),
        )
        for asset in settings.assets
        if asset.status is AssetStatus.IN_USE
        for endpoint in asset.endpoints
    ]
