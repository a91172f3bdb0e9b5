"""An agent of macOS's launchd, in the user's own session (launchd.plist(5))."""

import os
from html import escape
from pathlib import Path

from agent.service.template import filled
from agent.service.values import MARK, Command, Life, Program, Service, ServiceTrouble

LABEL = "afterword"


def launchd(program: Program) -> Service:
    """The agent's property list, and what brings it to life. Raises ``ServiceTrouble``."""
    file = Path.home() / "Library/LaunchAgents" / f"{LABEL}.plist"
    domain = f"gui/{os.getuid()}"
    job = f"{domain}/{LABEL}"
    return Service(
        scheduler="launchd",
        file=file,
        text=filled("launchd/afterword.plist", _values(program)),
        start=(
            Command(argv=("launchctl", "bootout", job), may_fail=True),
            Command(argv=("launchctl", "enable", job)),
            # The one that was there may take a moment to end; until then this fails.
            Command(argv=("launchctl", "bootstrap", domain, str(file)), attempts=10),
        ),
        stop=(Command(argv=("launchctl", "bootout", job), may_fail=True),),
        ask=Command(argv=("launchctl", "print", job)),
        read=_life,
        notes=(
            "It starts when you log in and ends when you log out.",
            "Its log: ~/Library/Logs/afterword/afterword.log; what kept it from starting: service.log beside it.",
        ),
    )


def _values(program: Program) -> dict[str, str]:
    # launchd knows no exit code that it leaves alone: `agent.service` ends with 0 when the user must act.
    command = (str(program.python), "-m", "agent.service", "--config", str(program.config), "run")
    if not all(part.isprintable() for part in command):
        raise ServiceTrouble("Afterword or its configuration lies in a folder with a line break in its name; move it.")
    words = [f"    <string>{escape(word, quote=False)}</string>" for word in command]
    variables = [
        f"    <key>{escape(name, quote=False)}</key>\n    <string>{escape(value, quote=False)}</string>"
        for name, value in program.environment.items()
    ]
    return {"MARK": MARK, "PROGRAM": "\n".join(words), "ENVIRONMENT": "\n".join(variables)}


def _life(answer: str) -> Life:
    """``launchctl print`` says ``state = running`` on the job's own level, one tab deep."""
    own = (line[1:] for line in answer.splitlines() if line.startswith("\t") and not line.startswith("\t\t"))
    told = dict(line.partition(" = ")[::2] for line in own)
    ended = told.get("last exit code", "")
    words = told.get("state", "") + (f", last exit code {ended}" if ended and told.get("state") != "running" else "")
    return Life(running=told.get("state") == "running", words=words)
