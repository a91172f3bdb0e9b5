"""The architecture page says what the code is."""

import re
from pathlib import Path

from agent.case import State, diagram

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/architecture.md").read_text()


def test_the_diagram_is_printed_from_the_table() -> None:
    """The picture of a case's life is the one that the table of transitions gives: paste what `diagram` gives."""
    [shown] = re.findall(r"(?ms)^```mermaid\n(.*?)^```$", PAGE)
    assert shown == diagram()
    assert all(state.value in shown for state in State)


def test_every_room_is_there() -> None:
    """Each path in the table of rooms exists, so a room that is renamed is renamed there too."""
    rooms = re.findall(r"(?m)^\| ((?:`[\w/.]+`(?:, )?)+) \|", PAGE)
    paths = [path for room in rooms for path in re.findall(r"`([\w/.]+/[\w/.]*)`", room)]
    assert len(paths) > 20
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_room_is_named() -> None:
    """No file or folder of the house is missing from the table, but for what only holds a folder together."""
    places = [
        path.relative_to(ROOT).as_posix() + ("/" if path.is_dir() else "")
        for layer in ("agent", "rules", "connectors")
        for path in (ROOT / layer).iterdir()
        if (path.suffix == ".py" or path.is_dir()) and path.name not in ("__init__.py", "__pycache__")
    ]
    assert [place for place in places if f"`{place}`" not in PAGE] == []
