"""The case: its states, its events, and the fold from one to the other. Touches nothing."""

from agent.case.case import Case, IllegalTransition, advance, expects, opened, replay
from agent.case.events import CaseId, Event, Happening, LetterKind, Link, Logged
from agent.case.letter import Fate, Letter
from agent.case.mail import Mail, Meeting, Person, Words
from agent.case.states import TRANSITIONS, Outcome, State, Trigger, diagram

__all__ = [
    "TRANSITIONS",
    "Case",
    "CaseId",
    "Event",
    "Fate",
    "Happening",
    "IllegalTransition",
    "Letter",
    "LetterKind",
    "Link",
    "Logged",
    "Mail",
    "Meeting",
    "Outcome",
    "Person",
    "State",
    "Trigger",
    "Words",
    "advance",
    "diagram",
    "expects",
    "opened",
    "replay",
]
