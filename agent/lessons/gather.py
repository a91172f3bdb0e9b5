"""All feedback of all cases to lessons, newest first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from agent.case import Case, Person
from agent.lessons.points import points_of
from agent.lessons.values import Kind, LeftOut, Lesson, Point
from rules.load import Rulebook


@dataclass(frozen=True, kw_only=True)
class Lessons:
    """What the feedback of some cases gives. ``feedback`` counts the mails and calls it was looked for in."""

    points: tuple[Lesson, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    feedback: int = 0

    def of(self, kind: Kind) -> tuple[Lesson, ...]:
        """The points to work on, or the strengths."""
        return tuple(each for each in self.points if each.kind is kind)


@dataclass(frozen=True, kw_only=True)
class _Told:
    """One feedback: a mail's newest words, or what the user noted of a call."""

    source: str
    text: str
    language: str | None
    at: datetime
    who: Person | None
    spoken: bool
    """It was written down as advice, so it need not say so."""


def gather(cases: Iterable[Case], rulebook: Rulebook) -> Lessons:
    """The lessons of these cases. The same words, told twice in one case, are one lesson."""
    points: list[Lesson] = []
    left_out: list[LeftOut] = []
    number = 0
    for case in cases:
        seen: set[str] = set()
        for told in _told(case):
            number += 1
            found = points_of(told.text, told.language, rulebook, advice=told.spoken)
            if any(point.kind is Kind.PROTECTED for point in found):
                left_out.append(LeftOut(case=case.id, employer=case.employer, at=told.at))
            fresh = [point for point in found if point.kind is not Kind.PROTECTED and point.quote not in seen]
            seen |= {point.quote for point in fresh}
            points += [_lesson(point, told, case) for point in fresh]
    points.sort(key=lambda lesson: lesson.at, reverse=True)
    left_out.sort(key=lambda each: each.at, reverse=True)
    return Lessons(points=tuple(points), left_out=tuple(left_out), feedback=number)


def _told(case: Case) -> Iterator[_Told]:
    """Text is kept of feedback alone, so whatever has some is feedback; notes of a call are when it says so."""
    for mail in sorted(case.mails, key=lambda mail: mail.arrived):
        if mail.text and not mail.outgoing:
            yield _Told(
                source=mail.key,
                text=mail.text,
                language=mail.language,
                at=mail.arrived,
                who=mail.sender,
                spoken=False,
            )
    for entry in case.logged:
        if entry.gave_feedback:
            yield _Told(
                source=f"call {entry.at.isoformat()}",
                text=entry.note,
                language=entry.language,
                at=entry.happened,
                who=entry.person,
                spoken=True,
            )


def _lesson(point: Point, told: _Told, case: Case) -> Lesson:
    return Lesson(
        kind=point.kind,
        quote=point.quote,
        themes=point.themes,
        case=case.id,
        employer=case.employer,
        position=case.position,
        at=told.at,
        who=(told.who.name or told.who.address) if told.who else "",
        spoken=told.spoken,
        source=f"{case.id} {told.source}",
    )
