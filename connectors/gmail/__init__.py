"""Gmail through Google's own API (developers.google.com/gmail/api). Reads, and makes drafts; nothing else.

Google's client is 111 MB on disk, so it comes with the extra ``afterword[gmail]`` and is loaded by nobody else.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from connectors.account import Account
from connectors.oauth import needs_library
from connectors.port import Mailbox

POLL = 30.0
"""Seconds between two looks during ``wait``: one look costs 2 of the 6,000 quota units a minute."""
_LIBRARY = ("googleapiclient", "httplib2", "google")


@contextmanager
def open_mailbox(account: Account, *, poll: float = POLL) -> Iterator[Mailbox]:
    """Sign in, and see that it is the right mailbox. ``poll``: seconds between two looks while waiting.

    Raises ``Refused`` when the user must act (sign-in, another mailbox, missing library), ``Unavailable`` when Google
    does not answer or a configured label is not there.
    """
    try:
        # Late: without the extra these modules cannot be imported, and that must be a sentence.
        from connectors.gmail.mailbox import GmailMailbox
        from connectors.gmail.session import Session
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in _LIBRARY:
            raise
        raise needs_library(account) from missing
    session = Session(account)
    try:
        yield GmailMailbox(session, account, poll=poll)
    finally:
        session.close()
