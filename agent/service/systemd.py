"""A unit of the user's own systemd: no root, restarted when it fails, watched by the watchdog."""

import getpass
import os
from pathlib import Path

from agent.service.template import filled
from agent.service.values import MARK, Command, Life, Program, Service, ServiceTrouble

NAME = "afterword.service"

_LINGERING = Path("/var/lib/systemd/linger")
"""One file a user that lingers (systemd-logind)."""

_UNFIT = frozenset("\"'\\")
"""systemd takes no program whose path holds one of these, however quoted (``string_is_safe`` in its sources)."""

_NEEDS_USER = "78"
"""The exit code that stands in the unit's RestartPreventExitStatus."""

_PROPERTIES = "ActiveState,SubState,Result,ExecMainStatus,StatusText"


def systemd(program: Program) -> Service:
    """The unit, and what brings it to life. Raises ``ServiceTrouble``."""
    return Service(
        scheduler="systemd",
        file=_units() / NAME,
        text=filled("systemd/afterword.service", _values(program)),
        start=(
            _systemctl("daemon-reload"),
            _systemctl("enable", NAME),
            _systemctl("reset-failed", NAME, may_fail=True),
            _systemctl("restart", NAME),  # a unit that runs already goes on with the new text
        ),
        stop=(_systemctl("disable", "--now", NAME, may_fail=True),),
        removed=(_systemctl("daemon-reload"), _systemctl("reset-failed", NAME, may_fail=True)),
        ask=_systemctl("show", NAME, f"--property={_PROPERTIES}"),
        read=_life,
        notes=(_lingering(), "Its log: journalctl --user -u afterword"),
    )


def command(program: Program) -> tuple[str, ...]:
    """``afterword run`` as installed; through the interpreter where there is no such script."""
    script = program.python.parent / "afterword"
    start = (str(script),) if script.exists() else (str(program.python), "-m", "agent.cli")
    return (*start, "--config", str(program.config), "run")


def _values(program: Program) -> dict[str, str]:
    path, *arguments = command(program)
    if _UNFIT & set(path) or not all(part.isprintable() for part in (path, *arguments)):
        raise ServiceTrouble(
            f"systemd starts no program whose path holds quotes, backslashes or line breaks: {path!r}. "
            "Install Afterword, or put its configuration, into another folder."
        )
    quoted = [_quoted(path), *(_quoted(argument) for argument in arguments)]
    variables = (f"Environment={_quoted(f'{name}={value}')}" for name, value in program.environment.items())
    # The colon: a dollar sign in a path is a dollar sign (systemd.service(5), since 244).
    return {"MARK": MARK, "PROGRAM": ":" + " ".join(quoted), "ENVIRONMENT": "\n".join(variables)}


def _quoted(text: str) -> str:
    """One word of systemd.syntax(7): C escapes within quotes, and ``%`` doubled, since it opens a specifier."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'


def _units() -> Path:
    """Where a user's own units lie (systemd.unit(5))."""
    configured = os.environ.get("XDG_CONFIG_HOME", "")
    return (Path(configured) if Path(configured).is_absolute() else Path.home() / ".config") / "systemd/user"


def _systemctl(*arguments: str, may_fail: bool = False) -> Command:
    return Command(argv=("systemctl", "--user", *arguments), may_fail=may_fail)


def _life(answer: str) -> Life:
    told = dict(line.partition("=")[::2] for line in answer.splitlines())
    state, detail = told.get("ActiveState", ""), told.get("SubState", "")
    running = state in ("active", "activating", "reloading") and detail != "auto-restart"
    return Life(
        running=running,
        needs_user=state == "failed" and told.get("ExecMainStatus") == _NEEDS_USER,
        words=(running and told.get("StatusText")) or f"{state} ({detail})",
    )


def _lingering() -> str:
    if (_LINGERING / getpass.getuser()).exists():
        return "It starts with the machine and goes on when you log out (lingering is on)."
    return (
        "It starts when you log in and ends when you log out. To let it run without you being logged in, "
        "say once: loginctl enable-linger"
    )
