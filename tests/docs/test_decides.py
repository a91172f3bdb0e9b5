"""docs/decides.md shows what Afterword prints: every box on it is printed anew and compared.

AFTERWORD_WRITE_PAGES=1 writes the page instead.
"""

import os
import re
import textwrap
from pathlib import Path

from connectors.message import Address
from connectors.message.parse import parse
from docs.pictures.sample import NOW, Desk, desk
from rules.reading import visible

PAGE = Path(__file__).parents[2] / "docs/decides.md"
_COLUMNS = 84
"""As many as the site shows without a bar to scroll by."""
_BOX = re.compile(r"(?ms)^<!-- (mail|printed|draft): ([^>]+) -->\n(?:\n```text\n.*?\n```\n)?")


def filled(page: str, sample: Desk) -> str:
    """The page with every box as it is now."""

    def box(marker: re.Match[str]) -> str:
        kind, what = marker.groups()
        match kind:
            case "mail":
                shown = mail(sample, what)
            case "draft":
                shown = draft(sample, what)
            case _:
                shown = printed(sample, what)
        return f"<!-- {kind}: {what} -->\n\n```text\n{shown}\n```\n"

    return _BOX.sub(box, page)


def printed(sample: Desk, what: str) -> str:
    """A command and what it prints; behind a bar, the heading of the part that is shown."""
    command, _, part = what.partition(" | ")
    told = sample.printed(*command.split(), columns=_COLUMNS)
    if part:
        told = "...\n\n" + next(block for block in told.split("\n\n") if block.startswith(part)) + "\n\n..."
    return f"$ afterword {' '.join(sample.command(*command.split()))}\n\n{told}"


def mail(sample: Desk, name: str) -> str:
    """A mail as a person reads it."""
    message = parse(sample.mail(name).read_bytes(), arrived=NOW, outgoing=False)
    lines = (textwrap.fill(line, _COLUMNS) for line in visible(message).strip().splitlines())
    return "\n".join((f"From: {_person(message.sender)}", f"Subject: {message.subject}", "", *lines))


def draft(sample: Desk, to: str) -> str:
    """A draft, with the lines of its head that a mail program shows."""
    message = parse(sample.draft(to).as_bytes(), arrived=NOW, outgoing=True)
    lines = (textwrap.fill(line, _COLUMNS) for line in (message.text or "").strip().splitlines())
    return "\n".join((f"To: {_person(message.to[0])}", f"Subject: {message.subject}", "", *lines))


def _person(address: Address | None) -> str:
    return f"{address.name} <{address.address}>" if address else ""


def test_the_boxes_are_what_is_printed() -> None:
    """A rule, a wording or a sentence that changes changes the page."""
    page = PAGE.read_text(encoding="utf-8")
    assert len(_BOX.findall(page)) == 10
    with desk() as sample:
        now = filled(page, sample)
    if os.environ.get("AFTERWORD_WRITE_PAGES"):
        PAGE.write_text(now, encoding="utf-8")
    else:
        assert page == now, "docs/decides.md is old; AFTERWORD_WRITE_PAGES=1 writes it anew"
