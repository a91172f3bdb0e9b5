"""`show`: one case and everything about it."""

import os

import pytest

from agent.case.events import DraftEdited, DraftSent
from tests.cli.conftest import Home
from tests.cli.happened import NOW, drafted
from tests.cli.terminal import Terminal

pytestmark = pytest.mark.usefixtures("still")


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


def test_an_edited_letter_that_reproaches_is_told_what_would_be_better(configured: Home) -> None:
    """By the rule's name, which is all that is kept of it; once it is sent, nothing is left to say."""
    edit = DraftEdited(at=NOW, digest="x", breaches=("en/ask-why",))
    case = configured.happened(*drafted(20), edit)
    shown = configured.run("show", case.id).out
    assert "What you wrote" in shown
    assert "Better: What one or two things would you suggest I work on for future interviews?" in shown
    sent = configured.happened(*drafted(20), edit, DraftSent(at=NOW, message_id="<s@example.org>"))
    assert "What you wrote" not in configured.run("show", sent.id).out


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


def test_show_stays_in_a_terminal_of_its_own(configured: Home) -> None:
    """A click on an alert opens it, and the window would close with the last line."""
    case = configured.happened(*drafted(20))
    environment = {**os.environ, **configured.environment}
    with Terminal("--config", str(configured.config), "show", case.id, "--stay", environment=environment) as window:
        window.sees("decided to move forward with others")
        window.sees("Enter closes this")
        window.types()
        assert window.ends() == 0
