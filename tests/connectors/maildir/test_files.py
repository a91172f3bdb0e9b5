"""Files that cannot be read, move away, or cannot be written."""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from connectors.port import Query, Refused
from tests.connectors.maildir import ME, everything, new_maildir, new_since
from tests.contract.maildir_world import MaildirWorld
from tests.contract.mails import ago, draft, fresh_id, mail
from tests.contract.world import keys, read_all


def test_a_file_that_cannot_be_read_is_set_aside(world: MaildirWorld) -> None:
    """An empty file and a dangling link are skipped and named; what is not a message file is not looked at."""
    own = fresh_id()
    (world.path / "new" / "1.empty.host").write_bytes(b"")
    (world.path / "new" / ".sync.tmp").write_bytes(b"half")
    (world.path / "new" / "2.dangling.host").symlink_to(world.path / "nowhere")
    (world.path / "new" / "folder").mkdir()
    world.deliver(mail(ME, message_id=own))
    with world.open() as mailbox:
        batches = list(mailbox.changes(None, not_before=ago(days=1)))
    assert [key for batch in batches for key in keys(batch.messages)] == [own]
    assert [each.place for batch in batches for each in batch.set_aside] == ["INBOX: 1.empty.host"]
    assert new_since(world.account, batches[-1].cursor) == []


def test_files_that_move_while_they_are_read(world: MaildirWorld) -> None:
    """Between two batches the user deletes a mail and reads the others: those are given, that one is not."""
    for number in range(60):
        world.deliver(mail(ME, subject=str(number)), arrived=ago(minutes=100 - number))
    with world.open() as mailbox:
        batches = mailbox.changes(None, not_before=ago(days=1))
        first = next(batches)
        assert len(first.messages) == 50
        rest = [path for path in (world.path / "new").iterdir() if int(_subject(path)) >= 50]
        rest[0].unlink()
        for path in rest[1:]:
            path.rename(world.path / "cur" / f"{path.name}:2,S")
        assert sum(len(batch.messages) for batch in batches) == 9


def _subject(path: Path) -> str:
    return path.read_text().partition("Subject: ")[2].partition("\n")[0].strip()


def test_nothing_is_changed_by_reading(world: MaildirWorld) -> None:
    """Not a name, not a time, not an inode: no file is moved from ``new`` to ``cur``."""
    world.deliver(mail(ME))
    world.send(mail("jane@acme.example", sender=ME))
    before = everything(world.path)
    with world.open() as mailbox:
        read_all(mailbox, not_before=ago(days=1))
        list(mailbox.search(Query(since=ago(days=9), correspondents=frozenset({"@acme.example"}))))
    assert everything(world.path) == before
    assert len(before) == 3, "the folder's own mark among them"


@contextmanager
def _full_disk() -> Iterator[None]:
    """No file may grow beyond a few bytes: the write fails half-way, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _without_cur(drafts: Path) -> None:
    (drafts / "cur").rmdir()
    (drafts / "cur").write_text("in the way")


def _without_tmp(drafts: Path) -> None:
    (drafts / "tmp").rmdir()
    (drafts / "tmp").write_text("in the way")


def test_a_full_disk_is_a_sentence_and_leaves_nothing(world: MaildirWorld) -> None:
    """A draft that cannot be written whole is not written at all; the mailbox stays usable, the next try succeeds."""
    letter = draft(ME, parent=fresh_id())
    with world.open() as mailbox:
        with pytest.raises(Refused) as failure, _full_disk():
            mailbox.place_draft(letter)
        assert "make room on the disk" in str(failure.value)
        assert list(everything(world.path)) == [str(world.path / ".Drafts" / "maildirfolder")]
        mailbox.place_draft(letter)
    assert len(world.drafts()) == 1


@pytest.mark.parametrize("breakage", [_without_tmp, _without_cur])
def test_drafts_that_cannot_be_written_is_a_sentence(world: MaildirWorld, breakage: Callable[[Path], None]) -> None:
    """Whatever stands in the way, the user is told, the mailbox can still be read, and no half draft is left."""
    drafts = new_maildir(world.path / ".Drafts")
    breakage(drafts)
    with world.open() as mailbox:
        with pytest.raises(Refused) as failure:
            mailbox.place_draft(draft(ME))
        assert read_all(mailbox, not_before=ago(days=1)) == []
    assert "the draft cannot be written" in str(failure.value)
    assert not [path for path in drafts.rglob("*") if path.is_file() and path.read_text() != "in the way"]


def test_a_draft_the_client_has_marked_as_trashed_is_gone(world: MaildirWorld) -> None:
    """Some clients only set T and clear the file away later: for the user it is thrown away."""
    letter = draft(ME, parent=fresh_id())
    with world.open() as mailbox:
        ref = mailbox.place_draft(letter)
        [path] = (world.path / ".Drafts" / "cur").iterdir()
        path.rename(f"{path}T")
        assert type(mailbox.draft_now(ref)).__name__ == "Gone"
        mailbox.place_draft(letter)
    assert len(world.drafts()) == 1
