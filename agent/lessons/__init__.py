"""Feedback to lessons: split into points, each quoted, tagged with its themes, and counted. Touches nothing.

Nothing of it is stored: lessons follow from the cases whenever they are asked for, so better rules make better lessons.
"""

from agent.lessons.gather import Lessons, gather
from agent.lessons.summary import Counted, counted, focus
from agent.lessons.values import Kind, LeftOut, Lesson, Point
from agent.lessons.wording import WORDINGS, Wording, title_of

__all__ = [
    "WORDINGS",
    "Counted",
    "Kind",
    "LeftOut",
    "Lesson",
    "Lessons",
    "Point",
    "Wording",
    "counted",
    "focus",
    "gather",
    "title_of",
]
