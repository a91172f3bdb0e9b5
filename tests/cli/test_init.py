"""``afterword init`` as a newcomer meets it: on a terminal, against a real server, with a domain that names it."""

import imaplib
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from agent.config.load import load
from connectors.secrets import FromFile, FromKeyring
from tests.cli.terminal import Terminal
from tests.servers.dovecot import Dovecot

REJECTION = """\
From: Jane Miller <jane@acme.example>
To: alice@example.com
Subject: Your interview at Acme
Date: {date}
Message-ID: <r1@acme.example>
Content-Type: text/plain; charset=utf-8

Dear Alice,

thank you for the interview last week. Unfortunately we have decided to move forward with another candidate.

Jane Miller
"""

AUTOCONFIG = """\
<?xml version="1.0"?>
<clientConfig version="1.1"><emailProvider id="example.com">
  <incomingServer type="imap"><hostname>localhost</hostname><port>{port}</port><socketType>SSL</socketType>
    <username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication></incomingServer>
</emailProvider></clientConfig>
"""


class Newcomer:
    """A fresh home folder, and the user in front of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **{key: value for key, value in os.environ.items() if key in ("PATH", "XDG_CACHE_HOME", "LANG")},
            "HOME": str(folder),
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "PYTHON_KEYRING_BACKEND": "tests.setup.keyrings.Working",
            "KEYRING_FILE": str(folder / "keyring.json"),
            "TERM": "dumb",
        }

    @property
    def config(self) -> Path:
        return self.folder / ".config/afterword/config.yaml"

    def starts(self, *arguments: str, columns: int = 80) -> Terminal:
        return Terminal("init", *arguments, environment=self.environment, columns=columns)

    def runs(self, *arguments: str) -> int:
        command = [sys.executable, "-m", "agent.cli", *arguments]
        return subprocess.run(
            command, env=self.environment, cwd=self.folder, capture_output=True, check=False
        ).returncode

    def introduces(self, terminal: Terminal) -> None:
        terminal.answers("Your name, as employers know it", "Alice Adams")
        terminal.answers("Your email address", "alice@example.com")
        terminal.answers("First line under your letters")
        terminal.answers("A short word of your own for this mailbox [home]")

    def finishes(self, terminal: Terminal, *, kept: str = "1") -> None:
        """From the folders on, with the defaults."""
        terminal.answers("Watch Junk too", "n")
        terminal.answers("Languages of your mail")
        terminal.answers("Quiet hours")
        terminal.answers("After how long")
        terminal.answers("Write it?", "y")
        terminal.answers("Where shall the password be kept", kept)
        terminal.answers("Have Afterword started by itself", "n")
        assert terminal.ends() == 0, terminal.shown


@pytest.fixture
def newcomer(tmp_path: Path) -> Newcomer:
    return Newcomer(tmp_path)


@pytest.fixture
def server() -> Iterator[Dovecot]:
    with Dovecot(tls=True) as running:
        yield running


@pytest.fixture
def domain(server: Dovecot) -> Iterator[tuple[str, list[str]]]:
    """The file with the domain's servers, on loopback; who asked for what is recorded."""
    asked: list[str] = []

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(AUTOCONFIG.format(port=server.tls_port).encode())

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    web = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=web.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{web.server_port}/mail/config-v1.1.xml", asked
    finally:
        web.shutdown()
        thread.join()
        web.server_close()


def deliver(server: Dovecot) -> None:
    with imaplib.IMAP4(server.host, server.port) as link:
        link.login(server.user, server.password)
        date = format_datetime(datetime.now(UTC) - timedelta(hours=1))
        link.append("INBOX", "", "", REJECTION.format(date=date).encode().replace(b"\n", b"\r\n"))  # type: ignore[arg-type] # no date means now


def drafts(server: Dovecot) -> list[str]:
    """The subjects in Drafts."""
    found = server.doveadm("-f", "flow", "fetch", "-u", server.user, "hdr.subject", "mailbox", "Drafts")
    return [line.removeprefix("hdr.subject=").strip() for line in found.splitlines()]


def test_from_nothing(newcomer: Newcomer, server: Dovecot, domain: tuple[str, list[str]]) -> None:
    """Server by the domain's own file, password tried and kept in the keyring, last mails judged, a draft placed."""
    url, asked = domain
    newcomer.environment["SSL_CERT_FILE"] = str(server.ca)
    deliver(server)
    with newcomer.starts("--autoconfig", url) as terminal:
        newcomer.introduces(terminal)
        terminal.sees(f"Afterword would ask: - {url}")
        assert asked == []
        terminal.answers("Ask them?", "y")
        terminal.sees(f"An IMAP server answers: localhost, port {server.tls_port}, TLS")
        terminal.answers("Use it?")
        terminal.answers("The password of alice@example.com at", server.password)
        terminal.sees("Drafts: Drafts. Sent mail: Sent.")
        terminal.answers("Watch Junk too", "y")
        terminal.sees("Your interview at Acme rejection, after an interview: a request would be drafted")
        terminal.answers("Languages of your mail: auto, or a list such as en, de", "en, de")
        terminal.answers("Quiet hours", "none")
        terminal.answers("After how long", "7")
        assert not newcomer.config.exists()
        terminal.answers("Write it?")
        terminal.answers("Where shall the password be kept", "1")
        terminal.answers("Have Afterword started by itself", "n")
        assert terminal.ends() == 0
        assert server.password not in terminal.shown.split("Watch Junk")[0].split("not shown")[1]
    assert len(asked) == 1
    settings = load(newcomer.config)
    (account,) = settings.accounts
    assert (account.host, account.port, account.password) == ("localhost", server.tls_port, FromKeyring("home"))
    assert account.folders.watch == ("INBOX", "Junk")
    assert (settings.languages, settings.clock.quiet, settings.follow_up.enquire_after) == (("en", "de"), None, 7)
    assert '"afterword/home": "pw"' in (newcomer.folder / "keyring.json").read_text()
    assert "pw" not in newcomer.config.read_text()
    assert newcomer.runs("check") == 0
    assert drafts(server) == ["Re: Your interview at Acme"]


def test_wrong_password(newcomer: Newcomer, server: Dovecot) -> None:
    """It is told, and asked for again with the user name; what was wrong is kept nowhere."""
    with newcomer.starts("--host", server.host, "--port", str(server.port)) as terminal:
        newcomer.introduces(terminal)
        terminal.answers("The password of alice@example.com at", "mistyped")
        terminal.sees("does not accept the user name or password")
        terminal.answers("User name [alice@example.com]")
        terminal.answers("The password of alice@example.com at", server.password)
        newcomer.finishes(terminal)
    assert "mistyped" not in (newcomer.folder / "keyring.json").read_text()
    assert load(newcomer.config).accounts[0].port == server.port


def test_wrong_port(newcomer: Newcomer, server: Dovecot) -> None:
    """The program says what is wrong with it, and where IMAP mostly is."""
    with newcomer.starts("--host", server.host, "--port", "9") as terminal:
        newcomer.introduces(terminal)
        terminal.sees("Nobody answers at 127.0.0.1, port 9: the port is wrong, or the server is down.")
        terminal.answers("Host name of the IMAP server [127.0.0.1]")
        terminal.answers("Port [993]", str(server.port))
        terminal.answers("The password of", server.password)
        newcomer.finishes(terminal)
    assert load(newcomer.config).accounts[0].port == server.port


def test_self_signed_certificate(newcomer: Newcomer, server: Dovecot) -> None:
    """Its meaning is told first; no is the default; pinned, it is that certificate alone."""
    assert server.certificates is not None
    with newcomer.starts("--host", server.host, "--port", str(server.tls_port)) as terminal:
        newcomer.introduces(terminal)
        terminal.sees("The certificate of 127.0.0.1 is not trusted")
        terminal.sees("somebody may stand in between")
        terminal.sees(server.certificates.fingerprint)
        terminal.answers("Pin this certificate?")
        terminal.sees("Then this server is not used.")
        terminal.answers("Host name of the IMAP server [127.0.0.1]")
        terminal.answers("Port [993]", str(server.tls_port))
        terminal.answers("Pin this certificate?", "y")
        terminal.answers("The password of", server.password)
        newcomer.finishes(terminal)
    assert load(newcomer.config).accounts[0].fingerprint == server.certificates.fingerprint


def test_no_drafts_folder(newcomer: Newcomer) -> None:
    """It can be made with the first letter, or is one of another name."""
    with Dovecot(drafts=None) as server:
        server.doveadm("mailbox", "create", "-u", server.user, "Konzepte")
        with newcomer.starts("--host", server.host, "--port", str(server.port)) as terminal:
            newcomer.introduces(terminal)
            terminal.answers("The password of", server.password)
            terminal.sees("This mailbox has no folder for drafts")
            terminal.answers("Folder for drafts [Drafts]", "Konzpte")
            terminal.sees("There is no folder Konzpte in this mailbox; it has INBOX")
            terminal.answers("Folder for drafts [Drafts]", "konzepte")
            newcomer.finishes(terminal)
    assert load(newcomer.config).accounts[0].folders.drafts == "Konzepte"


@pytest.mark.parametrize("kind", ["keyring.backends.fail.Keyring", "tests.setup.keyrings.Forgetful"])
def test_no_keyring(newcomer: Newcomer, server: Dovecot, kind: str) -> None:
    """The password goes into a file of mode 0600 beside the configuration, and from there into the mailbox."""
    newcomer.environment["PYTHON_KEYRING_BACKEND"] = kind
    with newcomer.starts("--host", server.host, "--port", str(server.port)) as terminal:
        newcomer.introduces(terminal)
        terminal.answers("The password of", server.password)
        newcomer.finishes(terminal)
        assert "It has none, or it is locked." in terminal.shown
    secret = load(newcomer.config).accounts[0].password
    assert isinstance(secret, FromFile)
    assert secret.path == newcomer.config.parent / "home.password"
    assert stat.S_IMODE(secret.path.stat().st_mode) == 0o600
    assert secret.reveal() == server.password


@pytest.mark.parametrize("until", ["Your name", "The password of", "Quiet hours", "Where shall the password be kept"])
def test_ctrl_c_writes_nothing(newcomer: Newcomer, server: Dovecot, until: str) -> None:
    """At whichever question."""
    answers = {
        "Your name": "Alice", "Your email address": "alice@example.com", "First line under": "", "A short word": "",
        "The password of": server.password, "Watch Junk too": "", "Languages of": "", "Quiet hours": "",
        "After how long": "", "Write it?": "", "Where shall the password be kept": "",
    }  # fmt: skip
    with newcomer.starts("--host", server.host, "--port", str(server.port)) as terminal:
        for question, answer in answers.items():
            if question == until:
                break
            terminal.answers(question, answer)
        terminal.sees(until)
        terminal.interrupts()
        assert terminal.ends() == 1
    assert "Stopped. Nothing was written." in terminal.shown
    assert "Traceback" not in terminal.shown
    assert not newcomer.config.parent.exists() or list(newcomer.config.parent.iterdir()) == []
    assert not (newcomer.folder / "keyring.json").exists() or "pw" not in (newcomer.folder / "keyring.json").read_text()
