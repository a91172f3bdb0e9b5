"""Names in a mail: employer, position, requisition, addresses. Null rather than wrong.

A name is taken from a phrase that can only name it (the packs' ``mentions``), from the sender's name where that says
what it is, or from the signature. What is left over from a phrase is cut where a name ends; what then looks like
something else is thrown away.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from connectors.message import Message
from rules.extract.employer import capitalised, cut, employer, is_capital
from rules.extract.phones import phones
from rules.extract.words import Table, table
from rules.load import Rulebook
from rules.reading import Part, Reading
from rules.rule import Mention

_LOOKED_AT = 6000
"""Characters of the newest text in which names are looked for: they stand in the first lines or under the last."""
_MAX_ADDRESSES = 5
_SAID = 3
"""Times that one phrase is believed."""

_GENDERS = re.compile(
    r"(?i)\s*[(\[/]?\s*(?:[mwfdxihvu]\s*[/|*]\s*){1,3}[mwfdxihvu]\s*[)\]]?|\s*\((?:all genders|gn|alle geschlechter)\)"
)
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")


@dataclass(frozen=True, kw_only=True)
class Names:
    """What could be named; each may be unknown."""

    employer: str | None = None
    position: str | None = None
    requisition: str | None = None


def names(message: Message, reading: Reading, rulebook: Rulebook) -> Names:
    """Employer, position and requisition id of the application a mail is about."""
    text = reading.text[:_LOOKED_AT]
    languages = [each for each in (*(reading.languages or rulebook.packs), "en") if each in rulebook.packs]
    languages = list(dict.fromkeys(languages))
    words = table((rulebook.packs[language].words.names for language in languages), rulebook.words)
    mentions = [
        (part, each)
        for part in (reading.subject, text)
        for language in languages
        for each in rulebook.mentions(language, part)
    ]
    said = [found for part, mention in mentions for found in _said(part, mention)]
    positions = [
        found for slot, value, last in said if slot == "position" and (found := _position(value, words, last=last))
    ]
    if reading.languages[:1] == ("de",):  # nouns are written with a capital, and the verb may follow at once
        positions = [found for position in positions if (found := capitalised(position, words))]
    employers = [value for slot, value, _ in said if slot == "employer"]
    return Names(
        employer=employer(message, employers, f"{reading.subject}\n{text}", _under(reading), words),
        position=positions[0] if positions else None,
        requisition=_requisition(f"{reading.subject}\n{text}", words),
    )


def addresses(reading: Reading) -> tuple[str, ...]:
    """The valid addresses that stand in the newest text or its signature."""
    found = dict.fromkeys(match[0].rstrip(".-") for match in _ADDRESS.finditer(f"{reading.text}\n{_under(reading)}"))
    return tuple(address for address in list(found)[: 4 * _MAX_ADDRESSES] if _is_valid(address))[:_MAX_ADDRESSES]


def numbers(reading: Reading) -> tuple[str, ...]:
    """The telephone numbers in the signature, then those in the newest text."""
    return phones(f"{_under(reading)}\n{reading.text[:_LOOKED_AT]}")


def _said(text: str, mention: Mention) -> Iterator[tuple[str, str, bool]]:
    """What a phrase names: the slot, the name with what may follow it, whether the slot stands last in the phrase."""
    for count, match in enumerate(mention.regex.finditer(text)):
        if count == _SAID:
            return
        for slot, value in match.groupdict().items():
            if value:
                yield slot, value, mention.written.endswith(f"<{slot}>")


def _position(value: str, words: Table, *, last: bool) -> str | None:
    plain = _GENDERS.sub("", value.strip())
    if not last:
        plain = words.articles.split(plain)[-1]
    name = re.sub(r"(?i)\s+(?:position|role|post|job|vacancy|stelle)$", "", cut(plain, words))
    if not 3 <= len(name) <= 80 or len(name.split()) > 9 or words.no_positions.fullmatch(name.split()[0]):
        return None
    return name if any(is_capital(word) for word in name.split()) else None


def _under(reading: Reading) -> str:
    return "\n".join(sentence.text for sentence in reading.sentences if sentence.part is Part.SIGNATURE)[:2000]


def _requisition(text: str, words: Table) -> str | None:
    found = words.requisition.search(text)
    return (found["named"] or found["bare"]) if found else None


def _is_valid(address: str) -> bool:
    try:
        validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True
