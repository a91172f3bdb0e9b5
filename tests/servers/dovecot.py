"""A private Dovecot 2.3 on loopback, as root or as an ordinary user.

with Dovecot(storage="mdbox", prefix="INBOX.", drafts="Entwürfe", rawlog=True) as server:
    imaplib.IMAP4("127.0.0.1", server.port).login(USER, PASSWORD)
    server.restart()                            # same ports, same mail
    server.raw_bytes_sent_by_clients()          # every byte, one item a connection
"""

import os
import pwd
import re
import shutil
import subprocess
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Self

import pytest

from tests.servers import PASSWORD, USER, Port, end, find_program, short_directory, wait_until_greeting
from tests.servers.certificates import Certificates, usual_certificates

STRIPPED = "IMAP4rev1"
"""A capability line without IDLE, SPECIAL-USE, UIDPLUS, MOVE, NAMESPACE, LITERAL+: the least a server can be."""

_CONFIGURATION = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
instance_name = {home.name}
protocols = imap
listen = 127.0.0.1
{identity}
ssl = {ssl}
disable_plaintext_auth = no
auth_failure_delay = 0
auth_mechanisms = plain login
first_valid_uid = 1
mail_location = {storage}:~/mail
mail_max_userip_connections = 100
mailbox_list_index = no
{capability}
passdb {{
  driver = passwd-file
  args = {home}/users
}}
userdb {{
  driver = passwd-file
  args = {home}/users
}}
namespace inbox {{
  inbox = yes
  prefix = {prefix}
  separator = {separator}
{folders}
}}
protocol imap {{
  rawlog_dir = {rawlog}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
{extra}
"""


class Dovecot:
    """One server with the users alice, bob and carol ``@example.com``; ``stop`` and ``start`` keep ports and mail.

    ``capability`` replaces the capability line; ``extra`` are lines of configuration (a quota, for instance).
    ``drafts=None`` leaves the Drafts folder out; ``timezone`` is where the server believes to be.
    Use it with ``with``: leaving stops the server and removes its files.
    """

    host = "127.0.0.1"
    user = USER
    password = PASSWORD

    def __init__(
        self,
        *,
        storage: str = "maildir",
        prefix: str = "",
        drafts: str | None = "Drafts",
        special_use: bool = True,
        capability: str | None = None,
        tls: bool = False,
        rawlog: bool = False,
        timezone: str | None = None,
        extra: str = "",
    ) -> None:
        self._program = _program()
        self.home = short_directory("dovecot")
        self._environment = os.environ | ({"TZ": timezone} if timezone else {})
        self._ports = (Port(), Port())
        self.port, self.tls_port = (port.number for port in self._ports)
        self.certificates: Certificates | None = usual_certificates(self.home) if tls else None
        self._server: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()  # a timer may stop what the test itself starts again
        self._owner = pwd.getpwnam("mail") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        self._raw = self.home / "raw"
        self._prepare()
        (self.home / "dovecot.conf").write_text(
            _CONFIGURATION.format(
                home=self.home,
                identity=self._identity(),
                ssl=self._ssl(),
                storage=storage,
                capability=f"imap_capability = {capability}" if capability else "",
                prefix=prefix,
                separator="." if prefix.endswith(".") else "/",
                folders=_folders(drafts, special_use=special_use),
                rawlog=f"{self._raw}/%n" if rawlog else "",
                port=self.port,
                tls_port=self.tls_port,
                extra=extra,
            )
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()
        for port in self._ports:
            port.release()
        shutil.rmtree(self.home, ignore_errors=True)

    @property
    def ca(self) -> Path:
        """The authority's certificate; only with ``tls=True``."""
        assert self.certificates is not None
        return self.certificates.ca

    def start(self) -> None:
        """Start the server and wait for its greeting; about 60 ms."""
        log = self.home / "start.log"
        with self._lock, log.open("wb") as output:
            self._server = subprocess.Popen(
                [self._program, "-F", "-c", str(self.home / "dovecot.conf")],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=self._environment,
                start_new_session=True,  # a Ctrl-C for pytest is not one for the server
            )
            wait_until_greeting(self.port, self._server, log)

    def stop(self, *, politely: bool = False) -> None:
        """End the server with all its connections; politely with a BYE. Stopping twice is stopping once."""
        with self._lock:
            if self._server is not None:
                end(self._server, politely=politely)
                self._server = None

    def restart(self) -> None:
        """Stop and start on the same ports with the same mail."""
        self.stop()
        self.start()

    def doveadm(self, *arguments: str) -> str:
        """Run an administrator's command on this server and give what it prints."""
        return subprocess.run(
            [find_program("doveadm") or "doveadm", "-c", str(self.home / "dovecot.conf"), *arguments],
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def renumber(self, uidvalidity: int) -> None:
        """Every folder gets another UIDVALIDITY; the messages stay."""
        for folder in self.doveadm("mailbox", "list", "-u", USER).splitlines():
            self.doveadm("mailbox", "update", "-u", USER, "--uid-validity", str(uidvalidity), folder)

    def mail_directory(self, user: str = USER) -> Path:
        """Where a user's mail lies: a Maildir++ tree, or the mdbox root."""
        return self.home / "users.d" / user.partition("@")[0] / "mail"

    def raw_bytes_sent_by_clients(self, user: str = USER) -> list[bytes]:
        """What each client sent after signing in, one item a connection, oldest first; only with ``rawlog=True``."""
        logs = sorted((self._raw / user.partition("@")[0]).glob("*.in"), key=lambda log: log.stat().st_mtime_ns)
        return [re.sub(rb"(?m)^\d+\.\d+ ", b"", log.read_bytes()) for log in logs]

    def log(self) -> str:
        """The server's own log, to be read when a test is at a loss."""
        return (self.home / "log").read_text(errors="replace")

    def _prepare(self) -> None:
        users = [f"{name}@example.com" for name in ("alice", "bob", "carol")]
        homes = [self.home / "users.d" / user.partition("@")[0] for user in users]
        raw = [self._raw / user.partition("@")[0] for user in users]
        for directory in (self.home / "run", self.home / "state", self.home / "users.d", *homes, self._raw, *raw):
            directory.mkdir()
        self._give_to_owner((*homes, self.home / "users.d", *raw))
        lines = (
            f"{user}:{{PLAIN}}{PASSWORD}:{self._owner.pw_uid}:{self._owner.pw_gid}::{home}::\n"
            for user, home in zip(users, homes, strict=True)
        )
        (self.home / "users").write_text("".join(lines))

    def _give_to_owner(self, paths: Iterable[Path]) -> None:
        if os.geteuid() == 0:
            for path in paths:
                os.chown(path, self._owner.pw_uid, self._owner.pw_gid)

    def _identity(self) -> str:
        """Without root every part of the server runs as the user who starts it."""
        if os.geteuid() == 0:
            return ""
        group = subprocess.run(["id", "-gn"], check=True, capture_output=True, text=True).stdout.strip()
        me = self._owner.pw_name
        return f"default_internal_user = {me}\ndefault_login_user = {me}\ndefault_internal_group = {group}"

    def _ssl(self) -> str:
        if self.certificates is None:
            return "no"
        return f"yes\nssl_cert = <{self.certificates.cert}\nssl_key = <{self.certificates.key}"


def _folders(drafts: str | None, *, special_use: bool) -> str:
    """The folders every user has, in the words of the configuration."""
    uses = {drafts: "\\Drafts", "Sent": "\\Sent", "Trash": "\\Trash", "Junk": "\\Junk"}
    return "".join(
        f'  mailbox "{name}" {{\n    auto = subscribe\n{f"    special_use = {use}" if special_use else ""}\n  }}\n'
        for name, use in uses.items()
        if name
    )


def _program() -> str:
    """The server's path. Without Dovecot the tests fail, unless this machine is known to be unable to have it."""
    found = find_program("dovecot")
    if found is None:
        sentence = "Dovecot is not installed (Debian: apt-get install dovecot-imapd): IMAP is not tested"
        if os.environ.get("AFTERWORD_WITHOUT_DOVECOT") == "1" and not os.environ.get("CI"):
            pytest.skip(sentence)
        pytest.fail(sentence)
    return found
