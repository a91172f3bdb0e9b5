"""A message that means something becomes an event of a case: of a known one, or of a new one."""

from dataclasses import replace
from datetime import date, datetime

from agent.case import Case, LetterKind, Link, Mail, Outcome, State, Trigger, expects
from agent.case.events import DraftSent, MailFiled
from agent.fate import Sending, own_answer, sent_event
from agent.filing.match import Known, Nowhere, Unsure, match
from agent.journal import Writer
from agent.tone import length
from rules.extract.promises import promised
from rules.reading.sentences import split

_TRIGGERS = {
    "receipt": Trigger.RECEIPT,
    "interview": Trigger.INTERVIEW,
    "rejection": Trigger.NOTICE,
    "filled": Trigger.NOTICE,
    "offer": Trigger.OFFER,
    "withdrawn": Trigger.WITHDRAWAL,
    "reversed": Trigger.REVERSAL,
    "feedback": Trigger.FEEDBACK,
    "feedback_declined": Trigger.DECLINE,
}
"""The other meanings (on hold, question, assessment, out of office, bounce, none) are correspondence."""

SHORT = 12
"""Words, salutation and name included, beside a question: more than these answer something themselves."""

_ANSWERS = frozenset({Trigger.FEEDBACK, Trigger.DECLINE})

_OPENS = frozenset({"receipt", "assessment", "interview", "rejection", "filled"})

_COUNTS_AS_ANSWER = frozenset({"none", "question", "rejection", "filled"})
"""A person who answers our letter repeats the decision or just writes: that is the feedback. Unless they only ask
something back, or say that they will write later."""


def file_mail(writer: Writer, mail: Mail, now: datetime) -> Case | None:
    """File one message; the case after it, or None when it belongs to none. Filing it again changes nothing."""
    if writer.by_reference([f"key:{mail.key}"]):
        return None
    found = match(mail, writer)
    if isinstance(found, Known):
        return _append(writer, found.case, mail, found.link, now)
    if not _opens(mail, found):
        return None
    return _append(writer, writer.open_case(now), mail, Link.OPENED, now)


def move_mail(writer: Writer, case: Case | None, mail: Mail, now: datetime) -> Case:
    """The user's word: the message belongs to this case, or with None to a new one."""
    home = case or writer.open_case(now)
    return _append(writer, home, mail, Link.USER, now)


def file_again(writer: Writer, case: Case, mail: Mail, now: datetime) -> Case | None:
    """File what was read before the sending of the letter that it answers was seen. None: it is no such answer."""
    if mail.key == case.answered_by or any(one.id != case.id for one in writer.by_reference([f"key:{mail.key}"])):
        return None
    trigger = refine(case, mail, Link.THREAD)
    if trigger not in _ANSWERS or not expects(case, trigger):
        return None
    return writer.append(case, MailFiled(at=now, mail=mail, trigger=trigger, link=Link.THREAD))


def _append(writer: Writer, case: Case, mail: Mail, link: Link, now: datetime) -> Case:
    if (sent := _sent_before(case, mail, now)) is not None:
        case = writer.append(case, sent)
    trigger = refine(case, mail, link)
    if not expects(case, trigger):
        trigger = Trigger.CORRESPONDENCE
    if trigger not in _ANSWERS:
        mail = replace(mail, text=None, answer_by=mail.answer_by or _later(case, mail, link))
    return writer.append(case, MailFiled(at=now, mail=mail, trigger=trigger, link=link))


def _sent_before(case: Case, mail: Mail, now: datetime) -> DraftSent | None:
    """The sending of the letter that this mail answers, when both are read in one turn, before the draft was looked at.

    That somebody answers it proves that the user sent something; whether the draft still lies there adds nothing.
    """
    letter = case.letter
    if letter is None or letter.placed is None or mail.outgoing or not case.state.value.endswith("_drafted"):
        return None
    own = own_answer(case, letter)
    if own is None or own.message_id not in mail.references:
        return None
    return sent_event(letter, Sending(message_id=own.message_id, own=own), now, gone=True)


def _opens(mail: Mail, found: Unsure | Nowhere) -> bool:
    """Whether the message is the beginning of a case. Unsure, only a notice is: it must not be lost."""
    if isinstance(found, Unsure):
        return not mail.outgoing and mail.meaning in ("rejection", "filled")
    if mail.outgoing:
        return bool(mail.interview_words)
    return mail.meaning in _OPENS


def refine(case: Case, mail: Mail, link: Link) -> Trigger:
    """What the message means in this case: the verdict alone does not know whose letter it answers."""
    if mail.outgoing:
        thanks_for_interview = bool(mail.interview_words) and case.state is State.APPLIED
        return Trigger.INTERVIEW if thanks_for_interview else Trigger.OWN_MAIL
    answers = answers_our_letter(case, mail, link)
    if answers and mail.meaning in _COUNTS_AS_ANSWER:
        waits = link is not Link.USER and (asks_back(mail) or _later(case, mail, link))
        return Trigger.CORRESPONDENCE if waits else Trigger.FEEDBACK
    if mail.meaning == "interview" and case.state is State.CLOSED and talks_it_over(case, mail):
        return Trigger.CORRESPONDENCE
    trigger = _TRIGGERS.get(mail.meaning, Trigger.CORRESPONDENCE)
    if trigger is Trigger.NOTICE and _is_anew(case, mail):
        return Trigger.NOTICE_ANEW
    if case.turned_down is None:
        return Trigger.CORRESPONDENCE if trigger in _ANSWERS else trigger
    # What came before the news is known to be over: an old invitation does not bring the application back to life.
    # An answer to our letter came after it, also where both arrived in one second of the server's clock.
    before = mail.arrived <= case.turned_down and not answers
    return Trigger.CORRESPONDENCE if trigger is not Trigger.NOTICE and before else trigger


def _is_anew(case: Case, mail: Mail) -> bool:
    """The decision had been taken back before this notice came: it is no repetition of the first one."""
    taken_back = [one.arrived for one in case.mails if one.meaning == "reversed"]
    return case.outcome is Outcome.REVERSED and mail.arrived > max(taken_back, default=case.since)


def answers_our_letter(case: Case, mail: Mail, link: Link) -> bool:
    """A person's mail in the thread of the request the user sent, while it is awaited."""
    letter = case.letter
    if case.state is not State.AWAITING_FEEDBACK or letter is None or not mail.human:
        return False
    if letter.kind not in (LetterKind.REQUEST, LetterKind.THANKS):
        return False
    if letter.sent_id and letter.sent_id in mail.references:
        return True
    wrote_back = letter.to is not None and mail.sender is not None and _same(letter.to.address, mail.sender.address)
    return wrote_back and link in (Link.THREAD, Link.CORRESPONDENT, Link.USER)


def asks_back(mail: Mail) -> bool:
    """The mail asks something and says next to nothing: the employer waits for an answer themselves."""
    if mail.text is None:
        return mail.meaning == "question"
    sentences = [sentence.text for sentence in split(mail.text)]
    said = [sentence for sentence in sentences if not sentence.rstrip().endswith(("?", "\uff1f"))]
    return len(said) < len(sentences) and length(" ".join(said)) <= SHORT


def wants_a_word(case: Case) -> bool:
    """Whether the last word in an awaited answer is the employer's, and not yet the answer: they wait for the user."""
    last = max(case.mails, key=lambda mail: mail.arrived, default=None)
    if last is None or last.outgoing or last.key == case.answered_by or last.answer_by is not None:
        return False
    return last.meaning in ("none", "question", "interview") and answers_our_letter(case, last, Link.THREAD)


def talks_it_over(case: Case, mail: Mail) -> bool:
    """An appointment in answer to a letter about the decision: a talk about the feedback, no new process."""
    about = (LetterKind.REQUEST, LetterKind.THANKS, LetterKind.CLOSE)
    return any(one.sent_id in mail.references for one in case.letters if one.sent_id and one.kind in about)


def _later(case: Case, mail: Mail, link: Link) -> date | None:
    """The day until which a short answer to our letter promises a longer one: "you will hear from me next week"."""
    if mail.text is None or mail.meaning != "none" or not answers_our_letter(case, mail, link):
        return None
    return promised([sentence.text for sentence in split(mail.text)], mail.language, mail.arrived.date())


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
