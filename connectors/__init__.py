"""Connectors speak mail. They know nothing of jobs or applications.

``connect`` is the only way in: it turns an account into a mailbox that keeps the contract of ``connectors.port``.
The concrete connector is imported late, so that an IMAP user never loads Google's client.
"""

from contextlib import AbstractContextManager
from importlib import import_module
from types import ModuleType

from connectors.account import Account
from connectors.port import Mailbox
from connectors.reached import Reached, over_https
from connectors.survey import Survey

_CONNECTORS = {
    "imap": "connectors.imap",
    "gmail": "connectors.gmail",
    "outlook": "connectors.outlook",
    "maildir": "connectors.maildir",
}

_APIS = {"gmail": "https://gmail.googleapis.com/", "outlook": "https://graph.microsoft.com/"}


def connect(account: Account) -> AbstractContextManager[Mailbox]:
    """Open the account's mailbox; leaving the context closes its connection.

    Raises the failures of ``connectors.port``: ``Refused`` for a wrong password, ``Unavailable`` for a dead server.
    """
    opened: AbstractContextManager[Mailbox] = _connector(account).open_mailbox(account)
    return opened


def survey(account: Account) -> Survey | None:
    """Sign in, look which folders there are, and leave. None where the provider's own API settles what is what.

    Raises the failures of ``connectors.port``, as ``connect`` does; a folder that is not there is no failure.
    """
    look = getattr(_connector(account), "survey", None)
    found: Survey | None = look(account) if look else None
    return found


def reach(account: Account) -> Reached | None:
    """Whether anybody answers there, without signing in. None where there is no server. Raises as ``connect`` does."""
    if account.connector in _APIS:
        return over_https(account.endpoint or _APIS[account.connector])
    if account.connector != "imap":
        return None
    found: Reached = import_module("connectors.imap.reaching").reach(account)
    return found


def _connector(account: Account) -> ModuleType:
    return import_module(_CONNECTORS[account.connector])
