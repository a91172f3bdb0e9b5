"""The five verbs of the port, on Microsoft Graph."""

import selectors
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from connectors.account import Account
from connectors.message import Draft, Message
from connectors.message.placed import Placed
from connectors.outlook import cursor
from connectors.outlook.drafts import Drafts, as_ref, from_ref
from connectors.outlook.folders import find_places
from connectors.outlook.news import News
from connectors.outlook.reading import Reader
from connectors.outlook.searching import search
from connectors.outlook.service import Service
from connectors.port import Changed, Changes, Cursor, DraftRef, Gone, Mailbox, Query, Untouched, Wake

POLL = 30.0
"""Seconds between two looks: Graph pushes only to public web servers. Two folders make 40 requests in the ten minutes
for which it allows 10,000 (learn.microsoft.com/graph/throttling-limits)."""


class OutlookMailbox(Mailbox):
    """One account on one session. ``owner`` stands in the cursors; ``poll``: seconds between two looks."""

    def __init__(self, service: Service, account: Account, owner: str, *, poll: float) -> None:
        self._owner = owner
        self._service = service
        self._poll = poll
        self._places = find_places(service, account.folders)
        self._reader = Reader(service, account)
        self._news = News(service, self._reader, self._places, owner)
        self._drafts = Drafts(service)

    def changes(self, since: Cursor | None, /, *, not_before: datetime) -> Iterator[Changes]:
        yield from self._news.since({} if since is None else cursor.read(since, self._owner), not_before)

    def search(self, query: Query, /) -> Iterator[Message]:
        return search(self._service, self._reader, self._places, query)

    def place_draft(self, draft: Draft, /) -> DraftRef:
        placed, thread = Placed.of(draft), draft.parent.thread if draft.parent else None
        if not self._drafts.lies_somewhere(placed, thread):
            self._drafts.write(draft)
        return as_ref(placed, thread)

    def draft_now(self, ref: DraftRef, /) -> Untouched | Changed | Gone:
        return self._drafts.state(*from_ref(ref))

    def wait(self, timeout: timedelta, wake: Wake, /) -> None:
        end = time.monotonic() + timeout.total_seconds()
        while not wake.pending() and not self._news.is_there_any() and (left := end - time.monotonic()) > 0:
            with selectors.DefaultSelector() as selector:
                selector.register(wake, selectors.EVENT_READ)
                selector.select(min(left, self._poll))
