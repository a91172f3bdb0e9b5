"""Connections that break: a failure at once, never a hang, and everything as before on the next connection."""

import logging
import threading
import time
from datetime import timedelta

import pytest

from connectors.imap import wire
from connectors.port import Query, Unavailable
from connectors.wake import Bell
from tests.contract.imap_world import ImapWorld
from tests.contract.mails import ago, draft, fresh_id, mail
from tests.contract.world import keys_since, read_all
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import Proxy


@pytest.mark.parametrize("politely", [True, False])
def test_a_restart_under_a_waiting_connection(world: ImapWorld, server: Dovecot, politely: bool) -> None:
    """With a BYE or without a word: the wait fails soon, and the next connection finds what came since."""
    with world.open() as mailbox:
        cursor = list(mailbox.changes(None, not_before=ago(days=1)))[-1].cursor
        threading.Timer(0.3, server.stop, kwargs={"politely": politely}).start()
        start = time.monotonic()
        with pytest.raises(Unavailable):
            mailbox.wait(timedelta(seconds=20), Bell())
        assert time.monotonic() - start < 3
    world.close()
    with pytest.raises(Unavailable), world.open():
        pass
    server.start()
    new = fresh_id()
    world.deliver(mail(world.account.address, message_id=new))
    with world.open() as mailbox:
        assert keys_since(mailbox, cursor) == [new]


def test_a_silent_server_does_not_hold_the_account(
    world: ImapWorld, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link that delivers nothing any more fails after the read timeout, and every verb after it at once."""
    assert wire.READ_TIMEOUT == 60
    assert wire.CONNECT_TIMEOUT == 15
    monkeypatch.setattr(wire, "READ_TIMEOUT", 0.4)
    with world.open() as mailbox:
        proxy.silent = True
        start = time.monotonic()
        with pytest.raises(Unavailable):
            read_all(mailbox, not_before=ago(days=1))
        assert 0.3 < time.monotonic() - start < 2
        start = time.monotonic()
        for verb in (
            lambda: read_all(mailbox, not_before=ago(days=1)),
            lambda: list(mailbox.search(Query(since=ago(days=1), names=frozenset({"x"})))),
            lambda: mailbox.place_draft(draft(world.account.address)),
            lambda: mailbox.wait(timedelta(seconds=20), Bell()),
        ):
            with pytest.raises(Unavailable):
                verb()
        assert time.monotonic() - start < 0.2


def test_a_server_that_accepts_and_says_nothing(
    proxy: Proxy, world: ImapWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No greeting: given up after the connect timeout."""
    monkeypatch.setattr(wire, "CONNECT_TIMEOUT", 0.3)
    proxy.silent = True
    start = time.monotonic()
    with pytest.raises(Unavailable), world.open():
        pass
    assert time.monotonic() - start < 2


@pytest.mark.parametrize("limit", ["LINE_LIMIT", "LITERAL_LIMIT"])
def test_a_server_that_never_stops_talking(
    world: ImapWorld, proxy: Proxy, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    """A line or a literal out of all proportion is not kept in memory: the connection is given up."""
    assert getattr(wire, limit) < 20_000_000
    monkeypatch.setattr(wire, limit, 20_000)
    world.deliver(mail(world.account.address, text="many words " * 6000))
    flood = b"* SEARCH" + b" 1" * 300_000 if limit == "LINE_LIMIT" else b""
    proxy.rewrite = lambda said: said.replace(b"* SEARCH", flood) if flood else said
    with pytest.raises(Unavailable), world.open() as mailbox:
        read_all(mailbox, not_before=ago(days=1))


def test_leaving_does_not_wait_for_a_dead_server(world: ImapWorld, proxy: Proxy) -> None:
    """LOGOUT is a courtesy of two seconds at most."""
    with world.open():
        proxy.silent = True
        start = time.monotonic()
    assert time.monotonic() - start < 3


def test_no_log_line_holds_an_address_or_a_mail(world: ImapWorld, caplog: pytest.LogCaptureFixture) -> None:
    """At any level: imapclient's and imaplib's debug lines repeat what passes, so they get nothing to repeat."""
    secret = "a very private sentence"
    world.deliver(mail(world.account.address, text=secret, subject=secret))
    with caplog.at_level(logging.DEBUG), world.open() as mailbox:
        world.close()
        caplog.clear()
        read_all(mailbox, not_before=ago(days=1))
        mailbox.place_draft(draft(world.account.address, text=secret))
        list(mailbox.search(Query(since=ago(days=1), correspondents=frozenset({"jane@acme.example"}))))
    lines = [record.getMessage() for record in caplog.records if record.levelno > logging.DEBUG]
    assert not [line for line in lines if "@" in line or secret in line]
    assert not [record for record in caplog.records if secret in record.getMessage()]
