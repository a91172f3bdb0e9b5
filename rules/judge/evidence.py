"""Everything the rules found in one mail, with where it stood."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rules.folding import composed
from rules.load import Rulebook
from rules.matching import SUBJECT, Hit, Lines
from rules.reading import Part, Reading, Sentence
from rules.rule import Bearing, Cue, Rule, Theme, Tone, Weight, Words
from rules.verdict import Evidence, Flag, Meaning

REFUSALS = frozenset({Meaning.REJECTION, Meaning.FILLED, Meaning.ON_HOLD, Meaning.REVERSED})
"""What is never decided in a question or in somebody else's quoted words."""
_HINDRANCES = frozenset({Cue.ELSEWHERE, Cue.OTHERS, Cue.ALERT})
"""Cues that hold a decision back. An English word in a mail of another language ("partner", "newsletter") is none."""
_OPENING = 4
"""Sentences that are the opening of a mail."""
_WORDS = 3
"""As many words of one weak rule count."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """One hit and what it stood on."""

    hit: Hit
    part: Part
    lines: Lines
    words: Words

    @property
    def rule(self) -> Rule:
        return self.hit.rule

    @property
    def weight(self) -> int:
        """A subject is weak evidence, whatever the rule."""
        return Weight.WEAK if self.part is Part.SUBJECT else self.rule.weight

    @property
    def place(self) -> tuple[int, int]:
        """Where in its part."""
        return self.hit.line, self.hit.start

    @property
    def folded(self) -> bytes:
        """The words hit, folded."""
        return self.lines.line(self.hit.line)[self.hit.start : self.hit.end]

    def evidence(self) -> Evidence:
        """The rule's name and the mail's own words."""
        return Evidence(rule=self.rule.name, words=self.hit.words(self.lines, self.words))


class Findings:
    """All hits of one mail, asked by what they say."""

    def __init__(self, found: Iterable[Found]) -> None:
        self.found = tuple(found)
        self._by: dict[Meaning | Flag | Cue | Tone | Theme | Bearing, list[Found]] = {}
        for each in self.found:
            self._by.setdefault(each.rule.says, []).append(each)

    def of(self, says: Meaning | Flag | Cue, *parts: Part) -> list[Found]:
        """The hits that say this, in these parts (none named: in all)."""
        return [each for each in self._by.get(says, ()) if not parts or each.part in parts]

    def says(self, says: Meaning | Flag | Cue, *parts: Part) -> bool:
        """Whether anything says this."""
        return bool(self.of(says, *parts))

    def opens_with(self, cue: Cue) -> list[Found]:
        """The hits of a cue in the subject or in the first sentences."""
        return [each for each in self.of(cue, Part.SUBJECT, Part.BODY) if each.hit.line < _OPENING]

    def weight(self, cue: Cue, *parts: Part) -> int:
        """What the rules of a cue weigh together, in a subject too. A weak rule adds for each new word, up to three."""
        words: dict[Rule, set[bytes]] = {}
        for each in self.of(cue, *parts):
            words.setdefault(each.rule, set()).add(each.folded)
        return sum(
            min(len(said), _WORDS) if rule.weight is Weight.WEAK else int(rule.weight) for rule, said in words.items()
        )

    def score(self, meaning: Meaning) -> int:
        """What speaks for a meaning: each rule once, words that two rules share once."""
        counted: list[Found] = []
        for each in self.ranked(meaning):
            shared = any(each.part is other.part and each.hit.overlaps(other.hit) for other in counted)
            if not shared and all(each.rule.name != other.rule.name for other in counted):
                counted.append(each)
        return sum(each.weight for each in counted)

    def decides(self, *meanings: Meaning) -> bool:
        """Whether the text, not its subject, holds a decisive hit for one of these."""
        return any(each.weight == Weight.DECISIVE for meaning in meanings for each in self.of(meaning))

    def ranked(self, says: Meaning | Flag | Cue) -> list[Found]:
        """The hits that say this, the deciding one first."""
        return sorted(self.of(says), key=lambda each: (-each.weight, each.part is Part.SUBJECT, each.place))


def find(reading: Reading, rulebook: Rulebook, aside: Sequence[tuple[Part, str]]) -> Findings:
    """Run the rules of the mail's languages, English and the user's own. ``aside`` are further words to look at."""
    languages = reading.languages or tuple(rulebook.packs)
    names = dict.fromkeys([*languages, *(("en",) if "en" in rulebook.packs else ()), "own"])
    return Findings(each for name in names for each in _language(name, reading, rulebook, aside))


def _language(name: str, reading: Reading, rulebook: Rulebook, aside: Sequence[tuple[Part, str]]) -> Iterator[Found]:
    matcher = rulebook.matcher(name)
    foreign = name == "en" and bool(reading.languages) and name not in reading.languages
    if not matcher.entries:
        return
    body = [sentence for sentence in reading.sentences if sentence.part is Part.BODY]
    rest: list[tuple[Part, str]] = [(each.part, each.text) for each in reading.sentences if each.part is not Part.BODY]
    rest += [(part, composed(" ".join(text.split()))) for part, text in aside]
    lines = Lines.of(matcher.words, [sentence.text for sentence in body], reading.subject)
    hits = matcher.hits(lines)
    boilerplate = {hit.line for hit in hits if hit.rule.says is Cue.FOOTER}
    for hit in hits:
        if isinstance(hit.rule.says, Meaning) and hit.line in boilerplate - {SUBJECT}:
            continue
        if hit.rule.says in REFUSALS and hit.line != SUBJECT and _not_said(body[hit.line], hit, lines, matcher.words):
            continue
        if foreign and hit.rule.says in _HINDRANCES:
            continue
        part = Part.SUBJECT if hit.line == SUBJECT else Part.BODY
        yield Found(hit=hit, part=part, lines=lines, words=matcher.words)
    others = Lines.of(matcher.words, [text for _, text in rest])
    for hit in matcher.hits(others):
        if not isinstance(hit.rule.says, Meaning) and hit.line != SUBJECT:
            yield Found(hit=hit, part=rest[hit.line][0], lines=others, words=matcher.words)


def _not_said(sentence: Sentence, hit: Hit, lines: Lines, words: Words) -> bool:
    """Whether the sentence asks, or tells what others say. To take a decision back is to ask."""
    asks = sentence.question and hit.rule.says is not Meaning.REVERSED
    return asks or _cited(sentence.text, hit, lines, words)


def _cited(sentence: str, hit: Hit, lines: Lines, words: Words) -> bool:
    """Whether the words stand between quotation marks: somebody tells what others write."""
    if not any(mark in sentence for mark in '"“”„«»「」『』'):
        return False
    before, _, _ = sentence.partition(hit.words(lines, words))
    opened = sum(before.count(mark) for mark in "„“«「『") - sum(before.count(mark) for mark in "”»」』")
    return before.count('"') % 2 == 1 or opened % 2 == 1
