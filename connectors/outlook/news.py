"""What came since a cursor: delta queries, one a folder (learn.microsoft.com/graph/delta-query-messages).

``changeType=created`` leaves out what the user merely read or flagged. No ``$filter``: it would hold for ever, also for
an old mail that is moved into the folder later. So the first reading lists the whole folder by date alone, a hundred
messages a request, and reads only those that are young enough.
"""

from collections.abc import Iterator
from datetime import datetime

from connectors.outlook import cursor
from connectors.outlook.cursor import Mark
from connectors.outlook.failures import Missing, SaysNo
from connectors.outlook.folders import SENT, Places
from connectors.outlook.items import arrived
from connectors.outlook.reading import LISTED, Reader
from connectors.outlook.service import PAGES, Page, Row, Service
from connectors.port import Changes, CursorExpired, Unavailable

BATCH = 100
"""Messages in one page and one batch: all that is held in memory."""


class News:
    """Reads the folders on from where they were left."""

    def __init__(self, service: Service, reader: Reader, places: Places, owner: str) -> None:
        self._owner = owner
        self._service = service
        self._reader = reader
        self._places = places
        self._latest: dict[str, Mark] = {}

    def since(self, marks: dict[str, Mark], not_before: datetime) -> Iterator[Changes]:
        """Batches, each with the cursor that covers it and all before it, and an empty last one.

        The first page of every folder is fetched before the first batch, so that a forgotten cursor is told before
        anything is read.
        """
        marks = {name: marks.get(name) or self._first(folder, not_before) for name, folder in self._places.read.items()}
        self._latest = marks
        pages = {name: self._page(mark) for name, mark in marks.items()}
        for name in marks:
            page = pages.pop(name)
            for _ in range(PAGES):
                yield from self._batches(name, page, marks)
                if page.next_link is None:
                    break
                page = self._later_page(marks[name])
            else:
                raise Unavailable("Microsoft's list of changes goes on and on; the next reading begins where this ends")
        yield Changes(messages=(), cursor=cursor.write(marks, self._owner))

    def is_there_any(self) -> bool:
        """Whether something may have come since the last reading; nothing is read by asking."""
        return not self._latest or any(_wanted(self._later_page(mark), mark) for mark in self._latest.values())

    def _first(self, folder: str, not_before: datetime) -> Mark:
        path = f"{self._service.base}/me/mailFolders/{folder}/messages/delta"
        return Mark(link=f"{path}?changeType=created&$select={LISTED}", not_before=not_before)

    def _batches(self, name: str, page: Page, marks: dict[str, Mark]) -> Iterator[Changes]:
        """A page is one batch, unless Graph does not keep to the size that was asked for."""
        rows, after = _wanted(page, marks[name]), _after(page, marks[name])
        outgoing = self._places.read[name] == SENT
        parts = [rows[start : start + BATCH] for start in range(0, len(rows), BATCH)]
        if page.next_link is not None:
            parts = parts or [[]]  # a long first reading saves how far it came
        for number, part in enumerate(parts, start=1):
            found, aside = self._reader.read(name, part, outgoing=outgoing)
            found.sort(key=lambda message: message.arrived)
            if number == len(parts):
                marks[name] = after
            yield Changes(messages=tuple(found), cursor=cursor.write(marks, self._owner), set_aside=tuple(aside))
        marks[name] = after

    def _page(self, mark: Mark) -> Page:
        """Raises ``CursorExpired`` when Graph does not know the link any more."""
        if not self._service.owns(mark.link):
            raise CursorExpired("the account's `endpoint:` has changed; the mail is read again from a date")
        try:
            return self._service.page(mark.link, size=BATCH)
        except SaysNo as no:
            # A link of Graph's own that it calls wrong would be asked for in vain for ever.
            unusable = no.status == 400 and mark.not_before is None
            if unusable or no.is_stale or isinstance(no, Missing):
                raise CursorExpired("Microsoft forgot how far the mail was read; it is read again from a date") from no
            raise

    def _later_page(self, mark: Mark) -> Page:
        """In the middle of a reading a forgotten link is a pause: the next reading begins with it, and says so."""
        try:
            return self._page(mark)
        except CursorExpired as expired:
            raise Unavailable(str(expired)) from expired


def _wanted(page: Page, mark: Mark) -> list[Row]:
    """What is there and no draft; ``@removed`` tells of what is gone, which undoes nothing that was read."""
    there = [row for row in page.rows if "@removed" not in row and row.get("isDraft") is not True]
    return [row for row in there if mark.not_before is None or arrived(row) >= mark.not_before]


def _after(page: Page, mark: Mark) -> Mark:
    if page.next_link is not None:
        return Mark(link=page.next_link, not_before=mark.not_before)
    if page.delta_link is None:
        raise Unavailable("Microsoft's list of changes ends without its end; it is read again")
    return Mark(link=page.delta_link, not_before=None)
