"""The systemd user unit, as systemd reads it."""

import configparser
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from agent.cli.failures import NEEDS_USER
from agent.watch.daemon import HEARTBEAT, STOP_WITHIN

UNIT = Path(__file__).parents[2] / "deploy/systemd/afterword.service"


@pytest.fixture
def service() -> configparser.SectionProxy:
    unit = configparser.ConfigParser()
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's keys know upper and lower case
    unit.read(UNIT)
    return unit["Service"]


def verify(unit: Path, home: Path) -> str:
    """What systemd has to say about a unit of the user whose home that is, with Afterword in its usual place."""
    if shutil.which("systemd-analyze") is None and not os.environ.get("CI"):
        pytest.skip("systemd is not installed here: its unit is not tested")
    program = home / ".local/bin/afterword"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    surroundings = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", unit], env=surroundings, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def test_systemd_finds_nothing_to_say(tmp_path: Path) -> None:
    """Every key is known, every value is right, and the program is found where the documentation puts it."""
    assert verify(UNIT, tmp_path) == ""


def test_systemd_would_find_a_misspelt_key(tmp_path: Path) -> None:
    """The test above can fail: an unknown key is told."""
    spoiled = tmp_path / "afterword.service"
    spoiled.write_text(UNIT.read_text().replace("WatchdogSec", "WatchdogSecs"))
    assert "WatchdogSecs" in verify(spoiled, tmp_path)


def test_it_is_not_started_again_when_the_user_must_act(service: configparser.SectionProxy) -> None:
    """The exit code that asks for the user is the one systemd leaves alone: a restart could lock the account."""
    assert int(service["RestartPreventExitStatus"]) == NEEDS_USER


def test_its_times_fit_the_daemon(service: configparser.SectionProxy) -> None:
    """The daemon has time to end, and several heartbeats before systemd gives it up."""
    assert service["Type"] == "notify"
    assert int(service["TimeoutStopSec"]) > STOP_WITHIN
    assert int(service["WatchdogSec"]) > 3 * HEARTBEAT
