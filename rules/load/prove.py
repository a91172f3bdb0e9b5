"""A rule proves itself: every hit must match by that rule, every miss must not."""

from collections.abc import Iterator
from dataclasses import replace

from rules.matching import Lines, Matcher
from rules.reading.sentences import split
from rules.rule import Rule, Words


def failures(rule: Rule, words: Words) -> Iterator[tuple[str, int, str]]:
    """What is wrong with the rule's examples: (``hits`` or ``misses``, index, sentence)."""
    matcher = Matcher([_fresh(rule)], words)
    for index, example in enumerate(rule.hits):
        if not matches(matcher, example):
            yield "hits", index, "This rule does not match its own hit. Change the pattern or the example."
    for index, example in enumerate(rule.misses):
        if matches(matcher, example):
            yield "misses", index, "This rule matches what it should miss. Narrow the pattern or add a `none of`."


def _fresh(rule: Rule) -> Rule:
    """A copy to be thrown away: what RE2 builds while it proves a rule would take more memory than the rule."""
    return replace(
        rule,
        any_of=tuple(replace(each) for each in rule.any_of),
        all_of=tuple(replace(each) for each in rule.all_of),
        none_of=tuple(replace(each) for each in rule.none_of),
    )


def matches(matcher: Matcher, example: str) -> bool:
    """Whether the rules hit the example, read as a short mail and as a subject."""
    sentences = [sentence.text for sentence in split(example, matcher.words.abbreviations)]
    return bool(matcher.hits(Lines.of(matcher.words, sentences, " ".join(example.split()))))
