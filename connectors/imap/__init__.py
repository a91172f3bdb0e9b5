"""IMAP4rev1 and rev2 (RFC 3501, RFC 9051), as real servers speak it. Reads, and appends drafts; nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager

from connectors.account import Account
from connectors.imap.folders import survey_of
from connectors.imap.idle import POLL
from connectors.imap.mailbox import ImapMailbox
from connectors.imap.session import Session
from connectors.port import Mailbox
from connectors.survey import Survey


@contextmanager
def open_mailbox(account: Account, *, poll: float = POLL) -> Iterator[Mailbox]:
    """Connect, sign in, find the folders. ``poll``: seconds between two looks where the server has no IDLE.

    Raises ``Refused`` when the user must act (password, certificate), ``Unavailable`` when nobody answers or a
    configured folder is not there.
    """
    session = Session(account)
    try:
        yield ImapMailbox(session, account, poll=poll)
    finally:
        session.close()


def survey(account: Account) -> Survey:
    """Which folders there are. Fails as ``open_mailbox`` does, but asks for no folder that would have to be there."""
    session = Session(account)
    try:
        return survey_of(session.list_folders(), session.prefix(), session.capabilities)
    finally:
        session.close()
