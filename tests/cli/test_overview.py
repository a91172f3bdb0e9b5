"""`status` and `show`: what waits for the user, on the terminal and as JSON."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from agent.case import Link, Trigger, Words
from agent.case.events import DraftPlaced, DraftSent, Event, Hindered, MailFiled, Noted, UserClosed
from agent.cli import clock
from agent.journal import Journal
from agent.lock import daemon_lock
from tests.agent.facts import filed, hours, mail, placed, promised
from tests.cli.conftest import CONFIG, Home

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands, however long a test takes."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def notice(age: float, **fields: object) -> MailFiled:
    standard = {"employer": "Acme", "position": "Data Engineer", "stage": "interviewed", "subject": "Your application"}
    evidence = (Words(rule="en/decided-on-others", words="decided to move forward with others"),)
    one = mail("rejection", arrived=NOW - hours(age), evidence=evidence, **(standard | fields))
    return filed(one, Trigger.NOTICE, link=Link.OPENED)


def drafted(age: float, **fields: object) -> list[Event]:
    first = notice(age, **fields)
    return [first, promised(at=first.at), placed(at=first.at, parent=first.mail.message_id)]


def test_an_empty_store_has_nothing_to_show(configured: Home) -> None:
    """And says that nobody watches."""
    ended = configured.run("status")
    assert ended.code == 0
    assert "Afterword is not running. Start it: afterword run" in ended.out
    assert "Nothing waits for you." in ended.out
    assert "not looked at yet" in ended.out


def test_a_clock_shows_its_time_left(configured: Home) -> None:
    """And whose letter it is."""
    case = configured.happened(*drafted(20.5))
    out = configured.run("status").out
    assert f"{case.id}  Acme, Data Engineer  3 h 30 min left" in out
    assert "request for advice in your Drafts" in out


def test_a_late_draft_is_called_late(configured: Home) -> None:
    """The draft stays."""
    configured.happened(*drafted(30))
    assert "late by 6 h" in configured.run("status").out


def test_what_presses_most_comes_first(configured: Home) -> None:
    """The user's turn before the employer's, the earliest clock before the later one."""
    waiting = configured.happened(*drafted(40), DraftSent(at=NOW - hours(30), message_id="<s@example.org>"))
    later, sooner = configured.happened(*drafted(3)), configured.happened(*drafted(22))
    form = configured.run("status", "--json").json
    assert [case["id"] for case in form["cases"]] == [sooner.id, later.id, waiting.id]
    assert [case["waits_for"] for case in form["cases"]] == ["you", "you", "employer"]
    out = configured.run("status").out
    assert out.index(sooner.id) < out.index(later.id) < out.index("Under way") < out.index(waiting.id)


def test_hindrances_and_missing_recipients_are_explained(configured: Home) -> None:
    """Each with what can be done."""
    first = notice(5, employer="Bar")
    nobody = DraftPlaced(at=first.at, ref="r", to=None, found_by="nobody", parent=None)
    configured.happened(first, promised(at=first.at), nobody)
    configured.happened(notice(4), promised(at=NOW), Hindered(at=NOW, reason="the Drafts folder takes nothing"))
    unsure = configured.happened(notice(2), Noted(at=NOW, reason="unsure", candidates=()))
    out = configured.run("status").out
    assert "No recipient: the message came from an address that nobody reads" in out
    assert "No draft yet: the Drafts folder takes nothing" in out
    assert f"To have a letter written: afterword ask {unsure.id}" in out


def test_a_case_without_an_employer_shows_its_subject(configured: Home) -> None:
    """Else two of them could not be told apart."""
    configured.happened(*drafted(5, employer=None, position=None, subject="Sundays at the\tcafé"))
    assert "unknown employer (“Sundays at the café”)" in configured.run("status").out


def test_an_unsure_case_says_what_to_type(configured: Home) -> None:
    """A whole command for each case it may belong to."""
    first = notice(2)
    configured.happened(first, Noted(at=NOW, reason="unsure", candidates=("abc234",)))
    known = (first.mail.message_id or "").strip("<>")
    said = " ".join(configured.run("status").out.split())
    assert f"It may be about abc234. Say so: afterword file {known} abc234" in said


def test_a_look_within_the_minute_was_just_now(configured: Home) -> None:
    """Nobody says "0 min ago"."""
    journal = Journal(configured.store)
    with journal.writing() as writer:
        writer.note_account("home", last_turn=NOW - timedelta(seconds=20))
    journal.close()
    assert "last looked at just now" in configured.run("status").out


def test_what_is_over_is_only_counted(configured: Home) -> None:
    """Closed cases, and those that the policy only noted."""
    configured.happened(*drafted(5), UserClosed(at=NOW))
    configured.happened(notice(5), Noted(at=NOW, reason="policy"))
    configured.happened(filed(mail("receipt", employer="Dee", arrived=NOW), Trigger.RECEIPT))
    out = configured.run("status").out
    assert "Nothing waits for you." in out
    assert "Besides: 1 applied, 1 closed, 1 turned down without a letter" in " ".join(sorted_besides(out))


def sorted_besides(out: str) -> list[str]:
    line = next(line for line in out.splitlines() if line.startswith("Besides: "))
    return ["Besides: " + ", ".join(sorted(line.removeprefix("Besides: ").split(", ")))]


def test_accounts_show_when_and_what_troubles_them(configured: Home) -> None:
    """In people's words, and in JSON."""
    journal = Journal(configured.store)
    with journal.writing() as writer:
        writer.note_account(
            "home",
            last_turn=NOW - timedelta(minutes=5),
            trouble="the password is wrong",
            trouble_since=NOW - hours(3),
            set_aside=2,
        )
    journal.close()
    out = configured.run("status").out
    assert "the password is wrong (for 3 h)" in out
    assert "last looked at 5 min ago" in out
    assert "2 messages could not be read" in out
    (account,) = configured.run("status", "--json").json["accounts"]
    assert account == {
        "name": "home",
        "connector": "maildir",
        "address": "ana@example.org",
        "last_turn": (NOW - timedelta(minutes=5)).isoformat(),
        "trouble": "the password is wrong",
        "trouble_since": (NOW - hours(3)).isoformat(),
        "set_aside": 2,
    }


def test_it_sees_whether_somebody_watches(configured: Home) -> None:
    """By the daemon's lock."""
    with daemon_lock(configured.store):
        assert "Afterword is running." in configured.run("status").out
        assert configured.run("status", "--json").json["running"] is True
    assert configured.run("status", "--json").json["running"] is False


def test_mistakes_in_rule_files_are_shown(configured: Home) -> None:
    """The daemon goes on with the last good rules; here stands why."""
    (configured.config.parent / "own.yaml").write_text("rules:\n  - rul: x\n")
    configured.configure(CONFIG + "rules: [own.yaml]\n")
    assert f"{configured.config.parent}/own.yaml:2:" in configured.run("status").out
    assert configured.run("status", "--json").json["problems"]


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
        "clock": {"ends": (first.mail.arrived + hours(24)).isoformat(), "late": False},
        "lapses": (first.mail.arrived + timedelta(days=7)).isoformat(),
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


def test_show_tells_everything_about_a_case(configured: Home) -> None:
    """What happened, the mails with their evidence, the letters."""
    case = configured.happened(*drafted(20))
    ended = configured.run("show", case.id.upper())
    assert ended.code == 0
    for words in (
        "mail from Jane Doe <jane@acme.example>: “Your application” (rejection; the first of this case)",
        "request for advice promised",
        "draft placed, to jane@acme.example. This person sent the message it answers.",
        "“decided to move forward with others”  en/decided-on-others",
        "1  request  pending  to jane@acme.example",
    ):
        assert words in ended.out


def test_show_as_json(configured: Home) -> None:
    """The same, for programs."""
    case = configured.happened(*drafted(20), DraftSent(at=NOW, message_id="<s@example.org>"))
    form = configured.run("show", case.id, "--json").json
    assert list(form) == ["version", "now", "case", "mails", "letters", "events"]
    assert [event["kind"] for event in form["events"]] == ["mail", "promised", "placed", "sent"]
    assert form["events"][0]["link"] == "opened"
    assert form["mails"][0]["evidence"][0]["rule"] == "en/decided-on-others"
    assert form["letters"][0]["sent_id"] == "<s@example.org>"
    assert form["case"]["state"] == "awaiting_feedback"


def test_an_unknown_case_gets_a_suggestion(configured: Home) -> None:
    """A slip of the finger is named."""
    case = configured.happened(*drafted(20))
    wrong = case.id[:-1] + ("a" if case.id[-1] != "a" else "b")
    ended = configured.run("show", wrong)
    assert ended.code == 1
    assert f"There is no case {wrong}. Did you mean {case.id}?" in ended.err


def test_hostile_words_cannot_steer_the_terminal(configured: Home) -> None:
    """A subject with escape sequences, an employer with markup."""
    hostile = {"subject": "\x1b[2J\x1b]0;x\x07Hi", "employer": "[red]Acme\u202e"}
    case = configured.happened(*drafted(20, **hostile))
    for out in (configured.run("show", case.id).out, configured.run("status").out):
        assert "\x1b" not in out
        assert "\u202e" not in out
        assert "[red]Acme" in out


def test_narrow_terminals_lose_no_word(configured: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines are broken, not cut."""
    first = notice(5)
    configured.happened(
        first, promised(at=first.at), DraftPlaced(at=first.at, ref="r", to=None, found_by="nobody", parent=None)
    )
    wide = configured.run("status").out.split()
    monkeypatch.setenv("COLUMNS", "40")
    narrow = configured.run("status").out
    assert max(map(len, narrow.splitlines())) <= 40
    assert narrow.split() == wide
