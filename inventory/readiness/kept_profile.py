"""What a report says of a profile, read from the content that was kept beside the results.

Read leniently: content that another version of Hatang kept may have more keys or other rules, and
an old report must still say what it said.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class KeptText(_Kept):
    """A text in the languages of the pages."""

    vi: str = ""
    en: str = ""
    hi: str = ""

    def text(self, language: str) -> str:
        """The text in a language, English where it has no other."""
        return {"vi": self.vi, "hi": self.hi}.get(language) or self.en or self.vi


class KeptBasis(_Kept):
    """Why something was asked."""

    kind: str = ""
    document: str = ""
    article: str = ""
    address: str = ""


class KeptRemedy(_Kept):
    """What would have mended a gap. price_vnd: of one piece, in dong."""

    name: KeptText = KeptText()
    price_vnd: int = 0
    price_date: dt.date | None = None
    source: str = ""


class KeptMeasure(_Kept):
    """How it was measured. posts: which posts devices were counted for, "" in other measures."""

    measure: str = ""
    posts: str = ""


class KeptRequirement(_Kept):
    """One requirement as it was asked. at_most: None where more is better."""

    id: str
    title: KeptText = KeptText()
    measure: KeptMeasure = KeptMeasure()
    basis: KeptBasis = KeptBasis()
    at_most: float | None = None
    remedy: KeptRemedy | None = None


class KeptPillar(_Kept):
    """A group of requirements."""

    id: str
    title: KeptText = KeptText()


class _Content(_Kept):
    title: KeptText = KeptText()
    pillars: tuple[KeptPillar, ...] = ()
    requirements: tuple[KeptRequirement, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptProfile:
    """A profile as results were judged by it.

    digest: SHA-256 of the content. exact: whether the content is what the result names by its
    digest; False where the result names only a version and the content is the first that was kept
    of it, or none was kept (then there are no titles, and ids stand for them).
    """

    id: str
    version: str
    digest: str
    exact: bool
    title: KeptText
    pillars: tuple[KeptPillar, ...]
    requirements: tuple[KeptRequirement, ...]

    def requirement(self, id: str) -> KeptRequirement:
        """A requirement by its id; one without a title where the content has none."""
        found = next((r for r in self.requirements if r.id == id), None)
        return found or KeptRequirement(id=id, title=KeptText(en=id))

    def pillar(self, id: str) -> KeptPillar:
        """A pillar by its id; one without a title where the content has none."""
        found = next((p for p in self.pillars if p.id == id), None)
        return found or KeptPillar(id=id, title=KeptText(en=id))


def kept_profile(id: str, version: str, digest: str, body: str | None, exact: bool) -> KeptProfile:
    """A profile from its kept content as JSON. Raises ValueError where that is no profile's."""
    content = _Content.model_validate_json(body) if body is not None else _Content()
    title = content.title if content.title.en or content.title.vi else KeptText(en=id)
    return KeptProfile(id, version, digest, exact, title, content.pillars, content.requirements)
