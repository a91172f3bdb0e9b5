"""Google's answers as plain values. Nothing is believed to be there, or to be of the type the page says."""

import re
from collections.abc import Mapping

from connectors.port import Unavailable

Answer = Mapping[str, object]

_ID = re.compile(r"[A-Za-z0-9_-]{1,1000}")
_NUMBER = re.compile(r"[0-9]{1,30}")
_TOKEN_LIMIT = 500


def text(answer: Answer, name: str) -> str:
    """A string, or nothing."""
    value = answer.get(name)
    return value if isinstance(value, str) else ""


def inner(answer: Answer, name: str) -> Answer:
    """An object inside, or an empty one."""
    value = answer.get(name)
    return value if isinstance(value, dict) else {}


def rows(answer: Answer, name: str) -> list[Answer]:
    """The objects of a list; other things in it are left out."""
    value = answer.get(name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def identity(answer: Answer, name: str = "id") -> str:
    """An id that can stand in a path, or nothing."""
    value = text(answer, name)
    return value if _ID.fullmatch(value) else ""


def labels(answer: Answer, name: str = "labelIds") -> frozenset[str]:
    """Label ids; system labels are words in capitals (developers.google.com/workspace/gmail/api/guides/labels)."""
    value = answer.get(name)
    return frozenset(each for each in value if isinstance(each, str)) if isinstance(value, list) else frozenset()


def number(answer: Answer, name: str) -> int | None:
    """An unsigned number; those of 64 bits come as text. At most 30 digits."""
    value = answer.get(name)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**30:
        return value
    return int(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else None


def history_id(answer: Answer, name: str = "historyId") -> int:
    """Where the mailbox's history stands. Raises ``Unavailable``: going on without it could skip mail."""
    found = number(answer, name)
    if found is None:
        raise Unavailable("Google's answer does not say how far it goes; it is asked again later")
    return found


def next_page(answer: Answer) -> str | None:
    """The token of the next page, None on the last. Raises ``Unavailable`` for one that cannot be sent back."""
    value = answer.get("nextPageToken")
    if not value:
        return None
    if not isinstance(value, str) or len(value) > _TOKEN_LIMIT:
        raise Unavailable("Google's answer goes on in a way that cannot be followed; it is asked again later")
    return value
