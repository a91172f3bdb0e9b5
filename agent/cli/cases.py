"""``ask``, ``close``, ``file``: the user's word on a case. The daemon acts on it within one heartbeat."""

from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli import clock, options
from agent.cli.failures import Impossible
from agent.cli.output import console, line, styled
from agent.cli.store import CaseName, case_called, opened_journal

if TYPE_CHECKING:
    from agent.case import Case, Mail
    from agent.config.settings import Settings
    from agent.journal import Reader, Writer


def ask(context: typer.Context, case: CaseName) -> None:
    """Have a letter written for a case that has none: one that was only noted, or whose draft you deleted.

    After a rejection it is the request for advice; while you wait for the outcome of an interview, a status enquiry.
    """
    from agent.case import LetterKind, State  # the journal takes a moment to load
    from agent.case.events import UserAsked

    settings = options.of(context).settings()
    with opened_journal(settings) as journal, journal.writing() as writer:
        found = case_called(writer, case)
        if why_not := _why_not_ask(found):
            raise Impossible(why_not)
        if not found.asked:
            writer.append(found, UserAsked(at=clock.now()))
    kind = LetterKind.ENQUIRY if found.state is State.INTERVIEWED else LetterKind.REQUEST
    done(f"The {kind} for {called(found)} will be in your Drafts soon.", settings)


def close(context: typer.Context, case: CaseName) -> None:
    """Be done with a case: no more letters and reminders. A draft that lies in your Drafts stays there."""
    from agent.case import State  # as above
    from agent.case.events import UserClosed

    settings = options.of(context).settings()
    with opened_journal(settings) as journal, journal.writing() as writer:
        found = case_called(writer, case)
        if found.state is not State.CLOSED or found.asked:
            writer.append(found, UserClosed(at=clock.now()))
    drafted = found.state.value.endswith("_drafted")
    rest = " Its draft is still in your Drafts; delete it there." if drafted else ""
    console().print(styled(f"{called(found)} is closed.{rest}"))


def file(
    context: typer.Context,
    message: Annotated[str, typer.Argument(metavar="MESSAGE", help="The message's Message-ID, as `show` prints it.")],
    case: Annotated[str, typer.Argument(metavar="CASE|new", help="The case it belongs to, or `new`.")],
) -> None:
    """Put a message where it belongs, when Afterword filed it under the wrong case."""
    from agent.cli.lookup import message_id  # as above

    settings = options.of(context).settings()
    wanted = message_id(message)
    with opened_journal(settings) as journal:
        with journal.reading() as reader:
            target = None if case == "new" else case_called(reader, case)
            known = _home(reader, wanted) is not None
        fetched = None if known else _fetched(settings, wanted)
        with journal.writing() as writer:
            before = _home(writer, wanted)
            home = _moved(writer, wanted, fetched, target)
    drafted = before is not None and before.state.value.endswith("_drafted") and before.notice_key == home.mails[-1].key
    rest = f" The draft written for {before.id} is still in your Drafts; delete it there." if drafted and before else ""
    done(f"The message is filed under {called(home)}.{rest}", settings)


def _home(reader: "Reader", message_id: str) -> "Case | None":
    """The case that holds the message."""
    found = reader.by_reference([f"id:{message_id}"])
    return next((case for case in found if any(mail.message_id == message_id for mail in case.mails)), None)


def _moved(writer: "Writer", message_id: str, fetched: "Mail | None", target: "Case | None") -> "Case":
    """Take the message out of the case it lies in, and put it where it belongs, in one transaction."""
    from agent.case import expects  # as above
    from agent.case.events import MailMoved, UserClosed
    from agent.filing import move_mail

    home, now = _home(writer, message_id), clock.now()
    mail = next((each for each in home.mails if each.message_id == message_id), None) if home else fetched
    if mail is None:
        raise Impossible("This message is not known: it is neither in the journal nor in a watched mailbox.")
    if home is not None:
        if target is not None and home.id == target.id:
            raise Impossible(f"The message already lies in case {home.id}.")
        if target is None and len(home.mails) == 1:
            raise Impossible(f"The message already has a case of its own: {home.id}.")
        event = MailMoved(at=now, key=mail.key, notice=home.notice_key == mail.key and home.told is None)
        if not expects(home, event.trigger):
            raise Impossible(f"The letter for case {home.id} was already sent, so its rejection stays there.")
        left = writer.append(home, event)
        if not left.mails and not left.logged:
            writer.append(left, UserClosed(at=now))
    writer.remember(mail.key)
    return move_mail(writer, writer.case(target.id) if target else None, mail, now)


def _fetched(settings: "Settings", message_id: str) -> "Mail | None":
    """A message that means nothing by itself is in no case, so the mailboxes are asked for it."""
    from agent.cli.lookup import find  # as above
    from agent.cli.opinion import Judge
    from agent.filing import to_mail
    from rules.reading import read

    found = find(settings, message_id)
    if found is None:
        return None
    account, message = found
    judge = Judge(settings)
    verdict = judge.of_message(message).verdict
    if verdict is None:
        return None
    return to_mail(message, verdict, account, settings.accounts, text=read(message, judge.rulebook).text)


def _why_not_ask(case: "Case") -> str | None:
    """Why no letter can be promised now, or None."""
    from agent.case import State, Trigger, expects  # as above

    if case.state.value.endswith("_due"):
        return f"A letter for {called(case)} is already promised; `afterword status` says what it waits for."
    missed = case.letter is not None and case.letter.missed is not None
    if case.state.value.endswith("_drafted") and missed:
        return (
            f"The draft for {called(case)} is gone, and it may have been sent just now; this is believed after ten "
            f"minutes. If you deleted it: afterword close {case.id}, then ask again."
        )
    if case.state.value.endswith("_drafted"):
        return f"A letter for {called(case)} already lies in your Drafts."
    if case.state is State.AWAITING_FEEDBACK:
        return f"You have already asked {called(case)}; the answer is awaited."
    if not expects(case, Trigger.ASK) or (case.turned_down is None and case.state is not State.INTERVIEWED):
        return f"No rejection is known for {called(case)}, so there is nothing to ask about yet."
    return None


def called(case: "Case") -> str:
    """A case as sentences name it."""
    return f"case {case.id} ({line(case.employer)})" if case.employer else f"case {case.id}"


def done(sentence: str, settings: "Settings") -> None:
    """Say what was written down, and who will act on it."""
    from agent.lock import is_running  # as above

    asleep = "" if is_running(settings.store) else " Afterword is not running; start it: afterword run"
    console().print(styled(f"{sentence}{asleep}"))
