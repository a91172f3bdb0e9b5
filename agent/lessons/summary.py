"""Lessons counted by theme: how often, from how many employers independent of each other, and when."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from agent.lessons.values import Kind, Lesson
from agent.lessons.wording import WORDINGS
from rules.load import Theme

INDEPENDENT = 2
"""Employers that say the same without knowing of each other: from here on it is hardly chance."""

FOCUS = 3
"""Nobody can mind more things at once in an interview."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """One theme and its lessons, newest first. ``theme`` is None for points without one."""

    theme: Theme | None
    lessons: tuple[Lesson, ...]

    @property
    def mentions(self) -> int:
        """A mail or call counts once, however long it dwells on the theme."""
        return len({lesson.source for lesson in self.lessons})

    @property
    def employers(self) -> int:
        return len({lesson.house for lesson in self.lessons})

    @property
    def independent(self) -> bool:
        """Two employers or more have said it."""
        return self.theme is not None and self.employers >= INDEPENDENT

    @property
    def first(self) -> datetime:
        return self.lessons[-1].at

    @property
    def last(self) -> datetime:
        return self.lessons[0].at

    def months(self, zone: tzinfo) -> Mapping[str, int]:
        """Mentions by month of the user's calendar, ``2026-06``, oldest first."""
        told = {lesson.source: lesson.at for lesson in self.lessons}
        return dict(sorted(Counter(f"{at.astimezone(zone):%Y-%m}" for at in told.values()).items()))


def counted(lessons: Iterable[Lesson], kind: Kind) -> list[Counted]:
    """The themes of one kind: first what two employers have said, then by mentions, then the latest; the rest last."""
    by_theme: dict[Theme | None, list[Lesson]] = {}
    for lesson in lessons:
        if lesson.kind is kind:
            for theme in lesson.themes or (None,):
                by_theme.setdefault(theme, []).append(lesson)
    found = [Counted(theme=theme, lessons=_newest(each)) for theme, each in by_theme.items()]
    return sorted(found, key=_rank)


def focus(lessons: Iterable[Lesson]) -> list[Counted]:
    """The few themes to keep in mind before an interview: only what the user can still do something about."""
    themes = counted(lessons, Kind.WORK)
    return [each for each in themes if each.theme is not None and WORDINGS[each.theme].in_hand][:FOCUS]


def _newest(lessons: Sequence[Lesson]) -> tuple[Lesson, ...]:
    return tuple(sorted(lessons, key=lambda lesson: lesson.at, reverse=True))


def _rank(one: Counted) -> tuple[bool, bool, int, int, float, str]:
    return (
        one.theme is None,
        not one.independent,
        -one.employers,
        -one.mentions,
        -one.last.timestamp(),
        one.theme or "",
    )
