"""What an asset is: merged, replaced, split, and each of it taken back; and its attachments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from config.assets import AssetStatus
from dashboards.web.answers import Answer, speech_of
from dashboards.web.forms import Posted, one, see_other
from dashboards.web.identity_page import identity_page
from dashboards.web.problem_words import by_field
from dashboards.web.routes.reading import READ
from dashboards.web.site import Site
from dashboards.web.stored import download, picked
from dashboards.web.visitor import Right, actor_of, require, visitor_of
from dashboards.web.words import N_
from inventory.attachment import Attachment, AttachmentKind
from inventory.attachments import Attachments
from inventory.identity_work import Identity, Part
from inventory.register.entry import Entry
from inventory.register.problems import FieldProblem, NotFound, Refused
from inventory.register.stale import Stale
from inventory.scanned import BYTES_MAX
from inventory.store.files import FileStore

DONE = {
    "merged": N_("The two entries are one now."),
    "replaced": N_("The new one has taken the place of the old one."),
    "split": N_("Its parts are assets of their own now."),
    "undone": N_("Taken back: everything is as it was."),
    "attached": N_("Attached."),
    "removed": N_("Removed."),
    "restored": N_("Restored."),
}

TEXTS = (
    N_("{tag} is the same entry"),
    N_("{keep} and {gone} have different serial numbers: they are two devices, not one"),
    N_("is the serial number of the old one; a new box has its own"),
    N_("name at least one part"),
    N_("this has been undone already"),
    N_("choose a file"),
    N_("must have at most {most} MB"),
    N_("must be a JPEG, PNG or WebP picture"),
    N_("must be a JPEG, PNG or WebP picture or a PDF"),
    N_("is called .{ending} and is something else ({type}); give it its right name"),
    N_("is a picture and another kind of file at once"),
    N_("is a PDF without its end; it was cut off"),
    N_("is a PDF and another kind of file at once"),
    N_("is a PDF that runs a program when it is opened; print it to a new PDF"),
    N_("must have at most {most} million pixels"),
    N_("is a picture that cannot be read; it is damaged"),
    N_("is attached already"),
    N_("an asset has at most {most} attachments"),
)
"""English texts of `identity_work`, `scanned` and `attachments`, so that they have translations."""

PARTS = 8
"""Parts that one form takes; a larger stack is split in two goes."""

_NEW = ("tag", "name", "vendor", "model", "serial", "price_vnd", "in_use_since")
_OLD = (AssetStatus.RETIRED, AssetStatus.IN_REPAIR, AssetStatus.IN_STOCK, AssetStatus.LOST)


def routes(site: Site, answer: Answer) -> APIRouter:
    """See the module."""
    router = APIRouter()

    def files() -> FileStore:
        return FileStore(site.database)

    def identity() -> Identity:
        return Identity(site.register, site.desk, site.clock)

    def attachments() -> Attachments:
        return Attachments(site.register, site.desk, files(), site.clock)

    def entry_of(request: Request, tag: str, right: Right) -> Entry:
        require(request, right)
        entry = site.register.get(tag)
        if entry is None:
            raise HTTPException(404)
        require(request, right, entry.asset.commune)
        return entry

    def page(
        request: Request,
        entry: Entry,
        template: str,
        status: int = 200,
        problems: Sequence[FieldProblem] = (),
        typed: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> HTMLResponse:
        visitor = require(request, Right.READ, entry.asset.commune)
        done = DONE.get(request.query_params.get("done", ""), "")
        in_file = entry.origin == "file"
        may = visitor.may(Right.REGISTER, entry.asset.commune) and not in_file
        return answer(
            request,
            template,
            status,
            entry=entry.asset,
            in_file=in_file,
            done=done if request.method in READ else "",
            errors=by_field(problems, speech_of(request, site)),
            typed=typed or {},
            **{"may": may, **values},
        )

    def identity_answer(
        request: Request,
        entry: Entry,
        status: int = 200,
        problems: Sequence[FieldProblem] = (),
        typed: Mapping[str, Any] | None = None,
    ) -> HTMLResponse:
        return page(
            request,
            entry,
            "asset_identity.html",
            status,
            problems,
            typed,
            page=identity_page(site, identity(), entry),
            left_as=[status.value for status in _OLD],
            parts=range(1, PARTS + 1),
        )

    @router.api_route("/assets/{tag}/identity", methods=READ)
    def shown(request: Request, tag: str) -> HTMLResponse:
        return identity_answer(request, entry_of(request, tag, Right.READ))

    @router.post("/assets/{tag}/merge")
    def merge(request: Request, tag: str, posted: Posted) -> Response:
        entry, gone = entry_of(request, tag, Right.REGISTER), one(posted, "gone")
        typed = {"gone": gone, "reason": one(posted, "reason")}
        try:
            other = site.register.get(gone)
            if other is None:
                raise Refused([FieldProblem("gone", "there is no asset {tag}", {"tag": gone})])
            require(request, Right.REGISTER, other.asset.commune)
            identity().merge(tag, gone, actor_of(request), reason=typed["reason"])
        except (Refused, Stale, NotFound) as error:
            return identity_answer(request, entry, 422, _problems(error), typed)
        return see_other(f"/assets/{tag}/identity?done=merged")

    @router.post("/assets/{tag}/replace")
    def replace(request: Request, tag: str, posted: Posted) -> Response:
        entry = entry_of(request, tag, Right.REGISTER)
        typed = {f"new_{key}": one(posted, f"new_{key}") for key in _NEW}
        typed |= {"status": one(posted, "status"), "why": one(posted, "why")}
        wanted = {key: typed[f"new_{key}"] for key in _NEW if typed[f"new_{key}"]}
        status = typed["status"] if typed["status"] in list(_OLD) else AssetStatus.RETIRED
        try:
            identity().replace(
                tag,
                wanted,
                actor_of(request),
                status=AssetStatus(status),
                reason=typed["why"],
            )
        except (Refused, Stale, NotFound) as error:
            problems = [
                FieldProblem(f"new_{p.field}" if p.field in _NEW else p.field, p.text, p.values)
                for p in _problems(error)
            ]
            return identity_answer(request, entry, 422, problems, typed)
        return see_other(f"/assets/{wanted['tag']}/identity?done=replaced")

    @router.post("/assets/{tag}/split")
    def split(request: Request, tag: str, posted: Posted) -> Response:
        entry = entry_of(request, tag, Right.REGISTER)
        typed = {
            f"{key}_{n}": one(posted, f"{key}_{n}")
            for n in range(1, PARTS + 1)
            for key in ("tag", "name", "serial")
        }
        parts = [
            Part(typed[f"tag_{n}"], typed[f"name_{n}"], typed[f"serial_{n}"])
            for n in range(1, PARTS + 1)
            if typed[f"tag_{n}"]
        ]
        try:
            identity().split(tag, parts, actor_of(request), reason=one(posted, "reason"))
        except (Refused, Stale, NotFound) as error:
            return identity_answer(request, entry, 422, _problems(error), typed)
        return see_other(f"/assets/{tag}/identity?done=split")

    @router.post("/assets/{tag}/decisions/{id:int}/undo")
    def undo(request: Request, tag: str, id: int) -> Response:
        entry = entry_of(request, tag, Right.REGISTER)
        decision = identity().decision(id)
        if decision is None or entry.id not in (decision.entry, *decision.others):
            raise HTTPException(404)
        for other in (decision.entry, *decision.others):
            if (theirs := site.register.by_id(other)) is not None:
                require(request, Right.REGISTER, theirs.asset.commune)
        try:
            identity().undo(id, actor_of(request))
        except (Refused, Stale, NotFound) as error:
            return identity_answer(request, entry, 422, _problems(error))
        now = site.register.by_id(decision.entry)
        there = now.asset.tag if now is not None else tag
        return see_other(f"/assets/{there}/identity?done=undone")

    def files_answer(
        request: Request,
        entry: Entry,
        status: int = 200,
        problems: Sequence[FieldProblem] = (),
        kind: AttachmentKind = AttachmentKind.PHOTO,
        refused: str = "",
    ) -> HTMLResponse:
        merged = identity().merged(entry.id)
        found = attachments().of([entry.id, *(other.id for other in merged)])
        return page(
            request,
            entry,
            "asset_files.html",
            status,
            problems,
            most_bytes=BYTES_MAX,
            may=visitor_of(request).may(Right.REGISTER, entry.asset.commune),
            own=entry.id,
            standing=[a for a in found if a.removed_at_s is None],
            removed=[a for a in found if a.removed_at_s is not None and a.entry == entry.id],
            kinds=[kind.value for kind in AttachmentKind],
            chosen=kind.value,
            refused=refused,
        )

    def attached(request: Request, tag: str, id_: int, right: Right) -> tuple[Entry, Attachment]:
        entry = entry_of(request, tag, right)
        found = attachments().get(id_)
        own = [entry.id]
        if right is Right.READ:
            own += [other.id for other in identity().merged(entry.id)]
        if found is None or found.entry not in own:
            raise HTTPException(404)
        return entry, found

    @router.api_route("/assets/{tag}/files", methods=READ)
    def listed(request: Request, tag: str) -> HTMLResponse:
        return files_answer(request, entry_of(request, tag, Right.READ))

    @router.post("/assets/{tag}/files")
    def attach(
        request: Request,
        tag: str,
        file: Annotated[UploadFile | None, File()] = None,
        kind: Annotated[str, Form()] = "",
    ) -> Response:
        entry = entry_of(request, tag, Right.REGISTER)
        chosen = AttachmentKind(kind) if kind in list(AttachmentKind) else AttachmentKind.OTHER
        data, name = picked(file)
        try:
            attachments().add(entry, chosen, data, name, actor_of(request))
        except Refused as refused:
            return files_answer(request, entry, 422, refused.problems, chosen, name)
        return see_other(f"/assets/{tag}/files?done=attached")

    @router.api_route("/assets/{tag}/files/{id:int}", methods=READ)
    def stored(request: Request, tag: str, id: int) -> Response:
        _, found = attached(request, tag, id, Right.READ)
        data = files().get(found.digest) if found.removed_at_s is None else None
        if data is None:
            raise HTTPException(404)
        return download(data, found.media_type, found.name)

    @router.post("/assets/{tag}/files/{id:int}/{what}")
    def change(request: Request, tag: str, id: int, what: str) -> Response:
        _, found = attached(request, tag, id, Right.REGISTER)
        try:
            if what == "remove":
                attachments().remove(found.id, tag, actor_of(request))
                return see_other(f"/assets/{tag}/files?done=removed")
            if what == "restore":
                attachments().restore(found.id, tag, actor_of(request))
                return see_other(f"/assets/{tag}/files?done=restored")
        except NotFound:
            pass
        raise HTTPException(404)

    return router


def _problems(error: Refused | Stale | NotFound) -> Sequence[FieldProblem]:
    if isinstance(error, Refused):
        return error.problems
    return [FieldProblem("", "somebody has changed it since; look at it again")]
