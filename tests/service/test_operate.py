"""Installing, asking and removing: what is written, what is called, and what is left alone."""

from dataclasses import replace
from pathlib import Path

import pytest

from agent.service import NotStarted, Service, ServiceTrouble, condition, install, uninstall
from agent.service.systemd import systemd
from agent.service.values import MARK, Command
from tests.service.conftest import Tool, program

RUNNING = "echo ActiveState=active; echo SubState=running; echo 'StatusText=Watching 2 account(s)'"


@pytest.fixture
def service(home: Path, tool: Tool) -> Service:
    tool.answers("systemctl", RUNNING)
    return systemd(program(home / "venv/bin"))


def test_it_is_written_and_brought_to_life_in_order(service: Service, tool: Tool, home: Path) -> None:
    """The file first, then systemd is told of it."""
    install(service)
    assert service.file == home / ".config/systemd/user/afterword.service"
    assert service.file.read_text() == service.text
    assert tool.calls == [
        "systemctl --user daemon-reload",
        "systemctl --user enable afterword.service",
        "systemctl --user reset-failed afterword.service",
        "systemctl --user restart afterword.service",
    ]
    assert [path.name for path in service.file.parent.iterdir()] == ["afterword.service"]


def test_without_start_nothing_is_called(service: Service, tool: Tool) -> None:
    install(service, start=False)
    assert service.file.exists()
    assert tool.calls == []


def test_a_file_of_somebody_else_is_left_alone(service: Service, tool: Tool) -> None:
    """Neither overwritten nor removed nor started, and the user is told."""
    service.file.parent.mkdir(parents=True)
    service.file.write_text("[Service]\nExecStart=/usr/bin/other\n")
    for act in (install, uninstall):
        with pytest.raises(ServiceTrouble, match="was not written by Afterword"):
            act(service)
    assert service.file.read_text() == "[Service]\nExecStart=/usr/bin/other\n"
    assert tool.calls == []
    found = condition(service)
    assert (found.installed, found.ours, found.current) == (True, False, False)


def test_an_older_file_of_ours_is_renewed(service: Service) -> None:
    """After an upgrade, or a move; until then it is told as not current."""
    service.file.parent.mkdir(parents=True)
    service.file.write_text(f"# {MARK}\n[Service]\nExecStart=/old\n")
    assert condition(service).current is False
    install(service)
    assert condition(service).current is True


def test_uninstall_removes_what_was_written_and_nothing_else(service: Service, tool: Tool) -> None:
    """Ended before it is removed, and systemd forgets it afterwards; the user's own drop-in stays."""
    install(service)
    own = service.file.parent / "afterword.service.d/override.conf"
    own.parent.mkdir()
    own.write_text("[Service]\n")
    tool.answers("systemctl", f"test ! -e {service.file} || echo there >> {tool.folder}/calls")
    (tool.folder / "calls").unlink()
    assert uninstall(service) is True
    assert tool.calls == [
        "systemctl --user disable --now afterword.service",
        "there",
        "systemctl --user daemon-reload",
        "systemctl --user reset-failed afterword.service",
    ]
    assert not service.file.exists()
    assert own.exists()
    assert uninstall(service) is False


def test_a_scheduler_that_refuses_is_quoted(service: Service, tool: Tool) -> None:
    """Its first line, and the file stays for another try."""
    tool.answers("systemctl", "echo; echo 'Failed to connect to bus' >&2; exit 1")
    with pytest.raises(NotStarted, match=r"`systemctl --user daemon-reload`: Failed to connect to bus"):
        install(service)
    assert service.file.exists()
    assert condition(service).life is None
    assert uninstall(service) is True


def test_a_scheduler_that_is_not_there_is_no_crash(service: Service) -> None:
    with pytest.raises(NotStarted, match="there is no no-such-tool here"):
        install(replace(service, start=(Command(argv=("no-such-tool",)),)))


def test_what_fails_for_a_moment_is_tried_again(service: Service, tool: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    """launchd still ends the one that was there; but not for ever."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    tool.answers("launchctl", f"test $(wc -l < {tool.folder}/calls) -ge 3")
    install(replace(service, start=(Command(argv=("launchctl", "x"), attempts=3),)))
    assert len(tool.calls) == 3
    tool.answers("launchctl", "exit 5")
    with pytest.raises(NotStarted, match="exit code 5"):
        install(replace(service, start=(Command(argv=("launchctl", "x"), attempts=3),)))


def test_a_folder_that_cannot_be_written_is_a_sentence(service: Service, home: Path) -> None:
    (home / ".config").write_text("a file in the way")
    with pytest.raises(ServiceTrouble, match=r"afterword\.service cannot be"):
        install(service)


def test_how_it_fares_is_read(service: Service) -> None:
    install(service)
    found = condition(service)
    assert found.life is not None
    assert (found.life.running, found.life.words) == (True, "Watching 2 account(s)")


@pytest.mark.parametrize(
    ("answer", "running", "needs_user", "words"),
    [
        ("ActiveState=inactive\nSubState=dead\nExecMainStatus=0", False, False, "inactive (dead)"),
        ("ActiveState=failed\nSubState=failed\nExecMainStatus=78", False, True, "failed (failed)"),
        ("ActiveState=failed\nSubState=failed\nExecMainStatus=1", False, False, "failed (failed)"),
        (
            "ActiveState=activating\nSubState=auto-restart\nStatusText=Watching",
            False,
            False,
            "activating (auto-restart)",
        ),
        ("ActiveState=activating\nSubState=start", True, False, "activating (start)"),
        ("", False, False, " ()"),
    ],
)
def test_systemd_s_words(service: Service, answer: str, running: bool, needs_user: bool, words: str) -> None:
    """What `systemctl show` prints, whatever it prints."""
    life = service.read(answer)
    assert (life.running, life.needs_user, life.words) == (running, needs_user, words)
