"""The other hands on a mailbox behind Microsoft Graph: the sender's and the user's, on the server's own store."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime

from connectors.account import Account
from connectors.outlook import open_mailbox
from connectors.port import Mailbox
from tests.contract.clients import saved_again
from tests.contract.world import World
from tests.servers.graph import GraphServer
from tests.servers.graph_store import Item

POLL = 0.2
"""Seconds between two looks while waiting, so that the tests need not wait half a minute."""
_FOLDERS = {"INBOX": "inbox", "Archive": "archive", "Trash": "deleteditems", "Junk": "junkemail"}


@dataclass(frozen=True)
class Token:
    """The user's own program that prints a token: always the one that the server takes now."""

    server: GraphServer

    def reveal(self) -> str:
        return self.server.token


def account_on(server: GraphServer, **settings: object) -> Account:
    """An account on that server."""
    defaults: dict[str, object] = {
        "name": "outlook",
        "connector": "outlook",
        "addresses": (server.store.owner, "a.sousa@example.org"),
        "endpoint": server.url,
        "token": Token(server),
    }
    return Account(**(defaults | settings))  # type: ignore[arg-type]  # the tests name the fields they mean


class OutlookWorld(World):
    """A world of one mailbox."""

    def __init__(self, server: GraphServer, account: Account | None = None) -> None:
        self.server = server
        self.store = server.store
        self.account = account or account_on(server)

    def open(self) -> AbstractContextManager[Mailbox]:
        return open_mailbox(self.account, poll=POLL)

    def deliver(self, raw: bytes, *, folder: str = "INBOX", arrived: datetime | None = None) -> None:
        self.store.put_mime(raw, _FOLDERS[folder], received=arrived)

    def forget_cursors(self) -> None:
        self.store.generation += 1

    def stop(self) -> None:
        self.server.stop()

    def start(self) -> None:
        self.server.start()

    def read_inbox(self) -> None:
        for item in self.store.stored("inbox"):
            self.store.change(item, is_read=True)

    def send(self, raw: bytes) -> None:
        self.store.put_mime(raw, "sentitems", is_read=True)

    def send_draft(self, *, message_id: str) -> None:
        draft = self.only_draft()
        self.store.remove(draft)
        self.send(saved_again(draft.mime, None, message_id=message_id))

    def edit_draft(self, text: str, *, message_id: str) -> None:
        draft = self.only_draft()
        self.store.remove(draft)
        self.store.put_mime(saved_again(draft.mime, text, message_id=message_id), "drafts", is_draft=True)

    def discard_draft(self) -> None:
        self.store.move(self.only_draft(), "deleteditems")

    def drafts(self) -> list[bytes]:
        return [item.mime for item in self.store.stored("drafts")]

    def draft_flags(self) -> list[frozenset[str]]:
        return [
            frozenset(name for name, there in (("Draft", item.is_draft), ("Seen", item.is_read)) if there)
            for item in self.store.stored("drafts")
        ]

    def unseen(self) -> int:
        return sum(not item.is_read for item in self.store.stored("inbox"))

    def count(self) -> int:
        return len(self.store.items)

    def only_draft(self) -> Item:
        """The one message in Drafts."""
        [item] = self.store.stored("drafts")
        return item

    def received(self, raw: bytes) -> Item:
        """A mail delivered now, as the server keeps it."""
        return self.store.put_mime(raw, "inbox", received=datetime.now(UTC))
