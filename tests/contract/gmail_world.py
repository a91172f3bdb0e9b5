"""The other hands on a Gmail mailbox: the sender's, and the user's in Gmail's own pages or in Thunderbird."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from connectors.account import Account
from connectors.gmail import open_mailbox
from connectors.port import Mailbox
from tests.contract.clients import saved_again
from tests.contract.world import World
from tests.servers.gmail import TOKEN, Gmail

POLL = 0.2


@dataclass(frozen=True)
class Token:
    """A token that is written down in a test."""

    text: str = TOKEN

    def reveal(self) -> str:
        return self.text


def account_on(server: Gmail, **settings: object) -> Account:
    """An account on that server."""
    defaults: dict[str, object] = {
        "name": "gmail",
        "connector": "gmail",
        "addresses": (server.store.address, "a.sousa@example.org"),
        "endpoint": server.url,
        "token": Token(),
    }
    return Account(**(defaults | settings))  # type: ignore[arg-type]  # the tests name the fields they mean


class GmailWorld(World):
    """A world of one user. ``rotates``: an edited draft gets another id, as in Gmail's pages and from Thunderbird."""

    def __init__(self, server: Gmail, *, rotates: bool = False) -> None:
        self.server = server
        self.account = account_on(server)
        self._store = server.store
        self._rotates = rotates

    def open(self) -> AbstractContextManager[Mailbox]:
        return open_mailbox(self.account, poll=POLL)

    def deliver(self, raw: bytes, *, folder: str = "INBOX", arrived: datetime | None = None) -> None:
        labels = {"INBOX": {"INBOX"}, "Archive": set[str](), "Trash": {"TRASH"}}[folder]
        self._store.insert(raw, labels | {"UNREAD"}, arrived=arrived)

    def forget_cursors(self) -> None:
        self._store.forget()

    def stop(self) -> None:
        self.server.stop()

    def start(self) -> None:
        self.server.start()

    def read_inbox(self) -> None:
        for each in self._store.listed("", ["INBOX", "UNREAD"], everything=True):
            self._store.mark(each.id, remove={"UNREAD"})

    def send(self, raw: bytes) -> None:
        self._store.insert(raw, {"SENT"})

    def send_draft(self, *, message_id: str) -> None:
        draft, raw = self._only_draft()
        self._store.send_draft(draft, saved_again(raw, None, message_id=message_id))

    def edit_draft(self, text: str, *, message_id: str) -> None:
        draft, raw = self._only_draft()
        self._store.update_draft(draft, saved_again(raw, text, message_id=message_id), rotate=self._rotates)

    def discard_draft(self) -> None:
        self._store.discard_draft(self._only_draft()[0])

    def drafts(self) -> list[bytes]:
        return [each.raw for each in self._store.listed("", ["DRAFT"], everything=False)]

    def draft_flags(self) -> list[frozenset[str]]:
        lying = self._store.listed("", ["DRAFT"], everything=False)
        return [frozenset({"Draft"} | ({"Seen"} if "UNREAD" not in each.labels else set())) for each in lying]

    def unseen(self) -> int:
        return len(self._store.listed("", ["INBOX", "UNREAD"], everything=True))

    def count(self) -> int:
        return len(self._store.messages)

    def _only_draft(self) -> tuple[str, bytes]:
        [(draft, message)] = self._store.drafts.items()
        return draft, self._store.messages[message].raw
