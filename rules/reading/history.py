"""What of a mail is new: the text without quoted history, header blocks and signature. Line by line, in linear time."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rules.folding import Folding
from rules.rule import Words

MAX_LINES = 4000
_THIN = 3
"""Fewer words above a header block than this, and the block introduces a forwarded mail: that is the text then."""

_HEADERS = 3
"""So many lines like “From: ...” make a header block."""
_MAX_INTRODUCTION = 300
"""Characters of “On Monday, 4 May 2026 at 14:22, Jane Doe <jane@mail.example> wrote:”, wrapped over three lines."""
_FORWARDED = 5
"""How often a mail may have been forwarded, one header block upon the other."""

_RULING = "-_=*"
"""What lines are drawn with."""
_MAX_TITLE = 60
"""Characters of “Original Message” in the middle of such a line."""
_DASHES = re.compile(r"\s*(?:--|—|__)\s?\s*")
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]{2}|\w{2,}")
"""Two letters of a script without spaces say as much as a word."""


@dataclass(frozen=True)
class Marks:
    """How all languages together introduce a quote and take their leave; any client may write any of them."""

    header_names: frozenset[str]
    quote_headers: tuple[Any, ...]
    closings: tuple[Any, ...]
    greetings: tuple[Any, ...]
    folding: Folding = field(default_factory=Folding)

    @classmethod
    def of(cls, packs: Iterable[Words]) -> "Marks":
        """The marks of these languages."""
        packs = tuple(packs)
        return cls(
            header_names=frozenset[str]().union(*(words.header_names for words in packs)),
            quote_headers=tuple(words.quote_headers for words in packs),
            closings=tuple(words.closings for words in packs),
            greetings=tuple(words.greetings for words in packs),
        )


@dataclass(frozen=True, kw_only=True)
class Divided:
    """A mail's text in three."""

    newest: str
    signature: str
    history: str


def divide(text: str, marks: Marks) -> Divided:
    """Tell what is new from what is quoted and signed."""
    lines = text.split("\n")[:MAX_LINES]
    newest, history = _Newest(lines, marks).told()
    if _words(newest) < _THIN and _words(history) >= _THIN:
        unquoted = [line.lstrip("> \t") for line in history]
        newest, history = _Newest(unquoted, marks).told()
    body, signature = _signed(newest, marks)
    return Divided(newest="\n".join(body), signature="\n".join(signature), history="\n".join(history))


class _Newest:
    """One pass over the lines."""

    def __init__(self, lines: Sequence[str], marks: Marks, depth: int = 0) -> None:
        self.lines = lines
        self.marks = marks
        self.depth = depth
        self.newest: list[str] = []
        self.history: list[str] = []

    def told(self) -> tuple[list[str], list[str]]:
        """The newest lines, and the quoted ones."""
        at = 0
        while at < len(self.lines):
            line = self.lines[at]
            if line.lstrip().startswith(">"):
                self.history.append(line)
                at += 1
            elif length := self._attribution(at):
                if not self._marked(at + length):
                    return self._rest(at, length, forwarded=line.strip()[:1] in ("-", "=") or self._headed(at + length))
                at += length
            elif length := self._header_block(at):
                return self._rest(at, length, forwarded=True)
            else:
                self.newest.append(line)
                at += 1
        return self.newest, self.history

    def _rest(self, at: int, length: int, *, forwarded: bool) -> tuple[list[str], list[str]]:
        """What stands behind an introduction of ``length`` lines: history, or the mail that was forwarded."""
        if forwarded and self.depth < _FORWARDED and _words(self.newest) < _THIN:
            return _Newest(self.lines[at + length :], self.marks, self.depth + 1).told()
        while self.newest and not self.newest[-1].strip(f" {_RULING}"):
            self.newest.pop()
        self.history += self.lines[at:]
        return self.newest, self.history

    def _marked(self, at: int) -> bool:
        """Whether the next line with words is marked as a quote."""
        following = next((line for line in self.lines[at : at + 4] if line.strip()), "")
        return following.lstrip().startswith(">")

    def _headed(self, at: int) -> bool:
        """Whether the next line with words begins a header block."""
        following = (number for number in range(at, min(at + 4, len(self.lines))) if self.lines[number].strip())
        return any(self._header_block(number) for number in [*following][:1])

    def _attribution(self, at: int) -> int:
        """How many lines introduce a quote here (“On Monday, Jane wrote:”): 0 to 3."""
        line = self.lines[at].strip()
        if _separates(line):
            return 1 if self._introduces(line) else 0
        for length in (1, 2, 3):
            lines = [each.strip() for each in self.lines[at : at + length]]
            joined = " ".join(lines)
            if len(joined) > _MAX_INTRODUCTION or not all(lines):
                return 0
            if joined.endswith((":", "：")):
                wrapped = length == 1 or not self._introduces(" ".join(lines[1:]))
                return length if wrapped and self._introduces(joined) else 0
        return 0

    def _introduces(self, line: str) -> bool:
        (folded,) = self.marks.folding.fold([line])
        return any(header.search(folded) for header in self.marks.quote_headers)

    def _header_block(self, at: int) -> int:
        """How many lines the header block of a quoted or forwarded mail takes here, or 0."""
        if not self._header(self.lines[at]):
            return 0
        found = others = 0
        for length, line in enumerate(self.lines[at : at + 16]):
            if self._header(line):
                found += 1
            elif line.strip() and found >= _HEADERS:
                return length
            elif line.strip():
                others += 1
                if others > 2:
                    return 0
        return min(16, len(self.lines) - at) if found >= _HEADERS else 0

    def _header(self, line: str) -> bool:
        name, colon, _ = line[:40].replace("：", ":").partition(":")
        return bool(colon) and name.strip(" *\t").casefold() in self.marks.header_names


def _separates(line: str) -> bool:
    """Whether the line is drawn across the page, perhaps with a few words in its middle."""
    title = line.strip(_RULING)
    before, after = len(line) - len(line.lstrip(_RULING)), len(line) - len(line.rstrip(_RULING))
    return min(before, after) >= 3 and (bool(title) or before >= 6) and len(title) <= _MAX_TITLE


def _signed(lines: Sequence[str], marks: Marks) -> tuple[list[str], list[str]]:
    """The text, and what stands under the dashes or closing words. A long line is text again: signatures are short."""
    body: list[str] = []
    signature: list[str] = []
    signed, words = False, 0
    for line, folded in zip(lines, marks.folding.fold(list(lines)) if lines else [], strict=True):
        short = len(line) <= 90
        if words >= _THIN and _DASHES.fullmatch(line):
            signed = True
        elif signed and line.strip() and (not short or _any(marks.greetings, folded)):
            signed = False
        elif not signed and short and words >= _THIN and _any(marks.closings, folded):
            signed = True
        (signature if signed else body).append(line)
        words += 0 if signed else _words([line])  # counted as they come: a sum for each line would be quadratic
    return body, signature


def _any(patterns: Sequence[Any], folded: bytes) -> bool:
    return any(pattern.search(folded) for pattern in patterns)


def _words(lines: Sequence[str]) -> int:
    """Words so far, no more counted than needed."""
    count = 0
    for line in lines:
        count += len(_WORD.findall(line[:200]))
        if count >= _THIN:
            break
    return count
