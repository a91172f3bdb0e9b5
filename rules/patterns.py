"""The pattern language: plain words and RE2, without the marks that a reader of mail does not see.

What an author writes, and what it becomes on folded text (``rules.folding``):

- a space, hyphen, apostrophe, comma or other mark between words: one space
- ``...``: up to eight words, ``..``: up to three, or none
- ``{name}``: an entry of the vocabulary
- ``\\w``: a letter or digit of any script, so ``candidat\\w*`` is any word that begins so; ``\\d``: a digit
- ``^`` at the start, ``$`` at the end: the sentence's first and last word
- a line may be broken behind a ``|``
- ``( now| then)?``: where the first alternative begins with a space, all of them do
- ``( | )``, ``?``, ``*``, ``+``, ``{0,2}``, ``[...]``: as in RE2. Letter case never matters.
"""

import re
from collections.abc import Mapping
from typing import Any

import re2

from rules.folding import Folding
from rules.source import close_to

MAX_EXPANDED = 40_000
"""Characters of one pattern with its vocabulary written out."""

_MACRO = re.compile(r"\{([a-zA-Z][^{}]*)\}")
_PIECE = re.compile(r" ?\.{2,3} ?|\\.|\[\^?\]?[^\]]*\]|[^\W_]+|\{\d*,?\d*\}|\(\?:|.", re.DOTALL)
_BREAK = re.compile(r"(?P<opened>\((?:\?:)?)(?P<space> ?)|(?P<closed>\))|\|\s*")
_SYNTAX = "()|?*+.^$"
_WORD = "[^ ]"


class Misspelt(ValueError):
    """A pattern that cannot be meant."""


def options(megabytes: int = 8) -> Any:
    """RE2's options: silent, and bounded in memory."""
    chosen = re2.Options()
    chosen.log_errors = False
    chosen.max_mem = megabytes << 20
    return chosen


def compiled(pattern: str, vocabulary: Mapping[str, str], folding: Folding) -> tuple[str, Any]:
    """The expanded pattern and its RE2 object for folded bytes, the words in group 1. Raises ``Misspelt``."""
    expanded = expand(pattern, vocabulary, folding)
    return expanded, compile_expanded(expanded, folding)


def compile_expanded(expanded: str, folding: Folding) -> Any:
    """An RE2 object with word boundaries around. Raises ``Misspelt``."""
    gap = " " if folding.spaced else ""
    body = expanded
    start, body = (f"^{gap}", body[1:]) if body.startswith("^") else (gap, body)
    end, body = (f"{gap}$", body[:-1]) if body.endswith("$") else (f"(?:{gap}|$)" if gap else "", body)
    try:
        return re2.compile(f"{start}({body}){end}".encode(), options())
    except re2.error as error:
        reason = error.args[0].decode(errors="replace") if isinstance(error.args[0], bytes) else str(error)
        raise Misspelt(f"This is no pattern: {reason.partition(': ')[0]}.") from None


def expand(pattern: str, vocabulary: Mapping[str, str], folding: Folding) -> str:
    """The pattern in RE2's own terms, vocabulary written out. Raises ``Misspelt``."""
    pattern = _spelt(pattern, folding)
    pattern = _unbroken(pattern).replace(" $", "$")
    pieces: list[str] = []
    at = 0
    for macro in _MACRO.finditer(pattern):
        pieces += [_words(pattern[at : macro.start()], folding), _looked_up(macro[1], vocabulary)]
        at = macro.end()
    expanded = "".join([*pieces, _words(pattern[at:], folding)])
    expanded = re.sub("  +", " ", expanded).strip()
    if not expanded:
        raise Misspelt("This pattern is empty.")
    if len(expanded) > MAX_EXPANDED:
        raise Misspelt("This pattern is too large once its vocabulary is written out.")
    return expanded


def _spelt(pattern: str, folding: Folding) -> str:
    """As the folded text is spelt; the names of the vocabulary stay as they are."""
    pieces = re.split(r"(\{[a-zA-Z][^{}]*\})", pattern)
    for old, new in folding.spelling.items():
        if "'" in old or old.isalpha():
            pieces[::2] = [piece.replace(old, new) for piece in pieces[::2]]
    return "".join(pieces)


def _unbroken(pattern: str) -> str:
    """Without the white space of a broken line behind ``|``, which a YAML reader cannot tell from a space."""
    spaces = [""]

    def joined(mark: re.Match[str]) -> str:
        if mark["opened"]:
            spaces.append(mark["space"])
        elif mark["closed"]:
            spaces[1:] = spaces[1:-1]
        else:
            return f"|{spaces[-1]}"
        return mark[0]

    return _BREAK.sub(joined, pattern)


def _looked_up(name: str, vocabulary: Mapping[str, str]) -> str:
    if name not in vocabulary:
        raise Misspelt(f"The vocabulary has no {{{name}}}.{close_to(name, sorted(vocabulary))}")
    return f"(?:{vocabulary[name]})"


def _words(text: str, folding: Folding) -> str:
    return "".join(_piece(each[0], folding) for each in _PIECE.finditer(text))


def _piece(piece: str, folding: Folding) -> str:
    if piece.strip() in ("..", "..."):
        return _gap(piece, folding)
    if piece in ("\\w", "\\S"):
        return _WORD
    if piece == "\\d":
        return "[0-9]"
    if piece.startswith("\\"):
        if piece[1:].isalnum():
            raise Misspelt(f"“{piece}” is not used here. Word boundaries are added by themselves; write plain words.")
        return " "
    if piece == "(?:" or piece.startswith("{") or piece in _SYNTAX:
        return "(?:" if piece == "(" else piece
    if piece.startswith("["):
        return piece.lower()
    letters = piece.lower()
    return letters if letters.isalnum() or not folding.spaced else " "


def _gap(piece: str, folding: Folding) -> str:
    """Up to so many words and the spaces that belong to the gap; few first, so that evidence is short."""
    words = 3 if piece.strip() == ".." else 8
    if not folding.spaced:
        return f".{{0,{words * 3}}}?"
    if piece.endswith(" "):
        return f"{' ' if piece.startswith(' ') else ''}(?:{_WORD}+ ){{0,{words}}}?"
    return f"(?: {_WORD}+){{0,{words}}}?"
