"""The agent is killed after, and within, every call of a whole story, and run again: the end is always the same."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from agent.journal import Journal
from connectors.port import Mailbox
from tests.agent.stage import FEEDBACK, INVITATION, REJECTION, Stage, eml

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Killed(BaseException):
    """``kill -9``: nothing of ours may catch it."""


class Reaper:
    """Kills at the chosen step, counted over all calls; ``None`` never does, and only counts."""

    def __init__(self, at: int | None) -> None:
        self.at, self.steps = at, 0

    def step(self) -> None:
        self.steps += 1
        if self.steps == self.at:
            raise Killed


class MortalMailbox:
    """Every verb dies just before it does its work, or just after, when the answer is lost."""

    def __init__(self, mailbox: Mailbox, reaper: Reaper) -> None:
        self._mailbox, self._reaper = mailbox, reaper

    def __getattr__(self, verb: str) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            self._reaper.step()
            answer = getattr(self._mailbox, verb)(*args, **kwargs)
            if isinstance(answer, Iterator):
                return self._each(answer)
            self._reaper.step()
            return answer

        return call

    def _each(self, answers: Iterator[object]) -> Iterator[object]:
        for one in answers:
            self._reaper.step()
            yield one


class MortalJournal(Journal):
    """Every transaction dies just before it is kept, or just after."""

    reaper: Reaper

    @contextmanager
    def writing(self):
        with super().writing() as writer:
            yield writer
            self.reaper.step()
        self.reaper.step()


class MortalStage(Stage):
    """A stage whose agent may die at any step and is then started anew on what is on disk."""

    def __init__(self, folder: Path, kill_at: int | None) -> None:
        self.reaper = Reaper(None)
        super().__init__(folder)
        self.reaper = self.journal.reaper = Reaper(kill_at)
        self.wrap = lambda mailbox: MortalMailbox(mailbox, self.reaper)

    def open_journal(self) -> Journal:
        MortalJournal.reaper = Reaper(None)
        journal = MortalJournal(self.settings.store)
        journal.reaper = self.reaper
        return journal

    def turn(self, *, after: timedelta = timedelta(0)) -> None:
        self.now += after
        try:
            super().turn()
        except Killed:
            self.journal.close()
            self.journal = self.open_journal()
            super().turn()


def tell(stage: Stage) -> None:
    """Invitation, notice, the request edited and sent, feedback, thanks sent."""
    stage.deliver(eml(INVITATION, key="invitation@acme.example"))
    stage.turn()
    stage.now += 5 * DAY
    stage.deliver(eml(REJECTION, key="notice@acme.example", answers="invitation@acme.example"))
    stage.turn()
    stage.turn(after=17 * HOUR)
    stage.edit_draft(b"Ana Sousa\r\n", b"PS: Have a good week!\r\n\r\nAna Sousa\r\n", key="edited@example.org")
    stage.turn(after=HOUR)
    stage.send_draft(key="minted@example.org")
    stage.turn(after=HOUR)
    stage.now += DAY
    stage.deliver(eml(FEEDBACK, key="feedback@acme.example", answers="minted@example.org"))
    stage.turn()
    stage.send_draft(key="thanks@example.org")
    stage.turn(after=HOUR)
    stage.turn(after=HOUR)


def ending(stage: Stage) -> object:
    """Everything that must not depend on where the agent died; Message-IDs and case ids are minted anew."""
    with stage.journal.writing() as writer:
        cases = writer.cases()
        kinds = [[event.kind for event in writer.events(case.id)] for case in cases]
        assert [writer.replayed(case.id) for case in cases] == cases
    folders = {name: len(stage.server.stored(name)) for name in ("INBOX", "Drafts", "Sent", "Trash")}
    told = [(case.state, case.outcome, [(x.kind, x.fate, x.to, x.parent) for x in case.letters]) for case in cases]
    return told, kinds, folders


def test_the_story_ends_the_same_wherever_the_agent_dies(tmp_path: Path):
    """Killed at each step in turn: no second draft, none missing, no event twice."""
    whole = MortalStage(tmp_path / "whole", None)
    tell(whole)
    steps = whole.reaper.steps
    expected = ending(whole)
    whole.journal.close()
    assert steps > 80
    for step in range(1, steps + 1):
        stage = MortalStage(tmp_path / str(step), step)
        tell(stage)
        assert ending(stage) == expected, f"killed at step {step} of {steps}"
        stage.journal.close()


def test_the_reaper_does_reap(tmp_path: Path):
    """A test of the test: without a second life the story would break off."""
    stage = MortalStage(tmp_path, 3)
    with pytest.raises(Killed):
        Stage.turn(stage)
