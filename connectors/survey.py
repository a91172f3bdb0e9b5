"""What a mailbox looks like before anybody has configured it: its folders, and which of them is what."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Survey:
    """The folders of one account, by the names that the configuration takes.

    ``drafts`` is None when there is none: it is made with the first draft. ``capabilities`` are those of an IMAP
    server (RFC 9051 7.2.2) in capitals, none elsewhere.
    """

    folders: tuple[str, ...]
    drafts: str | None
    sent: str | None
    junk: str | None
    capabilities: frozenset[str] = frozenset()
