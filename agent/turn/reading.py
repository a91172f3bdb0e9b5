"""Mail to events, together with the cursor, in one transaction a batch."""

import logging
import traceback
from collections.abc import Iterable, Iterator
from datetime import timedelta

from agent.alerts import Alert
from agent.case import Case, LetterKind, Link, Mail, Outcome, State, Trigger, expects
from agent.case.events import MailFiled, Noted
from agent.filing import file_again, file_mail, to_mail
from agent.journal import Writer
from agent.turn.given import Given
from agent.turn.news import news
from agent.turn.promises import promise
from connectors.message import Message
from connectors.port import Changes, CursorExpired
from rules.judge import judge
from rules.reading import read as read_words
from rules.verdict import Meaning, Verdict

log = logging.getLogger("afterword.turn")

FIRST_READ = timedelta(days=30)
"""How far back the first run reads: receipts and interviews of that time make later notices understood."""

OVERLAP = timedelta(days=2)
"""A mailbox that forgot the cursor is read again from so long before the last turn; known messages are passed over."""


def read(given: Given) -> None:
    """Everything that came since the cursor. A mailbox that forgot the cursor is read again from a date."""
    with given.journal.reading() as reader:
        record = reader.account(given.account.name)
    first = given.now - max(FIRST_READ, given.settings.lookback)
    if record.first_turn is None:
        with given.journal.writing() as writer:
            writer.note_account(given.account.name, first_turn=given.now)
    try:
        _read_batches(given, given.mailbox.changes(record.cursor, not_before=first))
    except CursorExpired:
        again = (record.last_turn or first) - OVERLAP
        log.warning("the mailbox has new numbering; reading again", extra=_of(given))
        _read_batches(given, given.mailbox.changes(None, not_before=max(again, first - OVERLAP)))


def _read_batches(given: Given, batches: Iterator[Changes]) -> None:
    for batch in batches:
        verdicts = [(message, judged(given, message)) for message in batch.messages]
        told: list[Alert | None] = []
        with given.journal.writing() as writer:
            for message, verdict in verdicts:
                if verdict is not None and not writer.knows(message.key):
                    told.append(take(given, writer, message, verdict))
                writer.remember(message.key)
            _note_batch(given, writer, batch, failed=sum(verdict is None for _, verdict in verdicts))
        tell(given, told)


def tell(given: Given, alerts: Iterable[Alert | None]) -> None:
    """Hand over what ``take`` found; outside the transaction, since the user's programs may be slow."""
    for alert in alerts:
        if alert is not None:
            given.tell(alert)


def take(given: Given, writer: Writer, message: Message, verdict: Verdict, *, past: bool = False) -> Alert | None:
    """File one message and promise the thanks that follow from it, in the same transaction. The past gets no letter,
    and is written down as of its own time.

    Returns what the user should hear of it, if anything.
    """
    mail = mail_of(given, message, verdict)
    if writer.is_forgotten(mail):
        return None
    now = min(mail.arrived, given.now) if past else given.now
    case = file_mail(writer, mail, now)
    if case is None:
        return None
    fields = {"action": "file", "account": given.account.name, "case": case.id}
    log.debug("%s %s, by %s", verdict.meaning, verdict.stage, _rules(mail), extra=fields)
    if past and case.notice_key == mail.key and not (case.decided or case.told):
        writer.append(case, Noted(at=now, reason="imported"))
    elif case.answered_by == mail.key and not past:
        case = _promise_thanks(given, writer, case)
    filed = _filed(writer, case, mail.key)
    return news(case, mail, filed.trigger, filed.link) if filed and not past else None


def _rules(mail: Mail) -> str:
    """What a verdict rests on, for `--verbose`: names of rules, and no words."""
    names = dict.fromkeys(words.rule for words in (*mail.evidence, *mail.interview_words))
    return ", ".join(names) or "no rule"


def take_again(given: Given, writer: Writer, case: Case, message: Message, verdict: Verdict) -> Alert | None:
    """File a message that was read before the sending it answers was seen, and promise the thanks it calls for."""
    mail = mail_of(given, message, verdict)
    after = file_again(writer, case, mail, given.now)
    if after is None:
        return news(case, mail, Trigger.CORRESPONDENCE, Link.THREAD)
    return news(_promise_thanks(given, writer, after), mail, Trigger.FEEDBACK, Link.THREAD)


def mail_of(given: Given, message: Message, verdict: Verdict) -> Mail:
    """The facts of a message, with its newest words."""
    text = read_words(message, given.books.rules).text
    return to_mail(message, verdict, given.account, given.settings.accounts, text=text)


def judged(given: Given, message: Message) -> Verdict | None:
    """What the message says, or None when it cannot be judged: told in the log, and the next one is read."""
    try:
        return judge(message, given.books.rules)
    except Exception as failure:  # noqa: BLE001 - whatever one mail does to the judge, the next one is read
        log.error("a message could not be judged and is set aside: %s", where(failure), extra=_of(given))
        return None


def where(failure: Exception) -> str:
    """The kind and the place of a mistake of ours; never its text, which may hold words of a mail."""
    frames = traceback.extract_tb(failure.__traceback__)
    place = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return f"{type(failure).__name__}{place}"


def _of(given: Given) -> dict[str, str]:
    return {"action": "read", "account": given.account.name}


def _note_batch(given: Given, writer: Writer, batch: Changes, *, failed: int) -> None:
    record = writer.account(given.account.name)
    aside = len(batch.set_aside) + failed
    writer.note_account(given.account.name, cursor=batch.cursor, set_aside=record.set_aside + aside)
    if batch.messages or aside:
        log.info("read %d messages, set aside %d", len(batch.messages), aside, extra=_of(given))
    for one in batch.set_aside:
        log.warning("set aside %s: %s", one.place, one.reason, extra=_of(given))


def _promise_thanks(given: Given, writer: Writer, case: Case) -> Case:
    """Feedback came, or was declined: thank for it, unless that was done or is under way."""
    under_way = case.state in (State.THANKS_DUE, State.THANKS_DRAFTED)
    if under_way or not given.settings.follow_up.thanks or not expects(case, Trigger.PROMISE_THANKS):
        return case
    if case.outcome in (Outcome.OFFER, Outcome.REVERSED, Outcome.WITHDRAWN):
        return case
    if case.outcome is Outcome.THANKED and not _brings_something(case):
        return case
    account = given.settings.account(case.account) or given.account
    return promise(writer, case, LetterKind.THANKS, account, given.now)


def _brings_something(case: Case) -> bool:
    """One thanks for feedback in several mails; but who thanked for "I will see what I can do" has not thanked for the
    feedback itself."""
    parents = {letter.parent for letter in case.letters if letter.kind is LetterKind.THANKS}
    thanked_for = [mail.meaning for mail in case.mails if mail.message_id in parents and mail.message_id]
    told = case.answer is not None and case.answer.meaning == Meaning.FEEDBACK
    return told and bool(thanked_for) and Meaning.FEEDBACK not in thanked_for


def _filed(writer: Writer, case: Case, key: str) -> MailFiled | None:
    """How the message was filed just now; only a case with a letter has news."""
    if case.letter is None:
        return None
    filed = (event for event in reversed(writer.events(case.id)) if isinstance(event, MailFiled))
    return next((event for event in filed if event.mail.key == key), None)
