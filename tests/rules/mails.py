"""Messages for the tests of the rules, and the rules as they are shipped."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from connectors.message import Address, Message, MessageId, MessageKey
from rules.judge import judge
from rules.load import Rulebook, load_rulebook
from rules.verdict import Verdict

ARRIVED = datetime(2026, 5, 12, 9, 30, tzinfo=UTC)
JANE = Address(address="jane.doe@acme.example", name="Jane Doe")
NO_REPLY = Address(address="no-reply@us.greenhouse-mail.io", name="Acme Hiring Team")


@cache
def book() -> Rulebook:
    """All packs, without rules of a user's."""
    return load_rulebook()


def message(text: str | None = None, **fields: Any) -> Message:
    """A mail from Jane to Ana; whatever is not told is not there."""
    known: dict[str, Any] = {
        "key": MessageKey("<notice@acme.example>"),
        "message_id": MessageId("<notice@acme.example>"),
        "in_reply_to": None,
        "references": (),
        "sender": JANE,
        "reply_to": (),
        "to": (Address(address="ana@example.org", name="Ana Sousa"),),
        "cc": (),
        "subject": "",
        "date": ARRIVED,
        "arrived": ARRIVED,
        "outgoing": False,
        "text": text,
        "html": None,
    }
    return Message(**(known | fields))


def verdict(text: str | None = None, **fields: Any) -> Verdict:
    """What the shipped rules say about such a mail."""
    return judge(message(text, **fields), book())
