"""Policy: the first entry that holds decides."""

import pytest

from agent.policy import Entry, Then, When, decide, shadowed
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


def entries(*conditions: When) -> tuple[Entry, ...]:
    return tuple(Entry(when=when, then=Then.NOTE) for when in conditions)


@pytest.mark.parametrize(
    ("conditions", "never"),
    [
        ((When(), When(employer=("Acme",))), [(1, 0)]),
        ((When(meaning=("rejection",)), When(), When(stage=("applied",)), When(language=("de",))), [(2, 1), (3, 1)]),
        ((When(meaning=("rejection", "filled")), When(meaning=("filled",), account=("work",))), [(1, 0)]),
        ((When(employer=("acme*",)), When(employer=("acme*",), stage=("applied",))), [(1, 0)]),
        ((When(meaning=("filled",)), When(meaning=("rejection", "filled"))), []),
        ((When(meaning=("filled",), account=("work",)), When(meaning=("filled",))), []),
        ((When(employer=("acme*",)), When(employer=("other",))), []),
        ((), []),
    ],
)
def test_an_entry_behind_a_wider_one_never_decides(conditions: tuple[When, ...], never: list[tuple[int, int]]) -> None:
    """It is named with the entry that decides before it."""
    assert list(shadowed(entries(*conditions))) == never
