"""``python -m agent.service ... run``: the command line for launchd and the Task Scheduler.

They keep no log of what a program says, and know no exit code after which it is left alone.
"""

import sys
from pathlib import Path

import platformdirs

from agent.cli import main
from agent.cli.failures import NEEDS_USER

LIMIT = 1_000_000
"""Bytes after which the log of the last start is put aside, in the place of the one before."""


def _open_log() -> None:
    folder = platformdirs.user_log_path("afterword", appauthor=False, ensure_exists=True)
    log = folder / "service.log"
    if log.exists() and log.stat().st_size > LIMIT:
        log.replace(folder / "service.old.log")
    Path.touch(log, mode=0o600)
    sys.stdout = sys.stderr = log.open("a", encoding="utf-8", buffering=1)


if __name__ == "__main__":
    _open_log()
    code = main()
    # What needs the user is not mended by starting again, and could lock an account.
    sys.exit(0 if code == NEEDS_USER else code)
