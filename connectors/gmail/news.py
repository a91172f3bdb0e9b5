"""What came since a cursor, from the mailbox's history (developers.google.com/workspace/gmail/api/guides/sync)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from connectors.gmail import cursor
from connectors.gmail.answers import Answer, history_id, identity, inner, labels, next_page, number, rows
from connectors.gmail.cursor import Mark
from connectors.gmail.failures import SaysNo
from connectors.gmail.labels import SPAM
from connectors.gmail.reading import Found, Reader
from connectors.gmail.session import PAGE, PAGES, Request, Session
from connectors.port import Changes, CursorExpired, SetAside, Unavailable, Unreadable

BATCH = 50
"""Messages in one batch: all that is held in memory, and 1,000 of the 6,000 quota units a minute."""
NOT_MAIL = frozenset({"DRAFT", "TRASH", "SPAM", "CHAT"})
_TYPES = ["messageAdded", "labelAdded", "labelRemoved"]


class News:
    """Reads on from where it was left. ``watched`` are label ids, ``owner`` stands in the cursors."""

    def __init__(self, session: Session, reader: Reader, watched: Sequence[str], owner: str) -> None:
        self._session = session
        self._reader = reader
        self._watched = frozenset(watched)
        self._owner = owner
        self._not_mail = NOT_MAIL - (self._watched & {SPAM})

    def now(self) -> int:
        """Where the history stands."""
        return history_id(self._session.read(self._session.users.getProfile(userId="me")))

    def since(self, mark: Mark | None, not_before: datetime) -> Iterator[Changes]:
        """Batches, each with the cursor that covers it and all before it; the last one may be empty.

        The history's place is taken before the mailbox is listed: what comes meanwhile is met twice, never not at all.
        """
        if mark is None:
            mark = Mark(history=self.now(), owner=self._owner, not_before=not_before)
        elif mark.not_before is not None:
            self._page(mark.history, None)  # a forgotten cursor is told before anything is read
        given: set[str] = set()
        if mark.not_before is not None:
            yield from self._listed(mark, mark.not_before, given)
        yield from self._later(mark.history, given)

    def look(self, history: int) -> tuple[bool, int]:
        """Whether mail has come since, and where to look from next time. One page at most."""
        page = self._page(history, None)
        turns = _Turns(self._watched, set())
        came = any(turns.candidates(record) for record in rows(page, "history"))
        return came or next_page(page) is not None, max(history, history_id(page))

    def _listed(self, mark: Mark, not_before: datetime, given: set[str]) -> Iterator[Changes]:
        """The mail since a date, in the order of its ids: they stay, and tell on their own how far it was read."""
        todo = [each for each in self._ids_since(not_before) if _rank(each) > _rank(mark.last)]
        for start in range(0, len(todo), BATCH):
            chunk = todo[start : start + BATCH]
            found, aside = self._read(chunk)
            young = [each for each in found if each.message.arrived >= not_before]
            given.update(chunk)
            yield _changes(young, aside, replace(mark, last=chunk[-1]))

    def _ids_since(self, not_before: datetime) -> list[str]:
        """``after:`` takes seconds since 1970 (developers.google.com/workspace/gmail/api/guides/filtering)."""
        query = f"after:{max(int(not_before.timestamp()) - 1, 0)}"
        found = (each for label in sorted(self._watched) for each in self._list(label, query))
        return sorted(set(found), key=_rank)

    def _list(self, label: str, query: str) -> Iterator[str]:
        def ask(token: str | None) -> Request:
            messages = self._session.users.messages()
            hidden = label == SPAM  # else left out, though asked for
            return messages.list(
                userId="me", labelIds=[label], q=query, includeSpamTrash=hidden, maxResults=PAGE, pageToken=token
            )

        return (own for each in self._session.pages("messages", ask) if (own := identity(each)))

    def _later(self, history: int, given: set[str]) -> Iterator[Changes]:
        """What the history tells. A record's own number is the cursor behind it, and the first page's the end:
        a later page may tell a number whose records are on none of the pages.
        """
        first = self._page(history, None)
        end, waiting, turns = max(history, history_id(first)), list[str](), _Turns(self._watched, given)
        for record in self._records(history, first):
            new = turns.candidates(record)
            if waiting and len(waiting) + len(new) > BATCH:
                yield self._batch(waiting, history)
                waiting = []
            waiting += new
            while len(waiting) > BATCH:  # one record with more than a batch: its cursor comes with its last message
                yield self._batch(waiting[:BATCH], history)
                waiting = waiting[BATCH:]
            history = max(history, number(record, "id") or 0)
        yield self._batch(waiting, max(history, end))

    def _batch(self, ids: Sequence[str], history: int) -> Changes:
        found, aside = self._read(ids)
        return _changes(found, aside, Mark(history=history, owner=self._owner))

    def _records(self, history: int, page: Answer) -> Iterator[Answer]:
        for _ in range(PAGES):
            yield from rows(page, "history")
            token = next_page(page)
            if token is None:
                return
            page = self._page(history, token)
        raise Unavailable("Google's history does not come to an end; it is asked for again later")

    def _page(self, history: int, token: str | None) -> Answer:
        """Raises ``CursorExpired`` when Google has forgotten this place: after a week or more, at times after hours."""
        asked = self._session.users.history().list(
            userId="me", startHistoryId=str(history), historyTypes=_TYPES, maxResults=PAGE, pageToken=token
        )
        try:
            return self._session.read(asked)
        except SaysNo as no:
            if no.status not in (400, 404):
                raise
            raise CursorExpired("Google has forgotten how far the mail was read; it is read again from a date") from no

    def _read(self, ids: Sequence[str]) -> tuple[list[Found], list[SetAside]]:
        """The messages that are still there and still mail; a draft or what was thrown away is none."""
        found, aside = [], []
        for each in ids:
            try:
                one = self._reader.read(each)
            except Unreadable as reason:
                aside.append(SetAside(place=f"Gmail message {each}", reason=str(reason)))
            else:
                found += [one] if one and not one.labels & self._not_mail else []
        return found, aside


class _Turns:
    """What the history's records mean: which messages came into a watched label, each once."""

    def __init__(self, watched: frozenset[str], given: set[str]) -> None:
        self._watched = watched
        self._given = given
        self._added: set[str] = set()

    def candidates(self, record: Answer) -> list[str]:
        """New messages, and old ones moved in. One that left again before we looked did come: it was archived."""
        came = []
        for each in rows(record, "messagesAdded"):
            message = inner(each, "message")
            self._added.add(identity(message))
            came += [identity(message)] if self._is_ours(labels(message)) else []
        for each in rows(record, "labelsAdded"):
            came += [identity(inner(each, "message"))] if self._is_ours(labels(each)) else []
        for each in rows(record, "labelsRemoved"):
            own = identity(inner(each, "message"))
            came += [own] if own in self._added and self._is_ours(labels(each)) else []
        new = [each for each in dict.fromkeys(came) if each and each not in self._given]
        self._given.update(new)
        return new

    def _is_ours(self, marked: frozenset[str]) -> bool:
        return bool(marked & self._watched) and "DRAFT" not in marked


def _changes(found: Sequence[Found], aside: Sequence[SetAside], mark: Mark) -> Changes:
    messages = sorted((each.message for each in found), key=lambda message: message.arrived)
    return Changes(messages=tuple(messages), cursor=cursor.write(mark), set_aside=tuple(aside))


def _rank(own: str) -> tuple[int, str]:
    """Ids are hexadecimal numbers without leading zeros."""
    return len(own), own
