"""pymap (PyPI) on loopback in a subprocess, with its mail in a Maildir so that it survives a restart.

Another server in another language than Dovecot: IDLE, UIDPLUS and MOVE, but no SPECIAL-USE and no folders but INBOX.
"""

import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Self

from pysasl.hashing import BuiltinHash

from tests.servers import PASSWORD, USER, Port, end, short_directory, wait_until_greeting


class Pymap:
    """One server with one user; ``stop`` and ``start`` keep the port and the mail."""

    host = "127.0.0.1"
    user = USER
    password = PASSWORD

    def __init__(self) -> None:
        self.home = short_directory("pymap")
        self._port = Port()
        self.port = self._port.number
        self._server: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()  # a timer may stop what the test itself starts again
        (self.home / "pymap-etc-passwd").write_text(f"{USER}:x::::alice:\n")
        (self.home / "pymap-etc-shadow").write_text(f"{USER}:{BuiltinHash(rounds=1).hash(PASSWORD)}:::::::\n")
        (self.home / "pymap-etc-group").write_text("")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()
        self._port.release()
        shutil.rmtree(self.home, ignore_errors=True)

    def start(self) -> None:
        """Start the server and wait for its greeting; about half a second, most of it Python's own start."""
        log = self.home / "log"
        with self._lock, log.open("ab") as output:
            self._server = subprocess.Popen(
                [
                    *(sys.executable, "-c", "from pymap.main import main; main()"),
                    *("--debug", "--host", self.host, "--port", str(self.port), "--no-tls", "maildir", str(self.home)),
                ],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
            wait_until_greeting(self.port, self._server, log)

    def stop(self, *, politely: bool = False) -> None:
        """End the server with all its connections; politely with a BYE. Stopping twice is stopping once."""
        with self._lock:
            if self._server is not None:
                end(self._server, politely=politely)
                self._server = None

    def restart(self) -> None:
        """Stop and start on the same port with the same mail."""
        self.stop()
        self.start()

    def renumber(self, uidvalidity: int) -> None:
        """Every folder gets another UIDVALIDITY; the messages stay."""
        self.stop()
        for file in self.mail_directory().rglob("dovecot-uidlist"):
            file.write_text(re.sub(r"\bV\d+", f"V{uidvalidity}", file.read_text(), count=1))
        self.start()

    def mail_directory(self) -> Path:
        """The user's Maildir++ tree."""
        return self.home / "alice"
