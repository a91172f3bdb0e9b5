"""Microsoft 365 and Outlook.com through Microsoft Graph v1.0 (learn.microsoft.com/graph). Reads, and makes drafts.

Plain REST: the ``Prefer`` headers that this needs are hidden by Microsoft's own SDK.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from connectors.account import Account
from connectors.outlook.mailbox import POLL, OutlookMailbox
from connectors.outlook.owner import owner_of
from connectors.outlook.service import Service
from connectors.port import Mailbox


@contextmanager
def open_mailbox(account: Account, *, poll: float = POLL) -> Iterator[Mailbox]:
    """Sign in, check whose mailbox it is, find the folders. ``poll``: seconds between two looks while waiting.

    Raises ``Refused`` when the user must act (sign-in, permissions, another person's mailbox), ``Unavailable`` when
    nobody answers or a configured folder is not there.
    """
    service = Service(account)
    try:
        yield OutlookMailbox(service, account, owner_of(service, account), poll=poll)
    finally:
        service.close()
