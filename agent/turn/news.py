"""What came that asks something of the user, beside the letters: told once, when it is read. Touches nothing."""

from agent.alerts import Alert, AlertKind
from agent.case import Case, Fate, LetterKind, Link, Mail, State, Trigger
from agent.filing import answers_our_letter, asks_back, talks_it_over

_MOOT = {
    Trigger.OFFER: ("An offer", "an offer came"),
    Trigger.REVERSAL: ("The decision was taken back", "the decision was taken back"),
    Trigger.INTERVIEW: ("A new invitation", "you were invited again"),
    Trigger.WITHDRAWAL: ("You withdrew", "you withdrew"),
}


def news(case: Case, mail: Mail, trigger: Trigger, link: Link) -> Alert | None:
    """What the user should hear of a mail just filed; ``case`` is the case after it. None: nothing."""
    whom = case.employer or "an employer"
    if trigger in _MOOT and case.state in (State.CLOSED, State.INTERVIEWED) and _lies_open(case):
        title, what = _MOOT[trigger]
        sentence = f"The letter in your Drafts was written before {what}. Delete it, unless it still fits."
        return _alert(case, f"{title}: {whom}", sentence)
    if mail.outgoing or case.letter is None:
        return None
    if mail.meaning == "interview" and (case.state is State.AWAITING_FEEDBACK or talks_it_over(case, mail)):
        return _alert(
            case, f"{whom} offers to talk", "Your letter was answered with an appointment. Yes or no is yours."
        )
    if mail.meaning == "bounce" and case.state is State.AWAITING_FEEDBACK:
        return _alert(case, f"Your letter to {whom} came back", "It could not be delivered. Is there another address?")
    if trigger is Trigger.CORRESPONDENCE and answers_our_letter(case, mail, link) and asks_back(mail):
        return _alert(case, f"{whom} asks you something", "Your letter was answered with a question. It waits for you.")
    if trigger is Trigger.FEEDBACK and case.state is State.CLOSED and _has_thanked(case):
        return _alert(case, f"More feedback from {whom}", "You have thanked already, so no second letter is drafted.")
    return None


def _lies_open(case: Case) -> bool:
    letter = case.letter
    return letter is not None and letter.ref is not None and letter.fate in (Fate.PENDING, Fate.EDITED)


def _has_thanked(case: Case) -> bool:
    return any(one.kind is LetterKind.THANKS and one.fate in (Fate.SENT, Fate.ANSWERED) for one in case.letters)


def _alert(case: Case, title: str, sentence: str) -> Alert:
    return Alert(kind=AlertKind.NEWS, case=case.id, title=title, sentence=sentence)
