"""How long an account is left alone, and that a long turn is no dead one; on a server that answers as Gmail's does."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.books import Shelf
from agent.config.settings import Clock, Me, Settings
from agent.journal import Journal
from agent.watch.watcher import Watcher
from tests.contract.gmail_world import GmailWorld
from tests.contract.mails import mail
from tests.daemon.household import wait_until
from tests.servers.gmail import Gmail
from tests.servers.gmail_trouble import Act, Reply, fails


@pytest.fixture
def world() -> Iterator[GmailWorld]:
    with Gmail() as server:
        yield GmailWorld(server)


@contextmanager
def watched(world: GmailWorld, folder: Path) -> Iterator[Watcher]:
    """The thread of the account, at work."""
    settings = Settings(
        me=Me(name="Ana", signature="Ana"),
        accounts=(world.account,),
        clock=Clock(timezone=UTC),
        store=f"sqlite:///{folder}/afterword.db",
        source=folder / "config.yaml",
    )
    journal = Journal(settings.store)
    watcher = Watcher(
        world.account, settings, journal, Shelf(settings), clock=lambda: datetime.now(UTC), tell=lambda _: None
    )
    try:
        watcher.start()
        yield watcher
    finally:
        watcher.stop()
        assert watcher.join(5)
        journal.close()


@pytest.mark.parametrize(("no", "heard"), [(fails(429, "", retry_after="300"), False), (fails(400, "odd"), True)])
def test_a_pause_that_is_asked_for_is_kept(world: GmailWorld, tmp_path: Path, no: Act, *, heard: bool) -> None:
    """Not even the bell ends it, which a clock that is due rings at every heartbeat; the end of the daemon does."""
    world.server.next("GET", *[no] * 500)
    with watched(world, tmp_path) as watcher:
        assert watcher.first_try.wait(20)
        before = world.server.count("GET")
        for _ in range(20):
            watcher.bell.ring()
            threading.Event().wait(0.1)
        assert (world.server.count("GET") > before) is heard


def test_a_long_turn_shows_that_it_is_alive(world: GmailWorld, tmp_path: Path) -> None:
    """Two batches, each slow: the watchdog sees more than the beginning and the end."""

    def slow(do: Callable[[], Reply]) -> Reply:
        time.sleep(0.02)
        return do()

    for _ in range(60):
        world.deliver(mail("x@acme.example"))
    world.server.next("GET .*/messages/.*", *[slow] * 60)
    signs: set[float] = set()
    with watched(world, tmp_path) as watcher:
        wait_until(lambda: signs.add(watcher.ticked) or watcher.first_try.is_set(), what="the first turn")
    assert len(signs) >= 4
