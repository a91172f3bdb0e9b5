"""Notes of a call, as typed on a terminal: line by line, and none lost on Ctrl-C."""

import os
import pty
import select
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from agent.case import Case
from agent.journal import Journal
from tests.cli.conftest import Home


class Child:
    """The command, in a process of its own."""

    def __init__(self, pid: int) -> None:
        self._pid, self._code = pid, None

    def poll(self) -> int | None:
        if self._code is None:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            self._code = os.waitstatus_to_exitcode(status) if pid else None
        return self._code

    def wait(self, timeout: float = 30) -> int:
        end = time.monotonic() + timeout
        while self.poll() is None:
            assert time.monotonic() < end, "it does not end"
            time.sleep(0.02)
        return self._code or 0

    def kill(self) -> None:
        if self.poll() is None:
            os.kill(self._pid, signal.SIGKILL)


class Terminal:
    """A person at a terminal: reads, types, presses keys."""

    def __init__(self, controller: int, running: Child) -> None:
        self._controller, self.running = controller, running
        self.shown = b""

    def sees(self, words: bytes) -> None:
        """Wait for these words, at most half a minute."""
        end = time.monotonic() + 30
        while words not in self.shown:
            assert select.select([self._controller], [], [], max(0, end - time.monotonic()))[0], self.shown
            try:
                self.shown += os.read(self._controller, 4096)
            except OSError:  # Linux: the other end is closed
                break
        assert words in self.shown, self.shown
        self.shown = self.shown[self.shown.index(words) + len(words) :]

    def types(self, keys: bytes) -> None:
        os.write(self._controller, keys)

    def ends(self) -> int:
        """The exit code."""
        end = time.monotonic() + 30
        while self.running.poll() is None and time.monotonic() < end:
            if select.select([self._controller], [], [], 0.1)[0]:
                try:
                    self.shown += os.read(self._controller, 4096)
                except OSError:
                    break
        return self.running.wait(10)

    def hangs_up(self) -> None:
        os.close(self._controller)
        self._controller = -1

    def close(self) -> None:
        self.running.kill()
        self.running.wait()
        if self._controller >= 0:
            os.close(self._controller)


@contextmanager
def terminal(*arguments: str) -> Iterator[Terminal]:
    """`afterword log call` on a terminal of its own, which Ctrl-C reaches as it reaches a shell's command."""
    pid, controller = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm"
        os.execv(sys.executable, [sys.executable, "-m", "agent.cli", "log", "call", *arguments])  # noqa: S606 - no shell is meant
    at = Terminal(controller, Child(pid))
    try:
        yield at
    finally:
        at.close()


@pytest.fixture
def home(configured: Home) -> Home:
    return configured


def cases(home: Home) -> list[Case]:
    journal = Journal(home.store)
    try:
        with journal.reading() as reader:
            return reader.cases()
    finally:
        journal.close()


def note(home: Home) -> tuple[str, bool]:
    [case] = cases(home)
    return case.logged[0].note, case.logged[0].asked


def test_an_empty_line_ends_the_notes(home: Home) -> None:
    """Then one question: was it advice?"""
    with terminal("--employer", "Acme") as at:
        at.sees(b"Your notes, line by line")
        at.types("Über Kompromisse früher sprechen.\nMore numbers.\n\n".encode())
        at.sees(b"Did you ask for advice")
        at.types(b"y\n")
        assert at.ends() == 0
    assert note(home) == ("Über Kompromisse früher sprechen.\nMore numbers.", True)


def test_ctrl_d_ends_them_too(home: Home) -> None:
    """With --asked nothing more is asked."""
    with terminal("--employer", "Acme", "--asked") as at:
        at.sees(b"Your notes, line by line")
        at.types(b"More numbers.\n\x04")
        assert at.ends() == 0
    assert note(home) == ("More numbers.", True)


def test_ctrl_c_loses_nothing(home: Home) -> None:
    """Not even the line that has no end yet."""
    with terminal("--employer", "Acme") as at:
        at.sees(b"Your notes, line by line")
        at.types(b"More numbers.\nAnd talk about tra")
        at.sees(b"about tra")
        at.types(b"\x03")
        at.sees(b"Did you ask for advice")
        at.types(b"\x03")
        assert at.ends() == 0
    assert note(home) == ("More numbers.\nAnd talk about tra", False)


def test_ctrl_c_before_the_first_word_is_second_thoughts(home: Home) -> None:
    """Nothing is written down, and that is said."""
    with terminal("--employer", "Acme") as at:
        at.sees(b"Your notes, line by line")
        at.types(b"\x03")
        at.sees(b"Nothing was written down.")
        assert at.ends() == 1
    assert cases(home) == []


def test_a_closed_window_loses_nothing(home: Home) -> None:
    """The terminal hangs up in the middle of the call."""
    with terminal("--employer", "Acme") as at:
        at.sees(b"Your notes, line by line")
        at.types(b"More numbers.\n")
        at.sees(b"More numbers.")
        time.sleep(0.3)
        at.hangs_up()
        at.running.wait(20)
    assert note(home) == ("More numbers.", False)


def test_of_several_applications_one_is_chosen_by_its_number(home: Home) -> None:
    """On a terminal the user is asked."""
    home.run("log", "interview", "--employer", "Acme", "--position", "Data Engineer")
    home.run("log", "interview", "--employer", "Acme", "--position", "Web Designer")
    with terminal("--employer", "Acme", "--note", "x") as at:
        at.sees(b"Which one is it about?")
        at.types(b"9\n")
        at.sees(b"Which one is it about?")
        at.types(b"2\n")
        assert at.ends() == 0
    assert [bool(case.told) for case in cases(home)].count(True) == 1
