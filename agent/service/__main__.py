"""``python -m agent.service ... run``: the command line for launchd and the Task Scheduler.

They keep nothing of what a program says, and know no exit code after which it is left alone.
"""

import os
import sys

from agent.cli import main
from agent.cli.failures import NEEDS_USER
from agent.places import log_file


def _privately(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _keep_what_is_said() -> None:
    """Why it did not start, say. Made anew at each start; the log lines are kept for longer in a file of their own."""
    said = log_file().with_name("service.log")
    said.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    sys.stdout = sys.stderr = open(  # noqa: SIM115 - open to the end
        said, "w", encoding="utf-8", errors="backslashreplace", buffering=1, opener=_privately
    )


if __name__ == "__main__":
    _keep_what_is_said()
    code = main()
    # What needs the user is not mended by starting again, and could lock an account.
    sys.exit(0 if code == NEEDS_USER else code)
