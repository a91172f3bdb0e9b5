"""One message by its Message-ID, in the mailboxes themselves."""

from datetime import timedelta

from agent.cli import clock
from agent.cli.output import complain
from agent.config.settings import Settings
from connectors import connect
from connectors.account import Account
from connectors.message import Message
from connectors.port import Failure, Query

_BACK = timedelta(days=365)


def message_id(written: str) -> str:
    """A Message-ID as mail has it, with its angle brackets, however the user copied it."""
    return f"<{written.strip().strip('<>')}>"


def find(settings: Settings, wanted: str) -> tuple[Account, Message] | None:
    """The message and the account it lies in, or None. An account that cannot be reached is told and passed over."""
    query = Query(since=clock.now() - _BACK, references=frozenset({wanted}))
    for account in settings.accounts:
        try:
            with connect(account) as mailbox:
                for message in mailbox.search(query):
                    if message.message_id == wanted:
                        return account, message
        except Failure as failure:
            complain(f"{account.name}: {failure}")
    return None
