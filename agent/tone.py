"""Refuses a letter that asks why, argues, pleads or blames, or that lacks what a good one has. Touches nothing."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from agent.case import LetterKind
from rules.folding import composed
from rules.load import Tone, Words
from rules.matching import SUBJECT, Lines, Matcher
from rules.reading.history import Marks, divide
from rules.reading.sentences import split

MAX_TEXT = 32 * 1024
"""Characters of a letter that are looked at; ten times the longest a person would send."""

MAX_LINES = 400

MAX_EXCLAMATIONS = 1

_LINKS = ("://", "www.")
_WIDE = re.compile("[\u2e80-\uffef]{1,2}")
"""Two letters of a script without spaces say about as much as a word."""
_BLANK = re.compile(r"\n\s*\n")
_LEAVE = "Leave it out of this letter."

_FAULTS: Mapping[str, str] = {
    "ask-why": "asks for reasons",
    "contest": "argues with the decision",
    "compare": "compares you with others",
    "demand": "demands something",
    "guilt": "may be read as a reproach",
    "beg": "pleads",
    "resent": "shows resentment",
    "legal": "speaks of rights or consequences",
    "repitch": "applies once more",
    "self-bash": "runs you down",
    "brutal": "asks to be hurt",
    "disappointment": "shows disappointment",
    "pressure": "puts pressure on the reader",
}
"""What a letter does that breaks the rule of this name, in any language."""


@dataclass(frozen=True, kw_only=True)
class Breach:
    """What is wrong with a letter: the rule, the letter's own words, and what to write instead.

    ``block``: the letter is not drafted. ``warn``: the user is told.
    """

    rule: str
    severity: Tone
    words: str = ""
    instead: str = ""


@dataclass(frozen=True, kw_only=True)
class Advice:
    """A tone rule in words: what a letter does that breaks it, and what to write instead, in the letter's language."""

    rule: str
    fault: str
    instead: str


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What a letter of one sort is made of. ``must_have`` and ``must_not_have``: RE2 objects by what they stand for."""

    name: str
    least: int
    most: int
    """Words."""
    questions: int
    paragraphs: int
    must_have: Mapping[str, Any]
    must_not_have: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Voice:
    """How one language is read and judged."""

    words: Words
    matcher: Matcher
    shapes: Mapping[str, Shape]


@dataclass(frozen=True, kw_only=True)
class ToneBook:
    """The tone rules and the shapes of letters, by language; English is always there."""

    voices: Mapping[str, Voice]
    marks: Marks

    def voice(self, language: str) -> Voice:
        """The language's own, else English."""
        return self.voices.get(language) or self.voices["en"]


def breaches(text: str, language: str, kind: LetterKind | None, book: ToneBook) -> tuple[Breach, ...]:
    """Every tone rule that the letter's own words break, in their order; quoted mail does not count.

    With a ``kind``, also what does not belong into such a letter. Never raises, whatever the text.
    """
    voice = book.voice(language)
    lines = _lines(_own_words(text, book.marks), voice)
    found = [
        Breach(
            rule=hit.rule.name,
            severity=Tone(hit.rule.says),
            words=hit.words(lines, voice.words),
            instead=hit.rule.instead or "",
        )
        for hit in voice.matcher.hits(lines)
        if hit.line != SUBJECT
    ]
    shape = voice.shapes.get(kind.value) if kind else None
    if shape is not None:
        found += _misplaced(lines, voice, shape, Tone.WARN)
    return tuple(dict.fromkeys(found))


def structure(text: str, language: str, shape: str, book: ToneBook) -> tuple[Breach, ...]:
    """What a letter's text (without salutation and signature) lacks or has too much of for its ``shape``."""
    voice = book.voice(language)
    lines = _lines(text[:MAX_TEXT], voice)
    wanted = voice.shapes[shape]
    found = [
        Breach(rule=_name(voice, wanted, what), severity=Tone.BLOCK, instead=f"Add {what}.")
        for what, pattern in wanted.must_have.items()
        if not any(pattern.search(line) for line in lines.folded)
    ]
    found += _misplaced(lines, voice, wanted, Tone.BLOCK)
    found += [
        Breach(rule=_name(voice, wanted, what), severity=Tone.WARN, words=words, instead=instead)
        for what, words, instead in _measures(text, wanted)
    ]
    return tuple(found)


def advice(names: Iterable[str], book: ToneBook) -> tuple[Advice, ...]:
    """What ``Breach.rule`` names mean, each once, in their order. Rules that are gone since are told by their name."""
    return tuple(_advice(name, book) for name in dict.fromkeys(names))


def told(names: Iterable[str], book: ToneBook) -> str:
    """One or two sentences on what a letter's breaches are and what would be better; none of the letter's words."""
    found = advice(names, book)
    if not found:
        return ""
    faults = list(dict.fromkeys(each.fault for each in found))
    said = " and ".join([", ".join(faults[:-1]), faults[-1]] if len(faults) > 1 else faults)
    better = next((each.instead for each in found if each.instead), "")
    return f"The letter {said}.{f' Better: {better}' if better else ''}"


def _advice(name: str, book: ToneBook) -> Advice:
    language, _, own = name.partition("/")
    shape, colon, what = own.partition(": ")
    if colon:
        held = shape in book.voice(language).shapes and what in book.voice(language).shapes[shape].must_not_have
        fault = f"holds {what}" if held else f"is not right: {what}"
        return Advice(rule=name, fault=fault, instead=_LEAVE if held else "")
    rules = (rule for rule, _ in book.voice(language).matcher.entries)
    rule = next((each for each in rules if each.name == name), None)
    fault = _FAULTS.get(own, f"breaks the tone rule {name}")
    return Advice(rule=name, fault=fault, instead=(rule.instead or "") if rule else "")


def length(text: str) -> int:
    """Words, as far as a script has them."""
    return len(_WIDE.sub(" x ", text).split())


def _measures(text: str, shape: Shape) -> Iterator[tuple[str, str, str]]:
    """What can be counted: the name of the measure, the letter's own number, what would be right."""
    words = length(text)
    if not shape.least <= words <= shape.most:
        yield "length", f"{words} words", f"{shape.least} to {shape.most} words are right."
    if (asked := text.count("?") + text.count("？")) != shape.questions:
        yield "questions", str(asked), "Ask one question." if shape.questions else "Ask nothing."
    if (parts := len(text.strip().split("\n\n"))) > shape.paragraphs:
        yield "paragraphs", str(parts), f"At most {shape.paragraphs} short paragraphs."
    if (cries := text.count("!")) > MAX_EXCLAMATIONS:
        yield "exclamation marks", str(cries), "At most one."
    if any(link in text.casefold() for link in _LINKS):
        yield "links", "", "Leave links out."


def _misplaced(lines: Lines, voice: Voice, shape: Shape, severity: Tone) -> Iterator[Breach]:
    for what, pattern in shape.must_not_have.items():
        for line, folded in zip(lines.sentences, lines.folded, strict=True):
            if match := pattern.search(folded):
                words = voice.words.folding.words(line, folded, *match.span(1))
                yield Breach(rule=_name(voice, shape, what), severity=severity, words=words, instead=_LEAVE)


def _name(voice: Voice, shape: Shape, what: str) -> str:
    return f"{voice.words.language}/{shape.name}: {what}"


def _lines(text: str, voice: Voice) -> Lines:
    sentences: Iterable[str] = (sentence.text for sentence in split(text, voice.words.abbreviations))
    return Lines.of(voice.words, list(sentences))


def _own_words(text: str, marks: Marks) -> str:
    """Without quoted mail. What stands under the closing words counts: people add a P.S. there."""
    lines = _BLANK.sub("\n\n", composed(text[:MAX_TEXT]).replace("\r", "")).split("\n")[:MAX_LINES]
    divided = divide("\n".join(lines), marks)
    return f"{divided.newest}\n\n{divided.signature}"
