"""What follows from something the user logged, in a sentence or two."""

from datetime import datetime

from agent.case import Case, LetterKind, Logged, State
from agent.cli.telling import local, person
from agent.config.settings import Settings
from agent.timetable import KEEP_FOR, deadline


def what_follows(before: Case, after: Case, settings: Settings, now: datetime) -> str:
    """What will be done about the case's latest entry, and what the user can do besides."""
    entry = after.logged[-1]
    if entry.what == "interview":
        return _of_interview(after)
    if now - entry.happened > KEEP_FOR:
        return f"It was more than a week ago, so no letter is written by itself. To have one: afterword ask {after.id}."
    if entry.gave_feedback:
        return _of_feedback(after, settings)
    if after.state is not State.NOTED:
        return "The letter that is under way stays as it is."
    if entry.asked:
        return (
            "When the answer comes by mail, a thank-you is drafted. To add what was said: "
            f"afterword log call --case {after.id} --asked --note TEXT."
        )
    if after.told and any(each.asked for each in after.logged if each.at >= after.told.at):
        return _of_earlier_call(after, settings, now)
    if any(letter.kind is LetterKind.REQUEST for letter in before.letters):
        return f"There was a request before, so none is written by itself. To have one: afterword ask {after.id}."
    return _of_request(after, entry, settings)


def _of_interview(case: Case) -> str:
    if case.turned_down is not None:
        return f"To have a request for advice written: afterword ask {case.id}."
    return "When a rejection comes that nobody answers for, the letter goes to this person."


def _of_feedback(case: Case, settings: Settings) -> str:
    kept = "Your notes are kept as feedback."
    if case.state in (State.THANKS_DUE, State.THANKS_DRAFTED):
        return f"{kept} The thank-you that is under way stays as it is."
    return f"{kept} The thank-you will be in your Drafts soon." if settings.follow_up.thanks else kept


def _of_earlier_call(case: Case, settings: Settings, now: datetime) -> str:
    call = case.unthanked
    if call is not None and settings.follow_up.thanks and now - call.happened <= KEEP_FOR:
        return "Advice was given on the phone, so no request is drafted. The thank-you will be in your Drafts soon."
    return f"You asked for advice on the phone, so no request is drafted. To have one: afterword ask {case.id}."


def _of_request(case: Case, entry: Logged, settings: Settings) -> str:
    whom = f" to {person(entry.person)}" if entry.person and entry.person.address else ""
    end = deadline(case, settings.clock)
    clock = f" The time to ask ends on {local(end, settings.clock.timezone)}." if end else ""
    open_end = "" if whom else " The address is looked up in this employer's mails; if there is none, you fill it in."
    advice = f" Were you given advice? Then: afterword log call --case {case.id} --asked --note TEXT."
    noted = advice if entry.what == "call" and entry.note else ""
    return f"The request for advice{whom} will be in your Drafts soon.{clock}{open_end}{noted}"
