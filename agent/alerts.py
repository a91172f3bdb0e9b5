"""Tells the user outside the mailbox: log, desktop, the user's own programs. An alert that fails is no failure.

Nobody is told anything in quiet hours, and many things at once are told as one.
"""

import html
import json
import logging
import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

from agent.clicks import Clicks
from agent.config.settings import Settings
from agent.held import keep, kept
from agent.timetable import is_quiet

log = logging.getLogger("afterword.alerts")

TIMEOUT = 10.0
"""Seconds a program may take: the account's thread waits for it."""

STORM = 3
"""More alerts than these at once, after a long absence, become one."""

_TITLE_LIMIT = 120
_BODY_LIMIT = 500

_APPLESCRIPT = "on run argv", "display notification (item 2 of argv) with title (item 1 of argv)", "end run"
"""The words are arguments and not part of the script, so no mail can become a program."""


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
    NEWS = "news"
    """Mail came that asks something of the user, or makes a draft moot."""
    INTERVIEW = "interview"
    """An interview is near: what to keep in mind."""
    SUMMARY = "summary"
    """Several of these at once."""


@dataclass(frozen=True, kw_only=True)
class Alert:
    """One thing the user is told. ``title`` may name the employer; ``sentence`` holds no word of a mail, no address.

    ``ends`` is when the time to ask is over, where the alert is about that.
    """

    kind: AlertKind
    case: str | None
    title: str
    sentence: str
    ends: datetime | None = None


class Outbox:
    """Alerts on their way to the user. Any thread may put one in; ``flush`` tells them when the time is right."""

    def __init__(
        self,
        settings: Settings,
        tell: Callable[[Alert], None] | None = None,
        *,
        clicks: Clicks | None = None,
        held: Path | None = None,
    ) -> None:
        """``tell`` takes the place of ``deliver``; ``held`` is the file that keeps what waits, over restarts."""
        self._settings = settings
        self._tell = tell or (lambda alert: deliver(alert, settings, clicks))
        self._lock = threading.Lock()
        self._held = held
        self._alerts: list[Alert] = kept(held) if held else []

    def put(self, alert: Alert) -> None:
        """Log it, and keep it until the next ``flush``."""
        log.info("%s", alert.sentence, extra={"action": f"alert {alert.kind}", "case": alert.case})
        with self._lock:
            self._alerts.append(alert)
            self._keep()

    def flush(self, now: datetime) -> None:
        """Tell everything that waits, unless the hours are quiet."""
        if is_quiet(now, self._settings.clock):
            return
        with self._lock:
            waiting, self._alerts = self._alerts, []
            if waiting:
                self._keep()  # before it is told: each thing at most once
        for alert in gathered(waiting):
            self._tell(alert)

    def _keep(self) -> None:
        if self._held:
            keep(self._held, self._alerts)


def gathered(alerts: Sequence[Alert]) -> Sequence[Alert]:
    """The alerts themselves, each once, or one about all of them when there are many."""
    alerts = list(dict.fromkeys(alerts))
    if len(alerts) <= STORM:
        return alerts
    kinds = Counter(alert.kind for alert in alerts)
    parts = [f"{number} {_KINDS.get(kind, (kind, f'{kind}s'))[number > 1]}" for kind, number in kinds.most_common()]
    sentence = f"{', '.join(parts)}. All of it: afterword status"
    title = f"{len(alerts)} things happened while you were away"
    return [Alert(kind=AlertKind.SUMMARY, case=None, title=title, sentence=sentence)]


_KINDS = {
    AlertKind.DRAFTED: ("draft", "drafts"),
    AlertKind.REMINDER: ("reminder", "reminders"),
    AlertKind.NOTED: ("case without a letter", "cases without a letter"),
    AlertKind.TONE: ("draft to read once more", "drafts to read once more"),
    AlertKind.CROWD: ("question about vanished drafts", "questions about vanished drafts"),
    AlertKind.HINDERED: ("letter that cannot be written", "letters that cannot be written"),
    AlertKind.TROUBLE: ("trouble", "troubles"),
    AlertKind.NEWS: ("piece of news", "pieces of news"),
    AlertKind.INTERVIEW: ("interview coming up", "interviews coming up"),
    AlertKind.SUMMARY: ("summary", "summaries"),
}


def deliver(alert: Alert, settings: Settings, clicks: Clicks | None = None) -> None:
    """Hand the alert to whatever the user asked for. Never raises; takes at most ``TIMEOUT`` a program.

    ``clicks`` is who waits for a click on the bubble; None: nobody stays to do that.
    """
    if settings.desktop_alerts:
        _show(alert, clicks)
    for argv, given in _programs(alert, settings):
        _start(argv, given)


def _show(alert: Alert, clicks: Clicks | None) -> None:
    argv = _desktop(alert)
    if argv is None:
        return
    clickable = clicks is not None and Path(argv[0]).name == "notify-send"
    if not (clickable and clicks and clicks.show(argv, alert.case, lambda: _start(argv, ""))):
        _start(argv, "")


def _programs(alert: Alert, settings: Settings) -> Iterator[tuple[Sequence[str], str]]:
    """The user's own programs and what each reads on its standard input."""
    told = {"version": 1, "kind": alert.kind, "case": alert.case, "title": alert.title, "sentence": alert.sentence}
    told["ends"] = alert.ends.isoformat(timespec="seconds") if alert.ends else None
    for each in settings.command_alerts:
        yield each.argv, json.dumps(told) + "\n"


def _desktop(alert: Alert) -> list[str] | None:
    """The desktop's own program: freedesktop.org's ``notify-send``, or ``osascript`` on macOS; else the library of the
    extra `desktop`, which Windows needs; None without any."""
    title, body = _plain(alert.title)[:_TITLE_LIMIT], _plain(_with_command(alert))[:_BODY_LIMIT]
    if notify := shutil.which("notify-send"):
        # The desktop's server reads markup in the body (Desktop Notifications 1.2), and the title is cut for a bubble.
        urgency = "critical" if alert.kind is AlertKind.TROUBLE else "normal"
        return [notify, "-a", "Afterword", "-u", urgency, "--", title, html.escape(body, quote=False)]
    if script := shutil.which("osascript"):
        return [script, *(part for line in _APPLESCRIPT for part in ("-e", line)), title, body]
    if find_spec("desktop_notifier"):
        return [sys.executable, "-m", "agent.desktop", title, body]
    return None


def _with_command(alert: Alert) -> str:
    """The sentence, and where to read more unless it says so itself."""
    named = alert.case is None or "afterword " in alert.sentence
    return alert.sentence if named else f"{alert.sentence} More: afterword show {alert.case}"


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
