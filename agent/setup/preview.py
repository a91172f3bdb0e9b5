"""The last few mails of the inbox and what the rules make of them: read, and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from connectors import connect
from connectors.account import Account, Folders
from connectors.message import Message
from rules.judge import judge
from rules.load import Rulebook
from rules.verdict import Meaning, Stage

SHOWN = 5
_DAYS = (1, 4, 15, 60)
"""How far back to look; further only while there were too few. Reading begins with the oldest."""
_BATCHES = 10
"""Batches that are read at most: somebody with a thousand mails a day shall not wait for five of them."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One mail and what it says."""

    arrived: datetime
    subject: str
    says: str


def last_mails(account: Account, rulebook: Rulebook, now: datetime) -> list[Judged]:
    """The newest mails received, the newest first. Raises the failures of ``connectors.port``."""
    inbox = replace(account, folders=Folders())
    with connect(inbox) as mailbox:
        found: list[Message] = []
        for days in _DAYS:
            batches = mailbox.changes(None, not_before=now - timedelta(days=days))
            found = list(_received(message for batch in islice(batches, _BATCHES) for message in batch.messages))
            if len(found) >= SHOWN:
                break
    newest = sorted(found, key=lambda message: message.arrived, reverse=True)[:SHOWN]
    return [Judged(arrived=each.arrived, subject=each.subject, says=says(each, rulebook)) for each in newest]


def _received(messages: Iterator[Message]) -> Iterator[Message]:
    return (message for message in messages if not message.outgoing)


_WORDS = {
    Meaning.NONE: "nothing about an application",
    Meaning.FILLED: "the position is filled",
    Meaning.ON_HOLD: "the position is on hold",
    Meaning.RECEIPT: "your application was received",
    Meaning.FEEDBACK_DECLINED: "no feedback will come",
    Meaning.OUT_OF_OFFICE: "somebody is away",
    Meaning.BOUNCE: "a mail came back",
}


def says(message: Message, rulebook: Rulebook) -> str:
    """A verdict in a few words."""
    verdict = judge(message, rulebook)
    words = _WORDS.get(verdict.meaning, verdict.meaning.value.replace("_", " "))
    if verdict.meaning in (Meaning.REJECTION, Meaning.FILLED) and verdict.stage is Stage.INTERVIEWED:
        words += ", after an interview: a request would be drafted"
    return words
