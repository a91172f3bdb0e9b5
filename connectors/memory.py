"""The reference connector: a mail server that is a dictionary. The other connectors are held to what it does."""

import json
import select
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from connectors.account import Account
from connectors.message import Draft, Message
from connectors.message.match import Matcher
from connectors.message.origin import from_user
from connectors.message.parse import parse
from connectors.message.placed import Placed
from connectors.message.serialise import as_bytes
from connectors.port import (
    Changed,
    Changes,
    Cursor,
    CursorExpired,
    DraftRef,
    Gone,
    Mailbox,
    Query,
    SetAside,
    Unavailable,
    Unreadable,
    Untouched,
    Wake,
)
from connectors.wake import Bell

BATCH = 50
DRAFTS, SENT, TRASH, ARCHIVE = "Drafts", "Sent", "Trash", "Archive"


@dataclass(frozen=True, kw_only=True)
class Stored:
    """One message as the server keeps it."""

    uid: int
    raw: bytes
    arrived: datetime
    flags: frozenset[str] = frozenset()


class MemoryServer:
    """The folders behind a mailbox. Any thread may change them; whoever waits is woken."""

    def __init__(self) -> None:
        self.validity = 1
        self.running = True
        self._folders: dict[str, dict[int, Stored]] = {}
        self._last_uid = 0
        self._lock = threading.Lock()
        self._bells: set[Bell] = set()

    def stored(self, folder: str) -> list[Stored]:
        """The messages of a folder in the order they came."""
        with self._lock:
            return list(self._folders.get(folder, {}).values())

    def folders(self) -> list[str]:
        """Every folder that ever held a message."""
        with self._lock:
            return list(self._folders)

    def add(self, folder: str, raw: bytes, *, arrived: datetime, flags: Iterable[str] = ()) -> None:
        """A message comes into a folder."""
        with self._lock:
            self._last_uid += 1
            one = Stored(uid=self._last_uid, raw=raw, arrived=arrived, flags=frozenset(flags))
            self._folders.setdefault(folder, {})[one.uid] = one
        self._ring()

    def flag(self, folder: str, flag: str) -> None:
        """Every message of a folder gets a flag."""
        with self._lock:
            for uid, one in self._folders.get(folder, {}).items():
                self._folders[folder][uid] = replace(one, flags=one.flags | {flag})

    def take(self, folder: str, uid: int) -> Stored:
        """A message leaves a folder."""
        with self._lock:
            return self._folders[folder].pop(uid)

    def renumber(self) -> None:
        """Every message gets a new number, and no old number means anything any more (UIDVALIDITY)."""
        with self._lock:
            self.validity += 1
            for folder, content in self._folders.items():
                moved = [replace(one, uid=one.uid + self._last_uid) for one in content.values()]
                self._folders[folder] = {one.uid: one for one in moved}
            self._last_uid *= 2

    def run(self, *, running: bool) -> None:
        """Stop answering, or answer again."""
        self.running = running
        self._ring()

    def must_run(self) -> None:
        """Raise ``Unavailable`` when the server is stopped."""
        if not self.running:
            raise Unavailable("the mail server does not answer; it is tried again later")

    def last_uid(self, folder: str) -> int:
        """The highest number in a folder, 0 when it is empty."""
        with self._lock:
            return max(self._folders.get(folder, {}), default=0)

    @contextmanager
    def bell(self) -> Iterator[Bell]:
        """Rings when anything comes or the server stops."""
        bell = Bell()
        self._bells.add(bell)
        try:
            yield bell
        finally:
            self._bells.discard(bell)
            bell.close()

    def _ring(self) -> None:
        for bell in tuple(self._bells):
            bell.ring()


@dataclass(frozen=True)
class _Position:
    """How far the folders were read.

    ``old``: up to these numbers the folders were filled when the first reading began, so ``not_before`` goes on to
    hold for them when that reading is broken off and resumed.
    """

    validity: int
    read: dict[str, int]
    old: dict[str, int]
    not_before: str

    def wants(self, folder: str, one: Stored) -> bool:
        return one.uid > self.old.get(folder, 0) or one.arrived >= datetime.fromisoformat(self.not_before)

    def cursor(self) -> Cursor:
        return Cursor(json.dumps([self.validity, self.read, self.old, self.not_before]))


class MemoryMailbox(Mailbox):
    """One account on a ``MemoryServer``."""

    def __init__(self, server: MemoryServer, account: Account) -> None:
        self._server = server
        self._account = account
        self._watched = tuple(dict.fromkeys((SENT, *account.folders.watch)))
        self._seen = self._newest()

    def changes(self, since: Cursor | None, /, *, not_before: datetime) -> Iterator[Changes]:
        self._server.must_run()
        self._seen = self._newest()
        position = self._position(since, not_before)
        for folder in self._watched:
            new = [one for one in self._server.stored(folder) if one.uid > position.read.get(folder, 0)]
            wanted = [one for one in new if position.wants(folder, one)]
            for start in range(0, len(wanted), BATCH):
                batch = wanted[start : start + BATCH]
                position.read[folder] = batch[-1].uid
                yield self._batch(folder, batch, position.cursor())
            position.read[folder] = max([position.read.get(folder, 0), *(one.uid for one in new)])
        yield Changes(messages=(), cursor=position.cursor())

    def search(self, query: Query, /) -> Iterator[Message]:
        self._server.must_run()
        matches = Matcher(query)
        folders = dict.fromkeys((*self._watched, ARCHIVE))
        found = [message for folder in folders for message in self._messages(folder, drafts=False) if matches(message)]
        yield from sorted(found, key=lambda message: message.arrived, reverse=True)[: query.limit]

    def place_draft(self, draft: Draft, /) -> DraftRef:
        self._server.must_run()
        placed = Placed.of(draft)
        lying = (message for folder in (DRAFTS, SENT, TRASH) for message in self._messages(folder))
        if not any(placed.is_copy(message) for message in lying):
            self._server.add(DRAFTS, as_bytes(draft), arrived=draft.date, flags=("Draft", "Seen"))
        return placed.ref

    def draft_now(self, ref: DraftRef, /) -> Untouched | Changed | Gone:
        self._server.must_run()
        return Placed.read(ref).state(self._messages(DRAFTS))

    def wait(self, timeout: timedelta, wake: Wake, /) -> None:
        end = time.monotonic() + timeout.total_seconds()
        with self._server.bell() as bell:
            while True:
                self._server.must_run()
                left = end - time.monotonic()
                if wake.pending() or left <= 0 or self._newest() != self._seen:
                    return
                select.select([wake, bell], [], [], left)
                bell.clear()

    def _newest(self) -> list[int]:
        return [self._server.last_uid(folder) for folder in self._watched]

    def _position(self, since: Cursor | None, not_before: datetime) -> "_Position":
        if since is None:
            newest = dict(zip(self._watched, self._newest(), strict=True))
            return _Position(self._server.validity, {}, newest, not_before.isoformat())
        position = _Position(*json.loads(since))
        if position.validity != self._server.validity:
            raise CursorExpired("the mail server numbered its messages anew; they are read again from a date")
        return position

    def _batch(self, folder: str, batch: list[Stored], cursor: Cursor) -> Changes:
        read = [(one, self._read(folder, one)) for one in batch if "Draft" not in one.flags]
        messages = sorted((message for _, message in read if message), key=lambda message: message.arrived)
        aside = [
            SetAside(place=f"{folder} {one.uid}", reason="it has no header") for one, message in read if not message
        ]
        return Changes(messages=tuple(messages), cursor=cursor, set_aside=tuple(aside))

    def _messages(self, folder: str, *, drafts: bool = True) -> Iterator[Message]:
        read = (self._read(folder, one) for one in self._server.stored(folder) if drafts or "Draft" not in one.flags)
        return (message for message in read if message)

    def _read(self, folder: str, one: Stored) -> Message | None:
        try:
            message = parse(one.raw, arrived=one.arrived, outgoing=folder == SENT)
        except Unreadable:
            return None
        return replace(message, outgoing=message.outgoing or from_user(message, self._account))


@contextmanager
def open_mailbox(server: MemoryServer, account: Account) -> Iterator[Mailbox]:
    """The account's mailbox on that server. Raises ``Unavailable`` when the server is stopped."""
    server.must_run()
    yield MemoryMailbox(server, account)
