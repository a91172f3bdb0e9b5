"""What the documentation tells people to type works."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main

from agent.cli import app
from agent.config.load import load

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")), ROOT / "deploy/config.example.yaml"]
_TYPED = re.compile(r"(?m)^```\w*\n(.*?)^```$|`([^`\n]+)`", re.DOTALL)


def typed(page: Path, program: str) -> Iterator[list[str]]:
    """The arguments of every call of a program that a page shows, in a block or within a sentence."""
    for block, span in _TYPED.findall(page.read_text()):
        for line in (block or span).splitlines():
            words = re.sub(r"#.*", "", line).split()
            if words and words[0].rpartition("/")[2] == program:
                yield words[1:]


def known(words: list[str]) -> bool:
    """Whether Afterword has such a command; what follows it, and what stands for something else, is not looked at."""
    command = typer.main.get_command(app)
    for word in words:
        below = getattr(command, "commands", None)
        if not below or word.startswith("-") or word.isupper():
            return True
        if word not in below:
            return False
        command = below[word]
    return True


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_exists(page: Path) -> None:
    """Each `afterword ...` in the documentation is a command there is."""
    assert [words for words in typed(page, "afterword") if not known(words)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_exists(page: Path) -> None:
    """Each `make ...` is a target of the Makefile."""
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text()))
    assert [words for words in typed(page, "make") if words and words[0] not in targets] == []


def test_the_readme_shows_commands() -> None:
    """The tests above look at something."""
    shown = list(typed(ROOT / "README.md", "afterword"))
    assert ["config", "check"] in shown
    assert [words for words in typed(ROOT / "README.md", "make") if words][:2] == [["demo"], ["test"]]


def test_a_command_that_is_not_there_would_be_noticed() -> None:
    """The look-up says no to a word that is no command, on both levels."""
    assert known(["config", "check"])
    assert not known(["fetch"])
    assert not known(["config", "chekc"])


def test_the_smallest_configuration_loads(tmp_path: Path) -> None:
    """The YAML of the getting-started page is right: the first block whole, the others as an account's part of it."""
    blocks = re.findall(r"(?ms)^```yaml\n(.*?)^```$", (ROOT / "docs/getting-started.md").read_text())
    config = tmp_path / "config.yaml"
    config.write_text(blocks[0])
    assert load(config).account("home") is not None
    config.write_text("me: {name: Ana Sousa}\n" + blocks[1])
    assert load(config).accounts[0].connector == "maildir"


def test_the_python_that_is_asked_for_is_the_python_that_is_needed() -> None:
    """README, getting-started page and Makefile name the version of pyproject.toml."""
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"].removeprefix(">=")
    for name in ("README.md", "docs/getting-started.md", "Makefile"):
        assert set(re.findall(r"Python (3\.\d+)", (ROOT / name).read_text())) == {needed}, name
