"""Whether a correspondent recruits for other employers: then the decision was a client's, and the letter says so."""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from agent.case import Person
from rules.known import Known
from rules.senders import is_freemail, is_platform
from rules.source import read_file

_TABLE = Path(__file__).parent / "agencies.yaml"
_WORD = re.compile(r"[^\W_]{3,}")


def is_agency(person: Person | None, employer: str | None, known: Known) -> bool:
    """Whether this person's address is an agency's: because the user says so, or by its domain where the employer is
    another company. In doubt it is not: a company's own recruiter must not read of “your client”."""
    if person is None:
        return False
    if known.is_agency(person.address):
        return True
    domain = person.address.rpartition("@")[2].casefold()
    if employer is None or is_freemail(domain) or is_platform(domain):
        return False
    labels = domain.split(".")[:-1]
    return any(map(_is_one, labels)) and not _is_named(employer, labels)


def _is_one(label: str) -> bool:
    table = _table()
    words = label.replace("-", "")
    return label in table.agencies or words in table.agencies or words.endswith(table.endings)


def _is_named(employer: str, labels: list[str]) -> bool:
    """Whether the domain has a word of the employer's name: a company's own recruiting domain, or an agency that
    recruits for itself."""
    joined = "".join(labels).replace("-", "")
    words = [word for word in _WORD.findall(_plain(employer)) if not word.endswith(_table().endings)]
    return not words or any(word in joined for word in words)


def _plain(name: str) -> str:
    """Lower case without accents, as domains are spelt."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    agencies: frozenset[str]
    endings: tuple[str, ...]


@lru_cache(maxsize=1)
def _table() -> _Table:
    return _Table.model_validate(read_file(_TABLE).plain())
