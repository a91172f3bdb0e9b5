"""Alerts of several accounts: told together after a long absence, held in quiet hours, never twice."""

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.cli import main
from agent.config.load import load
from agent.journal import Journal
from agent.watch import Daemon
from tests.agent.stage import REJECTION, eml
from tests.daemon.household import wait_until

CONFIG = """\
version: 1
me: {{name: Ana Sousa}}
accounts:
  - {{name: home, connector: maildir, address: ana@example.org, path: {home}/home}}
  - {{name: work, connector: maildir, address: ana@work.example, path: {home}/work}}
clock: {{timezone: UTC, quiet_hours: {quiet}}}
alerts: [{{command: [{home}/tell]}}]
store: sqlite:///{home}/afterword.db
"""


class TwoAccounts:
    """Two Maildirs, and a program that writes down what it is told."""

    def __init__(self, home: Path) -> None:
        self.home = home
        for account in ("home", "work"):
            for folder in ("", ".Drafts", ".Sent"):
                for part in ("cur", "new", "tmp"):
                    (home / account / folder / part).mkdir(parents=True)
        (home / "tell").write_text(f'#!/bin/sh\ncat >> "{home}/told"\n')
        (home / "tell").chmod(0o700)

    def turned_down_by(self, employer: str, account: str, address: str) -> None:
        text = REJECTION.replace("Acme", employer).replace("Jane Doe", "Kim Lee")
        sender = f"Kim Lee <kim@{employer.lower()}.example>"
        now = datetime.now(UTC)
        raw = eml(text, key=f"n@{employer.lower()}.example", sender=sender, to=address, date=now)
        (self.home / account / "new" / f"{employer}.eml").write_bytes(raw)

    def told(self) -> list[dict[str, str]]:
        path = self.home / "told"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    @contextmanager
    def watched(self, *, quiet: str = "null", wall: timedelta = timedelta(0)) -> Iterator[tuple[Daemon, Journal]]:
        config = self.home / "config.yaml"
        config.write_text(CONFIG.format(home=self.home, quiet=quiet))
        settings = load(config)
        journal = Journal(settings.store)
        daemon = Daemon(settings, journal, wall=lambda: datetime.now(UTC) + wall)
        thread = threading.Thread(target=daemon.run)
        thread.start()
        try:
            yield daemon, journal
        finally:
            daemon.stop()
            thread.join(10)
            journal.close()


@pytest.fixture
def two(tmp_path: Path) -> TwoAccounts:
    return TwoAccounts(tmp_path)


def drafts(two: TwoAccounts) -> int:
    return sum(1 for account in ("home", "work") for _ in (two.home / account / ".Drafts/cur").iterdir())


def beaten(daemon: Daemon, two: TwoAccounts) -> bool:
    daemon.beat()
    return bool(two.told())


def test_after_a_holiday_everything_is_told_as_one(two: TwoAccounts) -> None:
    """Two accounts, four drafts: one alert, and then silence."""
    for number, employer in enumerate(("Birkenhof", "Cobalt", "Dunes", "Elmwood")):
        account, address = (("home", "ana@example.org"), ("work", "ana@work.example"))[number % 2]
        two.turned_down_by(employer, account, address)
    with two.watched() as (daemon, _):
        wait_until(lambda: drafts(two) == 4, what="the drafts")
        wait_until(lambda: beaten(daemon, two), what="the alert")
        for _ in range(3):
            daemon.beat()
    (one,) = two.told()
    assert (one["kind"], one["case"]) == ("summary", None)
    assert one["sentence"].startswith("4 drafts")


def test_a_few_are_told_one_by_one(two: TwoAccounts) -> None:
    """One in each account."""
    two.turned_down_by("Birkenhof", "home", "ana@example.org")
    two.turned_down_by("Cobalt", "work", "ana@work.example")
    with two.watched() as (daemon, _):
        wait_until(lambda: drafts(two) == 2, what="the drafts")
        wait_until(lambda: beaten(daemon, two) and len(two.told()) == 2, what="both alerts")
    assert {one["title"] for one in two.told()} == {"A draft for Birkenhof", "A draft for Cobalt"}


def test_a_restart_repeats_no_alert(two: TwoAccounts) -> None:
    """What was told is in the journal."""
    two.turned_down_by("Birkenhof", "home", "ana@example.org")
    with two.watched() as (daemon, _):
        wait_until(lambda: beaten(daemon, two), what="the alert")
    with two.watched() as (daemon, journal):
        wait_until(lambda: caught_up(journal), what="a turn")
        daemon.beat()
    assert len(two.told()) == 1


def caught_up(journal: Journal) -> bool:
    with journal.reading() as reader:
        last = reader.account("home").last_turn
    return last is not None and datetime.now(UTC) - last < timedelta(seconds=2)


def test_the_draft_is_placed_in_quiet_hours_and_told_after_them(two: TwoAccounts) -> None:
    """Also across a restart, since the promise to tell is in the journal."""
    hour = datetime.now(UTC)
    quiet = f'"{hour - timedelta(hours=1):%H:%M}-{hour + timedelta(hours=1):%H:%M}"'
    two.turned_down_by("Birkenhof", "home", "ana@example.org")
    with two.watched(quiet=quiet) as (daemon, _):
        wait_until(lambda: drafts(two) == 1, what="the draft")
        daemon.beat()
        assert two.told() == []
    with two.watched(quiet=quiet, wall=timedelta(hours=2)) as (daemon, _):
        wait_until(lambda: beaten(daemon, two), what="the alert")
    assert [one["kind"] for one in two.told()] == ["drafted"]


def test_check_tells_once_all_accounts_are_done(two: TwoAccounts) -> None:
    """`afterword check`, from cron, after a holiday."""
    for number, employer in enumerate(("Birkenhof", "Cobalt", "Dunes", "Elmwood")):
        account, address = (("home", "ana@example.org"), ("work", "ana@work.example"))[number % 2]
        two.turned_down_by(employer, account, address)
    config = two.home / "config.yaml"
    config.write_text(CONFIG.format(home=two.home, quiet="null"))
    before = logging.root.handlers[:]
    try:
        assert [main(["--config", str(config), "check"]) for _ in range(2)] == [0, 0]
    finally:
        logging.root.handlers[:] = before
    assert [one["kind"] for one in two.told()] == ["summary"]


def test_an_account_at_work_is_waited_for_a_minute(two: TwoAccounts) -> None:
    """A dead server may take longer; the rest is told without it."""
    config, rules, clock = two.home / "config.yaml", two.home / "my-rules.yaml", [0.0]
    rules.write_text("rules: []\n")
    config.write_text(CONFIG.format(home=two.home, quiet="null") + "rules: [my-rules.yaml]\n")
    settings, start = load(config), datetime.now(UTC)
    journal = Journal(settings.store)
    # Never started: both accounts are about to take their first turn, for ever.
    daemon = Daemon(settings, journal, wall=lambda: start + timedelta(seconds=clock[-1]), monotonic=lambda: clock[-1])
    rules.write_text("rules: [")
    for second in (0.0, 10.0, 59.0):
        clock.append(second)
        daemon.beat()
        assert two.told() == []
    clock.append(61.0)
    daemon.beat()
    assert [one["kind"] for one in two.told()] == ["trouble"]
    journal.close()
