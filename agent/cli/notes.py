"""Notes taken while the user is on the phone: line by line, and none lost when Ctrl-C ends them."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

try:
    import termios
except ImportError:  # Windows
    termios = None  # type: ignore[assignment] # what needs it asks first


def take_notes() -> str:
    """What is typed, up to an empty line, the end of input (Ctrl-D), Ctrl-C or the closing of the terminal.

    Raises ``KeyboardInterrupt`` when nothing was typed before Ctrl-C: then the user wants to be done with it.
    """
    lines: list[str] = []
    with _interrupted_by_hanging_up(), _unfinished_line_kept():
        try:
            while line := sys.stdin.readline().rstrip("\r\n"):
                lines.append(line)
        except KeyboardInterrupt:
            lines += _unfinished_line()
            if not lines:
                raise
    return "\n".join(lines).strip()


@contextmanager
def _interrupted_by_hanging_up() -> Iterator[None]:
    """SIGTERM and SIGHUP (the terminal's window was closed) count as Ctrl-C."""
    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.signal(getattr(signal, name), signal.default_int_handler) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


@contextmanager
def _unfinished_line_kept() -> Iterator[None]:
    """A terminal throws the line that is being typed away on Ctrl-C, unless told not to (termios(3), NOFLSH)."""
    if termios is None or not sys.stdin.isatty():
        yield
        return
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    changed = [*before]
    changed[3] |= termios.NOFLSH
    termios.tcsetattr(terminal, termios.TCSANOW, changed)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSANOW, before)


def _unfinished_line() -> list[str]:
    """What the terminal holds of a line without its end: readable once it does not wait for whole lines."""
    if termios is None or not sys.stdin.isatty():
        return []
    terminal = sys.stdin.fileno()
    changed = termios.tcgetattr(terminal)
    changed[3] &= ~termios.ICANON
    changed[6][termios.VMIN], changed[6][termios.VTIME] = 0, 0
    termios.tcsetattr(terminal, termios.TCSANOW, changed)
    try:
        typed = os.read(terminal, 4096).decode(sys.stdin.encoding or "utf-8", "replace").strip()
    except OSError:  # the terminal is gone
        typed = ""
    return [typed] if typed else []
