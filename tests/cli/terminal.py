"""A program on a terminal of its own, and somebody who reads and types."""

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def _sit_down() -> None:
    """The terminal becomes the program's own, so that Ctrl-C goes to it, whatever the tests' own parent ignores."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """``afterword`` with these arguments. Everything shown so far is in ``shown``, without colours."""

    def __init__(self, *arguments: str, environment: Mapping[str, str], columns: int = 80) -> None:
        self.shown = ""
        self._read_up_to = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")  # a chunk may end within a sign
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self._program = subprocess.Popen(
            [sys.executable, "-m", "agent.cli", *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=Path(__file__).parents[2],
            env=dict(environment),
            start_new_session=True,
            preexec_fn=_sit_down,  # noqa: PLW1509 - it calls the kernel, and takes no lock
        )
        os.close(theirs)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        if self._program.poll() is None:
            os.killpg(self._program.pid, signal.SIGKILL)
        self._program.wait()
        os.close(self._ours)

    def sees(self, text: str, seconds: float = 30) -> None:
        """Wait until the text is shown, anywhere after what was seen before; line breaks count as spaces."""
        end = time.monotonic() + seconds
        pattern = re.compile(r"\s+".join(map(re.escape, text.split())))
        while not (found := pattern.search(self.shown, self._read_up_to)):
            if not self._more(end - time.monotonic()):
                raise AssertionError(f"{text!r} was not shown after:\n{self.shown[self._read_up_to :]}")
        self._read_up_to = found.end()

    def types(self, line: str = "") -> None:
        os.write(self._ours, f"{line}\n".encode())

    def answers(self, question: str, line: str = "") -> None:
        """Wait for the question, and answer it."""
        self.sees(question)
        self.sees(":") if not question.endswith("?") else self.sees("]:")
        self.types(line)

    def interrupts(self) -> None:
        """Ctrl-C, a moment after the question, as people do: Python misses one between the prompt and its reading."""
        time.sleep(0.3)
        os.write(self._ours, b"\x03")

    def ends(self, seconds: float = 30) -> int:
        """Wait for the end; the exit code."""
        end = time.monotonic() + seconds
        while self._more(end - time.monotonic()):
            pass
        return self._program.wait(timeout=30)  # two processors, and many who want them

    def _more(self, seconds: float) -> bool:
        """Take in what is shown next; False when nothing will come any more, or not in time."""
        if seconds <= 0 or not select.select([self._ours], [], [], seconds)[0]:
            return False
        try:
            chunk = os.read(self._ours, 65536)
        except OSError:  # the other side is gone
            return False
        self.shown += _ESCAPES.sub("", self._decoder.decode(chunk)).replace("\r", "")
        return bool(chunk)
