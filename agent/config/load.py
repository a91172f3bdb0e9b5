"""One YAML file to frozen settings, or every problem at once with its line and column."""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import ValidationError

from agent.config import wording
from agent.config.build import settings
from agent.config.schema import ConfigPart
from agent.config.settings import Settings
from agent.config.version import brought_up
from rules.source import Node, Plain, Problem, Problems, close_to, read_file

ENVIRONMENT = "AFTERWORD_CONFIG"


class NoConfig(Exception):
    """There is no configuration file. Its text says where it is looked for and how to make one."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"There is no configuration file {path}. `afterword init` makes one. Or write your name and one mailbox "
            "into it yourself, for example\n\n"
            "    version: 1\n"
            "    me: {name: Ana Sousa}\n"
            "    accounts:\n"
            "      - name: home\n"
            "        connector: imap\n"
            "        address: ana@example.org\n"
            "        host: imap.example.org\n"
            "        password: {command: [pass, show, mail/home]}\n\n"
            "then run `afterword config check`. To keep it elsewhere, use `--config PATH` or AFTERWORD_CONFIG."
        )


def is_named(path: Path | None) -> bool:
    """Whether the user said which file: one that is named must be there."""
    return path is not None or bool(os.environ.get(ENVIRONMENT))


def locate(path: Path | None) -> Path:
    """The config file: the one asked for, else ``$AFTERWORD_CONFIG``, else the usual place."""
    if path is None and (named := os.environ.get(ENVIRONMENT)):
        path = Path(named)
    if path is None:
        path = platformdirs.user_config_path("afterword", appauthor=False) / "config.yaml"
    return path.expanduser().absolute()


def load(path: Path | None) -> Settings:
    """The settings of the config file at ``path`` or where ``locate`` finds it.

    Raises ``NoConfig``, or ``Problems`` with every mistake in the file.
    """
    source = locate(path)
    if not source.exists():
        raise NoConfig(source)
    root = brought_up(read_file(source))
    problems = list(_across(root))
    try:
        config = ConfigPart.model_validate(_given(root.plain()) or {}, context={"base": source.parent})
    except ValidationError as failed:
        found = failed.errors(include_url=False)
        raise Problems([*problems, *(wording.problem(error, root, schema()) for error in found)]) from None
    if problems:
        raise Problems(problems)
    return settings(config, source)


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the config file, for completion in editors."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **ConfigPart.model_json_schema()}


def _given(plain: Plain) -> object:
    """What the file says; a key without a value, or with ``null``, is as good as left out, and so is an empty file."""
    if isinstance(plain, dict):
        return {key: _given(value) for key, value in plain.items() if value is not None}
    if isinstance(plain, list):
        return [_given(each) for each in plain]
    return plain


def _across(root: Node) -> Iterator[Problem]:
    """Mistakes between parts of the file that may each be right, or wrong for another reason."""
    named = [name for account in _items(root.get("accounts")) if (name := account.get("name"))]
    taken: set[str] = set()
    for name in named:
        if str(name.value) in taken:
            yield name.problem(f"Two accounts are called `{name.value}`. Give each a name of its own.")
        taken.add(str(name.value))
    for entry in _items(root.get("policy")):
        asked = when.get("account") if (when := entry.get("when")) else None
        for account in _items(asked) or ([asked] if asked else []):
            if account.value not in taken:
                near = close_to(str(account.value), sorted(taken))
                yield account.problem(f"There is no account `{account.value}` in this file.{near}")


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.value if node and isinstance(node.value, tuple) else ()
