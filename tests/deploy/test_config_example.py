"""The example configuration is right as it stands, and with each of its suggestions taken up."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from agent.config.load import load, schema

EXAMPLE = Path(__file__).parents[2] / "deploy/config.example.yaml"
BLOCKS = re.split(r"\n{2,}", EXAMPLE.read_text())
SUGGESTED = [block for block in BLOCKS if re.match(r"( *)# (- )?\w+:", block)]


def uncommented(block: str) -> str:
    return re.sub(r"(?m)^( *)# ?", r"\1", block)


def test_it_loads_as_it_stands(tmp_path: Path) -> None:
    """Whoever copies it and fills in three values has a configuration."""
    config = tmp_path / "config.yaml"
    config.write_text(EXAMPLE.read_text())
    settings = load(config)
    assert settings.me.name == "Ana Sousa"
    assert [account.connector for account in settings.accounts] == ["imap"]


@pytest.mark.parametrize("block", SUGGESTED, ids=lambda block: block.split(":")[0].strip(" #-\n"))
def test_each_suggestion_is_right(block: str, tmp_path: Path) -> None:
    """Taking away the `#` in front of a block gives a configuration that loads."""
    (tmp_path / "my-rules.yaml").touch()
    config = tmp_path / "config.yaml"
    config.write_text(EXAMPLE.read_text().replace(block, uncommented(block)))
    assert load(config).me.name == "Ana Sousa"


def test_what_it_calls_the_default_is_the_default(tmp_path: Path) -> None:
    """The comments do not lie about what holds when they are left alone."""
    config = tmp_path / "config.yaml"
    config.write_text(EXAMPLE.read_text())
    plain = load(config)
    for block in SUGGESTED:
        if block.startswith(("# follow_up", "# lookback")):
            config.write_text(EXAMPLE.read_text().replace(block, uncommented(block)))
            (tmp_path / "my-rules.yaml").touch()
            told = load(config)
            assert (told.follow_up, told.brake, told.lookback) == (plain.follow_up, plain.brake, timedelta(days=3))


def test_it_names_every_key() -> None:
    """Whatever may stand in the file stands in the example, but for what belongs to connectors still to come."""
    later = {"endpoint"}
    parts = [schema(), *schema()["$defs"].values()]
    keys = {key for part in parts for key in part.get("properties", {})}
    named = set(re.findall(r"\b(\w+):", EXAMPLE.read_text()))
    assert keys - later - named == set()
