"""What the user decided, once the config file is read and checked: frozen settings."""

from dataclasses import dataclass, field
from datetime import time, timedelta, tzinfo
from pathlib import Path

from agent.policy import Entry
from connectors.account import Account


@dataclass(frozen=True, kw_only=True)
class Me:
    """Who writes the letters."""

    name: str
    signature: str = ""
    """Lines under the letter; the name when empty."""


@dataclass(frozen=True, kw_only=True)
class Quiet:
    """Hours in which the user is not told anything, in the user's time zone; may span midnight."""

    start: time
    end: time


@dataclass(frozen=True, kw_only=True)
class Clock:
    """When to ask and when to remind."""

    timezone: tzinfo
    ask_within: timedelta = timedelta(hours=24)
    remind_before: tuple[timedelta, ...] = (timedelta(hours=8), timedelta(hours=2))
    quiet: Quiet | None = None
    country: str | None = None
    """ISO 3166-1 alpha-2, for public holidays; None: only weekends are free."""


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """What follows a request. ``None`` means never."""

    thanks: bool = True
    close_after: int | None = 7
    """Working days without an answer after which a short closing letter is drafted."""
    enquire_after: int | None = None
    """Working days of silence after an interview before a status enquiry is drafted."""


@dataclass(frozen=True, kw_only=True)
class CommandAlert:
    """A program that is told of each alert: argv without a shell, JSON on standard input."""

    argv: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The whole configuration."""

    me: Me
    accounts: tuple[Account, ...]
    clock: Clock
    follow_up: FollowUp = field(default_factory=FollowUp)
    desktop_alerts: bool = True
    command_alerts: tuple[CommandAlert, ...] = ()
    lookback: timedelta = timedelta(days=3)
    brake: int = 10
    languages: tuple[str, ...] | None = None
    """Packs to use; None: chosen for each mail (``auto``)."""
    rules: tuple[Path, ...] = ()
    policy: tuple[Entry, ...] = ()
    """The user's entries, which stand before the default ones."""
    store: str
    """A SQLAlchemy URL."""
    source: Path

    def account(self, name: str) -> Account | None:
        """The account of that name, or None."""
        return next((account for account in self.accounts if account.name == name), None)
