"""The recipes of docs/alerts.md are whole programs: each is run as it stands there, against a double of the rest."""

import json
import os
import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from icalendar import Calendar

from agent import alerts
from agent.alerts import Alert, AlertKind, deliver
from agent.config.settings import Clock, CommandAlert, Me, Settings

PAGE = (Path(__file__).parents[2] / "docs/alerts.md").read_text()

ALERT = Alert(
    kind=AlertKind.REMINDER,
    case="k4m2xp",
    title='2 h left to ask Müller; Söhne, "GmbH" <b>$(id)</b>',
    sentence="The draft is still unsent.",
    ends=datetime(2026, 6, 4, 12, tzinfo=UTC),
)


def recipes() -> dict[str, str]:
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    return {re.search(r"# (afterword-\w+)", block)[1]: block for block in blocks}


@pytest.fixture
def tell(tmp_path: Path):
    """Deliver the alert to a recipe, as the daemon does."""

    def told(name: str, *arguments: str, alert: Alert = ALERT) -> None:
        path = tmp_path / name
        path.write_text(recipes()[name].replace("#!/usr/bin/env python3", f"#!{sys.executable}"))
        path.chmod(0o700)
        command = CommandAlert(argv=(str(path), *arguments))
        settings = Settings(
            me=Me(name="Ana"), accounts=(), clock=Clock(timezone=UTC), desktop_alerts=False, command_alerts=(command,),
            store="sqlite:///none", source=Path("none"),
        )  # fmt: skip
        deliver(alert, settings)

    return told


@contextmanager
def web_server() -> Iterator[tuple[str, list[bytes]]]:
    """Takes what is posted, on loopback."""
    posted: list[bytes] = []

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    server = HTTPServer(("127.0.0.1", 0), Taking)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", posted
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def double(folder: Path, name: str, body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{body}\n")
    (folder / name).chmod(0o700)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def appears(path: Path) -> str:
    """What a program that goes on by itself leaves behind, within ten seconds."""
    end = time.monotonic() + 10
    while not (path.exists() and path.read_text()):
        assert time.monotonic() < end, path.name
        time.sleep(0.05)
    return path.read_text()


def test_ntfy(tell) -> None:
    """As JSON, since an HTTP header takes no umlaut."""
    with web_server() as (url, posted):
        tell("afterword-ntfy", url, "secret")
    (body,) = map(json.loads, posted)
    assert body == {"topic": "secret", "title": ALERT.title, "message": ALERT.sentence, "priority": 4}


def test_pushover(tell, tmp_path: Path) -> None:
    """The secrets come from a file, not from the configuration."""
    (tmp_path / "secrets").write_text("app-token\nuser-key\n")
    with web_server() as (url, posted):
        tell("afterword-pushover", str(tmp_path / "secrets"), url)
    form = {key: values[0] for key, values in parse_qs(posted[0].decode()).items()}
    assert form == {"token": "app-token", "user": "user-key", "title": ALERT.title, "message": ALERT.sentence}


def test_signal(tell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its Java machine may take longer than Afterword waits."""
    monkeypatch.setattr(alerts, "TIMEOUT", 2.0)
    script = f'sleep 3; {{ echo "$@"; cat; }} > "{tmp_path}/half"; mv "{tmp_path}/half" "{tmp_path}/got"'
    double(tmp_path, "signal-cli", script, monkeypatch)
    begun = time.monotonic()
    tell("afterword-signal", "+491701234567")
    assert time.monotonic() - begun < 2
    said = appears(tmp_path / "got").splitlines()
    assert said == ["-a +491701234567 send --note-to-self --message-from-stdin", ALERT.title, ALERT.sentence]


def test_calendar(tell, tmp_path: Path) -> None:
    """A calendar that others can read, one entry a case, and none without a clock."""
    for _ in range(2):
        tell("afterword-calendar", str(tmp_path))
    tell("afterword-calendar", str(tmp_path), alert=Alert(kind=AlertKind.NEWS, case="abcdef", title="x", sentence="y"))
    (entry,) = tmp_path.glob("*.ics")
    (event,) = Calendar.from_ical(entry.read_bytes()).walk("VEVENT")
    assert event["SUMMARY"] == ALERT.title
    assert event["DTEND"].dt == ALERT.ends
    (alarm,) = event.walk("VALARM")
    assert alarm["ACTION"] == "DISPLAY"


def test_every_kind_is_explained() -> None:
    """The table names all of them, and none besides."""
    named = set(re.findall(r"(?m)^\| `(\w+)` \|", PAGE)) - {"kind"}
    assert named == {kind.value for kind in AlertKind}


def test_the_example_is_what_programs_read(tmp_path: Path) -> None:
    """Its keys are those that are handed over."""
    example = json.loads(re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)[1])
    (tmp_path / "take").write_text(f'#!/bin/sh\ncat > "{tmp_path}/got"\n')
    (tmp_path / "take").chmod(0o700)
    settings = Settings(
        me=Me(name="Ana"), accounts=(), clock=Clock(timezone=UTC), desktop_alerts=False,
        command_alerts=(CommandAlert(argv=(str(tmp_path / "take"),)),), store="sqlite:///none", source=Path("none"),
    )  # fmt: skip
    deliver(ALERT, settings)
    assert list(json.loads((tmp_path / "got").read_text())) == list(example)
