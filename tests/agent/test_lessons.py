"""Feedback to lessons: counted by theme and by employer, strengths apart, nothing protected, nothing invented."""

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from agent.case import Case, opened, replay
from agent.case.events import CaseId, Event
from agent.lessons import Kind, Lessons, counted, focus, gather
from rules.load import Theme
from tests.agent.facts import NOON
from tests.agent.learnt import CALL, FRANK, GERMAN, LISTED, LONG, POLITE, called, told
from tests.agent.stage import books

DAY = timedelta(days=1)


def lessons(*histories: list[Event]) -> Lessons:
    return gather([case(events, f"case{number:02}") for number, events in enumerate(histories)], books().rules)


def case(events: list[Event], name: str) -> Case:
    return replay(opened(CaseId(name), events[0].at), events)


def themes(found: Lessons, kind: Kind = Kind.WORK) -> list[tuple[Theme | None, int, int]]:
    return [(one.theme, one.mentions, one.employers) for one in counted(found.points, kind)]


def test_a_point_keeps_its_words_and_its_source():
    """Verbatim, with who said it, when, where; on one line, however the mail was wrapped."""
    found = lessons(told(LONG, NOON))
    quotes = {lesson.quote for lesson in found.points}
    assert "but your answers were rather long and it was hard to follow the main point." in quotes
    for quote in quotes:
        assert quote in " ".join(LONG.split())
    one = found.points[0]
    assert (one.employer, one.position, one.who, one.at) == ("Acme", "Data Engineer", "Jane Doe", NOON)
    assert (one.case, one.spoken) == ("case00", False)


def test_strengths_stand_apart():
    found = lessons(told(LONG, NOON))
    assert [lesson.quote for lesson in found.of(Kind.STRENGTH)] == [
        "You came well prepared and your questions at the end stood out.",
        "Your SQL was strong",
    ]
    assert all("SQL" not in lesson.quote for lesson in found.of(Kind.WORK))


def test_two_employers_count_more_than_two_mails_of_one():
    """Two cases at one employer are one voice; what two employers have said stands first, however rare."""
    nervous = "You came across as a bit nervous."
    found = lessons(
        told(nervous, NOON, employer="Acme"),
        told(nervous, NOON + DAY, employer="ACME "),
        told(nervous, NOON + 2 * DAY, employer="Acme"),
        told("Your answers were too long.", NOON, employer="Northwind"),
        told("Your answers were hard to follow.", NOON, employer="Orchard"),
    )
    first, second = counted(found.points, Kind.WORK)
    assert (first.theme, first.mentions, first.employers, first.independent) == (Theme.CLARITY, 2, 2, True)
    assert (second.theme, second.mentions, second.employers, second.independent) == (Theme.PRESENCE, 3, 1, False)


def test_a_mail_is_one_mention_however_long_it_dwells():
    found = lessons(told("Your answers were too long. They were hard to follow. Be more concise.", NOON))
    assert len(found.points) == 3
    assert themes(found) == [(Theme.CLARITY, 1, 1)]


def test_a_case_without_an_employer_is_a_voice_of_its_own():
    long = "Your answers were too long."
    found = lessons(told(long, NOON, employer=""), told(long, NOON, employer=""))
    assert themes(found) == [(Theme.CLARITY, 2, 2)]


def test_what_was_noted_of_a_call_counts():
    """In the user's words, and told as such."""
    found = lessons(called(CALL, NOON))
    assert {lesson.spoken for lesson in found.points} == {True}
    assert {lesson.who for lesson in found.points} == {"Sam Lee"}
    assert {Theme.CLARITY, Theme.EVIDENCE, Theme.REASONING} <= {theme for theme, _, _ in themes(found)}


def test_polite_words_are_no_lesson():
    found = lessons(told(POLITE, NOON))
    assert (found.points, found.left_out, found.feedback) == ((), (), 1)


def test_a_protected_ground_is_flagged_and_repeated_nowhere():
    """The rest of the same mail is read all the same."""
    found = lessons(told(FRANK, NOON, employer="Bluefin"))
    (left,) = found.left_out
    assert (left.case, left.employer, left.at) == ("case00", "Bluefin", NOON)
    assert "age" not in repr(found).replace("page", "").split()
    assert all("concern" not in lesson.quote for lesson in found.points)
    assert (Theme.REASONING, 1, 1) in themes(found)


def test_the_language_of_the_mail_is_read():
    assert {theme for theme, _, _ in themes(lessons(told(GERMAN, NOON, language="de")))} == {
        Theme.EVIDENCE,
        Theme.PRESENCE,
    }


def test_months_are_those_of_the_users_calendar():
    """Half past eleven at night in London is another month in Tokyo."""
    at = NOON.replace(month=6, day=30, hour=22)
    (one,) = counted(lessons(told("Your answers were too long.", at)).points, Kind.WORK)
    assert one.months(UTC) == {"2026-06": 1}
    assert one.months(ZoneInfo("Asia/Tokyo")) == {"2026-07": 1}


def test_the_focus_is_what_can_still_be_changed():
    """At most three, and neither the place nor the years of experience."""
    found = lessons(
        told("You would need more years of experience. The role needs more time on site.", NOON),
        told(LISTED, NOON, employer="Northwind"),
        told(LONG, NOON, employer="Orchard"),
        told("You were rather nervous. We missed your thinking aloud. Your CV had typos.", NOON, employer="Halden"),
    )
    chosen = [one.theme for one in focus(found.points)]
    assert len(chosen) == 3
    assert chosen[0] is Theme.CLARITY
    assert not {Theme.EXPERIENCE, Theme.PLACE} & set(chosen)


def test_mail_of_the_users_own_is_no_feedback():
    """Nor is anything whose text was not kept."""
    [notice, _] = told(LONG, NOON)
    assert lessons([notice]) == Lessons()
