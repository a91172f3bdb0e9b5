"""Who the employer is: every name the mail offers, and the one that most speaks for. Null rather than wrong."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from connectors.message import Message
from rules.extract.words import Table
from rules.senders import Reach, is_freemail, is_platform, platform_of, reach, tenant

_PERSON_AT = re.compile(r"[\w.'’ -]{2,60}?(?:\s+(?:at|from|von|bei|@)\s+|\s*[|(–]\s*|\s+-\s+)(?P<name>[^()|]{2,60})\)?")
_VIA = re.compile(r"(?i)\s+(?:via|über|on behalf of|im auftrag von|por meio d[aoe]|a través de)\s+.*$|\s*@ ?icims$")
"""What follows is the platform's name: “Acme via LinkedIn”, and iCIMS signs “Acme @ icims”."""
_TRIMMED = " .,'’\"*_-–"
_CODE = re.compile(r"\d{4}")
"""A requisition's number, not a name's."""
_LONGEST = 6
"""Words of a name."""
_HOLDS = 2
"""What must speak for a name: a phrase that names it, or two lesser signs."""
_TWO_PARTS = frozenset({"co", "com", "ac", "org", "gov", "or", "net", "edu", "gob", "gouv"})


@dataclass(kw_only=True)
class _Offer:
    """A name with its spellings, and how much speaks for it."""

    weight: int = 0
    spellings: list[str] = field(default_factory=list)


def employer(message: Message, said: Sequence[str], text: str, signature: str, table: Table) -> str | None:
    """The employer's name. ``said`` is what phrases call the employer, the surest first."""
    own = _label(message, table)
    offers: dict[str, _Offer] = {}
    for phrase in said:
        _offer(offers, name(phrase, table), 2, table)
    if not message.outgoing:
        for value, weight in _of_sender(message, own, signature, table):
            _offer(offers, value, weight, table)
        intermediary = is_intermediary(message, table)
        for match in table.company.finditer(signature):
            _offer(offers, match[1].strip(), 1 if intermediary else 2, table)
        if own:
            for value in _runs(f"{text}\n{signature}", table):
                if agrees(value, own):
                    _offer(offers, value, 1, table)
    if own:
        for offer in offers.values():
            offer.weight += 2 * any(agrees(spelling, own) for spelling in offer.spellings)
    best = max(offers.values(), key=lambda offer: offer.weight, default=None)
    return best.spellings[0] if best and best.weight >= _HOLDS else None


def _offer(offers: dict[str, _Offer], value: str | None, weight: int, table: Table) -> None:
    """A name, or one more sign for it: one that only lacks the other's legal form or last words is the same."""
    if not value:
        return
    key = fold(table.legal.sub("", value))
    if not key:
        return
    same = next((each for each in offers if each.startswith(key) or key.startswith(each)), key)
    offer = offers.setdefault(same, _Offer())
    offer.weight += weight
    offer.spellings.append(value)


def name(value: str, table: Table) -> str | None:
    """The name that a phrase goes on with; None when that is none."""
    found = capitalised(cut(value, table), table)
    if not 2 <= len(found) <= 60 or len(found.split()) > _LONGEST or not is_capital(found):
        return None
    if table.no_employers.match(found) or table.titles.search(found) or "@" in found or _CODE.search(found):
        return None
    return found


def _of_sender(message: Message, own: str | None, signature: str, table: Table) -> Iterator[tuple[str | None, int]]:
    """The employer in the sender's name: ``Acme Careers``, ``Jane Doe (Acme)``; of a machine also the bare name."""
    written = message.sender.name if message.sender else ""
    shown = _VIA.sub("", "".join(filter(str.isprintable, written)).strip()).strip()
    if not shown or "@" in shown or is_intermediary(message, table):
        return
    if (person := _PERSON_AT.fullmatch(shown)) and not table.departments.search(person["name"]):
        yield name(person["name"], table), 2
        return
    bare = " ".join(table.departments.sub(" ", shown).split()).strip(" ,|-–()&")
    found = name(bare, table)
    if found is None or _is_platform_name(found, message):
        return
    if bare != shown or (_is_machine(message) and not _signs(shown, signature)):
        yield found, 2 if own is None else 1  # “Acme Careers”, or what a machine calls itself
    elif own and agrees(found, own):
        yield found, 1


def _signs(shown: str, signature: str) -> bool:
    """Whether a person of this name signs: platforms send in the names of those who write."""
    first = next((line for line in signature.split("\n")[1:3] if line.strip()), "")
    return bool(first) and fold(first) in (fold(shown), fold(shown.split(maxsplit=1)[0]))


def is_intermediary(message: Message, table: Table) -> bool:
    """Whether the sender writes for employers: an agency, a job board. Its own name is not the employer's."""
    domain = message.sender.domain if message.sender else ""
    return not is_platform(domain) and bool(table.intermediaries.search(domain))


def _is_platform_name(found: str, message: Message) -> bool:
    domain = message.sender.domain if message.sender else ""
    platform = platform_of(domain)
    return platform is not None and (fold(platform.name) in fold(found) or fold(found) in fold(domain))


def _is_machine(message: Message) -> bool:
    return message.sender is not None and reach(message.sender.address) is not Reach.HUMAN


def _label(message: Message, table: Table) -> str | None:
    """What the sender's address calls the employer: ``acme`` of ``jane@acme.example`` or ``acme@myworkday.com``."""
    if message.outgoing or message.sender is None or is_intermediary(message, table):
        return None
    domain = message.sender.domain
    if is_platform(domain):
        return tenant(message.sender.address)
    labels = domain.split(".")
    if is_freemail(domain) or len(labels) < 2:
        return None
    second = labels[-3] if labels[-2] in _TWO_PARTS and len(labels) > 2 else labels[-2]
    return second if len(second) > 2 else None


def agrees(value: str, label: str) -> bool:
    """Whether an address may call this name so: ``bluesky``, ``blue-sky``, ``bluesky-foods`` and “Blue Sky Foods”."""
    bare = fold(label)
    folded = {fold(value), fold(value, umlauts=True)}
    if any(each.startswith(bare) or (len(each) > 3 and bare.startswith(each)) or bare in each for each in folded):
        return True
    return any(_is_made_of(bare, [fold(word, umlauts=umlauts) for word in value.split()]) for umlauts in (False, True))


def _is_made_of(label: str, words: Sequence[str]) -> bool:
    """Whether the label is some of the words, in any order: ``ruraltradesmuseum`` of “Museum of Rural Trades”."""
    rest, used = label, 0
    for word in sorted(words, key=len, reverse=True):
        if len(word) > 2 and word in rest:
            rest, used = rest.replace(word, "", 1), used + 1
    return used > 1 and len(rest) <= 2


def _runs(text: str, table: Table) -> Iterator[str]:
    """The runs of capitalised words in a text that may be names, each cut where names end."""
    for line in text.split("\n"):
        for piece in table.ends.split(line):
            words = (piece or "").split()
            while words:
                found = "" if words[0] in table.joins else capitalised(" ".join(words[:_LONGEST]), table)
                if value := found and name(found, table):
                    yield value
                del words[: max(1, len(found.split()))]


def cut(value: str, table: Table) -> str:
    """The value up to where a name ends."""
    value = value.strip()
    end = table.ends.search(value, 1)
    return (value[: end.start()] if end else value).strip(_TRIMMED)


def capitalised(value: str, table: Table) -> str:
    """Up to the first word that is neither written with a capital nor joins two that are."""
    words = value.split()
    end = next((at for at, word in enumerate(words) if not is_capital(word) and word not in table.joins), len(words))
    kept = words[:end]
    while kept and kept[-1] in table.joins:
        kept.pop()
    return " ".join(kept)


def is_capital(word: str) -> bool:
    """Whether it is written as names are: ``Acme``, ``3M``, ``eBay``; scripts without capitals are let through."""
    caseless = unicodedata.category(word[0]) == "Lo" if word else False
    return caseless or word[:1].isupper() or word[:1].isdigit() or any(letter.isupper() for letter in word[1:])


def fold(value: str, *, umlauts: bool = False) -> str:
    """Letters and digits alone, without accents; with ``umlauts`` ä as ae."""
    value = value.casefold()
    if umlauts:
        value = value.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("å", "aa").replace("ø", "oe")
    plain = unicodedata.normalize("NFKD", value.replace("ß", "ss"))
    return "".join(letter for letter in plain if letter.isalnum())
