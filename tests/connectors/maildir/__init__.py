"""What only files can do: other layouts, moved and renamed files, full disks, copies, and trees that go away."""

from pathlib import Path

from connectors.account import Account, Folders
from connectors.maildir import open_mailbox
from connectors.message import Message
from connectors.port import Cursor
from tests.contract.mails import ago
from tests.contract.world import keys_since, read_all

ME = "ana@example.org"


def account_at(path: Path, **folders: object) -> Account:
    """An account on a tree, with folders as a configuration names them."""
    return Account(name="files", connector="maildir", addresses=(ME,), path=path, folders=Folders(**folders))  # type: ignore[arg-type]  # as a configuration gives them


def read_young(account: Account) -> list[Message]:
    """What arrived within the last day."""
    with open_mailbox(account) as mailbox:
        return read_all(mailbox, not_before=ago(days=1))


def last_cursor(account: Account) -> Cursor:
    """The cursor after reading everything."""
    with open_mailbox(account) as mailbox:
        return list(mailbox.changes(None, not_before=ago(days=1)))[-1].cursor


def new_since(account: Account, cursor: Cursor) -> list[str]:
    """The keys of what came after the cursor."""
    with open_mailbox(account) as mailbox:
        return keys_since(mailbox, cursor)


def new_maildir(path: Path) -> Path:
    """An empty Maildir, its parents made."""
    for part in ("cur", "new", "tmp"):
        (path / part).mkdir(parents=True)
    return path


def everything(path: Path) -> dict[str, tuple[int, int]]:
    """Every file below, with its inode and the time of its last change."""
    return {str(each): (each.stat().st_ino, each.stat().st_mtime_ns) for each in path.rglob("*") if each.is_file()}
