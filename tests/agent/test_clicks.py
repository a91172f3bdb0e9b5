"""A click on a bubble opens the case: with a ``notify-send`` and a terminal of our own on PATH."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from agent import clicks
from agent.alerts import deliver
from agent.clicks import Clicks
from tests.agent.test_alerts import ALERT, program, settings

WORDS = 'printf "%s\\n" "$@"'


class Desk:
    """A desktop whose programs write down what they are called with."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clicks = Clicks(folder / "config.yaml")

    def has(self, name: str, body: str) -> None:
        program(self.folder / name, f'{WORDS} > "{self.folder}/half.$$"; mv "{self.folder}/half.$$" '
                f'"{self.folder}/{name}.$(date +%s%N)"; {body}')  # fmt: skip

    def calls(self, name: str, count: int = 1) -> list[list[str]]:
        """What the program was called with, once it was, within ten seconds."""
        end = time.monotonic() + 10
        while len(found := sorted(self.folder.glob(f"{name}.*"))) < count:
            assert time.monotonic() < end, f"{name} was started {len(found)} times"
            time.sleep(0.02)
        return [each.read_text().splitlines() for each in found]

    def never(self, name: str) -> bool:
        """Whether no bubble waits any more, and the program was not called."""
        end = time.monotonic() + 10
        while any(thread.name == "a bubble" for thread in threading.enumerate()):
            assert time.monotonic() < end, "a bubble still waits"
            time.sleep(0.02)
        return not list(self.folder.glob(f"{name}.*"))

    def tell(self, **other: object) -> None:
        deliver(replace(ALERT, **other), settings(desktop=True), self.clicks)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(clicks, "TERMINALS", (("no-terminal-here",), ("our-terminal", "-e")))
    found = Desk(tmp_path)
    yield found
    found.clicks.close()


def test_a_click_opens_the_case(desk: Desk) -> None:
    """The same bubble as without, and a terminal with the very installation and configuration of the daemon."""
    desk.has("notify-send", "echo default")
    desk.has("our-terminal", "exit 0")
    desk.tell()
    ((action, *bubble),) = desk.calls("notify-send")
    assert (action, bubble[:2], bubble[-2]) == (
        "--action=default=Open",
        ["-a", "Afterword"],
        "2 h left to ask <b>Acme</b> [31m & Söhne",
    )
    config = str(desk.folder / "config.yaml")
    afterword = ["-e", sys.executable, "-P", "-m", "agent.cli", "--config", config]
    assert desk.calls("our-terminal") == [[*afterword, "show", "k4m2xp", "--stay"]]


def test_without_a_case_it_opens_the_status(desk: Desk) -> None:
    """Many things told as one, or an account in trouble."""
    desk.has("notify-send", "echo default")
    desk.has("our-terminal", "exit 0")
    desk.tell(case=None)
    assert desk.calls("our-terminal")[0][-2:] == ["status", "--watch"]


@pytest.mark.parametrize("answer", ["true", "echo", "echo other", "kill -9 $$"])
def test_no_click_opens_nothing(desk: Desk, answer: str) -> None:
    """Dismissed, run out, or gone with its server."""
    desk.has("notify-send", answer)
    desk.has("our-terminal", "exit 0")
    desk.tell()
    desk.calls("notify-send")
    assert desk.never("our-terminal")


def test_an_older_notify_send_shows_the_bubble_without(desk: Desk) -> None:
    """Before libnotify 0.8 it knows no actions and says so with its exit code."""
    desk.has("notify-send", 'case "$1" in --action*) exit 1;; esac')
    desk.has("our-terminal", "exit 0")
    desk.tell()
    with_action, without = desk.calls("notify-send", 2)
    assert with_action == ["--action=default=Open", *without]
    assert desk.never("our-terminal")


def test_without_a_terminal_no_click_is_promised(desk: Desk) -> None:
    """The bubble names the command to type, as ever."""
    desk.has("notify-send", "echo default")
    desk.tell()
    assert desk.calls("notify-send")[0][0] == "-a"


def test_nobody_waits_for_a_click_but_a_few_threads(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Telling returns at once; beyond a few, bubbles take no click; with the daemon all of them end."""
    monkeypatch.setattr(clicks, "MOST", 2)
    desk.has("notify-send", 'case "$1" in --action*) exec sleep 60;; esac')
    desk.has("our-terminal", "exit 0")
    begun = time.monotonic()
    for number in range(3):
        desk.tell(title=str(number))
    assert time.monotonic() - begun < 5
    assert sorted(call[0] for call in desk.calls("notify-send", 3)) == ["--action=default=Open"] * 2 + ["-a"]
    desk.clicks.close()
    assert desk.never("our-terminal")
    desk.tell()
    assert desk.calls("notify-send", 4)[-1][0] == "-a", "after the end nobody waits"


def test_a_bubble_that_nobody_clicks_is_given_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour in earnest."""
    monkeypatch.setattr(clicks, "LONGEST", 0.3)
    desk.has("notify-send", "exec sleep 60")
    desk.has("our-terminal", "exit 0")
    desk.tell()
    desk.calls("notify-send")
    assert desk.never("our-terminal")


def test_what_a_click_starts_is_a_program_that_is_there(tmp_path: Path) -> None:
    """`-P -m agent.cli` finds this installation from any folder, one with a Python file called `agent` too."""
    (tmp_path / "agent.py").write_text("raise SystemExit('the wrong one')")
    command = Clicks(tmp_path / "none.yaml")._command("k4m2xp")
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, "There is no configuration file" in ended.stderr) == (78, True)
