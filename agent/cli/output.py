"""Printing: people's text for terminals, JSON for programs."""

import json
import os
import sys
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta

from rich.console import Console
from rich.text import Text

from rules.source import Problem

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co"})
"""Unicode categories that a mail could use to steer the terminal or to turn the reading direction."""


_WHOLE_LINES = 1000
"""Columns. Nobody reads a pipe by its width, and a line that is broken cannot be searched for."""


def console(*, page: bool = False) -> Console:
    """Standard output: colours only for a terminal and without NO_COLOR; nothing in the text is taken for markup.

    A pipe gets whole lines, unless it is a ``page`` that is laid out for reading.
    """
    width = None if page or sys.stdout.isatty() or os.environ.get("COLUMNS") else _WHOLE_LINES
    return Console(markup=False, highlight=False, emoji=False, width=width)


def plain(text: str) -> str:
    """Text of a mail that cannot steer the terminal; line breaks stay."""
    kept = (sign for sign in text.expandtabs(4) if sign == "\n" or unicodedata.category(sign) not in _HIDDEN)
    return "".join(kept)


def line(text: str) -> str:
    """The same on one line."""
    return " ".join(plain(text).split())


def styled(*parts: str | tuple[str, str]) -> Text:
    """Text with styles, cleaned of whatever could steer the terminal. A word too long for its line is broken, not cut:
    addresses are copied."""
    cleaned = (plain(part) if isinstance(part, str) else (plain(part[0]), part[1]) for part in parts)
    return Text.assemble(*cleaned, overflow="fold")


def complain(sentence: str) -> None:
    """Say it on standard error: on a terminal broken between words, elsewhere in whole lines."""
    out = Console(stderr=True, markup=False, highlight=False, emoji=False)
    out.print(plain(sentence), soft_wrap=not out.is_terminal)


def warned(problem: Problem) -> Text:
    """What is allowed in a file but looks odd, with its place."""
    return styled(f"{problem.file}:{problem.line}:{problem.column}: ", ("warning: ", "yellow"), problem.sentence)


def emit(value: object, *, indent: int | None = 2) -> None:
    """Write JSON to standard output as UTF-8, whatever the terminal's charset is.

    File names that are no UTF-8 come as lone surrogates, which stay escaped: ``\\udcff`` is JSON's own escape for them.
    """
    body = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False) + "\n"
    sys.stdout.flush()
    sys.stdout.buffer.write(body.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def moment(at: datetime | None) -> str | None:
    """ISO 8601 with offset, to the second, for JSON."""
    return at.isoformat(timespec="seconds") if at else None


def span(length: timedelta) -> str:
    """A length as people say it: ``3 d 4 h``, ``5 h 20 min``, ``40 min``."""
    minutes = int(abs(length).total_seconds() // 60)
    days, hours, minutes = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min"


def counted(number: int, one: str, many: str | None = None) -> str:
    """``1 rule``, ``3 rules``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def listed(words: Iterable[str]) -> str:
    """``a, b, c``."""
    return ", ".join(words)
