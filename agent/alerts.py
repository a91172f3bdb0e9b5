"""Tells the user outside the mailbox: log, desktop, the user's own programs. An alert that fails is no failure."""

import html
import json
import logging
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from agent.config.settings import Settings

log = logging.getLogger("afterword.alerts")

TIMEOUT = 10.0
"""Seconds a program may take: the account's thread waits for it."""

_TITLE_LIMIT = 120
_BODY_LIMIT = 500


class AlertKind(StrEnum):
    """What the user is told; a stable word for the user's own programs."""

    DRAFTED = "drafted"
    """A letter lies in Drafts."""
    REMINDER = "reminder"
    """The time to ask runs out."""
    NOTED = "noted"
    """A rejection came, and no letter was written for it."""
    TONE = "tone"
    """An edited draft breaks a tone rule."""
    CROWD = "crowd"
    """Several drafts vanished at once."""
    HINDERED = "hindered"
    """A promised letter cannot be written now."""
    TROUBLE = "trouble"
    """An account needs the user."""


@dataclass(frozen=True, kw_only=True)
class Alert:
    """One thing the user is told. ``title`` may name the employer; ``sentence`` holds no word of a mail, no address."""

    kind: AlertKind
    case: str | None
    title: str
    sentence: str


def deliver(alert: Alert, settings: Settings) -> None:
    """Log the alert and hand it to whatever the user asked for. Never raises; takes at most ``TIMEOUT`` a program."""
    log.info("%s", alert.sentence, extra={"action": f"alert {alert.kind}", "case": alert.case})
    for argv, given in _programs(alert, settings):
        _start(argv, given)


def _programs(alert: Alert, settings: Settings) -> Iterator[tuple[Sequence[str], str]]:
    """The programs to start and what each reads on its standard input."""
    if settings.desktop_alerts and (notify := shutil.which("notify-send")):
        # The desktop's server reads markup in the body (Desktop Notifications 1.2), and the title is cut for a bubble.
        body = html.escape(_plain(alert.sentence)[:_BODY_LIMIT], quote=False)
        urgency = "critical" if alert.kind is AlertKind.TROUBLE else "normal"
        yield [notify, "-a", "Afterword", "-u", urgency, "--", _plain(alert.title)[:_TITLE_LIMIT], body], ""
    told = {"version": 1, "kind": alert.kind, "case": alert.case, "title": alert.title, "sentence": alert.sentence}
    for each in settings.command_alerts:
        yield each.argv, json.dumps(told) + "\n"


def _start(argv: Sequence[str], given: str) -> None:
    program = argv[0]
    try:
        subprocess.run(  # noqa: S603 - an argv list from the user's own configuration, no shell
            argv,
            input=given.encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=TIMEOUT,
            check=True,
        )
    except subprocess.TimeoutExpired:
        log.warning("the alert program `%s` took longer than %.0f s and was stopped", program, TIMEOUT)
    except subprocess.CalledProcessError as failed:
        log.warning("the alert program `%s` failed (exit code %d)", program, failed.returncode)
    except (OSError, ValueError) as failed:
        log.warning("the alert program `%s` cannot be started: %s", program, type(failed).__name__)


def _plain(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)
