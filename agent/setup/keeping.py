"""Where a password is kept: the keyring if it really works, else a file that only the user can read."""

import contextlib
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.setup.discover import at_once

_PATIENCE = 5.0
"""Seconds for the keyring: one that asks for its password on no screen answers never."""
_SERVICE = "afterword"


@dataclass(frozen=True)
class Typed:
    """A password that the user has just typed: in memory only, until it is known to be right."""

    text: str

    def __repr__(self) -> str:
        return "Typed(...)"

    def reveal(self) -> str:
        return self.text


class NotKept(Exception):
    """The place does not take the password. Its text says why."""


def keyring_works() -> bool:
    """Whether this machine has a keyring, found out by writing, reading and deleting: some only look as if they worked.

    What is written is a random word, under a name that no account has.
    """
    return at_once([_probe], _PATIENCE) == [True]


def _probe() -> bool:
    import keyring  # late: loading its backends takes a tenth of a second

    entry, word = f"probe {secrets.token_hex(4)}", secrets.token_hex(8)
    keyring.set_password(_SERVICE, entry, word)
    try:
        return keyring.get_password(_SERVICE, entry) == word
    finally:
        keyring.delete_password(_SERVICE, entry)


def into_keyring(account: str, password: str) -> dict[str, Any]:
    """Keep it under the account's name; gives what the configuration says of it. Raises ``NotKept``."""

    def keep() -> bool:
        import keyring  # as above

        keyring.set_password(_SERVICE, account, password)
        return keyring.get_password(_SERVICE, account) == password

    if at_once([keep], _PATIENCE) != [True]:
        raise NotKept("the keyring did not take the password")
    return {"keyring": "yes"}


def file_for(config: Path, account: str) -> Path:
    """Where the password file of an account lies: beside the configuration."""
    return config.parent / f"{account.replace(' ', '_')}.password"


def into_file(path: Path, password: str) -> dict[str, Any]:
    """Write it for this user alone, whole or not at all; gives what the configuration says. Raises ``NotKept``."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(path, f"{password}\n")
    except OSError as no:
        raise NotKept(f"the file {path} cannot be written: {no.strerror}") from no
    return {"file": path.name}


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step; nobody else can read it at any time (mkstemp gives 0600). Raises ``OSError``."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
