"""Reading the past, once: so that threads, interviewers and earlier feedback are known. It promises no letter."""

from collections.abc import Iterator
from datetime import datetime

from agent.turn.given import Given
from agent.turn.reading import judged, take
from connectors.port import Cursor, CursorExpired


def read_past(given: Given, since: datetime) -> Iterator[int]:
    """Read everything since that day; after each batch, how many messages it had. Broken off, it goes on from there.

    What is younger than ``lookback`` is left to the daemon, which may still write a letter for it.
    """
    with given.journal.reading() as reader:
        record = reader.account(given.account.name)
    cursor = record.past_cursor if record.past_since == since else None
    try:
        yield from _read(given, since, cursor)
    except CursorExpired:
        yield from _read(given, since, None)


def _read(given: Given, since: datetime, cursor: Cursor | None) -> Iterator[int]:
    young = given.now - given.settings.lookback
    for batch in given.mailbox.changes(cursor, not_before=since):
        old = [message for message in batch.messages if message.arrived < young]
        verdicts = [(message, judged(given, message)) for message in old]
        with given.journal.writing() as writer:
            for message, verdict in verdicts:
                if verdict is not None and not writer.knows(message.key):
                    take(given, writer, message, verdict, past=True)
                writer.remember(message.key)
            writer.note_account(given.account.name, past_cursor=batch.cursor, past_since=since)
        yield len(batch.messages)
