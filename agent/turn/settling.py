"""Drafts to events: what did the user do with them?"""

import logging
from collections.abc import Sequence
from dataclasses import replace

from agent.alerts import Alert, AlertKind
from agent.case import Case, Fate, Letter, LetterKind, Outcome, State, expects
from agent.case.events import DraftEdited, DraftSent, Reminded
from agent.fate import CROWD, sending, sent_event
from agent.fate import settle as settle_one
from agent.timetable import KEEP_FOR
from agent.tone import breaches, told
from agent.turn.given import Given
from agent.turn.reading import OVERLAP, judged, take_again, tell
from connectors.message import Message, MessageId
from connectors.port import Changed, DraftRef, Gone, Query, Refused, Unreadable, Untouched
from rules.verdict import Verdict

log = logging.getLogger("afterword.turn")

_A_FEW = 50
"""Messages that may have answered a letter before its sending was seen."""

_DRAFTED = (State.REQUEST_DRAFTED, State.THANKS_DRAFTED, State.ENQUIRY_DRAFTED)


def settle(given: Given) -> None:
    """Look at every draft of the account, once."""
    with given.journal.reading() as reader:
        drafted = [case for case in reader.cases(*_DRAFTED) if given.is_mine(case)]
        vetoed = [case for case in reader.cases(State.CLOSED) if given.is_mine(case) and _may_be_late(given, case)]
    looks = [(case, look) for case in drafted if (look := _look(given, case)) is not None]
    unsent = [case for case, lying in looks if isinstance(lying, Gone) and not _is_sent(case)]
    crowd = len(unsent) >= CROWD
    for case, lying in looks:
        _settle_one(given, case, lying, crowd=crowd and case in unsent)
    for case in vetoed:
        _settle_late(given, case)
    if crowd:
        _tell_crowd(given, unsent)


def _look(given: Given, case: Case) -> Untouched | Changed | Gone | None:
    letter = case.letter
    try:
        return given.mailbox.draft_now(DraftRef(letter.ref)) if letter and letter.ref else None
    except Unreadable as failure:  # nobody knows what the user did with it, so nothing is concluded
        log.warning("%s", failure, extra={"account": given.account.name, "case": case.id})
        return None


def _is_sent(case: Case) -> bool:
    letter = case.letter
    return letter is not None and sending(case, letter, gone=True) is not None


def _settle_one(given: Given, case: Case, lying: Untouched | Changed | Gone, *, crowd: bool) -> None:
    letter = case.letter
    if letter is None:
        return

    def check(text: str) -> Sequence[str]:
        return _breaches(given, case, letter, text)

    event = settle_one(case, letter, lying, given.now, crowd=crowd, check=check)
    if isinstance(event, DraftSent):
        _note_sending(given, case, event)
    elif event is not None:
        with given.journal.writing() as writer:
            fresh = writer.case(case.id)
            if fresh is None or fresh.state is not case.state:
                return  # another command was faster: look again in the next turn
            writer.append(fresh, event)
    if isinstance(event, DraftEdited) and event.breaches:
        _tell_breaches(given, case, event)


def _note_sending(given: Given, case: Case, event: DraftSent) -> None:
    """Write down that the letter was sent, and file anew what had answered it before that was known: the copy in Sent
    may show later than the answer, and the text of an answer is not kept before it is known to be one."""
    answers = _answers(given, case, event)
    with given.journal.writing() as writer:
        fresh = writer.case(case.id)
        if fresh is None or fresh.state is not case.state:
            return  # as above
        fresh, found = writer.append(fresh, event), []
        for message, verdict in answers:
            found.append(take_again(given, writer, fresh, message, verdict))
            fresh = writer.case(case.id) or fresh
    tell(given, found)


def _answers(given: Given, case: Case, event: DraftSent) -> list[tuple[Message, Verdict]]:
    letter = case.letter
    if letter is None or event.message_id is None or letter.kind not in (LetterKind.REQUEST, LetterKind.THANKS):
        return []
    sent_id = MessageId(event.message_id)
    query = Query(
        since=(letter.placed or letter.promised) - OVERLAP,
        references=frozenset({sent_id}),
        correspondents=frozenset(event.to),  # not every server finds what a message answers
        limit=_A_FEW,
    )
    try:
        found = [m for m in given.mailbox.search(query) if sent_id in m.ancestors and not m.outgoing]
    except Refused as failure:
        log.warning("cannot look for answers: %s", failure, extra={"account": given.account.name})
        return []
    read = [(message, judged(given, message)) for message in sorted(found, key=lambda message: message.arrived)]
    return [(message, verdict) for message, verdict in read if verdict is not None]


def _may_be_late(given: Given, case: Case) -> bool:
    letter = case.letter
    return (
        letter is not None
        and letter.kind is LetterKind.REQUEST
        and letter.placed is not None
        and letter.fate is not Fate.SENT
        and case.outcome in (Outcome.DISCARDED, Outcome.LAPSED)
        and given.now - case.since <= KEEP_FOR
    )


def _settle_late(given: Given, case: Case) -> None:
    """A draft believed to be thrown away was sent after all, from a machine that was offline."""
    letter = case.letter
    sent = sending(case, letter, gone=True) if letter else None
    if letter is None or sent is None:
        return
    event = replace(sent_event(letter, sent, given.now, gone=True), answered=False)
    if expects(case, event.trigger):
        _note_sending(given, case, event)


def _breaches(given: Given, case: Case, letter: Letter, text: str) -> list[str]:
    parent = next((mail for mail in case.mails if mail.message_id == letter.parent), case.notice)
    language = (parent.language if parent else None) or "en"
    found = breaches(text, language, letter.kind, given.books.letters.tone)
    return [breach.rule for breach in found if breach.severity == "block"]


def _tell_breaches(given: Given, case: Case, event: DraftEdited) -> None:
    given.tell(
        Alert(
            kind=AlertKind.TONE,
            case=case.id,
            title=f"Your letter to {case.employer or 'the employer'}",
            sentence=f"{told(event.breaches, given.books.letters.tone)} Every word of it: afterword show {case.id}",
        )
    )


def _tell_crowd(given: Given, unsent: Sequence[Case]) -> None:
    """Once for each crowd: the cases remember that it was told."""
    what = "drafts vanished together"
    if all(what in case.reminded for case in unsent):
        return
    with given.journal.writing() as writer:
        for case in unsent:
            fresh = writer.case(case.id)
            if fresh is not None and what not in fresh.reminded:
                writer.append(fresh, Reminded(at=given.now, what=what))
    given.tell(
        Alert(
            kind=AlertKind.CROWD,
            case=None,
            title=f"{len(unsent)} drafts are gone",
            sentence="None of them was sent. If you deleted them, nothing is to be done: it is believed after a day. "
            "If not, see whether your Drafts folder is complete. To confirm one now: afterword close CASE",
        )
    )
