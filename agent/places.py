"""Where Afterword leaves traces of itself, besides the store: what it logged, and where it broke."""

from pathlib import Path

import platformdirs


def log_file() -> Path:
    """The daemon's log lines, where no journal keeps them."""
    return platformdirs.user_log_path("afterword", appauthor=False) / "afterword.log"


def crash_file() -> Path:
    """The place of the latest mistake of ours, without the values it held."""
    return platformdirs.user_state_path("afterword", appauthor=False) / "crash.txt"
