"""Whom the salutation names: a person, when the display name is safely one."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from agent.case import Person
from agent.letters import clean

MAX_NAME = 60
MAX_PARTS = 4

_BRACKETS = re.compile(r"[(\[{<][^)\]}>]*[)\]}>]?")
_ENDS = re.compile(r"\s*[|/•·:;@]\s*|\s+[-–—]+\s+")
_TOKEN = re.compile(r"[^\W\d_][^\W\d_'’.-]*(?:['’-][^\W\d_]+)*\.?")
_ALL = re.compile(r"[^\W_]+")
_TITLES = frozenset({"dr", "prof", "professor"})
_FORMS_OF_ADDRESS = frozenset({"mr", "ms", "mrs", "miss", "mx", "herr", "frau", "mag", "ing", "dipl"})
_AFTER = frozenset(
    {"phd", "mba", "msc", "bsc", "ma", "ba", "llm", "phr", "sphr", "shrm", "cpa", "pmp", "jr", "sr", "iii"}
)
PARTICLES = frozenset(
    "af al am auf av bin bint da dal das de del della den der des di do dos du e el la las le los mac mc ten ter thor "
    "till van vom von y zu zum zur".split()
)


@dataclass(frozen=True, kw_only=True)
class Name:
    """A person's name as a salutation says it; ``first`` is the whole where no first name is safely known."""

    full: str
    first: str


def of_person(
    person: Person | None, *, employer: str | None, no_names: Collection[str], ends: Collection[str]
) -> Name | None:
    """The name of the correspondent, or None for a role, a company, or anything else that is doubtful."""
    if person is None or len(person.name) > 4 * MAX_NAME:
        return None
    titles, tokens = _parts(_surname_last(_cut(person.name, ends)))
    tokens = [token.title() for token in tokens] if all(map(str.isupper, tokens)) else tokens
    given = [token for token in tokens if _plain(token) not in PARTICLES]
    if not 1 <= len(given) <= MAX_PARTS or not all(map(_is_name_like, tokens)):
        return None
    words = {_plain(word) for token in tokens for word in _ALL.findall(token)}
    if words & set(no_names):
        return None
    local, _, domain = person.address.partition("@")
    of_company = _company(employer, domain)
    if not _is_in(local, [_plain(token) for token in given], of_company):
        runs = {"".join(map(_plain, tokens[:end])) for end in range(2, len(tokens) + 1)}
        if len(given) == 1 or (words | runs) & of_company:
            return None
    full = " ".join([*titles, *tokens])
    first = full if len(tokens[0].rstrip(".")) == 1 or _plain(tokens[0]) in PARTICLES else tokens[0]
    return Name(full=full, first=first) if len(full) <= MAX_NAME else None


def _cut(name: str, ends: Collection[str]) -> str:
    """What stands before a company, a service or an address that the sender's system added."""
    shown = _BRACKETS.sub(" ", clean.line(name, 4 * MAX_NAME).strip("\"'“”„ "))
    words = _ENDS.split(shown, maxsplit=1)[0].split()
    for end in ends:
        length = len(end.split())
        starts = range(1, len(words) - length + 1)
        at = next((at for at in starts if " ".join(words[at : at + length]).casefold() == end), len(words))
        words = words[:at]
    return " ".join(words)


def _surname_last(name: str) -> str:
    """„Doe, Jane“ turned round; degrees behind a comma dropped; any other comma makes the name doubtful."""
    last, comma, first = (part.strip() for part in name.partition(","))
    if not comma:
        return name
    after = {_plain(word) for word in _ALL.findall(first.replace(".", ""))}
    if after <= _AFTER:
        return last
    surname = [word for word in last.split() if _plain(word) not in PARTICLES]
    return f"{first} {last}" if len(surname) == 1 and len(first.split()) <= 2 and "," not in first else ""


def _parts(name: str) -> tuple[list[str], list[str]]:
    """Academic titles, and the words of the name."""
    titles: list[str] = []
    tokens = name.split()
    while tokens and (word := _plain(tokens[0].rstrip("."))) in _TITLES | _FORMS_OF_ADDRESS:
        title = tokens.pop(0)
        titles += [title] if word in _TITLES else []
    while len(tokens) > 2 and _plain(tokens[-1].replace(".", "")) in _AFTER:
        tokens.pop()
    return titles, tokens


def _is_name_like(token: str) -> bool:
    if not _TOKEN.fullmatch(token):
        return False
    return (token[0].isupper() and not (len(token) > 2 and token.isupper())) or _plain(token) in PARTICLES


def _is_in(local: str, given: Sequence[str], of_company: Collection[str]) -> bool:
    """Whether the address is this person's own: „jane“, „jane.doe“, „j.doe“, „jdoe“."""
    parts = {_plain(part) for part in _ALL.findall(local)}
    first, last = given[0], given[-1]
    if parts & (set(given) - set(of_company)):
        return True
    if len(given) == 1:
        return False
    return {first[0], last} <= parts or bool(parts & {first[0] + last, first + last, last + first[0]})


def _company(employer: str | None, domain: str) -> set[str]:
    """Words that a company has in its name or its domain."""
    labels = domain.casefold().split(".")
    named = {_plain(word) for word in _ALL.findall(employer or "") if len(word) > 2}
    return named | {_plain(part) for label in labels[:-1] for part in (label, *label.split("-"))}


def _plain(word: str) -> str:
    """Lower case without accents, so that „José“ is found in jose@."""
    decomposed = unicodedata.normalize("NFD", word.casefold().strip("."))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
