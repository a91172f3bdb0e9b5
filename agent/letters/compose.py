"""A promised letter to the draft that keeps the promise."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from agent.case import Case, Letter, Mail
from agent.config.settings import Settings
from agent.correspondents import Correspondent
from agent.letters import clean, names
from agent.letters.book import LetterBook, LetterPack
from agent.letters.entries import Entry
from agent.letters.facts import interview_day, language, register, situation
from agent.letters.form import Fact, Register
from agent.letters.render import Fields, Rendered, day, render
from agent.tone import Breach, breaches, length, structure
from connectors.account import Account
from connectors.message import Address, Draft, MessageId, Parent
from rules.load import Tone
from rules.reading.sentences import split
from rules.verdict import Meaning

MAX_REFERENCES = 21
"""The first id and the last twenty, the parent among them: enough for every mail client, and no endless header."""

_LONGEST_ANSWER = 2000
"""Characters that are counted: more are long in any language."""
MAX_UNCLEAR_WORDS = 60
"""A longer answer says more than a direction, whatever its words."""
MIN_SUBSTANTIAL_WORDS = 40
"""A shorter one is a line or two, greeting and name included; thanks for the trouble of writing it all down would
read as mockery."""


@dataclass(frozen=True, kw_only=True)
class Composed:
    """A letter ready to be placed, unless one of its ``breaches`` blocks it. ``asks``: it may be answered."""

    draft: Draft
    asks: bool
    breaches: tuple[Breach, ...]


def compose(
    case: Case,
    letter: Letter,
    *,
    correspondent: Correspondent,
    settings: Settings,
    account: Account,
    book: LetterBook,
    next_interview: bool = False,
) -> Composed:
    """The draft of a promised letter. The same arguments always give the same draft; it is dated when it was promised.

    A value of the mail that would break a tone rule is left out. Never raises for anything a mail says.
    """
    parent = correspondent.parent
    pack = book.packs[language(case, parent, frozenset(book.packs))]
    facts = situation(case, letter, correspondent, answer_is=_kind_of(case.answer, book), known=book.known)
    entry = pack.entry(letter.kind, facts)
    fields = _fields(case, letter, correspondent, pack, facts, settings, book) | {"next_interview": next_interview}
    form = register(case, parent)
    rendered, found = _written(letter, pack, entry, form, fields, book)
    subject = (clean.reply_subject(parent.subject) if parent else "") or rendered.subject
    draft = Draft(
        message_id=MessageId(letter.message_id),
        sender=Address(address=_own_address(case, parent, account), name=settings.me.name),
        to=_recipient(correspondent),
        subject=subject,
        text=rendered.text(_signature(settings)),
        date=letter.promised,
        parent=_answered(parent, account),
    )
    return Composed(draft=draft, asks=entry.asks, breaches=found)


def _written(
    letter: Letter, pack: LetterPack, entry: Entry, form: Register, fields: Fields, book: LetterBook
) -> tuple[Rendered, tuple[Breach, ...]]:
    """The wording filled in and what is wrong with it; without the mail's own words if those make it wrong, and in
    the next wording if a tone rule of the user's own still forbids it."""
    wordings = len(entry.wordings)
    first = _choice(letter, wordings, str(fields["me"]))
    without = {**fields, "employer": None, "position": None}
    for turn, known in product(range(wordings), (fields, without)):
        rendered = render(pack, entry, (first + turn) % wordings, form, known)
        found = (
            *breaches(rendered.body, pack.language, letter.kind, book.tone),
            *structure(rendered.body, pack.language, entry.shape, book.tone),
        )
        if not any(breach.severity is Tone.BLOCK for breach in found):
            break
    return rendered, found


def _choice(letter: Letter, wordings: int, writer: str) -> int:
    """Which wording: the user's letters of a kind take turns, so that employers who follow each other get different
    ones; and each user begins with another, so that not every first letter of a kind is the same."""
    digest = hashlib.sha256(writer.encode("utf-8", "replace")).digest()
    return (int.from_bytes(digest[:8], "big") + letter.series) % wordings


def _fields(
    case: Case,
    letter: Letter,
    correspondent: Correspondent,
    pack: LetterPack,
    facts: frozenset[Fact],
    settings: Settings,
    book: LetterBook,
) -> dict[str, str | bool | None]:
    held = interview_day(case, letter.promised, settings.clock.timezone)
    name = names.of_person(correspondent.person, employer=case.employer, no_names=book.no_names, ends=book.name_ends)
    return {
        "name": name.full if name else None,
        "first_name": name.first if name else None,
        "employer": clean.value(case.employer),
        "position": clean.position(case.position),
        "interview": day(pack, held.day, held.month) if held else None,
        "interviewed": Fact.INTERVIEWED in facts,
        "elsewhere": Fact.ELSEWHERE in facts,
        "called": Fact.CALLED in facts,
        "me": settings.me.name,
    }


def _kind_of(answer: Mail | None, book: LetterBook) -> Fact | None:
    """Whether feedback is substantial, or names a direction and nothing to practise, or neither."""
    if answer is None or answer.meaning != Meaning.FEEDBACK or not answer.text:
        return None
    said = length(answer.text[:_LONGEST_ANSWER])
    if said <= MAX_UNCLEAR_WORDS and _is_unclear(answer.text, answer.language or "", book):
        return Fact.UNCLEAR
    return Fact.SUBSTANTIAL if said >= MIN_SUBSTANTIAL_WORDS else None


def _is_unclear(text: str, language: str, book: LetterBook) -> bool:
    pack = book.packs.get(language)
    if pack is None:
        return False
    words = book.tone.voice(language).words
    lines = words.folding.fold([sentence.text for sentence in split(text, words.abbreviations)])
    vague, concrete = (
        any(pattern.search(line) for pattern in patterns for line in lines) for patterns in (pack.unclear, pack.clear)
    )
    return vague and not concrete


def _own_address(case: Case, parent: Mail | None, account: Account) -> str:
    """The user's address that received the notice, else the parent, else any mail of the case; else the main one."""
    mails = [mail for mail in (case.notice, parent) if mail]
    mails += sorted(case.mails, key=lambda mail: mail.arrived, reverse=True)
    written: Mapping[str, str] = {own.casefold(): own for own in account.addresses}
    for mail in mails:
        mine = (mail.sender.address,) if mail.outgoing and mail.sender else mail.recipients
        if found := next((own for address in mine if (own := written.get(address.casefold()))), None):
            return found
    return account.address


def _recipient(correspondent: Correspondent) -> Address | None:
    person = correspondent.person
    return Address(address=person.address, name=clean.line(person.name, clean.MAX_VALUE)) if person else None


def _answered(parent: Mail | None, account: Account) -> Parent | None:
    """What the draft answers, the chain with the parent last (RFC 5322 3.6.4). Threads are each account's own."""
    if parent is None or parent.message_id is None:
        return None
    ids = list(dict.fromkeys((*(each for each in parent.references if each != parent.message_id), parent.message_id)))
    kept = ids if len(ids) <= MAX_REFERENCES else [ids[0], *ids[1 - MAX_REFERENCES :]]
    return Parent(
        message_id=MessageId(parent.message_id),
        references=tuple(map(MessageId, kept)),
        thread=parent.thread if parent.account == account.name else None,
    )


def _signature(settings: Settings) -> str:
    lines = settings.me.signature.strip("\n").splitlines() or [settings.me.name]
    return "\n".join(clean.line(each, 500) for each in lines)
