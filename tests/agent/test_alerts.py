"""Telling the user: real programs are started, and nothing they do reaches the agent."""

import json
import logging
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agent import alerts
from agent.alerts import Alert, AlertKind, Outbox, deliver
from agent.config.settings import Clock, CommandAlert, Me, Settings

ALERT = Alert(
    kind=AlertKind.REMINDER,
    case="k4m2xp",
    title="2 h left to ask <b>Acme</b>\x1b[31m & Söhne",
    sentence="The draft is still unsent. Asking <within> a day works best.",
    ends=datetime(2026, 6, 4, 12, tzinfo=UTC),
)


def settings(*argvs: tuple[str, ...], desktop: bool = False) -> Settings:
    return Settings(
        me=Me(name="Ana"),
        accounts=(),
        clock=Clock(timezone=ZoneInfo("UTC")),
        desktop_alerts=desktop,
        command_alerts=tuple(CommandAlert(argv=argv) for argv in argvs),
        store="sqlite:///none",
        source=Path("none"),
    )


def program(path: Path, body: str) -> str:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o700)
    return str(path)


def test_a_program_reads_the_alert_as_json(tmp_path: Path) -> None:
    """One line on its standard input, in a form with a version."""
    tell = program(tmp_path / "tell", f'cat > "{tmp_path}/got"; echo "$@" > "{tmp_path}/argv"')
    deliver(ALERT, settings((tell, "--loud", "; rm -rf /")))
    assert json.loads((tmp_path / "got").read_text()) == {
        "version": 1,
        "kind": "reminder",
        "case": "k4m2xp",
        "title": ALERT.title,
        "sentence": ALERT.sentence,
        "ends": "2026-06-04T12:00:00+00:00",
    }
    assert (tmp_path / "argv").read_text() == "--loud ; rm -rf /\n"


def test_the_desktop_gets_plain_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No markup, no control characters, nothing that could be taken for an option."""
    program(tmp_path / "notify-send", f'for each in "$@"; do printf "%s\\n" "$each"; done > "{tmp_path}/argv"')
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    deliver(ALERT, settings(desktop=True))
    *options, title, body = (tmp_path / "argv").read_text().splitlines()
    assert options == ["-a", "Afterword", "-u", "normal", "--"]
    assert title == "2 h left to ask <b>Acme</b> [31m & Söhne"
    assert body == "The draft is still unsent. Asking &lt;within&gt; a day works best. More: afterword show k4m2xp"


def test_on_a_mac_the_words_are_arguments_and_no_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """AppleScript takes them from its argv, so a mail's subject cannot run anything."""
    program(tmp_path / "osascript", f'for each in "$@"; do printf "%s\\n" "$each"; done > "{tmp_path}/argv"')
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    monkeypatch.setattr(alerts.shutil, "which", lambda name: str(tmp_path / name) if name == "osascript" else None)
    deliver(replace(ALERT, title='" & (do shell script "id") & "'), settings(desktop=True))
    *script, title, body = (tmp_path / "argv").read_text().splitlines()
    assert script[::2] == ["-e"] * 3
    assert "do shell script" not in "".join(script)
    assert title == '" & (do shell script "id") & "'
    assert body.endswith("More: afterword show k4m2xp")


def test_an_alert_that_names_its_command_names_it_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What to type stands in the bubble, since a bubble cannot be clicked everywhere."""
    program(tmp_path / "notify-send", f'for each in "$@"; do printf "%s\\n" "$each"; done > "{tmp_path}/argv"')
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    deliver(replace(ALERT, sentence="To write one: afterword ask k4m2xp"), settings(desktop=True))
    assert (tmp_path / "argv").read_text().splitlines()[-1] == "To write one: afterword ask k4m2xp"


def test_a_desktop_that_is_not_wanted_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`alerts: []` starts nothing."""
    program(tmp_path / "notify-send", f'touch "{tmp_path}/called"')
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    deliver(ALERT, settings())
    assert not (tmp_path / "called").exists()


def test_every_alert_is_a_log_line_without_the_title(caplog: pytest.LogCaptureFixture) -> None:
    """The title may name the employer; the log shall not. Written at once, whatever the hour."""
    with caplog.at_level(logging.INFO, logger="afterword"):
        Outbox(settings()).put(ALERT)
    (record,) = caplog.records
    assert record.getMessage() == ALERT.sentence
    assert (record.__dict__["action"], record.__dict__["case"]) == ("alert reminder", "k4m2xp")


def test_a_failing_program_hinders_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Missing, failing, killed: each a log line, and the next program is started."""
    last = program(tmp_path / "last", f'touch "{tmp_path}/called"')
    broken = program(tmp_path / "broken", "echo secret >&2; exit 3")
    deliver(ALERT, settings(("no-such-program",), (broken,), ("/etc/passwd",), ("bad\0name",), (last,)))
    assert (tmp_path / "called").exists()
    told = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert [each.split("`")[1] for each in told] == ["no-such-program", broken, "/etc/passwd", "bad\0name"]
    assert "secret" not in "".join(told)


def test_a_hanging_program_is_stopped(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """The account's thread waits for it, so it gets a few seconds and no more."""
    monkeypatch.setattr(alerts, "TIMEOUT", 0.3)
    begun = time.monotonic()
    deliver(ALERT, settings(("sh", "-c", "sleep 30; true")))
    assert time.monotonic() - begun < 5
    assert "was stopped" in caplog.text
