"""Where log lines go: to standard error, which is the journal under systemd; and of the daemon, elsewhere, to a file.

Fields, never a mail's text or an address.
"""

import logging
import os
import sys
from contextlib import suppress
from datetime import datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from agent.places import log_file

QUIET, TELLING = logging.WARNING, logging.INFO
"""From which level on we speak: a command that prints its own answer, and one that works in the background."""

_SIZE, _KEPT = 1_000_000, 2
"""Bytes of the file, and how many older ones are kept: some weeks of a daemon's lines."""

_FIELDS = ("action", "account", "case")

_PRIORITIES = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3, logging.CRITICAL: 2}


class _Lines(logging.Formatter):
    """``level account=home case=k4m2xp what happened``; times and levels as the journal wants them."""

    def __init__(self, *, journal: bool) -> None:
        super().__init__()
        self._journal = journal

    def format(self, record: logging.LogRecord) -> str:
        fields = [f"{name}={value}" for name in _FIELDS if (value := getattr(record, name, None))]
        # One record is one line: a line break in a server's answer must not look like another record.
        text = " ".join((*fields, record.getMessage())).replace("\n", " ").replace("\r", " ")
        if self._journal:
            return f"<{_PRIORITIES.get(record.levelno, 6)}>{text}"  # sd-daemon(3)
        moment = datetime.fromtimestamp(record.created).astimezone()
        return f"{moment:%Y-%m-%d %H:%M:%S} {record.levelname.lower():7} {text}"


def _is_journal() -> bool:
    """Whether standard error is the journal's own stream (systemd.exec(5), JOURNAL_STREAM)."""
    try:
        stat = os.fstat(sys.stderr.fileno())
    except (OSError, ValueError, AttributeError):  # closed, replaced, or none at all (pythonw)
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{stat.st_dev}:{stat.st_ino}"


class _File(RotatingFileHandler):
    """Readable by the user alone. A disk that takes no lines is no reason to stop."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=_SIZE, backupCount=_KEPT, encoding="utf-8", errors="backslashreplace")
        self.setFormatter(_Lines(journal=False))
        self.setLevel(logging.INFO)  # DEBUG lines may name servers and addresses; they are for the eyes of the moment

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding=self.encoding, errors=self.errors, opener=_privately)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """Silence: standard error has the line too."""


def _privately(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def set_up(*, verbose: bool, level: int, kept: bool = False) -> None:
    """Send our own log lines to standard error from ``level`` on; with ``verbose`` everything.

    ``kept``: they are also kept in a file, but for those that a journal keeps. Libraries speak from WARNING on,
    whatever was asked: at DEBUG, imapclient's lines hold the mail itself.
    """
    journal = _is_journal()
    line = logging.StreamHandler()
    line.setFormatter(_Lines(journal=journal))
    handlers: list[logging.Handler] = [line] if sys.stderr is not None else []  # pythonw has none
    if kept and not journal:
        with suppress(OSError):
            log_file().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handlers.append(_File(log_file()))
    logging.basicConfig(handlers=handlers, level=logging.WARNING, force=True)
    for ours in ("afterword", "connectors"):
        logging.getLogger(ours).setLevel(logging.DEBUG if verbose else level)
    logging.getLogger("imapclient").setLevel(logging.WARNING)
