"""Notices to promises. Policy decides once the account has caught up, and after one bounded look back."""

import logging
from datetime import datetime, timedelta

from agent import policy
from agent.alerts import Alert, AlertKind
from agent.case import Case, CaseId, LetterKind, State, Trigger, expects
from agent.case.events import Event, Ignored, Noted
from agent.fate import reaches_them
from agent.filing import domains_of, rivals
from agent.journal import Writer
from agent.timetable import KEEP_FOR
from agent.turn.given import Given
from agent.turn.promises import promise
from agent.turn.reading import take
from connectors.port import Query, Refused
from rules.judge import judge
from rules.senders import is_freemail, is_platform

log = logging.getLogger("afterword.turn")

LOOK_BACK = timedelta(days=180)


def decide(given: Given) -> None:
    """Every notice or logged news without a decision, spoken feedback to thank for, and what the user asked for."""
    with given.journal.reading() as reader:
        first_turn = reader.account(given.account.name).first_turn or given.now
        waiting = [case for case in reader.cases() if given.is_mine(case) and _waits(case, given)]
    for case in waiting:
        if not case.decided and not _is_old(case, first_turn, given):
            _look_back(given, case)
        with given.journal.writing() as writer:
            fresh = writer.case(case.id)
            if fresh is not None and _waits(fresh, given):
                _decide(given, writer, fresh, first_turn)


def _waits(case: Case, given: Given) -> bool:
    return case.asked or (case.state is State.NOTED and not case.decided) or _owes_thanks(case, given)


def _owes_thanks(case: Case, given: Given) -> bool:
    """Feedback was given on the phone, and a thank-you is neither under way nor too late."""
    call = case.unthanked
    if call is None or not given.settings.follow_up.thanks or call.happened < given.now - KEEP_FOR:
        return False
    return expects(case, Trigger.PROMISE_THANKS) and not case.state.value.startswith("thanks_")


def _decide(given: Given, writer: Writer, case: Case, first_turn: datetime) -> None:
    if _owes_thanks(case, given):
        _log(given, case, "a thank-you is promised for what was said on the phone")
        promise(writer, case, LetterKind.THANKS, given.account, given.now)
        return
    if case.asked:
        _log(given, case, "a letter is promised: you asked for it")
        kind = LetterKind.ENQUIRY if case.state is State.INTERVIEWED else LetterKind.REQUEST
        promise(writer, case, kind, given.account, given.now)
        return
    against = _against_word(case, given) if case.told else _against(given, writer, case, first_turn)
    if against is None:
        _log(given, case, "a request is promised")
        promise(writer, case, LetterKind.REQUEST, given.account, given.now)
        if case.told is None:
            given.promised.append(case.id)
    else:
        _log(given, case, f"no letter: {against.reason if isinstance(against, Noted) else 'ignored by policy'}")
        writer.append(case, against)
        if isinstance(against, Noted) and against.reason in ("held", "unsure"):
            _tell(given, case, against)


def _log(given: Given, case: Case, decision: str) -> None:
    fields = {"action": "decide", "account": given.account.name, "case": case.id}
    log.info("%s (stage %s)", decision, case.stage, extra=fields)


def _against(given: Given, writer: Writer, case: Case, first_turn: datetime) -> Event | None:
    """Why there is no letter for this notice, or None."""
    said = policy.decide(case, given.settings.policy)
    if said is policy.Then.IGNORE:
        return Ignored(at=given.now)
    if _is_old(case, first_turn, given):
        return Noted(at=given.now, reason="old")
    if _has_answered(case):
        return Noted(at=given.now, reason="answered")
    if candidates := _candidates(case, writer, said):
        return Noted(at=given.now, reason="unsure", candidates=candidates)
    if said is policy.Then.NOTE:
        return Noted(at=given.now, reason="policy")
    if len(given.promised) >= given.settings.brake:
        return Noted(at=given.now, reason="held")
    return None


def _against_word(case: Case, given: Given) -> Event | None:
    """Why there is no request after a call or a paper letter. What the user logs is neither held nor doubted, and no
    policy stands against it."""
    if any(entry.asked for entry in case.logged if case.told and entry.at >= case.told.at):
        return Noted(at=given.now, reason="asked")
    if any(letter.kind is LetterKind.REQUEST for letter in case.letters):
        return Noted(at=given.now, reason="written")
    if case.turned_down and case.turned_down < given.now - KEEP_FOR:
        return Noted(at=given.now, reason="old")
    return None


def _candidates(case: Case, writer: Writer, said: policy.Then) -> tuple[CaseId, ...]:
    """The applications a machine's notice may be about as well, if one of them has come so far that it matters."""
    if case.notice and case.notice.human:
        return ()  # a reply to the person who wrote is right whichever application was meant
    others = rivals(case, writer.cases())
    matters = said is policy.Then.REQUEST or any(rival.stage == "interviewed" for rival in others)
    return tuple(rival.id for rival in others) if matters else ()


def _is_old(case: Case, first_turn: datetime, given: Given) -> bool:
    """On the first run only young notices get letters; later, none whose week is over."""
    if case.told is not None or case.notice is None:
        return case.turned_down is None or case.turned_down < given.now - KEEP_FOR
    before_us = case.notice.arrived < first_turn - given.settings.lookback
    return before_us or case.notice.arrived < given.now - KEEP_FOR


def _has_answered(case: Case) -> bool:
    """The user wrote in the notice's thread since it came."""
    notice = case.notice
    return notice is not None and any(
        mail.outgoing
        and mail.arrived >= notice.arrived
        and notice.message_id in mail.references
        and reaches_them(case, mail)
        for mail in case.mails
        if notice.message_id
    )


def _look_back(given: Given, case: Case) -> None:
    """One bounded search for the notice's thread, employer and interview: the invitation may be older than our eyes."""
    try:
        found = list(given.mailbox.search(_query(case)))
    except Refused as failure:
        log.warning("cannot search older mail: %s", failure, extra={"account": given.account.name})
        return
    judged = [(message, judge(message, given.books.rules)) for message in found]
    with given.journal.writing() as writer:
        for message, verdict in sorted(judged, key=lambda pair: pair[0].arrived):
            take(given, writer, message, verdict)
            writer.remember(message.key)


def _query(case: Case) -> Query:
    if case.turned_down is None:
        raise ValueError("only from the news is looked back")
    people = [person for mail in case.mails for person in (mail.sender, mail.reply_to) if person and not mail.outgoing]
    people += [entry.person for entry in case.logged if entry.person]
    whole = {p.address.casefold() for p in people if is_freemail(p.address.rpartition("@")[2])}
    relays = {p.address.casefold() for p in people if is_platform(p.address.rpartition("@")[2])}
    return Query(
        since=case.turned_down - LOOK_BACK,
        references=frozenset(id_ for mail in case.mails for id_ in (*mail.references, mail.message_id) if id_),
        correspondents=frozenset({f"@{domain}" for domain in domains_of(case)} | whole | relays),
        names=frozenset({case.employer} if case.employer and len(case.employer) > 2 else ()),
    )


def _tell(given: Given, case: Case, noted: Noted) -> None:
    sentence = {
        "held": "Many notices came at once, so no letter was written for this one.",
        "unsure": "It is not clear which application this notice is about, so no letter was written.",
    }[noted.reason]
    given.tell(
        Alert(
            kind=AlertKind.NOTED,
            case=case.id,
            title=f"Turned down: {case.employer or 'an application'}",
            sentence=f"{sentence} To write one: afterword ask {case.id}",
        )
    )
