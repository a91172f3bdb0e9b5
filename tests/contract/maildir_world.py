"""The other hands on a Maildir++ tree: a delivery agent and a mail client, played by the standard library."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from mailbox import Maildir, MaildirMessage
from pathlib import Path

from connectors.account import Account
from connectors.maildir import open_mailbox
from connectors.port import Mailbox
from tests.contract.clients import saved_again
from tests.contract.world import World

FLAGS = {"D": "Draft", "S": "Seen", "F": "Flagged", "R": "Answered", "T": "Deleted"}


class MaildirWorld(World):
    """A world of files below ``path``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.account = Account(name="files", connector="maildir", addresses=("ana@example.org",), path=path)
        Maildir(path)

    def open(self) -> AbstractContextManager[Mailbox]:
        return open_mailbox(self.account)

    def deliver(self, raw: bytes, *, folder: str = "INBOX", arrived: datetime | None = None) -> None:
        place = self._folder(folder)
        key = place.add(MaildirMessage(raw))
        if arrived:
            path = self._path(folder, key)
            os.utime(path, (arrived.timestamp(), arrived.timestamp()))

    def forget_cursors(self) -> None:
        """The tree is made anew from a copy, as a synchroniser that lost its state does: other files, same mail."""
        for name in ["INBOX", *Maildir(self.path).list_folders()]:
            root = self._root(name)
            (root / "cur").rename(root / "old")
            (root / "cur").mkdir()
            for path in self._files(root, "new", "old"):
                _, colon, flags = path.name.partition(":")
                path.rename(root / "cur" / f"again{path.stat().st_ino}.U{path.stat().st_mtime_ns}{colon}{flags}")
            (root / "old").rmdir()

    def stop(self) -> None:
        self.path.rename(self._away)

    def start(self) -> None:
        self._away.rename(self.path)

    def read_inbox(self) -> None:
        for key, message in self._folder("INBOX").items():
            message.set_subdir("cur")
            message.add_flag("S")
            old = self._path("INBOX", key)
            old.rename(self.path / "cur" / f"{key}:2,{message.get_flags()}")

    def send(self, raw: bytes) -> None:
        self._file("Sent", raw, "S")

    def send_draft(self, *, message_id: str) -> None:
        self.send(saved_again(self._take_draft(), None, message_id=message_id))

    def edit_draft(self, text: str, *, message_id: str) -> None:
        self._file("Drafts", saved_again(self._take_draft(), text, message_id=message_id), "D")

    def discard_draft(self) -> None:
        self._file("Trash", self._take_draft(), "DS")

    def drafts(self) -> list[bytes]:
        return [path.read_bytes() for path in self._files(self._root("Drafts"))]

    def draft_flags(self) -> list[frozenset[str]]:
        letters = [path.name.partition(":2,")[2] for path in self._files(self._root("Drafts"))]
        return [frozenset(FLAGS[letter] for letter in each) for each in letters]

    def unseen(self) -> int:
        return sum("S" not in path.name.partition(":2,")[2] for path in self._files(self.path))

    def count(self) -> int:
        roots = [self.path, *(path for path in self.path.glob(".*") if path.is_dir())]
        return sum(1 for root in roots for _ in self._files(root, "new", "cur", "tmp"))

    @property
    def _away(self) -> Path:
        return self.path.with_name(self.path.name + ".away")

    def _root(self, folder: str) -> Path:
        return self.path if folder == "INBOX" else self.path / f".{folder}"

    def _folder(self, folder: str) -> Maildir:
        root = Maildir(self.path)
        return root if folder == "INBOX" else root.add_folder(folder)

    def _files(self, root: Path, *parts: str) -> Iterator[Path]:
        for part in parts or ("new", "cur"):
            yield from sorted((root / part).glob("*"))

    def _path(self, folder: str, key: str) -> Path:
        [path] = [path for path in self._files(self._root(folder)) if path.name.partition(":")[0] == key]
        return path

    def _file(self, folder: str, raw: bytes, flags: str) -> None:
        message = MaildirMessage(raw)
        message.set_subdir("cur")
        message.set_flags(flags)
        self._folder(folder).add(message)

    def _take_draft(self) -> bytes:
        [path] = self._files(self._root("Drafts"))
        raw = path.read_bytes()
        path.unlink()
        return raw
