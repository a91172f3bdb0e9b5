"""Moments as people type them, on the user's own clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.cli.moments import moment, since

LISBON = ZoneInfo("Europe/Lisbon")
NOW = datetime(2026, 6, 3, 9, 0, tzinfo=UTC)
"""A Wednesday, 10:00 in Lisbon."""

MEANT = {
    "now": "2026-06-03 10:00",
    "yesterday 15:00": "2026-06-02 15:00",
    "Yesterday at 3.15": "2026-06-02 03:15",
    "yesterday": "2026-06-02 12:00",
    "today": "2026-06-03 10:00",
    "9:30": "2026-06-03 09:30",
    "today 9:30": "2026-06-03 09:30",
    "2026-05-20": "2026-05-20 12:00",
    "2026-05-20 15:00": "2026-05-20 15:00",
    "2026-05-20T15:00": "2026-05-20 15:00",
    "2 h ago": "2026-06-03 08:00",
    "90 min ago": "2026-06-03 08:30",
    "3 days ago": "2026-05-31 10:00",
    "monday 10:00": "2026-06-01 10:00",
    "wednesday": "2026-05-27 12:00",
    "tomorrow 10:00": "2026-06-04 10:00",
}


@pytest.mark.parametrize(("text", "meant"), MEANT.items())
def test_what_is_meant(text: str, meant: str) -> None:
    found = moment(text, NOW, LISBON)
    assert f"{found.astimezone(LISBON):%Y-%m-%d %H:%M}" == meant
    assert found.utcoffset() == timedelta(0)


def test_the_clock_change_is_the_zones() -> None:
    """A wall clock's 15:00 in winter is another moment than in summer."""
    assert moment("2026-01-20 15:00", NOW, LISBON) == datetime(2026, 1, 20, 15, 0, tzinfo=UTC)
    assert moment("2026-05-20 15:00", NOW, LISBON) == datetime(2026, 5, 20, 14, 0, tzinfo=UTC)


NONSENSE = ("", " ", "soon", "25:00", "2026-13-01", "2026-02-30", "0001-01-01", "9999-12-31 23:59", "15", "-1 h ago")
NONSENSE += ("3 fortnights ago", "99999 d ago", "2026-05-2015:00", "\uff11\uff15:\uff10\uff10")


@pytest.mark.parametrize("text", NONSENSE)
def test_what_nobody_understands(text: str) -> None:
    """Says what is wrong with the word as it was typed."""
    with pytest.raises(ValueError, match="“"):
        moment(text, NOW, LISBON)


@pytest.mark.parametrize(
    ("text", "day"),
    [("2y", "2024-06-02"), ("6 months", "2025-12-02"), ("90d", "2026-03-05"), ("2024-11-20", "2024-11-20")],
)
def test_how_far_back(text: str, day: str) -> None:
    assert f"{since(text, NOW):%Y-%m-%d}" == day


@pytest.mark.parametrize("text", ["", "ages", "2 x", "-2y", "99999y", "2024-99-01"])
def test_no_length(text: str) -> None:
    with pytest.raises(ValueError, match="“"):
        since(text, NOW)


@given(st.text(max_size=30))
def test_any_text_gives_a_moment_or_a_sentence(text: str) -> None:
    """Never another error, however odd the text."""
    for read in (lambda: moment(text, NOW, LISBON), lambda: since(text, NOW)):
        try:
            assert read().tzinfo is not None
        except ValueError as wrong:
            assert "“" in str(wrong)
