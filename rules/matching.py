"""Where rules hit a text. Only patterns whose literals stand in a sentence run on it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rules.literals import Prefilter
from rules.rule import Cue, Pattern, Rule, Where, Words

SUBJECT = -1
"""The line number of a hit in the subject."""


@dataclass(frozen=True, kw_only=True)
class Lines:
    """A text to match: its sentences and subject, as they stand and as one pack folds them."""

    sentences: tuple[str, ...]
    folded: tuple[bytes, ...]
    subject: str
    folded_subject: bytes

    @classmethod
    def of(cls, words: Words, sentences: Sequence[str], subject: str = "") -> "Lines":
        """The sentences and the subject (one line each, NFC) folded as the language says."""
        *folded, folded_subject = words.folding.fold([*sentences, subject])
        return cls(sentences=tuple(sentences), folded=tuple(folded), subject=subject, folded_subject=folded_subject)

    _held: dict[bytes, bool] = field(default_factory=dict, repr=False, compare=False)

    def hold(self, guard: Pattern) -> bool:
        """Whether any sentence matches: looked up once for a text, however many hits ask."""
        if guard.source not in self._held:
            self._held[guard.source] = any(guard.regex.search(each) for each in self.folded)
        return self._held[guard.source]

    def line(self, number: int) -> bytes:
        """A sentence, or the subject, folded."""
        return self.folded_subject if number == SUBJECT else self.folded[number]


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A rule that hit: in which sentence (or ``SUBJECT``), at which folded bytes."""

    rule: Rule
    line: int
    start: int
    end: int

    @property
    def length(self) -> int:
        """In folded bytes."""
        return self.end - self.start

    def words(self, lines: Lines, words: Words) -> str:
        """The mail's own words."""
        text = lines.subject if self.line == SUBJECT else lines.sentences[self.line]
        return words.folding.words(text, lines.line(self.line), self.start, self.end)

    def overlaps(self, other: "Hit") -> bool:
        """Whether both stand on the same words."""
        return self.line == other.line and self.start < other.end and other.start < self.end


class Matcher:
    """A pack's rules, ready to run. ``words`` is how the pack reads."""

    def __init__(self, rules: Iterable[Rule], words: Words) -> None:
        self.words = words
        self.entries = [(rule, pattern) for rule in rules for pattern in rule.any_of]
        self.prefilter = Prefilter([pattern.needs for _, pattern in self.entries])

    def hits(self, lines: Lines) -> list[Hit]:
        """Every rule that hits, with its longest words, once for each sentence, in the order of the text."""
        found: dict[tuple[int, str], Hit] = {}
        for number in (*range(len(lines.folded)), SUBJECT):
            for index in self.prefilter.candidates(lines.line(number)):
                rule, pattern = self.entries[index]
                best = found.get((number, rule.name))
                if (pattern.where is Where.SUBJECT and number != SUBJECT) or (best and isinstance(rule.says, Cue)):
                    continue
                hit = next(_surviving(rule, pattern, number, lines, self.words), None)
                if hit and (best is None or hit.length > best.length):
                    found[number, rule.name] = hit
        return list(found.values())


def _surviving(rule: Rule, pattern: Pattern, number: int, lines: Lines, words: Words) -> Iterator[Hit]:
    """The places where the pattern matches and nothing speaks against it."""
    line = lines.line(number)
    for match in pattern.regex.finditer(line):
        start, end = match.span(1)
        if not rule.conditional and conditioned(line[: _word_end(line, start)], words):
            continue
        if not pattern.breaks.issuperset(broken(line[max(start - 1, 0) : end + 1], words)):
            continue
        place = (lines, number, start, end)
        if all(_holds(each, *place) for each in rule.all_of) and not any(_holds(each, *place) for each in rule.none_of):
            yield Hit(rule=rule, line=number, start=start, end=end)


def broken(folded: bytes, words: Words) -> set[bytes]:
    """The breaking words in a folded text."""
    return {match.group(1) for match in words.breaks.finditer(folded)} if words.breaks is not None else set()


def _word_end(line: bytes, start: int) -> int:
    """Behind the first word from ``start`` on, its space included: “should you” begins before a match of “you”."""
    space = line.find(b" ", start)
    return space + 1 if space >= 0 else len(line)


def conditioned(before: bytes, words: Words) -> bool:
    """Whether what follows is a mere possibility: a condition stands before it ("if", "falls"), and no "even if"."""
    if words.conditions is None or not words.conditions.search(before):
        return False
    if words.no_conditions is not None:
        before = words.no_conditions.sub(b" ", before)
    return bool(words.conditions.search(before))


def _holds(guard: Pattern, lines: Lines, number: int, start: int, end: int) -> bool:
    line = lines.line(number)
    match guard.where:
        case Where.BEFORE:
            return bool(guard.regex.search(line[:start]))
        case Where.AFTER:
            return bool(guard.regex.search(line[end:]))
        case Where.SENTENCE:
            return bool(guard.regex.search(line))
        case Where.SUBJECT:
            return bool(guard.regex.search(lines.folded_subject))
        case _:
            return lines.hold(guard)
