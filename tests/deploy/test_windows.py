"""The task for Windows: well-formed, of the form that [MS-TSCH] 2.5 describes, and with what it must say."""

import re
from pathlib import Path, PureWindowsPath
from xml.etree import ElementTree as ET

import pytest

from agent.service.values import MARK, Program
from agent.service.windows import windows

NAMESPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
_BOOLEAN = "true|false"
_TEXT = ".+"
_DURATION = r"P(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?"

FORM: dict[str, str | list[str]] = {
    "Task": ["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"],
    "RegistrationInfo": ["Source", "Description"],
    "Triggers": ["LogonTrigger"],
    "LogonTrigger": ["Enabled", "StartBoundary", "EndBoundary", "Repetition", "ExecutionTimeLimit", "UserId", "Delay"],
    "Repetition": ["Interval", "Duration", "StopAtDurationEnd"],
    "Principals": ["Principal"],
    "Principal": ["UserId", "LogonType", "RunLevel"],
    "Settings": [
        *("MultipleInstancesPolicy", "DisallowStartIfOnBatteries", "StopIfGoingOnBatteries", "ExecutionTimeLimit"),
        *("StartWhenAvailable", "RunOnlyIfNetworkAvailable", "AllowStartOnDemand", "Enabled"),
    ],
    "Actions": ["Exec"],
    "Exec": ["Command", "Arguments", "WorkingDirectory"],
    **dict.fromkeys(("Source", "Description", "UserId", "Command", "Arguments"), _TEXT),
    **dict.fromkeys(("Interval", "ExecutionTimeLimit"), _DURATION),
    **dict.fromkeys(
        [
            *("DisallowStartIfOnBatteries", "StopIfGoingOnBatteries", "StartWhenAvailable"),
            *("RunOnlyIfNetworkAvailable", "AllowStartOnDemand", "Enabled"),
        ],
        _BOOLEAN,
    ),
    "LogonType": "InteractiveToken|S4U|Password|InteractiveTokenOrPassword",
    "RunLevel": "LeastPrivilege|HighestAvailable",
    "MultipleInstancesPolicy": "Parallel|Queue|IgnoreNew|StopExisting",
}
"""Element to its children in the order the form gives them, or to the pattern of its text; only what we may use."""


@pytest.fixture
def task(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ET.Element:
    monkeypatch.setenv("USERDOMAIN", "DESKTOP & CO")
    monkeypatch.setenv("LOGNAME", "ana")
    return ET.fromstring(service(tmp_path).text.encode("utf-16"))  # noqa: S314 - our own file


def service(folder: Path):
    python = PureWindowsPath(r"C:\Users\Ana Sousa\pipx\venvs\afterword\Scripts\python.exe")
    config = PureWindowsPath(r"C:\Users\Ana Sousa\A & B\config.yaml")
    return windows(Program(python=python, config=config))  # type: ignore[arg-type]  # a Path of Windows, made elsewhere


def faults(element: ET.Element) -> list[str]:
    """What does not follow the form."""
    name = element.tag.removeprefix(NAMESPACE)
    form = FORM.get(name, "element that the form does not know")
    if isinstance(form, str):
        return [] if re.fullmatch(form, element.text or "") else [f"{name}: {element.text}"]
    order = [form.index(tag) if (tag := child.tag.removeprefix(NAMESPACE)) in form else -1 for child in element]
    own = [] if order == sorted(set(order)) and -1 not in order else [f"{name}: {[child.tag for child in element]}"]
    return own + [fault for child in element for fault in faults(child)]


def test_it_has_the_form_of_a_task(task: ET.Element) -> None:
    assert task.tag == f"{NAMESPACE}Task"
    assert faults(task) == []


def test_another_form_would_be_noticed(task: ET.Element) -> None:
    """The test above can fail: an unknown element, a wrong word, a wrong order."""
    settings = task.find(f"{NAMESPACE}Settings")
    assert settings is not None
    settings[0].text = "IgnoreAll"
    ET.SubElement(settings, f"{NAMESPACE}RestartAlways").text = "true"
    assert len(faults(task)) == 3


def test_what_the_defaults_would_spoil_is_said(task: ET.Element) -> None:
    """No end after three days, on battery too, one at a time, again after a failure; no more rights."""
    said = {element.tag.removeprefix(NAMESPACE): element.text for element in task.iter()}
    assert said["ExecutionTimeLimit"] == "PT0S"
    assert (said["DisallowStartIfOnBatteries"], said["StopIfGoingOnBatteries"]) == ("false", "false")
    assert (said["MultipleInstancesPolicy"], said["Interval"]) == ("IgnoreNew", "PT1H")
    assert (said["LogonType"], said["RunLevel"]) == ("InteractiveToken", "LeastPrivilege")
    assert said["UserId"] == r"DESKTOP & CO\ana"
    assert said["Source"] == MARK


def test_it_starts_without_a_window(task: ET.Element) -> None:
    """pythonw, our module, the configuration in quotes."""
    assert task.findtext(f".//{NAMESPACE}Command") == (r"C:\Users\Ana Sousa\pipx\venvs\afterword\Scripts\pythonw.exe")
    assert task.findtext(f".//{NAMESPACE}Arguments") == (
        r'-m agent.service --config "C:\Users\Ana Sousa\A & B\config.yaml" run'
    )


def test_windows_words(tmp_path: Path) -> None:
    """What PowerShell prints of the task's state."""
    read = service(tmp_path).read
    assert read("Running\r\n").running is True
    assert read("Ready\r\n").running is False
    assert read("").running is False
