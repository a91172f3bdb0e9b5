"""One application and everything that happened to it: the fold of its events."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce

from agent.case import events as ev
from agent.case.events import CaseId, Event, Happening, LetterKind, Link
from agent.case.letter import Fate, Letter
from agent.case.mail import Mail
from agent.case.states import TRANSITIONS, Outcome, State, Trigger


@dataclass(frozen=True, kw_only=True)
class Case:
    """Everything the agent knows of one application.

    ``decided`` tells whether policy has spoken about the notice; ``note`` is why there is no letter.
    ``asked``: the user wants a letter that is not promised yet. ``since`` is when the state was entered.
    """

    id: CaseId
    account: str
    state: State = State.APPLIED
    opened: datetime
    since: datetime
    mails: tuple[Mail, ...] = ()
    notice_key: str | None = None
    notice_link: Link | None = None
    letters: tuple[Letter, ...] = ()
    logged: tuple[ev.Logged, ...] = ()
    told: ev.Logged | None = None
    """The call or paper letter that brought the news: the first one, whoever repeats it."""
    decided: bool = False
    note: str | None = None
    candidates: tuple[CaseId, ...] = ()
    asked: bool = False
    answered_by: str | None = None
    """Key of the mail that brought feedback or declined it."""
    outcome: Outcome | None = None
    hindrance: str | None = None
    reminded: frozenset[str] = frozenset()

    @property
    def notice(self) -> Mail | None:
        """The message that carries the rejection: the first one, or the first since it was taken back."""
        return self._mail(self.notice_key)

    @property
    def turned_down(self) -> datetime | None:
        """When the news came first, and with it the clock began: the notice's arrival in the mailbox, the call, or
        the reading of the paper letter."""
        came = [self.notice.arrived] if self.notice else []
        return min([*came, self.told.happened] if self.told else came, default=None)

    @property
    def answer(self) -> Mail | None:
        """The latest message that brought feedback or declined it."""
        return self._mail(self.answered_by)

    @property
    def spoken(self) -> ev.Logged | None:
        """The latest call on which feedback was given."""
        return next((entry for entry in reversed(self.logged) if entry.gave_feedback), None)

    @property
    def unthanked(self) -> ev.Logged | None:
        """The call whose feedback was not thanked for: no thank-you was promised since, nor open at that time."""
        call = self.spoken
        thanks = [letter for letter in self.letters if letter.kind is ev.LetterKind.THANKS]
        if call is None or any(letter.settled is None or letter.settled >= call.at for letter in thanks):
            return None
        return call

    @property
    def letter(self) -> Letter | None:
        """The latest letter."""
        return self.letters[-1] if self.letters else None

    @property
    def employer(self) -> str | None:
        """As the mails name it, the notice's own word before others; else as the user does."""
        return self._named("employer")

    @property
    def position(self) -> str | None:
        return self._named("position")

    @property
    def requisition(self) -> str | None:
        return self._named("requisition")

    @property
    def interviews(self) -> tuple[Mail, ...]:
        """The messages that show an interview, oldest first."""
        return tuple(
            sorted(
                (m for m in self.mails if m.meaning == "interview" or m.interview_words or m.stage == "interviewed"),
                key=lambda mail: mail.arrived,
            )
        )

    @property
    def stage(self) -> str:
        """``interviewed`` when anything shows an interview, ``applied`` when a mail says so, else ``unknown``."""
        if self.interviews or any(entry.what == Happening.INTERVIEW for entry in self.logged):
            return "interviewed"
        return "applied" if any(m.stage == "applied" for m in self.mails) else "unknown"

    def _mail(self, key: str | None) -> Mail | None:
        return next((mail for mail in self.mails if mail.key == key), None) if key else None

    def _named(self, field: str) -> str | None:
        ordered = sorted(self.mails, key=lambda mail: (mail.key != self.notice_key, mail.outgoing, mail.arrived))
        sources = (*ordered, *self.logged) if field != "requisition" else ordered
        return next((value for source in sources if (value := getattr(source, field))), None)


class IllegalTransition(Exception):
    """An event came past the door that the table does not allow: a mistake of ours, never of the mail's."""

    def __init__(self, state: State, trigger: Trigger) -> None:
        super().__init__(f"a case that is {state.value} cannot take `{trigger.value}`")


def expects(case: Case, trigger: Trigger) -> bool:
    """Whether the table has a place for it: the door that unexpected mail is turned away at."""
    return trigger in TRANSITIONS[case.state]


def opened(case_id: CaseId, at: datetime) -> Case:
    """A case before its first event, which tells whose account it is."""
    return Case(id=case_id, account="", opened=at, since=at)


def replay(first: Case, events: Iterable[Event]) -> Case:
    """The case after all its events."""
    return reduce(advance, events, first)


def advance(case: Case, event: Event) -> Case:
    """The case after one more event. Raises ``IllegalTransition``; never changes the case it is given."""
    target = TRANSITIONS[case.state].get(event.trigger)
    if target is None:
        raise IllegalTransition(case.state, event.trigger)
    after = _apply(case, event)
    if target is case.state:
        return replace(after, outcome=_OUTCOMES[event.trigger]) if _ends_otherwise(case, event) else after
    return replace(after, state=target, since=event.at, outcome=_outcome(after, event) if _closes(target) else None)


def _closes(target: State) -> bool:
    return target is State.CLOSED


def _ends_otherwise(case: Case, event: Event) -> bool:
    """An offer, or the news taken back, after the case was closed: that is how it ended after all."""
    return _closes(case.state) and event.trigger in (Trigger.OFFER, Trigger.REVERSAL)


def _apply(case: Case, event: Event) -> Case:
    match event:
        case ev.MailFiled():
            return _file(case, event)
        case ev.Noted():
            return replace(case, decided=True, asked=False, note=event.reason, candidates=event.candidates)
        case ev.Ignored():
            return replace(case, decided=True, note="policy")
        case ev.LetterPromised():
            return _promise(case, event)
        case ev.UserAsked():
            return replace(case, asked=True)
        case ev.Logged():
            return _log(case, event)
        case ev.MailMoved():
            return _remove(case, event)
        case ev.Hindered():
            return replace(case, hindrance=event.reason or None)
        case ev.Reminded():
            return replace(case, reminded=case.reminded | {event.what})
        case ev.UserClosed() | ev.Lapsed() | ev.WaitEnded():
            return replace(case, asked=False, hindrance=None)
        case ev.DraftPlaced() | ev.DraftEdited() | ev.DraftMissed() | ev.DraftSent() | ev.DraftDiscarded():
            return _follow(case, event)


def _file(case: Case, event: ev.MailFiled) -> Case:
    mails = (*(mail for mail in case.mails if mail.key != event.mail.key), event.mail)
    after = replace(case, mails=mails, account=case.account or event.mail.account)
    if event.trigger is Trigger.NOTICE_ANEW:
        after = replace(after, notice_key=None, told=None, decided=False, note=None)
    if event.trigger in (Trigger.NOTICE, Trigger.NOTICE_ANEW) and after.notice_key is None:
        # A letter promised after a call stays in the account it was promised in.
        account = after.account if after.told else event.mail.account
        return replace(after, notice_key=event.mail.key, notice_link=event.link, account=account)
    if event.trigger in (Trigger.FEEDBACK, Trigger.DECLINE):
        return replace(after, answered_by=event.mail.key)
    if event.trigger is Trigger.INTERVIEW and TRANSITIONS[case.state][event.trigger] is not case.state:
        # A new invitation after a notice: the application lives again, and a later notice is a new one.
        return replace(after, notice_key=None, notice_link=None, told=None, decided=False, note=None)
    return after


def _log(case: Case, event: ev.Logged) -> Case:
    after = replace(case, logged=(*case.logged, event), account=case.account or event.account)
    if event.trigger is not Trigger.TOLD:
        return after
    if case.outcome is Outcome.REVERSED:
        return replace(after, notice_key=None, notice_link=None, told=event, decided=False, note=None)
    # What rests is decided anew, by the user's word; a letter that is under way goes its way.
    open_again = TRANSITIONS[case.state][event.trigger] is State.NOTED
    return replace(after, told=case.told or event, decided=case.decided and not open_again)


def _promise(case: Case, event: ev.LetterPromised) -> Case:
    letter = Letter(
        kind=event.letter,
        number=event.number,
        message_id=event.message_id,
        account=event.account,
        promised=event.at,
        series=event.series,
        asked=case.asked,
    )
    # An enquiry goes out before any notice: what comes is still to be decided.
    decided = case.decided or letter.kind is not LetterKind.ENQUIRY
    return replace(
        case, letters=(*case.letters, letter), decided=decided, asked=False, note=None, hindrance=None, candidates=()
    )


def _follow(
    case: Case, event: ev.DraftPlaced | ev.DraftEdited | ev.DraftMissed | ev.DraftSent | ev.DraftDiscarded
) -> Case:
    letter = case.letters[-1]
    match event:
        case ev.DraftPlaced():
            letter = replace(
                letter,
                ref=event.ref,
                placed=event.at,
                to=event.to,
                found_by=event.found_by,
                parent=event.parent,
                subject=event.subject,
                asks=event.asks,
            )
        case ev.DraftEdited():
            letter = replace(letter, fate=Fate.EDITED, edit_digest=event.digest, breaches=event.breaches, missed=None)
        case ev.DraftMissed():
            letter = replace(letter, missed=None if event.back else event.at)
        case ev.DraftSent():
            fate = Fate.ANSWERED if event.answered else Fate.SENT
            letter = replace(
                letter, fate=fate, settled=event.at, sent_id=event.message_id, sent_thread=event.thread, missed=None
            )
        case ev.DraftDiscarded():
            letter = replace(letter, fate=Fate.DISCARDED, settled=event.at)
    return replace(case, letters=(*case.letters[:-1], letter), hindrance=None)


def _remove(case: Case, event: ev.MailMoved) -> Case:
    after = replace(case, mails=tuple(mail for mail in case.mails if mail.key != event.key))
    if event.key != case.notice_key:
        return after
    after = replace(after, notice_key=None, notice_link=None)
    return replace(after, decided=False, note=None, candidates=()) if event.notice else after


_OUTCOMES = {
    Trigger.OFFER: Outcome.OFFER,
    Trigger.WITHDRAWAL: Outcome.WITHDRAWN,
    Trigger.REVERSAL: Outcome.REVERSED,
    Trigger.LAPSE: Outcome.LAPSED,
    Trigger.IGNORE: Outcome.IGNORED,
    Trigger.CLOSE: Outcome.IGNORED,
    Trigger.DISCARDED: Outcome.DISCARDED,
    Trigger.WAIT_END: Outcome.NO_ANSWER,
}


def _outcome(case: Case, event: Event) -> Outcome:
    """How a case ended: by the trigger, or, once the last letter is sent, by what the letter was for."""
    if event.trigger in _OUTCOMES:
        return _OUTCOMES[event.trigger]
    if case.answer is None:
        return Outcome.THANKED if case.spoken else Outcome.NO_ANSWER
    return Outcome.DECLINED if case.answer.meaning == "feedback_declined" else Outcome.THANKED
