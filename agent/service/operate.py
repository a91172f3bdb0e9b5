"""Installing, removing and asking, whichever scheduler it is."""

import contextlib
import subprocess
import tempfile
import time
from pathlib import Path

from agent.service.values import MARK, Command, Condition, Life, NotStarted, Service, ServiceTrouble

PATIENCE = 330.0
"""Seconds for one call: systemd waits for the daemon to be ready, up to the unit's TimeoutStartSec."""

_ENOUGH = 100_000
"""Bytes of a file of ours, generously."""


def install(service: Service, *, start: bool = True) -> None:
    """Write the file and bring it to life; a service that is there is renewed.

    Raises ``ServiceTrouble`` when nothing was done, ``NotStarted`` when the file is written.
    """
    kept = _kept(service)
    if kept is not None and MARK not in kept:
        raise _not_ours(service)
    _write(service.file, service.text.encode(service.encoding))
    if start:
        for command in service.start:
            _carry_out(command)


def uninstall(service: Service) -> bool:
    """End it and remove the file. False: there was none. Raises ``ServiceTrouble``."""
    kept = _kept(service)
    if kept is None:
        return False
    if MARK not in kept:
        raise _not_ours(service)
    for command in service.stop:
        with contextlib.suppress(NotStarted):  # a scheduler that is not here cannot run it either
            _carry_out(command)
    service.file.unlink(missing_ok=True)
    for command in service.removed:
        with contextlib.suppress(NotStarted):
            _carry_out(command)
    return True


def condition(service: Service) -> Condition:
    """How the service fares. Changes nothing. Raises ``ServiceTrouble`` when its file cannot be read."""
    kept = _kept(service)
    life: Life | None = None
    if kept is not None:
        with contextlib.suppress(NotStarted):
            life = service.read(_carry_out(service.ask))
    return Condition(
        installed=kept is not None,
        ours=kept is not None and MARK in kept,
        current=kept == service.text,
        life=life,
    )


def _kept(service: Service) -> str | None:
    """What the file says; None when there is none."""
    try:
        with service.file.open("rb") as file:
            return file.read(_ENOUGH).decode(service.encoding, "replace")
    except FileNotFoundError:
        return None
    except OSError as failed:
        raise ServiceTrouble(f"{service.file} cannot be read: {failed.strerror}.") from None


def _write(path: Path, content: bytes) -> None:
    """All of it, or nothing."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".afterword-")
        half = Path(name)
        try:
            with open(descriptor, "wb") as file:
                file.write(content)
            half.replace(path)
        finally:
            half.unlink(missing_ok=True)
    except OSError as failed:
        raise ServiceTrouble(f"{path} cannot be written: {failed.strerror}.") from None


def _carry_out(command: Command) -> str:
    """What the call printed. Raises ``NotStarted`` when it failed and must not."""
    for attempt in range(command.attempts):
        if attempt:
            time.sleep(1)
        code, answer, complaint = _call(command)
        if code == 0:
            return answer
    if command.may_fail:
        return answer
    raise NotStarted(f"`{' '.join(command.argv)}`: {_first_line(complaint) or f'exit code {code}'}")


def _call(command: Command) -> tuple[int, str, str]:
    try:
        done = subprocess.run(  # noqa: S603 - argv of a scheduler's own tool, written in this folder; no shell
            command.argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=False
        )
    except FileNotFoundError:
        return 127, "", f"there is no {command.argv[0]} here"
    except subprocess.TimeoutExpired:
        return 124, "", f"no answer within {PATIENCE:.0f} s"
    except OSError as failed:
        return 126, "", failed.strerror or type(failed).__name__
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")[:300]


def _not_ours(service: Service) -> ServiceTrouble:
    return ServiceTrouble(
        f"{service.file} was not written by Afterword, so it is left as it is. Move it away if it is not needed."
    )
