"""Which scheduler is here, and what of the user's shell the service is given."""

import sys
from pathlib import Path

import pytest

from agent.service import ServiceTrouble, service_for
from agent.service.values import running_program


@pytest.mark.parametrize(
    ("system", "scheduler"), [("linux", "systemd"), ("darwin", "launchd"), ("win32", "the Task Scheduler")]
)
def test_each_system_has_its_own(home: Path, monkeypatch: pytest.MonkeyPatch, system: str, scheduler: str) -> None:
    monkeypatch.setattr(sys, "platform", system)
    assert service_for(home / "config.yaml").scheduler == scheduler


def test_where_there_is_none_that_we_know_it_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what to do instead."""
    monkeypatch.setattr(sys, "platform", "freebsd14")
    with pytest.raises(ServiceTrouble, match=r"start `afterword run` when you log in\."):
        service_for(home / "config.yaml")


def test_what_matters_of_the_shell_goes_along(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The way to programs and folders; nothing secret, nothing empty, nothing that would break a line of the file."""
    monkeypatch.setenv("PATH", "/opt/homebrew/bin:/usr/bin")
    monkeypatch.setenv("XDG_DATA_HOME", "/elsewhere")
    monkeypatch.setenv("GNUPGHOME", "")
    monkeypatch.setenv("PASSWORD_STORE_DIR", "two\nlines")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    monkeypatch.chdir(home)
    program = running_program(Path("config.yaml"))
    given = {name: value for name, value in program.environment.items() if not name.startswith(("SSL_", "XDG_CACHE"))}
    assert given == {"PATH": "/opt/homebrew/bin:/usr/bin", "XDG_DATA_HOME": "/elsewhere"}
    assert program.config == home / "config.yaml"
    assert program.python.is_absolute()
