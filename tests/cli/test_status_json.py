"""`status --json` and `status --watch`."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest

from tests.agent.facts import hours, placed, promised
from tests.cli.conftest import Home
from tests.cli.happened import drafted, notice

pytestmark = pytest.mark.usefixtures("still")


def test_the_json_of_a_case_is_as_documented(configured: Home) -> None:
    """Every key of docs/commands.md, with its kind of value."""
    first = notice(20)
    case = configured.happened(first, promised(at=first.at), placed(at=first.at, parent=first.mail.message_id))
    form = configured.run("status", "--json").json
    assert list(form) == ["version", "now", "running", "accounts", "cases", "problems"]
    assert form["version"] == 1
    (shown,) = form["cases"]
    assert shown["clock"].pop("seconds_left") == pytest.approx(4 * 3600, abs=60)
    assert shown["clock"].pop("reminders")[0]["what"] == "8 h left"
    letter = shown.pop("letter")
    assert shown == {
        "id": case.id,
        "account": "home",
        "state": "request_drafted",
        "since": first.at.isoformat(),
        "outcome": None,
        "employer": "Acme",
        "position": "Data Engineer",
        "stage": "interviewed",
        "waits_for": "you",
        "notice": {
            "message_id": first.mail.message_id,
            "meaning": "rejection",
            "arrived": first.mail.arrived.isoformat(),
        },
        "told": None,
        "clock": {"ends": (first.mail.arrived + hours(24)).isoformat(), "late": False},
        "lapses": (first.mail.arrived + timedelta(days=7)).isoformat(),
        "next": None,
        "asked": False,
        "note": None,
        "candidates": [],
        "hindrance": None,
    }
    assert letter == {
        "kind": "request",
        "number": 1,
        "account": "home",
        "fate": "pending",
        "promised": first.at.isoformat(),
        "placed": first.at.isoformat(),
        "settled": None,
        "to": {"address": "jane@acme.example", "name": None},
        "found_by": "sender",
        "parent": first.mail.message_id,
        "subject": None,
        "message_id": "<letter-1@example.org>",
        "sent_id": None,
        "breaches": [],
    }


def test_watching_needs_a_terminal(configured: Home) -> None:
    """A pipe would never end."""
    assert configured.run("status", "--watch").code == 2
    assert configured.run("status", "--watch", "--json").code == 2


def test_watching_shows_what_changes_until_it_is_stopped(configured: Home) -> None:
    """On a terminal; Ctrl-C ends it without a word."""
    controller, terminal = pty.openpty()
    command, environment = [sys.executable, "-m", "agent.cli", "status", "--watch"], {**os.environ, "TERM": "xterm"}
    ends = {"stdin": terminal, "stdout": terminal, "stderr": terminal}
    with subprocess.Popen(command, **ends, env=environment, start_new_session=True) as watching:
        os.close(terminal)
        try:
            shown = read_until(controller, b"Nothing waits for you.")
            case = configured.happened(*drafted(20))
            shown += read_until(controller, case.id.encode())
            watching.send_signal(signal.SIGINT)
            assert watching.wait(10) == 130
        finally:
            watching.kill()
            os.close(controller)
    assert b"Traceback" not in shown


def read_until(terminal: int, words: bytes) -> bytes:
    """What the terminal shows up to and with these words, within half a minute."""
    shown, end = b"", time.monotonic() + 30
    while words not in shown:
        assert select.select([terminal], [], [], max(0, end - time.monotonic()))[0], shown
        shown += os.read(terminal, 4096)
    return shown
