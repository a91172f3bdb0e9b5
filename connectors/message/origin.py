"""Who wrote a message: the user, or somebody else."""

from connectors.account import Account
from connectors.message.values import Message


def from_user(message: Message, account: Account) -> bool:
    """Whether a message found outside Sent was written by the user: mail to oneself, or a copy kept by Bcc.

    Its copy in Sent is the same message, so both must be read alike, whichever comes first. A sender who only pretends
    to be the user fails DMARC, and the receiving server says so in the topmost Authentication-Results (RFC 8601 5).
    """
    forged = "dmarc=fail" in (message.header("authentication-results") or "").casefold()
    return message.sender is not None and account.owns(message.sender.address) and not forged
