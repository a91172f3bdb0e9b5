"""Whether the daemon in this container works: exit code 0 or 1, and a sentence. The container's health check runs it.

An account that cannot be reached is no illness of the container: `afterword status` tells of it, and a restart would
not help. An account that was not even tried for a quarter of an hour is.
"""

import json
import subprocess
import sys
from datetime import datetime, timedelta

SILENT = timedelta(minutes=15)


def illness(status: dict) -> str | None:
    """What is wrong, by what `afterword status --json` says; None: nothing."""
    if not status["running"]:
        return "the daemon does not run"
    now = datetime.fromisoformat(status["now"])
    for account in status["accounts"]:
        heard = account["last_turn"]
        if account["trouble"] is None and heard and now - datetime.fromisoformat(heard) > SILENT:
            return f"account {account['name']} was last gone through at {heard}"
    return None


def main() -> int:
    asked = ["afterword", "status", "--json"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 - the image's own PATH
    if done.returncode != 0:
        print(done.stderr.strip())
        return 1
    wrong = illness(json.loads(done.stdout))
    print(wrong or "well")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
