"""What mail says, made fit to stand in a letter: one short line of plain words, or nothing.

Everything here takes the text of strangers. A value that looks odd is dropped; each wording reads well without it.
"""

import re
import unicodedata

MAX_VALUE = 80
"""Characters of an employer's name or a position; longer ones are sentences that were taken for one."""

MAX_VALUE_WORDS = 12

MAX_SUBJECT = 400
"""Characters. Longer ones are cut: no thread depends on the rest."""

_UNSAFE = re.compile(
    r"[<>{}\[\]|@\\^~`$=?;\"„“”«»]|://|\bwww\.|&#?\w+;"
    r"|\b(?:javascript|vbscript|mailto|data|file|tel):\S"
    r"|\.(?:com|net|org|info|biz|io|ly|me|co|app|dev|link|click|site|online|top|xyz|eu|uk|de|fr|ru|cn)/",
    re.IGNORECASE,
)
_QUOTES = "\"'„“”‚‘’«»‹› "
_GENDERS = re.compile(
    r"[\s,–-]*[(\[]?\b(?:all genders|(?:gn|[mwfdxi])(?:\s?[/|*,]\s?(?:gn|div|[mwfdxi])){1,3})\b\.?[)\]]?", re.IGNORECASE
)
_KIND_OF_WORK = re.compile(r"\s+(?:role|position|job|opening|vacancy|stelle)$", re.IGNORECASE)
_PREFIXES = re.compile(
    r"(?:\s*(?:re|aw|sv|vs|antw|antwort|ref|rif|odp|res|fw|fwd|wg|tr|rv|enc|vb|回复|答复|转发|返信)"
    r"(?:\s?\[\d{1,3}\]|\s?\(\d{1,3}\)|\^\d{1,3})?\s?[:：])+\s*",
    re.IGNORECASE,
)
_JOINERS = "\u200c\u200d"
"""They shape emoji and the words of some scripts and are seen by their effect; every other format character is not."""


def line(text: str, limit: int) -> str:
    """The text as one line without control characters and without those that turn the reading direction."""
    visible = "".join(map(_shown, unicodedata.normalize("NFC", text[: 4 * limit])))
    return " ".join(visible.split())[:limit].strip()


def _shown(letter: str) -> str:
    category = unicodedata.category(letter)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    return "" if category.startswith("C") and letter not in _JOINERS else letter


def value(text: str | None) -> str | None:
    """An employer's name or another few words of a mail; None when there are none or they could be anything else."""
    if not text or len(text) > 4 * MAX_VALUE:
        return None
    shown = line(text, 4 * MAX_VALUE).strip(_QUOTES)
    if len(shown) > MAX_VALUE or len(shown.split()) > MAX_VALUE_WORDS or _UNSAFE.search(shown):
        return None
    return shown if any(letter.isalpha() for letter in shown) else None


def position(text: str | None) -> str | None:
    """A job's title as one would say it: without „(m/w/d)“ and without a word for work at the end."""
    if not text or len(text) > 4 * MAX_VALUE:
        return None
    said = _KIND_OF_WORK.sub("", _GENDERS.sub("", line(text, 4 * MAX_VALUE))).rstrip(" ,;:–-.")
    return None if "!" in said else value(said)


def reply_subject(subject: str) -> str:
    """The subject of an answer: one ``Re:`` (RFC 5322 3.6.5) before what is left without all the others; empty if
    nothing is left."""
    shown = line(subject, MAX_SUBJECT)
    others = _PREFIXES.match(shown)
    rest = shown[others.end() :] if others else shown
    return f"Re: {rest}" if rest else ""
