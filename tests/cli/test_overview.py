"""`status` and `show`: what waits for the user, on the terminal and as JSON."""

from datetime import timedelta

import pytest

from agent.case import Trigger
from agent.case.events import DraftPlaced, DraftSent, Hindered, Noted, UserClosed
from agent.journal import Journal
from agent.lock import daemon_lock
from tests.agent.facts import filed, hours, mail, promised
from tests.cli.conftest import CONFIG, Home
from tests.cli.happened import NOW, drafted, notice

pytestmark = pytest.mark.usefixtures("still")


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
        "sign_in": None,
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


def test_it_says_for_whom_and_what_comes_next(configured: Home) -> None:
    """A draft names its reader, a wait its end; both by time alone."""
    configured.happened(*drafted(3))
    configured.happened(*drafted(40), DraftSent(at=NOW - hours(30), message_id="<s@example.org>"))
    out = configured.run("status").out
    assert "request for advice in your Drafts, for jane@acme.example" in out
    assert "asked jane@acme.example; waiting for an answer" in out
    assert "if nobody writes: closing letter on " in out
    following = [case["next"] for case in configured.run("status", "--json").json["cases"]]
    assert [one and one["letter"] for one in following] == [None, "close"]


def test_an_enquiry_is_announced(configured: Home) -> None:
    """Only when the user turned enquiries on."""
    invited = filed(mail("interview", employer="Acme", arrived=NOW - hours(20)), Trigger.INTERVIEW)
    configured.happened(invited)
    assert "if nobody writes" not in configured.run("status").out
    configured.configure(CONFIG + "follow_up: {enquire_after: 5 working days}\n")
    assert "if nobody writes: status enquiry on " in configured.run("status").out


def test_a_question_back_makes_it_the_users_turn(configured: Home) -> None:
    """Until the user has written."""
    sent = DraftSent(at=NOW - hours(30), message_id="<s@example.org>")
    back = {"references": ("<s@example.org>",), "arrived": NOW - hours(5)}
    question = filed(mail(key="<q@acme.example>", **back), Trigger.CORRESPONDENCE)
    own = {"outgoing": True, "arrived": NOW - hours(4), "key": "<o@example.org>", "references": ("<q@acme.example>",)}
    case = configured.happened(*drafted(40), sent, question)
    assert "perhaps they wait for yours" in configured.run("status").out
    assert [one["waits_for"] for one in configured.run("status", "--json").json["cases"]] == ["you"]
    configured.happened_to(case, filed(mail(sender="ana@example.org", **own), Trigger.OWN_MAIL))
    assert "perhaps they wait for yours" not in configured.run("status").out
