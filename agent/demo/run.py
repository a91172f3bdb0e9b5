"""The demo's own installation: a folder with a mailbox, a configuration and a store, and real turns over it."""

from collections.abc import Iterable
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from agent.alerts import Alert
from agent.books import Shelf
from agent.case import Case
from agent.config.load import load
from agent.demo.sample import Sample
from agent.journal import Journal
from agent.turn import Given, turn
from connectors import connect


class Run:
    """What `afterword run` does, on sample mail and with the time as an argument."""

    def __init__(self, home: Path, now: datetime) -> None:
        """Set everything up below ``home``. Raises ``OSError`` and ``StoreTrouble``."""
        config = home / "config.yaml"
        config.write_text((files(__package__) / "config.yaml").read_text(encoding="utf-8"), encoding="utf-8")
        self.settings = load(config)
        [self.account] = self.settings.accounts
        self.zone = self.settings.clock.timezone
        self.sample = Sample(home / "Mail", now, self.zone)
        self._books = Shelf(self.settings).books
        self._journal = Journal(self.settings.store)

    def close(self) -> None:
        """Let go of the store."""
        self._journal.close()

    def take_turn(self, now: datetime) -> list[Alert]:
        """One pass of Afterword over the mailbox; what the user would be told."""
        told: list[Alert] = []
        with connect(self.account) as mailbox:
            turn(
                Given(
                    mailbox=mailbox,
                    account=self.account,
                    settings=self.settings,
                    books=self._books,
                    journal=self._journal,
                    now=now,
                    tell=told.append,
                )
            )
        return told

    def cases(self) -> list[Case]:
        """Everything Afterword knows."""
        with self._journal.reading() as reader:
            return reader.cases()

    def case_of(self, references: Iterable[str]) -> Case | None:
        """The case that a message with these Message-IDs belongs to."""
        with self._journal.reading() as reader:
            return next(iter(reader.by_reference(f"id:{each}" for each in references)), None)
