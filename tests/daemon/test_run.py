"""`afterword run` in a process of its own, on a real Dovecot."""

import json
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agent.journal import Journal
from tests.agent.stage import FEEDBACK, eml
from tests.daemon.household import ALICE, ROOT, Household, environment, invitation, rejection, wait_until
from tests.servers.dovecot import Dovecot


@pytest.fixture
def household(tmp_path: Path):
    with Dovecot() as server:
        yield Household(server, tmp_path)


def turned_down(household: Household) -> float:
    """Seconds from the delivery of the rejection to the draft."""
    with household.imap() as client:  # connected before the clock starts
        client.select("Drafts", readonly=True)
        household.deliver(rejection())
        return wait_until(lambda: client.noop() and client.search(None, "ALL")[1][0], what="the draft")


def ready(household: Household) -> bool:
    """The daemon has taken its first turn."""
    return "read 1 messages" in household.log


def test_from_delivery_to_draft_in_two_seconds(household: Household):
    """Pushed by the server, judged, drafted: measured, and told in `status`."""
    household.deliver(invitation())
    with household.daemon():
        wait_until(lambda: ready(household), what="the first turn")
        time.sleep(0.5)  # the daemon goes into IDLE
        took = turned_down(household)
        assert took < 2.0, f"{took:.2f} s"
        (draft,) = household.drafts()
        assert (draft["To"], draft["In-Reply-To"]) == ("Jane Doe <jane.doe@acme.example>", "<notice@acme.example>")
        status = json.loads(household.afterword("status", "--json").stdout)
        assert [case["state"] for case in status["cases"]] == ["request_drafted"]


def test_the_daemon_ends_politely_within_five_seconds(household: Household):
    """SIGTERM, in the middle of IDLE."""
    household.deliver(invitation())
    with household.daemon() as running:
        wait_until(lambda: ready(household), what="the first turn")
        start = time.monotonic()
        running.send_signal(signal.SIGTERM)
        assert running.wait(6) == 0
        assert time.monotonic() - start < 5


def test_a_second_daemon_refuses(household: Household):
    """Two on one store would both write; the second says so and ends."""
    household.deliver(invitation())
    with household.daemon():
        wait_until(lambda: ready(household), what="the first turn")
        for command in ("run", "check"):
            second = household.afterword(command)
            assert second.returncode == 1
            assert "Another Afterword is already at work" in second.stderr
            assert "Traceback" not in second.stderr


def test_the_user_s_commands_are_acted_on_within_a_heartbeat(household: Household):
    """`afterword close` while the daemon runs; the draft is the user's to delete."""
    household.deliver(invitation())
    with household.daemon():
        wait_until(lambda: ready(household), what="the first turn")
        turned_down(household)
        wait_until(lambda: "request_drafted" in household.afterword("status", "--json").stdout)
        (case,) = json.loads(household.afterword("status", "--json").stdout)["cases"]
        assert household.afterword("close", case["id"]).returncode == 0
        assert "ignored" in household.afterword("show", case["id"], "--json").stdout


def test_the_whole_way_while_the_daemon_runs(household: Household):
    """Sent, answered, thanked: seen in the Sent folder, which push does not cover, within a poll."""
    household.deliver(invitation())
    with household.daemon():
        wait_until(lambda: ready(household), what="the first turn")
        turned_down(household)
        wait_until(lambda: "draft placed" in household.log)
        household.send_draft("minted@example.com")
        feedback = eml(FEEDBACK, key="feedback@acme.example", answers="minted@example.com", to=ALICE, subject="Re: x")
        household.deliver(feedback)  # INBOX wakes the daemon, which then sees Sent too
        wait_until(household.drafts, seconds=30, what="the thank-you")
        (thanks,) = household.drafts()
        assert thanks["In-Reply-To"] == "<feedback@acme.example>"


def test_a_restarted_server_is_found_again_within_half_a_minute(household: Household):
    """Down for a while, then back: the mail that came first is answered."""
    household.deliver(invitation())
    with household.daemon():
        wait_until(lambda: ready(household), what="the first turn")
        household.server.stop()
        time.sleep(5)
        household.server.start()
        household.deliver(rejection())
        assert wait_until(household.drafts, seconds=30, what="the draft") < 30


def test_a_wrong_password_needs_the_user(household: Household):
    """Exit code 78, a sentence, no traceback, and no second try that would lock the account."""
    (household.home / "password").write_text("wrong")
    for command in ("run", "check"):
        done = household.afterword(command)
        assert done.returncode == 78, done.stderr
        assert "password" in done.stderr
        assert "Traceback" not in done.stderr


def test_systemd_is_told(household: Household):
    """READY, STATUS, the watchdog's ping, STOPPING."""
    path = household.home / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(path))
        listener.settimeout(20)
        with household.daemon(env=environment(NOTIFY_SOCKET=str(path))) as running:
            first = listener.recv(1000).decode()
            assert first.startswith("READY=1\nSTATUS=")
            assert listener.recv(1000) == b"WATCHDOG=1"
            running.send_signal(signal.SIGTERM)
            assert listener.recv(1000) == b"STOPPING=1"


@pytest.fixture
def mortal(tmp_path: Path):
    """Takes one turn in a process that dies at a step; how it ended. See ``dying.py``."""
    command = [sys.executable, str(ROOT / "tests/daemon/dying.py")]
    with (tmp_path / "dying.log").open("w") as log, subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, cwd=ROOT,
        env=environment(PYTHONPATH=str(ROOT)),
    ) as running:  # fmt: skip

        def check(home: Household, kill_at: int) -> int:
            running.stdin.write(f"{kill_at} {home.config}\n")
            running.stdin.flush()
            return int(running.stdout.readline())

        yield check
        running.stdin.close()


def test_kill_nine_at_every_step_of_the_turn(household: Household, tmp_path: Path, mortal):
    """Killed at each step of the turn that meets the notice; the next process ends it: one draft, never two."""
    for kill_at in range(1, 200):
        home = Household(household.server, tmp_path / f"home{kill_at}")
        wipe(household)
        household.deliver(invitation())
        household.deliver(rejection())
        ended = mortal(home, kill_at)
        if ended == 0:
            break
        assert ended == -signal.SIGKILL, (tmp_path / "dying.log").read_text()
        assert mortal(home, 0) == 0, (tmp_path / "dying.log").read_text()
        assert len(household.drafts()) == 1, f"killed at step {kill_at}"
        assert_replays(home)
    assert kill_at > 15
    assert len(household.drafts()) == 1


def assert_replays(home: Household) -> None:
    journal = Journal(f"sqlite:///{home.home}/afterword.db")
    with journal.writing() as writer:
        cases = writer.cases()
        assert [writer.replayed(case.id) for case in cases] == cases
        assert [case.state for case in cases] == ["request_drafted"]
    journal.close()


def wipe(household: Household) -> None:
    with household.imap() as client:
        for folder in ("INBOX", "Drafts", "Sent", "Trash"):
            client.select(folder)
            if client.search(None, "ALL")[1][0]:
                client.store("1:*", "+FLAGS", "(\\Deleted)")
                client.expunge()
