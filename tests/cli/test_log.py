"""`afterword log`: what did not come by mail is written down, and it is said what follows."""

from datetime import UTC, datetime, timedelta

import pytest

from agent.case import Case, Link, Outcome, Person, State, Trigger
from agent.case.events import DraftSent, Logged, Noted, UserClosed
from agent.cli import clock
from agent.journal import Journal
from tests.agent.facts import filed, hours, mail, placed, promised
from tests.cli.conftest import CONFIG, Ended, Home

NOW = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)
JANE = ("--person", "Jane Doe", "--email", "jane@acme.example")


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Wednesday, 13:00 in Lisbon."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def log(home: Home, *arguments: str) -> Ended:
    return home.run("log", *arguments)


def cases(home: Home) -> list[Case]:
    journal = Journal(home.store)
    try:
        with journal.reading() as reader:
            return reader.cases()
    finally:
        journal.close()


def application(home: Home, employer: str = "Acme", position: str = "Data Engineer", *, age: float = 200) -> Case:
    one = mail("receipt", employer=employer, position=position, arrived=NOW - hours(age), key=f"<{employer}{position}>")
    return home.happened(filed(one, Trigger.RECEIPT, link=Link.OPENED))


def test_a_call_shows_what_to_say_and_starts_the_clock(configured: Home) -> None:
    """The script first; then what is written down and until when to ask."""
    ended = log(configured, "call", "--employer", "Acme", *JANE, "--when", "today 10:30")
    assert ended.code == 0
    steps = [ended.out.index(word) for word in ("Thank:", "Accept:", "Ask for advice:", "Listen:", "Close:")]
    assert steps == sorted(steps)
    assert "to Jane Doe <jane@acme.example> will be in your Drafts soon" in ended.out
    assert "The time to ask ends on Thu 04 Jun 2026 10:30." in ended.out
    assert "Afterword is not running" in ended.out
    [case] = cases(configured)
    assert case.logged == (
        Logged(
            at=NOW,
            what="call",
            account="home",
            person=Person(address="jane@acme.example", name="Jane Doe"),
            when=NOW - hours(2.5),
            employer="Acme",
        ),
    )


def test_the_script_comes_in_the_language_of_the_call(configured: Home) -> None:
    """Said, else that of the case's mails; and it is kept for the letter."""
    assert "Darf ich Sie um einen Rat bitten?" in log(configured, "call", "--employer", "X", "--language", "DE").out
    assert log(configured, "letter", "--employer", "X", "--language", "sv").code == 0
    assert [entry.language for entry in cases(configured)[0].logged] == ["de", "sv"]
    one = mail("receipt", employer="Acme", language="fr", arrived=NOW - hours(90))
    configured.happened(filed(one, Trigger.RECEIPT, link=Link.OPENED))
    assert "Puis-je vous demander un conseil ?" in log(configured, "call", "--employer", "acme").out


@pytest.mark.parametrize("said", ["Acme", "ACME GmbH"])
def test_an_application_that_is_known_is_used(configured: Home, said: str) -> None:
    """However the user spells the employer."""
    case = application(configured)
    assert f"Written down in case {case.id} (Acme)" in log(configured, "call", "--employer", said).out
    assert [(one.id, one.state) for one in cases(configured)] == [(case.id, State.NOTED)]


def test_the_persons_domain_says_which_application_it_is(configured: Home) -> None:
    """Mails that name no employer do not hinder."""
    one = mail("receipt", arrived=NOW - hours(90))
    case = configured.happened(filed(one, Trigger.RECEIPT, link=Link.OPENED))
    log(configured, "call", "--employer", "Acme", *JANE)
    assert [one.id for one in cases(configured)] == [case.id]


def test_of_several_applications_the_user_says_which(configured: Home) -> None:
    """Without a terminal that is wrong usage, with the candidates and how to name one."""
    one, two = application(configured), application(configured, position="Web Designer")
    ended = log(configured, "call", "--employer", "Acme")
    said = " ".join(ended.err.replace("│", " ").split())
    assert ended.code == 2
    assert all(part in said for part in (one.id, two.id, "--case CASE", "--case new"))
    assert log(configured, "call", "--case", two.id.upper()).code == 0
    assert log(configured, "call", "--employer", "Acme", "--position", "Data Engineer").code == 0
    assert {case.id for case in cases(configured) if case.told} == {one.id, two.id}
    assert log(configured, "call", "--employer", "Acme", "--case", "new").code == 0
    assert len(cases(configured)) == 3


def test_another_position_is_another_application(configured: Home) -> None:
    application(configured)
    log(configured, "call", "--employer", "Acme", "--position", "Web Designer")
    assert len(cases(configured)) == 2


def test_an_application_that_ended_of_late_is_taken_up(configured: Home) -> None:
    """Feedback by phone, weeks after the silence was accepted; but not what ended without a rejection."""
    first = mail("rejection", employer="Acme", arrived=NOW - hours(400))
    before = configured.happened(filed(first, Trigger.NOTICE), UserClosed(at=NOW - hours(300)))
    closed = application(configured, "Initech")
    configured.run("close", closed.id)
    assert before.id in log(configured, "call", "--employer", "Acme", "--asked", "--note", "More numbers.").out
    log(configured, "call", "--employer", "Initech")
    assert {case.employer: bool(case.told) for case in cases(configured) if case.id in (before.id, closed.id)} == {
        "Acme": True,
        "Initech": False,
    }
    assert len(cases(configured)) == 3


def test_feedback_on_the_call_is_kept_and_thanked_for(configured: Home) -> None:
    ended = log(configured, "call", "--employer", "Acme", "--asked", "--note", " Talk about trade-offs. ")
    assert "Your notes are kept as feedback. The thank-you will be in your Drafts soon." in ended.out
    assert (cases(configured)[0].spoken or Logged(at=NOW, what="")).note == "Talk about trade-offs."


def test_advice_promised_on_the_call_is_waited_for(configured: Home) -> None:
    """And how to add it when it comes by another call."""
    ended = log(configured, "call", "--employer", "Acme", "--asked")
    assert "When the answer comes by mail, a thank-you is drafted." in ended.out
    assert f"afterword log call --case {cases(configured)[0].id} --asked --note TEXT" in ended.out


def test_a_letter_under_way_is_not_written_twice(configured: Home) -> None:
    """The call came after the mail."""
    one = mail("rejection", employer="Acme", arrived=NOW - hours(5))
    configured.happened(filed(one, Trigger.NOTICE), promised(at=NOW - hours(5)), placed(parent=None))
    assert "The letter that is under way stays as it is." in log(configured, "call", "--employer", "Acme").out


def test_what_is_old_or_was_asked_before_gets_no_letter_by_itself(configured: Home) -> None:
    """And how to have one all the same."""
    old = log(configured, "letter", "--employer", "Acme", "--when", "2026-05-20").out
    assert f"so no letter is written by itself. To have one: afterword ask {cases(configured)[0].id}" in old
    one = mail("rejection", employer="Initech", arrived=NOW - hours(50))
    sent = DraftSent(at=NOW - hours(40), message_id=None)
    case = configured.happened(filed(one, Trigger.NOTICE), promised(), placed(parent=None), sent, UserClosed(at=NOW))
    assert case.outcome is Outcome.IGNORED
    assert "There was a request before" in log(configured, "call", "--case", case.id).out
    assert "will be in your Drafts soon" in configured.run("ask", case.id).out


def test_a_letter_on_paper_counts_from_its_reading(configured: Home) -> None:
    ended = log(configured, "letter", "--employer", "Acme", "--when", "yesterday 18:00", *JANE)
    assert "The time to ask ends on Wed 03 Jun 2026 18:00." in ended.out
    assert "Thank:" not in ended.out
    assert cases(configured)[0].turned_down == NOW - hours(19)


def test_an_interview_is_no_end(configured: Home) -> None:
    """It may still be to come; the clock does not run."""
    ended = log(configured, "interview", "--employer", "Acme", *JANE, "--when", "tomorrow 10:00")
    assert "the letter goes to this person" in ended.out
    [case] = cases(configured)
    assert (case.state, case.stage, case.turned_down) == (State.INTERVIEWED, "interviewed", None)


def test_an_interview_remembered_after_the_rejection(configured: Home) -> None:
    """The notice was noted without a letter, since no interview was known."""
    one = mail("rejection", employer="Acme", arrived=NOW - hours(5))
    case = configured.happened(filed(one, Trigger.NOTICE), Noted(at=NOW - hours(5), reason="policy"))
    ended = log(configured, "interview", "--case", case.id, *JANE, "--when", "monday")
    assert f"To have a request for advice written: afterword ask {case.id}." in ended.out


WRONG = {
    "no employer": (("--person", "Jane"), "which employer is it?"),
    "an empty employer": (("--employer", " \x1b "), "it takes a name"),
    "a novel": (("--employer", "x" * 201), "it takes a name of 1 to 200 characters"),
    "no address": (("--employer", "Acme", "--email", "jane"), "no letter can go to “jane”"),
    "two addresses": (("--employer", "Acme", "--email", "a@x.example,b@x.example"), "an address looks like"),
    "a header": (("--employer", "Acme", "--email", "a@x.example\nBcc: b@x.example"), "no letter can go to"),
    "my own address": (("--employer", "Acme", "--email", "ana@example.org"), "is your own address"),
    "a machine's": (("--employer", "Acme", "--email", "no-reply@acme.example"), "nobody reads what is sent to"),
    "no time": (("--employer", "Acme", "--when", "soon"), "“soon” is no time that is understood here"),
    "the future": (("--employer", "Acme", "--when", "23:59"), "“23:59” is still to come"),
    "no account": (("--employer", "Acme", "--account", "hom"), "there is no account “hom”; you have home"),
}


@pytest.mark.parametrize(("arguments", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_wrong_usage_says_what_would_be_right(configured: Home, arguments: tuple[str, ...], sentence: str) -> None:
    """Exit code 2, and nothing is written down."""
    ended = log(configured, "call", *arguments)
    said = " ".join(ended.err.replace("│", " ").split())
    assert (ended.code, sentence in said) == (2, True), ended.err
    assert cases(configured) == []


def test_an_unknown_language_and_an_unknown_case(configured: Home) -> None:
    assert log(configured, "call", "--employer", "Acme", "--language", "tlh").code == 2
    ended = log(configured, "call", "--case", "zzzzzz")
    assert (ended.code, "There is no case zzzzzz" in ended.err) == (1, True)


def test_with_several_accounts_the_user_says_which(configured: Home) -> None:
    """A case that is known has one already."""
    two = CONFIG.replace("clock:", "  - {name: work, connector: maildir, address: ana@work.example, path: ~/W}\nclock:")
    configured.configure(two)
    ended = log(configured, "call", "--employer", "Acme")
    assert (ended.code, "home, work" in " ".join(ended.err.replace("│", " ").split())) == (2, True)
    assert "Thank:" not in ended.out
    assert log(configured, "call", "--employer", "Acme", "--account", "work").code == 0
    assert [case.account for case in cases(configured)] == ["work"]
    assert log(configured, "call", "--employer", "Acme", "--asked", "--note", "Numbers.").code == 0


def test_words_cannot_steer_the_terminal(configured: Home) -> None:
    """They are cleaned when taken and when shown."""
    log(configured, "call", "--employer", "Ac\x1b[31mme", "--note", "red \x1b[31m")
    assert "\x1b" not in configured.run("show", cases(configured)[0].id).out
    assert cases(configured)[0].employer == "Ac[31mme"


def test_check_drafts_what_was_logged(configured: Home) -> None:
    """The whole way: logged, one pass, and the draft lies in the mailbox."""
    log(configured, "call", "--employer", "Acme", *JANE, "--when", "1 h ago")
    ended = configured.run("check")
    assert ended.code == 0, ended.err
    [draft] = (configured.folder / "Mail/.Drafts/cur").iterdir()
    assert b"To: Jane Doe <jane@acme.example>" in draft.read_bytes()
    assert timedelta(0) <= NOW - (cases(configured)[0].turned_down or NOW) == timedelta(hours=1)


def test_show_gives_the_number_and_what_to_say(configured: Home) -> None:
    """While the request is not sent; in the language of the notice. Without a number nothing is said of calling."""
    numbers = {"phones": ("+49 30 1234567",), "language": "de", "arrived": NOW - hours(2), "employer": "Acme"}
    case = configured.happened(filed(mail("rejection", **numbers), Trigger.NOTICE), promised(), placed(parent=None))
    out = configured.run("show", case.id).out
    assert "+49 30 1234567  (Jane Doe <jane@acme.example>)" in out
    assert "Darf ich Sie um einen Rat bitten?" in out
    assert f"afterword log call --case {case.id}" in out
    sent = configured.happened(
        filed(mail("rejection", key="<2@x.example>", **numbers), Trigger.NOTICE),
        promised(),
        placed(parent=None),
        DraftSent(at=NOW, message_id=None),
    )
    assert "Should you rather call" not in configured.run("show", sent.id).out


def test_what_was_logged_is_shown(configured: Home) -> None:
    """As a sentence, and as JSON."""
    log(configured, "call", "--employer", "Acme", "--person", "Jane Doe", "--asked", "--note", "More numbers.")
    [case] = cases(configured)
    words = "you logged: turned down by phone, Jane Doe; advice was asked for: “More numbers.”"
    assert words in configured.run("show", case.id).out
    form = configured.run("show", case.id, "--json").json
    assert form["case"]["told"] == {"what": "call", "happened": NOW.isoformat()}
    assert form["events"][0]["person"] == {"address": None, "name": "Jane Doe"}
    assert form["events"][0]["trigger"] == "told"
