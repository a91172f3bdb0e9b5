"""Waiting on a real server, and on one that says odd things."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.account import Tls
from connectors.imap import idle, open_mailbox
from connectors.port import Mailbox, Unavailable
from connectors.wake import Bell
from tests.contract.imap_world import ImapWorld, account_on
from tests.contract.mails import ago, fresh_id, mail
from tests.contract.world import keys_since, read_all
from tests.servers.dovecot import STRIPPED, Dovecot
from tests.servers.proxy import Proxy

LONG = timedelta(seconds=20)
"""Far longer than any test may take: a wait that lasts so long has missed its reason."""


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    """Dovecot on loopback."""
    with Dovecot() as one:
        yield one


@pytest.fixture
def mailbox(world: ImapWorld) -> Iterator[Mailbox]:
    """A mailbox that has been read to its end."""
    with world.open() as one:
        read_all(one, not_before=ago(days=1))
        yield one


def _when_idle(proxy: Proxy, act: Callable[[], object]) -> threading.Thread:
    """Do something as soon as the connector has gone idle."""
    before = proxy.asked.count(b" IDLE\r\n")

    def watch() -> None:
        while proxy.asked.count(b" IDLE\r\n") == before:
            time.sleep(0.005)
        time.sleep(0.05)
        act()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    return thread


def _seconds(act: Callable[[], object]) -> float:
    start = time.monotonic()
    act()
    return time.monotonic() - start


def _seconds_to_failure(mailbox: Mailbox, bell: Bell) -> float:
    start = time.monotonic()
    with pytest.raises(Unavailable):
        mailbox.wait(LONG, bell)
    return time.monotonic() - start


def test_deliveries_racing_with_idle_are_not_missed(world: ImapWorld) -> None:
    """20 mails, each delivered at another moment around the start of IDLE: every wait ends at once, none sleeps."""
    with world.open() as mailbox:
        cursor = list(mailbox.changes(None, not_before=ago(days=1)))[-1].cursor
        world.count()  # the user's connection stands
        for number in range(20):
            new = fresh_id()
            raw = mail(world.account.address, message_id=new)
            threading.Timer(number * 0.0005, world.deliver, [raw]).start()
            assert _seconds(lambda: mailbox.wait(LONG, Bell())) < 3
            [batch, *rest] = mailbox.changes(cursor, not_before=ago(days=1))
            assert [each.message_id for each in batch.messages] == [new]
            cursor = (rest or [batch])[-1].cursor


def test_a_push_arrives_soon(world: ImapWorld, proxy: Proxy, mailbox: Mailbox) -> None:
    """Dovecot gathers news for half a second; the wait ends right behind it."""
    pushed: list[float] = []

    def deliver() -> None:
        world.deliver(mail(world.account.address))
        pushed.append(time.monotonic())

    _when_idle(proxy, deliver)
    mailbox.wait(LONG, Bell())
    assert time.monotonic() - pushed[0] < 2


def test_a_bell_ends_idle_at_once(proxy: Proxy, mailbox: Mailbox) -> None:
    """The bell is heard within a moment, and the connection goes on to be good."""
    bell = Bell()
    rung: list[float] = []

    def ring() -> None:
        rung.append(time.monotonic())
        bell.ring()

    _when_idle(proxy, ring)
    mailbox.wait(LONG, bell)
    assert time.monotonic() - rung[0] < 1
    read_all(mailbox, not_before=ago(days=1))


def test_noise_does_not_end_it(world: ImapWorld, proxy: Proxy, mailbox: Mailbox) -> None:
    """Flags that others change, and signs of life, are no mail: the wait goes on."""
    noise = b"* OK Still here\r\n* 1 FETCH (FLAGS (\\Seen))\r\n* 0 RECENT\r\n* 3 EXPUNGE\r\n"
    _when_idle(proxy, lambda: proxy.say(noise))
    assert _seconds(lambda: mailbox.wait(timedelta(seconds=0.6), Bell())) > 0.55
    assert read_all(mailbox, not_before=ago(days=1)) is not None


def test_idle_begins_anew_before_anybody_forgets_the_link(
    proxy: Proxy, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One IDLE lasts less than ten minutes; after each the folder is looked at, whatever the server said."""
    assert idle.CYCLE < 9 * 60
    monkeypatch.setattr(idle, "CYCLE", 0.2)
    mailbox.wait(timedelta(seconds=0.9), Bell())
    talk = proxy.asked.partition(b" IDLE\r\n")[2]
    assert 3 <= talk.count(b" IDLE\r\n") <= 5
    assert talk.count(b"DONE\r\n") == talk.count(b" IDLE\r\n") + 1
    assert talk.count(b" UID SEARCH ") >= 3


def test_a_server_that_forgets_to_push_is_caught(
    world: ImapWorld, proxy: Proxy, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even if EXISTS never comes, the mail is noticed after the cycle."""
    monkeypatch.setattr(idle, "CYCLE", 0.8)
    proxy.rewrite = lambda said: b"" if b" EXISTS" in said and b"FLAGS" not in said else said
    _when_idle(proxy, lambda: world.deliver(mail(world.account.address)))
    assert _seconds(lambda: mailbox.wait(LONG, Bell())) < 4


@pytest.mark.parametrize(
    "words",
    [
        b"* BYE shutting down\r\n",
        b"* 5 FETCH (BODY[] {3}\r\n",
        b"+ once more\r\n",
        b"Z1 OK unasked\r\n",
        b"\r\n",
        b"\xff\xfe\x00\r\n",
    ],
    ids=["bye", "literal", "plus", "tagged", "empty", "binary"],
)
def test_odd_words_in_idle_are_unavailable(proxy: Proxy, mailbox: Mailbox, words: bytes) -> None:
    """Whatever has no place in IDLE ends the connection at once: it may be out of step."""
    _when_idle(proxy, lambda: proxy.say(words))
    with pytest.raises(Unavailable):
        mailbox.wait(LONG, Bell())
    with pytest.raises(Unavailable):
        read_all(mailbox, not_before=ago(days=1))


def test_half_a_line_is_no_reason_to_give_up(world: ImapWorld, proxy: Proxy, mailbox: Mailbox) -> None:
    """A line may come in two packets: the first half is kept, and the wait ends with the second."""
    begun = time.monotonic()

    def halves() -> None:
        proxy.say(b"* 99 EX")
        time.sleep(0.3)
        proxy.say(b"ISTS\r\n")

    _when_idle(proxy, halves)
    mailbox.wait(LONG, Bell())
    assert 0.3 < time.monotonic() - begun < 3


def test_an_end_in_the_middle_of_a_line_is_no_loop(proxy: Proxy, mailbox: Mailbox) -> None:
    """Half a line and the end of the stream, before the server took up the IDLE."""
    proxy.rewrite = lambda said: said.replace(b"+ idling\r\n", b"* 5 EX")
    _when_idle(proxy, proxy.end)
    assert _seconds_to_failure(mailbox, Bell()) < 3


@pytest.mark.parametrize("ending", ["end", "reset"])
def test_a_closed_connection_is_unavailable_at_once(proxy: Proxy, mailbox: Mailbox, ending: str) -> None:
    """The end of the stream is no silence: no busy loop, no sleep, a failure."""
    _when_idle(proxy, getattr(proxy, ending))
    start = time.process_time()
    assert _seconds_to_failure(mailbox, Bell()) < 3
    assert time.process_time() - start < 0.5


def test_a_link_that_died_without_a_word_is_noticed(
    proxy: Proxy, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A laptop that slept has a link nobody answers on: rung awake, the wait fails within seconds and does not hang."""
    monkeypatch.setattr(idle, "_ANSWER", 0.3)
    bell = Bell()

    def sleep() -> None:
        proxy.silent = True
        bell.ring()

    _when_idle(proxy, sleep)
    assert _seconds_to_failure(mailbox, bell) < 2


def test_words_ahead_of_the_plus_are_heard(world: ImapWorld, proxy: Proxy, mailbox: Mailbox) -> None:
    """Servers tell what is new before they go idle; imapclient gives up on that."""
    proxy.rewrite = lambda said: said.replace(b"+ idling", b"* 1 FETCH (FLAGS ())\r\n* 98 EXISTS\r\n+ idling")
    assert _seconds(lambda: mailbox.wait(LONG, Bell())) < 2
    assert read_all(mailbox, not_before=ago(days=1)) is not None


def test_words_in_one_packet_with_the_plus_are_heard(world: ImapWorld, proxy: Proxy, mailbox: Mailbox) -> None:
    """What is read into the buffer together with `+` must not wait for the next packet."""
    proxy.rewrite = lambda said: said.replace(b"+ idling\r\n", b"+ idling\r\n* 98 EXISTS\r\n")
    assert _seconds(lambda: mailbox.wait(LONG, Bell())) < 2


def test_words_in_the_answer_to_a_search_are_heard(proxy: Proxy, mailbox: Mailbox) -> None:
    """Mail that comes while the server searches is told in that answer, and IDLE does not tell it again."""
    proxy.rewrite = lambda said: re.sub(rb"(\w+ OK Search)", rb"* 98 EXISTS\r\n\1", said)
    assert _seconds(lambda: mailbox.wait(LONG, Bell())) < 2
    assert b"IDLE" not in proxy.asked


def test_a_server_that_refuses_idle_is_unavailable(proxy: Proxy, mailbox: Mailbox) -> None:
    """A NO to IDLE is not waited on for ever."""
    proxy.rewrite = lambda said: said.replace(b"+ idling", b"Z1 NO not now")
    assert _seconds_to_failure(mailbox, Bell()) < 3


def test_tls_hides_nothing_from_the_wait() -> None:
    """Bytes that TLS has already taken from the socket are seen before the wait sleeps on it."""
    with Dovecot(tls=True) as server:
        world = ImapWorld(server, account_on(server, port=server.tls_port, tls=Tls.IMPLICIT, ca=server.ca))
        with world.open() as mailbox:
            cursor = list(mailbox.changes(None, not_before=ago(days=1)))[-1].cursor
            world.count()
            for number in range(10):
                new = fresh_id()
                threading.Timer(number * 0.001, world.deliver, [mail(world.account.address, message_id=new)]).start()
                assert _seconds(lambda: mailbox.wait(LONG, Bell())) < 3
                assert keys_since(mailbox, cursor)[-1] == new
        world.close()


def test_without_idle_the_server_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server without IDLE is polled, never sent the command, and rung awake as any other."""
    with Dovecot(capability=STRIPPED) as server, Proxy(server.port) as proxy:
        world = ImapWorld(server, account_on(server, port=proxy.port))
        with open_mailbox(world.account, poll=0.2) as mailbox:
            read_all(mailbox, not_before=ago(days=1))
            threading.Timer(0.3, world.deliver, [mail(world.account.address)]).start()
            assert _seconds(lambda: mailbox.wait(LONG, Bell())) < 3
        assert b"IDLE" not in proxy.asked
        with open_mailbox(world.account) as mailbox:
            read_all(mailbox, not_before=ago(days=1))
            bell = Bell()
            threading.Timer(0.2, bell.ring).start()
            assert _seconds(lambda: mailbox.wait(LONG, bell)) < 1
            threading.Timer(0.2, proxy.end).start()
            assert _seconds_to_failure(mailbox, Bell()) < 3
        world.close()


def test_a_wait_leaves_no_descriptor_behind(world: ImapWorld, mailbox: Mailbox) -> None:
    """A daemon waits thousands of times a day."""
    bell = Bell()
    mailbox.wait(timedelta(seconds=0.01), bell)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        mailbox.wait(timedelta(seconds=0.01), bell)
    assert len(list(Path("/proc/self/fd").iterdir())) == before
