"""What a form of an asset offers and asks for beyond the fields that every asset has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from config.assets import AssetClass
from dashboards.web.site import Site
from inventory.catalogue import Catalogue
from inventory.custom_field import Field
from inventory.custom_fields import CustomFields
from inventory.places import Places
from inventory.register.problems import FieldProblem

MOST_OFFERED = 300
"""Suggestions of one input: more would make a page heavy and help nobody."""


def places_of(site: Site) -> Places:
    """Places over this site's register."""
    return Places(site.register, site.desk, lambda: commune_names(site))


def catalogue_of(site: Site) -> Catalogue:
    """The catalogue over this site's register."""
    return Catalogue(site.register, site.desk, site.clock)


def fields_of(site: Site) -> CustomFields:
    """Custom fields over this site's register."""
    return CustomFields(site.register, site.desk, site.clock)


def commune_names(site: Site) -> dict[str, str]:
    """Code -> name of the watched communes."""
    return {code: view.unit.name for code, view in site.snapshot.communes.items()}


def offers(site: Site, commune: str | None = None) -> Mapping[str, Sequence[str]]:
    """Field of an asset -> what its input suggests; commune: only places and people of one.

    Raises StoreError.
    """
    found: dict[str, Sequence[str]] = {
        field: names[:MOST_OFFERED] for field, names in places_of(site).suggestions(commune).items()
    }
    models = catalogue_of(site).models()
    found["vendor"] = list(dict.fromkeys(model.vendor for model in models))[:MOST_OFFERED]
    found["model"] = list(dict.fromkeys(model.model for model in models))[:MOST_OFFERED]
    return found


def custom_fields(site: Site, asset_class: AssetClass) -> Sequence[Field]:
    """The fields of one's own that assets of a class have. Raises StoreError."""
    return fields_of(site).custom_fields(asset_class)


def check_custom(
    site: Site, asset_class: AssetClass, custom: Mapping[str, str]
) -> Sequence[FieldProblem]:
    """What is wrong with the values of such fields. Raises StoreError."""
    return fields_of(site).check(asset_class, custom)
