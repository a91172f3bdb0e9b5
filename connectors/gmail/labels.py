"""Which labels are watched. In Gmail a folder is a label, and a mail lies in several at once."""

import difflib
from collections.abc import Sequence

from connectors.gmail.answers import identity, rows, text
from connectors.gmail.reading import SENT
from connectors.gmail.session import Session
from connectors.port import Unavailable

INBOX, SPAM = "INBOX", "SPAM"
_WELL_KNOWN = {"inbox": INBOX, "junk": SPAM, "spam": SPAM}


def watched(session: Session, names: Sequence[str]) -> tuple[str, ...]:
    """The ids of the labels with these names, and of sent mail. Raises ``Unavailable`` for a name that is none."""
    ids = [_WELL_KNOWN.get(name.casefold()) for name in names]
    if None in ids:
        listed = rows(session.read(session.users.labels().list(userId="me")), "labels")
        known = {text(each, "name").casefold(): identity(each) for each in listed}
        ids = [found or _existing(name, known) for found, name in zip(ids, names, strict=True)]
    return tuple(dict.fromkeys([*(each for each in ids if each), SENT]))


def _existing(name: str, known: dict[str, str]) -> str:
    found = known.get(name.casefold())
    if not found:
        near = difflib.get_close_matches(name.casefold(), known, n=3, cutoff=0.5) or list(known)[:5]
        raise Unavailable(
            f"there is no label `{name}` in this mailbox; it has {', '.join(near)}. Check `folders:`, "
            "or create it in Gmail"
        )
    return found
