"""Where sign-ins are kept: what is no secret in a file, the tokens in the keyring, or without one in that file too.

The file always says where the tokens are, so nobody has to guess which of two places is the newer. Keyrings fail in
many ways on machines without a desktop: none there, locked, too small (Windows takes 2,560 bytes), or a question that
nobody sees. So they are asked for a few seconds only, and the file is good enough.
"""

import contextlib
import logging
import os
import stat
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import platformdirs
from filelock import FileLock, Timeout

from connectors.account import Account
from connectors.oauth.values import SignIn, Tokens, command, sign_in_from, tokens_from, unreadable
from connectors.port import Refused, Unavailable

log = logging.getLogger("afterword.oauth")

_LIMIT = 1024 * 1024
_KEYRING_PATIENCE = 5.0
"""Seconds for the keyring: one that asks for its password on no screen would hold the account for ever."""
_LOCK_PATIENCE = 60.0
"""Seconds to wait for another of our processes that is renewing the same tokens just now."""

_Answer = TypeVar("_Answer")


class Store:
    """One account's place."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._folder = platformdirs.user_data_path("afterword", appauthor=False) / "tokens"
        self._file = self._folder / f"{quote(account.name, safe='@+ ')}.json"
        self._entry = f"sign-in of {account.name}"

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else renews meanwhile: a refresh token that rotates is good once. Raises ``Unavailable``."""
        self._make_folder()
        try:
            with FileLock(self._file.with_suffix(".lock"), timeout=_LOCK_PATIENCE, mode=0o600):
                yield
        except Timeout:
            raise Unavailable(f"another Afterword is busy with the tokens of account `{self._account.name}`") from None

    def glance(self) -> SignIn | None:
        """What is kept, without the tokens: quick, and it never waits for anybody.

        Raises ``Refused`` for what others could read or nobody can.
        """
        found = self._newest()
        return found[0] if found is not None else None

    def load(self) -> tuple[SignIn, Tokens] | None:
        """What is kept, and its tokens. Raises ``Unavailable`` while the keyring that has them is locked."""
        found = self._newest()
        if found is None:
            return None
        sign_in, tokens = found
        return sign_in, tokens or self._from_keyring()

    def save(self, sign_in: SignIn, tokens: Tokens) -> None:
        """Keep it, tokens first: whatever breaks in between, no rotated token is lost. Raises ``Unavailable``."""
        self._make_folder()
        in_keyring = self._to_keyring(tokens.written())
        try:
            _replace(self._file, sign_in.written(None if in_keyring else tokens))
        except OSError as full:
            raise Unavailable(f"the sign-in cannot be kept in {self._folder}: {full.strerror}") from full

    def _newest(self) -> tuple[SignIn, Tokens | None] | None:
        """A sign-in among systemd's credentials (systemd.exec(5)) counts while no newer one was made here.

        They are read-only, so a sign-in can begin there, but what is renewed is kept in the file.
        """
        texts = (self._own_file(), self._credential())
        found = [sign_in_from(text, self._account) for text in texts if text is not None]
        return max(found, key=lambda each: each[0].age.signed_in, default=None)

    def _make_folder(self) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as no:
            raise Unavailable(f"the folder {self._folder} cannot be made: {no.strerror}") from no

    def _own_file(self) -> str | None:
        try:
            _only_ours(self._folder.stat(), self._folder, "700")
            descriptor = os.open(self._file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
            with open(descriptor, "rb") as file:
                _only_ours(os.fstat(descriptor), self._file, "600")
                return file.read(_LIMIT).decode("utf-8", "replace")
        except FileNotFoundError:
            return None
        except OSError as closed:
            raise Refused(f"the file {self._file} cannot be read: {closed.strerror}") from closed

    def _credential(self) -> str | None:
        folder = os.environ.get("CREDENTIALS_DIRECTORY")
        if folder is None:
            return None
        with contextlib.suppress(OSError):
            return Path(folder, f"afterword-{self._file.stem}").read_bytes()[:_LIMIT].decode("utf-8", "replace")
        return None

    def _from_keyring(self) -> Tokens:
        import keyring  # imported late: loading its backends takes a tenth of a second that most accounts never need

        try:
            secret = _in_time(lambda: keyring.get_password("afterword", self._entry))
        except Exception as failed:  # backends are others' code and fail with exceptions of all kinds
            log.debug("the keyring did not answer: %s", type(failed).__name__)
            raise Unavailable(
                f"the keyring with the sign-in of account `{self._account.name}` is locked; unlock it (on a desktop: "
                f"log in). If it is gone for good, sign in again: {command(self._account)}"
            ) from failed
        if secret is None:
            raise unreadable(self._account)
        return tokens_from(secret, self._account)

    def _to_keyring(self, secret: str) -> bool:
        """Whether the keyring has it now: read again, since some take in what they then do not have."""
        import keyring  # as above

        try:
            _in_time(lambda: keyring.set_password("afterword", self._entry, secret))
            return _in_time(lambda: keyring.get_password("afterword", self._entry)) == secret
        except Exception as failed:  # noqa: BLE001 - backends are others' code and fail with exceptions of all kinds
            log.debug("no keyring here (%s); the tokens lie in %s", type(failed).__name__, self._folder)
            return False


def _only_ours(found: os.stat_result, path: Path, mode: str) -> None:
    if os.name == "posix" and stat.S_IMODE(found.st_mode) & 0o077:
        raise Refused(f"others can get at the sign-in in {path}; run: chmod {mode} '{path}'")


_one_asks = threading.Lock()
_asking = threading.Thread()
"""The one that asked the keyring last; it may be waiting still."""


def _in_time(ask: Callable[[], _Answer]) -> _Answer:
    """The answer, or ``TimeoutError``: the thread that still waits is left behind, nothing depends on it.

    While one waits nobody else asks: a token is renewed every hour, and each would leave another behind.
    """
    global _asking  # noqa: PLW0603 - there is one keyring for all accounts
    answers: list[_Answer] = []
    failures: list[Exception] = []

    def run() -> None:
        try:
            answers.append(ask())
        except Exception as failed:  # noqa: BLE001 - handed on to the thread that asked
            failures.append(failed)

    with _one_asks:
        if not _asking.is_alive():
            _asking = threading.Thread(target=run, daemon=True, name="keyring")
            _asking.start()
            _asking.join(_KEYRING_PATIENCE)
    if failures:
        raise failures[0]
    if not answers:
        raise TimeoutError("the keyring did not answer")
    return answers[0]


def _replace(path: Path, text: str) -> None:
    """All of it or none, also when the power goes: written beside it, then put in its place."""
    descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".new")  # mode 0600
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
