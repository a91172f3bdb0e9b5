"""The demo's mailbox on a day that stands still, with Afterword at work in it: what pages and pictures show of it."""

import contextlib
import io
import json
import mailbox
import os
import random
import re
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from unittest.mock import patch

from agent.cli import clock, main
from agent.demo.sample import Sample

NOW = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)
"""A Wednesday at noon. Brightwater has said no at ten, Halden at seven."""

_FIRST_LOOK = NOW - timedelta(minutes=118)
_MAILS = files("agent.demo") / "mails" / "inbox"


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A folder with the mailbox, a configuration and a store, after one pass over it."""

    home: Path
    cases: Mapping[str, str]
    """The number of each case by its employer."""

    def command(self, *words: str) -> list[str]:
        """These words with the number of a case in place of its employer."""
        return [self.cases.get(word, word) for word in words]

    def printed(self, *words: str, columns: int = 100, coloured: bool = False) -> str:
        """What a command writes to standard output; a mail of the demo is named by its file."""
        given = [str(self.mail(word)) if word.endswith(".eml") else word for word in self.command(*words)]
        lines = _told(self.home, *given, columns=columns, coloured=coloured).splitlines()
        return "\n".join(line.rstrip() for line in lines)

    def mail(self, name: str) -> Path:
        """Where the mail lies that was made from this file of the demo."""
        wanted = re.search(r"(?m)^Message-ID: (.+)$", (_MAILS / name).read_text(encoding="utf-8"))
        if wanted is None:
            raise LookupError(f"{name} has no Message-ID")
        lying = (path for part in ("new", "cur") for path in (self.home / "Mail" / part).iterdir())
        return next(path for path in lying if f"Message-ID: {wanted[1]}\n".encode() in path.read_bytes())

    def draft(self, to: str) -> mailbox.MaildirMessage:
        """What lies in Drafts for that person."""
        drafts = mailbox.Maildir(self.home / "Mail" / ".Drafts", create=False)
        return next(each for each in drafts if to in str(each["To"]))


@contextlib.contextmanager
def desk() -> Iterator[Desk]:
    """The mailbox, filled and looked at once, two hours ago.

    The numbers of cases, which are drawn by lot, and the wordings, which depend on them, are the same each time.
    """
    lot = random.Random(1)  # noqa: S311 - numbers to show, not to keep anybody out
    with tempfile.TemporaryDirectory() as folder, patch.object(secrets, "choice", lot.choice):
        home = Path(folder)
        Sample(home / "Mail", NOW, UTC).fill()
        config = (files("agent.demo") / "config.yaml").read_text(encoding="utf-8")
        (home / "config.yaml").write_text(config.replace("clock:", "clock:\n  timezone: UTC"), encoding="utf-8")
        _told(home, "check", now=_FIRST_LOOK)
        cases = json.loads(_told(home, "status", "--json"))["cases"]
        yield Desk(home=home, cases={case["employer"]: case["id"] for case in cases})


def _told(home: Path, *command: str, now: datetime = NOW, columns: int = 100, coloured: bool = False) -> str:
    written = io.BytesIO()
    out = io.TextIOWrapper(written, encoding="utf-8", write_through=True)
    colours = {"FORCE_COLOR": "1", "TERM": "xterm-256color", "COLORTERM": ""} if coloured else {"NO_COLOR": "1"}
    plain = {name: value for name, value in os.environ.items() if name not in ("FORCE_COLOR", "NO_COLOR")}
    with (
        patch.dict(os.environ, {**plain, **colours, "COLUMNS": str(columns)}, clear=True),
        patch.object(clock, "now", lambda: now),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(io.StringIO()) as trouble,
    ):
        code = main(["--config", str(home / "config.yaml"), *command])
    if code != 0:
        raise RuntimeError(f"`afterword {' '.join(command)}` failed: {trouble.getvalue()}")
    return written.getvalue().decode()
