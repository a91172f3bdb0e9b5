"""Every shipped rule keeps to its own examples, and every pack has the same shape."""

from functools import cache
from typing import Any

import pytest

from rules.load import Bearing, Cue, Pack, Theme, Weight, available
from rules.load.packs import FILES, load_pack
from rules.load.prove import matches
from rules.load.rulebook import PACKS
from rules.matching import Matcher
from rules.source import Problem, Problems, read_file
from rules.verdict import Flag, Meaning

LANGUAGES = available()
RULE_FILES = [name for name in FILES if name != "letters.yaml"]
OPTIONAL = {"spelling", "abbreviations", "formal", "informal", "words", "vocabulary"}
"""Sections that a language may do without: not every one has short forms, or two forms of address."""


def listed(language: str, name: str) -> list[dict[str, Any]]:
    """The rules of a file, as plain YAML."""
    plain: Any = read_file(PACKS / language / name).plain()
    return plain if isinstance(plain, list) else plain.get("rules", [])


@cache
def loaded(language: str) -> Pack | tuple[Problem, ...]:
    try:
        return load_pack(PACKS / language)
    except Problems as caught:
        return caught.problems


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_keeps_to_its_examples(language: str) -> None:
    """A hit is matched by its rule alone, a miss is not. Hundreds of each, in every pack."""
    pack = loaded(language)
    assert isinstance(pack, Pack), "\n".join(map(str, pack))
    wrong = []
    for rule in (*pack.rules, *pack.lessons, *pack.tone):
        matcher = Matcher([rule], pack.words)
        wrong += [f"{rule.name} misses: {text}" for text in rule.hits if not matches(matcher, text)]
        wrong += [f"{rule.name} hits: {text}" for text in rule.misses if matches(matcher, text)]
    assert wrong == []
    assert min(sum(len(rule.hits) for rule in pack.rules), sum(len(rule.misses) for rule in pack.rules)) > 80


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_pack_loads(language: str) -> None:
    """Without a single problem, whatever its examples do."""
    pack = loaded(language)
    assert isinstance(pack, Pack), "\n".join(map(str, pack))
    assert pack.language == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pack_is_these_files(language: str) -> None:
    """Seven, and nothing beside them."""
    assert sorted(each.name for each in (PACKS / language).iterdir()) == sorted(FILES)
    assert len(FILES) == 7


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FILES)
def test_a_file_has_the_same_sections_in_every_pack(language: str, name: str) -> None:
    """English is the measure; what a language may do without is named above."""
    theirs, english = (read_file(PACKS / each / name).plain() for each in (language, "en"))
    assert isinstance(theirs, dict)
    assert isinstance(english, dict)
    assert set(theirs) - OPTIONAL == set(english) - OPTIONAL


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pack_tells_every_meaning(language: str) -> None:
    """Each meaning can be decided on, and each cue and flag can be found: a gap would be a language half read."""
    pack = loaded(language)
    assert isinstance(pack, Pack)
    decided = {rule.says for rule in pack.rules if rule.weight is Weight.DECISIVE}
    assert set(Meaning) - {Meaning.NONE} - decided == set()
    said = {rule.says for rule in pack.rules}
    assert set(Flag) - {Flag.FORMAL, Flag.INFORMAL} - said == set()
    english = loaded("en")
    assert isinstance(english, Pack)
    assert {rule.says for rule in english.rules if isinstance(rule.says, Cue)} <= said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pack_tells_every_theme(language: str) -> None:
    """Each theme of a lesson, and each thing that a point of feedback can do, once."""
    pack = loaded(language)
    assert isinstance(pack, Pack)
    assert sorted(rule.says for rule in pack.lessons) == sorted([*Theme, *Bearing])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_meaning_stands_in_the_same_file_in_every_pack(language: str) -> None:
    """So that whoever looks for a rule finds it."""
    assert places(language) == places("en")


def places(language: str) -> set[tuple[str, str]]:
    return {(name, rule["meaning"]) for name in RULE_FILES for rule in listed(language, name) if rule.get("meaning")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_forms_of_address_come_together(language: str) -> None:
    """Formal words without informal ones would make every mail formal."""
    pack = loaded(language)
    assert isinstance(pack, Pack)
    assert bool(pack.words.formal) is bool(pack.words.informal)
    assert not pack.words.formal & pack.words.informal
