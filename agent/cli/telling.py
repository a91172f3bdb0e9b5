"""Cases and events in sentences for people."""

import shlex
from datetime import datetime, tzinfo

from agent.case import Case, Event, Fate, Letter, LetterKind, Link, Outcome, Person, State
from agent.case import events as ev
from agent.cli.output import line, span
from agent.config.settings import Settings
from agent.correspondents import explain
from agent.filing import wants_a_word
from agent.timetable import deadline, lapses, next_step

_NOTES = {
    "policy": "your policy writes no letter for this",
    "held": "held back, because many came at once",
    "unsure": "it is not clear which application it is about",
    "old": "it came before Afterword watched, or too long ago",
    "answered": "you have already answered it yourself",
    "imported": "imported",
    "asked": "you asked for advice on the call",
    "written": "there was a request before",
}

_OUTCOMES = {
    Outcome.THANKED: "you thanked for the feedback",
    Outcome.NO_ANSWER: "no answer came",
    Outcome.DECLINED: "no feedback was given, and you thanked",
    Outcome.DISCARDED: "you deleted the draft",
    Outcome.OFFER: "you got an offer",
    Outcome.WITHDRAWN: "you withdrew",
    Outcome.REVERSED: "the decision was taken back",
    Outcome.LAPSED: "the letter was not sent in time",
    Outcome.IGNORED: "nothing more is to be done",
}

_STATES = {
    State.APPLIED: "applied",
    State.INTERVIEWED: "interviewed; waiting for the outcome",
    State.REQUEST_DUE: "the request will be written",
    State.AWAITING_FEEDBACK: "asked; waiting for an answer",
    State.THANKS_DUE: "the thank-you will be written",
    State.ENQUIRY_DUE: "the status enquiry will be written",
}

_LETTERS = {
    LetterKind.REQUEST: "request for advice",
    LetterKind.THANKS: "thank-you",
    LetterKind.CLOSE: "closing letter",
    LetterKind.ENQUIRY: "status enquiry",
}


_LINKS = {
    Link.USER: "put here by you",
    Link.THREAD: "here by its thread",
    Link.CORRESPONDENT: "here by the person you wrote to",
    Link.REQUISITION: "here by the job's number",
    Link.POSITION: "here by employer and position",
    Link.EMPLOYER: "here by the employer",
    Link.OPENED: "the first of this case",
}


def standing(case: Case) -> str:
    """Where a case stands, in a few words."""
    letter = case.letter
    if case.asked:
        return "you asked for a letter; it will be written"
    if case.state is State.CLOSED:
        return f"closed: {_OUTCOMES[case.outcome]}" if case.outcome else "closed"
    if case.state is State.NOTED:
        return f"turned down; {_NOTES.get(case.note or '', 'not decided yet')}"
    if letter is not None and case.state.value.endswith("_drafted"):
        edited = ", edited by you" if letter.fate is Fate.EDITED else ""
        missing = ", not there at the last look" if letter.missed else ""
        return f"{_LETTERS[letter.kind]} in your Drafts{_whom(letter, ', for ')}{edited}{missing}"
    if case.state is State.AWAITING_FEEDBACK and letter is not None:
        return f"asked{_whom(letter, ' ')}; waiting for an answer"
    return _STATES[case.state]


def time_left(case: Case, settings: Settings, now: datetime) -> tuple[str, str]:
    """What the clock says, and in which style."""
    if case.state in (State.REQUEST_DUE, State.REQUEST_DRAFTED) and (end := deadline(case, settings.clock)):
        if now > end:
            return f"late by {span(now - end)}", "bold red"
        return f"{span(end - now)} left", "bold yellow" if (end - now).total_seconds() < 3 * 3600 else "bold green"
    if case.state.value.endswith("_drafted") and (end := lapses(case)):
        return f"{span(end - now)} left" if now < end else "ends now", ""
    return f"since {span(now - case.since)}", "dim"


def follows(case: Case, settings: Settings) -> str | None:
    """What comes next by time alone, and when."""
    step = next_step(case, settings.follow_up, settings.clock)
    if step is None:
        return None
    when = local(step.at, settings.clock.timezone)
    return f"if nobody writes: {_LETTERS[step.letter]} on {when}" if step.letter else f"ends on {when} if nobody writes"


def ago(at: datetime, now: datetime) -> str:
    """``5 min ago``, ``just now``."""
    return f"{span(now - at)} ago" if (now - at).total_seconds() >= 60 else "just now"


def advice(case: Case) -> list[str]:
    """What stands in the way, and what the user can do about it."""
    found = []
    letter = case.letter
    if case.hindrance:
        found.append(f"No draft yet: {case.hindrance}")
    if letter is not None and case.state.value.endswith("_drafted"):
        if letter.to is None:
            found.append(explain(letter.found_by) or "The draft has no recipient yet; fill one in.")
        if letter.breaches:
            found.append(f"Your text may sound wrong (rules: {', '.join(letter.breaches)}). Read it once more.")
    if wants_a_word(case):
        found.append("They wrote back, and it is not yet the answer: perhaps they wait for yours.")
    if case.note == "unsure" and case.candidates:
        message = (
            shlex.quote(case.notice.message_id.strip("<>")) if case.notice and case.notice.message_id else "MESSAGE"
        )
        found += [f"It may be about {each}. Say so: afterword file {message} {each}" for each in case.candidates]
    if case.note in ("held", "unsure") and not case.asked:
        found.append(f"To have a letter written: afterword ask {case.id}")
    return found


def _whom(letter: Letter, before: str) -> str:
    return f"{before}{line(letter.to.name or letter.to.address)}" if letter.to else ""


def event_line(event: Event) -> str:
    """What happened, in one line."""
    match event:
        case ev.MailFiled():
            return _mail_line(event)
        case ev.Noted():
            return f"no letter: {_NOTES.get(event.reason, event.reason)}"
        case ev.Ignored():
            return "no letter: your policy ignores this employer"
        case ev.LetterPromised():
            return f"{_LETTERS[event.letter]} promised"
        case ev.DraftPlaced():
            return f"draft placed, to {person(event.to)}. {explain(event.found_by)}"
        case ev.DraftSent():
            return "you wrote on your own" if event.answered else "you sent it"
        case ev.Logged():
            return _logged_line(event)
        case ev.Hindered():
            return f"the draft cannot be written: {event.reason}" if event.reason else "the draft can be written again"
        case ev.Reminded():
            return f"told you: {event.what.partition(': ')[2] or event.what}"
        case ev.DraftMissed() if event.back:
            return "the draft is back"
        case _:
            return _PLAIN_EVENTS[event.kind]


_PLAIN_EVENTS = {
    "edited": "you changed the draft",
    "missed": "the draft is not in Drafts any more",
    "discarded": "you deleted the draft",
    "lapsed": "the time for this letter is over",
    "wait_ended": "the wait for an answer is over",
    "asked": "you asked for a letter",
    "user_closed": "you closed the case",
    "moved": "you filed a message elsewhere",
}


def _mail_line(filed: ev.MailFiled) -> str:
    mail = filed.mail
    who = "you wrote" if mail.outgoing else f"mail from {person(mail.sender)}"
    return f"{who}: “{line(mail.subject)}” ({mail.meaning}; {_LINKS[filed.link]})"


def _logged_line(entry: ev.Logged) -> str:
    what = {"call": "turned down by phone", "letter": "turned down by letter"}.get(entry.what, entry.what)
    whom = f", {person(entry.person)}" if entry.person else ""
    asked = "; advice was asked for" if entry.asked else ""
    return f"you logged: {what}{whom}{asked}{f': “{line(entry.note)}”' if entry.note else ''}"


def person(who: Person | None) -> str:
    """``Jane Doe <jane@acme.example>``."""
    if who is None:
        return "nobody yet"
    return line(f"{who.name} <{who.address}>" if who.name and who.address else who.name or who.address)


def name(case: Case) -> str:
    """The employer and the position, as far as known; without an employer also the subject, so that it can be told."""
    known = line(", ".join(filter(None, (case.employer, case.position))))
    if case.employer:
        return known
    first = case.notice or next(iter(case.mails), None)
    subject = f" (“{line(first.subject)[:60]}”)" if first and line(first.subject) else ""
    return f"{known or 'unknown employer'}{subject}"


def local(at: datetime, zone: tzinfo) -> str:
    """A moment on the user's own clock."""
    return f"{at.astimezone(zone):%a %d %b %Y %H:%M}"
