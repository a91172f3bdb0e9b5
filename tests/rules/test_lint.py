"""What is legal in a rule file but looks odd is told, with its place; what is well made is not."""

from pathlib import Path

import pytest

from rules.lint import lint
from rules.load import load_rulebook

GOOD = """\
rules:
  - rule: en/frobnicator
    meaning: rejection
    weight: decisive
    any of:
      - text: the frobnicator has (spoken|decided)
    hits: [The frobnicator has spoken.]
    misses: [If the frobnicator has spoken.]
"""


def told(folder: Path, text: str) -> list[str]:
    """The warnings about a user's file: ``own.yaml:3:5: ...``."""
    own = folder / "own.yaml"
    own.write_text(text)
    found = lint(load_rulebook(["en"], [own]))
    return [str(each).replace(f"{folder}/", "") for each in found if each.file == str(own)]


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


def test_the_packs_are_clean() -> None:
    """Nothing about the shipped rules looks odd: who reads a warning reads it about their own."""
    assert [str(each) for each in lint(load_rulebook())] == []


def test_a_sound_rule_is_not_told(tmp_path: Path) -> None:
    """In a language or in none."""
    assert told(tmp_path, GOOD) == []
    free = changed("en/frobnicator", "frobnicator").replace("If the frob", "Never was it that the frobnicator, frob")
    assert told(tmp_path, free) == []


@pytest.mark.parametrize(
    ("pattern", "warning"),
    [
        ("..", "This pattern matches any words. Name at least one."),
        ("\\w+ ... \\w*", "This pattern matches any words. Name at least one."),
        ("the (frobnicator|\\w+)?", "The word “the” alone matches this pattern, and it stands in most mails."),
        ("(has|frobnicator has)", "The word “has” alone matches this pattern, and it stands in most mails."),
        ("frob\\w+", "The word “frobnicator” alone decides here. Name who does what, or weigh it less."),
    ],
)
def test_a_pattern_that_matches_too_much_is_told(tmp_path: Path, pattern: str, warning: str) -> None:
    """Any words, a word of every mail, or one word that decides."""
    text = changed("the frobnicator has (spoken|decided)", f'"{pattern}"'.replace("\\", "\\\\"))
    if pattern == "..":  # nothing is missed by it, so the rule must be held back by something else
        text = text.replace("    hits:", "    none of: [{text: if}]\n    hits:")
    text = text.replace("If the frobnicator has spoken.", "If so.")
    assert told(tmp_path, text) == [f"own.yaml:6:15: {warning}"]


def test_a_weak_rule_may_be_short(tmp_path: Path) -> None:
    """It decides nothing by itself; nor does a word at the start of a sentence stand for any word."""
    short = changed("the frobnicator has (spoken|decided)", "(has|it has)")
    assert len(told(tmp_path, short)) == 1
    assert told(tmp_path, short.replace("decisive", "weak")) == []
    assert told(tmp_path, changed("the frobnicator has (spoken|decided)", "^the")) == []


def test_a_condition_that_always_holds_is_told(tmp_path: Path) -> None:
    """An `all of` that any words fulfil guards nothing."""
    text = changed("    hits:", "    all of: [{sentence: ...}]\n    hits:")
    assert told(tmp_path, text) == ["own.yaml:7:25: This pattern matches any words. Name at least one."]


def test_the_same_pattern_twice_is_told(tmp_path: Path) -> None:
    """In one rule or in two of the same meaning, however it is spelt; not where the conditions differ."""
    text = changed(
        "(spoken|decided)", "spoken\n      - text: The  frobnicator's, has spoken\n      - text: it has had its say"
    )
    assert told(tmp_path, text.replace("frobnicator's", "frobnicator")) == [
        "own.yaml:7:15: The same pattern stands in en/frobnicator already, on line 6."
    ]
    guarded = changed("    hits:", "    none of: [{before: rarely}]\n    hits:").partition("\n")[2]
    more = guarded.replace("en/frobnicator", "en/gadget").replace("decisive", "strong")
    assert told(tmp_path, GOOD + more) == []


def test_a_rule_that_another_one_covers_is_told(tmp_path: Path) -> None:
    """Its hits are found without it; a hit of its own clears it."""
    covered = GOOD.replace("the frobnicator has (spoken|decided)", "going with other candidates").replace(
        "The frobnicator has spoken.", "We are going with other candidates."
    )
    (warning,) = told(tmp_path, covered)
    assert warning.startswith("own.yaml:2:11: en/going-on-with-others finds every hit of en/frobnicator.")
    own = covered.replace("candidates.]", "candidates., Off you go with your frobnicator.]", 1).replace(
        "- text: going", "- text: off you go with your frobnicator\n      - text: going"
    )
    assert told(tmp_path, own) == []


def test_of_two_rules_that_cover_each_other_the_later_is_told(tmp_path: Path) -> None:
    """Once, and not both."""
    twin = GOOD.partition("\n")[2].replace("en/frobnicator", "en/oracle").replace("(spoken|decided)", "spoken")
    (warning,) = told(tmp_path, GOOD + twin)
    assert warning.startswith("own.yaml:9:11: en/frobnicator finds every hit of en/oracle.")


def test_a_hit_that_is_judged_otherwise_is_told(tmp_path: Path) -> None:
    """With the rule that decides instead: by the order of meanings, this one never comes to its turn."""
    text = GOOD.replace("rejection", "receipt").replace(
        "[The frobnicator has spoken.]", "['The frobnicator has spoken, and we decided to go with another candidate.']"
    )
    (warning,) = told(tmp_path, text)
    assert warning == (
        "own.yaml:2:11: A hit of en/frobnicator is judged “rejection”, since en/going-on-with-others holds too: "
        "“The frobnicator has spoken, and we decided to go with anothe…”"
    )


def test_a_hit_about_something_else_is_told(tmp_path: Path) -> None:
    """Words of flats and loans outweigh those of jobs."""
    text = GOOD.replace(
        "[The frobnicator has spoken.]", "['The frobnicator has spoken about the flat, the rent and the tenancy.']"
    )
    (warning,) = told(tmp_path, text)
    assert warning.startswith("own.yaml:2:11: A hit of en/frobnicator is judged “none”, since en/")


def test_a_rule_that_was_meant_to_replace_is_told(tmp_path: Path) -> None:
    """The pack's name without its language makes a rule beside it."""
    text = changed("en/frobnicator", "going-on-with-others").replace("If the frobnicator has", "It has")
    (warning,) = told(tmp_path, text)
    assert warning == (
        "own.yaml:2:11: en/going-on-with-others stays in force beside this rule. "
        "To replace it, call this rule en/going-on-with-others."
    )
    assert told(tmp_path, GOOD.replace("en/frobnicator", "en/going-on-with-others")) == []
