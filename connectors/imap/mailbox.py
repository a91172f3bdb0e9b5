"""The five verbs of the port, on one IMAP connection."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from connectors.account import Account
from connectors.imap import cursor
from connectors.imap.drafts import Drafts
from connectors.imap.folders import find_places
from connectors.imap.idle import sleep, sleep_in_idle
from connectors.imap.news import News, newer
from connectors.imap.reading import Reader
from connectors.imap.searching import search
from connectors.imap.session import Opened, Session
from connectors.message import Draft, Message
from connectors.message.placed import Placed
from connectors.port import Changed, Changes, Cursor, DraftRef, Gone, Mailbox, Query, Untouched, Wake


class ImapMailbox(Mailbox):
    """One account on one connection. ``poll``: seconds between two looks where the server has no IDLE."""

    def __init__(self, session: Session, account: Account, *, poll: float) -> None:
        self._session = session
        self._poll = poll
        self._places = find_places(session.list_folders(), account.folders, session.prefix())
        self._reader = Reader(session, account, self._places.sent)
        self._news = News(session, self._reader, self._places.read)
        self._drafts = Drafts(session, self._reader, self._places)
        self._watched = self._places.watch[0]
        self._seen = session.examine(self._watched)

    def changes(self, since: Cursor | None, /, *, not_before: datetime) -> Iterator[Changes]:
        marks = {} if since is None else cursor.read(since)
        for batch in self._news.since(marks, not_before):
            yield batch
            read = cursor.read(batch.cursor)[self._watched]
            self._seen = Opened(uidvalidity=read.uidvalidity, uidnext=max(read.uidnext, read.dated))

    def search(self, query: Query, /) -> Iterator[Message]:
        return search(self._session, self._reader, self._places.searched, query)

    def place_draft(self, draft: Draft, /) -> DraftRef:
        placed = Placed.of(draft)
        if not self._drafts.lies_somewhere(placed):
            self._drafts.append(draft)
        return placed.ref

    def draft_now(self, ref: DraftRef, /) -> Untouched | Changed | Gone:
        return self._drafts.state(Placed.read(ref))

    def wait(self, timeout: timedelta, wake: Wake, /) -> None:
        """Waits on the first watched folder: IDLE sees one only. The others are looked at after the timeout."""
        end = time.monotonic() + timeout.total_seconds()
        while not wake.pending() and not self._has_news() and (left := end - time.monotonic()) > 0:
            if "IDLE" not in self._session.capabilities:
                sleep(self._session, min(left, self._poll), wake)
            elif sleep_in_idle(self._session, left, wake):
                return

    def _has_news(self) -> bool:
        """Asked after every sleep, whatever ended it: servers forget to tell."""
        opened = self._session.examine(self._watched)
        if opened.uidvalidity != self._seen.uidvalidity or newer(self._session, self._seen.uidnext):
            return True
        # Dovecot searches first and then looks what came meanwhile: the answer tells of it, and IDLE will not again.
        return self._session.has_announced_mail()
