"""Afterword as a service: started by systemd, launchd or the Task Scheduler, whichever is here."""

import sys
from pathlib import Path

from agent.service.operate import condition, install, uninstall
from agent.service.values import Condition, Life, NotStarted, Program, Service, ServiceTrouble, running_program

__all__ = [
    "Condition",
    "Life",
    "NotStarted",
    "Service",
    "ServiceTrouble",
    "condition",
    "install",
    "service_for",
    "uninstall",
]


def service_for(config: Path) -> Service:
    """The service of this machine that would run this installation with that configuration.

    Raises ``ServiceTrouble`` where there is no scheduler that we know.
    """
    return _made(running_program(config))


def _made(program: Program) -> Service:
    if sys.platform == "win32":
        from agent.service.windows import windows  # each module belongs to one system

        return windows(program)
    if sys.platform == "darwin":
        from agent.service.launchd import launchd  # as above

        return launchd(program)
    if sys.platform == "linux":
        from agent.service.systemd import systemd  # as above

        return systemd(program)
    raise ServiceTrouble("There is no systemd here. Let your own system start `afterword run` when you log in.")
