"""Names in a mail: employer, position, requisition, addresses. Null rather than wrong.

A name is taken from a phrase that can only name it (the packs' ``mentions``), from the sender's name where that says
what it is, or from the signature. What is left over from a phrase is cut where a name ends; what then looks like
something else is thrown away.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from email_validator import EmailNotValidError, validate_email

from connectors.message import Message
from rules.load import Rulebook
from rules.reading import Part, Reading
from rules.rule import Mention
from rules.senders import Reach, is_freemail, is_platform, platform_of, reach, tenant
from rules.source import read_file

_LOOKED_AT = 6000
"""Characters of the newest text in which names are looked for: they stand in the first lines or under the last."""
_MAX_ADDRESSES = 5

_TABLE = Path(__file__).parent / "names.yaml"

_PERSON_AT = re.compile(r"[\w.'’ -]{2,60}?(?:\s+(?:at|from|von|bei|@)\s+|\s*[|(–]\s*|\s+-\s+)(?P<name>[^()|]{2,60})\)?")
_AT_PLATFORM = re.compile(r"(?i)@ ?icims$")
"""iCIMS signs “Acme @ icims”."""
_GENDERS = re.compile(
    r"(?i)\s*[(\[/]?\s*(?:[mwfdxi]\s*[/|*]\s*){1,3}[mwfdxi]\s*[)\]]?|\s*\((?:all genders|gn|alle geschlechter)\)"
)
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_TRIMMED = " .,'’\"*_-–"


@dataclass(frozen=True, kw_only=True)
class Names:
    """What could be named; each may be unknown."""

    employer: str | None = None
    position: str | None = None
    requisition: str | None = None


@dataclass(frozen=True, kw_only=True)
class _Table:
    """``names.yaml``, compiled."""

    company: re.Pattern[str]
    departments: re.Pattern[str]
    ends: re.Pattern[str]
    articles: re.Pattern[str]
    joins: frozenset[str]
    titles: re.Pattern[str]
    no_employers: re.Pattern[str]
    no_positions: re.Pattern[str]
    requisition: re.Pattern[str]


@lru_cache(maxsize=1)
def _table() -> _Table:
    lists: Any = read_file(_TABLE).plain()
    any_of = {name: "|".join(f"(?:{word})" for word in words) for name, words in lists.items()}
    legal = any_of["legal forms"]
    return _Table(
        company=re.compile(rf"(?m)^[ \t]*([^\W\d_a-z][\w&.'’\- ]{{1,60}}? (?:{legal}))(?=$|[\s,|·•–-])"),
        departments=re.compile(rf"(?i)[\s,|:–-]*\b(?:the )?(?:{any_of['departments']})\b[\s|:–-]*"),
        ends=re.compile(rf"(?i)[.,/]\s|[;:!?()\[\]\"“”„|<>\n]|\s[–—-]\s|[.,]$|\s(?:{any_of['ends']})\b"),
        articles=re.compile(rf"(?i)(?:^|\s)(?:{any_of['articles']})\s+"),
        joins=frozenset(lists["joins"]),
        titles=re.compile(rf"(?i)\b(?:{any_of['titles']})\b"),
        no_employers=re.compile(rf"(?i)(?:{any_of['no employers']})\b"),
        no_positions=re.compile(rf"(?i)(?:{any_of['no positions']})"),
        requisition=re.compile(
            rf"(?i)\b(?:{any_of['requisitions']})[\s.:#-]*(?:id|no\.?|nr\.?|number|nummer|code)?[\s.:#-]*"
            r"(?P<named>[A-Z]{0,4}[-_/]?\d[\w/-]{2,20})|\b(?P<bare>(?:JR|REQ|R)[-_ ]?\d{4,12})\b"
        ),
    )


def names(message: Message, reading: Reading, rulebook: Rulebook) -> Names:
    """Employer, position and requisition id of the application a mail is about."""
    text = reading.text[:_LOOKED_AT]
    said = [*_said(reading.subject, reading, rulebook), *_said(text, reading, rulebook)]
    employers = [name for slot, value, _ in said if slot == "employer" and (name := _employer(value))]
    positions = [name for slot, value, last in said if slot == "position" and (name := _position(value, last=last))]
    if reading.languages[:1] == ("de",):  # nouns are written with a capital, and the verb may follow at once
        positions = [name for position in positions if (name := _capitalised(position))]
    if not message.outgoing:
        employers = [*_of_sender(message), *employers] if _is_machine(message) else [*employers, *_of_sender(message)]
        employers += [match[1].strip() for match in _table().company.finditer(_under(reading))]
    return Names(
        employer=_best(employers, message, f"{reading.subject}\n{text}\n{_under(reading)}"),
        position=positions[0] if positions else None,
        requisition=_requisition(f"{reading.subject}\n{text}"),
    )


def addresses(reading: Reading) -> tuple[str, ...]:
    """The valid addresses that stand in the newest text or its signature."""
    found = dict.fromkeys(match[0].rstrip(".-") for match in _ADDRESS.finditer(f"{reading.text}\n{_under(reading)}"))
    return tuple(address for address in list(found)[: 4 * _MAX_ADDRESSES] if _is_valid(address))[:_MAX_ADDRESSES]


def _said(text: str, reading: Reading, rulebook: Rulebook) -> Iterator[tuple[str, str, bool]]:
    """What the phrases name, in the order of the phrases: the surest are written first.

    Each with its slot, and whether that stands last in the phrase, so that more than the name may have been taken.
    """
    raw = text.encode(errors="replace")
    languages = [each for each in (*(reading.languages or rulebook.packs), "en") if each in rulebook.packs]
    for mention in (each for language in dict.fromkeys(languages) for each in rulebook.mentions(language, text)):
        for match in _each(mention, raw):
            for slot, value in match.groupdict().items():
                if value:
                    yield slot, value.decode(errors="replace"), mention.written.endswith(f"<{slot}>")


def _each(mention: Mention, raw: bytes) -> Iterator["re.Match[bytes]"]:
    for count, match in enumerate(mention.regex.finditer(raw)):
        if count == 3:
            return
        yield match


def _employer(value: str) -> str | None:
    name = _capitalised(_cut(value))
    if not 2 <= len(name) <= 60 or len(name.split()) > 6 or not _is_capital(name):
        return None
    if _table().no_employers.match(name) or _table().titles.search(name) or "@" in name:
        return None
    return name


def _position(value: str, *, last: bool) -> str | None:
    plain = _GENDERS.sub("", value.strip())
    if not last:
        plain = _table().articles.split(plain)[-1]
    name = re.sub(r"(?i)\s+(?:position|role|post|job|vacancy|stelle)$", "", _cut(plain))
    if not 3 <= len(name) <= 80 or len(name.split()) > 9 or _table().no_positions.fullmatch(name.split()[0]):
        return None
    return name if any(_is_capital(word) for word in name.split()) else None


def _cut(value: str) -> str:
    """The value up to where a name ends."""
    value = value.strip()
    end = _table().ends.search(value, 1)
    return (value[: end.start()] if end else value).strip(_TRIMMED)


def _capitalised(name: str) -> str:
    """Up to the first word that is neither written with a capital nor joins two that are."""
    words = name.split()
    end = next(
        (at for at, word in enumerate(words) if not _is_capital(word) and word not in _table().joins), len(words)
    )
    kept = words[:end]
    while kept and kept[-1] in _table().joins:
        kept.pop()
    return " ".join(kept)


def _is_capital(word: str) -> bool:
    return word[:1].isupper() or word[:1].isdigit() or any(letter.isupper() for letter in word[1:])


def _of_sender(message: Message) -> list[str]:
    """The employer in the sender's name: ``Acme Careers``, ``Jane Doe (Acme)``; of a machine also the bare name."""
    written = message.sender.name if message.sender else ""
    name = _AT_PLATFORM.sub("", "".join(filter(str.isprintable, written)).strip()).strip()
    if not name or "@" in name:
        return []
    if (person := _PERSON_AT.fullmatch(name)) and not _table().departments.search(person["name"]):
        found = _employer(person["name"])
        return [found] if found else []
    bare = " ".join(_table().departments.sub(" ", name).split()).strip(" ,|-–()")
    if (bare == name and not _is_machine(message)) or _is_platform_name(bare, message):
        return []
    found = _employer(bare)
    return [found] if found else []


def _is_platform_name(name: str, message: Message) -> bool:
    domain = message.sender.domain if message.sender else ""
    platform = platform_of(domain)
    return platform is not None and (_fold(platform.name) in _fold(name) or _fold(name) in _fold(domain))


def _is_machine(message: Message) -> bool:
    return message.sender is not None and reach(message.sender.address) is not Reach.HUMAN


def _best(employers: list[str], message: Message, text: str) -> str | None:
    """The candidate that the sender's domain confirms, else the first; else the domain's name as the mail writes it."""
    own = _own_label(message)
    confirmed = [name for name in employers if own and _agrees(name, own)]
    if confirmed:
        return confirmed[0]
    if employers:
        return employers[0]
    return _written(own, text) if own else None


def _own_label(message: Message) -> str | None:
    if message.outgoing or message.sender is None:
        return None
    domain = message.sender.domain
    if is_platform(domain):
        return tenant(message.sender.address)
    if is_freemail(domain):
        return None
    labels = domain.split(".")
    if len(labels) < 2:
        return None
    second = (
        labels[-2]
        if labels[-2] not in ("co", "com", "ac", "org", "gov", "or", "net") or len(labels) < 3
        else labels[-3]
    )
    return second if len(second) > 2 else None


def _agrees(name: str, label: str) -> bool:
    folded, bare = _fold(name), _fold(label)
    return folded.startswith(bare) or bare.startswith(folded) or bare in folded


def _written(label: str, text: str) -> str | None:
    """``acme`` -> ``Acme``, ``blue-sky`` -> ``Blue Sky``, as far as the mail writes it with a capital."""
    wanted = _fold(label)
    words = re.findall(r"[^\s,;:!?()\"“”<>|@/]+", text[: 2 * _LOOKED_AT])
    for size in (1, 2, 3):
        for start in range(len(words) - size + 1):
            name = " ".join(words[start : start + size]).strip(".'’")
            if name[:1].isupper() and _fold(name) == wanted:
                return name
    return None


def _fold(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ß", "ss"))
    return "".join(letter for letter in plain if letter.isalnum())


def _under(reading: Reading) -> str:
    return "\n".join(sentence.text for sentence in reading.sentences if sentence.part is Part.SIGNATURE)[:2000]


def _requisition(text: str) -> str | None:
    found = _table().requisition.search(text)
    return (found["named"] or found["bare"]) if found else None


def _is_valid(address: str) -> bool:
    try:
        validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True
