"""The form of the config file: older ones are understood, newer ones refused."""

from dataclasses import replace
from pathlib import Path

import pytest

from agent.config.load import load
from agent.config.schema import ConfigPart
from agent.config.version import CONVERTERS, brought_up
from rules.source import Node, Problems, read

OLD = """\
version: 1
name: Ana Sousa
accounts: []
"""


def named(root: Node) -> Node:
    """Form 2 of days to come: the name moves below `me`."""
    assert isinstance(root.value, dict)
    rest = {key: node for key, node in root.value.items() if key != "name"}
    name = root.value["name"]
    return replace(root, value={**rest, "me": replace(name, value={"name": name})})


def shouted(root: Node) -> Node:
    """And form 3: in capitals."""
    assert isinstance(root.value, dict)
    me = root.value["me"]
    assert isinstance(me.value, dict)
    name = me.value["name"]
    return replace(root, value={**root.value, "me": replace(me, value={"name": replace(name, value="ANA")})})


def test_the_newest_form_is_the_one_that_the_schema_takes() -> None:
    """A new form needs its converter, and the other way round."""
    assert ConfigPart.model_fields["version"].annotation.__args__ == (len(CONVERTERS) + 1,)


def test_an_older_form_is_converted_step_by_step() -> None:
    """From wherever it stands, and each value keeps its line and column."""
    root = read(OLD, "config.yaml")
    once = brought_up(root, [named])
    assert once.plain() == {"version": 2, "accounts": [], "me": {"name": "Ana Sousa"}}
    place = once.problem("", ("me", "name"))
    assert (place.line, place.column) == (2, 7)
    assert brought_up(root, [named, shouted]).plain()["me"] == {"name": "ANA"}
    assert brought_up(once, [named, shouted]).plain()["me"] == {"name": "ANA"}
    assert brought_up(once, [named]).plain() == once.plain()


def test_a_file_that_says_nothing_has_the_first_form() -> None:
    """And gets no key that it did not have."""
    unsaid = read(OLD.replace("version: 1\n", ""), "config.yaml")
    assert brought_up(unsaid, [named]).plain() == {"accounts": [], "me": {"name": "Ana Sousa"}}


def test_a_newer_form_is_one_clear_sentence(tmp_path: Path) -> None:
    """Not a list of keys that this program cannot know; and the file stays as it is."""
    path = tmp_path / "config.yaml"
    path.write_text("me: {nickname: Ana}\nversion: 7\nfuture: yes\n")
    with pytest.raises(Problems) as told:
        load(path)
    [problem] = told.value.problems
    assert str(problem) == (
        f"{path}:2:10: This file has form 7, and this Afterword knows forms up to 1: it was written for a newer one. "
        "Install that, or write the file anew in form 1."
    )
    assert path.read_text().startswith("me: {nickname")


@pytest.mark.parametrize("version", ["0", "-1", "one", "1.5", "[1]", "{a: 1}"])
def test_what_is_no_version_is_a_mistake_like_others(tmp_path: Path, version: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(f"version: {version}\n")
    with pytest.raises(Problems) as told:
        load(path)
    assert len(told.value.problems) == 3


@pytest.mark.parametrize("text", ["", "- a\n", "word\n", "a: 1\n"])
def test_what_is_no_configuration_at_all_is_no_crash(text: str) -> None:
    root = read(text, "config.yaml")
    assert brought_up(root, [lambda node: node]).plain() == root.plain()
