"""`afterword service`, as the user types it, with a systemctl that writes down how it is called."""

import os
from pathlib import Path

import pytest

from tests.cli.conftest import CONFIG, Home
from tests.service.conftest import Tool

UNIT = ".config/systemd/user/afterword.service"
FINE = "echo ActiveState=active; echo SubState=running; echo StatusText=Watching"


@pytest.fixture
def tool(configured: Home, monkeypatch: pytest.MonkeyPatch) -> Tool:
    folder = configured.folder / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    tool = Tool(folder)
    tool.answers("systemctl", FINE)
    return tool


def test_it_is_shown_written_started_and_told(configured: Home, tool: Tool) -> None:
    """The whole file before anything is done; then how it fares, and how to go on without being logged in."""
    ended = configured.run("service", "install", "--yes")
    assert (ended.code, ended.err) == (0, "")
    unit = (configured.folder / UNIT).read_text()
    assert unit in ended.out
    assert str(configured.config) in unit
    assert "Afterword is running." in ended.out
    assert "loginctl enable-linger" in ended.out
    told = configured.run("service", "status")
    assert told.code == 0
    assert "The service is running. systemd says: Watching" in told.out
    assert configured.run("service", "status", "--json").json == {
        "version": 1,
        "scheduler": "systemd",
        "file": str(configured.folder / UNIT),
        "installed": True,
        "ours": True,
        "current": True,
        "running": True,
        "needs_user": False,
        "words": "Watching",
    }


def test_without_a_terminal_and_without_yes_nothing_happens(configured: Home, tool: Tool) -> None:
    ended = configured.run("service", "install")
    assert ended.code == 2
    assert "--yes" in ended.err
    assert not (configured.folder / UNIT).exists()


def test_only_written(configured: Home, tool: Tool) -> None:
    """The commands that would start it are printed, and not called."""
    ended = configured.run("service", "install", "--yes", "--no-start")
    assert ended.code == 0
    assert "  systemctl --user restart afterword.service" in ended.out
    assert tool.calls == []


def test_a_configuration_with_mistakes_is_not_installed(configured: Home, tool: Tool) -> None:
    """It would end at once with 78."""
    configured.configure(CONFIG + "colour: blue\n")
    assert configured.run("service", "install", "--yes").code == 78
    assert not (configured.folder / UNIT).exists()


def test_a_daemon_started_by_hand_is_in_the_way(configured: Home, tool: Tool) -> None:
    """Two on one store cannot be; the service would fail again and again."""
    from agent.lock import daemon_lock

    tool.answers("systemctl", "echo ActiveState=inactive")
    with daemon_lock(configured.store):
        ended = configured.run("service", "install", "--yes")
    assert ended.code == 1
    assert "started by hand" in ended.err
    assert not (configured.folder / UNIT).exists()


def test_an_installed_one_is_renewed_while_it_runs(configured: Home, tool: Tool) -> None:
    """The daemon that holds the lock is the service itself."""
    from agent.lock import daemon_lock

    configured.run("service", "install", "--yes")
    with daemon_lock(configured.store):
        assert configured.run("service", "install", "--yes").code == 0


def test_systemd_out_of_reach_says_why_and_what_to_do(configured: Home, tool: Tool) -> None:
    """Over su, or in a container."""
    tool.answers("systemctl", "echo 'Failed to connect to bus: No medium found' >&2; exit 1")
    ended = configured.run("service", "install", "--yes")
    assert ended.code == 1
    assert "is written, but the service is not started" in ended.err
    assert "No medium found" in ended.err
    assert "systemd answers only within a login of yours" in ended.err
    status = configured.run("service", "status")
    assert status.code == 1
    assert "systemd cannot be asked here" in status.out


def test_when_the_user_must_act_that_is_said(configured: Home, tool: Tool) -> None:
    """The start failed with 78: not systemd's riddle, but what to do."""
    failed = 'case "$*" in *restart*) echo "Job failed" >&2; exit 1;; *show*) echo ActiveState=failed; '
    tool.answers("systemctl", failed + "echo ExecMainStatus=78;; esac")
    ended = configured.run("service", "install", "--yes")
    assert ended.code == 1
    assert "the configuration or a sign-in needs you" in ended.err


def test_it_is_removed_and_then_there_is_none(configured: Home, tool: Tool) -> None:
    """Also when the configuration is gone or wrong meanwhile."""
    configured.run("service", "install", "--yes")
    configured.config.unlink()
    assert configured.run("service", "uninstall").code == 2
    ended = configured.run("service", "uninstall", "--yes")
    assert (ended.code, ended.out) == (0, f"Removed: {configured.folder / UNIT}\n")
    again = configured.run("service", "uninstall")
    assert (again.code, again.out) == (0, "No service is installed; there is nothing to remove.\n")
    status = configured.run("service", "status")
    assert status.code == 1
    assert "No service is installed." in status.out


def test_a_file_that_does_not_fit_any_more_is_told(configured: Home, tool: Tool) -> None:
    """After a move or an upgrade."""
    configured.run("service", "install", "--yes")
    unit: Path = configured.folder / UNIT
    unit.write_text(unit.read_text().replace("RestartSec=15", "RestartSec=60"))
    ended = configured.run("service", "status")
    assert "differs from what this Afterword would write" in ended.out
    unit.write_text("[Service]\n")
    assert "was not written by Afterword" in configured.run("service", "status").out
    assert configured.run("service", "uninstall", "--yes").code == 1
    assert unit.exists()
