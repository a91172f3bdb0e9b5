"""``judge``: what one mail says by itself, and which of its words say so. Never raises."""

from collections import Counter
from datetime import date

from connectors.message import Message
from rules import extract
from rules.extract.promises import back, promised
from rules.judge.calendars import appointments
from rules.judge.evidence import Findings, Found, find
from rules.judge.weighing import Circumstances, meaning_of, stage_of
from rules.load import Rulebook
from rules.reading import Part, Reading, read
from rules.rule import Cue
from rules.senders import is_platform, is_robot
from rules.verdict import Appointment, Evidence, Flag, Meaning, Verdict

__all__ = ["judge"]

_MAX_EVIDENCE = 8
_INVITES = frozenset({"REQUEST", "PUBLISH", "COUNTER", "REPLY", ""})
"""The iTIP methods (RFC 5546) of an appointment that stands; CANCEL takes it back."""
_NAMELESS = frozenset({Meaning.NONE, Meaning.BOUNCE})
"""A mail that is about no application names no employer, whatever companies it names."""
_UNDECIDED = frozenset(
    {Meaning.RECEIPT, Meaning.INTERVIEW, Meaning.ON_HOLD, Meaning.ASSESSMENT, Meaning.QUESTION, Meaning.REVERSED}
)
"""After these the employer has yet to write."""
_WORD_FLAGS = (
    Flag.FEEDBACK_OFFERED,
    Flag.FEEDBACK_RULED_OUT,
    Flag.TALENT_POOL,
    Flag.UNMONITORED,
    Flag.AUTOMATED,
)


def judge(message: Message, rulebook: Rulebook) -> Verdict:
    """What this mail says alone: its meaning, stage, flags, names, and the words they rest on."""
    reading = read(message, rulebook)
    events = appointments(message)
    aside = [(Part.SENDER, _sender_words(message))]
    aside += [(Part.CALENDAR, f"{event.summary}. {description}") for event, description in events]
    found = find(reading, rulebook, aside)
    mail = _circumstances(message, found, [event for event, _ in events])
    meaning = meaning_of(found, mail)
    names = extract.names(message, reading, rulebook) if meaning not in _NAMELESS else extract.Names()
    interviewed = found.of(Cue.INTERVIEWED, Part.BODY, Part.SUBJECT, Part.QUOTE)
    return Verdict(
        meaning=meaning,
        stage=stage_of(found, meaning, mail),
        language=reading.languages[0] if reading.languages else None,
        flags=_flags(message, reading, found, rulebook),
        employer=_employer(message, names.employer, meaning, rulebook),
        position=names.position,
        requisition=names.requisition,
        answer_by=_answer_by(message, reading, meaning),
        evidence=_evidence(found.ranked(meaning)),
        appointments=tuple(event for event, _ in events),
        signature_addresses=extract.addresses(reading),
        phones=extract.numbers(reading),
        interview_words=_evidence(interviewed),
    )


def _sender_words(message: Message) -> str:
    """The sender's name and address as words: “Acme Careers”, ``recruiting``."""
    sender = message.sender
    if sender is None:
        return ""
    return f"{sender.name} {sender.address.rpartition('@')[0]}".translate(str.maketrans("._-+", "    "))


def _circumstances(message: Message, found: Findings, events: list[Appointment]) -> Circumstances:
    domain = message.sender.domain if message.sender else ""
    platform = is_platform(domain)
    invited = any(event.method in _INVITES for event in events)
    talk = found.says(Cue.CONVERSATION, Part.CALENDAR, Part.SUBJECT, Part.BODY)
    return Circumstances(
        outgoing=message.outgoing,
        answers=message.in_reply_to is not None or bool(message.references),
        automatic=_automatic(message),
        bulk=_bulk(message) and not platform,
        platform=platform,
        robot=message.sender is not None and is_robot(message.sender.address),
        bounced=_bounced(message),
        interview_called=invited and talk and not message.outgoing,
    )


def _automatic(message: Message) -> bool:
    """RFC 3834 5, and the headers that older mail systems use for it."""
    if (message.header("auto-submitted") or "no").casefold() != "no":
        return True
    return any(message.header(name) for name in ("x-autoreply", "x-autorespond"))


def _bulk(message: Message) -> bool:
    """RFC 2369, RFC 2919 and the old Precedence: a mail to many."""
    precedence = (message.header("precedence") or "").casefold()
    return precedence in ("bulk", "list") or bool(message.header("list-id") or message.header("list-unsubscribe"))


def _bounced(message: Message) -> bool:
    """RFC 3464: the mail system itself reports. Its sender is empty, or goes by a few names."""
    local = message.sender.address.partition("@")[0].casefold() if message.sender else ""
    reported = "report-type=delivery-status" in (message.header("content-type") or "").casefold()
    empty = (message.header("return-path") or "").strip() == "<>"
    return reported or bool(message.header("x-failed-recipients")) or empty or local in ("mailer-daemon", "postmaster")


def _employer(message: Message, found: str | None, meaning: Meaning, rulebook: Rulebook) -> str | None:
    """The employer as the user calls it, else as the mail does."""
    if meaning in _NAMELESS:
        return None
    address = message.sender.address if message.sender and not message.outgoing else ""
    return rulebook.known.employer(address, found)


def _answer_by(message: Message, reading: Reading, meaning: Meaning) -> date | None:
    body = (sentence.text for sentence in reading.sentences if sentence.part is Part.BODY)
    today = message.arrived.date()
    if message.outgoing:
        return None
    if meaning is Meaning.OUT_OF_OFFICE:
        return back(body, reading.languages, today)
    return promised(body, next(iter(reading.languages), None), today) if meaning in _UNDECIDED else None


def _flags(message: Message, reading: Reading, found: Findings, rulebook: Rulebook) -> frozenset[Flag]:
    parts = (Part.BODY, Part.SIGNATURE)
    flags = {flag for flag in _WORD_FLAGS if found.says(flag, *parts)}
    if _automatic(message) or (message.sender and is_robot(message.sender.address)):
        flags.add(Flag.AUTOMATED)
    if message.sender and rulebook.known.nobody_reads(message.sender.address):
        flags.add(Flag.UNMONITORED)
    return frozenset(flags | _address_form(reading, rulebook))


def _address_form(reading: Reading, rulebook: Rulebook) -> set[Flag]:
    """Whether the reader is called du or Sie, in languages that have both."""
    pack = rulebook.packs.get(reading.languages[0]) if reading.languages else None
    if pack is None or not pack.words.formal:
        return set()
    counts = Counter(reading.text[:8000].replace(",", " ").replace(".", " ").split())
    formal = sum(counts[word] for word in pack.words.formal)
    informal = sum(counts[word] for word in pack.words.informal)
    if formal == informal:
        return set()
    return {Flag.FORMAL if formal > informal else Flag.INFORMAL}


def _evidence(found: list[Found]) -> tuple[Evidence, ...]:
    """The deciding evidence first, each rule once."""
    once = {each.rule.name: each for each in reversed(found)}
    kept = [each for each in found if once[each.rule.name] is each]
    return tuple(each.evidence() for each in kept[:_MAX_EVIDENCE])
