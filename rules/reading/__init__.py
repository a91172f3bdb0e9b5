"""A message to the words a person would read: the newest text only, in sentences, and its languages. Never raises."""

import re
from dataclasses import dataclass
from typing import Protocol

from connectors.message import Message
from rules.reading import html
from rules.reading.history import Marks, divide
from rules.reading.language import languages
from rules.reading.sentences import Part, Sentence, split
from rules.rule import Words

__all__ = ["MAX_TEXT", "Known", "Part", "Reading", "Sentence", "read", "visible"]

MAX_TEXT = 64 * 1024
"""Characters of text that are read. The longest letter of a person is a tenth of it."""
_MAX_SUBJECT = 500
_MAX_HISTORY = 8 * 1024
"""Of the quoted history only the start is looked at: it tells what the mail is about, never what it decides."""

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\x80-\x9f\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile("[^\\S\n]")
_EMPTY_LINES = re.compile(r"\n(?: *\n){2,}")
_MARKUP = re.compile(r"(?i)<(?:html|body|div|p|br|table|span)(?:[\s/][^<>]{0,400})?>")
_STUB = 25
"""Words. A plain part shorter than this may only say that the mail is HTML."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What is read of a message: its newest text (``BODY``), signature and quoted history in sentences."""

    subject: str
    text: str
    """The newest text as it was laid out, without signature and history."""
    sentences: tuple[Sentence, ...]
    languages: tuple[str, ...]
    """The main one first; empty when none is certain."""


class Known(Protocol):
    """What reading needs to know of languages; a ``Rulebook`` does."""

    @property
    def words(self) -> tuple[Words, ...]:
        """How each language is read."""
        ...

    @property
    def marks(self) -> Marks:
        """How all of them together quote and sign."""
        ...


def read(message: Message, known: Known) -> Reading:
    """Read a message with the languages that are known."""
    divided = divide(visible(message), known.marks)
    abbreviations = frozenset[str]().union(*(words.abbreviations for words in known.words))
    sentences = (
        *split(divided.newest, abbreviations),
        *split(divided.signature, abbreviations, Part.SIGNATURE),
        *split(_unquoted(divided.history), abbreviations, Part.QUOTE),
    )
    subject = " ".join(_clean(message.subject[:_MAX_SUBJECT]).split())
    return Reading(
        subject=subject,
        text=divided.newest.strip(),
        sentences=sentences,
        languages=languages(divided.newest, known.words)
        or languages(f"{subject}\n{divided.newest}\n{divided.history}", known.words),
    )


def visible(message: Message) -> str:
    """The text a person would see: the plain part, unless it is missing, a stub, or HTML by mistake."""
    plain = _clean((message.text or "")[: 4 * MAX_TEXT])
    if _MARKUP.search(plain):
        plain = _clean(html.text_of(plain))
    if message.html and len(plain.split(maxsplit=_STUB)) < _STUB:
        rich = _clean(html.text_of(message.html))
        if len(rich.split()) > len(plain.split()):
            return rich[:MAX_TEXT]
    return plain[:MAX_TEXT]


def _clean(text: str) -> str:
    """Line ends made one; what cannot be seen, and what turns the reading direction, removed."""
    text = _LINE_ENDS.sub("\n", text)
    text = _CONTROLS.sub(" ", _INVISIBLE.sub("", text))
    return _EMPTY_LINES.sub("\n\n", _SPACES.sub(" ", text))


def _unquoted(history: str) -> str:
    return "\n".join(line.lstrip("> ") for line in history[:_MAX_HISTORY].split("\n"))
