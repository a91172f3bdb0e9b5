"""What is to be kept running, by whom, and how it fares."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

MARK = "Written by `afterword service install`"
"""Stands in every file of ours: what does not say so belongs to somebody else, and is left alone."""

CARRIED = (
    "PATH",
    *("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"),
    *("PASSWORD_STORE_DIR", "GNUPGHOME", "SSL_CERT_FILE", "SSL_CERT_DIR"),
)
"""Variables of the shell that the service gets too: else it would look for its store, or a password program for its
keys, in another place than the commands do. launchd's own PATH, for one, does not reach Homebrew's programs."""


class ServiceTrouble(Exception):
    """The service cannot be installed, removed or asked. Its text says why and what to do."""


class NotStarted(Exception):
    """The file is written, but the scheduler did not do what was asked of it. Its text is the scheduler's answer."""


@dataclass(frozen=True, kw_only=True)
class Program:
    """What the service runs. All paths are absolute."""

    python: Path
    """The interpreter of the environment that Afterword is installed in."""
    config: Path
    environment: Mapping[str, str] = field(default_factory=dict)


def running_program(config: Path) -> Program:
    """This very installation, with that configuration and the variables that matter to it."""
    environment = {name: value for name in CARRIED if (value := os.environ.get(name)) and value.isprintable()}
    return Program(python=Path(sys.executable).absolute(), config=config.absolute(), environment=environment)


@dataclass(frozen=True, kw_only=True)
class Command:
    """One program call of a scheduler's own tool."""

    argv: tuple[str, ...]
    may_fail: bool = False
    """What it should bring about may be the case already."""
    attempts: int = 1
    """How often it is tried, with a second in between."""


@dataclass(frozen=True, kw_only=True)
class Service:
    """Afterword in the hands of one scheduler: the file, and what brings it to life and ends it."""

    scheduler: str
    """Its name, as it stands in a sentence."""
    file: Path
    text: str
    encoding: str = "utf-8"
    start: tuple[Command, ...]
    """After the file is written."""
    stop: tuple[Command, ...]
    """Before the file is removed."""
    removed: tuple[Command, ...] = ()
    """After the file is removed."""
    ask: Command
    """Prints how it fares."""
    read: Callable[[str], "Life"]
    """Makes out of that answer what it means. Never raises."""
    notes: tuple[str, ...] = ()
    """What the user should know once it is installed."""


@dataclass(frozen=True, kw_only=True)
class Life:
    """How a scheduler says that the service fares."""

    running: bool
    needs_user: bool = False
    """It ended because the configuration or a sign-in needs the user."""
    words: str = ""
    """In the scheduler's own words."""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """How the service fares: on disk and in its scheduler."""

    installed: bool
    """A file of that name is there."""
    ours: bool
    """And it was written by Afterword."""
    current: bool
    """And says what would be written today."""
    life: Life | None
    """None: the scheduler cannot be asked here."""
