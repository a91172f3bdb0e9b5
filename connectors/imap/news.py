"""What came since a cursor: which UIDs, and the batches made of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from connectors.imap import cursor
from connectors.imap.cursor import Mark
from connectors.imap.reading import Reader
from connectors.imap.searching import since_day
from connectors.imap.session import Opened, Session
from connectors.port import Changes, CursorExpired, Unavailable

BATCH = 50
"""Messages in one batch: all that is held in memory, a few hundred KB each at most."""


@dataclass(frozen=True, kw_only=True)
class _Unread:
    """What is new in one folder: the UIDs, and the marks before and after them."""

    folder: str
    uids: Sequence[int]
    before: Mark
    after: Mark


class News:
    """Reads the folders on from where they were left."""

    def __init__(self, session: Session, reader: Reader, folders: Sequence[str]) -> None:
        self._session = session
        self._reader = reader
        self._folders = folders

    def since(self, marks: dict[str, Mark], not_before: datetime) -> Iterator[Changes]:
        """Batches, each with the cursor that covers it and all before it, and an empty last one.

        All folders are looked at before the first batch, so that a forgotten cursor is told before anything is read.
        """
        todo = [self._unread(folder, marks.get(folder), not_before) for folder in self._folders]
        marks = {each.folder: each.before for each in todo}
        for each in todo:
            for start in range(0, len(each.uids), BATCH):
                uids = each.uids[start : start + BATCH]
                marks[each.folder] = replace(each.before, uidnext=uids[-1] + 1)
                yield self._batch(each, uids, marks)
            marks[each.folder] = each.after
        yield Changes(messages=(), cursor=cursor.write(marks))

    def _batch(self, unread: _Unread, uids: Sequence[int], marks: dict[str, Mark]) -> Changes:
        # Between two batches the caller may have opened another folder on this connection.
        if self._session.examine(unread.folder).uidvalidity != unread.before.uidvalidity:
            raise Unavailable(f"the folder `{unread.folder}` was made anew while it was read; it is looked at again")
        found, aside = self._reader.read(unread.folder, uids)
        messages = [each.message for each in found if "\\draft" not in each.flags]
        messages.sort(key=lambda message: message.arrived)
        return Changes(messages=tuple(messages), cursor=cursor.write(marks), set_aside=tuple(aside))

    def _unread(self, folder: str, mark: Mark | None, not_before: datetime) -> _Unread:
        opened = self._session.examine(folder)
        if mark is None:
            mark = Mark(uidvalidity=opened.uidvalidity, uidnext=1, dated=opened.uidnext, not_before=not_before)
        if mark.uidvalidity != opened.uidvalidity:
            raise CursorExpired(f"the mail server numbered `{folder}` anew; it is read again from a date")
        uids = self._dated(mark) + self._later(mark, opened)
        end = max(mark.uidnext, opened.uidnext, *(uid + 1 for uid in uids[-1:]))
        return _Unread(folder=folder, uids=uids, before=mark, after=replace(mark, uidnext=end))

    def _dated(self, mark: Mark) -> list[int]:
        if mark.uidnext >= mark.dated:
            return []
        uids = self._session.search("SINCE", since_day(mark.not_before), "UID", f"{mark.uidnext}:{mark.dated - 1}")
        arrivals = self._reader.arrivals(uids)
        return [uid for uid in uids if uid in arrivals and arrivals[uid] >= mark.not_before]

    def _later(self, mark: Mark, opened: Opened) -> list[int]:
        first = max(mark.uidnext, mark.dated)
        return newer(self._session, first) if opened.uidnext > first else []


def newer(session: Session, first: int) -> list[int]:
    """UIDs from ``first`` on. ``n:*`` always includes the last message, however old it is (RFC 9051 9, seq-range)."""
    return [uid for uid in session.search("UID", f"{first}:*") if uid >= first]
