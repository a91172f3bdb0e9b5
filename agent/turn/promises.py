"""Promising a letter: written down, with its Message-ID, before it is drafted."""

from datetime import datetime

from agent.case import Case, LetterKind
from agent.case.events import LetterPromised
from agent.journal import Writer
from connectors.account import Account
from connectors.message.serialise import mint_message_id


def promise(writer: Writer, case: Case, kind: LetterKind, account: Account, now: datetime) -> Case:
    """Promise the next letter of the case."""
    event = LetterPromised(
        at=now,
        letter=kind,
        number=len(case.letters) + 1,
        message_id=mint_message_id(account.address.rpartition("@")[2]),
        account=account.name,
        series=sum(letter.kind is kind for each in writer.cases() for letter in each.letters),
    )
    return writer.append(case, event)
