"""A user's home with a configuration, and the command line as the user types it."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from agent.case import Case, Event
from agent.cli import clock, main
from agent.journal import Journal

CONFIG = """\
me: {name: Ana Sousa}
accounts:
  - {name: home, connector: maildir, address: ana@example.org, path: ~/Mail}
clock: {timezone: Europe/Lisbon, quiet_hours: "22:00-08:00"}
alerts: []
"""


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass
class Home:
    """A home folder. ``run`` calls the command in this process, ``run_alone`` in one of its own."""

    folder: Path
    capsys: pytest.CaptureFixture[str]
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def config(self) -> Path:
        return self.folder / ".config/afterword/config.yaml"

    @property
    def store(self) -> str:
        return f"sqlite:///{self.folder}/.local/share/afterword/afterword.db"

    def configure(self, text: str = CONFIG) -> None:
        self.config.parent.mkdir(parents=True, exist_ok=True)
        self.config.write_text(text)

    def run(self, *arguments: str) -> Ended:
        self.capsys.readouterr()
        code = main(arguments)
        out, err = self.capsys.readouterr()
        return Ended(code, out, err)

    def run_alone(self, *arguments: str, stdin: bytes = b"", **environment: str) -> Ended:
        done = subprocess.run(
            [sys.executable, "-m", "agent.cli", *arguments],
            env={**os.environ, **environment},
            input=stdin,
            capture_output=True,
            timeout=60,
            check=False,
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    def happened(self, *events: Event) -> Case:
        """Write a case into the journal: what the daemon would have written."""
        journal = Journal(self.store)
        try:
            with journal.writing() as writer:
                return writer.append(writer.open_case(events[0].at), *events)
        finally:
            journal.close()

    def happened_to(self, case: Case, *events: Event) -> Case:
        """The same for a case that is there."""
        journal = Journal(self.store)
        try:
            with journal.writing() as writer:
                return writer.append(case, *events)
        finally:
            journal.close()

    def case(self, case_id: str) -> Case:
        """The case as the journal has it now."""
        journal = Journal(self.store)
        try:
            with journal.reading() as reader:
                found = reader.case(case_id)
                assert found is not None
                return found
        finally:
            journal.close()

    def maildir(self, name: str = "Mail") -> Path:
        """An empty Maildir++ tree, as configured."""
        for folder in ("", ".Drafts", ".Sent"):
            for part in ("cur", "new", "tmp"):
                (self.folder / name / folder / part).mkdir(parents=True, exist_ok=True)
        return self.folder / name


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Home]:
    """A user without any configuration yet, and nothing of ours."""
    for name in list(os.environ):
        if (name.startswith("XDG_") and name != "XDG_CACHE_HOME") or name in (
            "AFTERWORD_CONFIG",
            "FORCE_COLOR",
            "COLUMNS",
            "JOURNAL_STREAM",
        ):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(Path.cwd()))
    monkeypatch.setenv("TERM", "dumb")
    before = logging.root.handlers[:]
    yield Home(tmp_path, capsys)
    logging.root.handlers[:] = before


@pytest.fixture
def configured(home: Home) -> Home:
    """The same with a configuration and a Maildir."""
    home.configure()
    home.maildir()
    return home


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands, however long a test takes."""
    from tests.cli.happened import NOW

    monkeypatch.setattr(clock, "now", lambda: NOW)
