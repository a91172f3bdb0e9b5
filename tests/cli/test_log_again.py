"""`afterword log` again: what was said before is remembered, and a note is not yet advice."""

import pytest

from agent.case import State
from tests.cli.conftest import Home
from tests.cli.test_log import cases, log, still

__all__ = ["still"]

ACME = ("--employer", "Acme")


@pytest.mark.parametrize("what", ["letter", "call"])
def test_after_advice_on_the_phone_a_thank_you_comes(configured: Home, what: str) -> None:
    """Whatever says the same once more: no request is announced."""
    log(configured, "call", *ACME, "--asked", "--note", "Talk about trade-offs earlier.", "--when", "2 h ago")
    said = log(configured, what, *ACME).out
    assert "The thank-you will be in your Drafts soon." in said
    assert "The request" not in said
    assert [case.state for case in cases(configured)] == [State.NOTED]


def test_after_asking_on_the_phone_nothing_is_announced(configured: Home) -> None:
    """They said that they would write; the letter on paper is no new reason."""
    log(configured, "call", *ACME, "--asked", "--when", "2 h ago")
    said = log(configured, "letter", *ACME).out
    assert "You asked for advice on the phone, so no request is drafted." in said
    assert "will be in your Drafts soon" not in said


def test_advice_of_long_ago_is_not_thanked_for(configured: Home) -> None:
    """After a week a thank-you would be odd, so none is announced."""
    log(configured, "call", *ACME, "--asked", "--note", "Talk about trade-offs earlier.", "--when", "8 days ago")
    assert "no request is drafted. To have one: afterword ask" in log(configured, "letter", *ACME).out


def test_a_note_is_no_advice_unless_it_is_said_to_be(configured: Home) -> None:
    """A request is drafted, so nothing was advised: `lessons` knows nothing, and how to say otherwise is told."""
    note = ("--note", "You should talk about trade-offs earlier in system design.")
    said = log(configured, "call", *ACME, *note, "--when", "2 h ago").out
    (case,) = cases(configured)
    assert f"afterword log call --case {case.id} --asked --note TEXT" in said
    assert configured.run("lessons", "--json").json["feedback"] == 0
    assert "trade-offs" in configured.run("show", case.id).out
    assert "The thank-you will be" in log(configured, "call", "--case", case.id, "--asked", *note).out
    assert configured.run("lessons", "--json").json["feedback"] == 1
