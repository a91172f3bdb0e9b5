"""A rule proves itself: every hit must match by that rule, every miss must not."""

from collections.abc import Iterator

from rules.matching import Lines, Matcher
from rules.reading.sentences import split
from rules.rule import Rule, Words


def failures(rule: Rule, words: Words) -> Iterator[tuple[str, int, str]]:
    """What is wrong with the rule's examples: (``hits`` or ``misses``, index, sentence)."""
    matcher = Matcher([rule], words)
    for index, example in enumerate(rule.hits):
        if not matches(matcher, example):
            yield "hits", index, "This rule does not match its own hit. Change the pattern or the example."
    for index, example in enumerate(rule.misses):
        if matches(matcher, example):
            yield "misses", index, "This rule matches what it should miss. Narrow the pattern or add a `none of`."


def matches(matcher: Matcher, example: str) -> bool:
    """Whether the rules hit the example, read as a short mail and as a subject."""
    sentences = [sentence.text for sentence in split(example, matcher.words.abbreviations)]
    return bool(matcher.hits(Lines.of(matcher.words, sentences, " ".join(example.split()))))
