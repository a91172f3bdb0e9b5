"""How trees of Maildirs are laid out."""

from dataclasses import replace
from pathlib import Path

import pytest

from connectors.account import Folders
from connectors.maildir import open_mailbox
from connectors.port import Query, Untouched
from tests.connectors.maildir import ME, account_at, new_maildir, read_young
from tests.contract.maildir_world import MaildirWorld
from tests.contract.mails import ago, draft, mail


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Junk", ".Junk"),
        ("Jobs/Replies", ".Jobs.Replies"),
        ("Jobs.Replies", ".Jobs.Replies"),
        ("Entwürfe & Co", ".Entw&APw-rfe &- Co"),
        ("Entwürfe", ".Entwürfe"),
        ("INBOX/Jobs", ".Jobs"),
    ],
)
def test_folders_of_maildir_plus(tmp_path: Path, name: str, place: str) -> None:
    """A watched folder is found under the name the user sees, as servers and clients write it on disk."""
    new_maildir(tmp_path)
    (new_maildir(tmp_path / place) / "new" / "1.host").write_bytes(mail(ME, subject="here"))
    [message] = read_young(account_at(tmp_path, watch=("INBOX", name)))
    assert message.subject == "here"


def test_plain_folders(tmp_path: Path) -> None:
    """A tree of plain folders, as mbsync makes it: read, searched, and the missing Drafts made beside INBOX."""
    for name in ("INBOX", "Sent", "Jobs/Replies", "Archives/2024"):
        (new_maildir(tmp_path / name) / "cur" / "1.host:2,S").write_bytes(mail(ME, subject=name))
    account = account_at(tmp_path, watch=("INBOX", "Jobs/Replies"))
    assert {(each.subject, each.outgoing) for each in read_young(account)} == {
        ("INBOX", False), ("Sent", True), ("Jobs/Replies", False),
    }  # fmt: skip
    with open_mailbox(account) as mailbox:
        found = mailbox.search(Query(since=ago(days=1), correspondents=frozenset({"@acme.example"})))
        assert {each.subject for each in found} == {"INBOX", "Sent", "Jobs/Replies", "Archives/2024"}
        mailbox.place_draft(draft(ME))
    assert len(list((tmp_path / "Drafts" / "cur").iterdir())) == 1


def test_only_drafts_is_made(world: MaildirWorld) -> None:
    """A Maildir without any folder gets Drafts when the first draft comes, and nothing else."""
    before = {path.name for path in world.path.iterdir()}
    with world.open() as mailbox:
        mailbox.place_draft(draft(ME))
    assert {path.name for path in world.path.iterdir()} - before == {".Drafts"}
    assert {path.name for path in (world.path / ".Drafts").iterdir()} == {"cur", "new", "tmp", "maildirfolder"}
    [placed] = (world.path / ".Drafts" / "cur").iterdir()
    assert placed.name.endswith(":2,DS")
    assert placed.stat().st_mode & 0o777 == 0o600


def test_configured_folders(tmp_path: Path) -> None:
    """Names from the configuration go before the usual ones."""
    for name in (".Drafts", ".Sent", ".Outbox"):
        new_maildir(tmp_path / name)
    new_maildir(tmp_path)
    account = account_at(tmp_path, drafts="Entwürfe", sent="Outbox")
    (tmp_path / ".Outbox" / "cur" / "1:2,S").write_bytes(mail("bob@globex.example", sender=ME))
    assert [each.outgoing for each in read_young(account)] == [True]
    with open_mailbox(account) as mailbox:
        mailbox.place_draft(draft(ME))
    assert len(list((tmp_path / ".Entw&APw-rfe" / "cur").iterdir())) == 1


def test_a_tree_copied_without_its_empty_folders(tmp_path: Path) -> None:
    """``new`` and ``tmp`` are missing where empty folders were not copied: read and written all the same."""
    (tmp_path / "cur").mkdir()
    (tmp_path / ".Drafts" / "cur").mkdir(parents=True)
    (tmp_path / "cur" / "1.host:2,").write_bytes(mail(ME))
    account = account_at(tmp_path)
    assert len(read_young(account)) == 1
    with open_mailbox(account) as mailbox:
        assert mailbox.draft_now(mailbox.place_draft(draft(ME))) == Untouched()


def test_a_folder_with_two_roles_is_read_once(world: MaildirWorld) -> None:
    """Sent among the watched folders is Sent, and its mail comes once."""
    world.send(mail("jane@acme.example", sender="Ana <other@example.net>"))
    account = replace(world.account, folders=Folders(watch=("INBOX", "Sent")))
    assert [each.outgoing for each in read_young(account)] == [True]
