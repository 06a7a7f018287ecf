"""The schema, one function a step. A step that has been released is never changed."""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.db import Table
from sqlite_utils.migrations import Migrations

from inventory.store.rows import rollup_checksum

migrations = Migrations("hatang")


def _table(db: Database, name: str) -> Table:
    table = db[name]
    assert isinstance(table, Table)
    return table


@migrations()
def m001_register_and_history(db: Database) -> None:
    """Units, assets, endpoints, facts, interfaces, time lines, rollups, readiness."""
    _table(db, "meta").create({"key": str, "value": str}, pk="key")
    _table(db, "units").create(
        {
            "code": str,
            "valid_from": str,
            "level": str,
            "name": str,
            "parent": str,
            "valid_to": str,
            "successors": str,
            "latitude": float,
            "longitude": float,
            "area_km2": float,
        },
        pk=("code", "valid_from"),
        not_null={"level", "name", "parent"},
    )
    _table(db, "assets").create(
        {
            "id": int,
            "tag": str,
            "commune": str,
            "registered": str,
            "registered_at_s": float,
            "gone_at_s": float,
            "booted_at_s": float,
            "reboots": int,
        },
        pk="id",
        not_null={"tag", "commune", "registered", "registered_at_s"},
    )
    _table(db, "assets").create_index(["tag"], unique=True)
    _table(db, "assets").create_index(["commune"])
    _table(db, "register_history").create(
        {"asset_id": int, "at_s": float, "registered": str},
        pk=("asset_id", "at_s"),
        foreign_keys=[("asset_id", "assets", "id")],
    )
    _table(db, "endpoints").create(
        {
            "id": str,
            "asset_id": int,
            "kind": str,
            "epoch": str,
            "last_seq": int,
            "outcome": str,
            "reason": str,
            "message": str,
            "last_look_at_s": float,
            "last_answer_at_s": float,
        },
        pk="id",
        foreign_keys=[("asset_id", "assets", "id")],
    )
    _table(db, "facts").create(
        {"asset_id": int, "name": str, "source": str, "value": str, "at_s": float},
        pk=("asset_id", "name", "source"),
        foreign_keys=[("asset_id", "assets", "id")],
    )
    _table(db, "interfaces").create(
        {
            "asset_id": int,
            "if_index": int,
            "name": str,
            "alias": str,
            "mac": str,
            "speed_bps": int,
            "admin_up": int,
            "oper_up": int,
            "seen_at_s": float,
        },
        pk=("asset_id", "if_index"),
        foreign_keys=[("asset_id", "assets", "id")],
    )
    _table(db, "reachability").create(
        {"asset_id": int, "start_s": float, "end_s": float, "state": str, "behind": str},
        pk=("asset_id", "start_s"),
        not_null={"state"},
        foreign_keys=[("asset_id", "assets", "id")],
    )
    _table(db, "heartbeat").create({"id": int, "at_s": float}, pk="id")
    _table(db, "rollups").create(
        {
            "asset_id": int,
            "metric": str,
            "hour_s": float,
            "count": int,
            "total": float,
            "peak": float,
            "histogram": str,
        },
        pk=("asset_id", "metric", "hour_s"),
        foreign_keys=[("asset_id", "assets", "id")],
    )
    _table(db, "evaluations").create(
        {
            "commune": str,
            "at_s": float,
            "profile": str,
            "profile_version": str,
            "ratio": float,
            "confidence": float,
            "body": str,
            "checksum": int,
        },
        pk=("commune", "at_s"),
    )
    _table(db, "inbox").create(
        {"key": str, "kind": str, "asset_id": int, "at_s": float, "message": str}, pk="key"
    )
    _table(db, "clock_steps").create({"at_s": float, "by_s": float})


@migrations()
def m002_things_seen(db: Database) -> None:
    """What was seen and is not registered, sweeps, and tries of credentials."""
    _table(db, "things").create(
        {
            "id": int,
            "how": str,
            "addresses": str,
            "first_seen_s": float,
            "last_seen_s": float,
            "mac": str,
            "claims": str,
            "facts": str,
            "count": int,
            "credential": str,
            "asset_class": str,
            "commune": str,
            "note": str,
            "match_tag": str,
            "match_by": str,
            "match_against": str,
            "match_sure": int,
            "state": str,
            "reason": str,
            "decided_at_s": float,
        },
        pk="id",
        not_null={"how", "addresses", "claims", "facts", "state"},
    )
    _table(db, "scans").create(
        {
            "target": str,
            "started_s": float,
            "digest": str,
            "updated_s": float,
            "state": str,
            "position": int,
            "total": int,
            "found": int,
            "by": str,
            "duration_s": float,
        },
        pk=("target", "started_s"),
    )
    _table(db, "tries").create(
        {"address": str, "credential": str, "day": str, "refused": int, "silent": int},
        pk=("address", "credential", "day"),
    )


@migrations()
def m003_traps(db: Database) -> None:
    """SNMP traps, in the order in which they came."""
    _table(db, "traps").create(
        {
            "id": int,
            "asset_id": int,
            "at_s": float,
            "kind": str,
            "oid": str,
            "version": str,
            "sender": str,
            "uptime_s": float,
            "bindings": str,
        },
        pk="id",
        not_null={"asset_id", "at_s", "kind", "oid"},
        foreign_keys=[("asset_id", "assets", "id")],
    )
    _table(db, "traps").create_index(["asset_id", "at_s"])
    _table(db, "traps").create_index(["at_s"])


@migrations()
def m004_equipment(db: Database) -> None:
    """Sensors, consumables, neighbours, parts ... of an asset as last read, a row for each kind."""
    _table(db, "equipment").create(
        {"asset_id": int, "kind": str, "body": str, "at_s": float},
        pk=("asset_id", "kind"),
        not_null={"body", "at_s"},
        foreign_keys=[("asset_id", "assets", "id")],
    )


@migrations()
def m005_checksums_of_hourly_figures(db: Database) -> None:
    """A checksum beside each hourly figure; what is there is taken for sound."""
    db.conn.create_function("rollup_checksum", 7, lambda *row: rollup_checksum(row))
    db.execute("ALTER TABLE rollups ADD COLUMN checksum INTEGER")
    db.execute(
        "UPDATE rollups SET checksum = "
        "rollup_checksum(asset_id, metric, hour_s, count, total, peak, histogram)"
    )


@migrations()
def m006_register(db: Database) -> None:
    """What people register, what it is found by, the log of changes, and moves."""
    _table(db, "register").create(
        {
            "id": int,
            "tag": str,
            "origin": str,
            "body": str,
            "version": int,
            "created_at_s": float,
            "changed_at_s": float,
            "removed_at_s": float,
        },
        pk="id",
        not_null={"tag", "origin", "body", "version", "created_at_s", "changed_at_s"},
    )
    db.execute(
        "CREATE UNIQUE INDEX register_tag ON register (tag, origin) WHERE removed_at_s IS NULL"
    )
    # What rules ask for and what a search is made from; stamp: rises with every write.
    _table(db, "register_index").create(
        {
            "id": int,
            "tag": str,
            "removed": int,
            "hidden": int,
            "stamp": int,
            "commune": str,
            "class": str,
            "status": str,
            "origin": str,
            "edge": int,
            "host": int,
            "looked_at": int,
            "upstream": str,
            "parent": str,
            "serial": str,
            "maker": str,
            "text": str,
        },
        pk="id",
        not_null={"tag", "removed", "hidden", "stamp", "commune", "text"},
        foreign_keys=[("id", "register", "id")],
    )
    for name in ("tag", "commune", "serial", "stamp"):
        db.execute(f"CREATE INDEX register_index_{name} ON register_index ({name})")
    for name in ("upstream", "parent"):
        db.execute(
            f"CREATE INDEX register_index_{name} ON register_index ({name}) "
            f"WHERE {name} IS NOT NULL"
        )
    db.execute("CREATE INDEX register_index_edge ON register_index (commune) WHERE edge")
    db.execute("CREATE INDEX register_index_host ON register_index (id) WHERE host")
    _table(db, "changes").create(
        {
            "id": int,
            "at_s": float,
            "actor": str,
            "via": str,
            "address": str,
            "action": str,
            "kind": str,
            "subject": str,
            "entry": int,
            "title": str,
            "before": str,
            "after": str,
            "batch": str,
            "reason": str,
        },
        pk="id",
        not_null={"at_s", "actor", "via", "action", "kind", "subject", "batch"},
    )
    _table(db, "changes").create_index(["subject"])
    _table(db, "changes").create_index(["entry"])
    _table(db, "changes").create_index(["batch"])
    for verb in ("UPDATE", "DELETE"):
        db.execute(
            f"CREATE TRIGGER changes_no_{verb.lower()} BEFORE {verb} ON changes BEGIN "
            "SELECT RAISE(ABORT, 'the log of changes is only added to'); END"
        )
    _table(db, "moves").create(
        {
            "id": int,
            "entry": int,
            "change": int,
            "at_s": float,
            "kind": str,
            "day": str,
            "document": str,
            "from_commune": str,
            "to_commune": str,
            "from_person": str,
            "to_person": str,
            "note": str,
            "undone": int,
        },
        pk="id",
        not_null={"entry", "change", "kind", "day"},
        foreign_keys=[("entry", "register", "id"), ("change", "changes", "id")],
    )
    _table(db, "moves").create_index(["entry"])


@migrations()
def m007_people(db: Database) -> None:
    """Who may use Hatang, their sessions, one-time links and tokens; secrets only as digests."""
    _table(db, "users").create(
        {
            "id": int,
            "name": str,
            "full_name": str,
            "role": str,
            "communes": str,
            "language": str,
            "password": str,
            "password_at_s": float,
            "created_at_s": float,
            "disabled_at_s": float,
            "used_at_s": float,
        },
        pk="id",
        not_null={"name", "full_name", "role", "language", "password", "created_at_s"},
    )
    _table(db, "users").create_index(["name"], unique=True)
    _table(db, "sessions").create(
        {
            "id": int,
            "digest": str,
            "user": int,
            "created_at_s": float,
            "used_at_s": float,
            "address": str,
            "browser": str,
        },
        pk="id",
        not_null={"digest", "user", "created_at_s", "used_at_s"},
        foreign_keys=[("user", "users", "id")],
    )
    _table(db, "sessions").create_index(["digest"], unique=True)
    _table(db, "links").create(
        {"digest": str, "user": int, "ends_at_s": float},
        pk="digest",
        not_null={"user", "ends_at_s"},
        foreign_keys=[("user", "users", "id")],
    )
    _table(db, "tokens").create(
        {
            "id": int,
            "digest": str,
            "user": int,
            "name": str,
            "rights": str,
            "communes": str,
            "created_at_s": float,
            "ends_at_s": float,
            "used_at_s": float,
        },
        pk="id",
        not_null={"digest", "user", "name", "rights", "created_at_s", "ends_at_s"},
        foreign_keys=[("user", "users", "id")],
    )
    _table(db, "tokens").create_index(["digest"], unique=True)


@migrations()
def m008_stock_takes(db: Database) -> None:
    """Stock-takes: the frozen book, counts as they came, proposals."""
    _table(db, "stock_takes").create(
        {
            "id": int,
            "commune": str,
            "site": str,
            "day": str,
            "title": str,
            "reason": str,
            "members": str,
            "unit": str,
            "opened_at_s": float,
            "opened_by": str,
            "closed_at_s": float,
            "closed_by": str,
            "book_size": int,
            "minutes": str,
        },
        pk="id",
        not_null={"commune", "site", "day", "title", "members", "opened_at_s", "opened_by"},
    )
    _table(db, "stock_take_book").create(
        {"take_id": int, "tag": str, "position": int, "asset": str},
        pk=("take_id", "tag"),
        not_null={"position", "asset"},
        foreign_keys=[("take_id", "stock_takes", "id")],
    )
    _table(db, "stock_take_counts").create(
        {
            "seq": int,
            "take_id": int,
            "id": str,
            "label": str,
            "how": str,
            "by": str,
            "counted_at_s": float,
            "received_at_s": float,
            "site": str,
            "room": str,
            "note": str,
            "withdrawn_at_s": float,
            "withdrawn_by": str,
        },
        pk="seq",
        not_null={"take_id", "id", "label", "how", "by", "counted_at_s", "received_at_s"},
        foreign_keys=[("take_id", "stock_takes", "id")],
    )
    # A count that is sent again is the same count.
    _table(db, "stock_take_counts").create_index(["take_id", "id"], unique=True)
    _table(db, "stock_take_counts").create_index(["label"])
    _table(db, "stock_take_proposals").create(
        {
            "take_id": int,
            "tag": str,
            "body": str,
            "state": str,
            "batch": str,
            "decided_at_s": float,
            "decided_by": str,
        },
        pk=("take_id", "tag"),
        not_null={"body", "state"},
        foreign_keys=[("take_id", "stock_takes", "id")],
    )


@migrations()
def m009_places_and_identity(db: Database) -> None:
    """Places and people, makes and models, attachments, custom fields, decisions of identity."""
    _table(db, "places").create(
        {
            "id": int,
            "kind": str,
            "commune": str,
            "site": str,
            "name": str,
            "note": str,
            "made_in": str,
            "removed_in": str,
        },
        pk="id",
        not_null={"kind", "commune", "site", "name", "note", "made_in"},
    )
    db.execute(
        "CREATE UNIQUE INDEX places_name ON places (kind, commune, site, name) "
        "WHERE removed_in IS NULL"
    )
    _table(db, "models").create(
        {
            "id": int,
            "class": str,
            "vendor": str,
            "model": str,
            "life_years": int,
            "price_vnd": int,
            "price_day": str,
            "picture": str,
            "note": str,
            "version": int,
            "removed_at_s": float,
        },
        pk="id",
        not_null={"class", "vendor", "model", "note", "version"},
    )
    db.execute(
        "CREATE UNIQUE INDEX models_name ON models (vendor, model) WHERE removed_at_s IS NULL"
    )
    _table(db, "attachments").create(
        {
            "id": int,
            "entry": int,
            "kind": str,
            "sha256": str,
            "media_type": str,
            "name": str,
            "bytes": int,
            "added_at_s": float,
            "actor": str,
            "removed_at_s": float,
        },
        pk="id",
        not_null={"entry", "kind", "sha256", "media_type", "name", "bytes", "added_at_s"},
        foreign_keys=[("entry", "register", "id")],
    )
    _table(db, "attachments").create_index(["entry"])
    _table(db, "custom_fields").create(
        {
            "id": int,
            "name": str,
            "kind": str,
            "classes": str,
            "choices": str,
            "removed_at_s": float,
        },
        pk="id",
        not_null={"name", "kind", "classes", "choices"},
    )
    db.execute(
        "CREATE UNIQUE INDEX custom_fields_name ON custom_fields (name) WHERE removed_at_s IS NULL"
    )
    _table(db, "decisions").create(
        {
            "id": int,
            "at_s": float,
            "kind": str,
            "actor": str,
            "batch": str,
            "entry": int,
            "others": str,
            "thing": int,
            "field": str,
            "value": str,
            "why": str,
            "reason": str,
            "undone_at_s": float,
            "undone_in": str,
        },
        pk="id",
        not_null={"at_s", "kind", "actor", "batch", "entry", "others", "why", "reason"},
        foreign_keys=[("entry", "register", "id")],
    )
    _table(db, "decisions").create_index(["entry"])
    _table(db, "decisions").create_index(["batch"])


@migrations()
def m010_answers_of_the_api(db: Database) -> None:
    """What was answered to requests that may come again (Idempotency-Key)."""
    _table(db, "api_answers").create(
        {
            "owner": str,
            "key": str,
            "at_s": float,
            "digest": str,
            "status": int,
            "headers": str,
            "body": bytes,
        },
        pk=("owner", "key"),
        not_null={"at_s", "digest", "headers", "body"},
    )
    _table(db, "api_answers").create_index(["at_s"])


@migrations()
def m011_sheets(db: Database) -> None:
    """Imports of spreadsheets, and what columns of theirs were taken for."""
    _table(db, "imports").create(
        {
            "id": str,
            "at_s": float,
            "actor": str,
            "file": str,
            "state": str,
            "choice": str,
            "counts": str,
            "problem": str,
            "batch": str,
            "undone_in": str,
            "changed_at_s": float,
            "rows": int,
        },
        pk="id",
        not_null={"at_s", "actor", "file", "state", "choice", "counts"},
    )
    _table(db, "imports").create_index(["at_s"])
    _table(db, "sheet_maps").create(
        {"name": str, "signature": str, "choice": str, "at_s": float, "actor": str},
        pk="name",
        not_null={"signature", "choice", "at_s", "actor"},
    )
    _table(db, "sheet_maps").create_index(["signature"])


@migrations()
def m012_declarations(db: Database) -> None:
    """Figures of communes and declared indicators: entries are added or withdrawn, not changed."""
    _table(db, "declarations").create(
        {
            "id": int,
            "commune": str,
            "name": str,
            "value": float,
            "as_of": str,
            "expires": str,
            "document": str,
            "answers": str,
            "entered_by": str,
            "entered_at_s": float,
            "batch": str,
            "withdrawn_at_s": float,
            "withdrawn_by": str,
            "withdrawn_in": str,
        },
        pk="id",
        not_null={
            *("commune", "name", "value", "as_of", "document", "answers"),
            *("entered_by", "entered_at_s", "batch", "withdrawn_by", "withdrawn_in"),
        },
        defaults={"withdrawn_by": "", "withdrawn_in": ""},
    )
    _table(db, "declarations").create_index(["commune", "name"])
    _table(db, "declarations").create_index(["batch"])


@migrations()
def m013_readiness_profiles(db: Database) -> None:
    """The text of every profile that an evaluation was made by, and the groups of that time."""
    _table(db, "readiness_profiles").create(
        {"digest": str, "id": str, "version": str, "body": str, "at_s": float},
        pk="digest",
        not_null={"id", "version", "body", "at_s"},
    )
    _table(db, "readiness_groups").create(
        {"at_s": float, "body": str}, pk="at_s", not_null={"body"}
    )


@migrations()
def m014_scenarios(db: Database) -> None:
    """Answers to what-if questions that somebody kept, each whole and never changed."""
    _table(db, "scenarios").create(
        {
            "id": int,
            "name": str,
            "by": str,
            "at_s": float,
            "digest": str,
            "body": str,
            "removed_at_s": float,
            "removed_by": str,
        },
        pk="id",
        not_null={"name", "by", "at_s", "digest", "body", "removed_by"},
        defaults={"removed_by": ""},
    )


@migrations()
def m015_one_communes_evaluation(db: Database) -> None:
    """What a commune's equipment last answered is found without a walk over all endpoints."""
    _table(db, "endpoints").create_index(["asset_id"])


@migrations()
def m016_profile_choices(db: Database) -> None:
    """Which profile counts from which day on, with its whole content; none is ever changed."""
    _table(db, "profile_choices").create(
        {
            "id": int,
            "name": str,
            "layer": int,
            "since": str,
            "version": str,
            "content": str,
            "by": str,
            "at_s": float,
            "reason": str,
        },
        pk="id",
        not_null={"name", "layer", "since", "version", "content", "by", "at_s", "reason"},
    )
