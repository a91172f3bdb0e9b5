"""Clocks to events: reminders, waits that ended. What is due is a pure question, asked by the heartbeat too."""

from datetime import datetime

from agent.alerts import Alert, AlertKind
from agent.case import Case, CaseId, LetterKind, State
from agent.case.events import Event, Lapsed, Reminded, WaitEnded
from agent.config.settings import Settings
from agent.journal import Reader
from agent.timetable import PATIENCE, deadline, is_quiet, lapses, next_step, reminders
from agent.turn.given import Given
from agent.turn.promises import promise

_CLOCKED = tuple(state for state in State if state not in (State.CLOSED, State.APPLIED, State.NOTED))
_LETTER_OPEN = frozenset(state for state in State if state.value.endswith(("_due", "_drafted")))
_DRAFTED = frozenset(state for state in State if state.value.endswith("_drafted"))

_LETTERS = {
    LetterKind.REQUEST: "A request for advice",
    LetterKind.THANKS: "A thank-you",
    LetterKind.CLOSE: "A short closing note",
    LetterKind.ENQUIRY: "An enquiry about the timeline",
}

Due = Event | LetterKind
"""An event to write down, or a letter to promise."""


def clocked(reader: Reader) -> list[tuple[Case, bool]]:
    """The cases with a clock, and whether another notice may be about them (then no enquiry is due)."""
    doubted: set[CaseId] = {
        one for case in reader.cases(State.NOTED) if case.note == "unsure" for one in case.candidates
    }
    return [(case, case.id in doubted) for case in reader.cases(*_CLOCKED)]


def due(case: Case, settings: Settings, now: datetime, *, doubted: bool) -> list[Due]:
    """What this case's clocks ask for now. Of a ``doubted`` case nobody enquires; its other clocks end like any."""
    end = lapses(case)
    if case.state in _LETTER_OPEN and end is not None and now >= end:
        return [Lapsed(at=now)]
    if case.state in _DRAFTED:
        return list(_reminders(case, settings, now))
    step = next_step(case, settings.follow_up, settings.clock)
    if step is None or now < step.at:
        return []
    # A silence of months is an old interview's that became known now, as by an import.
    if step.letter is LetterKind.ENQUIRY and (doubted or now >= step.at + PATIENCE):
        return []
    return [step.letter or WaitEnded(at=now)]


def ring(given: Given) -> None:
    """Everything whose time has come, for every case of the account."""
    with given.journal.reading() as reader:
        waiting = [(case, doubted) for case, doubted in clocked(reader) if given.is_mine(case)]
    for case, doubted in waiting:
        if not due(case, given.settings, given.now, doubted=doubted):
            continue
        with given.journal.writing() as writer:
            fresh = writer.case(case.id)
            what = due(fresh, given.settings, given.now, doubted=doubted) if fresh else []
            for one in what:
                if fresh is not None and isinstance(one, LetterKind):
                    fresh = promise(writer, fresh, one, given.account, given.now)
                elif fresh is not None and not isinstance(one, LetterKind):
                    fresh = writer.append(fresh, one)
        if told := [one.what for one in what if isinstance(one, Reminded)]:
            # That a draft was placed is told before anything is said of its being unsent.
            given.tell(_alert(case, told[0] if told[0].endswith(": drafted") else told[-1], given))


def _reminders(case: Case, settings: Settings, now: datetime) -> list[Due]:
    """The reminders whose time has come, once each; all of them at once after a long sleep, told as one."""
    letter = case.letter
    if letter is None or is_quiet(now, settings.clock):
        return []
    passed = ["drafted"]
    end = deadline(case, settings.clock)
    if case.state is State.REQUEST_DRAFTED and end is not None and now < end:
        passed += [name for name, moment in reminders(case, settings.clock) if moment <= now]
    named = [f"{letter.number}: {name}" for name in passed]
    return [Reminded(at=now, what=name) for name in named if name not in case.reminded]


def _alert(case: Case, what: str, given: Given) -> Alert:
    whom = case.employer or "an employer"
    end = deadline(case, given.settings.clock) if case.state is State.REQUEST_DRAFTED else None
    left = _left(end, given.now) if end is not None and end > given.now else None
    if what.endswith(": drafted") or left is None:
        letter = _LETTERS[case.letter.kind] if case.letter else "A letter"
        best = f", best sent within {left}" if left else ""
        sentence = f"{letter} lies in your Drafts{best}. Read it, change it, send it or delete it."
        return Alert(kind=AlertKind.DRAFTED, case=case.id, title=f"A draft for {whom}", sentence=sentence, ends=end)
    sentence = "The draft is still unsent. Asking within a day works best."
    title = f"{left} left to ask {whom}"
    return Alert(kind=AlertKind.REMINDER, case=case.id, title=title, sentence=sentence, ends=end)


def _left(end: datetime, now: datetime) -> str:
    """A reminder moved before quiet hours, or told after a long sleep, has another time left than its name says."""
    minutes = int((end - now).total_seconds() // 60)
    return f"{minutes // 60} h" if minutes >= 60 else f"{minutes} min"
