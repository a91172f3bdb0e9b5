"""`status --watch` in a terminal: 24 lines, wide and narrow."""

import os

import pytest

from tests.cli.conftest import Home
from tests.cli.happened import drafted
from tests.cli.terminal import Terminal

pytestmark = pytest.mark.usefixtures("still")


def watch(home: Home, columns: int) -> Terminal:
    apart = ("COLUMNS", "LINES", "NO_COLOR")
    environment = {name: value for name, value in os.environ.items() if name not in apart} | home.environment
    environment["TERM"] = "xterm-256color"
    return Terminal("--config", str(home.config), "status", "--watch", environment=environment, columns=columns)


@pytest.mark.parametrize("columns", [40, 80])
def test_it_is_drawn_again_until_it_is_stopped(configured: Home, columns: int) -> None:
    """No line is wider than the window, and what does not fit goes on below its own column."""
    case = configured.happened(*drafted(20))
    with watch(configured, columns) as window:
        window.sees("Waiting for you")
        window.sees("Accounts")
        window.sees("Waiting for you")  # two seconds later
        window.interrupts()
        assert window.ends() == 130
    lines = window.shown.removesuffix("\n").removesuffix("^C").splitlines()
    # A frame does not end in a line break, so its last line and the first of the next one are one here.
    assert all(len(line.rstrip()) <= columns for line in lines if "Afterword is not running" not in line)
    assert any(line.startswith(f"{case.id}  Acme") for line in lines)
    assert not any(line.startswith(("left", "min", "h ")) for line in lines)


def test_more_than_fits_is_marked(configured: Home) -> None:
    """Nobody shall think that this is all."""
    for number in range(12):
        configured.happened(*drafted(number))
    with watch(configured, 80) as window:
        window.sees("Waiting for you")
        window.sees("... and more: afterword status")
        window.interrupts()
        assert window.ends() == 130
