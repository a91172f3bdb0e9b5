"""Real servers on loopback for the tests: Dovecot, pymap, and a proxy that counts and cuts the bytes between."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

USER = "alice@example.com"
PASSWORD = "pw"

STARTUP = 10.0
"""Seconds a server may take to greet; they take about a tenth of one, the rest is for a machine under load."""


class Port:
    """A loopback port kept for one server, also while that server is down, so that no other takes its place.

    The socket is bound and never listens: the kernel gives the port to nobody else, but lets in who asks for it by
    number with SO_REUSEADDR, as servers do.
    """

    def __init__(self) -> None:
        self._held = socket.socket()
        self._held.bind(("127.0.0.1", 0))
        self._held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.number: int = self._held.getsockname()[1]

    def release(self) -> None:
        """Let the port go."""
        self._held.close()


def short_directory(kind: str) -> Path:
    """A new directory with a path short enough for Unix sockets (108 bytes), which other users may enter.

    pytest's own directories are closed to the user that a server started by root turns into.
    """
    path = Path(tempfile.mkdtemp(prefix=f"aw-{kind}-"))
    path.chmod(0o755)
    return path


def greets(port: int) -> bool:
    """Whether an IMAP server says hello on that port."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2) as link:
        return link.recv(64).startswith(b"* OK")
    return False


def wait_until_greeting(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server greets; raise with its log when it ends or stays silent."""
    deadline = time.monotonic() + STARTUP
    while not greets(port):
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the server on port {port} did not start:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.01)


def end(server: subprocess.Popen[bytes], *, politely: bool) -> None:
    """End a server that leads a session of its own, and every process it started.

    Politely it says BYE to its clients, which takes Dovecot a second; else it is simply gone, as in a power cut.
    """
    if politely:
        server.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(timeout=5)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def find_program(name: str) -> str | None:
    """The program's path; daemons often lie outside an ordinary user's PATH."""
    places = (os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin")
    return shutil.which(name, path=os.pathsep.join(places))
