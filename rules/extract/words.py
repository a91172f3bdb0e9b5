"""The words that help to tell where a name begins and ends: what is common to all from ``names.yaml``, the rest from
the packs of the mail's languages."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from rules.rule import NameWords, Words
from rules.source import read_file

_COMMON = Path(__file__).parents[1] / "names.yaml"


@dataclass(frozen=True, kw_only=True)
class Table:
    """The words as expressions."""

    company: re.Pattern[str]
    """A line that ends in a legal form."""
    legal: re.Pattern[str]
    departments: re.Pattern[str]
    ends: re.Pattern[str]
    articles: re.Pattern[str]
    joins: frozenset[str]
    titles: re.Pattern[str]
    no_employers: re.Pattern[str]
    no_positions: re.Pattern[str]
    requisition: re.Pattern[str]
    intermediaries: re.Pattern[str]
    """Domains of those who write for employers."""


def table(languages: Iterable[NameWords], known: Iterable[Words]) -> Table:
    """For these languages together. Departments are those of all known ones: a sender has one name for every reader."""
    return _table(tuple(languages), tuple(sorted({each for words in known for each in words.names.departments})))


@lru_cache(maxsize=1)
def _common() -> Any:
    return read_file(_COMMON).plain()


@lru_cache(maxsize=32)
def _table(languages: tuple[NameWords, ...], departments: tuple[str, ...]) -> Table:
    common = _common()
    lists: dict[str, list[str]] = {key: list(words) for key, words in common.items()}
    lists["departments"] += sorted(departments, key=len, reverse=True)
    for language in languages:
        for field in fields(language):
            lists.setdefault(field.name.replace("_", " "), []).extend(getattr(language, field.name))
    any_of = {
        name: "|".join(f"(?:{word})" for word in dict.fromkeys(words)) or r"\b\B" for name, words in lists.items()
    }
    legal = any_of["legal forms"]
    return Table(
        company=re.compile(rf"(?m)^[ \t]*([^\W\d_a-z][\w&.'’\- ]{{1,60}}? (?:{legal}))(?=$|[\s,|·•–-])"),
        legal=re.compile(rf"\s+(?:{legal})$"),
        departments=re.compile(rf"(?i)[\s,|:–-]*\b(?:the )?(?:{any_of['departments']})\b[\s|:–-]*"),
        ends=re.compile(
            rf"(?i)(?<!\bst)(?<!\bdr)[.,/]\s|[;:!?()\[\]\"“”„|<>\n]|\s[–—-]\s|[.,]$|\s(?:{any_of['ends']})\b"
        ),
        articles=re.compile(rf"(?i)(?:^|\s)(?:{any_of['articles']})\s+"),
        joins=frozenset(lists["joins"]),
        titles=re.compile(rf"(?i)\b(?:{any_of['titles']})\b"),
        no_employers=re.compile(rf"(?i)(?:{any_of['no employers']})\b"),
        no_positions=re.compile(rf"(?i)(?:{any_of['no positions']})"),
        requisition=re.compile(
            rf"(?i)\b(?:{any_of['requisitions']})[\s.:#-]*(?:id|no\.?|nr\.?|number|nummer|code)?[\s.:#-]*"
            r"(?P<named>[A-Z]{0,4}[-_/]?\d[\w/-]{2,20})|\b(?P<bare>(?:JR|REQ|R)[-_ ]?\d{4,12})\b"
        ),
        intermediaries=re.compile(rf"(?i){any_of['intermediaries']}"),
    )
