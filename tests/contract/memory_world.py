"""The other hands on a memory server."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime

from connectors.account import Account
from connectors.memory import DRAFTS, SENT, TRASH, MemoryServer, Stored, open_mailbox
from connectors.port import Mailbox
from tests.contract.clients import saved_again
from tests.contract.world import World


class MemoryWorld(World):
    """A world of one dictionary."""

    def __init__(self) -> None:
        self.server = MemoryServer()
        self.account = Account(name="memory", connector="memory", addresses=("ana@example.org", "a.sousa@example.org"))

    def open(self) -> AbstractContextManager[Mailbox]:
        return open_mailbox(self.server, self.account)

    def deliver(self, raw: bytes, *, folder: str = "INBOX", arrived: datetime | None = None) -> None:
        self.server.add(folder, raw, arrived=arrived or datetime.now(UTC))

    def forget_cursors(self) -> None:
        self.server.renumber()

    def stop(self) -> None:
        self.server.run(running=False)

    def start(self) -> None:
        self.server.run(running=True)

    def read_inbox(self) -> None:
        self.server.flag("INBOX", "Seen")

    def send(self, raw: bytes) -> None:
        self.server.add(SENT, raw, arrived=datetime.now(UTC), flags=("Seen",))

    def send_draft(self, *, message_id: str) -> None:
        self.send(saved_again(self._take_draft().raw, None, message_id=message_id))

    def edit_draft(self, text: str, *, message_id: str) -> None:
        edited = saved_again(self._take_draft().raw, text, message_id=message_id)
        self.server.add(DRAFTS, edited, arrived=datetime.now(UTC), flags=("Draft",))

    def discard_draft(self) -> None:
        self.server.add(TRASH, self._take_draft().raw, arrived=datetime.now(UTC), flags=("Draft", "Seen"))

    def drafts(self) -> list[bytes]:
        return [one.raw for one in self.server.stored(DRAFTS)]

    def draft_flags(self) -> list[frozenset[str]]:
        return [one.flags for one in self.server.stored(DRAFTS)]

    def unseen(self) -> int:
        return sum("Seen" not in one.flags for one in self.server.stored("INBOX"))

    def count(self) -> int:
        return sum(len(self.server.stored(folder)) for folder in self.server.folders())

    def _take_draft(self) -> Stored:
        [one] = self.server.stored(DRAFTS)
        return self.server.take(DRAFTS, one.uid)
