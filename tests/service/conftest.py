"""A home of its own, and a scheduler's tool that writes down how it is called."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent.service.values import Program


@dataclass(frozen=True)
class Tool:
    """A program on the PATH in the place of `systemctl`, `launchctl` or `schtasks`: the other side of the door."""

    folder: Path

    def answers(self, name: str, script: str = "") -> None:
        """From now on there is such a program; ``script`` says what it does besides writing down its arguments."""
        program = self.folder / name
        program.write_text(f'#!/bin/sh\necho "{name} $*" >> {self.folder}/calls\n{script}\n')
        program.chmod(0o755)

    @property
    def calls(self) -> list[str]:
        path = self.folder / "calls"
        return path.read_text().splitlines() if path.exists() else []


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in list(os.environ):
        if name.startswith("XDG_") and name != "XDG_CACHE_HOME":
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def tool(home: Path, monkeypatch: pytest.MonkeyPatch) -> Tool:
    folder = home / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/bin:/usr/bin")
    return Tool(folder)


def program(folder: Path, *, script: bool = True, config: str = "config.yaml", **environment: str) -> Program:
    """An installation in that folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("python", *(["afterword"] if script else [])):
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)
    return Program(python=folder / "python", config=folder / config, environment=environment)
