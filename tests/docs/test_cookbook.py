"""The recipes of docs/cookbook.md are run as they stand: over the mail above each, without and with its file."""

import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from agent.cli.mails import Found
from agent.cli.opinion import Judge
from agent.config.settings import Clock, Me, Settings
from rules.lint import lint
from rules.verdict import Flag

PAGE = (Path(__file__).parents[2] / "docs/cookbook.md").read_text(encoding="utf-8")
_RECIPE = re.compile(
    r"(?ms)^## \d+\. ([^\n]+)\n.*?^```text\n(.*?)^```\n.*?^```yaml\n(.*?)^```\n\n"
    r"Without it: ([^\n]+)\. With it: ([^\n]+)\.$"
)
RECIPES = {found[0]: found[1:] for found in _RECIPE.findall(PAGE)}

_USUAL = "From: Jane Doe <jane.doe@acme.example>\n"
_HEAD = "To: Ana Sousa <ana@example.org>\nMessage-ID: <notice@acme.example>\n"


@cache
def judge(*rules: Path) -> Judge:
    """With the shipped rules, and with these files over them."""
    settings = Settings(
        me=Me(name="Ana"), accounts=(), clock=Clock(timezone=UTC), desktop_alerts=False, rules=rules,
        store="sqlite:///none", source=Path("none"),
    )  # fmt: skip
    return Judge(settings)


def said(mail: str, *rules: Path) -> set[str]:
    """What `afterword why` says of a mail: meaning, stage, flags, employer, and whom an answer would reach."""
    raw = ("" if mail.startswith("From:") else _USUAL) + _HEAD + mail
    form = judge(*rules).of_file(Found(path="", raw=raw.encode(), written=datetime(2026, 6, 1, tzinfo=UTC))).form()
    named = (f"employer {form['employer']}", f"answer to {form['correspondent']['address'] or 'nobody'}")
    return {form["meaning"], form["stage"], *form["flags"], *named} - {Flag.FORMAL, Flag.INFORMAL}


def words(listed: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", listed))


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_does_what_it_promises(tmp_path: Path, name: str) -> None:
    """It changes what the line below it says and nothing else."""
    mail, yaml, without, within = RECIPES[name]
    own = tmp_path / "my-rules.yaml"
    own.write_text(yaml, encoding="utf-8")
    before, after = said(mail), said(mail, own)
    assert words(without) <= before
    assert words(within) <= after
    assert (before - after, after - before) == (words(without) - words(within), words(within) - words(without))


def test_no_warning_stands_against_them(tmp_path: Path) -> None:
    """All ten at once, since looking takes seconds; so they get on with each other as well."""
    files = [tmp_path / f"{number}.yaml" for number in range(len(RECIPES))]
    for file, (_, yaml, _, _) in zip(files, RECIPES.values(), strict=True):
        file.write_text(yaml, encoding="utf-8")
    own = {str(file) for file in files}
    assert [each for each in lint(judge(*files).rulebook) if each.file in own] == []


def test_there_are_ten() -> None:
    """All of them are found by the test above, and each makes a difference."""
    assert len(RECIPES) == 10 == PAGE.count("\n## ")
    assert all(words(without) != words(within) for _, _, without, within in RECIPES.values())
