"""What rule files become: frozen values, compiled once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum, StrEnum
from functools import lru_cache
from typing import Any

import re2

from rules.folding import Folding
from rules.known import Employer
from rules.literals import Needs
from rules.patterns import options
from rules.verdict import Flag, Meaning


class Weight(IntEnum):
    """What a hit adds. A meaning holds from 3 on: one decisive rule, a strong and a weak one, or three weak ones."""

    WEAK = 1
    STRONG = 2
    DECISIVE = 3


class Cue(StrEnum):
    """What a rule may notice besides meanings and flags."""

    APPLICATION = "application"
    """The mail is about somebody's application for a job."""
    APPLYING = "applying"
    """The mail speaks of applying, for whatever it may be."""
    ADDRESSED = "addressed"
    """The mail speaks to the reader about the reader's own application."""
    ELSEWHERE = "elsewhere"
    """The mail is about something else that one applies for, orders or submits: a flat, a loan, a manuscript."""
    OTHERS = "others"
    """The decision told is about another person: a referral, a reference, a story."""
    ALERT = "alert"
    """The opening of a job alert, a newsletter or a recruiter's cold approach."""
    CONVERSATION = "conversation"
    """The words for an interview or a trial day, whatever is said about it."""
    INTERVIEWED = "interviewed"
    """An interview was held."""
    APPLIED = "applied"
    """Only documents were looked at."""
    ANSWER = "answer"
    """The mail answers what the candidate wrote after the decision."""
    FOOTER = "footer"
    """Boilerplate under the text; its sentence says nothing about the application."""


class Tone(StrEnum):
    """How a letter's tone rule acts."""

    BLOCK = "block"
    WARN = "warn"


class Theme(StrEnum):
    """What a point of feedback is about."""

    CLARITY = "clarity"
    """How clear and how long the answers are."""
    EVIDENCE = "evidence"
    """Examples, numbers, results."""
    KNOWLEDGE = "knowledge"
    """What one has to know for the job."""
    REASONING = "reasoning"
    """The way from a problem to its solution."""
    EXPERIENCE = "experience"
    """How long, and on which level."""
    INDUSTRY = "industry"
    """Experience in this field of business or with its tools."""
    CULTURE = "culture"
    """The team's ways and values."""
    MOTIVATION = "motivation"
    PREPARATION = "preparation"
    """What one knows of the employer, and which questions one brings."""
    PRESENCE = "presence"
    """Calm, confidence, listening, rapport."""
    COLLABORATION = "collaboration"
    """Leading, working with others, conflict."""
    DOCUMENTS = "documents"
    """CV, covering letter, portfolio."""
    ASSESSMENT = "assessment"
    """The result of a test or a task."""
    LANGUAGE = "language"
    """How well one speaks a language."""
    CONDITIONS = "conditions"
    """Pay, hours, the first day."""
    PLACE = "place"
    """Location, travel, the right to work there."""


class Bearing(StrEnum):
    """What a point of feedback does, whatever it is about."""

    STRENGTH = "strength"
    """It praises."""
    FAULT = "fault"
    """It names what was missing, too much or not good enough."""
    GENERAL = "general"
    """It says nothing of the reader that could be learnt from: others were stronger, the post is gone."""
    PROTECTED = "protected"
    """It touches what the law keeps out of such decisions (Directive 2000/78/EC article 1, Directive 2000/43/EC and
    2006/54/EC; in the USA 42 U.S.C. 2000e-2): age, sex, family, health, belief, origin, orientation, union."""
    TURN = "turn"
    """Another point begins here, in the same sentence: but, on the other hand, secondly."""


class Where(Enum):
    """What a pattern is matched against."""

    TEXT = "text"
    """Any one sentence of the newest text."""
    SUBJECT = "subject"
    BEFORE = "before"
    """The sentence ahead of the match."""
    AFTER = "after"
    """The sentence behind the match."""
    SENTENCE = "sentence"
    """The whole sentence that holds the match."""


@lru_cache(maxsize=1024)
def _phrase(source: str) -> re.Pattern[str]:
    return re.compile(source)


@lru_cache(maxsize=1024)
def _regex(source: bytes) -> Any:
    return re2.compile(source, options())


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """One pattern as written, and in RE2's terms: ``source`` matches folded bytes, its group 1 is the words."""

    written: str
    expanded: str
    source: bytes
    where: Where
    needs: Needs = ()
    """The literals it cannot match without."""
    breaks: frozenset[bytes]
    """The breaking words that it holds itself; a match that holds another one is none."""
    line: int
    column: int

    @property
    def regex(self) -> Any:
        """The RE2 object, made when needed: most patterns hardly ever run."""
        return _regex(self.source)


@dataclass(frozen=True, kw_only=True, eq=False)
class Rule:
    """One rule. ``says`` is what a hit speaks for."""

    name: str
    """``pack/rule``."""
    language: str | None
    """None: whatever the mail's language is (the user's own rules)."""
    says: Meaning | Flag | Cue | Tone | Theme | Bearing
    weight: Weight
    any_of: tuple[Pattern, ...]
    all_of: tuple[Pattern, ...] = ()
    none_of: tuple[Pattern, ...] = ()
    hits: tuple[str, ...]
    misses: tuple[str, ...]
    conditional: bool
    """Whether a match behind a condition ("if", "falls") counts too."""
    instead: str | None = None
    """For tone rules: what to write instead."""
    file: str = ""
    line: int = 1
    column: int = 1


@dataclass(frozen=True, kw_only=True)
class Mention:
    """A phrase that names the employer or the position, as an expression with the groups ``employer``, ``position``."""

    written: str
    source: str
    needs: Needs = ()
    """Of a text in lower case, with one space between words."""

    @property
    def regex(self) -> re.Pattern[str]:
        """Compiled when needed. Only packs hold these, so Python's engine will do: its counted repeats are small."""
        return _phrase(self.source)


@dataclass(frozen=True, kw_only=True)
class NameWords:
    """A language's words around names, as expressions: ``names`` in ``reading.yaml``, whose keys they are."""

    departments: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    no_employers: tuple[str, ...] = ()
    no_positions: tuple[str, ...] = ()
    requisitions: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Words:
    """How a language is read: from ``reading.yaml``, compiled."""

    language: str
    folding: Folding = field(default_factory=Folding)
    function_words: frozenset[str] = frozenset()
    abbreviations: frozenset[str] = frozenset()
    formal: frozenset[str] = frozenset()
    informal: frozenset[str] = frozenset()
    header_names: frozenset[str] = frozenset()
    mentions: tuple[Mention, ...] = ()
    names: NameWords = NameWords()
    conditions: Any = None
    """RE2 objects for folded bytes: what makes the rest of a sentence a mere possibility, ..."""
    no_conditions: Any = None
    """... and what looks so but does not."""
    breaks: Any = None
    """An RE2 object: words that undo a match when they stand in a gap of it ("not", "whether")."""
    quote_headers: Any = None
    """RE2 objects for one folded line, whole."""
    closings: Any = None
    greetings: Any = None


@dataclass(frozen=True, kw_only=True)
class Own:
    """What one of the user's files says."""

    rules: tuple[Rule, ...] = ()
    off: frozenset[str] = frozenset()
    """Rules that are switched off."""
    employers: tuple[Employer, ...] = ()
    unread: tuple[str, ...] = ()
    """Addresses that nobody reads, ``*`` for anything."""
    tone: tuple[Rule, ...] = ()
    agencies: tuple[str, ...] = ()
    """Addresses of recruiters who place people with other employers, ``*`` for anything."""


@dataclass(frozen=True, kw_only=True)
class Pack:
    """One language: its folder, loaded."""

    words: Words
    rules: tuple[Rule, ...]
    tone: tuple[Rule, ...] = ()
    lessons: tuple[Rule, ...] = ()
    """What a point of feedback is about, and whether it praises."""
    vocabulary: Mapping[str, str] = field(default_factory=dict)

    @property
    def language(self) -> str:
        return self.words.language
