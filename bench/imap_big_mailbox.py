"""What 50,000 old messages cost when Afterword starts on an IMAP account: time, bytes, memory.

    python -m bench.imap_big_mailbox [MESSAGES]

The peer in the same run is a client that keeps an index of its own and fetches every header for it.
"""

import os
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from imapclient import IMAPClient

from connectors.imap import open_mailbox
from tests.contract.imap_world import ImapWorld, account_on
from tests.contract.mails import mail
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import Proxy

NEW = 20
LOOKBACK = timedelta(days=3)


def fill(server: Dovecot, messages: int) -> None:
    """Old mail, one every ten minutes up to a week ago, written into the Maildir itself, since APPEND takes an hour."""
    new = server.mail_directory() / "new"
    owner = new.stat()
    last = time.time() - timedelta(days=7).total_seconds()
    body = b"Dear all,\r\n\r\n" + b"the meeting is on Friday, please confirm.\r\n" * 40
    for number in range(messages):
        when = last - 600 * (messages - number)
        file = new / f"{int(when)}.M{number}.bench"
        header = f"From: Bob <bob{number % 50}@shop.example>\r\nTo: {server.user}\r\nSubject: Order {number}\r\n"
        file.write_bytes(header.encode() + b"Message-ID: <%d@shop.example>\r\n\r\n" % number + body)
        os.utime(file, (when, when))
        os.chown(file, owner.st_uid, owner.st_gid)


def measured(what: str, proxy: Proxy, act: Callable[[], str]) -> None:
    """Run it and print what it cost; memory is how much the process grew above its highest so far."""
    received, memory = proxy.received, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.perf_counter()
    result = act()
    seconds = time.perf_counter() - begun
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory
    print(f"{what:35} {seconds:6.2f} s {(proxy.received - received) / 1000:9.1f} kB {grown / 1000:6.1f} MB  {result}")


def start(world: ImapWorld) -> str:
    """A first start: sign in, find the folders, read what is young enough."""
    with open_mailbox(world.account) as mailbox:
        batches = list(mailbox.changes(None, not_before=datetime.now(UTC) - LOOKBACK))
    return f"{sum(len(batch.messages) for batch in batches)} messages"


def index(world: ImapWorld) -> str:
    """The peer: every header."""
    client = IMAPClient(world.account.host, world.account.port, ssl=False)
    client.login(world.server.user, world.server.password)
    client.select_folder("INBOX", readonly=True)
    uids = client.search("ALL")
    for at in range(0, len(uids), 500):
        client.fetch(uids[at : at + 500], ["ENVELOPE", "INTERNALDATE"])
    client.logout()
    return f"{len(uids)} messages"


def main() -> None:
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    with Dovecot() as server, Proxy(server.port) as proxy:
        world = ImapWorld(server, account_on(server, port=proxy.port))
        world.deliver(mail(server.user), arrived=datetime.now(UTC) - timedelta(days=400))
        fill(server, messages)
        begun = time.perf_counter()
        world.count()
        print(f"the server's own first look at {messages} messages took {time.perf_counter() - begun:.1f} s")
        for _ in range(NEW):
            world.deliver(mail(server.user))
        measured("first start", proxy, lambda: start(world))
        measured("second start", proxy, lambda: start(world))
        measured("peer: an index of every header", proxy, lambda: index(world))
        world.close()


if __name__ == "__main__":
    main()
