"""Text to sentences, in linear time. Hard-wrapped lines are joined first: a phrase is often broken across two."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from rules.folding import composed

MAX_SENTENCE = 600
"""Characters. A longer one is cut at a space: 600 hold five ordinary sentences."""

_END = re.compile(r"(?<![.!?;…])[.!?;…]++[\"'”’»)\]]*+(?=\s|$)|[。！？；]+")
"""Possessive and tried once for each run of marks: a mail of full stops is read in linear time."""
_LAST_WORD = re.compile(r"[^\s(\"'“„]{1,24}\Z")
_BULLET = re.compile(r"\s*(?:[-*•·‣▪●○–—]|\d{1,2}[.)])\s")
_WRAPPED = 40
"""A line at least so long may have been wrapped by a mail program; a shorter one was ended by its writer."""


_BROKEN = re.compile("[\u3001\u3040-\u9fff\uff66-\uff9f々ー]\\Z")
"""Where a writer of a script without spaces breaks a line by hand: behind any letter or 、, at any width."""
_BROKEN_FROM = 12
_LISTED = frozenset("・■□●○◆◇▼▲※【「〇①②③④⑤")


class Part(Enum):
    """Where in the mail a sentence stands."""

    BODY = "body"
    SIGNATURE = "signature"
    QUOTE = "quote"
    SUBJECT = "subject"
    SENDER = "sender"
    CALENDAR = "calendar"


@dataclass(frozen=True)
class Sentence:
    """One sentence: NFC, one line, single spaces."""

    text: str
    part: Part = Part.BODY

    @property
    def question(self) -> bool:
        """Whether it asks."""
        return self.text.rstrip("\"'”’»)] ").endswith(("?", "？"))


def split(text: str, abbreviations: frozenset[str] = frozenset(), part: Part = Part.BODY) -> list[Sentence]:
    """The sentences of a text whose paragraphs are separated by empty lines."""
    return [
        Sentence(piece, part)
        for paragraph in _paragraphs(composed(text))
        for sentence in _sentences(paragraph, abbreviations)
        for piece in _capped(sentence)
    ]


def _paragraphs(text: str) -> Iterator[str]:
    """Lines joined where only the width of the page broke them."""
    held: list[str] = []
    last = ""
    for line in text.split("\n"):
        words = " ".join(line.split())
        if held and not (words and _continues(last, words)):
            yield " ".join(held)
            held = []
        if words:
            held.append(words)
        last = words
    if held:
        yield " ".join(held)


def _continues(last: str, line: str) -> bool:
    """Whether the line goes on with the sentence of the one before it."""
    if _BULLET.match(line):
        return False
    if len(last) >= _BROKEN_FROM and _BROKEN.search(last) and line[0] not in _LISTED:
        return True
    return len(last) >= _WRAPPED or line[0].islower()


def _sentences(paragraph: str, abbreviations: frozenset[str]) -> Iterator[str]:
    start = 0
    for end in _END.finditer(paragraph):
        if end[0] == "." and _abbreviated(paragraph[start : end.start()], abbreviations):
            continue
        if sentence := paragraph[start : end.end()].strip():
            yield sentence
        start = end.end()
    if rest := paragraph[start:].strip():
        yield rest


def _abbreviated(before: str, abbreviations: frozenset[str]) -> bool:
    """Whether the full stop belongs to the word before it: “Dr.”, “z. B.”, “3.”."""
    match = _LAST_WORD.search(before[-25:])
    if not match:
        return False
    word = match[0].lower().strip(".")
    return len(word.rpartition(".")[2]) == 1 or word.isdigit() or word in abbreviations


def _capped(sentence: str) -> Iterator[str]:
    while len(sentence) > MAX_SENTENCE:
        cut = sentence.rfind(" ", MAX_SENTENCE // 2, MAX_SENTENCE)
        cut = cut if cut > 0 else MAX_SENTENCE
        yield sentence[:cut]
        sentence = sentence[cut:].lstrip()
    yield sentence
