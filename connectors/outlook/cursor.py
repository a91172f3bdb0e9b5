"""How far the folders of a mailbox were read, as the journal keeps it: one link of Graph's for each folder, whole."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from connectors.port import Cursor, CursorExpired


@dataclass(frozen=True, kw_only=True)
class Mark:
    """How far one folder was read. ``link`` gives what comes after.

    ``not_before`` is set while the folder is read for the first time, also when that is broken off and resumed.
    """

    link: str
    not_before: datetime | None


def write(marks: Mapping[str, Mark], owner: str) -> Cursor:
    """The marks of all folders, by name, as a cursor. ``owner``: whose mailbox it is, in a few letters."""
    kept = {name: [mark.link, mark.not_before.isoformat() if mark.not_before else None] for name, mark in marks.items()}
    return Cursor(json.dumps({"owner": owner, "folders": kept}, ensure_ascii=False))


def read(cursor: Cursor, owner: str) -> dict[str, Mark]:
    """The inverse of ``write``. Raises ``CursorExpired`` for a text that is none, and for another mailbox's."""
    try:
        kept = json.loads(cursor)
        whose, marks = (
            kept["owner"],
            {
                str(name): Mark(link=str(link), not_before=datetime.fromisoformat(not_before) if not_before else None)
                for name, (link, not_before) in kept["folders"].items()
            },
        )
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as odd:
        raise CursorExpired("the mark of how far the mail was read is damaged; it is read again from a date") from odd
    if whose != owner:
        raise CursorExpired("the account has become another mailbox; it is read from a date")
    return marks
