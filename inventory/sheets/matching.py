"""Which asset of the register each row of a sheet is about, and tags for new ones without any."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from inventory.register.entry import Entry
from inventory.register.index import key_of, serial_key
from inventory.sheets.rows import RowRead
from inventory.sheets.tags import Tags


class Matching:
    """entries: everything that stands in the register. defaults: what a new asset has where its row
    says nothing."""

    def __init__(self, entries: Iterable[Entry], defaults: Mapping[str, str]) -> None:
        self._defaults = defaults
        self._by_tag: dict[str, Entry] = {}
        self._by_id: dict[int, Entry] = {}
        self._by_serial: dict[str, list[Entry]] = {}
        for entry in entries:
            self._by_tag[entry.asset.tag] = entry
            if entry.id:
                self._by_id[entry.id] = entry
            if key := serial_key(entry.asset.serial):
                self._by_serial.setdefault(key, []).append(entry)
        self._tags = Tags(self._by_tag)

    def match(self, reads: Sequence[RowRead]) -> None:
        """Note with each row what it is about, and that an earlier one is about the same."""
        about: dict[int, int] = {}
        tags: dict[str, int] = {}
        for read in reads:
            if read.note:
                continue
            read.entry = self._entry(read)
            tag = read.values.get("tag")
            if read.entry is not None:
                first = about.setdefault(id(read.entry), read.row.number)
                if first != read.row.number:
                    read.wrong(
                        "tag",
                        "row {row} is about {tag}, too; keep one of the two",
                        row=str(first),
                        tag=read.entry.asset.tag,
                    )
            if tag is not None:
                first = tags.setdefault(tag, read.row.number)
                if first != read.row.number and "tag" not in read.faulty:
                    read.wrong(
                        "tag",
                        "row {row} has the tag {tag}, too; give one of the two another",
                        row=str(first),
                        tag=tag,
                    )
        self._tags.taken(tags)
        for read in reads:
            if not read.note and read.entry is None and read.values.get("tag") is None:
                self._give(read)

    def _give(self, read: RowRead) -> None:
        asset_class = read.values.get("class", self._defaults.get("class", ""))
        commune = read.values.get("commune", self._defaults.get("commune", ""))
        if asset_class and commune and "tag" not in read.faulty:
            read.values["tag"] = self._tags.next(str(commune), str(asset_class))
            read.given = True

    def _entry(self, read: RowRead) -> Entry | None:
        tag = read.values.get("tag")
        by_tag = self._by_tag.get(tag) if tag is not None else None
        if read.id is not None:
            entry = self._by_id.get(read.id)
            if entry is None:
                read.wrong(
                    "id",
                    "there is no asset {number}; leave the cell empty for a new one",
                    number=str(read.id),
                )
                return by_tag
            if by_tag is not None and by_tag is not entry:
                read.wrong(
                    "tag",
                    "{tag} is another asset than number {number}; correct one of the two",
                    tag=str(tag),
                    number=str(read.id),
                )
            return entry
        if tag is not None:
            return by_tag
        return self._by_number(read)

    def _by_number(self, read: RowRead) -> Entry | None:
        key = serial_key(str(read.values.get("serial", "")))
        found = self._by_serial.get(key, []) if key else []
        maker = key_of("vendor", str(read.values.get("vendor", "")))
        if maker:
            found = [e for e in found if key_of("vendor", e.asset.vendor) in (maker, "")]
        if len(found) > 1:
            read.wrong(
                "serial",
                "several assets have this serial number: {tags}; write the tag of the one",
                tags=", ".join(e.asset.tag for e in found[:5]),
            )
        return found[0] if len(found) == 1 else None
