"""What is found of the computer and of the store, and what becomes of a check that breaks or hangs."""

import os
import sqlite3
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agent.config.load import load
from agent.config.settings import CommandAlert, Settings
from agent.doctor import Family, Finding, State, examined
from agent.doctor.files import books, configuration
from agent.doctor.machine import alerts, clock, program, service
from agent.doctor.store import daemon, store
from agent.journal import Journal, StoreTrouble
from agent.lock import daemon_lock
from agent.places import crash_file, log_file
from agent.service import service_for
from agent.service.values import MARK
from connectors.port import Refused, Unavailable
from tests.cli.conftest import CONFIG
from tests.cli.happened import drafted

NOW = datetime.now(UTC)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A small configuration, its store in a folder of its own; nothing of the real home is seen."""
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG)
    return load(path)


def only(findings: Iterator[Finding], name: str) -> Finding:
    [found] = [each for each in findings if each.name == name]
    return found


# A check that breaks or hangs -------------------------------------------------------------------------------------


def hangs() -> Iterator[Finding]:
    yield Finding(name="first", sentence="fine")
    threading.Event().wait(20)


def breaks() -> Iterator[Finding]:
    yield Finding(name="first", sentence="fine")
    raise KeyError("ana@example.org")


def test_a_check_that_hangs_is_left_behind() -> None:
    """What it had found is told, then that it takes too long."""
    first, second = examined(Family(name="x", run=hangs, account="home", limit=0.2))
    assert (first.sentence, first.account) == ("fine", "home")
    assert (second.name, second.state) == ("x", State.FAIL)
    assert "no answer within" in second.sentence


def test_a_check_that_breaks_is_a_finding() -> None:
    """Its kind and place, never its text."""
    _, second = examined(Family(name="x", run=breaks))
    assert second.state is State.FAIL
    assert "ana@" not in str(second)
    assert second.facts[0].startswith("KeyError at agent/doctor/finding.py:")


@pytest.mark.parametrize(
    ("failure", "needs_user"), [(Refused("you must"), True), (Unavailable("later"), False), (StoreTrouble("no"), False)]
)
def test_failures_that_have_a_sentence(failure: Exception, needs_user: bool) -> None:
    """It is shown; only a refusal waits for the user."""

    def refuses() -> Iterator[Finding]:
        raise failure
        yield

    [found] = examined(Family(name="x", run=refuses))
    assert (found.sentence, found.needs_user) == (str(failure), needs_user)


# Files ------------------------------------------------------------------------------------------------------------


def test_mistakes_in_the_configuration_are_each_a_finding(tmp_path: Path) -> None:
    """With file, line and column, as everywhere; and without a file the way to one."""
    path = tmp_path / "config.yaml"
    path.write_text("me: {nam: x}\naccounts: 3\n")
    nothing, found = configuration(path)
    assert nothing is None
    assert len(found) > 1
    assert all(each.needs_user and str(path) in each.sentence for each in found)
    nothing, [found] = configuration(tmp_path / "none.yaml")
    assert "There is no configuration file" in found.sentence


def test_mistakes_in_rules_and_policy(settings: Settings, tmp_path: Path) -> None:
    """Rules with their place; a policy entry that never decides is a warning."""
    assert [each.state for each in books(settings)] == [State.OK]
    (tmp_path / "own.yaml").write_text("rules:\n  - rul: x\n")
    (tmp_path / "config.yaml").write_text(
        CONFIG + "rules: [own.yaml]\npolicy: [{when: {}, then: note}, {when: {}, then: ignore}]\n"
    )
    found = list(books(load(tmp_path / "config.yaml")))
    assert f"{tmp_path}/own.yaml:2:" in found[0].sentence
    assert found[0].needs_user
    assert "number 2 never decides" in only(iter(found), "policy").sentence


# The computer -----------------------------------------------------------------------------------------------------


def test_a_crash_is_told_until_it_is_removed(settings: Settings) -> None:
    """With the command that removes it."""
    assert [each.name for each in program()] == ["program"]
    log_file().parent.mkdir(parents=True)
    log_file().write_text("")
    assert str(log_file()) in only(program(), "log").sentence
    crash_file().parent.mkdir(parents=True, exist_ok=True)
    crash_file().write_text("KeyError\n")
    assert only(program(), "crash").todo.endswith(f"rm '{crash_file()}'")


def test_a_zone_nobody_chose(settings: Settings, tmp_path: Path) -> None:
    """UTC is what a computer says that knows no place; who wrote it knows."""
    assert only(clock(settings, NOW), "time zone").state is State.OK
    utc = replace(settings, clock=replace(settings.clock, timezone=ZoneInfo("Etc/UTC")))
    assert only(clock(utc, NOW), "time zone").state is State.OK
    (tmp_path / "config.yaml").write_text(CONFIG.replace("timezone: Europe/Lisbon, ", ""))
    assert only(clock(utc, NOW), "time zone").state is State.WARN


@pytest.mark.parametrize(
    ("answer", "state", "word"),
    [
        ("echo yes", State.OK, "set by the network"),
        ("echo no", State.WARN, "nobody sets"),
        ("exit 1", State.OK, "could not"),
    ],
)
def test_the_system_says_whether_the_clock_is_set(
    answer: str, state: State, word: str, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`timedatectl` is asked; where it is not, or cannot tell, that is told."""
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    (tmp_path / "timedatectl").write_text(f"#!/bin/sh\n{answer}\n")
    (tmp_path / "timedatectl").chmod(0o700)
    found = only(clock(settings, NOW), "clock")
    assert (found.state, word in found.sentence) == (state, True)


def test_ways_of_alerts(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """None, a program that is there or not, and a desktop with and without anybody at it."""
    assert "told nothing" in only(alerts(settings), "alerts").sentence
    missing = replace(settings, command_alerts=(CommandAlert(argv=(str(tmp_path / "nope"),)),))
    assert (found := only(alerts(missing), "alerts")).state is State.FAIL
    assert found.needs_user
    there = replace(settings, command_alerts=(CommandAlert(argv=(sys.executable,)),))
    assert only(alerts(there), "alerts").state is State.OK
    desktop = replace(settings, desktop_alerts=True)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert only(alerts(desktop), "alerts").facts == ("no notify-send",)
    (tmp_path / "notify-send").write_text("#!/bin/sh\n")
    (tmp_path / "notify-send").chmod(0o700)
    if sys.platform == "linux":
        assert only(alerts(desktop), "alerts").facts == ("no session bus",)
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/x")
    assert only(alerts(desktop), "alerts").facts == ("desktop",)


@pytest.mark.skipif(
    sys.platform != "linux", reason="systemd's way to say it; the others' have their tests in tests/service"
)
@pytest.mark.parametrize(
    ("says", "state", "fact"),
    [
        ("echo ActiveState=active; echo SubState=running", State.OK, "running"),
        ("echo ActiveState=failed; echo SubState=failed; echo ExecMainStatus=78", State.WARN, "not running"),
        ("exit 1", State.OK, "installed"),
    ],
)
def test_the_service(
    says: str, state: State, fact: str, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None, one of somebody else's, one of an older Afterword, and how ours fares."""
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    (tmp_path / "systemctl").write_text(f"#!/bin/sh\n{says}\n")
    (tmp_path / "systemctl").chmod(0o700)
    assert only(service(settings), "service").facts == ("none",)
    unit = service_for(settings.source)
    unit.file.parent.mkdir(parents=True)
    for text, found in (("[Service]\n", "foreign"), (f"# {MARK}\n", "outdated"), (unit.text, fact)):
        unit.file.write_text(text)
        assert only(service(settings), "service").facts == (found,)
    assert only(service(settings), "service").state is state


# The store --------------------------------------------------------------------------------------------------------


def database(settings: Settings) -> Path:
    return Path(settings.store.removeprefix("sqlite:///"))


def filled(settings: Settings, age: float = 2) -> None:
    journal = Journal(settings.store)
    with journal.writing() as writer:
        events = drafted(age)
        writer.append(writer.open_case(events[0].at), *events)
    journal.close()


def test_a_store_that_is_not_there_yet(settings: Settings) -> None:
    """Looking does not make it."""
    assert only(store(settings, NOW), "store").facts == ("none",)
    assert not database(settings).exists()


def test_a_sound_store(settings: Settings) -> None:
    """Its size, its cases, and that each is what its events say."""
    filled(settings)
    found = {each.name: each for each in store(settings, NOW)}
    assert list(found) == ["disk", "store", "cases"]
    assert all(each.state is State.OK for each in found.values())
    assert found["cases"].sentence == "1 case with 3 events: each is what its events say"


def test_a_case_that_is_not_what_its_events_say(settings: Settings) -> None:
    """A snapshot that somebody wrote into."""
    filled(settings)
    with sqlite3.connect(database(settings)) as changed:
        changed.execute("UPDATE snapshot SET body = replace(body, 'Acme', 'Other')")
    changed.close()
    found = only(store(settings, NOW), "cases")
    assert (found.state, found.facts[-1]) == (State.WARN, "differing 1")


def test_a_damaged_store(settings: Settings) -> None:
    """In its middle, where a disk goes bad, and from its first byte."""
    filled(settings)
    sqlite3.connect(database(settings)).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw = database(settings).read_bytes()
    for spoilt in (raw[:4096] + b"\xff" * 8192 + raw[12288:], b"nonsense" * 1000):
        database(settings).write_bytes(spoilt)
        found = list(examined(Family(name="store", run=lambda: store(settings, NOW))))
        assert next(each.name for each in found if each.state is State.FAIL) == "store"
        assert "is damaged" in found[1].sentence


def test_a_store_that_others_can_read(settings: Settings) -> None:
    """With the command that closes it."""
    filled(settings)
    database(settings).chmod(0o644)
    assert any(each.todo == f"chmod 600 '{database(settings)}'" for each in store(settings, NOW))


def test_events_of_the_future(settings: Settings) -> None:
    """The one proof there is, without a server that tells the time, that the clock went back."""
    filled(settings)
    assert only(store(settings, NOW - timedelta(days=3)), "clock").state is State.FAIL


def test_whether_anybody_is_at_work(settings: Settings) -> None:
    """By the lock, as `status` does."""
    assert only(daemon(settings), "daemon").state is State.WARN
    with daemon_lock(settings.store):
        assert only(daemon(settings), "daemon").state is State.OK
