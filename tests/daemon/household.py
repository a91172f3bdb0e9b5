"""A household: Alice's mailbox on a real Dovecot, her config, and the daemon as a process of its own."""

import imaplib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from tests.agent.stage import INVITATION, REJECTION, eml, with_new_id
from tests.servers.dovecot import Dovecot

ROOT = Path(__file__).parent.parent.parent
ALICE = "alice@example.com"

CONFIG = """\
version: 1
me: {{name: Alice Sousa}}
accounts:
  - name: home
    connector: imap
    address: alice@example.com
    host: 127.0.0.1
    port: {port}
    tls: none
    password: {{file: {home}/password}}
alerts: []
store: sqlite:///{home}/afterword.db
"""


class Household:
    """What the test's other hands can do: the sender's, the user's and systemd's."""

    def __init__(self, server: Dovecot, home: Path) -> None:
        self.server, self.home = server, home
        home.mkdir(parents=True, exist_ok=True)
        (home / "password").write_text(server.password)
        (home / "password").chmod(0o600)
        self.config = home / "config.yaml"
        self.config.write_text(CONFIG.format(port=server.port, home=home))

    def command(self, *arguments: str, program: tuple[str, ...] = ("-m", "agent.cli")) -> list[str]:
        return [sys.executable, *program, "--config", str(self.config), *arguments]

    def afterword(self, *arguments: str, **options: Any) -> "subprocess.CompletedProcess[str]":
        """Run one command to its end."""
        return subprocess.run(
            self.command(*arguments), cwd=ROOT, capture_output=True, text=True, timeout=60, check=False, **options
        )

    @contextmanager
    def daemon(self, **options: Any) -> Iterator["subprocess.Popen[str]"]:
        """`afterword run`, ended with SIGTERM if it still runs."""
        with (self.home / "log").open("a") as log:
            running = subprocess.Popen(self.command("run"), cwd=ROOT, stderr=log, stdout=log, text=True, **options)
            try:
                yield running
            finally:
                if running.poll() is None:
                    running.send_signal(signal.SIGTERM)
                    running.wait(10)

    @property
    def log(self) -> str:
        return (self.home / "log").read_text()

    @contextmanager
    def imap(self) -> Iterator[imaplib.IMAP4]:
        """A second connection: somebody else's hands."""
        with imaplib.IMAP4(self.server.host, self.server.port) as client:
            client.login(ALICE, self.server.password)
            yield client

    def deliver(self, raw: bytes, *, folder: str = "INBOX", flags: str = "", at: datetime | None = None) -> None:
        with self.imap() as client:
            arrived = imaplib.Time2Internaldate(at.timestamp() if at else time.time())
            assert client.append(folder, flags, arrived, raw)[0] == "OK"

    def drafts(self) -> list[EmailMessage]:
        with self.imap() as client:
            client.select("Drafts", readonly=True)
            (numbers,) = client.search(None, "ALL")[1]
            found = [client.fetch(number.decode(), "(BODY.PEEK[])")[1][0][1] for number in numbers.split()]
        return [message_from_bytes(raw, policy=policy.default) for raw in found]

    def take_draft(self) -> bytes:
        """The first draft leaves Drafts."""
        with self.imap() as client:
            client.select("Drafts")
            raw = client.fetch("1", "(BODY.PEEK[])")[1][0][1]
            client.store("1", "+FLAGS", "(\\Deleted)")
            client.expunge()
        return raw

    def send_draft(self, key: str, *, at: datetime | None = None) -> None:
        """As Thunderbird does: a copy with a new Message-ID in Sent, the draft removed."""
        self.deliver(with_new_id(self.take_draft(), key), folder="Sent", flags="(\\Seen)", at=at)

    def unseen(self) -> int:
        with self.imap() as client:
            client.select("INBOX", readonly=True)
            return len(client.search(None, "UNSEEN")[1][0].split())


def invitation() -> bytes:
    return eml(INVITATION, key="invitation@acme.example", to=f"Alice Sousa <{ALICE}>", date=datetime.now(UTC))


def rejection(key: str = "notice@acme.example") -> bytes:
    return eml(
        REJECTION, key=key, answers="invitation@acme.example", to=f"Alice Sousa <{ALICE}>", date=datetime.now(UTC)
    )


def wait_until(happened: Callable[[], object], *, seconds: float = 15.0, what: str = "it") -> float:
    """How long it took; fails when it does not happen in time."""
    start = time.monotonic()
    while not happened():
        if time.monotonic() - start > seconds:
            raise AssertionError(f"{what} did not happen within {seconds} s")
        time.sleep(0.02)
    return time.monotonic() - start


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, **more}
