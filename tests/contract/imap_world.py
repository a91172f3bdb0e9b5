"""The other hands on an IMAP server: the sender's and the user's, over a connection of their own with all rights."""

import contextlib
import itertools
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from imapclient import IMAPClient

from connectors.account import Account, Tls
from connectors.imap import open_mailbox
from connectors.port import Mailbox
from tests.contract.clients import saved_again
from tests.contract.world import World

POLL = 0.2
"""Seconds between two looks on servers without IDLE, so that the tests need not wait a minute."""
OTHER_HANDS = "other hands"
"""What the second connection says of itself, so that a server's log of all clients can be told apart."""

_validity = itertools.count(int(time.time()) + 1_000_000)


class Server(Protocol):
    """What the world needs of a server."""

    host: str
    port: int
    user: str
    password: str

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def renumber(self, uidvalidity: int) -> None: ...


@dataclass(frozen=True)
class Password:
    """A password that is written down in a test."""

    text: str

    def reveal(self) -> str:
        return self.text


def account_on(server: Server, **settings: object) -> Account:
    """An account on that server, on the plain port unless the settings say otherwise."""
    defaults: dict[str, object] = {
        "name": "imap",
        "connector": "imap",
        "addresses": (server.user, "a.sousa@example.org"),
        "host": server.host,
        "port": server.port,
        "tls": Tls.NONE,
        "password": Password(server.password),
    }
    return Account(**(defaults | settings))  # type: ignore[arg-type]  # the tests name the fields they mean


class ImapWorld(World):
    """A world of one user on one server. ``prefix`` and ``drafts``: how the folders are called there."""

    def __init__(
        self, server: Server, account: Account, *, prefix: str = "", drafts: str = "Drafts", folders: bool = True
    ) -> None:
        self.server = server
        self.account = account
        self._prefix = prefix
        self._drafts = prefix + drafts
        self._client: IMAPClient | None = None
        if not folders:
            for name in ("Sent", "Trash"):
                self._hands.create_folder(prefix + name)

    def open(self) -> AbstractContextManager[Mailbox]:
        return open_mailbox(self.account, poll=POLL)

    def close(self) -> None:
        """Let go of the second connection."""
        if self._client is not None:
            with contextlib.suppress(OSError):
                self._client.shutdown()
            self._client = None

    def deliver(self, raw: bytes, *, folder: str = "INBOX", arrived: datetime | None = None) -> None:
        name = folder if folder == "INBOX" else self._prefix + folder
        if not self._hands.folder_exists(name):
            self._hands.create_folder(name)
        self._hands.append(name, raw, msg_time=arrived)

    def forget_cursors(self) -> None:
        self.close()
        self.server.renumber(next(_validity))

    def stop(self) -> None:
        self.close()
        self.server.stop()

    def start(self) -> None:
        self.server.start()

    def read_inbox(self) -> None:
        if uids := self._select("INBOX"):
            self._hands.add_flags(uids, b"\\Seen")

    def send(self, raw: bytes) -> None:
        self._hands.append(f"{self._prefix}Sent", raw, flags=(b"\\Seen",))

    def send_draft(self, *, message_id: str) -> None:
        uid, raw = self._only_draft()
        self.send(saved_again(raw, None, message_id=message_id))
        self._remove(uid)

    def edit_draft(self, text: str, *, message_id: str) -> None:
        uid, raw = self._only_draft()
        self._hands.append(self._drafts, saved_again(raw, text, message_id=message_id), flags=(b"\\Draft",))
        self._remove(uid)

    def discard_draft(self) -> None:
        uid, _ = self._only_draft()
        if self._hands.has_capability("MOVE"):
            self._hands.move([uid], f"{self._prefix}Trash")
        else:
            self._hands.copy([uid], f"{self._prefix}Trash")
            self._remove(uid)

    def drafts(self) -> list[bytes]:
        return [bytes(row[b"BODY[]"]) for row in self._drafts_rows()]

    def draft_flags(self) -> list[frozenset[str]]:
        return [
            frozenset(flag.decode().removeprefix("\\") for flag in row[b"FLAGS"] if flag != b"\\Recent")
            for row in self._drafts_rows()
        ]

    def unseen(self) -> int:
        self._select("INBOX")
        return len(self._hands.search(["UNSEEN"]))

    def count(self) -> int:
        names = [name for flags, _, name in self._hands.list_folders() if b"\\Noselect" not in flags]
        return sum(self._hands.folder_status(name, ["MESSAGES"])[b"MESSAGES"] for name in names)

    @property
    def _hands(self) -> IMAPClient:
        if self._client is None:
            self._client = IMAPClient(self.server.host, self.server.port, ssl=False, timeout=10)
            self._client.login(self.server.user, self.server.password)
            self._client._imap._simple_command("ID", f'("name" "{OTHER_HANDS}")')
        return self._client

    def _select(self, folder: str) -> list[int]:
        self._hands.select_folder(folder)
        return list(self._hands.search())

    def _drafts_rows(self) -> list[dict[bytes, object]]:
        if not self._hands.folder_exists(self._drafts):
            return []
        uids = self._select(self._drafts)
        rows = self._hands.fetch(uids, ["FLAGS", "BODY.PEEK[]"])
        return [rows[uid] for uid in uids]

    def _only_draft(self) -> tuple[int, bytes]:
        [uid] = self._select(self._drafts)
        return uid, bytes(self._hands.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"])

    def _remove(self, uid: int) -> None:
        self._hands.delete_messages([uid])
        self._hands.expunge()
