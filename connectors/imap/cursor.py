"""How far the folders of an account were read, as the journal keeps it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from connectors.port import Cursor, CursorExpired


@dataclass(frozen=True, kw_only=True)
class Mark:
    """How far one folder was read: up to but not including ``uidnext``.

    Messages below ``dated`` were there when the folder was first read, so of them only those count that arrived at
    ``not_before`` or later, also when that first reading was broken off and is resumed.
    """

    uidvalidity: int
    uidnext: int
    dated: int
    not_before: datetime


def write(marks: Mapping[str, Mark]) -> Cursor:
    """The marks of all folders, by name, as a cursor."""
    kept = {
        folder: [mark.uidvalidity, mark.uidnext, mark.dated, mark.not_before.isoformat()]
        for folder, mark in marks.items()
    }
    return Cursor(json.dumps(kept, ensure_ascii=False))


def read(cursor: Cursor) -> dict[str, Mark]:
    """The inverse of ``write``. Raises ``CursorExpired`` for a text that is no cursor of ours."""
    try:
        return {
            folder: Mark(
                uidvalidity=int(uidvalidity),
                uidnext=int(uidnext),
                dated=int(dated),
                not_before=datetime.fromisoformat(not_before),
            )
            for folder, (uidvalidity, uidnext, dated, not_before) in json.loads(cursor).items()
        }
    except (ValueError, TypeError, AttributeError) as odd:
        raise CursorExpired("the mark of how far the mail was read is damaged; it is read again from a date") from odd
