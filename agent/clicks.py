"""A click on a bubble opens the case in a terminal: ``notify-send`` waits for it, in a thread of its own.

Only so many wait, only so long, and none longer than the daemon. A click carries no words of a mail: the terminal is
handed a list of arguments, and there is no shell.
"""

import logging
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

log = logging.getLogger("afterword.alerts")

MOST = 5
"""Bubbles that wait at once; further ones are shown and take no click."""

LONGEST = 3600.0
"""Seconds after which nobody clicks any more."""

_ACTION = "--action=default=Open"
"""What a click on the bubble itself is called (Desktop Notifications 1.2); since libnotify 0.8."""

TERMINALS = (
    ("xdg-terminal-exec",),
    ("x-terminal-emulator", "-e"),
    ("gnome-terminal", "--"),
    ("konsole", "-e"),
    ("xfce4-terminal", "-x"),
    ("kitty",),
    ("xterm", "-e"),
)
"""Terminals and what stands before a command in each: the user's own choice first, then whichever is there."""


class Clicks:
    """The bubbles of one daemon that wait for a click."""

    def __init__(self, config: Path) -> None:
        """``config`` is the file that the opened command reads."""
        self._config = config
        self._lock = threading.Lock()
        self._waiting: set[subprocess.Popen[bytes]] = set()
        self._closed = False

    def show(self, argv: Sequence[str], case: str | None, otherwise: Callable[[], None]) -> bool:
        """Show a bubble that takes a click, and return at once. False: nothing could come of a click, so it was not
        shown. ``otherwise`` is called from another thread where this ``notify-send`` knows no clicks."""
        terminal = _terminal()
        if terminal is None:
            return False
        with self._lock:
            if self._closed or len(self._waiting) >= MOST:
                return False
            bubble = _begun([argv[0], _ACTION, *argv[1:]], output=subprocess.PIPE)
            if bubble is None:
                return False
            self._waiting.add(bubble)
        given = (bubble, [*terminal, *self._command(case)], otherwise)
        threading.Thread(target=self._wait, args=given, name="a bubble", daemon=True).start()
        return True

    def close(self) -> None:
        """Wait for no click any more."""
        with self._lock:
            self._closed = True
            for bubble in self._waiting:
                bubble.kill()

    def _command(self, case: str | None) -> list[str]:
        """This very installation, wherever the daemon was started; -P: and nothing that lies in the folder there."""
        afterword = [sys.executable, "-P", "-m", "agent.cli", "--config", str(self._config)]
        return [*afterword, "show", case, "--stay"] if case else [*afterword, "status", "--watch"]

    def _wait(self, bubble: subprocess.Popen[bytes], opens: Sequence[str], otherwise: Callable[[], None]) -> None:
        try:
            said, _ = bubble.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            bubble.kill()
            said, _ = bubble.communicate()
        with self._lock:
            self._waiting.discard(bubble)
        if bubble.returncode > 0:
            otherwise()
        elif said.strip() == b"default" and (opened := _begun(opens)) is not None:
            opened.wait()


def _terminal() -> list[str] | None:
    found = ((shutil.which(program), options) for program, *options in TERMINALS)
    return next(([path, *options] for path, options in found if path), None)


def _begun(argv: Sequence[str], output: int = subprocess.DEVNULL) -> "subprocess.Popen[bytes] | None":
    try:
        return subprocess.Popen(  # noqa: S603 - an argv list of our own, no shell
            argv, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.DEVNULL, start_new_session=True
        )
    except OSError as failed:
        log.warning("`%s` cannot be started: %s", argv[0], type(failed).__name__)
        return None
