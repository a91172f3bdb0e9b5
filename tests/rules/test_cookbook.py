"""docs/rules.md: its rules load, and its tables are whole."""

import re
from pathlib import Path

import pytest

from rules.load import Cue, Rulebook, load_rulebook
from rules.load.form import RuleForm
from rules.load.prove import matches
from rules.matching import Matcher
from rules.verdict import Flag, Meaning
from tests.rules.mails import verdict

PAGE = (Path(__file__).parents[2] / "docs/rules.md").read_text()
_YAML = re.compile(r"(?ms)^( *)```yaml\n(.*?)^\1```$")


def loaded(folder: Path, yaml: str) -> Rulebook:
    own = folder / "own.yaml"
    own.write_text(yaml)
    return load_rulebook("auto", [own])


def words(listed: str) -> set[str]:
    return set(re.findall(r"`(\w+)`", listed))


def test_every_block_loads(tmp_path: Path) -> None:
    """What the page shows can be copied."""
    blocks = _YAML.findall(PAGE)
    assert len(blocks) == 3
    for indent, block in blocks:
        loaded(tmp_path, re.sub(rf"(?m)^{indent}", "", block))


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its head."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]]


@pytest.mark.parametrize(("pattern", "hit", "miss"), rows("Patterns"), ids=lambda cell: cell)
def test_a_pattern_matches_as_the_page_says(tmp_path: Path, pattern: str, hit: str, miss: str) -> None:
    """Each row of the table is a rule with this hit and this miss."""
    written = pattern.strip("`").replace("'", "''")
    rule = f"- rule: en/shown\n  meaning: rejection\n  any of: [{{text: '{written}'}}]\n  hits: ['{hit}']\n"
    rulebook = loaded(tmp_path, f"{rule}  misses: ['{miss}']\n")
    (shown,) = (rule for rule in rulebook.packs["en"].rules if rule.name == "en/shown")
    matcher = Matcher([shown], rulebook.packs["en"].words)
    assert matches(matcher, hit)
    assert not matches(matcher, miss)


def test_every_cue_flag_and_meaning_is_told() -> None:
    """What a rule can say is what the page says it can."""
    assert [row[0].strip("`") for row in rows("What a rule can say")] == [cue.value for cue in Cue]
    section = PAGE.partition("\n## What a rule can say\n")[2].partition("**Cues**")[0]
    told = words(section)
    assert told == {meaning.value for meaning in Meaning} | {flag.value for flag in Flag}


def test_every_key_of_a_rule_is_told() -> None:
    """The keys that a user may write; those of tone rules and of lessons belong to other pages."""
    told = {key for row in rows("A rule") for key in re.findall(r"`([a-z ]+)(?:: \w+)?`", row[0])}
    assert told == {field.alias or name for name, field in RuleForm.model_fields.items()} - {
        "tone",
        "instead",
        "theme",
        "bearing",
    }


def test_weights_are_as_the_page_says() -> None:
    """Three together, and a subject is weak."""
    assert "`decisive` is 3, `strong` 2, `weak` 1" in PAGE
    no = "we decided to go with another candidate"
    assert verdict(f"Thank you for your application. {no}.").meaning is Meaning.REJECTION
    assert verdict("Thank you for your application.", subject=no).meaning is Meaning.RECEIPT
