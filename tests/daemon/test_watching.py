"""The daemon's own clockwork: sleep, commands, the watchdog, broken rules; on a real server, in this process."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.books import Shelf
from agent.config.load import load
from agent.journal import Journal
from agent.watch import Daemon
from tests.daemon.household import Household, invitation, rejection, wait_until
from tests.servers.dovecot import Dovecot


@pytest.fixture
def household(tmp_path: Path):
    with Dovecot(rawlog=True) as server:
        yield Household(server, tmp_path)


class Wall:
    """A wall clock that can be put forward, as it is when a laptop wakes."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@contextmanager
def watching(household: Household, wall: Wall) -> Iterator[tuple[Daemon, Journal]]:
    settings = load(household.config)
    journal = Journal(settings.store)
    daemon = Daemon(settings, journal, wall=wall)
    thread = threading.Thread(target=daemon.run)
    thread.start()
    try:
        yield daemon, journal
    finally:
        daemon.stop()
        thread.join(10)
        journal.close()


def connections(household: Household) -> int:
    return len(household.server.raw_bytes_sent_by_clients())


def test_after_sleep_every_connection_is_made_anew(household: Household):
    """The wall clock ran away from the monotonic one: a new connection within a heartbeat, and mail is read."""
    household.deliver(invitation())
    wall = Wall()
    with watching(household, wall) as (_, journal):
        wait_until(lambda: caught_up(journal), what="the first turn")
        before = connections(household)
        wall.ahead = timedelta(hours=9)
        took = wait_until(lambda: connections(household) > before, seconds=30, what="a new connection")
        assert took < 30
        household.deliver(rejection())
        wait_until(household.drafts, what="the draft")


def caught_up(journal: Journal) -> bool:
    with journal.reading() as reader:
        return reader.account("home").last_turn is not None


def test_without_sleep_the_connection_is_kept(household: Household):
    """A heartbeat alone changes nothing."""
    wall = Wall()
    with watching(household, wall) as (daemon, journal):
        wait_until(lambda: caught_up(journal), what="the first turn")
        time.sleep(0.5)
        before = connections(household)
        for _ in range(5):
            daemon.beat()
            time.sleep(0.1)
        assert connections(household) == before


GOOD = """\
rules:
  - rule: my-own
    meaning: rejection
    weight: decisive
    any of:
      - text: the answer is a polite no
    hits:
      - The answer is a polite no.
    misses:
      - The answer is yes.
"""


def test_a_broken_rule_file_keeps_the_last_good_rules(household: Household, caplog: pytest.LogCaptureFixture):
    """Loaded when changed; a mistake is told with its line, and what was in force stays in force."""
    mine = household.home / "my-rules.yaml"
    mine.write_text(GOOD)
    household.config.write_text(household.config.read_text() + "rules: [my-rules.yaml]\n")
    shelf = Shelf(load(household.config))
    assert shelf.problems is None
    good = shelf.books
    assert not shelf.refresh()
    with caplog.at_level(logging.ERROR, "afterword"):
        mine.write_text(GOOD.replace("text: the", "txt: the"))
        assert shelf.refresh()
    assert shelf.books is good
    assert "my-rules.yaml:6:" in caplog.text
    mine.write_text(GOOD.replace("polite", "friendly"))
    assert shelf.refresh()
    assert shelf.problems is None
    assert shelf.books is not good


def test_a_broken_rule_file_does_not_stop_the_start(household: Household):
    """The packs alone are better than nothing, and a sound file beside it counts."""
    (household.home / "bad.yaml").write_text("rules: [")
    (household.home / "my-rules.yaml").write_text(GOOD)
    household.config.write_text(household.config.read_text() + "rules: [bad.yaml, my-rules.yaml]\n")
    shelf = Shelf(load(household.config))
    assert "bad.yaml" in str(shelf.problems)
    assert "my-rules.yaml" not in str(shelf.problems)
