"""A long turn is no dead one: every step it takes on the mailbox is a sign of life."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TypeVar

from connectors.message import Draft, Message
from connectors.port import Changed, Changes, Cursor, DraftRef, Gone, Mailbox, Query, Untouched, Wake

_Step = TypeVar("_Step")


class Alive(Mailbox):
    """The same mailbox. ``tick`` is called at each call and at each batch and message it gives: the first reading of a
    large mailbox takes many minutes where the provider counts requests."""

    def __init__(self, mailbox: Mailbox, tick: Callable[[], None]) -> None:
        self._mailbox = mailbox
        self._tick = tick

    def changes(self, since: Cursor | None, /, *, not_before: datetime) -> Iterator[Changes]:
        return self._ticking(self._mailbox.changes(since, not_before=not_before))

    def search(self, query: Query, /) -> Iterator[Message]:
        return self._ticking(self._mailbox.search(query))

    def place_draft(self, draft: Draft, /) -> DraftRef:
        self._tick()
        return self._mailbox.place_draft(draft)

    def draft_now(self, ref: DraftRef, /) -> Untouched | Changed | Gone:
        self._tick()
        return self._mailbox.draft_now(ref)

    def wait(self, timeout: timedelta, wake: Wake, /) -> None:
        self._mailbox.wait(timeout, wake)

    def _ticking(self, steps: Iterator[_Step]) -> Iterator[_Step]:
        self._tick()
        for step in steps:
            self._tick()
            yield step
