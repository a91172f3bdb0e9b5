"""Telephone numbers that a mail gives under its name. None rather than a wrong one: nobody wants to ring a fax."""

import re

MAX_NUMBERS = 3

_DIGITS = range(7, 16)
"""E.164 section 6: at most 15; fewer than 7 are an extension."""

_NUMBER = re.compile(r"(?<![\w+/.-])(?:\+|00)?\(?\d[\d ()./\u00a0\u2010-\u2013-]{4,24}\d(?!\s?\d|\w)")
_LABEL = re.compile(
    r"(?i)(?:\b(?:tel|tél|phone|telephone|téléphone|fon|telefon|telefono|telefone|teléfono|telefoon|telefonnummer|"
    r"mobile?|mob|mobil|mobiel|móvil|cell|cellulare|handy|komórka|direct|direkt|durchwahl|t|m|p)\b|電話|携帯|☎|✆|📞)"
    r"[^\w\n]{0,6}(?:\([^()\n]{1,20}\)[^\w\n]{0,3})?$"
)
_FAX = re.compile(r"(?i)(?:\b(?:tele)?fax\b|faks|\bf\b|📠)[^\w\n]{0,6}$")
_LOOKED_BACK = 32
"""Characters ahead of a number in which its label stands."""


def phones(text: str) -> tuple[str, ...]:
    """The numbers as they are written, each once. One without a + counts only with a label before it."""
    found: dict[str, str] = {}
    for line in text.split("\n"):
        for match in _NUMBER.finditer(line[:400]):
            written = " ".join(match[0].split())
            digits = re.sub(r"\D", "", written)
            before = line[max(0, match.start() - _LOOKED_BACK) : match.start()]
            named = written.startswith("+") or _LABEL.search(before)
            if len(digits) in _DIGITS and named and not _FAX.search(before):
                found.setdefault(digits, written)
    return tuple(found.values())[:MAX_NUMBERS]
