"""A task of Windows' Task Scheduler, at the user's logon; its XML is described in [MS-TSCH] 2.5."""

import getpass
import os
import subprocess
from html import escape

import platformdirs

from agent.service.template import filled
from agent.service.values import MARK, Command, Life, Program, Service

TASK = "Afterword"


def windows(program: Program) -> Service:
    """The task, and what brings it to life."""
    file = platformdirs.user_data_path("afterword", appauthor=False) / "task.xml"
    return Service(
        scheduler="the Task Scheduler",
        file=file,
        text=filled("windows/afterword.xml", _values(program)),
        encoding="utf-16",  # what the declaration says, and what schtasks reads everywhere
        start=(
            _schtasks("/End", may_fail=True),
            Command(argv=("schtasks", "/Create", "/TN", TASK, "/XML", str(file), "/F")),
            _schtasks("/Run"),
        ),
        stop=(_schtasks("/End", may_fail=True), _schtasks("/Delete", "/F", may_fail=True)),
        # schtasks answers in Windows' own language; this one does not.
        ask=Command(argv=("powershell", "-NoProfile", "-Command", f"(Get-ScheduledTask -TaskName {TASK}).State")),
        read=_life,
        notes=(
            "It starts when you log on and ends when you log off. Should it fail, it is started again within the hour.",
            r"Its log: %LOCALAPPDATA%\afterword\Logs\afterword.log; what kept it from starting: service.log beside it.",
        ),
    )


def _values(program: Program) -> dict[str, str]:
    windowless = program.python.with_name("pythonw.exe")
    arguments = subprocess.list2cmdline(["-m", "agent.service", "--config", str(program.config), "run"])
    domain = os.environ.get("USERDOMAIN", "")
    user = f"{domain}\\{getpass.getuser()}" if domain else getpass.getuser()
    values = {"PROGRAM": str(windowless), "ARGUMENTS": arguments, "USER": user, "MARK": MARK}
    return {name: escape(value, quote=False) for name, value in values.items()}


def _schtasks(verb: str, *arguments: str, may_fail: bool = False) -> Command:
    return Command(argv=("schtasks", verb, "/TN", TASK, *arguments), may_fail=may_fail)


def _life(answer: str) -> Life:
    return Life(running=answer.strip() == "Running", words=answer.strip())
