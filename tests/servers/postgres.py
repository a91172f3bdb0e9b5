"""A PostgreSQL of its own, reachable through a socket in a folder of its own, gone with the test."""

import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any, Self

from tests.servers import STARTUP, short_directory


def programs() -> Path | None:
    """Where the distribution keeps the server's programs; None: it is not installed."""
    folders = [*(Path(p) for p in os.environ["PATH"].split(":")), *sorted(Path("/usr/lib/postgresql").glob("*/bin"))]
    return next((folder for folder in reversed(folders) if (folder / "initdb").exists()), None)


class Postgres:
    """The server. The superuser is `afterword`, without a password, and nobody else can reach the socket."""

    def __init__(self) -> None:
        found = programs()
        assert found is not None, "PostgreSQL is not installed here"
        self._programs = found
        self._folder = short_directory("pg")
        # It refuses to run as root, and its folder must be its user's own.
        self._user: dict[str, Any] = {"user": "nobody", "group": "nogroup"} if os.geteuid() == 0 else {}
        if self._user:
            shutil.chown(self._folder, "nobody", "nogroup")

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://afterword@/{database}?host={self._folder}"

    def __enter__(self) -> Self:
        cluster = str(self._folder / "cluster")
        self._call("initdb", "-D", cluster, "-U", "afterword", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C")
        options = f"-k {self._folder} -c listen_addresses='' -c fsync=off"
        self._call("pg_ctl", "-D", cluster, "-o", options, "-l", f"{self._folder}/log", "-w", "start")
        return self

    def __exit__(self, *_: object) -> None:
        self._call("pg_ctl", "-D", str(self._folder / "cluster"), "-m", "immediate", "-w", "stop")
        end = time.monotonic() + STARTUP
        while self._folder.exists() and time.monotonic() < end:
            shutil.rmtree(self._folder, ignore_errors=True)

    def create(self, database: str) -> str:
        """A new, empty database; its address."""
        self._call("createdb", "-h", str(self._folder), "-U", "afterword", database)
        return self.url(database)

    def _call(self, name: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._programs / name, *arguments], cwd=self._folder, capture_output=True, text=True, check=False,
            stdin=subprocess.DEVNULL, timeout=60, **self._user,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
