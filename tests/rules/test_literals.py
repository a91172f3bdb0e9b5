"""Which literals a pattern cannot match without, and the pass that leaves out patterns whose literals are missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.literals import Prefilter, needs
from rules.matching import Lines
from rules.patterns import compiled
from tests.rules.mails import book

LANGUAGES = tuple(book().packs)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (" (declined)(?: |$)", [{b" declined"}]),
        (" (went with (?:another|others))", [{b" went with"}]),
        (" (no(?: [^ ]+){0,8}? candidate[^ ]*)", [{b" candidate"}, {b" no"}]),
        (" (moved? on)", [{b" move on", b" moved on"}]),
        (" ((?:very )?sorry)", [{b" sorry"}]),
        ("a{2,3}x", [{b"a"}, {b"x"}]),
        ("(?:x|.*)", []),
        ("[ab]", []),
        ("a?", []),
        (r"\pLabc", [{b"abc"}]),
    ],
)
def test_a_pattern_tells_what_it_needs(source: str, expected: list[set[bytes]]) -> None:
    """One literal of each set, and only sets whose absence tells something."""
    assert {frozenset(each) for each in needs(source)} == {frozenset(each) for each in expected}


def test_only_what_may_match_is_run() -> None:
    """A pattern whose second word is missing is left out; one that needs nothing always runs."""
    prefilter = Prefilter([needs(" (we .* declined)"), needs(" (hired)"), needs(".*")])
    assert prefilter.candidates(b" we have declined ") == [0, 2]
    assert prefilter.candidates(b" they declined ") == [2]
    assert prefilter.candidates(b" we hired ") == [1, 2]
    assert Prefilter([()]).candidates(b"") == [0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_pattern_of_a_pack_needs_something(language: str) -> None:
    """Else it would run on every sentence of every mail."""
    pack = book().packs[language]
    assert [each.written for rule in pack.rules for each in rule.any_of if not each.needs] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_that_matches_is_left_out(language: str) -> None:
    """Every pattern that matches an example of the pack, whatever the rule, is among the candidates."""
    pack, matcher = book().packs[language], book().matcher(language)
    examples = sorted({" ".join(text.split()) for rule in pack.rules for text in (*rule.hits, *rule.misses)})
    lines = Lines.of(pack.words, examples)
    missing = [
        (pattern.written, line)
        for line in lines.folded[:: max(1, len(lines.folded) // 30)]
        for number, (_, pattern) in enumerate(matcher.entries)
        if number not in set(matcher.prefilter.candidates(line)) and pattern.regex.search(line)
    ]
    assert missing == []


WORDS = st.sampled_from(["we", "have", "decided", "declined", "you", "other", "candidates", "à", "後日"])
PIECES = st.recursive(
    WORDS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(" ".join),
        st.lists(inner, min_size=1, max_size=3).map(lambda each: f"({'|'.join(each)})"),
        inner.map(lambda each: f"({each} )?we"),
        inner.map(lambda each: f"{each} ... we"),
        inner.map(lambda each: f"({each} )+we"),
    ),
    max_leaves=8,
)


@given(PIECES, st.lists(WORDS, max_size=12).map(" ".join))
def test_the_prefilter_never_hides_a_match(pattern: str, text: str) -> None:
    """Whatever the pattern and the text."""
    folding = book().packs["en"].words.folding
    _, regex = compiled(pattern, {}, folding)
    (line,) = folding.fold([text])
    if regex.search(line):
        assert Prefilter([needs(regex.pattern.decode())]).candidates(line) == [0]
