"""A text to its points: lists, headings and sentences taken apart, each piece weighed by its language's rules."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from agent.lessons.values import Kind, Point
from agent.tone import length
from rules.load import Bearing, Rulebook, Theme, Weight
from rules.matching import SUBJECT, Hit, Lines, Matcher
from rules.reading import MAX_TEXT
from rules.reading.language import languages
from rules.reading.sentences import Sentence, split
from rules.verdict import Meaning

MAX_SENTENCES = 200
"""The longest advice that people write has thirty sentences."""

MAX_POINTS = 40

_HEADING = 8
"""Words. A longer line with a colon at its end is a sentence."""

_PRAISE = 4
"""Words. Less than these praise nothing in particular."""

_COLONS = (":", "：")
_ITEM = re.compile(r"[-*•·‣▪●○–—・＊+✓✔]+\s*(?=\w)|\(?\d{1,2}[.)]\s+")
_NUMBERED = re.compile(r"\s(?=\(?\d[.)]\s\S)")
_PAUSES = (",", ";", ":", "–", "—", "-", "、", "，")
"""Ahead of one of these words a sentence takes a turn only where its writer made a pause."""


@dataclass(frozen=True, kw_only=True)
class _Said:
    """What the rules found in one piece of a sentence."""

    bearings: frozenset[Bearing]
    themes: tuple[Theme, ...]
    advice: bool
    """The language's rules for feedback are sure that it is advice."""
    praise: bool
    """They know it for praise, though it may be politeness."""


def points_of(text: str, language: str | None, rulebook: Rulebook, *, advice: bool = False) -> list[Point]:
    """The points of one feedback, in its order, at most ``MAX_POINTS``. Never raises, whatever the text.

    Without a ``language`` that has a pack, the text's own words tell it; else it is read as English. With ``advice``,
    as in notes of a call, whatever has a theme and is no praise is something to work on.
    """
    text = text[:MAX_TEXT]
    known = language if language in rulebook.packs else next(iter(languages(text, rulebook.words)), None)
    matcher = rulebook.lessons(known or "en")
    found = dict.fromkeys(point for each in _blocks(text, matcher) for point in _of_block(each, matcher, advice=advice))
    return list(islice(found, MAX_POINTS))


def _blocks(text: str, matcher: Matcher) -> Iterator[list[Sentence]]:
    """The sentences, in paragraphs; a list whose items stand apart is one with the line above it."""
    held: list[Sentence] = []
    room = MAX_SENTENCES
    for paragraph in re.split(r"\n\s*\n", text):
        if room <= 0:
            break
        sentences = split(paragraph, matcher.words.abbreviations)[:room]
        room -= len(sentences)
        if not sentences:
            continue
        if held and not _ITEM.match(sentences[0].text) and not _is_heading(held[-1].text):
            yield held
            held = []
        held += sentences
    if held:
        yield held


def _of_block(block: Sequence[Sentence], matcher: Matcher, *, advice: bool) -> Iterator[Point]:
    """A heading ("Strengths:") tells what the pieces under it are, as far as they do not tell it themselves.

    Of a sentence that touches a protected ground nothing is kept: the rest of it may be the consequence.
    """
    heading: Kind | None = None
    pieces = [list(_pieces(sentence.text, matcher)) for sentence in block]
    found = iter(_said([piece for whole in pieces for piece in whole], matcher))
    for sentence, whole in zip(block, pieces, strict=True):
        said = list(islice(found, len(whole)))
        protected = any(Bearing.PROTECTED in each.bearings for each in said)
        for piece, each in zip(whole, said, strict=True):
            kind = Kind.PROTECTED if protected else _kind(each, heading, advice=advice)
            if _is_heading(piece):
                heading = kind
            elif kind is Kind.PROTECTED:
                yield Point(kind=kind, quote="")
            elif kind is not None and not sentence.question and not _is_courtesy(piece, each, kind, heading):
                yield Point(kind=kind, quote=piece, themes=each.themes)


def _is_heading(text: str) -> bool:
    return text.endswith(_COLONS) and len(text.split()) <= _HEADING


def _is_courtesy(piece: str, said: _Said, kind: Kind, heading: Kind | None) -> bool:
    """What leads to something else ("Here is what they wrote:"), and praise of a word or two: “Very well.”"""
    thin = kind is Kind.STRENGTH and heading is None and not said.themes and length(piece) < _PRAISE
    return thin or piece.endswith(_COLONS)


def _pieces(sentence: str, matcher: Matcher) -> Iterator[str]:
    """The sentence cut where a number begins an item, and where it takes a turn ("strong, but ...")."""
    for item in _NUMBERED.split(sentence):
        cuts = [at for at in _turns(item, matcher) if item[:at].rstrip().endswith(_PAUSES)]
        for start, end in zip([0, *cuts], [*cuts, len(item)], strict=True):
            if piece := _bare(item[start:end]):
                yield piece


def _turns(item: str, matcher: Matcher) -> list[int]:
    """Where words stand with which another point may begin."""
    folding = matcher.words.folding
    [folded] = folding.fold([item])
    patterns = [pattern for rule, pattern in matcher.entries if rule.says is Bearing.TURN]
    starts = {match.start(1) for pattern in patterns for match in pattern.regex.finditer(folded)}
    return sorted({folding.place(item, folded, start) for start in islice(sorted(starts), MAX_POINTS)})


def _bare(piece: str) -> str:
    """Without the marks of a list, and the comma that the cut has left."""
    piece = piece.strip()
    while item := _ITEM.match(piece):
        piece = piece[item.end() :]
    return piece.rstrip(" ,;–—、，")


def _said(pieces: Sequence[str], matcher: Matcher) -> list[_Said]:
    lines = Lines.of(matcher.words, pieces)
    hits: list[list[Hit]] = [[] for _ in pieces]
    for hit in matcher.hits(lines):
        if hit.line != SUBJECT:
            hits[hit.line].append(hit)
    return [_summed(each) for each in hits]


def _summed(hits: Iterable[Hit]) -> _Said:
    said = [(hit.rule.says, hit.rule.weight) for hit in hits]
    return _Said(
        bearings=frozenset(says for says, _ in said if isinstance(says, Bearing)),
        themes=tuple(sorted({says for says, _ in said if isinstance(says, Theme)})),
        advice=any(says is Meaning.FEEDBACK and weight > Weight.WEAK for says, weight in said),
        praise=any(says is Meaning.FEEDBACK and weight is Weight.WEAK for says, weight in said),
    )


def _kind(said: _Said, heading: Kind | None, *, advice: bool) -> Kind | None:
    """What a piece is to the user; None when there is nothing to learn from it."""
    if heading is Kind.PROTECTED:
        return heading
    fault = Bearing.FAULT in said.bearings
    if Bearing.GENERAL in said.bearings and not (fault and said.themes):
        return None
    if fault:
        return Kind.WORK
    if Bearing.STRENGTH in said.bearings:
        return Kind.STRENGTH
    if heading is not None:
        return heading
    if said.advice:
        return Kind.WORK
    if said.praise and said.themes:
        return Kind.STRENGTH
    return Kind.WORK if advice and said.themes else None
