"""What the files say is started is started: exactly that, with exactly those variables, and it works."""

import os
import plistlib
import shlex
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from agent.service.launchd import launchd
from agent.service.systemd import systemd
from agent.service.values import Program, running_program
from tests.agent.stage import eml
from tests.cli.conftest import CONFIG
from tests.daemon.household import wait_until


@pytest.fixture
def installed(home: Path) -> Program:
    """This installation, with a Maildir to watch, and one mail in it."""
    for name in ("cur", "new", "tmp"):
        (home / "Mail" / name).mkdir(parents=True)
    (home / "Mail/new/1.mail").write_bytes(eml("Hello,\n\nhow are you?\n", key="hello@example.com"))
    (home / "config.yaml").write_text(CONFIG)
    return running_program(home / "config.yaml")


def unit(program: Program) -> tuple[list[str], dict[str, str]]:
    """The argument list and the variables of the unit, read as systemd.syntax(7) says."""
    lines = systemd(program).text.replace("%%", "%").splitlines()
    values = [line.partition("=")[::2] for line in lines]
    [start] = [value for key, value in values if key == "ExecStart"]
    words = [shlex.split(value)[0].partition("=")[::2] for key, value in values if key == "Environment"]
    return shlex.split(start.removeprefix(":")), dict(words)


def test_the_unit_s_command_becomes_ready(installed: Program, home: Path) -> None:
    """Type=notify: without READY=1 systemd would give it up. Started from the root folder, as systemd could."""
    argv, environment = unit(installed)
    path = home / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(path))
        listener.settimeout(60)
        bare = {"HOME": str(home), **environment, "NOTIFY_SOCKET": str(path)}
        with subprocess.Popen(argv, env=bare, cwd="/", stderr=subprocess.PIPE) as running:
            try:
                assert listener.recv(1000).startswith(b"READY=1\n")
                running.send_signal(signal.SIGTERM)
                assert running.wait(10) == 0
            finally:
                running.kill()


def test_the_agent_s_command_works_and_keeps_a_log(installed: Program, home: Path) -> None:
    """launchd keeps nothing of what a program says."""
    said = plistlib.loads(launchd(installed).text.encode())
    log = home / ".local/state/afterword/log/afterword.log"
    bare = {"HOME": str(home), **said["EnvironmentVariables"]}
    with subprocess.Popen(said["ProgramArguments"], env=bare, cwd="/", stderr=subprocess.PIPE) as running:
        try:
            wait_until(lambda: log.exists() and "read 1 messages" in log.read_text(), seconds=60, what="the first turn")
            running.send_signal(signal.SIGTERM)
            assert running.wait(10) == 0
            assert running.stderr is not None
            assert running.stderr.read() == b""
        finally:
            running.kill()
    said = log.with_name("service.log")
    assert "read 1 messages" in said.read_text()
    assert (log.stat().st_mode & 0o777, said.stat().st_mode & 0o777) == (0o600, 0o600)


def test_the_agent_s_command_is_not_started_again_when_the_user_must_act(installed: Program, home: Path) -> None:
    """launchd restarts whatever did not end with 0, and knows no other code."""
    said = plistlib.loads(launchd(installed).text.encode())
    installed.config.write_text("nonsense: yes\n")
    done = subprocess.run(said["ProgramArguments"], env={**os.environ, "HOME": str(home)}, check=False)
    assert done.returncode == 0
    assert "There is no key `nonsense` here" in (home / ".local/state/afterword/log/service.log").read_text()
    done = subprocess.run([*said["ProgramArguments"][:-1], "no-such-command"], env={"HOME": str(home)}, check=False)
    assert done.returncode == 2
