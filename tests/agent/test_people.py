"""Letters as people write them, in every language: kind ones pass, angry ones are stopped, whatever their words."""

from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest

from agent.case import LetterKind
from agent.letters import load_letters
from agent.tone import advice, breaches, told
from rules.load import Tone, load_rulebook
from rules.rule import Rule
from rules.source import read_file

BOOK = load_letters().tone
PACKS = load_rulebook().packs

BLOCKS = ("ask-why", "contest", "compare", "demand", "guilt", "beg", "resent", "legal")
WARNS = ("repitch", "self-bash", "brutal", "disappointment", "pressure")


def letters(how: str) -> list[tuple[str, str]]:
    """What ``people/`` holds, with its language."""
    found = []
    for path in sorted((Path(__file__).parent / "people").glob("*.yaml")):
        texts = cast("Mapping[str, list[str]]", read_file(path).plain())[how]
        found += [(path.stem, text) for text in texts]
    return found


POLITE, ANGRY = letters("polite"), letters("angry")


@pytest.mark.parametrize("language", PACKS)
def test_every_language_has_its_letters(language: str) -> None:
    """Enough of them, and none twice."""
    for found in (POLITE, ANGRY):
        mine = [text for of, text in found if of == language]
        assert len(set(mine)) == len(mine) >= 15


@pytest.mark.parametrize(("language", "text"), POLITE)
def test_a_kind_letter_passes(language: str, text: str) -> None:
    """As any kind of letter, without so much as a warning."""
    for kind in (LetterKind.REQUEST, LetterKind.ENQUIRY, None):
        assert not [each for each in breaches(text, language, kind, BOOK) if each.rule.partition("/")[2] in BLOCKS]
    assert breaches(text, language, LetterKind.REQUEST, BOOK) == ()


@pytest.mark.parametrize(("language", "text"), ANGRY)
def test_an_angry_letter_is_stopped(language: str, text: str) -> None:
    """By at least one rule, which says what to write instead; also in the middle of a shipped letter."""
    for body in (text, f"Thank you.\n\n{text}\n\nAll the best"):
        stopped = [each for each in breaches(body, language, LetterKind.REQUEST, BOOK) if each.severity is Tone.BLOCK]
        assert stopped
        assert all(each.instead for each in stopped)


@pytest.mark.parametrize("family", [*BLOCKS, *WARNS])
@pytest.mark.parametrize("language", PACKS)
def test_every_family_is_there_in_every_language(language: str, family: str) -> None:
    """With hits, with misses, with something better, and with the weight it has everywhere."""
    (rule,) = (rule for rule in PACKS[language].tone if rule.name == f"{language}/{family}")
    assert isinstance(rule, Rule)
    assert rule.says is (Tone.BLOCK if family in BLOCKS else Tone.WARN)
    assert len(set(rule.hits)) >= 2
    assert len(set(rule.misses)) >= 2
    assert rule.instead
    assert rule.conditional


def test_a_breach_is_told_in_a_sentence_with_what_is_better() -> None:
    """What an alert says of an edited draft: none of its words, each fault once."""
    why = (
        "The letter asks for reasons. Better: What one or two things would you suggest I work on for future interviews?"
    )
    assert told(["en/ask-why"], BOOK) == why
    assert told(["en/ask-why", "en/ask-why"], BOOK) == why
    both = told(["en/beg", "en/ask-why"], BOOK)
    assert both.startswith("The letter pleads and asks for reasons. Better: ")
    assert told(["en/beg", "en/guilt", "en/ask-why"], BOOK).startswith(
        "The letter pleads, may be read as a reproach and asks for reasons. Better: "
    )
    assert told([], BOOK) == ""


def test_every_rule_has_its_words() -> None:
    """In every language; a kind of letter's own taboos too, and rules that were there once."""
    names = [rule.name for pack in PACKS.values() for rule in pack.tone]
    for each in advice(names, BOOK):
        assert "breaks the tone rule" not in each.fault
        assert each.instead
    (objection,) = advice(["en/thanks: an objection"], BOOK)
    assert (objection.fault, objection.instead) == ("holds an objection", "Leave it out of this letter.")
    assert advice(["en/request: thanks"], BOOK)[0].fault == "is not right: thanks"
    assert advice(["en/gone"], BOOK)[0].fault == "breaks the tone rule en/gone"
    assert advice(["xx/gone", "odd", "", "a: b", "/: "], BOOK)[0].instead == ""
