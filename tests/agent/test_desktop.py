"""The extra `desktop`: alerts through desktop-notifier, where the desktop has no program of its own for them."""

import sys
from pathlib import Path

import pytest

from agent import alerts
from agent.alerts import deliver
from tests.agent.test_alerts import ALERT, settings

LIBRARY = """\
import pathlib

class DesktopNotifierSync:
    def __init__(self, app_name):
        self.app_name = app_name

    def send(self, title, message):
        pathlib.Path(__file__).with_name("told").write_text("|".join((self.app_name, title, message)))
"""
"""What stands in for the library: the two calls of it that are made."""


def test_the_library_is_asked_where_there_is_no_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows; in a process of its own, with the words as arguments and without markup."""
    (tmp_path / "desktop_notifier.py").write_text(LIBRARY)
    monkeypatch.setattr(alerts.shutil, "which", lambda _: None)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{Path(__file__).parents[2]}")
    deliver(ALERT, settings(desktop=True))
    app, title, body = (tmp_path / "told").read_text().split("|")
    assert app == "Afterword"
    assert title.startswith("2 h left to ask")
    assert ("&lt;within&gt;" if sys.platform == "linux" else "<within>") in body


def test_without_program_and_library_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing breaks."""
    monkeypatch.setattr(alerts.shutil, "which", lambda _: None)
    monkeypatch.setattr(alerts, "find_spec", lambda _: None)
    assert alerts._desktop(ALERT) is None
