"""``lessons --html``: one page that needs nothing else, neither a network nor a script."""

from datetime import datetime, tzinfo
from functools import cache
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template

from agent.lessons.gather import Lessons
from agent.lessons.plots import ROW, WIDTH, plots
from agent.lessons.summary import Counted, counted, focus
from agent.lessons.values import Kind
from agent.lessons.wording import WORDINGS, title_of
from agent.whole import write_whole

MARK = '<meta name="generator" content="Afterword lessons">'
"""By this a page of ours is known when it is to be replaced."""

_HEAD = 2048
"""Bytes in which the mark stands."""


def page(lessons: Lessons, zone: tzinfo, now: datetime) -> str:
    """The page as HTML. What comes from mails is escaped by the template engine, without exception."""
    work = counted(lessons.points, Kind.WORK)
    themes = [one for one in work if one.theme is not None]
    return _template().render(
        mark=MARK,
        now=now.astimezone(zone),
        feedback=lessons.feedback,
        employers=len({lesson.house for lesson in lessons.points}),
        focus=focus(lessons.points),
        work=work,
        strengths=counted(lessons.points, Kind.STRENGTH),
        left_out=lessons.left_out,
        plots=plots(themes, zone, now),
        width=WIDTH,
        row=ROW,
        title_of=title_of,
        practise=_practise,
        day=lambda at: f"{at.astimezone(zone).day} {at.astimezone(zone):%B %Y}",
    )


def is_ours(path: Path) -> bool:
    """Whether the file is a page that was written here. Raises ``OSError``."""
    with path.open("rb") as file:
        return MARK.encode() in file.read(_HEAD)


def write(text: str, path: Path) -> None:
    """Write the page whole or not at all, readable for its owner alone. Raises ``OSError``."""
    write_whole(path, text.encode("utf-8", "replace"))


def _practise(one: Counted) -> str:
    return WORDINGS[one.theme].practise if one.theme else ""


@cache
def _template() -> Template:
    source = (Path(__file__).parent / "page.html").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(source)
