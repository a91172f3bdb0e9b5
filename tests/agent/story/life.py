"""Ana's life in any story: two mailboxes, a store, an agent that may die, and a clock and a zone in hand."""

import contextlib
import io
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from random import Random
from secrets import token_hex
from tempfile import mkdtemp
from types import SimpleNamespace
from typing import Protocol
from unittest.mock import patch
from zoneinfo import ZoneInfo

from agent.alerts import Alert
from agent.case import Case, State
from agent.cli import main
from agent.config.settings import Clock, FollowUp, Me, Settings
from agent.journal import Journal
from agent.timetable import is_quiet
from agent.turn import Given, turn
from connectors.account import Account
from connectors.memory import DRAFTS, MemoryServer, Stored, open_mailbox
from connectors.port import Mailbox, Refused, Unavailable
from tests.agent.stage import START, books
from tests.agent.test_interruptions import Killed, MortalMailbox, Reaper

ADDRESSES = {"home": "ana@example.org", "work": "ana.sousa@work.example"}
ZONES = ("UTC", "Europe/Lisbon", "Pacific/Auckland", "America/Los_Angeles")
FOLDERS = ("INBOX", "Drafts", "Sent", "Trash", "Archive")


class Server(Protocol):
    """What the other hands do with a mailbox; ``MemoryServer`` is one."""

    def stored(self, folder: str) -> list[Stored]: ...
    def add(self, folder: str, raw: bytes, *, arrived: datetime, flags: Sequence[str] = ()) -> None: ...
    def take(self, folder: str, uid: int) -> Stored: ...
    def renumber(self) -> None: ...


class Life:
    """Two accounts, read by one agent, as the daemon does: a turn each, what one raises is the account's trouble."""

    def __init__(self, folder: Path, *, follow_up: FollowUp, brake: int) -> None:
        self.folder, self.now = folder, START
        self.accounts = tuple(
            Account(name=name, connector="maildir", addresses=(address,), path=folder / name)
            for name, address in ADDRESSES.items()
        )
        self.servers: dict[str, Server] = {account.name: self.server(account) for account in self.accounts}
        self.settings = Settings(
            me=Me(name="Ana Sousa", signature="Ana Sousa"),
            accounts=self.accounts,
            clock=Clock(timezone=ZoneInfo("UTC")),
            follow_up=follow_up,
            brake=brake,
            store=f"sqlite:///{folder}/afterword.db",
            source=folder / "config.yaml",
        )
        shutil.copy(_empty_store(), folder / "afterword.db")
        (folder / "config.yaml").write_text(_CONFIG.format(folder=folder))
        self.journal = _MortalJournal(self.settings.store)
        # Cases opened at one moment are in the order of their ids: a story told again must be the same story.
        same_ids = SimpleNamespace(choice=Random(0).choice, token_hex=token_hex)  # noqa: S311 - names, no secrets
        self._ids = patch("agent.journal.journal.secrets", same_ids)
        self._ids.start()
        self.alerts: list[tuple[datetime, Alert]] = []
        self.disturbed: list[Alert] = []

    def server(self, _account: Account) -> Server:
        return MemoryServer()

    def mailbox(self, account: Account) -> AbstractContextManager[Mailbox]:
        return open_mailbox(self.servers[account.name], account)

    def close(self) -> None:
        self._ids.stop()
        self.journal.close()

    def travel(self, zone: str) -> None:
        self.settings = replace(self.settings, clock=replace(self.settings.clock, timezone=ZoneInfo(zone)))

    def turns(self, wrap: Callable[[Mailbox], Mailbox] = lambda mailbox: mailbox) -> None:
        for account in self.accounts:
            try:
                with self.mailbox(account) as mailbox:
                    turn(self._given(account, wrap(mailbox)))
            except (Unavailable, Refused):
                pass  # the watcher notes it and comes again

    def _given(self, account: Account, mailbox: Mailbox) -> Given:
        return Given(
            mailbox=mailbox,
            account=account,
            settings=self.settings,
            books=books(),
            journal=self.journal,
            now=self.now,
            tell=self._told,
        )

    def _told(self, alert: Alert) -> None:
        self.alerts.append((self.now, alert))
        if alert.kind in ("drafted", "reminder") and is_quiet(self.now, self.settings.clock):
            self.disturbed.append(alert)

    def turns_until_death(self, step: int) -> None:
        """The agent is killed at that step of its two turns, if they have so many, and started anew on the store."""
        reaper = self.journal.reaper = Reaper(step)
        try:
            self.turns(lambda mailbox: MortalMailbox(mailbox, reaper))
        except Killed:
            self.journal.close()
            self.journal = _MortalJournal(self.settings.store)
        finally:
            self.journal.reaper = Reaper(None)

    def turns_with_trouble(self, step: int, failure: type[Exception]) -> None:
        """The server fails at that call, before or after the deed."""
        self.turns(lambda mailbox: MortalMailbox(mailbox, _Trouble(step, failure)))

    def command(self, *arguments: str) -> int:
        """As the user types it, at this moment."""
        out, err = io.StringIO(), io.StringIO()
        with (
            patch("agent.cli.clock.now", lambda: self.now),
            patch("sys.stdin", io.StringIO()),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            code = main(["--config", str(self.settings.source), *arguments])
        assert "wrong inside Afterword" not in err.getvalue(), err.getvalue()
        return code

    def cases(self, *states: State) -> list[Case]:
        with self.journal.reading() as reader:
            return reader.cases(*states)

    def drafts(self) -> list[tuple[str, Stored]]:
        return [(name, one) for name, server in self.servers.items() for one in server.stored(DRAFTS)]

    def lying(self) -> dict[tuple[str, str, object], bytes]:
        """Every mail there is, by its place."""
        return {
            (name, folder, one.uid): one.raw
            for name, server in self.servers.items()
            for folder in FOLDERS
            for one in server.stored(folder)
        }


class _MortalJournal(Journal):
    reaper = Reaper(None)

    @contextlib.contextmanager
    def writing(self) -> Iterator:
        with super().writing() as writer:
            yield writer
            self.reaper.step()
        self.reaper.step()


class _Trouble(Reaper):
    """A failure of the server's instead of a death."""

    def __init__(self, at: int, failure: type[Exception]) -> None:
        super().__init__(at)
        self._failure = failure

    def step(self) -> None:
        self.steps += 1
        if self.steps == self.at:
            raise self._failure("the server does not want to")


_CONFIG = """\
me: {{name: Ana Sousa}}
accounts:
  - {{name: home, connector: maildir, address: ana@example.org, path: {folder}/home}}
  - {{name: work, connector: maildir, address: ana.sousa@work.example, path: {folder}/work}}
alerts: []
store: sqlite:///{folder}/afterword.db
"""


@cache
def _empty_store() -> Path:
    """Made once: the migrations take longer than a turn."""
    path = Path(mkdtemp()) / "empty.db"
    Journal(f"sqlite:///{path}").close()
    return path


def parsed(raw: bytes) -> EmailMessage:
    from email import message_from_bytes, policy

    return message_from_bytes(raw, policy=policy.default)
