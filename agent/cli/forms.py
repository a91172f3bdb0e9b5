"""Cases and accounts as JSON: the stable form of ``status --json`` and ``show --json`` (docs/commands.md)."""

from datetime import datetime
from typing import Any

from agent.case import Case, Event, Letter, Mail, Meeting, Person, State
from agent.case import events as ev
from agent.cli.output import moment
from agent.config.settings import Settings
from agent.filing import wants_a_word
from agent.journal import AccountRecord
from agent.timetable import deadline, lapses, next_step, reminders
from connectors.account import Account
from connectors.oauth import TokenAge

VERSION = 1

WAITS_FOR = {
    State.APPLIED: "employer",
    State.INTERVIEWED: "employer",
    State.NOTED: "nobody",
    State.REQUEST_DUE: "afterword",
    State.REQUEST_DRAFTED: "you",
    State.AWAITING_FEEDBACK: "employer",
    State.THANKS_DUE: "afterword",
    State.THANKS_DRAFTED: "you",
    State.ENQUIRY_DUE: "afterword",
    State.ENQUIRY_DRAFTED: "you",
    State.CLOSED: "nobody",
}
"""Whose turn it is."""


def waits_for(case: Case) -> str:
    """``you``, ``afterword``, ``employer`` or ``nobody``."""
    if case.asked:
        return "afterword"
    if case.state is State.NOTED:
        return "you" if case.note in ("held", "unsure") else "nobody" if case.decided else "afterword"
    if wants_a_word(case):
        return "you"
    return WAITS_FOR[case.state]


def clock_of(case: Case, settings: Settings) -> datetime | None:
    """When the time to ask is over, while there is still something to send."""
    return deadline(case, settings.clock) if case.state in (State.REQUEST_DUE, State.REQUEST_DRAFTED) else None


def case_form(case: Case, settings: Settings, now: datetime) -> dict[str, Any]:
    """One case at a glance."""
    notice = case.notice
    return {
        "id": case.id,
        "account": case.account,
        "state": case.state.value,
        "since": moment(case.since),
        "outcome": case.outcome.value if case.outcome else None,
        "employer": case.employer,
        "position": case.position,
        "stage": case.stage,
        "waits_for": waits_for(case),
        "notice": {"message_id": notice.message_id, "meaning": notice.meaning, "arrived": moment(notice.arrived)}
        if notice
        else None,
        "told": {"what": case.told.what, "happened": moment(case.told.happened)} if case.told else None,
        "clock": _clock(case, settings, now),
        "letter": _letter(case.letter) if case.letter else None,
        "lapses": moment(lapses(case)) if case.state.value.endswith(("_due", "_drafted")) else None,
        "next": _next(case, settings),
        "asked": case.asked,
        "note": case.note,
        "candidates": list(case.candidates),
        "hindrance": case.hindrance,
    }


def _clock(case: Case, settings: Settings, now: datetime) -> dict[str, Any] | None:
    end = clock_of(case, settings)
    if end is None:
        return None
    told = [{"what": name, "at": moment(at)} for name, at in reminders(case, settings.clock)]
    return {"ends": moment(end), "seconds_left": int((end - now).total_seconds()), "late": now > end, "reminders": told}


def _next(case: Case, settings: Settings) -> dict[str, Any] | None:
    step = next_step(case, settings.follow_up, settings.clock)
    return {"letter": step.letter.value if step.letter else None, "at": moment(step.at)} if step else None


def _letter(letter: Letter) -> dict[str, Any]:
    return {
        "kind": letter.kind.value,
        "number": letter.number,
        "account": letter.account,
        "fate": letter.fate.value,
        "promised": moment(letter.promised),
        "placed": moment(letter.placed),
        "settled": moment(letter.settled),
        "to": _person(letter.to),
        "found_by": letter.found_by or None,
        "parent": letter.parent,
        "subject": letter.subject or None,
        "message_id": letter.message_id,
        "sent_id": letter.sent_id,
        "breaches": list(letter.breaches),
    }


def account_form(account: Account, record: AccountRecord, age: TokenAge | None) -> dict[str, Any]:
    """One account and how it fares."""
    return {
        "name": account.name,
        "connector": account.connector,
        "address": account.address,
        "last_turn": moment(record.last_turn),
        "trouble": record.trouble,
        "trouble_since": moment(record.trouble_since),
        "set_aside": record.set_aside,
        "sign_in": {"signed_in": moment(age.signed_in), "renewed": moment(age.renewed), "ends": moment(age.ends)}
        if age
        else None,
    }


def whole_case(case: Case, events: list[Event], settings: Settings, now: datetime) -> dict[str, Any]:
    """Everything about one case."""
    return {
        "version": VERSION,
        "now": moment(now),
        "case": case_form(case, settings, now),
        "mails": [_mail(mail) for mail in sorted(case.mails, key=lambda mail: mail.arrived)],
        "letters": [_letter(letter) for letter in case.letters],
        "events": [_event(event) for event in events],
    }


def _mail(mail: Mail) -> dict[str, Any]:
    return {
        "message_id": mail.message_id,
        "account": mail.account,
        "from": _person(mail.sender),
        "reply_to": _person(mail.reply_to),
        "to": list(mail.recipients),
        "references": list(mail.references),
        "thread": mail.thread,
        "subject": mail.subject,
        "arrived": moment(mail.arrived),
        "outgoing": mail.outgoing,
        "meaning": mail.meaning,
        "stage": mail.stage,
        "language": mail.language,
        "employer": mail.employer,
        "position": mail.position,
        "requisition": mail.requisition,
        "answer_by": mail.answer_by.isoformat() if mail.answer_by else None,
        "meetings": [_meeting(meeting) for meeting in mail.meetings],
        "addresses": list(mail.signature_addresses),
        "flags": list(mail.flags),
        "warnings": list(mail.warnings),
        "evidence": [{"rule": hit.rule, "words": hit.words} for hit in (*mail.evidence, *mail.interview_words)],
        "phones": list(mail.phones),
        "text": mail.text,
    }


def _meeting(meeting: Meeting) -> dict[str, Any]:
    people = [_person(person) for person in meeting.attendees]
    return {"start": meeting.start, "organizer": _person(meeting.organizer), "attendees": people}


def _event(event: Event) -> dict[str, Any]:
    form: dict[str, Any] = {"at": moment(event.at), "kind": event.kind, "trigger": event.trigger.value}
    match event:
        case ev.MailFiled():
            form |= {"message_id": event.mail.message_id, "link": event.link.value}
        case ev.LetterPromised():
            form |= {"letter": event.letter.value, "number": event.number}
        case ev.Noted() | ev.Hindered():
            form |= {"reason": event.reason}
        case ev.Reminded():
            form |= {"what": event.what}
        case ev.Logged():
            form |= {
                "what": event.what,
                "happened": moment(event.happened),
                "person": _person(event.person),
                "note": event.note or None,
                "asked": event.asked,
            }
    return form


def _person(person: Person | None) -> dict[str, str | None] | None:
    return {"address": person.address or None, "name": person.name or None} if person else None
