"""How the story looks in a terminal: headings, paragraphs, rows, letters. At most 88 columns, also when piped."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo

from rich import box
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

_WIDEST = 88

Part = str | tuple[str, str]
"""Words, or words and their style."""


class Page:
    """Prints; knows nothing of cases."""

    def __init__(self, console: Console, zone: tzinfo) -> None:
        self._console = console
        self._zone = zone

    def heading(self, text: str) -> None:
        """The beginning of a step."""
        self._print(Rule(Text(text, style="bold"), align="left", style="dim"))
        self._print(Text())

    def say(self, *parts: Part) -> None:
        """One paragraph."""
        self._print(Text.assemble(*parts))
        self._print(Text())

    def rows(self, rows: Iterable[Sequence[Part]]) -> None:
        """Rows in columns; the last column takes what is left and wraps."""
        table = Table.grid(padding=(0, 2))
        for row in rows:
            table.add_row(*(Text.assemble(part) for part in row))
        self._print(Padding(table, (0, 0, 1, 2)))

    def letter(self, where: str, fields: Iterable[tuple[str, str]], text: str) -> None:
        """A mail as a person sees it."""
        head = Table.grid(padding=(0, 2))
        for name, value in fields:
            head.add_row(Text(name, style="dim"), Text(value))
        body = Table.grid()
        body.add_row(head)
        body.add_row(Text())
        body.add_row(Text(text.strip()))
        self._print(Panel(body, box=box.ROUNDED, title=Text(where, style="bold"), title_align="left", padding=(1, 2)))
        self._print(Text())

    def moment(self, at: datetime, now: datetime) -> str:
        """``today 14:20``, ``tomorrow 10:15``, ``Thursday 26 November, 11:00``."""
        local, today = at.astimezone(self._zone), now.astimezone(self._zone).date()
        near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((local.date() - today).days)
        return f"{near} {local:%H:%M}" if near else f"{local:%A} {self.day(at)}, {local:%H:%M}"

    def day(self, at: datetime) -> str:
        """``26 November``."""
        local = at.astimezone(self._zone)
        return f"{local.day} {local:%B}"

    def _print(self, what: RenderableType) -> None:
        self._console.print(what, width=min(self._console.width, _WIDEST), soft_wrap=False)


def span(length: timedelta) -> str:
    """``22 h``, ``40 min``."""
    minutes = round(length.total_seconds() / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest and hours < 10 else f"{hours} h"
