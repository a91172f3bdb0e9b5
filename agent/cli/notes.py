"""Notes taken while the user is on the phone: line by line, and none lost when Ctrl-C ends them."""

import os
import select
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

try:
    import termios
except ImportError:  # Windows
    termios = None  # type: ignore[assignment] # asked for before it is used


def take_notes(invite: Callable[[], None]) -> str:
    """What is typed once ``invite`` has asked for it, up to an empty line, the end of input (Ctrl-D), Ctrl-C or the
    closing of the terminal's window.

    Raises ``KeyboardInterrupt`` when nothing was typed before Ctrl-C: then the user wants to be done with it.
    """
    if termios is None:
        invite()
        return "\n".join(iter(lambda: sys.stdin.readline().rstrip("\r\n"), "")).strip()
    typed, interrupted = _typed(sys.stdin.fileno(), invite)
    note = typed.decode(sys.stdin.encoding or "utf-8", "replace").replace("\r\n", "\n").strip()
    if interrupted and not note:
        raise KeyboardInterrupt
    return note


def _typed(terminal: int, invite: Callable[[], None]) -> tuple[bytes, bool]:
    """The bytes, and whether it was broken off. Nobody's exception comes between the reading and the keeping."""
    typed = b""
    with _told_when_to_stop() as stop, _unfinished_line_kept(terminal):
        invite()
        while True:
            ready, _, _ = select.select([terminal, stop], [], [])
            if terminal not in ready:
                return typed + _unfinished_line(terminal), True
            line = _read(terminal)
            typed += line
            if not line.strip():
                return typed, False


@contextmanager
def _told_when_to_stop() -> Iterator[int]:
    """A descriptor that is readable once Ctrl-C was pressed, or the window closed (SIGHUP), or an end asked for."""
    ear, mouth = os.pipe()
    os.set_blocking(mouth, False)
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    handlers = {number: signal.signal(number, lambda *_: None) for number in signals}
    before = signal.set_wakeup_fd(mouth, warn_on_full_buffer=False)
    try:
        yield ear
    finally:
        signal.set_wakeup_fd(before)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        os.close(ear)
        os.close(mouth)


@contextmanager
def _unfinished_line_kept(terminal: int) -> Iterator[None]:
    """A terminal throws the line that is being typed away on Ctrl-C, unless told not to (termios(3), NOFLSH)."""
    before = termios.tcgetattr(terminal)
    changed = termios.tcgetattr(terminal)
    changed[3] |= termios.NOFLSH
    termios.tcsetattr(terminal, termios.TCSANOW, changed)
    try:
        yield
    finally:
        with suppress(termios.error):  # the window was closed
            termios.tcsetattr(terminal, termios.TCSANOW, before)


def _unfinished_line(terminal: int) -> bytes:
    """What the terminal holds of a line without its end: readable once it does not wait for whole lines."""
    try:
        changed = termios.tcgetattr(terminal)
        changed[3] &= ~termios.ICANON
        changed[6][termios.VMIN], changed[6][termios.VTIME] = 0, 0
        termios.tcsetattr(terminal, termios.TCSANOW, changed)
    except termios.error:  # the window was closed
        return b""
    return _read(terminal)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # as above
        return b""
