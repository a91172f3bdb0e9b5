"""Which case a message belongs to: thread, then requisition id, then employer and position, then employer alone if
only one application there was ever seen. A wrong guess would put "I accept your decision" into a live process, so
whenever two answers are possible the answer is ``Unsure``. An answer to a letter of ours whose thread is broken is
known by who writes it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from agent.case import Case, CaseId, Fate, Letter, Link, Mail, State
from agent.fate import goes_where
from agent.filing.identity import requisition_key, same_employer, same_position
from rules.senders import is_freemail, is_platform

RECENT = timedelta(days=90)
"""A case that ended longer ago takes no more notices: the next one is about another application."""

LONGEST = timedelta(days=180)
"""The longest silence within one application: what is further away is about another one."""

SLACK = timedelta(days=2)
"""An end may be read before the beginning that the user logs; not by more."""

_ENDS = frozenset({"rejection", "filled", "offer", "withdrawn", "reversed", "on_hold"})

_ABOUT_A_LETTER = frozenset({"feedback", "feedback_declined"})

_REPLY = re.compile(r"^(?:\s*\w{1,6}(?:\[\d+\])?\s*[:\uff1a])+\s*")
"""``Re:``, ``AW:``, ``RE[2]:``, ``回复：``, any number of them."""

_OPEN_LETTER = tuple(state for state in State if state.value.endswith(("_due", "_drafted")))

_BY_THREAD_ALONE = frozenset({"none", "out_of_office", "bounce"})
"""An employer's newsletter is no part of an application, whatever domain it comes from."""


class Cases(Protocol):
    """What filing asks of the journal."""

    def by_reference(self, names: Iterable[str], /) -> list[Case]: ...

    def cases(self, *states: State) -> list[Case]: ...


@dataclass(frozen=True)
class Known:
    """It belongs to this case."""

    case: Case
    link: Link


@dataclass(frozen=True)
class Unsure:
    """It belongs to one of these, and nothing says to which."""

    candidates: tuple[CaseId, ...]


@dataclass(frozen=True)
class Nowhere:
    """No case is known for it."""


def match(mail: Mail, cases: Cases) -> Known | Unsure | Nowhere:
    """The case of a message, by the strongest link there is."""
    threads = cases.by_reference(_names(mail))
    if threads:
        return Known(max(threads, key=lambda case: case.since), Link.THREAD)
    if mail.outgoing:
        return _by_recipient(mail, cases.cases(*_OPEN_LETTER))
    if mail.human and (answered := _by_correspondent(mail, cases.cases(State.AWAITING_FEEDBACK))):
        return Known(answered, Link.CORRESPONDENT)
    if mail.meaning in _BY_THREAD_ALONE:
        return Nowhere()
    return _by_application(mail, [case for case in cases.cases() if _is_recent(case, mail)])


def _names(mail: Mail) -> list[str]:
    names = [f"id:{reference}" for reference in mail.references]
    if mail.message_id:
        names.append(f"id:{mail.message_id}")
    if mail.thread:
        names.append(f"thread:{mail.account}:{mail.thread}")
    return names


def _by_recipient(mail: Mail, live: Sequence[Case]) -> Known | Nowhere:
    """A fresh letter has no thread: the user's mail to its correspondent is taken for it, while it is open. An agency's
    recruiter may have several; then the subject tells."""
    fitting = [case for case in live if (letter := case.letter) and _is_open(letter) and goes_where(letter, mail)]
    named = [case for case in fitting if _is_called_alike(case, mail)]
    found = next(iter(named or fitting), None)
    return Known(found, Link.THREAD) if found else Nowhere()


def _is_open(letter: Letter) -> bool:
    return letter.parent is None and letter.fate in (Fate.PENDING, Fate.EDITED)


def _by_correspondent(mail: Mail, awaiting: Sequence[Case]) -> Case | None:
    """The case in which this person's answer is awaited: known by its subject, or as feedback when there is but one."""
    writers = {person.address.casefold() for person in (mail.sender, mail.reply_to) if person}
    theirs = [
        case for case in awaiting if case.letter and case.letter.to and case.letter.to.address.casefold() in writers
    ]
    named = [case for case in theirs if _is_called_alike(case, mail)]
    found = named or (theirs if mail.meaning in _ABOUT_A_LETTER else [])
    return found[0] if len(found) == 1 else None


def _is_called_alike(case: Case, mail: Mail) -> bool:
    """The mail and the case's letter bear one subject, whatever marks of answering stand before it."""
    ours, theirs = (_REPLY.sub("", subject[:300]).strip().casefold() for subject in (_subject(case), mail.subject))
    return bool(ours) and ours == theirs


def _subject(case: Case) -> str:
    return case.letter.subject if case.letter else ""


def _by_application(mail: Mail, live: Sequence[Case]) -> Known | Unsure | Nowhere:
    if requisition := requisition_key(mail.requisition):
        same = [case for case in live if requisition_key(case.requisition) == requisition]
        if len(same) == 1 and not _contradict(mail.employer, same[0].employer):
            return Known(same[0], Link.REQUISITION)
    here = [case for case in live if _is_at_employer(case, mail)]
    fitting = [case for case in here if not _differ(mail, case)]
    exact = [case for case in fitting if same_position(mail.position, case.position)]
    if len(exact) == 1:
        return Known(exact[0], Link.POSITION)
    if len(exact) > 1:
        return Unsure(tuple(case.id for case in exact))
    if len(here) == 1 and fitting:
        return Known(fitting[0], Link.EMPLOYER)
    return Unsure(tuple(case.id for case in fitting)) if fitting else Nowhere()


def _is_recent(case: Case, mail: Mail) -> bool:
    """Whether the mail is of the case's time: neither long after its end nor, with old mail, before its beginning."""
    known = (*(one.arrived for one in case.mails), *(entry.happened for entry in case.logged))
    began, last = min(known, default=case.opened), max(known, default=case.opened)
    if mail.arrived < began - (SLACK if mail.meaning in _ENDS else LONGEST):
        return False
    if case.state in (State.CLOSED, State.NOTED):
        return mail.arrived - case.since <= RECENT
    return mail.arrived - last <= LONGEST


def _is_at_employer(case: Case, mail: Mail) -> bool:
    if same_employer(mail.employer, case.employer):
        return True
    shared = bool(domains(mail) & domains_of(case))
    # An agency writes for many employers: two names at one domain are two employers, unless the position agrees.
    return shared and (not (mail.employer and case.employer) or same_position(mail.position, case.position))


def _differ(mail: Mail, case: Case) -> bool:
    """Both name what they are about, and it is not the same."""
    if mail.position and case.position and not same_position(mail.position, case.position):
        return True
    ours, theirs = requisition_key(mail.requisition), requisition_key(case.requisition)
    return bool(ours and theirs and ours != theirs)


def _contradict(one: str | None, other: str | None) -> bool:
    return bool(one and other and not same_employer(one, other))


def rivals(case: Case, cases: Iterable[Case]) -> list[Case]:
    """The other live applications that the notice of this case may be about. None when a strong link says which."""
    notice = case.notice
    if notice is None or case.notice_link not in (Link.EMPLOYER, Link.OPENED):
        return []
    others = (one for one in cases if one.id != case.id and one.turned_down is None and one.state is not State.CLOSED)
    here = (one for one in others if _is_recent(one, notice) and _is_at_employer(one, notice))
    return [one for one in here if not _differ(notice, one)]


def domains_of(case: Case) -> frozenset[str]:
    """The domains of everybody in the case, those whom the user named included."""
    named = {entry.person.address.rpartition("@")[2].casefold() for entry in case.logged if entry.person}
    return frozenset(filter(_is_employers, named)).union(*map(domains, case.mails))


def domains(mail: Mail) -> frozenset[str]:
    """The domains that stand for an employer: not those of freemail, of applicant systems, nor the user's own."""
    if mail.outgoing:
        found = {address.rpartition("@")[2] for address in mail.recipients}
    else:
        people = (mail.sender, mail.reply_to, *(meeting.organizer for meeting in mail.meetings))
        found = {person.address.rpartition("@")[2].casefold() for person in people if person}
    return frozenset(filter(_is_employers, found))


def _is_employers(domain: str) -> bool:
    return bool(domain) and not is_freemail(domain) and not is_platform(domain)
