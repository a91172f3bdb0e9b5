"""The daemon: a thread for each account; APScheduler's jobs only wake them."""

import logging
import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from apscheduler.schedulers.background import BackgroundScheduler

from agent.alerts import Alert, AlertKind, Outbox
from agent.books import Shelf
from agent.clicks import Clicks
from agent.config.settings import Settings
from agent.held import held_path
from agent.journal import Journal, StoreTrouble
from agent.systemd import notify
from agent.turn.ringing import clocked, due
from agent.watch.watcher import Watcher

log = logging.getLogger("afterword.watch")

HEARTBEAT = 10.0
"""Seconds between two looks at the clock, the user's commands and the threads. APScheduler waits on a clock that
stands still while the machine sleeps, so this bounds how late anything can be after waking."""

JUMP = 30.0
"""Seconds that the wall clock may run ahead of the monotonic one before we believe that the machine slept."""

SILENT = 600.0
"""Seconds without a sign of life from an account's thread after which systemd's watchdog gets no more pings."""

STOP_WITHIN = 4.0

GATHER = 60.0
"""Seconds that an alert waits for accounts that are still busy: after a long absence all of it is told as one."""


class Daemon:
    """Watches every account until it is stopped."""

    def __init__(
        self,
        settings: Settings,
        journal: Journal,
        *,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings, self._journal = settings, journal
        self._wall, self._monotonic = wall, monotonic
        self._shelf = Shelf(settings)
        self._clicks = Clicks(settings.source)
        self._outbox = Outbox(settings, clicks=self._clicks, held=held_path(settings.store))
        self._stopped = threading.Event()
        self._watchers = [
            Watcher(account, settings, journal, self._shelf, clock=wall, tell=self._outbox.put)
            for account in settings.accounts
        ]
        self._last_event = 0
        self._started = (wall(), monotonic())
        self._problems_told: str | None = None
        self._busy_since: float | None = None

    def run(self) -> list[str]:
        """Watch until ``stop``. Returns why, when every account refused us at the start; else an empty list."""
        scheduler = _scheduler()
        scheduler.add_job(self.beat, "interval", seconds=HEARTBEAT, id="heartbeat")
        for watcher in self._watchers:
            watcher.start()
        self._tell_problems()
        scheduler.start()
        notify("READY=1", f"STATUS=Watching {len(self._watchers)} account(s)")
        try:
            refused = self._refused_at_start()
            if not refused:
                self._stopped.wait()
            else:
                self._outbox.flush(self._wall())  # no heartbeat will come
            return refused
        finally:
            notify("STOPPING=1")
            scheduler.shutdown(wait=False)
            self._end()

    def stop(self, *_: object) -> None:
        """End within five seconds; also a signal handler."""
        self._stopped.set()

    def catch_signals(self) -> None:
        """SIGTERM and SIGINT end the daemon (main thread only)."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)

    def beat(self) -> None:
        """One look around: did the machine sleep, did the user say something, is a clock due, is everybody alive?"""
        if self._has_slept():
            log.info("the clock jumped; connecting again")
            for watcher in self._watchers:
                watcher.reconnect()
        if self._shelf.refresh():
            self._tell_problems()
        try:
            self._wake_those_with_work()
        except StoreTrouble as trouble:
            log.warning("%s", trouble)
        if all(time.monotonic() - watcher.ticked < SILENT for watcher in self._watchers):
            notify("WATCHDOG=1")
        if not self._is_gathering():
            self._outbox.flush(self._wall())

    def _is_gathering(self) -> bool:
        """Whether an account is still at work on what may be told together with the rest."""
        if not any(watcher.busy for watcher in self._watchers):
            self._busy_since = None
            return False
        now = self._monotonic()
        self._busy_since = now if self._busy_since is None else self._busy_since
        return now - self._busy_since < GATHER

    def _has_slept(self) -> bool:
        """Whether the wall clock ran away from the monotonic one since the last look (suspend, or a clock set)."""
        wall, monotonic = self._wall(), self._monotonic()
        elsewhere = abs((wall - self._started[0]).total_seconds() - (monotonic - self._started[1]))
        self._started = (wall, monotonic)
        return elsewhere > JUMP

    def _wake_those_with_work(self) -> None:
        now = self._wall()
        with self._journal.reading() as reader:
            newest = reader.last_event()
            ringing = {
                case.account for case, doubted in clocked(reader) if due(case, self._settings, now, doubted=doubted)
            }
        spoken, self._last_event = newest != self._last_event, newest
        for watcher in self._watchers:
            watcher.look_for_sign_in()
            # A clock that is due for an account that refuses us would knock there at every heartbeat.
            if spoken or (watcher.account.name in ringing and watcher.refused is None):
                watcher.bell.ring()

    def _refused_at_start(self) -> list[str]:
        """Nobody let us in: the configuration needs the user, and a restart would change nothing."""
        for watcher in self._watchers:
            while not watcher.first_try.wait(0.2):
                if self._stopped.is_set():
                    return []
        sentences = [f"{w.account.name}: {w.refused}" for w in self._watchers if w.refused]
        return sentences if len(sentences) == len(self._watchers) else []

    def _end(self) -> None:
        self._clicks.close()
        for watcher in self._watchers:
            watcher.stop()
        end = time.monotonic() + STOP_WITHIN
        for watcher in self._watchers:
            # A thread that waits for a dead server is left behind: a turn may be broken off anywhere.
            watcher.join(max(0.0, end - time.monotonic()))

    def _tell_problems(self) -> None:
        problems = self._shelf.problems
        text = str(problems) if problems else None
        if text and text != self._problems_told:
            sentence = "A rule file has a mistake; the last good rules stay in force. See: afterword rules check"
            self._outbox.put(Alert(kind=AlertKind.TROUBLE, case=None, title="Your rules", sentence=sentence))
        self._problems_told = text


def _scheduler() -> BackgroundScheduler:
    """misfire_grace_time None: a job that comes late, after sleep, still comes; the default drops it after a second."""
    defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    return BackgroundScheduler(timezone="UTC", job_defaults=defaults)
