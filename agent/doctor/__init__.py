"""What is wrong, and what to do about it. Looks only: nothing is written but what was asked for.

The families are independent of each other: one that fails or hangs never stops the rest.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

from agent.config.settings import Settings
from agent.doctor.files import CONFIGURATION, books, configuration
from agent.doctor.finding import Family, Finding, State, examined
from agent.doctor.machine import alerts, clock, program, service
from agent.doctor.report import report

__all__ = ["Family", "Finding", "State", "examined", "families", "report", "settings_at"]

_READING = 180.0
"""Seconds: the first reading of the shipped rules runs all their examples, and a small computer takes its time."""


def settings_at(path: Path | None) -> tuple[Settings | None, Iterator[Finding]]:
    """The settings, without which little else can be looked at, and what is found of the program and of their file."""
    settings, found = configuration(path)
    opening = (Family(name="program", run=program), Family(name=CONFIGURATION, run=lambda: iter(found)))
    return settings, (each for family in opening for each in examined(family))


def families(settings: Settings, now: datetime, *, try_draft: bool = False) -> Iterator[Family]:
    """Everything else, in the order in which it is shown: from this computer outwards."""
    from agent.doctor.mailbox import mailbox  # late: the web libraries and the database take a moment to load
    from agent.doctor.store import daemon, store

    yield Family(name="rules", run=partial(books, settings), limit=_READING)
    yield Family(name="clock", run=partial(clock, settings, now))
    yield Family(name="store", run=partial(store, settings, now))
    yield Family(name="daemon", run=partial(daemon, settings))
    yield Family(name="service", run=partial(service, settings))
    yield Family(name="alerts", run=partial(alerts, settings))
    for account in settings.accounts:
        visit = partial(mailbox, account, now, me=settings.me, try_draft=try_draft)
        yield Family(name="mailbox", run=visit, account=account.name)
