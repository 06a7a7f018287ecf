"""/places and /models: sites, rooms and people of communes; makes and models."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from config.assets import AssetClass
from dashboards.api.answers import BatchAnswer
from dashboards.api.assets import Once
from dashboards.api.changes import answered_batch
from dashboards.api.doors import Reader, Registrar, sees, within
from dashboards.api.once import ApiRoute
from dashboards.api.problem import problems
from dashboards.web.site import Site
from dashboards.web.visitor import Denied, Visitor
from inventory.catalogue import Catalogue
from inventory.device_model import Model
from inventory.people.roles import Right
from inventory.place import Place, PlaceKind
from inventory.places import Places
from inventory.register.problems import NotFound

Number = Annotated[int, Path(ge=1, le=2**62, description="Its number.")]
_Code = Annotated[str | None, Query(max_length=16, description="Code of a commune.")]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class PlaceBody(_Body):
    """A place or a person."""

    kind: PlaceKind
    commune: str = Field(max_length=16)
    """Code of the commune; empty for a person of none."""
    name: str = Field(min_length=1, max_length=200)
    site: str = Field("", max_length=200)
    """Of a room the site that it is in."""
    note: str = Field("", max_length=1_000)


class PlaceAnswer(PlaceBody):
    """A place or person that was entered, or that assets name."""

    name: str
    id: int | None
    """Null where nobody entered it and only assets say so."""
    assets: int
    """How many are there."""


class NameBody(_Body):
    """A new name."""

    name: str = Field(min_length=1, max_length=200)


class ModelBody(_Body):
    """A make and model."""

    asset_class: AssetClass
    vendor: str = Field(max_length=200)
    model: str = Field(max_length=200)
    life_years: int | None = Field(None, ge=1, le=100)
    """Expected life."""
    price_vnd: int | None = Field(None, ge=0, le=10**14)
    """Of a new one, on `price_day`."""
    price_day: str = Field("", max_length=10)
    """YYYY-MM-DD."""
    note: str = Field("", max_length=1_000)


class ModelAnswer(ModelBody):
    """A make and model of the catalogue."""

    vendor: str
    model: str
    life_years: int | None
    price_vnd: int | None
    price_day: str
    note: str
    id: int | None
    assets: int
    """How many registered assets are of it."""


def routes(site: Site) -> APIRouter:
    """See the module."""
    router = APIRouter(route_class=ApiRoute, tags=["places and catalogue"])

    @router.get("/places")
    def places(visitor: Reader, commune: _Code = None) -> list[PlaceAnswer]:
        """Sites, rooms and people, with how many assets name them."""
        found = _places(site).of(commune)
        return [_place(one) for one in found if _visible(visitor, one.commune)]

    @router.post("/places", status_code=201, responses=problems(409, 413, 415))
    def enter(visitor: Registrar, body: PlaceBody, once: Once = None) -> PlaceAnswer:
        """Enter a site, a room or a person."""
        _check(visitor, body.commune)
        place = Place(body.kind, body.commune, body.name, body.site, body.note)
        made = _places(site).get(_places(site).create(place, visitor.actor))
        if made is None:
            raise NotFound("place of this number")
        return _place(made)

    @router.post(
        "/places/{number}/rename",
        response_model=BatchAnswer,
        responses=problems(404, 409, 412, 413, 415),
    )
    def rename(visitor: Registrar, number: Number, body: NameBody, once: Once = None) -> Response:
        """Another name, in every asset that says the old one, too."""
        place = _entered(site, visitor, number)
        return answered_batch(site, _places(site).rename(place, body.name, visitor.actor))

    @router.delete(
        "/places/{number}", status_code=204, response_class=Response, responses=problems(404)
    )
    def remove(visitor: Registrar, number: Number) -> Response:
        """Take back what was entered; assets keep what they say."""
        _entered(site, visitor, number)
        _places(site).remove(number, visitor.actor)
        return Response(status_code=204)

    @router.get("/models")
    def models(visitor: Reader) -> list[ModelAnswer]:
        """The catalogue: makes and models with expected life and price."""
        return [_model(model) for model in _catalogue(site).models()]

    @router.post(
        "/models",
        status_code=201,
        response_model=ModelAnswer,
        responses=problems(404, 409, 413, 415),
    )
    def add(visitor: Registrar, body: ModelBody, once: Once = None) -> Response:
        """Enter a make and model; the catalogue is of those who register for all communes."""
        _check_all(visitor)
        id_ = _catalogue(site).save(Model(**body.model_dump()), visitor.actor)
        return JSONResponse(_model(_listed(site, id_)).model_dump(mode="json"), 201)

    @router.delete(
        "/models/{number}", status_code=204, response_class=Response, responses=problems(404)
    )
    def take_out(visitor: Registrar, number: Number) -> Response:
        """Take a make and model out of the catalogue; assets keep theirs."""
        _check_all(visitor)
        _listed(site, number)
        _catalogue(site).remove(number, visitor.actor)
        return Response(status_code=204)

    return router


def _places(site: Site) -> Places:
    def communes() -> dict[str, str]:
        return {code: view.unit.name for code, view in site.snapshot.communes.items()}

    return Places(site.register, site.desk, communes)


def _catalogue(site: Site) -> Catalogue:
    return Catalogue(site.register, site.desk, site.clock)


def _visible(visitor: Visitor, commune: str) -> bool:
    """People of no commune are for those who see all."""
    return sees(visitor, commune) if commune else visitor.communes is None


def _check(visitor: Visitor, commune: str) -> None:
    if commune:
        within(visitor, Right.REGISTER, [commune])
    else:
        _check_all(visitor)


def _check_all(visitor: Visitor) -> None:
    if visitor.communes is not None:
        raise Denied("is for those who register for all communes")


def _entered(site: Site, visitor: Visitor, number: int) -> Place:
    place = _places(site).get(number)
    if place is None or not _visible(visitor, place.commune):
        raise NotFound(f"place {number}")
    _check(visitor, place.commune)
    return place


def _listed(site: Site, number: int) -> Model:
    model = _catalogue(site).get(number)
    if model is None:
        raise NotFound(f"model {number}")
    return model


def _place(place: Place) -> PlaceAnswer:
    return PlaceAnswer.model_construct(
        **{name: getattr(place, name) for name in PlaceAnswer.model_fields}
    )


def _model(model: Model) -> ModelAnswer:
    return ModelAnswer.model_construct(
        **{name: getattr(model, name) for name in ModelAnswer.model_fields}
    )
