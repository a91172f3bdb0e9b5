"""Connectors speak mail. They know nothing of jobs or applications.

``connect`` is the only way in: it turns an account into a mailbox that keeps the contract of ``connectors.port``.
The concrete connector is imported late, so that an IMAP user never loads Google's client.
"""

from contextlib import AbstractContextManager
from importlib import import_module

from connectors.account import Account
from connectors.port import Mailbox, Refused

_CONNECTORS = {
    "imap": "connectors.imap",
    "gmail": "connectors.gmail",
    "outlook": "connectors.outlook",
    "maildir": "connectors.maildir",
}


def connect(account: Account) -> AbstractContextManager[Mailbox]:
    """Open the account's mailbox; leaving the context closes its connection.

    Raises the failures of ``connectors.port``: ``Refused`` for a wrong password, ``Unavailable`` for a dead server.
    """
    path = _CONNECTORS[account.connector]
    try:
        connector = import_module(path)
    except ModuleNotFoundError as missing:
        if missing.name != path:
            raise
        raise Refused(f"this version has no {account.connector} connector yet; use imap for this account") from None
    opened: AbstractContextManager[Mailbox] = connector.open_mailbox(account)
    return opened
