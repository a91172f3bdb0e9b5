"""Phrases that name the employer and the position: ``your application to <employer>``.

They are matched against the mail's own words, since a name is known by its capital letters.
"""

import re

from rules.literals import needs
from rules.patterns import Misspelt
from rules.rule import Mention

_BREAK = re.compile(r"\|\s+")
_SLOT = re.compile(r"<(employer|position)>")
_WITHIN = r"[^\W_][^\n<>@;!?]{0,90}?"
_AT_END = r"[^\W_][^\n<>@;!?]{0,90}"


def compile_mention(written: str) -> Mention:
    """A phrase with one or two slots. Around them: an expression, any white space for a space, any letter case.

    A slot at the very end takes the rest of the line; ``rules.extract`` tells where the name in it ends.
    Raises ``Misspelt``.
    """
    pieces = _SLOT.split(_BREAK.sub("|", written))
    if len(pieces) < 3:
        raise Misspelt("A mention needs <employer> or <position>.")
    body, plain = "", ""
    for index, piece in enumerate(pieces):
        if index % 2:
            last = index == len(pieces) - 2 and not pieces[-1]
            body += f"(?P<{piece}>{_AT_END if last else _WITHIN})"
        elif piece:
            grouped = piece.replace("(", "(?:")
            plain += f"{'.' if index else ''}(?:{grouped})"
            body += f"(?i:{grouped.replace(' ', chr(92) + 's+')})"
    source = f"(?:^|[\\W_]){body}"
    try:
        re.compile(source)
    except re.error:
        raise Misspelt("This is no pattern.") from None
    return Mention(written=written, source=source, needs=needs(plain.lower()))
