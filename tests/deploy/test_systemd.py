"""The systemd user unit, as systemd reads it."""

import configparser
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from agent.cli.failures import NEEDS_USER
from agent.service import ServiceTrouble
from agent.service.systemd import command, systemd
from agent.service.values import Program
from agent.watch.daemon import HEARTBEAT, STOP_WITHIN
from tests.service.conftest import program

ODD = "my $HOME %h äö; #x"


@pytest.fixture
def service(tmp_path: Path) -> configparser.SectionProxy:
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's keys know upper and lower case
    unit.read_string(systemd(program(tmp_path / "bin")).text)
    return unit["Service"]


def verify(text: str, home: Path) -> str:
    """What systemd has to say about such a unit of the user whose home that is."""
    if shutil.which("systemd-analyze") is None and not os.environ.get("CI"):
        pytest.skip("systemd is not installed here: its unit is not tested")
    unit = home / "afterword.service"
    unit.write_text(text)
    surroundings = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", unit], env=surroundings, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def test_systemd_finds_nothing_to_say(tmp_path: Path) -> None:
    """Every key is known, every value is right, and the program is found where it lies."""
    assert verify(systemd(program(tmp_path / "bin")).text, tmp_path) == ""


def test_systemd_would_find_a_misspelt_key(tmp_path: Path) -> None:
    """The test above can fail: an unknown key is told, and so is a program that is not there."""
    text = systemd(program(tmp_path / "bin")).text
    assert "WatchdogSecs" in verify(text.replace("WatchdogSec", "WatchdogSecs"), tmp_path)
    assert "gone" in verify(text.replace("bin/afterword", "gone/afterword"), tmp_path)


def test_odd_folders_are_quoted_as_systemd_reads_them(tmp_path: Path) -> None:
    """Spaces, dollars, percent signs: systemd finds the very program, and takes none of it for its own."""
    odd = program(tmp_path / ODD, PATH=f"/a b:/{ODD}", X='"quoted" \\back')
    text = systemd(odd).text
    assert verify(text, tmp_path) == ""
    assert r'Environment="X=\"quoted\" \\back"' in text
    assert "%%h" in text
    assert "\nExecStart=:" in text  # else `$HOME` in the configuration's path would be replaced when it is started


@pytest.mark.parametrize("folder", ["it's", 'the "best"', "back\\slash", "line\nbreak"])
def test_what_systemd_cannot_start_is_refused(tmp_path: Path, folder: str) -> None:
    """Better than a unit that fails: systemd takes no program in such a folder, however it is quoted."""
    with pytest.raises(ServiceTrouble, match="Install Afterword, or put its configuration, into another folder"):
        systemd(program(tmp_path / folder))


def test_only_our_script_or_our_interpreter(tmp_path: Path) -> None:
    """The script beside the interpreter; without one, the interpreter with our module."""
    scripted, bare = program(tmp_path / "a"), program(tmp_path / "b", script=False)
    assert command(scripted) == (str(tmp_path / "a/afterword"), "--config", str(tmp_path / "a/config.yaml"), "run")
    assert command(bare)[:3] == (str(tmp_path / "b/python"), "-m", "agent.cli")


def test_no_variable_no_line(tmp_path: Path) -> None:
    """Nothing but the template's own lines, and no blank of it left unfilled."""
    text = systemd(Program(python=tmp_path / "python", config=tmp_path / "c")).text
    assert "Environment" not in text
    assert not any(word in text for word in ("@PROGRAM@", "@MARK@", "@ENVIRONMENT@"))


def test_it_is_not_started_again_when_the_user_must_act(service: configparser.SectionProxy) -> None:
    """The exit code that asks for the user is the one systemd leaves alone: a restart could lock the account."""
    assert int(service["RestartPreventExitStatus"]) == NEEDS_USER


def test_its_times_fit_the_daemon(service: configparser.SectionProxy) -> None:
    """The daemon has time to end, and several heartbeats before systemd gives it up."""
    assert service["Type"] == "notify"
    assert int(service["TimeoutStopSec"]) > STOP_WITHIN
    assert int(service["WatchdogSec"]) > 3 * HEARTBEAT
