"""The store: its place on disk, its file, and whether every case is what its events say."""

import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import make_url

from agent.case import replay
from agent.case.case import opened
from agent.config.settings import Settings
from agent.doctor.finding import Finding, State
from agent.journal import Journal
from agent.lock import is_running

_LITTLE, _NOTHING = 500, 20
"""Megabytes: a year of applications takes a few, and everything else on the machine suffers first."""
_AHEAD = timedelta(minutes=5)


def store(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Disk, file, database, cases."""
    url = make_url(settings.store)
    place = Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
    if place is not None:
        yield _disk(place.parent)
        if not place.exists():
            yield Finding(name="store", sentence=f"{place} is not there yet; the first run makes it", facts=("none",))
            return
        yield from _file(place)
    yield from _cases(settings, now)


def daemon(settings: Settings) -> Iterator[Finding]:
    """Whether anybody is at work."""
    if is_running(settings.store):
        yield Finding(name="daemon", sentence="Afterword is running", facts=("running",))
    else:
        yield Finding(
            name="daemon",
            state=State.WARN,
            sentence="Afterword is not running, so nothing is watched now",
            todo="Start it: afterword run",
            facts=("not running",),
        )


def _disk(folder: Path) -> Finding:
    there = next(each for each in (folder, *folder.parents) if each.exists())
    free = shutil.disk_usage(there).free // 1_000_000
    facts = (f"free MB {free}",)
    if not os.access(there, os.W_OK):
        return Finding(
            name="disk",
            state=State.FAIL,
            sentence=f"the folder {there} cannot be written, so nothing can be remembered",
            todo="Give your user the right to write there, or name another place under `store:`.",
            facts=("not writable",),
        )
    if free >= _LITTLE:
        return Finding(
            name="disk", sentence=f"{free // 1000 or free} {'GB' if free >= 1000 else 'MB'} free", facts=facts
        )
    return Finding(
        name="disk",
        state=State.WARN if free >= _NOTHING else State.FAIL,
        sentence=f"only {free} MB are free where the store lies ({there})",
        todo="Make room. Nothing is lost when the disk is full, but nothing goes on either.",
        facts=facts,
    )


def _file(place: Path) -> Iterator[Finding]:
    if os.name == "posix" and stat.S_IMODE(place.stat().st_mode) & 0o077:
        yield Finding(
            name="store",
            state=State.WARN,
            sentence=f"others on this computer can read {place}, and it holds words of your mail",
            todo=f"chmod 600 '{place}'",
            facts=("readable by others",),
        )
    wrong = _integrity(place)
    if wrong:
        yield Finding(
            name="store",
            state=State.FAIL,
            sentence=f"the file {place} is damaged",
            todo="Stop Afterword, keep a copy of the file, and put back a backup from before; if there is none, move "
            "it away: your mail is read again, and drafts that lie there are known again.",
            facts=("damaged", wrong),
        )
    else:
        size = place.stat().st_size / 1e6
        yield Finding(name="store", sentence=f"{place} ({size:.1f} MB) is sound", facts=(f"size MB {size:.1f}",))


def _integrity(place: Path) -> str:
    """The kind of damage that SQLite finds; nothing when there is none. The file is only read."""
    try:
        connection = sqlite3.connect(f"file:{quote(str(place))}?mode=ro", uri=True, timeout=5)
        try:
            [answer] = connection.execute("PRAGMA integrity_check(1)").fetchone()
        finally:
            connection.close()
    except sqlite3.Error as broken:
        return type(broken).__name__
    return "" if answer == "ok" else "integrity_check"


def _cases(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Events are what happened; what is kept besides has to be what they tell."""
    journal = Journal(settings.store)
    try:
        with journal.reading() as reader:
            cases = reader.cases()
            histories = [(case, reader.events(case.id)) for case in cases]
            troubled = [each for each in settings.accounts if reader.account(each.name).trouble]
    finally:
        journal.close()
    count = sum(len(events) for _, events in histories)
    facts = (f"cases {len(cases)}", f"events {count}", f"accounts in trouble {len(troubled)}")
    odd = [case for case, events in histories if not events or replay(opened(case.id, events[0].at), events) != case]
    if odd:
        yield Finding(
            name="cases",
            state=State.WARN,  # events decide, so nothing is lost; an older Afterword may have read them differently
            sentence=f"{len(odd)} of {len(cases)} cases are not what this Afterword reads from their events",
            todo="It is not your fault. Please send us a report: afterword doctor --report FILE",
            facts=(*facts, f"differing {len(odd)}"),
        )
    else:
        told = f"{len(cases)} case{'s' * (len(cases) != 1)} with {count} event{'s' * (count != 1)}"
        yield Finding(name="cases", sentence=f"{told}: each is what its events say", facts=facts)
    newest = max((events[-1].at for _, events in histories if events), default=now)
    if newest > now + _AHEAD:
        yield Finding(
            name="clock",
            state=State.FAIL,
            sentence="something in the store happened later than now: this computer's clock went back",
            todo="Set the clock right. Nothing is lost; reminders go by it.",
            facts=("events in the future",),
        )
