"""What may follow what in the life of a case: one table. The diagram in the docs is printed from it."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where a case stands. A state ending in ``_due`` is a promise written down before the deed."""

    APPLIED = "applied"
    INTERVIEWED = "interviewed"
    NOTED = "noted"
    REQUEST_DUE = "request_due"
    REQUEST_DRAFTED = "request_drafted"
    AWAITING_FEEDBACK = "awaiting_feedback"
    THANKS_DUE = "thanks_due"
    THANKS_DRAFTED = "thanks_drafted"
    ENQUIRY_DUE = "enquiry_due"
    ENQUIRY_DRAFTED = "enquiry_drafted"
    CLOSED = "closed"


class Trigger(StrEnum):
    """What an event is to the table."""

    # by mail
    RECEIPT = "receipt"
    INTERVIEW = "interview"
    NOTICE = "notice"
    NOTICE_ANEW = "new notice"
    """Turned down again, after the decision had been taken back."""
    FEEDBACK = "feedback"
    DECLINE = "decline"
    OFFER = "offer"
    REVERSAL = "reversal"
    WITHDRAWAL = "withdrawal"
    OWN_MAIL = "own mail"
    CORRESPONDENCE = "correspondence"
    # by policy
    NOTE = "note"
    IGNORE = "ignore"
    # by promise
    PROMISE_REQUEST = "promise request"
    PROMISE_THANKS = "promise thanks"
    PROMISE_ENQUIRY = "promise enquiry"
    # by what became of a draft
    PLACED = "placed"
    EDITED = "edited"
    MISSED = "missed"
    SENT = "sent"
    SENT_WITH_QUESTION = "sent with question"
    ANSWERED = "answered"
    DISCARDED = "discarded"
    # by time
    LAPSE = "lapse"
    WAIT_END = "wait end"
    # by the user
    ASK = "ask"
    CLOSE = "close"
    TOLD = "told"
    """Turned down by phone or on paper."""
    LOG = "log interview"
    MOVE_NOTICE = "move notice"
    MOVE_MAIL = "move mail"
    # facts that move nothing
    HINDRANCE = "hindrance"
    REMINDER = "reminder"


class Outcome(StrEnum):
    """How a case ended."""

    THANKED = "thanked"
    NO_ANSWER = "no_answer"
    DECLINED = "declined"
    DISCARDED = "discarded"
    OFFER = "offer"
    WITHDRAWN = "withdrawn"
    REVERSED = "reversed"
    LAPSED = "lapsed"
    IGNORED = "ignored"


_S, _T = State, Trigger

_ENDS = {_T.OFFER: _S.CLOSED, _T.WITHDRAWAL: _S.CLOSED, _T.CLOSE: _S.CLOSED}
"""From anywhere: an offer, the candidate's withdrawal or the user's word ends a case."""

_TURNED_DOWN = {**_ENDS, _T.REVERSAL: _S.CLOSED, _T.INTERVIEW: _S.INTERVIEWED, _T.PROMISE_THANKS: _S.THANKS_DUE}
"""After a notice: a reversal ends it, a new invitation brings the application back to life, feedback is thanked for."""

_STAYS = frozenset(
    {
        _T.RECEIPT,
        _T.CORRESPONDENCE,
        _T.OWN_MAIL,
        _T.FEEDBACK,
        _T.DECLINE,
        _T.HINDRANCE,
        _T.REMINDER,
        _T.LOG,
        _T.TOLD,
        _T.MOVE_MAIL,
    }
)
"""Facts that are kept in every state and by themselves move nothing; a promise that follows from them does."""


def _row(state: State, moves: Mapping[Trigger, State]) -> Mapping[Trigger, State]:
    return {**moves, **{fact: state for fact in _STAYS if fact not in moves}}


TRANSITIONS: Mapping[State, Mapping[Trigger, State]] = {
    state: _row(state, moves)
    for state, moves in {
        _S.APPLIED: {
            **_ENDS,
            _T.REVERSAL: _S.APPLIED,
            _T.INTERVIEW: _S.INTERVIEWED,
            _T.LOG: _S.INTERVIEWED,
            _T.NOTICE: _S.NOTED,
            _T.TOLD: _S.NOTED,
        },
        _S.INTERVIEWED: {
            **_ENDS,
            _T.REVERSAL: _S.INTERVIEWED,
            _T.INTERVIEW: _S.INTERVIEWED,
            _T.NOTICE: _S.NOTED,
            _T.TOLD: _S.NOTED,
            _T.PROMISE_ENQUIRY: _S.ENQUIRY_DUE,
            _T.ASK: _S.INTERVIEWED,
        },
        _S.NOTED: {
            **_TURNED_DOWN,
            _T.NOTICE: _S.NOTED,
            _T.NOTE: _S.NOTED,
            _T.IGNORE: _S.CLOSED,
            _T.MOVE_NOTICE: _S.INTERVIEWED,
            _T.ASK: _S.NOTED,
            _T.PROMISE_REQUEST: _S.REQUEST_DUE,
        },
        _S.REQUEST_DUE: {
            **_TURNED_DOWN,
            _T.NOTICE: _S.REQUEST_DUE,
            _T.MOVE_NOTICE: _S.INTERVIEWED,
            _T.PLACED: _S.REQUEST_DRAFTED,
            _T.ANSWERED: _S.AWAITING_FEEDBACK,
            _T.LAPSE: _S.CLOSED,
        },
        _S.REQUEST_DRAFTED: {
            **_TURNED_DOWN,
            _T.NOTICE: _S.REQUEST_DRAFTED,
            _T.MOVE_NOTICE: _S.INTERVIEWED,
            _T.EDITED: _S.REQUEST_DRAFTED,
            _T.MISSED: _S.REQUEST_DRAFTED,
            _T.SENT: _S.AWAITING_FEEDBACK,
            _T.ANSWERED: _S.AWAITING_FEEDBACK,
            _T.DISCARDED: _S.CLOSED,
            _T.LAPSE: _S.CLOSED,
        },
        _S.AWAITING_FEEDBACK: {
            **_TURNED_DOWN,
            _T.NOTICE: _S.AWAITING_FEEDBACK,
            _T.INTERVIEW: _S.AWAITING_FEEDBACK,  # a call to talk the feedback over, not a new process
            _T.WAIT_END: _S.CLOSED,
        },
        _S.THANKS_DUE: {
            **_TURNED_DOWN,
            _T.NOTICE: _S.THANKS_DUE,
            _T.INTERVIEW: _S.THANKS_DUE,
            _T.PLACED: _S.THANKS_DRAFTED,
            _T.ANSWERED: _S.CLOSED,
            _T.LAPSE: _S.CLOSED,
        },
        _S.THANKS_DRAFTED: {
            **_TURNED_DOWN,
            _T.NOTICE: _S.THANKS_DRAFTED,
            _T.INTERVIEW: _S.THANKS_DRAFTED,
            _T.EDITED: _S.THANKS_DRAFTED,
            _T.MISSED: _S.THANKS_DRAFTED,
            _T.SENT: _S.CLOSED,
            _T.SENT_WITH_QUESTION: _S.AWAITING_FEEDBACK,
            _T.ANSWERED: _S.CLOSED,
            _T.DISCARDED: _S.CLOSED,
            _T.LAPSE: _S.CLOSED,
        },
        _S.ENQUIRY_DUE: {
            **_ENDS,
            _T.REVERSAL: _S.INTERVIEWED,
            _T.INTERVIEW: _S.INTERVIEWED,
            _T.NOTICE: _S.NOTED,
            _T.TOLD: _S.NOTED,
            _T.PLACED: _S.ENQUIRY_DRAFTED,
            _T.ANSWERED: _S.INTERVIEWED,
            _T.LAPSE: _S.INTERVIEWED,
        },
        _S.ENQUIRY_DRAFTED: {
            **_ENDS,
            _T.REVERSAL: _S.INTERVIEWED,
            _T.INTERVIEW: _S.INTERVIEWED,
            _T.NOTICE: _S.NOTED,
            _T.TOLD: _S.NOTED,
            _T.EDITED: _S.ENQUIRY_DRAFTED,
            _T.MISSED: _S.ENQUIRY_DRAFTED,
            _T.SENT: _S.INTERVIEWED,
            _T.ANSWERED: _S.INTERVIEWED,
            _T.DISCARDED: _S.INTERVIEWED,
            _T.LAPSE: _S.INTERVIEWED,
        },
        _S.CLOSED: {
            _T.TOLD: _S.NOTED,  # the user's own word, like `ask`
            _T.NOTICE_ANEW: _S.NOTED,
            _T.MOVE_NOTICE: _S.CLOSED,
            _T.NOTICE: _S.CLOSED,  # the recruiter's mail after the system's
            _T.OFFER: _S.CLOSED,
            _T.REVERSAL: _S.CLOSED,
            _T.WITHDRAWAL: _S.CLOSED,
            _T.INTERVIEW: _S.INTERVIEWED,
            _T.CLOSE: _S.CLOSED,
            _T.ASK: _S.CLOSED,
            _T.PROMISE_REQUEST: _S.REQUEST_DUE,  # `afterword ask` after a veto
            _T.PROMISE_THANKS: _S.THANKS_DUE,  # late feedback
            _T.SENT: _S.AWAITING_FEEDBACK,  # the draft believed to be thrown away was on its way
        },
    }.items()
}


def diagram() -> str:
    """The table as a Mermaid state diagram; facts that move nothing are left out."""
    lines = ["stateDiagram-v2"]
    for state, row in TRANSITIONS.items():
        by_target: dict[State, list[str]] = {}
        for trigger, target in row.items():
            if target is not state:
                by_target.setdefault(target, []).append(trigger.value)
        lines += [f"    {state.value} --> {target.value}: {', '.join(names)}" for target, names in by_target.items()]
    return "\n".join(lines) + "\n"
