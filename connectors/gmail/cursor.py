"""How far a mailbox was read, as the journal keeps it."""

import json
import re
from dataclasses import dataclass
from datetime import datetime

from connectors.port import Cursor, CursorExpired

_DAMAGED = "the mark of how far the mail was read is damaged; it is read again from a date"


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Everything up to the history id ``history`` is read.

    While the first reading goes on, ``not_before`` is set: then the messages that arrived at that time or later are
    read in the order of their ids, up to and including ``last``, and what came after ``history`` follows.

    ``owner`` tells whose mailbox it is, in a few letters: another's history has numbers like these.
    """

    history: int
    owner: str
    not_before: datetime | None = None
    last: str = ""


def write(mark: Mark) -> Cursor:
    """The mark as a cursor."""
    kept: dict[str, object] = {"history": mark.history, "owner": mark.owner}
    if mark.not_before is not None:
        kept |= {"not_before": mark.not_before.isoformat(), "last": mark.last}
    return Cursor(json.dumps(kept))


def read(cursor: Cursor, owner: str) -> Mark:
    """The inverse of ``write``. Raises ``CursorExpired`` for a text that is none, and for another mailbox's."""
    try:
        kept = json.loads(cursor)
        history, since, last = kept["history"], kept.get("not_before"), kept.get("last", "")
        not_before = datetime.fromisoformat(since) if since else None
        mark = Mark(history=history, owner=kept["owner"], not_before=not_before, last=last)
        good = type(history) is int and re.fullmatch(r"[A-Za-z0-9_-]{0,1000}", last) is not None
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as odd:
        raise CursorExpired(_DAMAGED) from odd
    if not good:
        raise CursorExpired(_DAMAGED)
    if mark.owner != owner:
        raise CursorExpired("the account has become another mailbox; it is read from a date")
    return mark
