"""The computer: which program runs here, what the clock says, whether the user can be told."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from agent.config.settings import Settings
from agent.doctor.finding import Finding, State
from agent.places import crash_file, log_file
from rules.source import read_file

LIBRARIES = ("imapclient", "msal", "google-api-python-client", "apscheduler", "pydantic", "sqlalchemy", "google-re2")
_ANSWER = 5.0
"""Seconds for a program of the system's."""
_DRIFT = timedelta(minutes=1)
"""A server's Date is a second old, and a network slow; a minute off is a clock that nobody sets."""


def own_version() -> str:
    """Of Afterword itself."""
    try:
        return version("afterword")
    except PackageNotFoundError:  # run from a source tree that was never installed
        return "from source"


def versions() -> tuple[str, ...]:
    """Of Python and of the libraries that matter; those that are not there are left out."""
    found = [f"Python {'.'.join(map(str, sys.version_info[:3]))} on {sys.platform}"]
    for name in LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return tuple(found)


def program() -> Iterator[Finding]:
    """What runs here, and whether it ever broke."""
    facts = versions()
    yield Finding(name="program", sentence=f"Afterword {own_version()}, {facts[0]}", facts=facts)
    if log_file().is_file():
        yield Finding(name="log", sentence=f"the daemon's log lines are kept in {log_file()}", facts=("file",))
    crash = crash_file()
    if crash.is_file():
        when = datetime.fromtimestamp(crash.stat().st_mtime).astimezone()
        yield Finding(
            name="crash",
            state=State.WARN,
            sentence=f"Afterword itself failed at {when:%Y-%m-%d %H:%M}; where, it noted in {crash}",
            todo=f"Please send us a report (afterword doctor --report FILE), then: rm '{crash}'",
            facts=("crash file there",),
        )


def clock(settings: Settings, now: datetime) -> Iterator[Finding]:
    """The zone that all times are shown and waited in, and whether somebody sets the clock."""
    zone = settings.clock.timezone
    here = f"{now.astimezone(zone):%Y-%m-%d %H:%M} in {zone}"
    if str(zone) in ("UTC", "Etc/UTC") and not _says_zone(settings):
        yield Finding(
            name="time zone",
            state=State.WARN,
            sentence=f"this computer names no place, so it is {here}",
            todo="If you live elsewhere, write `timezone:` under `clock:`, as in Europe/Lisbon.",
        )
    else:
        yield Finding(name="time zone", sentence=f"it is {here}")
    yield _synchronised()


def _says_zone(settings: Settings) -> bool:
    part = read_file(settings.source).get("clock")
    return part is not None and part.get("timezone") is not None


def _synchronised() -> Finding:
    """The system is asked, since an IMAP server tells no time (an INTERNALDATE may be anybody's)."""
    answer = _asked("timedatectl", "show", "--property=NTPSynchronized", "--value")
    if answer == "yes":
        return Finding(name="clock", sentence="this computer's clock is set by the network", facts=("set",))
    if answer == "no":
        return Finding(
            name="clock",
            state=State.WARN,
            sentence="nobody sets this computer's clock; reminders and the 24 hours go by it",
            todo="Compare it with a telephone. To have it set by itself: timedatectl set-ntp true",
            facts=("not set",),
        )
    return Finding(
        name="clock",
        sentence="whether the clock is right could not be found out here; compare the time above with a telephone",
        facts=("unknown",),
    )


def compared(told: datetime, now: datetime) -> Finding:
    """Our clock against a server's."""
    off = now - told
    if abs(off) <= _DRIFT:
        return Finding(name="clock", sentence="this computer's clock agrees with the provider's")
    minutes = round(abs(off).total_seconds() / 60)
    return Finding(
        name="clock",
        state=State.FAIL,
        sentence=f"this computer's clock is {minutes} min {'ahead of' if off > _DRIFT else 'behind'} the provider's",
        todo="Set it right: reminders, the 24 hours and sign-ins go by it.",
        facts=(f"off by minutes {minutes}",),
    )


def service(settings: Settings) -> Iterator[Finding]:
    """Whether Afterword is started when the user logs in."""
    from agent.service import ServiceTrouble, condition, service_for  # late: it reads the templates

    again = "Install it again: afterword service install"
    try:
        found = condition(service_for(settings.source))
    except ServiceTrouble as trouble:
        yield Finding(name="service", sentence=str(trouble), facts=("no scheduler",))
        return
    if not found.installed:
        yield Finding(
            name="service",
            sentence="no service is installed, so Afterword runs when you start it",
            todo="To have it started when you log in: afterword service install",
            facts=("none",),
        )
    elif not found.ours:
        yield Finding(name="service", sentence="there is a service that Afterword did not write", facts=("foreign",))
    elif not found.current:
        sentence = "the service is not what this Afterword would write: it was moved, upgraded, or changed by you"
        yield Finding(name="service", state=State.WARN, sentence=sentence, todo=again, facts=("outdated",))
    elif found.life is None:
        yield Finding(name="service", sentence="installed; how it fares cannot be asked here", facts=("installed",))
    elif found.life.running:
        yield Finding(name="service", sentence="installed, and running", facts=("running",))
    else:
        ended = (
            "it ended, since something needs you; see the lines with `fail`" if found.life.needs_user else "not running"
        )
        sentence = f"installed, but {ended}"
        yield Finding(name="service", state=State.WARN, sentence=sentence, todo=again, facts=("not running",))


def alerts(settings: Settings) -> Iterator[Finding]:
    """Whether the user can be told anything outside the mailbox."""
    if not settings.desktop_alerts and not settings.command_alerts:
        yield Finding(name="alerts", sentence="you chose to be told nothing; `afterword status` shows all there is")
    if settings.desktop_alerts:
        yield _desktop()
    for each in settings.command_alerts:
        program = each.argv[0]
        if shutil.which(program):
            yield Finding(name="alerts", sentence=f"the program `{program}` is there")
        else:
            yield Finding(
                name="alerts",
                state=State.FAIL,
                sentence=f"the program `{program}` under `alerts:` is not there, or may not be started",
                todo="Install it, correct its path, or: chmod +x PATH",
                needs_user=True,
                facts=("program missing",),
            )


def _desktop() -> Finding:
    if not (shutil.which("notify-send") or shutil.which("osascript") or find_spec("desktop_notifier")):
        return Finding(
            name="alerts",
            state=State.WARN,
            sentence="there is no notify-send on this computer, so no alert appears on the desktop",
            todo="Install it (Debian: libnotify-bin), or name another way under `alerts:` (docs/alerts.md).",
            facts=("no notify-send",),
        )
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    bus = bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS")) or (runtime is not None and Path(runtime, "bus").exists())
    if sys.platform == "linux" and not bus:
        return Finding(
            name="alerts",
            state=State.WARN,
            sentence="nobody is logged in at a desktop here, so no alert appears",
            todo="Over ssh that is as it should be; else name another way under `alerts:` (docs/alerts.md).",
            facts=("no session bus",),
        )
    return Finding(
        name="alerts",
        sentence="alerts go to the desktop; `afterword doctor --try-alert` shows one",
        facts=("desktop",),
    )


def _asked(*argv: str) -> str | None:
    """The first line that a program of the system prints; None when it cannot tell."""
    try:
        done = subprocess.run(  # noqa: S603 - fixed words, no shell
            argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=_ANSWER, check=True, text=True
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    return done.stdout.strip() or None
