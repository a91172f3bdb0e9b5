"""What to say when the rejection comes by phone, in the language of the call. Touches ``scripts.yaml``."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict

from agent.case import Case, Person
from rules.source import read_file

_SCRIPTS = Path(__file__).parent / "scripts.yaml"


class Script(BaseModel):
    """The sentences of one language, in the order of the call. Between ``ask`` and ``example`` the user listens."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    thank: str
    accept: str
    ask: str
    example: str
    close: str


@lru_cache(maxsize=1)
def scripts() -> Mapping[str, Script]:
    """All of them, by language (ISO 639-1)."""
    read = read_file(_SCRIPTS).plain()
    assert isinstance(read, dict)  # noqa: S101 - our own file, which a test reads
    return MappingProxyType({language: Script.model_validate(script) for language, script in read.items()})


def script(languages: Sequence[str | None]) -> Script:
    """The script in the first of these languages that there is one in; else in English."""
    known = scripts()
    return next((known[language] for language in languages if language and language in known), known["en"])


def number(case: Case) -> tuple[str, Person | None] | None:
    """A telephone number of the employer's and who wrote it: the notice's, else the newest mail's that has one.

    None from a mail whose sender is in doubt: whoever forged it may want to be called.
    """
    mails = [mail for mail in case.mails if mail.phones and not mail.outgoing and not mail.warnings]
    mails.sort(key=lambda mail: (mail.key != case.notice_key, -mail.arrived.timestamp()))
    return (mails[0].phones[0], mails[0].sender) if mails else None


def steps(said: Script) -> tuple[tuple[str, str], ...]:
    """What to do, and what to say with it."""
    return (
        ("Thank", said.thank),
        ("Accept", said.accept),
        ("Ask for advice", said.ask),
        ("Listen", "Do not explain and do not argue. Write their words down as they are."),
        ("Ask for an example", said.example),
        ("Close", said.close),
    )
