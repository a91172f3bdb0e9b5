"""`afterword help` and `afterword completion`, and what the terminal makes of us."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from agent.cli.topics import TOPICS, page
from tests.cli.conftest import Home
from tests.cli.happened import drafted

ROOT = Path(__file__).parents[2]


def test_the_topics_are_listed(home: Home) -> None:
    """Each with what it is about; the command's own help names them too."""
    ended = home.run("help")
    assert (ended.code, ended.err) == (0, "")
    assert all(re.search(rf"(?m)^{name} +\w", ended.out) for name in TOPICS)
    assert all(name in home.run("help", "--help").out for name in TOPICS)


@pytest.mark.parametrize("name", TOPICS)
def test_a_topic(name: str, home: Home) -> None:
    """As it is written, in a pipe; short enough for one screen; and the same as on the documentation's page."""
    ended = home.run("help", name)
    assert (ended.code, ended.out) == (0, page(name))
    assert len(page(name).splitlines()) < 24
    assert max(map(len, page(name).splitlines())) <= 130
    below = page(name).replace("# ", "## ", 1)
    assert below in (ROOT / "docs/help.md").read_text()


@pytest.mark.parametrize("words", [["status"], ["rules", "check"], ["help"]])
def test_a_command(words: list[str], home: Home) -> None:
    """`help COMMAND` is `COMMAND --help`."""
    ended = home.run("help", *words)
    assert ended.code == 0
    assert ended.out == home.run(*words, "--help").out


@pytest.mark.parametrize(
    ("words", "hint"),
    [(["clok"], "Did you mean clock?"), (["rules", "chek"], "Did you mean check?"), (["xyz"], "There are:")],
)
def test_a_misspelt_word(words: list[str], hint: str, home: Home) -> None:
    """The nearest is named."""
    ended = home.run("help", *words)
    assert ended.code == 1
    assert hint in ended.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script(shell: str, home: Home) -> None:
    """Printed, never installed; it asks us again."""
    ended = home.run("completion", shell)
    assert (ended.code, ended.err) == (0, "")
    assert f"_AFTERWORD_COMPLETE=complete_{shell}" in ended.out
    assert list(home.folder.iterdir()) == []


def completed(home: Home, *words: str) -> list[str]:
    """What bash gets to hear when the last of the words is being typed, through the script itself."""
    bin_folder = home.folder / "bin"
    bin_folder.mkdir(exist_ok=True)
    program = bin_folder / "afterword"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m agent.cli "$@"\n')
    program.chmod(0o700)
    script = f'eval "$(afterword completion bash)"; COMP_WORDS=(afterword {" ".join(words)}); COMP_CWORD={len(words)}; '
    script += '_afterword_completion afterword; printf "%s\\n" "${COMPREPLY[@]}"'
    path = f"{bin_folder}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, check=True, env={**os.environ, "PATH": path}
    )
    assert done.stderr == ""
    return done.stdout.split()


def test_bash_completes(configured: Home) -> None:
    """Commands, options, and the cases and accounts there are; nothing without a configuration, and no complaint."""
    assert completed(configured, "sta") == ["status"]
    assert completed(configured, "doctor", "--try") == ["--try-draft", "--try-alert"]
    case = configured.happened(*drafted(2))
    assert completed(configured, "show", case.id[:2]) == [case.id]
    assert completed(configured, "auth", "ho") == ["home"]
    configured.config.unlink()
    assert completed(configured, "auth", "ho") == []
    assert completed(configured, "show", case.id[:2]) == []


@pytest.mark.parametrize(
    "environment",
    [{"LC_ALL": "C"}, {"LC_ALL": "POSIX"}, {"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "latin-1"}],
)
def test_any_charset(environment: dict[str, str], configured: Home) -> None:
    """A sign that the terminal does not have is shown as another, and nothing fails."""
    configured.happened(*drafted(2, employer="Übermut ☃ GmbH"))
    done = subprocess.run(
        [sys.executable, "-m", "agent.cli", "status"],
        capture_output=True,
        check=False,
        env={**os.environ, **environment},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"bermut" in done.stdout
