"""The ways to a correspondent, in their order."""

from collections.abc import Callable, Iterator, Mapping

from agent.case import Case, Fate, Letter, LetterKind, Mail, Person
from agent.correspondents.people import (
    answerable,
    answers_go_to,
    from_people,
    known_as,
    last_from,
    latest,
    name_of,
    talk,
    usable,
    valid,
    with_id,
)
from agent.correspondents.values import Correspondent, FoundBy, Owner
from rules.senders import is_one_house


def find(case: Case, kind: LetterKind, *, own: Owner) -> Correspondent:
    """Whom the next letter of this kind goes to: the first way that leads to somebody. Never an address nobody reads,
    never one of the user's own."""
    for way in _WAYS[kind]:
        if found := way(case, own):
            return found
    return Correspondent(person=None, found_by=FoundBy.NOBODY, parent=None)


def _by_notice(case: Case, own: Owner) -> Correspondent | None:
    return _by_sender_of(case.notice, own)


def _by_answer(case: Case, own: Owner) -> Correspondent | None:
    return _by_sender_of(case.answer, own)


def _by_sender_of(mail: Mail | None, own: Owner) -> Correspondent | None:
    if mail is None or mail.outgoing:
        return None
    for warning in (FoundBy.DMARC_FAILED, FoundBy.FOREIGN_REPLY_TO):
        if warning in mail.warnings:
            return Correspondent(person=None, found_by=warning, parent=answerable(mail))
    if (found := answers_go_to(mail, own)) is None:
        return None
    return Correspondent(person=found[0], found_by=found[1], parent=answerable(mail))


def _by_earlier_letter(case: Case, own: Owner) -> Correspondent | None:
    return _like(case, own, lambda letter: letter.kind is not LetterKind.ENQUIRY)


def _by_earlier_enquiry(case: Case, own: Owner) -> Correspondent | None:
    return _like(case, own, lambda letter: letter.kind is LetterKind.ENQUIRY)


def _like(case: Case, own: Owner, wanted_letter: Callable[[Letter], bool]) -> Correspondent | None:
    """To whom the user really sent the last such letter, in the thread of what was sent."""
    sent_ones = (each for each in reversed(case.letters) if each.fate in (Fate.SENT, Fate.ANSWERED))
    letter = next(filter(wanted_letter, sent_ones), None)
    if letter is None:
        return None
    sent = with_id(case, letter.sent_id)
    wanted = (letter.to.address,) if letter.to else ()
    actual = sent.recipients if sent else ()
    addresses = [a for a in (*wanted, *actual) if not actual or a.casefold() in actual]
    address = next((ascii_form for a in addresses if not own.owns(a) and (ascii_form := valid(a))), None)
    if address is None:
        return None
    return Correspondent(
        person=Person(address=address, name=letter.to.name if letter.to and letter.to.name else name_of(case, address)),
        found_by=FoundBy.EARLIER_LETTER,
        parent=sent or with_id(case, letter.parent),
    )


def _by_log(case: Case, own: Owner) -> Correspondent | None:
    named = (known_as(case, entry.person) for entry in reversed(case.logged) if entry.person)
    return _first(case, named, FoundBy.LOGGED, own)


def _by_call(case: Case, own: Owner) -> Correspondent | None:
    """Who gave feedback on the phone is thanked, unless an answer by mail came later."""
    call, answer = case.spoken, case.answer
    if call is None or call.person is None or (answer and answer.arrived > call.happened):
        return None
    return _first(case, iter((known_as(case, call.person),)), FoundBy.LOGGED, own)


def _by_thread(case: Case, own: Owner) -> Correspondent | None:
    """Who wrote last where the interview was talked over; a lone invitation is not yet a talk."""
    interviews = {mail.key for mail in case.interviews} - {case.notice_key}
    for mail in from_people(case):
        linked = talk(case, mail)
        if len(linked) > 1 and linked & interviews and (found := answers_go_to(mail, own)):
            return Correspondent(person=found[0], found_by=FoundBy.THREAD, parent=answerable(mail))
    return None


def _by_calendar(case: Case, own: Owner) -> Correspondent | None:
    for mail in latest(case):
        for meeting in reversed(mail.meetings):
            organizer = (meeting.organizer,) if meeting.organizer and _of_house(mail, meeting.organizer) else ()
            # An invitation to an alias that the account does not list names the user among those who come.
            guests = (each for each in meeting.attendees if _of_house(mail, each))
            others = (each for each in guests if (each.address.casefold(),) != mail.recipients)
            found = _first(case, iter(organizer), FoundBy.ORGANIZER, own) or _first(case, others, FoundBy.ATTENDEE, own)
            if found:
                return found
    return None


def _of_house(mail: Mail, person: Person) -> bool:
    """A calendar part may name anybody: only who belongs to the sender's house is written to."""
    sender = mail.sender.address.rpartition("@")[2] if mail.sender else ""
    return is_one_house(sender, person.address.rpartition("@")[2])


def _by_invitation(case: Case, own: Owner) -> Correspondent | None:
    for mail in from_people(case):
        if mail.meaning == "interview" and (found := answers_go_to(mail, own)):
            return Correspondent(person=found[0], found_by=FoundBy.INVITER, parent=answerable(mail))
    return None


def _by_signature(case: Case, own: Owner) -> Correspondent | None:
    notice = case.notice
    if notice is None or notice.warnings:
        return None
    offices = (a for a in notice.signature_addresses if a.partition("@")[0].casefold() not in _OTHER_OFFICES)
    return _first(case, (Person(address=a) for a in offices), FoundBy.SIGNATURE, own)


_OTHER_OFFICES = frozenset(
    "abuse accessibility accommodation accommodations billing compliance dataprotection datenschutz dpo dsgvo gdpr "
    "help helpdesk impressum investor legal marketing newsletter postmaster presse press privacy sales security "
    "support unsubscribe webmaster".split()
)
"""They stand in footers and reach somebody, but nobody who can advise an applicant."""

_MET = (_by_log, _by_thread, _by_calendar, _by_invitation)

_Way = Callable[[Case, Owner], Correspondent | None]

_WAYS: Mapping[LetterKind, tuple[_Way, ...]] = {
    LetterKind.REQUEST: (_by_notice, *_MET, _by_signature),
    LetterKind.THANKS: (_by_call, _by_answer, _by_earlier_letter, _by_notice, *_MET),
    LetterKind.CLOSE: (_by_earlier_letter, _by_notice, *_MET),
    LetterKind.ENQUIRY: (_by_earlier_enquiry, *_MET),
}


def _first(case: Case, people: Iterator[Person], found_by: FoundBy, own: Owner) -> Correspondent | None:
    """The first of them that can be written to; the letter answers that person's last message to the user."""
    for person in people:
        if address := usable(person.address, own):
            name = person.name or name_of(case, address)
            found = Person(address=address, name=name)
            return Correspondent(person=found, found_by=found_by, parent=last_from(case, address))
    return None
