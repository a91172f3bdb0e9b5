"""The five verbs of the port, on one Gmail account."""

import hashlib
import logging
import select
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from connectors.account import Account
from connectors.gmail import cursor
from connectors.gmail.answers import history_id, text
from connectors.gmail.drafts import Drafts
from connectors.gmail.labels import watched
from connectors.gmail.news import News
from connectors.gmail.reading import Reader
from connectors.gmail.searching import search
from connectors.gmail.session import Session
from connectors.message import Draft, Message
from connectors.oauth import sign_in_again
from connectors.port import (
    Changed,
    Changes,
    Cursor,
    CursorExpired,
    DraftRef,
    Gone,
    Mailbox,
    Query,
    Refused,
    Untouched,
    Wake,
)

# The library logs whole answers that it cannot read, and those hold addresses.
logging.getLogger("googleapiclient").setLevel(logging.CRITICAL)


class GmailMailbox(Mailbox):
    """One account. ``poll``: seconds between two looks during ``wait``."""

    def __init__(self, session: Session, account: Account, *, poll: float) -> None:
        profile = session.read(session.users.getProfile(userId="me"))
        address = text(profile, "emailAddress")
        if not _is_own(address, account):
            raise Refused(
                f"the sign-in of account `{account.name}` belongs to another mailbox than its addresses; "
                f"{sign_in_again(account)}, with the right Google account, or put its address into the configuration"
            )
        self._seen = history_id(profile)
        self._owner = hashlib.sha256(_plain(address).encode("utf-8", "replace")).hexdigest()[:16]
        self._session = session
        self._poll = poll
        self._reader = Reader(session, account)
        self._news = News(session, self._reader, watched(session, account.folders.watch), self._owner)
        self._drafts = Drafts(session, self._reader)

    def changes(self, since: Cursor | None, /, *, not_before: datetime) -> Iterator[Changes]:
        for batch in self._news.since(None if since is None else cursor.read(since, self._owner), not_before):
            yield batch
            self._seen = cursor.read(batch.cursor, self._owner).history

    def search(self, query: Query, /) -> Iterator[Message]:
        return search(self._session, self._reader, query)

    def place_draft(self, draft: Draft, /) -> DraftRef:
        return self._drafts.place(draft)

    def draft_now(self, ref: DraftRef, /) -> Untouched | Changed | Gone:
        return self._drafts.state(ref)

    def wait(self, timeout: timedelta, wake: Wake, /) -> None:
        """Looks at the history now and then: Google's push needs a server of one's own in its cloud."""
        end = time.monotonic() + timeout.total_seconds()
        while not wake.pending() and (left := end - time.monotonic()) > 0:
            try:
                came, self._seen = self._news.look(self._seen)
            except CursorExpired:
                return  # whoever reads on is told
            if came:
                return
            select.select([wake], [], [], min(left, self._poll))


def _is_own(address: str, account: Account) -> bool:
    """Gmail writes an address as it was registered; dots do not count (support.google.com/mail/answer/7436150)."""
    return _plain(address) in {_plain(own) for own in account.addresses}


def _plain(address: str) -> str:
    local, _, domain = address.casefold().rpartition("@")
    if domain in ("gmail.com", "googlemail.com"):
        return local.partition("+")[0].replace(".", "") + "@gmail.com"
    return f"{local}@{domain}"
