"""The story, told from what the run found. Nothing here is known beforehand but who plays which part."""

import re
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from agent.alerts import Alert
from agent.case import Case, State, Words
from agent.correspondents import explain
from agent.demo.page import Page, Part, span
from agent.demo.run import Run
from agent.timetable import deadline, reminders
from connectors.message import Address, Message

_ALARMING = re.compile(r"(?i)unfortunately|regret|candidate|applicant|interview|unable|not selected")
"""What a list of keywords would look for."""

_SENT_AFTER = timedelta(minutes=20)
_ANSWER_AT = (10, 15)
"""The hour of the next day at which the employer's answer comes."""

Told = tuple[datetime, Alert]
"""An alert, and when the user gets it."""


def tell(run: Run, page: Page, now: datetime) -> bool:
    """The whole story; whether it came to its end."""
    mails = run.sample.fill()
    before = run.sample.fingerprints()
    _open(page, mails)
    begun = time.perf_counter()
    told = [(now, alert) for alert in run.take_turn(now)]
    _overview(page, run, mails, now, time.perf_counter() - begun)
    turned_down = sorted((case for case in run.cases() if case.notice), key=_arrival, reverse=True)
    for case in turned_down:
        _notice(page, run, case, mails, now)
    drafted = [case for case in turned_down if case.state is State.REQUEST_DRAFTED]
    if not drafted:
        page.say("No letter was written, so the story ends here. It should not: please report it.")
        return False
    ended = _follow(page, run, drafted, told, now)
    _balance(page, run, before)
    return ended


def _open(page: Page, mails: Sequence[Message]) -> None:
    page.heading("A mailbox")
    page.say(
        f"Ana Sousa is looking for work. These are {len(mails)} mails of hers, made up for this demo, in a folder of "
        "their own. Everything below is one real run over that folder; nothing leaves this computer."
    )


def _overview(page: Page, run: Run, mails: Sequence[Message], now: datetime, took: float) -> None:
    cases = run.cases()
    filed = {mail.message_id for case in cases for mail in case.mails}
    others = [mail for mail in mails if mail.message_id not in filed]
    page.heading("What Afterword finds in it")
    page.say(
        f"It has read all {len(mails)} in {took:.1f} s. {len(mails) - len(others)} of them belong to "
        f"{len(cases)} applications:"
    )
    ordered = sorted(cases, key=lambda case: max(mail.arrived for mail in case.mails), reverse=True)
    page.rows(_case_row(page, case, now) for case in ordered)
    page.say(
        f"The other {len(others)} are not its business, and nothing of them is kept but a keyed hash. "
        "These sound like a rejection to a list of keywords, and are none:"
    )
    alarming = [mail for mail in others if not mail.outgoing and _ALARMING.search(f"{mail.subject} {mail.text}")]
    page.rows((_name(mail), (mail.subject, "dim")) for mail in alarming)


def _case_row(page: Page, case: Case, now: datetime) -> Sequence[Part]:
    return (
        (case.employer or "?", "bold"),
        case.position or "",
        f"{len(case.mails)} {'mail' if len(case.mails) == 1 else 'mails'}",
        _standing(page, case, now),
    )


def _standing(page: Page, case: Case, now: datetime) -> Part:
    if case.notice:
        return (f"turned down {span(now - case.notice.arrived)} ago", "yellow")
    starts = [datetime.fromisoformat(meeting.start) for mail in case.mails for meeting in mail.meetings]
    if ahead := [start for start in starts if start > now]:
        return (f"interview on {page.day(min(ahead))}", "green")
    return "no answer yet"


def _notice(page: Page, run: Run, case: Case, mails: Sequence[Message], now: datetime) -> None:
    notice, employer = case.notice, case.employer or "An employer"
    if notice is None:
        return
    letter = case.letter
    page.heading(f"{employer} says no" if letter else f"{employer} says no, and there is no letter")
    sender = notice.sender.name if notice.sender else "somebody"
    page.say((sender, "bold"), f" wrote {page.moment(notice.arrived, now)}. The words that say so:")
    page.rows(_evidence(notice.evidence, "yellow"))
    if letter is None:
        page.say(_why_none(case), " To have one written all the same: ", (f"afterword ask {case.id}", "cyan"))
        return
    if met := _interview_words(case):
        page.say("There was an interview. The words that say so:")
        page.rows(_evidence(met, "green"))
    if end := deadline(case, run.settings.clock):
        page.say(
            "The clock: the best time to ask is within 24 hours. Until ",
            (page.moment(end, now), "bold cyan"),
            f"; {span(end - now)} are left.",
        )
    page.say("Whom to ask: ", (_person(case), "bold"), f". {explain(letter.found_by)}")
    if draft := run.sample.draft(letter.message_id):
        page.letter("Drafts", _head(page, draft, mails, now), draft.text or "")


def _interview_words(case: Case) -> list[Words]:
    """What shows that there was an interview; the words of earlier mails before the notice's own."""
    ordered = sorted(case.interviews, key=lambda mail: mail.key == case.notice_key)
    return [hit for mail in ordered for hit in (mail.evidence if mail.meaning == "interview" else mail.interview_words)]


def _evidence(found: Sequence[Words], style: str) -> Iterator[Sequence[Part]]:
    """At most three, each with words that the ones before it did not have."""
    shown: list[Words] = []
    for each in found:
        if len(shown) < 3 and not any(each.words in one.words or one.words in each.words for one in shown):
            shown.append(each)
    return ((((f'"{each.words}"', style), (each.rule, "dim"))) for each in shown)


def _why_none(case: Case) -> str:
    human = case.notice is not None and case.notice.human
    whom = "A person wrote it" if human else "It comes from a machine"
    interview = "an interview is known" if case.stage == "interviewed" else "no interview is known"
    return f"{whom}, and {interview}: nobody there has met Ana, and a letter would find nobody. It is noted, no more."


def _follow(page: Page, run: Run, drafted: Sequence[Case], told: Sequence[Told], now: datetime) -> bool:
    """The user sends the first letter and leaves the others; the night passes; an answer comes."""
    mine, left = drafted[0], drafted[1:]
    if mine.letter is None:
        return False
    sent_at = now + _SENT_AFTER
    page.heading(f"Ana's turn, {page.moment(sent_at, now)}")
    page.say(
        "Afterword never sends. The letters lie in Ana's Drafts as ordinary replies: she can change them, send them or "
        f"throw them away. She reads the one to {_person(mine)} and presses send",
        f"; {_listed(left)} can wait." if left else ".",
        ("\n(The demo presses for her. Like Thunderbird it files the sent copy under a new Message-ID.)", "dim"),
    )
    sent = run.sample.send(mine.letter.message_id, sent_at)
    told = [*told, *_pass_time(run, left, sent_at, until=_tomorrow(run, now))]
    after = run.case_of([mine.letter.message_id])
    if after is None or after.letter is None or after.state is not State.AWAITING_FEEDBACK:
        page.say("Afterword did not notice that. It should have: please report it.")
        return False
    page.say(
        "At the next look the draft is gone, and a sent mail answers the same message. So the letter to "
        f"{after.employer} counts as {after.letter.fate.value}; now it is their turn."
    )
    _told(page, told, now)
    return _answered(page, run, after, sent, now)


def _pass_time(run: Run, left: Sequence[Case], start: datetime, *, until: datetime) -> Iterator[Told]:
    """The daemon's turns until then: one soon, and one whenever a clock of a draft that still lies there is due."""
    clock = run.settings.clock
    due = [moment for case in left for _, moment in reminders(case, clock)]
    for moment in sorted({start + timedelta(minutes=1), *(each for each in due if start < each < until)}):
        for alert in run.take_turn(moment):
            yield moment, alert


def _told(page: Page, told: Sequence[Told], now: datetime) -> None:
    if told:
        page.say("What Ana is told outside her mailbox, until the next morning:")
        page.rows(((page.moment(at, now), "cyan"), alert.title, (alert.sentence, "dim")) for at, alert in told)


def _answered(page: Page, run: Run, case: Case, sent: Message, now: datetime) -> bool:
    at = _tomorrow(run, now)
    page.heading(f"An answer, {page.moment(at, now)}")
    answer = run.sample.answer(sent, at)
    run.take_turn(at + timedelta(minutes=1))
    after = run.case_of([answer.message_id] if answer.message_id else [])
    if after is None or after.answer is None or after.letter is None or after.state is not State.THANKS_DRAFTED:
        page.say("Afterword did not know it for the answer. It should have: please report it.")
        return False
    page.letter("Inbox", [("From", _address(answer.sender)), ("Subject", answer.subject)], after.answer.text or "")
    page.say("It answers Ana's letter, so it is the feedback. These words are kept; and in Drafts lies a thank-you:")
    if draft := run.sample.draft(after.letter.message_id):
        page.letter("Drafts", _head(page, draft, [answer], at), draft.text or "")
    return after.id == case.id


def _balance(page: Page, run: Run, before: dict[str, str]) -> None:
    after = run.sample.fingerprints()
    same = sum(after.get(name) == digest for name, digest in before.items())
    page.heading("What became of the mailbox")
    page.rows(
        [
            (f"{same} of {len(before)}", "mails lie where they lay, unread where they were unread, byte for byte"),
            (str(run.sample.lying_in_drafts()), "letters lie in Drafts: the only thing that Afterword ever writes"),
            ("0", "mails were sent by Afterword; it has no code for that"),
        ]
    )


def _head(page: Page, draft: Message, mails: Sequence[Message], now: datetime) -> Iterator[tuple[str, str]]:
    yield "From", _address(draft.sender)
    yield "To", ", ".join(map(_address, draft.to)) or "(nobody yet)"
    yield "Subject", draft.subject
    parent = next((mail for mail in mails if mail.message_id and mail.message_id == draft.in_reply_to), None)
    yield "Answers", f"the mail of {page.moment(parent.arrived, now)}: {parent.subject}" if parent else "a fresh mail"


def _tomorrow(run: Run, now: datetime) -> datetime:
    hour, minute = _ANSWER_AT
    local = now.astimezone(run.zone) + timedelta(days=1)
    return local.replace(hour=hour, minute=minute, second=0, microsecond=0)


def _arrival(case: Case) -> datetime:
    return case.notice.arrived if case.notice else case.opened


def _person(case: Case) -> str:
    person = case.letter.to if case.letter else None
    return (person.name or person.address) if person else "nobody"


def _listed(cases: Sequence[Case]) -> str:
    return " and ".join(f"the one to {_person(case)}" for case in cases)


def _name(mail: Message) -> str:
    return (mail.sender.name or mail.sender.address) if mail.sender else ""


def _address(who: Address | None) -> str:
    return f"{who.name} <{who.address}>" if who else ""
