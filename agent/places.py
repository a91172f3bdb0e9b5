"""Where Afterword leaves traces of itself, besides the store: what it logged, and where it broke."""

import contextlib
import os
from pathlib import Path

import platformdirs


def log_file() -> Path:
    """The daemon's log lines, where no journal keeps them."""
    return platformdirs.user_log_path("afterword", appauthor=False) / "afterword.log"


def crash_file() -> Path:
    """The place of the latest mistake of ours, without the values it held."""
    return platformdirs.user_state_path("afterword", appauthor=False) / "crash.txt"


def empty_log() -> None:
    """Nothing of what was logged is left. A daemon that holds the file open goes on at its beginning."""
    for path in log_file().parent.glob(f"{log_file().name}*"):
        with contextlib.suppress(OSError):
            os.truncate(path, 0)
