"""Keyrings that a machine may have, for ``PYTHON_KEYRING_BACKEND``."""

import json
import os
import time
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError


class Working(KeyringBackend):
    """Keeps what it is given, in the file ``$KEYRING_FILE``."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        return _kept().get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        _keep(_kept() | {f"{service}/{username}": password})

    def delete_password(self, service: str, username: str) -> None:
        if (entry := f"{service}/{username}") not in _kept():
            raise PasswordDeleteError(entry)
        _keep({key: value for key, value in _kept().items() if key != entry})


class Forgetful(Working):
    """Takes everything, and has nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Nothing is kept."""


class Mistaken(Working):
    """Gives something else than it was given."""

    def get_password(self, service: str, username: str) -> str | None:
        return super().get_password(service, username) and "x"


class Silent(Working):
    """Asks for its own password on a screen that nobody sees."""

    def set_password(self, service: str, username: str, password: str) -> None:  # noqa: ARG002 - as the library has it
        time.sleep(60)


def _kept() -> dict[str, str]:
    path = Path(os.environ["KEYRING_FILE"])
    found: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    return found


def _keep(entries: dict[str, str]) -> None:
    Path(os.environ["KEYRING_FILE"]).write_text(json.dumps(entries))
