"""Policy: the first entry that holds decides."""

import pytest

from agent.policy import Entry, Then, When, decide
from tests.agent.facts import T, case_of, filed, mail


def notice(meaning: str = "rejection", **fields: object):
    return case_of(filed(mail(meaning, **fields), T.NOTICE))


@pytest.mark.parametrize(
    ("case", "then"),
    [
        (notice(stage="interviewed", human=False), Then.REQUEST),
        (notice("filled", stage="interviewed"), Then.REQUEST),
        (notice(stage="unknown", human=True), Then.REQUEST),
        (notice(stage="unknown", human=False), Then.NOTE),
        (notice(stage="applied", human=True), Then.NOTE),
        (notice("filled", stage="unknown", human=True), Then.NOTE),
    ],
)
def test_the_default_policy(case, then: Then):
    """Ask after an interview, or where a human wrote; else only note."""
    assert decide(case, ()) is then


def test_the_users_entries_come_first():
    """In their order, and the first that holds wins."""
    mine = (
        Entry(when=When(employer=("acme*",)), then=Then.IGNORE),
        Entry(when=When(language=("de", "en")), then=Then.NOTE),
    )
    assert decide(notice(stage="interviewed", employer="ACME GmbH"), mine) is Then.IGNORE
    assert decide(notice(stage="interviewed", employer="Other"), mine) is Then.NOTE
    assert decide(notice(stage="interviewed", employer="Other", language="fr"), mine) is Then.REQUEST


def test_all_conditions_of_an_entry_must_hold():
    """A sender's kind and the account, together."""
    mine = (Entry(when=When(sender=("machine",), account=("work",)), then=Then.REQUEST),)
    assert decide(notice(stage="applied", human=False), mine) is Then.NOTE
    assert decide(notice(stage="applied", human=False, account="work"), mine) is Then.REQUEST
