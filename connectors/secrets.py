"""Where a password or an access token comes from. The secret itself is never kept, logged or shown.

A ``Secret`` only names the source; ``reveal`` asks it each time, so that a rotated password needs no restart.
"""

import os
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from connectors.port import Refused

COMMAND_TIMEOUT = 10.0
"""Seconds a password program may take; a locked agent that waits for a PIN must not hold the account for ever."""


class Secret(Protocol):
    """A source of one secret."""

    def reveal(self) -> str:
        """The secret. Raises ``Refused`` with a sentence that says what to do, never with the secret in it."""
        ...


@dataclass(frozen=True)
class FromCommand:
    """The first line that a program prints (``pass show mail/home``). No shell is involved."""

    argv: tuple[str, ...]

    def reveal(self) -> str:
        try:
            done = subprocess.run(  # noqa: S603 - the argv list is the user's own configuration, no shell
                self.argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=COMMAND_TIMEOUT, check=True
            )
        except FileNotFoundError as missing:
            raise Refused(f"the program `{self.argv[0]}` is not installed; check `password:` or `token:`") from missing
        except subprocess.TimeoutExpired as slow:
            raise Refused(
                f"the program `{self.argv[0]}` gave no answer within {COMMAND_TIMEOUT:.0f} s; "
                "run it once in a terminal to unlock it"
            ) from slow
        except (subprocess.CalledProcessError, OSError) as failed:
            # The program's own output may hold anything, so it is not repeated here.
            raise Refused(f"the program `{self.argv[0]}` failed; run it in a terminal to see why") from failed
        return _first_line(done.stdout, f"the program `{self.argv[0]}`")


@dataclass(frozen=True)
class FromCredential:
    """A systemd credential (``LoadCredential=``, systemd.exec(5)): a file below ``$CREDENTIALS_DIRECTORY``."""

    name: str

    def reveal(self) -> str:
        directory = os.environ.get("CREDENTIALS_DIRECTORY")
        if directory is None:
            raise Refused(f"no systemd credentials here, so credential `{self.name}` cannot be read; start the service")
        try:
            return _first_line(Path(directory, self.name).read_bytes(), f"the credential `{self.name}`")
        except OSError as missing:
            raise Refused(f"the systemd credential `{self.name}` cannot be read; check LoadCredential=") from missing


@dataclass(frozen=True)
class FromKeyring:
    """The desktop's keyring, service ``afterword``."""

    entry: str

    def reveal(self) -> str:
        import keyring  # imported late: loading its backends takes a tenth of a second that most accounts never need
        import keyring.errors

        try:
            found = keyring.get_password("afterword", self.entry)
        except keyring.errors.KeyringError as locked:
            raise Refused("the keyring is locked or missing; unlock it, or use `password: {file: PATH}`") from locked
        if found is None:
            raise Refused(f"the keyring has no entry for {self.entry!r}; store it: keyring set afterword {self.entry}")
        return found


@dataclass(frozen=True)
class FromFile:
    """A file that only the user can read (mode 0600); its first line is the secret."""

    path: Path

    def reveal(self) -> str:
        try:
            descriptor = os.open(self.path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
            with open(descriptor, "rb") as file:
                if os.name == "posix" and stat.S_IMODE(os.fstat(descriptor).st_mode) & 0o077:
                    raise Refused(f"others can read the password file {self.path}; run: chmod 600 {self.path}")
                return _first_line(file.read(4096), f"the password file {self.path}")
        except OSError as missing:
            raise Refused(f"the password file {self.path} cannot be read: {missing.strerror}") from missing


def _first_line(output: bytes, source: str) -> str:
    line = output.split(b"\n", 1)[0].rstrip(b"\r")
    try:
        text = line.decode()
    except UnicodeDecodeError:
        raise Refused(f"{source} gave something that is not UTF-8 text") from None
    if not text:
        raise Refused(f"{source} gave nothing: no password, no token")
    return text
