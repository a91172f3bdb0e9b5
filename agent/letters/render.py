"""A template and its fields to a letter's text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from agent.letters.book import LetterPack
from agent.letters.entries import Entry
from agent.letters.form import Register

Fields = Mapping[str, str | bool | None]
"""Values for ``agent.letters.entries.FIELDS``; None where the case does not know."""

_BLANKS = re.compile(r"[ \t\r\n]+")
_PARAGRAPHS = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """The parts of a letter; ``body`` is what the user says, in paragraphs of one line each."""

    subject: str
    salutation: str
    body: str
    closing: str

    def text(self, signature: str) -> str:
        """The whole letter."""
        return f"{self.salutation}\n\n{self.body}\n\n{self.closing}\n{signature}\n"


def render(pack: LetterPack, entry: Entry, wording: int, register: Register, fields: Fields) -> Rendered:
    """One wording filled in. Deterministic; values are never read as templates."""
    frame = pack.frames[register]
    known = {**fields, **{name: phrase.template.render(fields) for name, phrase in pack.phrases.items()}}
    salutation = frame.named if fields["name"] else frame.unnamed
    return Rendered(
        subject=_joined(entry.subject[register].template.render(known)),
        salutation=_joined(salutation.template.render(fields)),
        body=_flowed(entry.wordings[wording][register].template.render(known)),
        closing=frame.closing,
    )


def day(pack: LetterPack, day_of_month: int, month: int) -> str:
    """A day as the language says it; the year goes without saying."""
    return _joined(pack.date.template.render(day=str(day_of_month), month=pack.months[month - 1]))


def _flowed(text: str) -> str:
    """One line for each paragraph: mail programs break lines to the reader's width."""
    return "\n\n".join(_joined(part) for part in _PARAGRAPHS.split(text.strip()) if part.strip())


def _joined(text: str) -> str:
    """On one line. Protected spaces stay: French sets them ahead of “?” and “:”."""
    return _BLANKS.sub(" ", text).strip(" \t\r\n")
