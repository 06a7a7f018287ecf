"""Photos and documents in backups: the same bytes come back, and what is lost is said."""

import os
import shutil

import pytest

from config.assets import AssetClass
from inventory.attachment import AttachmentKind
from inventory.attachments import Attachments
from inventory.catalogue import Catalogue
from inventory.device_model import Model
from inventory.store.backup import make_backup, restore
from inventory.store.files import FileStore, LostFile

AT_S = 1_795_000_000.0
PDF = b"%%PDF-1.7\n1 0 obj\n<< /N %d >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%%%EOF\n"


class Office:
    """A register with one asset, and its backups."""

    def __init__(self, registry):
        self.registry, self.database = registry, registry.database
        self.backups = self.database.with_name("b")
        self.living, self.kept = FileStore(self.database), FileStore(self.backups / "hatang-1.db")
        registry.fill([{"tag": "A", "name": "A", "class": "ups", "commune": "22849"}], {})

    def attach(self, number, who):
        register, desk = self.registry.register, self.registry.desk
        attachments = Attachments(register, desk, self.living, self.registry.clock)
        kind = AttachmentKind.INVOICE
        entry = register.get("A")
        return attachments.add(entry, kind, PDF % number, f"{number}.pdf", who).digest

    def back_up(self, number=0, keep=9):
        return make_backup(self.database, self.backups, AT_S + number, keep)


@pytest.fixture
def office(registry):
    return Office(registry)


def test_what_was_backed_up_comes_back_byte_for_byte(office, registry, who, tmp_path):
    digests = [office.attach(number, who) for number in range(3)]
    picture = office.living.put(b"a picture")
    catalogue = Catalogue(registry.register, registry.desk, registry.clock)
    model = Model(AssetClass.UPS, "APC", "SMT1500")
    catalogue.set_picture(catalogue.save(model, who), picture, who)
    office.living.put(b"stored, and then refused")
    made = office.back_up()
    assert made.lost == []
    assert {p.name for p in office.kept.folder.iterdir()} == {*digests, picture}
    target = tmp_path / "elsewhere" / "hatang.db"
    assert restore(made.path, target).lost == []
    found = FileStore(target)
    assert [found.get(d) for d in digests] == [PDF % n for n in range(3)]
    assert found.get(picture) == b"a picture"


def test_a_file_is_copied_once_and_again_when_its_copy_is_damaged(office, who):
    digest = office.attach(1, who)
    office.back_up()
    copy = office.kept.folder / digest
    inode = copy.stat().st_ino
    office.back_up(1)
    assert copy.stat().st_ino == inode
    copy.write_bytes(b"rotten")
    assert office.back_up(2).lost == []
    assert copy.read_bytes() == PDF % 1
    assert not copy.samefile(office.living.folder / digest)


def test_a_file_goes_with_the_last_backup_that_names_it(office, who):
    digest = office.attach(1, who)
    office.back_up()
    other = office.kept.put(b"named by none")
    office.kept.put(b"named by none, but new")
    for name in (digest, other):
        os.utime(office.kept.folder / name, (0, 0))
    office.registry.desk.write("forget", lambda c: c.execute("DELETE FROM attachments"))
    new = office.attach(2, who)
    office.back_up(1)
    assert other not in os.listdir(office.kept.folder)
    assert office.kept.get(digest) == PDF % 1
    office.back_up(2, keep=2)
    assert office.kept.get(digest) is None
    assert office.kept.get(new) == PDF % 2
    assert len(os.listdir(office.kept.folder)) == 2


def test_nothing_goes_while_a_backup_cannot_be_read(office, who):
    digest = office.attach(1, who)
    os.utime(office.living.folder / digest, (0, 0))
    office.kept.put(PDF % 7)
    for path in office.kept.folder.iterdir():
        os.utime(path, (0, 0))
    (office.backups / "hatang-20200101T000000Z.db").write_bytes(b"rotten" * 1000)
    office.back_up()
    assert len(os.listdir(office.kept.folder)) == 2


def test_backups_in_the_folder_of_the_database_leave_the_living_files_alone(office, who):
    digest = office.attach(1, who)
    stray = office.living.put(b"attached in a moment")
    for name in (digest, stray):
        os.utime(office.living.folder / name, (0, 0))
    made = make_backup(office.database, office.database.parent, AT_S, 1)
    assert made.lost == []
    assert set(os.listdir(office.living.folder)) == {digest, stray}


@pytest.mark.parametrize("damage", [None, b"other bytes", b""])
def test_a_file_that_is_missing_or_changed_is_told(office, who, damage, tmp_path):
    lost, whole = office.attach(1, who), office.attach(2, who)

    def spoil(files):
        (files.folder / lost).unlink()
        if damage is not None:
            (files.folder / lost).write_bytes(damage)

    good = office.back_up()
    target = tmp_path / "elsewhere" / "hatang.db"
    spoil(office.kept)
    told = [LostFile(lost, "A: 1.pdf")]
    assert restore(good.path, target).lost == told
    assert FileStore(target).get(whole) == PDF % 2
    # Where the register still has it, a restore loses nothing.
    shutil.copy(office.living.folder / lost, FileStore(target).folder / lost)
    assert restore(good.path, target).lost == []
    spoil(office.living)
    assert office.back_up(1).lost == told
    # A copy that is whole brings a damaged file back.
    FileStore(good.path).put(PDF % 1)
    os.remove(target)
    assert restore(good.path, target).lost == []
    assert FileStore(target).get(lost) == PDF % 1
