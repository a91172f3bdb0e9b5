"""One mail in a file and what the rules say about it, in the form that ``judge --jsonl`` and ``why --json`` print."""

import logging
from dataclasses import dataclass, replace

from agent import correspondents
from agent.case import Case, CaseId, LetterKind, Mail
from agent.cli.mails import Found
from agent.config.settings import Settings
from agent.correspondents import Correspondent
from agent.filing import to_mail
from connectors.account import Account
from connectors.message import Message
from connectors.message.parse import parse
from connectors.port import Unreadable
from rules.judge import judge
from rules.load import Rulebook, load_rulebook
from rules.verdict import Verdict

log = logging.getLogger("afterword.judge")


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """A mail and its verdict, or why there is none."""

    path: str | None
    message: Message | None = None
    verdict: Verdict | None = None
    correspondent: Correspondent | None = None
    error: str | None = None

    def form(self) -> dict[str, object]:
        """The stable form, as documented in docs/commands.md."""
        verdict = self.verdict
        return {
            "path": self.path,
            "message_id": self.message.message_id if self.message else None,
            "meaning": verdict.meaning.value if verdict else "none",
            "stage": verdict.stage.value if verdict else "unknown",
            "language": verdict.language if verdict else None,
            "employer": verdict.employer if verdict else None,
            "position": verdict.position if verdict else None,
            "correspondent": _correspondent(self.correspondent),
            "flags": sorted(flag.value for flag in verdict.flags) if verdict else [],
            "evidence": [{"rule": hit.rule, "words": hit.words} for hit in verdict.evidence] if verdict else [],
            "error": self.error,
        }


def _correspondent(found: Correspondent | None) -> dict[str, str | None] | None:
    if found is None:
        return None
    person = found.person
    return {
        "address": person.address if person else None,
        "name": (person.name or None) if person else None,
        "found_by": found.found_by.value,
    }


class Judge:
    """The rules in force, and whose mail it is: with a configuration the user's own, without one the packs alone."""

    def __init__(self, settings: Settings | None) -> None:
        """Load the rules. Raises ``Problems``."""
        self.rulebook: Rulebook = load_rulebook(
            (settings.languages if settings else None) or "auto", settings.rules if settings else ()
        )
        self._accounts = settings.accounts if settings else ()

    def of_file(self, found: Found) -> Opinion:
        """What the mail in a file says. Never raises: a bad mail is an opinion with an ``error``."""
        if found.error is not None:
            return Opinion(path=found.path, error=found.error)
        try:
            message = parse(found.raw, arrived=found.written, outgoing=False)
        except Unreadable as failure:
            return Opinion(path=found.path, error=str(failure))
        return self.of_message(message, found.path)

    def of_message(self, message: Message, path: str | None = None) -> Opinion:
        """What a message says. Never raises."""
        if message.sender and any(account.owns(message.sender.address) for account in self._accounts):
            message = replace(message, outgoing=True)
        try:
            verdict = judge(message, self.rulebook)
            return Opinion(path=path, message=message, verdict=verdict, correspondent=self._whom(message, verdict))
        except Exception as failure:  # noqa: BLE001 - whatever one mail does to the rules, the next one is judged
            log.debug("a mail could not be judged: %s", type(failure).__name__)
            return Opinion(path=path, message=message, error=f"this mail cannot be judged: {type(failure).__name__}")

    def _whom(self, message: Message, verdict: Verdict) -> Correspondent | None:
        """Whom a reply to this mail alone would reach; None for a mail the user wrote."""
        if message.outgoing:
            return None
        # The user's addresses are those the mail went to; a mail in blind copy may be addressed to its own sender.
        senders = {person.address.casefold() for person in (message.sender, *message.reply_to) if person}
        received = (person.address for person in (*message.to, *message.cc) if person.address.casefold() not in senders)
        own = (*(address for account in self._accounts for address in account.addresses), *received)
        reader = Account(name="", connector="", addresses=own)
        mail = to_mail(message, verdict, reader, (), text="")
        alone = Case(
            id=CaseId(""),
            account="",
            opened=message.arrived,
            since=message.arrived,
            mails=(mail,),
            notice_key=mail.key,
        )
        return correspondents.find(alone, LetterKind.REQUEST, own=reader)


def form_of_mail(mail: Mail) -> dict[str, object]:
    """The same form of a mail that a case keeps; whom to write to is the case's question then."""
    return {
        "path": None,
        "message_id": mail.message_id,
        "meaning": mail.meaning,
        "stage": mail.stage,
        "language": mail.language,
        "employer": mail.employer,
        "position": mail.position,
        "correspondent": None,
        "flags": list(mail.flags),
        "evidence": [{"rule": hit.rule, "words": hit.words} for hit in mail.evidence],
        "error": None,
    }
