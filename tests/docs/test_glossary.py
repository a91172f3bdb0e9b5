"""docs/glossary.md explains every word that the commands print, and none that there is not."""

import re
from pathlib import Path

from agent.case import Fate, LetterKind, Outcome, State
from rules.verdict import Flag, Meaning, Stage

PAGE = (Path(__file__).parents[2] / "docs/glossary.md").read_text(encoding="utf-8")


def rows(head: str) -> set[str]:
    """The words in the first column of the table with that head."""
    table = PAGE.partition(f"\n| `{head}` |")[2].partition("\n\n")[0]
    return {word for row in table.splitlines() for word in re.findall(r"`(\w+)`", row.partition(" | ")[0])}


def test_every_word_has_its_row() -> None:
    """Meanings, fates, states and outcomes."""
    assert rows("meaning") == set(Meaning)
    assert rows("fate") == set(Fate)
    assert rows("state") == set(State)
    assert rows("outcome") == set(Outcome)


def test_every_other_word_is_named() -> None:
    """Stages, flags and letters."""
    assert [word for word in (*Stage, *Flag, *LetterKind) if f"`{word}`" not in PAGE] == []
