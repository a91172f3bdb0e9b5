"""The pictures of the lessons page: a real page of an invented year, as Chromium shows it.

python -m docs.pictures.lessons        (Debian: apt-get install chromium)
"""

import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from agent.case import opened, replay
from agent.case.events import CaseId
from agent.lessons import gather
from agent.lessons.page import page, write
from rules.load import load_rulebook
from tests.agent.learnt import a_year

HERE = Path(__file__).parent
BROWSER = "chromium"
NOW = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)

DARK = "--blink-settings=preferredColorScheme=0"
"""Chromium's setting for a page's ``prefers-color-scheme``: 0 is dark."""


def take_lessons(folder: Path = HERE) -> None:
    """Light on a desk, dark on a phone."""
    with tempfile.TemporaryDirectory() as home:
        file = Path(home) / "lessons.html"
        histories = [(CaseId(f"case{number:02}"), events) for number, events in enumerate(a_year(NOW))]
        cases = [replay(opened(name, events[0].at), events) for name, events in histories]
        write(page(gather(cases, load_rulebook()), UTC, NOW), file)
        photograph(file, folder / "lessons.png", 1000, 1500)
        photograph(file, folder / "lessons-phone.png", 390, 1590, DARK)


def photograph(file: Path, to: Path, width: int, height: int, *more: str) -> None:
    """One picture of a file, in a window of that size."""
    rootless = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses to sandbox root; the page is ours
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                BROWSER,
                "--headless",
                *rootless,
                f"--user-data-dir={profile}",
                "--hide-scrollbars",
                f"--window-size={width},{height}",
                f"--screenshot={to}",
                *more,
                file.as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=60,
        )


if __name__ == "__main__":
    if shutil.which(BROWSER) is None:
        sys.exit(f"not installed: {BROWSER}. See the first lines of {__file__}")
    take_lessons()
