"""The same life on two Maildirs: a `MemoryServer`'s verbs, done to files as a delivery agent and a client do them."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from mailbox import Maildir, MaildirMessage
from pathlib import Path

from connectors.account import Account
from connectors.maildir import open_mailbox
from connectors.memory import Stored
from connectors.port import Mailbox
from tests.agent.story.life import Life
from tests.contract.maildir_world import MaildirWorld

_LETTERS = {"Draft": "D", "Seen": "S"}


class FileServer:
    """A Maildir++ tree. A message's number is its file's name."""

    def __init__(self, path: Path) -> None:
        self._world = MaildirWorld(path)
        self._root = path

    def stored(self, folder: str) -> list[Stored]:
        root = self._place(folder)
        paths = sorted((path for part in ("new", "cur") for path in (root / part).glob("*")), key=lambda p: p.name)
        return [
            Stored(
                uid=path.name, raw=path.read_bytes(), arrived=datetime.fromtimestamp(int(path.stat().st_mtime), tz=UTC)
            )
            for path in paths
        ]

    def add(self, folder: str, raw: bytes, *, arrived: datetime, flags: Sequence[str] = ()) -> None:
        message = MaildirMessage(raw)
        message.set_date(arrived.timestamp())
        if flags:
            message.set_subdir("cur")
            message.set_flags("".join(sorted(_LETTERS[flag] for flag in flags)))
        tree = Maildir(self._root)
        (tree if folder == "INBOX" else tree.add_folder(folder)).add(message)

    def take(self, folder: str, uid: object) -> Stored:
        one = next(one for one in self.stored(folder) if one.uid == uid)
        for part in ("new", "cur"):
            (self._place(folder) / part / str(uid)).unlink(missing_ok=True)
        return one

    def renumber(self) -> None:
        self._world.forget_cursors()

    def _place(self, folder: str) -> Path:
        return self._root if folder == "INBOX" else self._root / f".{folder}"


class LifeOnFiles(Life):
    """Ana reads her mail with a synchroniser and a terminal."""

    def server(self, account: Account) -> FileServer:
        return FileServer(account.path)

    def mailbox(self, account: Account) -> AbstractContextManager[Mailbox]:
        return open_mailbox(account)
