"""Reading the past, once: so that threads, interviewers and earlier feedback are known. It promises no letter."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from agent.journal import AccountRecord
from agent.turn.given import Given
from agent.turn.reading import judged, take
from connectors.port import Changes, Cursor, CursorExpired


@dataclass(frozen=True, kw_only=True)
class Step:
    """One batch that was read and written down: how many messages, the newest of them, how many could not be read."""

    count: int
    newest: datetime | None
    set_aside: int


def read_past(given: Given, since: datetime) -> Iterator[Step]:
    """Read everything since that day, batch by batch. Broken off, it goes on from there: also when it is asked for
    again on a later day, or for less than before.

    What is younger than ``lookback`` is left to the daemon, which may still write a letter for it. Raises the failures
    of ``connectors.port`` and ``StoreTrouble``; what was read stays read.
    """
    with given.journal.reading() as reader:
        record = reader.account(given.account.name)
    begun = begun_at(record, since)
    try:
        yield from _read(given, begun or since, record.past_cursor if begun else None)
    except CursorExpired:
        yield from _read(given, begun or since, None)


def begun_at(record: AccountRecord, since: datetime) -> datetime | None:
    """Since when an earlier import of the account reads, if that covers this one; then it is gone on with."""
    covers = record.past_since is not None and record.past_since <= since
    return record.past_since if covers and record.past_cursor is not None else None


def _read(given: Given, since: datetime, cursor: Cursor | None) -> Iterator[Step]:
    for batch in given.mailbox.changes(cursor, not_before=since):
        failed = _take(given, batch, since)
        newest = max((message.arrived for message in batch.messages), default=None)
        yield Step(count=len(batch.messages), newest=newest, set_aside=len(batch.set_aside) + failed)


def _take(given: Given, batch: Changes, since: datetime) -> int:
    """Write one batch down, together with its cursor; how many of its messages could not be judged."""
    young = given.now - given.settings.lookback
    old = [message for message in batch.messages if message.arrived < young]
    verdicts = [(message, judged(given, message)) for message in sorted(old, key=lambda one: one.arrived)]
    with given.journal.writing() as writer:
        for message, verdict in verdicts:
            if verdict is not None and not writer.knows(message.key):
                take(given, writer, message, verdict, past=True)
            writer.remember(message.key)
        writer.note_account(given.account.name, past_cursor=batch.cursor, past_since=since)
    return sum(verdict is None for _, verdict in verdicts)
