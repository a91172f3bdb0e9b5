"""The IMAP connector keeps the contract, on servers of many kinds, and leaves no trace but drafts on any of them."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial

import pytest
from imapclient.imap_utf7 import encode

from connectors.account import Tls
from tests.contract.imap_bytes import misdeeds
from tests.contract.imap_world import OTHER_HANDS, ImapWorld, account_on
from tests.contract.mailbox import MailboxContract
from tests.contract.world import World
from tests.servers.dovecot import STRIPPED, Dovecot
from tests.servers.pymap import Pymap


@contextmanager
def _dovecot(
    *,
    storage: str = "maildir",
    prefix: str = "",
    drafts: str = "Drafts",
    special_use: bool = True,
    capability: str | None = None,
    tls: Tls = Tls.NONE,
) -> Iterator[ImapWorld]:
    protected = tls is not Tls.NONE
    with Dovecot(
        storage=storage,
        prefix=prefix,
        drafts=drafts,
        special_use=special_use,
        capability=capability,
        tls=protected,
        rawlog=True,
    ) as server:
        port = server.tls_port if tls is Tls.IMPLICIT else server.port
        account = account_on(server, port=port, tls=tls, ca=server.ca if protected else None)
        world = ImapWorld(server, account, prefix=prefix, drafts=drafts)
        yield world
        world.count()
        _left_no_trace(server, encode(prefix + drafts).decode())


def _left_no_trace(server: Dovecot, drafts: str) -> None:
    """By the server's own record of every byte: the connector read without marking, and wrote drafts alone."""
    records = server.raw_bytes_sent_by_clients()
    connectors = [sent for sent in records if OTHER_HANDS.encode() not in sent]
    assert len(records) > len(connectors), "no record was kept: the user's own hands are not in it"
    assert [misdeeds(sent, drafts=drafts) for sent in connectors] == [[] for _ in connectors]


@contextmanager
def _pymap() -> Iterator[ImapWorld]:
    with Pymap() as server:
        yield ImapWorld(server, account_on(server), folders=False)


_KINDS: dict[str, Callable[[], AbstractContextManager[ImapWorld]]] = {
    "maildir": _dovecot,
    "mdbox": partial(_dovecot, storage="mdbox"),
    "starttls": partial(_dovecot, tls=Tls.STARTTLS),
    "tls": partial(_dovecot, tls=Tls.IMPLICIT),
    "stripped": partial(_dovecot, capability=STRIPPED, special_use=False),
    "prefix": partial(_dovecot, prefix="INBOX."),
    "german": partial(_dovecot, drafts="Entwürfe", special_use=False),
    "pymap": _pymap,
}


@pytest.fixture(params=_KINDS)
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """An empty mailbox on each kind of server."""
    with _KINDS[request.param]() as one:
        yield one
        one.close()


class TestImap(MailboxContract):
    """IMAP."""


def test_the_record_shows_misdeeds() -> None:
    """The judge of the record knows right from wrong, literals included."""
    append = b'A1 APPEND "Drafts" (\\Draft \\Seen) "23-Nov-2026 10:00:00 +0000" {12}\r\nA2 EXPUNGE\r\n\r\n'
    good = b'A0 EXAMINE "INBOX"\r\n' + append + b"A3 UID FETCH 1 (RFC822.SIZE BODY.PEEK[1]<0.9>)\r\nA4 IDLE\r\nDONE\r\n"
    assert misdeeds(good, drafts="Drafts") == []
    for bad in (
        b"A1 SELECT INBOX\r\n",
        b"A1 EXPUNGE\r\n",
        b"A1 UID STORE 1 +FLAGS (\\Seen)\r\n",
        b"A1 UID FETCH 1 (BODY[1])\r\n",
        b"A1 FETCH 1 RFC822\r\n",
        b'A1 CREATE "Other"\r\n',
        append.replace(b"Drafts", b"Sent"),
        append.replace(b" \\Seen", b""),
    ):
        assert len(misdeeds(good + bad, drafts="Drafts")) == 1
