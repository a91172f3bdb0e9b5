"""Lessons as JSON: the stable form of ``lessons --json`` (docs/lessons.md)."""

from datetime import datetime, tzinfo
from typing import Any

from agent.lessons.gather import Lessons
from agent.lessons.summary import Counted, counted
from agent.lessons.values import Kind, LeftOut, Lesson
from agent.lessons.wording import WORDINGS, title_of

VERSION = 1


def form(lessons: Lessons, zone: tzinfo, now: datetime) -> dict[str, Any]:
    """Everything, the themes in the order of what to work on first. Times are ISO 8601 to the second."""
    return {
        "version": VERSION,
        "now": _moment(now),
        "feedback": lessons.feedback,
        "work_on": [_theme(each, zone) for each in counted(lessons.points, Kind.WORK)],
        "strengths": [_theme(each, zone) for each in counted(lessons.points, Kind.STRENGTH)],
        "left_out": [_left_out(each) for each in lessons.left_out],
    }


def _theme(one: Counted, zone: tzinfo) -> dict[str, Any]:
    return {
        "theme": one.theme.value if one.theme else None,
        "title": title_of(one.theme),
        "practise": WORDINGS[one.theme].practise if one.theme else None,
        "mentions": one.mentions,
        "employers": one.employers,
        "independent": one.independent,
        "first": _moment(one.first),
        "last": _moment(one.last),
        "months": [{"month": month, "mentions": number} for month, number in one.months(zone).items()],
        "points": [_point(lesson) for lesson in one.lessons],
    }


def _point(lesson: Lesson) -> dict[str, Any]:
    return {
        "quote": lesson.quote,
        "case": lesson.case,
        "employer": lesson.employer,
        "position": lesson.position,
        "at": _moment(lesson.at),
        "who": lesson.who or None,
        "spoken": lesson.spoken,
    }


def _left_out(one: LeftOut) -> dict[str, Any]:
    return {"case": one.case, "employer": one.employer, "at": _moment(one.at)}


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
