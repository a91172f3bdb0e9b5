"""Every answer on a narrow and on a wide terminal, with and without colours; and what a log tells of a decision."""

import os
import pty
import re
import subprocess
import sys

import pytest

from agent.places import log_file
from tests.cli.conftest import CONFIG, Home
from tests.cli.happened import drafted, notice
from tests.cli.terminal import Terminal
from tests.cli.test_daemon import deliver

LONG = "a.very.long.address.that.does.not.fit.anywhere@people.example.org"


@pytest.fixture
def busy(configured: Home) -> Home:
    """Some cases, one of them with an address that is wider than the terminal."""
    configured.happened(*drafted(2, employer="Acme Widgets and Sons International", sender=LONG))
    configured.happened(notice(30, employer="Beta"))
    return configured


def seen(columns: int, *arguments: str) -> str:
    """What stands on the terminal in the end."""
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": str(columns)}
    with Terminal(*arguments, environment=environment, columns=columns) as terminal:
        terminal.ends()
        return terminal.shown


ANSWERS = [["show", "CASE"], ["letters", "list"], ["doctor"], ["help", "clock"], ["ask", "zzzzzz"], ["--help"]]


@pytest.mark.parametrize(("columns", "commands"), [(40, [["status"], *ANSWERS]), (200, [["status"], ["show", "CASE"]])])
def test_nothing_is_wider_than_the_terminal(columns: int, commands: list[list[str]], busy: Home) -> None:
    """Answers, refusals and help; what is too long for a line is broken, not cut, so that it can be copied."""
    case = next(each["id"] for each in busy.run("status", "--json").json["cases"] if each["employer"] != "Beta")
    for command in commands:
        arguments = [case if word == "CASE" else word for word in command]
        shown = re.sub(r"\S Looking at .*?\.\.\.", "", seen(columns, *arguments))
        assert [line for line in shown.split("\n") if len(line) > columns] == [], arguments
        if command[0] == "show":
            assert "…" not in shown
            assert LONG in re.sub(r"\s", "", shown)


def coloured(**environment: str) -> bool:
    """Whether `status` on a terminal sets colours; bold and dim are none."""
    ours, theirs = pty.openpty()
    everything = {**os.environ, "TERM": "xterm-256color", **environment}
    subprocess.run(
        [sys.executable, "-m", "agent.cli", "status"], stdout=theirs, stderr=theirs, env=everything, check=True
    )
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 65536):
            shown += chunk
    except OSError:  # the other side is gone
        pass
    os.close(ours)
    return re.search(rb"\x1b\[[\d;]*3[0-7]m", shown) is not None


def test_colours(busy: Home) -> None:
    """On a terminal, unless NO_COLOR is set (no-color.org)."""
    assert coloured()
    assert not coloured(NO_COLOR="1")


def test_a_pipe_gets_whole_lines(busy: Home) -> None:
    """A refusal too, so that it can be searched for."""
    ended = busy.run_alone("status", "--config", "/nowhere.yaml")
    assert "To keep it elsewhere, use `--config PATH` or AFTERWORD_CONFIG." in ended.err
    assert "\x1b" not in ended.err


def test_a_decision_is_explained(configured: Home) -> None:
    """With `--verbose` by which rules; what was decided is in the log in any case; never a word or an address."""
    deliver(configured)
    ended = configured.run_alone("check", "--verbose")
    assert ended.code == 0
    assert re.search(r"action=file account=home case=\w{6} rejection interviewed, by en/\S+", ended.err)
    kept = log_file().read_text()
    assert re.search(r"action=decide account=home case=(\w{6}) a request is promised \(stage interviewed\)", kept)
    assert re.search(r"action=write account=home case=\w{6} draft placed", kept)
    assert "by en/" not in kept
    assert not any(word in kept.casefold() for word in ("@", "unfortunately", "jane"))


def test_why_there_is_no_letter_is_logged(configured: Home) -> None:
    """By the policy, in one word."""
    configured.configure(CONFIG + "policy: [{when: {}, then: note}]\n")
    deliver(configured)
    assert "no letter: policy" in configured.run_alone("check").err
