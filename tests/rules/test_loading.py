"""Rule files become rules, or every mistake at once with its file, line and column; the user's lie over the packs."""

import json
import shutil
from pathlib import Path

import pytest

from rules.load import Rulebook, Tone, Weight, available, load_rulebook, rules_schema
from rules.load.packs import load_pack
from rules.load.rulebook import PACKS
from rules.source import Problems
from rules.verdict import Flag, Meaning

GOOD = """\
rules:
  - rule: en/frobnicator
    meaning: rejection
    weight: decisive
    any of:
      - text: the frobnicator has spoken
    none of:
      - before: rarely
    hits: [The frobnicator has spoken.]
    misses: [Rarely the frobnicator has spoken.]
"""


def overlaid(folder: Path, *texts: str) -> Rulebook:
    """The packs with the user's files over them."""
    paths = [folder / f"own{number}.yaml" for number, _ in enumerate(texts)]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text)
    return load_rulebook("auto", paths)


def problems(folder: Path, *texts: str) -> list[str]:
    """What is wrong with them: ``own0.yaml:3:5: ...``."""
    with pytest.raises(Problems) as caught:
        overlaid(folder, *texts)
    return [str(each).replace(f"{folder}/", "") for each in caught.value.problems]


def named(rulebook: Rulebook) -> dict[str, object]:
    return {rule.name: rule for rule in rulebook.rules}


# ------------------------------------------------------------------ mistakes


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (changed("weight:", "weigth:"), ":4:5: “weigth” is not known here. Did you mean `weight`?"),
        (changed("- text:", "- txt:"), ":6:9: “txt” is not known here. Did you mean `text`?"),
        (changed("- before:", "- befor:"), ":8:9: “befor” is not known here. Did you mean `before`?"),
        (changed("rules:", "rulez:"), ":1:1: “rulez” is not known here. Did you mean `rules`?"),
        (GOOD + "offf: []\n", ":11:1: “offf” is not known here. Did you mean `off`?"),
        (GOOD + "unheard of: 1\n", ":11:1: “unheard of” is not known here."),
        (changed("meaning: rejection", "meaning: no"), ":3:14: This must be one of 'rejection', 'filled',"),
        (changed("decisive", "heavy"), ":4:13: This must be 'decisive', 'strong' or 'weak'."),
        (changed("    meaning: rejection\n", ""), ":2:5: A rule says exactly one thing: a meaning, a flag,"),
        (changed("meaning: rejection", "meaning: none"), ":2:5: “none” is what remains when no rule holds;"),
        (
            changed("meaning: rejection", "meaning: rejection\n    flag: talent_pool"),
            ":2:5: A rule says exactly one thing",
        ),
        (changed("en/frobnicator", "Frobnicator"), ":2:11: This must be lower-case letters, digits and hyphens."),
        (changed("en/frobnicator", "xx/frobnicator"), ":2:11: There is no language “xx” here."),
        (changed("rule: en/frobnicator\n    ", ""), ":2:5: “rule” is missing here."),
        (changed("    hits: [The frobnicator has spoken.]\n", ""), ":2:5: “hits” is missing here."),
        (changed("    misses: [Rarely the frobnicator has spoken.]\n", ""), ":2:5: “misses” is missing here."),
        (changed("misses: [Rarely the frobnicator has spoken.]", "misses: []"), ":10:13: This needs at least one"),
        (changed("hits: [The frobnicator has spoken.]", "hits:"), ":9:5: This must be a list."),
        (changed("hits: [The frobnicator has spoken.]", "hits: [1984]"), ":9:12: This must be text. Put it in quotes."),
        (changed("[The frobnicator has", "[It has"), ":9:12: en/frobnicator: This rule does not match its own hit."),
        (
            changed("[Rarely the frobnicator", "[So the frobnicator"),
            ":10:14: en/frobnicator: This rule matches what it should miss.",
        ),
        (changed("text: the", "text: (the"), ":6:15: This is no pattern: missing )."),
        (changed("text: the", "text: \\bthe"), ":6:15: “\\b” is not used here. Word boundaries are added by"),
        (changed("text: the", "text: '{thee}'\n      - text: the"), ":6:15: The vocabulary has no {thee}."),
        (changed("text: the frobnicator has spoken", "text: ' - '"), ":6:15: This pattern is empty."),
        (changed("text: the frobnicator has spoken", "text: a{1000}{1000}"), ":6:15: This is no pattern: "),
        (changed("text: the", "text: the\n        subject: the"), ":6:9: Exactly one of text, subject belongs here."),
        (changed("before: rarely", "before: (rarely"), ":8:17: This is no pattern: missing )."),
        (
            changed("      - text: the frobnicator has spoken\n", "      - the\n"),
            ":6:9: This must be a mapping of names",
        ),
        (changed("meaning: rejection", "tone: block"), ":2:11: Tone rules belong into a pack's tone.yaml;"),
        (GOOD + "off: [en/going-on-with-other]\n", ":11:7: There is no rule “en/going-on-with-other” to switch off."),
        (GOOD + "vocabulary: {a thing: 7}\n", ":11:23: This must be text, or a list of texts."),
        (GOOD + 'vocabulary: {"{a}": b}\n', ":11:14: A name in the vocabulary begins with a letter and holds"),
        (GOOD + "vocabulary: {a: (b}\n", ":11:17: This is no pattern."),
        (GOOD + GOOD.partition("\n")[2], ":11:11: “en/frobnicator” is defined twice; see line 2 of own0.yaml."),
        ("just words\n", ":1:1: This must be a mapping of names to values."),
        ("rules: [\n", ":2:1: This is not YAML: "),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    """Line and column of the very word, and what would be right; each mistake once."""
    found = problems(tmp_path, text)
    assert [each for each in found if each.startswith(f"own0.yaml{told}")] == found
    assert len(found) == 1


def test_a_near_name_is_offered(tmp_path: Path) -> None:
    """For keys, rules and vocabulary alike."""
    found = problems(
        tmp_path,
        changed("text: the", "text: '{regrets}'\n      - text: the") + "off: [en/going-on-with-other]\n",
        changed("weight:", "wait:"),
    )
    near = [each.partition("Did you mean ")[2] for each in found]
    assert near == ["`regret`?", "`en/going-on-with-others`?", "`weight`?"]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """Those of all files, each in the order of its lines."""
    first = changed("weight:", "weigth:").replace("misses: [Rarely the frobnicator has spoken.]", "misses: []")
    second = changed("text: the", "text: (the").replace("before: rarely", "before: (rarely") + "off: [en/nothing]\n"
    found = [each.split(": ")[0] for each in problems(tmp_path, first, second)]
    assert found == ["own0.yaml:4:5", "own0.yaml:10:13", "own1.yaml:6:15", "own1.yaml:8:17", "own1.yaml:11:7"]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """With its name, beside the mistakes of the others."""
    with pytest.raises(Problems) as caught:
        load_rulebook("auto", [tmp_path / "none.yaml"])
    assert str(caught.value) == f"{tmp_path}/none.yaml:1:1: This file cannot be read: No such file or directory."


def test_a_mistake_in_a_pack_is_told_with_its_file(tmp_path: Path) -> None:
    """Of every file of the folder at once; tone rules and others are kept apart."""
    pack = tmp_path / "en"
    shutil.copytree(PACKS / "en", pack)
    (pack / "interview.yaml").write_text(GOOD.replace("en/", "").replace("meaning: rejection", "tone: block"))
    (pack / "feedback.yaml").write_text(GOOD.replace("en/", "").replace("weight:", "weigth:"))
    (pack / "tone.yaml").write_text(GOOD.replace("en/frob", "gramm"))
    (pack / "reading.yaml").write_text((PACKS / "en/reading.yaml").read_text().replace("language: en", "langauge: en"))
    with pytest.raises(Problems) as caught:
        load_pack(pack)
    assert "“langauge” is not known here. Did you mean `language`?" in str(caught.value)
    shutil.copy(PACKS / "en/reading.yaml", pack)
    with pytest.raises(Problems) as caught:
        load_pack(pack)
    found = [str(each).removeprefix(f"{pack}/") for each in caught.value.problems]
    assert [each.split(": ")[0] for each in found] == ["feedback.yaml:4:5", "interview.yaml:2:11", "tone.yaml:2:11"]
    assert "Only tone rules belong here" in found[2]


# ------------------------------------------------------------------ what a file makes


def test_a_rule_is_added(tmp_path: Path) -> None:
    """Under its language's name, with its place; nothing else changes."""
    before, after = named(load_rulebook()), named(overlaid(tmp_path, GOOD))
    assert set(after) - set(before) == {"en/frobnicator"}
    assert set(before) - set(after) == set()
    rule = next(rule for rule in overlaid(tmp_path, GOOD).rules if rule.name == "en/frobnicator")
    assert (rule.says, rule.weight, rule.language) == (Meaning.REJECTION, Weight.DECISIVE, "en")
    assert (rule.file, rule.line, rule.column) == (str(tmp_path / "own0.yaml"), 2, 11)


def test_a_rule_without_a_language_is_the_users_own(tmp_path: Path) -> None:
    """It stands beside the packs and runs on every mail."""
    rulebook = overlaid(tmp_path, GOOD.replace("en/", ""))
    (rule,) = rulebook.own
    assert (rule.name, rule.language) == ("own/frobnicator", None)


def test_a_rule_with_a_packs_name_replaces_it(tmp_path: Path) -> None:
    """The pack's own is gone, and the others stay."""
    before = named(load_rulebook())
    rulebook = overlaid(tmp_path, GOOD.replace("en/frobnicator", "en/going-on-with-others"))
    after = named(rulebook)
    assert set(after) == set(before)
    assert len(rulebook.rules) == len(before)
    changed_rules = [name for name, rule in after.items() if rule is not before[name]]
    assert changed_rules == ["en/going-on-with-others"]


def test_rules_are_switched_off(tmp_path: Path) -> None:
    """By name, and they alone."""
    before = named(load_rulebook())
    rulebook = overlaid(tmp_path, "off: [en/going-on-with-others, en/offers-feedback]\n")
    assert set(before) - set(named(rulebook)) == {"en/going-on-with-others", "en/offers-feedback"}
    assert before["en/offers-feedback"].says is Flag.FEEDBACK_OFFERED


def test_the_later_file_wins(tmp_path: Path) -> None:
    """Of two rules with one name in two files."""
    rulebook = overlaid(tmp_path, GOOD, GOOD.replace("decisive", "weak"))
    (rule,) = [rule for rule in rulebook.rules if rule.name == "en/frobnicator"]
    assert rule.weight is Weight.WEAK


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    """A user who has commented everything out has no rules of their own."""
    assert named(overlaid(tmp_path, "# nothing yet\n")).keys() == named(load_rulebook()).keys()


def test_a_list_alone_is_a_file_of_rules(tmp_path: Path) -> None:
    """Without the key `rules:`; the places stay right."""
    alone = GOOD.partition("\n")[2]
    assert "en/frobnicator" in named(overlaid(tmp_path, alone))
    assert problems(tmp_path, alone.replace("[The frob", "[A frob"))[0].startswith("own0.yaml:8:12: ")


def test_the_users_vocabulary_reaches_the_users_rules(tmp_path: Path) -> None:
    """And stands beside the pack's own."""
    text = changed("text: the frobnicator has", 'text: "{things} .. {regret} .. has').replace(
        "has spoken\n", 'has spoken"\n'
    )
    text = (
        text.replace("[The frobnicator has", "[The gadget sadly has")
        + "vocabulary: {things: [the frobnicator, the gadget]}\n"
    )
    assert "en/frobnicator" in named(overlaid(tmp_path, text))
    assert "The vocabulary has no {regret}." in problems(tmp_path, text.replace("en/", ""))[0]


def test_english_is_always_there() -> None:
    """Whatever languages are asked for; a language without a pack is a problem."""
    assert set(load_rulebook(["de"]).packs) == {"de", "en"}
    assert set(load_rulebook().packs) == set(available())
    with pytest.raises(Problems, match=r"xx/reading\.yaml:1:1: This file cannot be read"):
        load_rulebook(["xx"])


def test_a_broken_edit_leaves_the_packs_alone(tmp_path: Path) -> None:
    """A rulebook is made whole or not at all."""
    with pytest.raises(Problems):
        overlaid(tmp_path, changed("decisive", "heavy"))
    assert "en/frobnicator" not in named(load_rulebook())


def test_the_schema_knows_every_key_that_loading_knows() -> None:
    """An editor that completes by the schema proposes what loads, with a word on each."""
    schema = rules_schema()
    rule = schema["$defs"]["RuleForm"]["properties"]
    assert {"rule", "meaning", "flag", "cue", "weight", "any of", "all of", "none of", "hits", "misses"} <= set(rule)
    assert all(key in ("hits", "misses", "rule") or rule[key].get("description") or "$ref" in rule[key] for key in rule)
    assert set(schema["$defs"]["Meaning"]["enum"]) == {meaning.value for meaning in Meaning}
    assert set(schema["$defs"]["Tone"]["enum"]) == {tone.value for tone in Tone}
    assert schema["oneOf"][0]["items"] == {"$ref": "#/$defs/RuleForm"}
    assert set(schema["oneOf"][1]["properties"]) == {
        *("vocabulary", "rules", "off", "employers", "senders", "agencies", "letters", "tone")
    }


def test_the_schema_in_the_package_is_the_one_in_force() -> None:
    """For editors that want a file. Made by: afterword rules schema > rules/rules.schema.json"""
    kept = (PACKS.parent / "rules.schema.json").read_text("utf-8")
    assert json.loads(kept) == rules_schema()
