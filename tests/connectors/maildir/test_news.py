"""What is new mail, and what only looks so."""

import os
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.account import Folders
from connectors.maildir import open_mailbox
from connectors.port import CursorExpired, Query
from connectors.wake import Bell
from tests.connectors.maildir import ME, last_cursor, new_since, read_young
from tests.contract.maildir_world import MaildirWorld
from tests.contract.mails import ago, fresh_id, mail
from tests.contract.world import keys, read_all


def test_an_old_file_moved_in_is_new(world: MaildirWorld) -> None:
    """A mail moved in from elsewhere keeps its old file time and is given all the same."""
    cursor = last_cursor(world.account)
    own = fresh_id()
    elsewhere = world.path.parent / "saved"
    elsewhere.write_bytes(mail(ME, message_id=own))
    os.utime(elsewhere, (1_000_000_000, 1_000_000_000))
    elsewhere.rename(world.path / "cur" / "1000000000.saved.host:2,S")
    assert new_since(world.account, cursor) == [own]


def test_a_draft_moved_into_a_watched_folder_is_no_message(world: MaildirWorld) -> None:
    """The user put it aside: it was neither received nor sent. What stands beside it is given."""
    cursor = last_cursor(world.account)
    own = fresh_id()
    (world.path / "cur" / "1000000001.draft.host:2,DS").write_bytes(mail("jane@acme.example", sender=ME))
    (world.path / "cur" / "1000000002.mail.host:2,S").write_bytes(mail(ME, message_id=own))
    assert new_since(world.account, cursor) == [own]
    with open_mailbox(world.account) as mailbox:
        query = Query(since=ago(days=20000), correspondents=frozenset({"@acme.example"}))
        assert [found.message_id for found in mailbox.search(query)] == [own]


def test_flags_and_touched_files_are_not_new(world: MaildirWorld) -> None:
    """A synchroniser that renames and stamps every file makes no mail new."""
    world.deliver(mail(ME))
    cursor = last_cursor(world.account)
    for flags in ("", "S", "RS", "RST"):
        [path] = [*(world.path / "new").iterdir(), *(world.path / "cur").iterdir()]
        renamed = world.path / "cur" / f"{path.name.partition(':')[0]}:2,{flags}"
        path.rename(renamed)
        os.utime(renamed)
        assert new_since(world.account, cursor) == []


def test_a_folder_synchronised_anew_is_not_new_mail(world: MaildirWorld) -> None:
    """Files stamped with now are as old as their Received field, or, what the user sent, as its Date."""
    received = "Received: from mx.acme.example by mx.example.org; Mon, 05 Jan 2026 10:00:00 +0000\r\n"
    world.deliver(received.encode() + mail(ME))
    world.send(mail("jane@acme.example", sender=ME, date=ago(days=40)))
    assert read_young(world.account) == []
    with world.open() as mailbox:
        [sent, old] = sorted(read_all(mailbox, not_before=ago(days=9999)), key=lambda each: each.arrived, reverse=True)
    assert old.arrived.isoformat() == "2026-01-05T10:00:00+00:00"
    assert sent.arrived == sent.date


def test_a_received_field_from_the_future_does_not_count(world: MaildirWorld) -> None:
    """The file's own time is the latest a mail can have come."""
    world.deliver(b"Received: by mx; Fri, 01 Jan 2100 10:00:00 +0000\r\n" + mail(ME), arrived=ago(hours=2))
    [message] = read_young(world.account)
    assert abs(message.arrived - ago(hours=2)) < timedelta(seconds=5)


def test_a_copy_with_the_same_names_is_the_same_maildir(world: MaildirWorld) -> None:
    """A tree restored from a backup, names and all, is read on where it was."""
    world.deliver(mail(ME))
    cursor = last_cursor(world.account)
    (world.path / "new").rename(world.path / "old")
    _copied(world.path / "old", world.path / "new")
    (world.path / "cur").rename(world.path / "old-cur")
    (world.path / "cur").mkdir()
    own = fresh_id()
    world.deliver(mail(ME, message_id=own))
    assert new_since(world.account, cursor) == [own]


def _copied(source: Path, target: Path) -> None:
    target.mkdir()
    for path in source.iterdir():
        (target / path.name).write_bytes(path.read_bytes())


def test_an_emptied_inbox_is_the_same_maildir(world: MaildirWorld) -> None:
    """Everything filed away and one new mail there: no cursor is lost over a tidy inbox."""
    for _ in range(30):
        world.deliver(mail(ME))
    cursor = last_cursor(world.account)
    for path in (world.path / "new").iterdir():
        path.unlink()
    own = fresh_id()
    world.deliver(mail(ME, message_id=own))
    assert new_since(world.account, cursor) == [own]


def test_other_names_in_the_same_directory_are_another_maildir(world: MaildirWorld) -> None:
    """A synchroniser that lost its state fills the same directory with the same mail under new names."""
    for _ in range(30):
        world.deliver(mail(ME))
    cursor = last_cursor(world.account)
    for number, path in enumerate(sorted((world.path / "new").iterdir())):
        path.rename(world.path / "new" / f"again.{number}")
    with world.open() as mailbox, pytest.raises(CursorExpired) as failure:
        next(iter(mailbox.changes(cursor, not_before=ago(days=1))))
    assert ME not in str(failure.value)


def test_a_folder_watched_later_starts_from_the_date(world: MaildirWorld) -> None:
    """A folder added to the configuration, or a Sent made by the first mail, brings only what is young."""
    cursor = last_cursor(world.account)
    old, young = fresh_id(), fresh_id()
    world.deliver(mail(ME, message_id=old), folder="Jobs", arrived=ago(days=9))
    world.deliver(mail(ME, message_id=young), folder="Jobs")
    account = replace(world.account, folders=Folders(watch=("INBOX", "Jobs")))
    with open_mailbox(account) as mailbox:
        batches = list(mailbox.changes(cursor, not_before=ago(days=1)))
    assert [key for batch in batches for key in keys(batch.messages)] == [young]
    assert new_since(account, batches[-1].cursor) == []


def test_the_cursor_stays_as_small_as_the_folder(world: MaildirWorld) -> None:
    """Names that are there no more are forgotten; a message costs seven bytes of cursor."""
    for _ in range(200):
        world.deliver(mail(ME))
    full = last_cursor(world.account)
    assert len(full) < 200 * 7 + 200
    for path in sorted((world.path / "new").iterdir())[5:]:
        path.unlink()
    with world.open() as mailbox:
        small = list(mailbox.changes(full, not_before=ago(days=1)))[-1].cursor
    assert len(small) < 5 * 7 + 200
    assert new_since(world.account, small) == []


def test_a_change_within_the_same_tick_of_the_clock_is_seen(world: MaildirWorld) -> None:
    """A mail that leaves the directory's time as it was, right after the reading, ends the wait within seconds."""
    world.deliver(mail(ME))
    new = world.path / "new"
    with world.open() as mailbox:
        stamp = new.stat()
        read_all(mailbox, not_before=ago(days=1))
        world.deliver(mail(ME))
        os.utime(new, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
        start = time.monotonic()
        mailbox.wait(timedelta(seconds=30), Bell())
        assert time.monotonic() - start < 5
