"""What the catalogue says of a make and model."""

from __future__ import annotations

from dataclasses import dataclass

from config.assets import AssetClass


@dataclass(frozen=True, slots=True)
class Model:
    """A make and model.

    life_years: expected life; None where nobody said. price_vnd: of a new one, as of price_day
    (YYYY-MM-DD). picture: the SHA-256 of a stored picture, "" for none. version: rises with each
    change. assets: how many registered assets are of it.
    """

    asset_class: AssetClass
    vendor: str
    model: str
    life_years: int | None = None
    price_vnd: int | None = None
    price_day: str = ""
    picture: str = ""
    note: str = ""
    id: int | None = None
    version: int = 1
    assets: int = 0
