"""The property list for macOS: well-formed, and with what it must say."""

import plistlib
from pathlib import Path

import pytest

from agent.service import ServiceTrouble
from agent.service.launchd import launchd
from agent.service.values import MARK
from tests.service.conftest import Tool, home, program, tool

__all__ = ["home", "tool"]

RUNNING = """\
gui/501/afterword = {
\tactive count = 1
\tpath = /Users/ana/Library/LaunchAgents/afterword.plist
\tstate = running
\tpid = 4711
\tlast exit code = 0
\tendpoints = {
\t\tstate = waiting
\t}
}
"""


def test_it_is_a_property_list_that_keeps_afterword_running(home: Path) -> None:
    """At login, again when it fails, with what it needs of the shell; every path absolute, odd signs as they are."""
    odd = program(home / "Ana's <Mac> & more", PATH="/opt/homebrew/bin:/usr/bin", X="<&>")
    service = launchd(odd)
    assert MARK in service.text
    assert service.file == home / "Library/LaunchAgents/afterword.plist"
    said = plistlib.loads(service.text.encode(), fmt=plistlib.FMT_XML)
    assert said["Label"] == "afterword"
    assert said["ProgramArguments"] == [
        *(str(odd.python), "-m", "agent.service"),
        *("--config", str(odd.config), "run"),
    ]
    assert said["EnvironmentVariables"] == {"PATH": "/opt/homebrew/bin:/usr/bin", "X": "<&>"}
    assert said["RunAtLoad"] is True
    assert said["KeepAlive"] == {"SuccessfulExit": False}
    assert said["Umask"] == 0o077


def test_its_keys_are_launchd_s(home: Path) -> None:
    """launchd passes over a misspelt key without a word: each stands in launchd.plist(5), with its type."""
    types = {
        "Label": str, "ProgramArguments": list, "EnvironmentVariables": dict, "RunAtLoad": bool, "KeepAlive": dict,
        "ThrottleInterval": int, "ExitTimeOut": int, "ProcessType": str, "Umask": int,
    }  # fmt: skip
    said = plistlib.loads(launchd(program(home / "bin")).text.encode())
    assert {key: type(value) for key, value in said.items()} == types
    assert said["ProcessType"] in ("Background", "Standard", "Adaptive", "Interactive")


def test_a_line_break_in_a_path_is_refused(home: Path) -> None:
    with pytest.raises(ServiceTrouble, match="line break"):
        launchd(program(home / "a\nb"))


def test_it_is_put_in_the_place_of_the_one_that_was_there(home: Path, tool: Tool) -> None:
    """The old one ended, the new one taken in, in the user's own session."""
    verbs = [command.argv[1] for command in launchd(program(home / "bin")).start]
    assert verbs == ["bootout", "enable", "bootstrap"]


def test_launchd_s_words(home: Path) -> None:
    """The job's own state, not that of something below it."""
    read = launchd(program(home / "bin")).read
    assert (read(RUNNING).running, read(RUNNING).words) == (True, "running")
    ended = read(RUNNING.replace("\tstate = running", "\tstate = not running").replace("code = 0", "code = 1"))
    assert (ended.running, ended.words) == (False, "not running, last exit code 1")
    assert read("").running is False
