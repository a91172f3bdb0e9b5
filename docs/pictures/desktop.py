"""A desktop that nobody sees, with one program on it, and the hand that points, types and photographs."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

PROGRAMS = ("Xvfb", "xdotool", "import", "convert", "openbox")

PATIENCE = 60.0
"""Seconds for a window of Thunderbird to come up."""

WIDTH, HEIGHT = 1250, 720


@contextlib.contextmanager
def display(home: Path, program: Sequence[str]) -> Iterator[None]:
    """A display, a window manager and that program, with ``home`` as their home; all end with the block."""
    read, write = os.pipe()
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.environ |= {"DISPLAY": f":{os.read(read, 16).decode().strip()}", "HOME": str(home), "NO_AT_BRIDGE": "1"}
    quiet = subprocess.DEVNULL
    programs = [screen, *(subprocess.Popen(argv, stdout=quiet, stderr=quiet) for argv in (["openbox"], program))]
    try:
        yield
    finally:
        for each in reversed(programs):
            each.terminate()
            each.wait()


def window(name: str) -> str:
    """The number of the window whose title holds that pattern, once it is there."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := xdotool("search", "--onlyvisible", "--name", name, check=False).split():
            time.sleep(3)  # a window is there before its content is
            return found[-1]
        time.sleep(0.5)
    sys.exit(f"no window `{name}` came up within {PATIENCE:.0f} s")


def click(x: int, y: int, *, times: int = 1) -> None:
    """Click at a place of the screen."""
    xdotool("mousemove", str(x), str(y), "click", "--repeat", str(times), "--delay", "80", "1")


def photograph(to: Path) -> None:
    """The whole screen, as a PNG of few colours."""
    subprocess.run(["import", "-window", "root", to], check=True)
    subprocess.run(["convert", to, "-strip", "+dither", "-colors", "200", to], check=True)


def xdotool(*arguments: str, check: bool = True) -> str:
    """Move, type, look for windows."""
    return subprocess.run(["xdotool", *arguments], check=check, capture_output=True, text=True).stdout
