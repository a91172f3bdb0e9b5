"""The pictures of the terminal: what the commands print, with their colours, as SVG.

python -m docs.pictures.screens        (needs nothing but Afterword)
"""

import io
import re
import sys
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

from agent.demo import run_demo
from docs.pictures.sample import desk

HERE = Path(__file__).parent

_COLUMNS = 100
_SCREENS: dict[str, tuple[str, ...]] = {
    "status.svg": ("status",),
    "show.svg": ("show", "Brightwater"),
    "why.svg": ("why", "brightwater-6-rejection.eml"),
    "letters.svg": ("letters", "preview", "enquiry", "--language", "en"),
}
_LONGEST = 48
"""Lines. What is longer is cut, and says so in its title."""


def take_screens(folder: Path = HERE) -> None:
    """Each command over the demo's mailbox, at noon of a day that stands still."""
    with desk() as sample:
        for name, command in _SCREENS.items():
            lines = sample.printed(*command, columns=_COLUMNS, coloured=True).splitlines()
            cut = " (the beginning)" if len(lines) > _LONGEST else ""
            console = _recording(_COLUMNS)
            console.print(Text.from_ansi("\n".join(lines[:_LONGEST])))
            _save(console, folder / name, f"afterword {' '.join(sample.command(*command))}{cut}")


def take_demo(folder: Path = HERE) -> None:
    """The demo as a terminal shows it."""
    console = _recording(88)
    if run_demo(None, console) != 0:
        sys.exit("the demo did not come to its end")
    _save(console, folder / "demo.svg", "afterword demo")


def _recording(columns: int) -> Console:
    return Console(record=True, width=columns, file=io.StringIO(), force_terminal=True, color_system="256")


def _save(console: Console, to: Path, title: str) -> None:
    """Without the web font that rich would have readers fetch."""
    form = re.sub(r"(?s)@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT)
    console.save_svg(str(to), title=title, code_format=form)


if __name__ == "__main__":
    take_demo()
    take_screens()
