"""Where log lines go: standard error, which is the journal under systemd. Fields, never a mail's text or an address."""

import logging
import os
import sys
from datetime import datetime

QUIET, TELLING = logging.WARNING, logging.INFO
"""From which level on we speak: a command that prints its own answer, and one that works in the background."""

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


def set_up(*, verbose: bool, level: int) -> None:
    """Send our own log lines to standard error from ``level`` on; with ``verbose`` everything.

    Libraries speak from WARNING on, whatever was asked: at DEBUG, imapclient's lines hold the mail itself.
    """
    line = logging.StreamHandler()
    line.setFormatter(_Lines(journal=_is_journal()))
    logging.basicConfig(handlers=[line], level=logging.WARNING, force=True)
    for ours in ("afterword", "connectors"):
        logging.getLogger(ours).setLevel(logging.DEBUG if verbose else level)
    logging.getLogger("imapclient").setLevel(logging.WARNING)
