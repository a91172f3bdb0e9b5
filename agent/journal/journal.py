"""What happened, written down before anything is done about it.

Events are only ever appended, together with the cursor of the mail they were made from. The snapshot of a case and
the index of its references are kept in the same transaction and can be made again from the events.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from agent.case import Case, CaseId, Event, Mail, State, advance, opened, replay
from agent.journal import schema
from agent.journal.names import own_names, references
from agent.journal.store import StoreTrouble, explained, open_engine
from agent.journal.upgrade import remove_copies
from connectors.port import Cursor

_EVENT: TypeAdapter[Event] = TypeAdapter(Event)
_CASE: TypeAdapter[Case] = TypeAdapter(Case)

_FORGOTTEN = "forgotten "
"""Before the names of what the user wanted forgotten, so that they differ from those of what was merely judged."""

_LOOKED_AT = 200
"""References of a message, the last ones: its parent is among them (RFC 5322 3.6.4)."""

_WIPE = "wipe"
"""In ``meta`` from the forgetting until the file is rewritten, should the power go in between."""

_TRIES = 3

_ID_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""No letter that is taken for another when read aloud or copied by hand."""


@dataclass(frozen=True, kw_only=True)
class AccountRecord:
    """How far an account was read and how it fares."""

    name: str
    cursor: Cursor | None = None
    first_turn: datetime | None = None
    last_turn: datetime | None = None
    trouble: str | None = None
    trouble_since: datetime | None = None
    set_aside: int = 0
    """Messages that could not be read so far."""
    past_cursor: Cursor | None = None
    """How far an `import` of the past has come, and since when it reads."""
    past_since: datetime | None = None
    told_ending: datetime | None = None
    """The end of the sign-in that the user was told of."""


class Reader:
    """Reads the journal within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def case(self, case_id: str) -> Case | None:
        """One case, or None."""
        body = self._connection.scalar(select(schema.case.c.body).where(schema.case.c.case_id == case_id))
        return _CASE.validate_json(body) if body else None

    def cases(self, *states: State) -> list[Case]:
        """The cases in these states, or all of them; in the order they were opened."""
        query = select(schema.case.c.body)
        if states:
            query = query.where(schema.case.c.state.in_([state.value for state in states]))
        found = [_CASE.validate_json(body) for body in self._connection.scalars(query)]
        return sorted(found, key=lambda case: (case.opened, case.id))

    def events(self, case_id: str) -> list[Event]:
        """Everything that happened to a case, in order."""
        query = select(schema.event.c.body).where(schema.event.c.case_id == case_id).order_by(schema.event.c.id)
        return [_EVENT.validate_json(body) for body in self._connection.scalars(query)]

    def by_reference(self, names: Iterable[str]) -> list[Case]:
        """The cases that any of the names belongs to; see ``references``."""
        wanted = sorted(set(names))
        if not wanted:
            return []
        query = select(schema.reference.c.case_id).where(schema.reference.c.name.in_(wanted)).distinct()
        found = [self.case(case_id) for case_id in self._connection.scalars(query)]
        return sorted((case for case in found if case), key=lambda case: (case.opened, case.id))

    def knows(self, key: str) -> bool:
        """Whether the message was judged before, in whichever account."""
        return self._has_seen([key])

    def is_forgotten(self, mail: Mail) -> bool:
        """Whether the message belonged to a case that the user wanted forgotten, or answers one of it and belongs to no
        other case."""
        if self._has_seen([_FORGOTTEN + f"key:{mail.key}"]):
            return True
        names = [*own_names(mail), *(f"id:{reference}" for reference in mail.references[-_LOOKED_AT:])]
        return self._has_seen([_FORGOTTEN + name for name in names]) and not self.by_reference(names)

    def accounts(self) -> list[str]:
        """The names of the accounts that were ever read."""
        return sorted(self._connection.scalars(select(schema.account.c.name)))

    def account(self, name: str) -> AccountRecord:
        """How an account fares; a new one has an empty record."""
        row = self._connection.execute(select(schema.account).where(schema.account.c.name == name)).mappings().first()
        if row is None:
            return AccountRecord(name=name)
        return AccountRecord(**{key: _aware(value) for key, value in row.items()})

    def must_wipe(self) -> bool:
        """Whether forgotten words may still stand in the file."""
        return self._connection.scalar(select(schema.meta.c.value).where(schema.meta.c.name == _WIPE)) is not None

    def last_event(self) -> int:
        """The number of the newest event, 0 when there is none."""
        return self._connection.scalar(select(func.max(schema.event.c.id))) or 0

    def _has_seen(self, keys: Sequence[str]) -> bool:
        digests = [self._digest(key) for key in keys]
        query = select(schema.seen.c.digest).where(schema.seen.c.digest.in_(digests)).limit(1)
        return self._connection.scalar(query) is not None

    def _digest(self, key: str) -> str:
        secret = self._connection.scalar(select(schema.meta.c.value).where(schema.meta.c.name == "secret"))
        return hmac.new(bytes.fromhex(secret or ""), key.encode(errors="replace"), hashlib.sha256).hexdigest()


class Writer(Reader):
    """Reads and appends within one transaction; all of it is kept, or nothing."""

    def open_case(self, at: datetime) -> Case:
        """A new case, not stored before its first event, which must bear the same time."""
        while True:
            case_id = CaseId("".join(secrets.choice(_ID_LETTERS) for _ in range(6)))
            if self.case(case_id) is None:
                return opened(case_id, at)

    def append(self, case: Case, *events: Event) -> Case:
        """Write the events down and return the case after them. Raises ``IllegalTransition``."""
        for event in events:
            case = advance(case, event)
            body = _EVENT.dump_json(event).decode()
            row = {"case_id": case.id, "at": event.at, "kind": event.kind, "body": body}
            self._connection.execute(insert(schema.event).values(row))
        self._keep(case)
        return case

    def ensure_secret(self) -> None:
        """Mint, once for the life of the store, the key of the hashes in ``seen``."""
        if self._connection.scalar(select(schema.meta.c.value).where(schema.meta.c.name == "secret")) is None:
            self._connection.execute(insert(schema.meta).values(name="secret", value=secrets.token_hex(32)))

    def remember(self, key: str) -> None:
        """The message is judged. Only a keyed hash is kept."""
        if not self.knows(key):
            self._connection.execute(insert(schema.seen).values(digest=self._digest(key)))

    def note_account(self, name: str, **values: Any) -> None:
        """Change fields of the account's record."""
        exists = self._connection.scalar(select(schema.account.c.name).where(schema.account.c.name == name))
        if exists is None:
            self._connection.execute(insert(schema.account).values(name=name, **values))
        else:
            self._connection.execute(update(schema.account).where(schema.account.c.name == name).values(**values))

    def forget(self, case: Case) -> None:
        """Delete everything about a case. What stays are keyed hashes, so that its mail stays silent, also when it is
        read again or answered. ``Journal.compact`` then wipes the words from the file."""
        for name in references(case):
            self.remember(_FORGOTTEN + name)
        for mail in case.mails:
            self.remember(mail.key)
        for table in (schema.reference, schema.event, schema.case):
            self._connection.execute(delete(table).where(table.c.case_id == case.id))
        if not self.must_wipe():
            self._connection.execute(insert(schema.meta).values(name=_WIPE, value="due"))

    def forget_account(self, name: str) -> None:
        """Delete how far an account was read; its cases are forgotten one by one."""
        self._connection.execute(delete(schema.account).where(schema.account.c.name == name))

    def wiped(self) -> None:
        """The file holds no forgotten words any more."""
        self._connection.execute(delete(schema.meta).where(schema.meta.c.name == _WIPE))

    def rebuild(self) -> int:
        """Make every snapshot again from the events; the number of cases."""
        order = select(schema.event.c.case_id, func.min(schema.event.c.id)).group_by(schema.event.c.case_id)
        ids = [row[0] for row in self._connection.execute(order.order_by(func.min(schema.event.c.id)))]
        for case_id in ids:
            self._keep(self.replayed(case_id))
        return len(ids)

    def replayed(self, case_id: str) -> Case:
        """The case as its events alone tell it."""
        history = self.events(case_id)
        return replay(opened(CaseId(case_id), history[0].at), history)

    def _keep(self, case: Case) -> None:
        values = {
            "account": case.account,
            "state": case.state.value,
            "last_event": self.last_event(),
            "body": _CASE.dump_json(case).decode(),
        }
        where = schema.case.c.case_id == case.id
        if self._connection.execute(update(schema.case).where(where).values(**values)).rowcount == 0:
            self._connection.execute(insert(schema.case).values(case_id=case.id, **values))
        self._index(case)

    def _index(self, case: Case) -> None:
        kept = set(
            self._connection.scalars(select(schema.reference.c.name).where(schema.reference.c.case_id == case.id))
        )
        wanted = {name[:1000] for name in references(case)}
        if gone := kept - wanted:
            where = (schema.reference.c.case_id == case.id) & schema.reference.c.name.in_(gone)
            self._connection.execute(delete(schema.reference).where(where))
        if new := wanted - kept:
            rows: Sequence[dict[str, str]] = [{"name": name, "case_id": case.id} for name in sorted(new)]
            self._connection.execute(insert(schema.reference), rows)


class Journal:
    """The store of one user. Safe to use from several threads and processes: every call is one transaction."""

    def __init__(self, url: str) -> None:
        """Open the store, making or upgrading it. Raises ``StoreTrouble``."""
        self.url = url
        self._engine: Engine = open_engine(url)
        with self.writing() as writer:
            writer.ensure_secret()
            must_wipe = writer.must_wipe()
        if must_wipe:
            with suppress(StoreTrouble):  # the next opening tries again
                self.compact()

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def compact(self) -> None:
        """Make forgotten words unreadable in the file too: rewrite it and empty the write-ahead log (SQLite).
        Copies from before an upgrade hold them as well, and go.

        Raises ``StoreTrouble`` when others use the store all the time; then the next opening does it.
        """
        if self._engine.dialect.name == "sqlite":
            with explained(self.url):
                self._rewrite()
        with self.writing() as writer:
            writer.wiped()

    def _rewrite(self) -> None:
        remove_copies(self._engine)
        connection = self._engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("VACUUM")
            for _ in range(_TRIES):  # each waits `BUSY_TIMEOUT` for readers of the old log to finish
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                busy, _, _ = cursor.fetchone() or (1, 0, 0)
                if not busy:
                    return
        finally:
            connection.close()
        raise StoreTrouble("The store is in use all the time, so its file could not be rewritten yet.")

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """A consistent view. Raises ``StoreTrouble``."""
        with explained(self.url), self._engine.connect() as connection:
            connection.execution_options(reading=True)
            yield Reader(connection)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """One transaction: kept as a whole when the block ends, dropped as a whole when it raises ``StoreTrouble``.

        No network call belongs into it.
        """
        with explained(self.url), self._engine.begin() as connection:
            yield Writer(connection)


def _aware(value: Any) -> Any:
    # SQLite keeps no offset; everything written is UTC.
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value
