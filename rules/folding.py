"""Text as patterns see it: words in lower case, one space between them and around, no punctuation.

So a pattern is plain words, and needs neither ``\\b`` nor a list of dashes and quotes. RE2's own ``\\b`` and ``\\w``
know ASCII only; a space as the word boundary knows every script. What was folded can be found again in the original,
so that evidence is the mail's own words.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

_QUOTES = str.maketrans(dict.fromkeys("‘’‛′´`ʼ＇", "'"))
_NO_WORD = re.compile(r"[^\w\n]+")
_WORD = re.compile(r"\w+")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")


def composed(text: str) -> str:
    """The text in NFC, as every line to be folded must be."""
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


class Folding:
    """How one pack folds text. ``spelling`` are replacements of lower-case letters, in order (``n't`` -> `` not``).

    ``spaced=False`` is for languages without spaces between words: NFKC, all white space removed, no boundaries.
    """

    def __init__(self, spelling: Mapping[str, str] | None = None, *, spaced: bool = True) -> None:
        self.spelling = dict(spelling or {})
        self.spaced = spaced

    def fold(self, lines: Sequence[str]) -> list[bytes]:
        """Each line folded, as UTF-8. A line is NFC and holds no line break."""
        if not self.spaced:
            return [_squeezed(line).encode("utf-8", "replace") for line in lines]
        text = _ADDRESS.sub(" ", "\n".join(lines).translate(_QUOTES).lower())
        for old, new in self.spelling.items():
            text = text.replace(old, new)
        return [f" {line.strip()} ".encode("utf-8", "replace") for line in _NO_WORD.sub(" ", text).split("\n")]

    def words(self, line: str, folded: bytes, start: int, end: int) -> str:
        """The part of ``line`` that bytes ``start`` to ``end`` of its folded form come from, whole words."""
        spans = self._spans(line)
        if self.spaced:
            first, last = folded.count(b" ", 0, start), folded.count(b" ", 0, end)
        else:
            first, last = len(folded[:start].decode()) + 1, len(folded[:end].decode())
        if not spans or last < first:
            return ""
        begin = spans[min(first, len(spans)) - 1][0]
        while begin and line[begin].translate(_QUOTES) == "'" and not line[begin - 1].isspace():
            begin = max(line.rfind(" ", 0, begin) + 1, 0)
        return line[begin : spans[min(last, len(spans)) - 1][1]]

    def place(self, line: str, folded: bytes, start: int) -> int:
        """Where in ``line`` the word begins that stands at byte ``start`` of its folded form."""
        spans = self._spans(line)
        number = folded.count(b" ", 0, start) if self.spaced else len(folded[:start].decode()) + 1
        return spans[min(number, len(spans)) - 1][0] if spans and number else 0

    def _spans(self, line: str) -> list[tuple[int, int]]:
        """Where each folded word (each folded character, if unspaced) stands in the line."""
        if not self.spaced:
            return [(at, at + 1) for at, letter in enumerate(line) for _ in _squeezed(letter)]
        text, origin = "", list[tuple[int, int]]()
        for at, letter in enumerate(line):
            folded = letter.translate(_QUOTES).lower()
            text += folded
            origin += [(at, at + 1)] * len(folded)
        text, origin = _replaced(text, origin, [(match.start(), match.end(), " ") for match in _ADDRESS.finditer(text)])
        for old, new in self.spelling.items():
            places = [match.start() for match in re.finditer(re.escape(old), text)]
            text, origin = _replaced(text, origin, [(at, at + len(old), new) for at in places])
        return [(origin[word.start()][0], origin[word.end() - 1][1]) for word in _WORD.finditer(text)]


def _squeezed(line: str) -> str:
    return "".join(unicodedata.normalize("NFKC", line).lower().split())


def _replaced(
    text: str,
    origin: list[tuple[int, int]],
    changes: Sequence[tuple[int, int, str]],
) -> tuple[str, list[tuple[int, int]]]:
    """The text with each (start, end, new) put in; a new character comes from the whole of what it replaces."""
    for start, end, new in reversed(changes):
        place = (origin[start][0], origin[end - 1][1])
        text = text[:start] + new + text[end:]
        origin[start:end] = [place] * len(new)
    return text, origin
