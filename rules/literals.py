"""Which words a pattern cannot match without: only patterns whose words stand in a sentence need to run on it.

The same idea as in Russ Cox, "Regular Expression Matching with a Trigram Index" (2012), with whole words in place of
trigrams: a pattern becomes a few sets of literals, and every match holds at least one literal of each set.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ahocorasick_rs import BytesAhoCorasick, Implementation

Needs = tuple[tuple[bytes, ...], ...]
"""Of every set at least one literal stands in every text that matches. Empty: nothing is known."""

_TOKEN = re.compile(r"\(\?:|\[\^?\]?[^\]]*\]|\{\d*,?\d*\}|\\[pP](?:\w|\{\w*\})|\\.|.", re.DOTALL)
_READ = 8000
"""Characters of a pattern: four times the longest of the packs. To read more would take longer than to run it."""
_MOST = 600
"""Literals of one set: a vocabulary written out has some hundred."""
_PRODUCT = 24
"""Literals that a sequence of choices may multiply to."""
_KEPT = 3
"""Sets kept for a pattern, the most telling ones."""
_LONG = 7
"""Letters from which on a literal is rare enough; more make no difference."""
_CUT = 10
"""Letters of a literal that are looked for: the first ones tell enough, and many share them."""


class Prefilter:
    """Finds the few patterns that may match a text, by one pass over it for the literals of all (Aho and Corasick)."""

    def __init__(self, needed: Sequence[Needs]) -> None:
        numbers: dict[bytes, int] = {}
        sets: dict[tuple[bytes, ...], frozenset[int]] = {}
        self._always = [index for index, each in enumerate(needed) if not each]
        self._first: dict[int, list[tuple[int, tuple[frozenset[int], ...]]]] = {}
        for index, each in enumerate(needed):
            for one in each:
                if one not in sets:
                    sets[one] = frozenset(numbers.setdefault(literal, len(numbers)) for literal in one)
            others = tuple(sets[one] for one in each[1:])
            for number in sets[each[0]] if each else ():
                self._first.setdefault(number, []).append((index, others))
        self._literals = (
            BytesAhoCorasick(list(numbers), implementation=Implementation.ContiguousNFA) if numbers else None
        )

    def candidates(self, line: bytes) -> list[int]:
        """The numbers of the patterns that may match, in their order."""
        if self._literals is None:
            return self._always
        there = {found[0] for found in self._literals.find_matches_as_indexes(line, overlapping=True)}
        may = set(self._always)
        for number in there:
            for index, others in self._first.get(number, ()):
                if all(not there.isdisjoint(other) for other in others):
                    may.add(index)
        return sorted(may)


@dataclass(frozen=True)
class _Part:
    """A piece of a pattern: all texts it can stand for, if they are few (else None), and what it needs."""

    exact: frozenset[str] | None
    needs: tuple[frozenset[str], ...] = ()


_ANYTHING = _Part(None)
_NOTHING = _Part(frozenset({""}))


def needs(source: str) -> Needs:
    """The literals that a pattern, written out for RE2, cannot match without."""
    if len(source) > _READ:
        return ()
    part = _Reader(source).choice()
    found = {_shortest(each) for each in (*part.needs, part.exact or frozenset()) if _telling(each)}
    cut = {_shortest(frozenset(literal[:_CUT] for literal in each)) for each in found}
    best = sorted(cut, key=_worth, reverse=True)
    return tuple(_shared(tuple(sorted(each))) for each in best[:_KEPT])


@lru_cache(maxsize=4096)
def _shared(literals: tuple[str, ...]) -> tuple[bytes, ...]:
    """Patterns share their vocabulary, and so its place in memory."""
    return tuple(_encoded(each) for each in literals)


@lru_cache(maxsize=16384)
def _encoded(literal: str) -> bytes:
    return literal.encode()


def _telling(literals: frozenset[str]) -> bool:
    """Whether their absence tells anything: an empty word is nowhere absent."""
    return bool(literals) and all(literal.strip() for literal in literals)


def _shortest(literals: frozenset[str]) -> frozenset[str]:
    """Without those that hold another one: "two weeks" adds nothing to "week"."""
    if len(literals) > _PRODUCT:
        return literals
    return frozenset(each for each in literals if not any(other != each and other in each for other in literals))


def _worth(literals: frozenset[str]) -> float:
    """How much their absence tells: long ones are rare, few of them are rarer."""
    lengths = [min(len(literal.strip().encode()), _LONG) for literal in literals]
    return min(lengths) + sum(lengths) / len(lengths) - len(literals) / 40


class _Reader:
    """Reads the syntax that ``rules.patterns`` writes."""

    def __init__(self, source: str) -> None:
        self.marks: Sequence[str] = [match[0] for match in _TOKEN.finditer(source)]
        self.at = 0

    def _next(self) -> str:
        return self.marks[self.at] if self.at < len(self.marks) else ""

    def choice(self) -> _Part:
        """``a|b``, up to the closing bracket or the end."""
        return _joined(self._choice())

    def _choice(self) -> list[_Part]:
        """The same; a choice of one as what it is made of, so that a word before the bracket joins the first in it."""
        branches = [self._sequence()]
        while self._next() == "|":
            self.at += 1
            branches.append(self._sequence())
        return branches[0] if len(branches) == 1 else [_either([_joined(branch) for branch in branches])]

    def _sequence(self) -> list[_Part]:
        parts: list[_Part] = []
        while self._next() not in ("", "|", ")"):
            parts += self._repeated(self._one())
        return parts

    def _one(self) -> list[_Part]:
        mark = self._next()
        self.at += 1
        if mark in ("(", "(?:"):
            parts = self._choice()
            self.at += 1
            return parts
        if mark in ("^", "$"):
            return [_NOTHING]
        if mark == "." or mark.startswith("[") or (mark.startswith("\\") and mark[1:2].isalnum()):
            return [_ANYTHING]
        return [_Part(frozenset({mark.removeprefix("\\")}))]

    def _repeated(self, parts: list[_Part]) -> list[_Part]:
        """With the ``?``, ``*``, ``+`` or ``{2,3}`` behind it."""
        mark = self._next()
        if mark not in ("?", "*", "+") and not (mark.startswith("{") and mark.endswith("}")):
            return parts
        part = _joined(parts)
        self.at += 1
        if self._next() == "?":  # few first
            self.at += 1
        if mark == "?":
            return [_Part(part.exact | {""}) if part.exact is not None else _ANYTHING]
        if mark == "*" or mark[1:2] in ("0", ","):
            return [_ANYTHING]
        return [_Part(None, (*part.needs, *([part.exact] if part.exact else [])))]


def _either(branches: Sequence[_Part]) -> _Part:
    """One of them: a set that needs one literal of each branch's best."""
    together: frozenset[str] = frozenset()
    exact = all(branch.exact is not None for branch in branches)
    for branch in branches:
        best = branch.exact or max(filter(_telling, branch.needs), key=_worth, default=None)
        if best is None or len(together) > _MOST:
            return _ANYTHING
        together |= best
    return _Part(together) if exact else _Part(None, (together,))


def _joined(parts: Sequence[_Part]) -> _Part:
    """One after the other: neighbours become longer literals while they stay few."""
    runs = list(_runs(parts))
    if len(runs) == 1 and runs[0].exact is not None:
        return runs[0]
    collected = [each for run in runs for each in (*run.needs, *([run.exact] if run.exact is not None else []))]
    return _Part(None, tuple(collected))


def _runs(parts: Sequence[_Part]) -> Iterator[_Part]:
    run = frozenset({""})
    for part in parts:
        if part.exact is not None and len(run) * len(part.exact) <= max(_PRODUCT, len(part.exact), len(run)):
            run = frozenset(first + second for first in run for second in part.exact)
            continue
        yield _Part(run)
        run = part.exact if part.exact is not None else frozenset({""})
        if part.exact is None:
            yield part
    yield _Part(run)
