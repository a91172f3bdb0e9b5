"""One account, watched: connect, take turns, wait, and connect again whatever happens to the connection."""

import contextlib
import logging
import random
import select
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from agent.alerts import Alert, AlertKind
from agent.books import Shelf
from agent.config.settings import Settings
from agent.journal import Journal, StoreTrouble
from agent.turn import Given, turn
from agent.turn.reading import where
from agent.watch.alive import Alive
from agent.watch.sign_ins import SignInWatch, tell_ending
from connectors import connect
from connectors.account import Account
from connectors.port import Mailbox, Refused, Unavailable
from connectors.trace import traced
from connectors.wake import Bell

log = logging.getLogger("afterword.watch")

POLL = timedelta(seconds=60)
"""The longest wait between two turns: push tells of INBOX only, and the user's sent mail lies elsewhere."""

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 20.0
"""Seconds. After a restart of the server the account is back within half a minute."""

LONG_TROUBLE = 300.0
LONG_PAUSE = 120.0
"""A server that was gone for five minutes is asked every two."""

LONGEST_REST = 3600.0
"""A server that asks for a longer pause is asked again after an hour all the same: the answer may be a mistake."""

REFUSED_PAUSE = 3600.0
"""A refused sign-in waits for the user; asking again every minute would lock the account."""


class Watcher:
    """The thread of one account. Everything on the account's connection is done in it; others only ring its bell."""

    def __init__(
        self,
        account: Account,
        settings: Settings,
        journal: Journal,
        shelf: Shelf,
        *,
        clock: Callable[[], datetime],
        tell: Callable[[Alert], None],
    ) -> None:
        self.account = account
        self.bell = Bell()
        self.first_try = threading.Event()
        """Set once the first turn was taken or has failed."""
        self.refused: Refused | None = None
        self.busy = True
        """A turn is going on, or is about to begin."""
        self.ticked = time.monotonic()
        """When the thread last showed that it is alive (``time.monotonic``)."""
        self._settings, self._journal, self._shelf = settings, journal, shelf
        self._clock, self._tell = clock, tell
        self._stopping = threading.Event()
        self._reconnect = threading.Event()
        self._failing_since: float | None = None
        self._failures = 0
        self._told: str | None = None
        self._sign_in = SignInWatch(account)
        self._thread = threading.Thread(target=self._run, name=f"account {account.name}", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the thread to end at the next safe point."""
        self._stopping.set()
        self.bell.ring()

    def join(self, timeout: float) -> bool:
        """Whether the thread has ended within ``timeout`` seconds."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def reconnect(self) -> None:
        """Distrust the connection: the machine slept, and the server may long be gone."""
        self.busy = True
        self._reconnect.set()
        self.bell.ring()

    def look_for_sign_in(self) -> None:
        """Refused, the account waits long; but not when the user has signed in again since."""
        if self.refused is not None and self._sign_in.is_new():
            self.bell.ring()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._reconnect.clear()
            self._sign_in.remember()
            try:
                with connect(self.account) as mailbox:
                    self._watch(traced(mailbox, self.account.name))
            except Refused as failure:
                self.refused = failure
                self._fail(str(failure), REFUSED_PAUSE)
            except (Unavailable, StoreTrouble) as failure:
                self.refused = None
                rest = failure.rest if isinstance(failure, Unavailable) else 0.0
                self._fail(str(failure), self._next_pause(), rest=min(rest, LONGEST_REST))
            except Exception as failure:  # noqa: BLE001 - one account's trouble, even a mistake of ours, stops no other
                log.error("a mistake of ours: %s", where(failure), extra={"account": self.account.name})
                self._fail("Afterword made a mistake here; please report it with the log.", self._next_pause())

    def _watch(self, mailbox: Mailbox) -> None:
        """Turn after turn on one connection."""
        while not (self._stopping.is_set() or self._reconnect.is_set()):
            self.bell.clear()
            self._take_turn(mailbox)
            self._failing_since = None
            self.refused = None
            self._told = None
            self.first_try.set()
            tell_ending(self.account, self._settings, self._journal, self._clock(), self._tell)
            if not (self._stopping.is_set() or self._reconnect.is_set()):
                mailbox.wait(POLL, self.bell)

    def _take_turn(self, mailbox: Mailbox) -> None:
        self._tick()
        self.busy = True
        given = Given(
            mailbox=Alive(mailbox, self._tick),
            account=self.account,
            settings=self._settings,
            books=self._shelf.books,
            journal=self._journal,
            now=self._clock(),
            tell=self._tell,
        )
        turn(given)
        self._tick()
        self.busy = self._reconnect.is_set()

    def _tick(self) -> None:
        self.ticked = time.monotonic()

    def _fail(self, sentence: str, pause: float, *, rest: float = 0.0) -> None:
        """Note the trouble for ``status``, tell it once, and pause."""
        log.warning("%s", sentence, extra={"account": self.account.name})
        with contextlib.suppress(StoreTrouble), self._journal.writing() as writer:
            known = writer.account(self.account.name)
            if known.trouble != sentence:
                writer.note_account(self.account.name, trouble=sentence, trouble_since=self._clock())
        if self.refused is not None and sentence != self._told:
            self._told = sentence
            self._tell(
                Alert(kind=AlertKind.TROUBLE, case=None, title=f"Account {self.account.name}", sentence=sentence)
            )
        self.first_try.set()
        self.busy = False
        self._pause(pause, rest)

    def _next_pause(self) -> float:
        """Exponential back-off with jitter, so that many accounts do not knock at one server together."""
        now = time.monotonic()
        if self._failing_since is None:
            self._failing_since, self._failures = now, 0
        self._failures += 1
        if now - self._failing_since > LONG_TROUBLE:
            return LONG_PAUSE * random.uniform(0.8, 1.0)  # noqa: S311 - jitter, not a secret
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(self._failures - 1, 10))
        return longest * random.uniform(0.5, 1.0)  # noqa: S311

    def _pause(self, seconds: float, rest: float) -> None:
        """Sleep, still alive for the watchdog, until the time is over or, after the first ``rest`` seconds, the bell
        rings: a clock that is due rings it at every heartbeat."""
        self.bell.clear()
        begun = time.monotonic()
        while not self._stopping.is_set() and (left := begun + max(seconds, rest) - time.monotonic()) > 0:
            self._tick()
            if select.select([self.bell], [], [], min(left, 30.0))[0]:
                if time.monotonic() - begun >= rest:
                    return
                self.bell.clear()
