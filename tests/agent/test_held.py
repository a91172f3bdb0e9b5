"""Alerts that wait outlive the daemon: what quiet hours hold is told by the next one, once."""

import stat
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from agent.alerts import Alert, AlertKind, Outbox
from agent.config.settings import Quiet, Settings
from agent.held import held_path, keep, kept
from tests.agent.test_alerts import settings

NIGHT = datetime(2026, 6, 4, 23, tzinfo=UTC)
MORNING = datetime(2026, 6, 5, 9, tzinfo=UTC)
NEWS = Alert(kind=AlertKind.NEWS, case="k4m2xp", title="Acme asks you something", sentence="It waits for you.")
LATE = replace(NEWS, kind=AlertKind.REMINDER, ends=MORNING)


@pytest.fixture
def quiet(tmp_path: Path) -> Settings:
    given = settings()
    nights = replace(given.clock, quiet=Quiet(start=time(22), end=time(8)))
    return replace(given, clock=nights, store=f"sqlite:///{tmp_path}/afterword.db")


def test_the_next_daemon_tells_it_once(quiet: Settings) -> None:
    """Killed at night, without a word of farewell."""
    told: list[Alert] = []
    held = held_path(quiet.store)
    first = Outbox(quiet, told.append, held=held)
    first.put(NEWS)
    first.put(LATE)
    first.flush(NIGHT)
    second = Outbox(quiet, told.append, held=held)
    assert (told, stat.S_IMODE(held.stat().st_mode)) == ([], 0o600)
    second.flush(MORNING)
    assert told == [NEWS, LATE]
    assert not held.exists()
    Outbox(quiet, told.append, held=held).flush(MORNING)
    assert told == [NEWS, LATE]


def test_it_is_not_told_twice_when_telling_ends_badly(quiet: Settings) -> None:
    """The power goes while the user's program runs: once is enough."""

    def breaks_off(_: Alert) -> None:
        raise KeyboardInterrupt

    outbox = Outbox(quiet, breaks_off, held=held_path(quiet.store))
    outbox.put(NEWS)
    with pytest.raises(KeyboardInterrupt):
        outbox.flush(MORNING)
    assert kept(held_path(quiet.store)) == []


@pytest.mark.parametrize(
    "text", ["", "{", "[1]", "{}", '[{"kind": "no such kind"}]', '[{"kind": "news", "case": null}]', "\0", "[" * 9999]
)
def test_a_damaged_file_hinders_nothing(tmp_path: Path, text: str) -> None:
    """Whoever wrote into it."""
    (tmp_path / "x.alerts").write_text(text)
    assert kept(tmp_path / "x.alerts") == []


def test_a_disk_that_is_full_hinders_nothing(quiet: Settings, tmp_path: Path) -> None:
    """It still waits in memory."""
    told: list[Alert] = []
    outbox = Outbox(quiet, told.append, held=tmp_path / "no such folder" / "x.alerts")
    outbox.put(NEWS)
    outbox.flush(MORNING)
    assert told == [NEWS]


def test_the_file_does_not_grow_for_ever(tmp_path: Path) -> None:
    """A holiday of a year."""
    keep(tmp_path / "x.alerts", [NEWS] * 2000)
    assert len(kept(tmp_path / "x.alerts")) == 500
