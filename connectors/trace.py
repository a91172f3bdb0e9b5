"""Logs what is asked of a mailbox and how long it took: verbs, counts and seconds, never a word of a mail."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from connectors.message import Draft, Message
from connectors.port import Changed, Changes, Cursor, DraftRef, Gone, Mailbox, Query, Untouched, Wake

_log = logging.getLogger(__name__)


def traced(mailbox: Mailbox, account_name: str) -> Mailbox:
    """The same mailbox; each call is logged at DEBUG under the account's name."""
    return _Traced(mailbox, account_name) if _log.isEnabledFor(logging.DEBUG) else mailbox


class _Traced(Mailbox):
    def __init__(self, mailbox: Mailbox, account_name: str) -> None:
        self._mailbox = mailbox
        self._name = account_name

    def changes(self, since: Cursor | None, /, *, not_before: datetime) -> Iterator[Changes]:
        batches = self._mailbox.changes(since, not_before=not_before)
        while True:
            with self._timed("changes") as counted:
                batch = next(batches, None)
                if batch:
                    counted += [f"{len(batch.messages)} messages", f"{len(batch.set_aside)} set aside"]
            if batch is None:
                return
            yield batch

    def search(self, query: Query, /) -> Iterator[Message]:
        with self._timed("search") as counted:
            found = list(self._mailbox.search(query))
            counted.append(f"{len(found)} messages")
        yield from found

    def place_draft(self, draft: Draft, /) -> DraftRef:
        with self._timed("place_draft"):
            return self._mailbox.place_draft(draft)

    def draft_now(self, ref: DraftRef, /) -> Untouched | Changed | Gone:
        with self._timed("draft_now") as counted:
            state = self._mailbox.draft_now(ref)
            counted.append(type(state).__name__.lower())
        return state

    def wait(self, timeout: timedelta, wake: Wake, /) -> None:
        with self._timed("wait") as counted:
            self._mailbox.wait(timeout, wake)
            counted.append("rung" if wake.pending() else "mail or timeout")

    @contextmanager
    def _timed(self, verb: str) -> Iterator[list[str]]:
        """Log the verb with what was counted, or with the kind of failure that ended it."""
        counted: list[str] = []
        start = time.monotonic()
        try:
            yield counted
        except Exception as failure:
            counted.append(type(failure).__name__)
            raise
        finally:
            _log.debug("%s: %s: %.3f s %s", self._name, verb, time.monotonic() - start, ", ".join(counted))
