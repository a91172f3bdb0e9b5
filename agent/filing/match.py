"""Which case a message belongs to: thread, then requisition id, then employer and position, then employer alone if
only one application there was ever seen. A wrong guess would put "I accept your decision" into a live process, so
whenever two answers are possible the answer is ``Unsure``."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from agent.case import Case, CaseId, Fate, Link, Mail, State
from agent.fate import goes_where
from agent.filing.identity import requisition_key, same_employer, same_position
from rules.senders import is_freemail, is_platform

RECENT = timedelta(days=90)
"""A case closed longer ago takes no more notices: the next one is about another application."""


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
    """A fresh letter has no thread: the user's mail to its correspondent is taken for it, while it is open."""
    for case in live:
        letter = case.letter
        lies_open = letter is not None and letter.fate in (Fate.PENDING, Fate.EDITED)
        if letter and lies_open and letter.parent is None and goes_where(letter, mail):
            return Known(case, Link.THREAD)
    return Nowhere()


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
    return case.state is not State.CLOSED or mail.arrived - case.since <= RECENT


def _is_at_employer(case: Case, mail: Mail) -> bool:
    if same_employer(mail.employer, case.employer):
        return True
    shared = bool(domains(mail) & {domain for known in case.mails for domain in domains(known)})
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
    open_ones = (one for one in cases if one.id != case.id and one.notice is None and one.state is not State.CLOSED)
    return [one for one in open_ones if _is_at_employer(one, notice) and not _differ(notice, one)]


def domains(mail: Mail) -> frozenset[str]:
    """The domains that stand for an employer: not those of freemail, of applicant systems, nor the user's own."""
    if mail.outgoing:
        found = {address.rpartition("@")[2] for address in mail.recipients}
    else:
        people = (mail.sender, mail.reply_to, *(meeting.organizer for meeting in mail.meetings))
        found = {person.address.rpartition("@")[2].casefold() for person in people if person}
    return frozenset(domain for domain in found if domain and not is_freemail(domain) and not is_platform(domain))
