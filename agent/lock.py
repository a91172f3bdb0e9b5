"""One daemon a store. The lock is the operating system's (flock), so a crash never leaves a stale one behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs
from filelock import FileLock, Timeout
from sqlalchemy import make_url


class AlreadyRunning(Exception):
    """Another Afterword works on this store."""


@contextmanager
def daemon_lock(store: str) -> Iterator[None]:
    """Hold the store's lock. Raises ``AlreadyRunning``."""
    try:
        with FileLock(lock_path(store), timeout=0):
            yield
    except Timeout:
        raise AlreadyRunning(
            "Another Afterword is already at work on this store. "
            "See how it fares with `afterword status`, or stop it before starting a second one."
        ) from None


def is_running(store: str) -> bool:
    """Whether a daemon (or a `check`) is at work now."""
    try:
        with daemon_lock(store):
            return False
    except AlreadyRunning:
        return True


def lock_path(store: str) -> Path:
    """Beside a SQLite file; for a database server in the user's own state folder."""
    url = make_url(store)
    if url.get_backend_name() == "sqlite" and url.database:
        path = Path(url.database)
        path = path.with_name(path.name + ".lock")
    else:
        path = platformdirs.user_state_path("afterword", appauthor=False) / f"{url.host}-{url.database}.lock"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path
