"""What the page draws: lengths and places, worked out here, so that the template only writes them down."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from math import sqrt

from agent.lessons.summary import Counted
from agent.lessons.wording import title_of

WIDTH = 340
"""Of a drawing, in its own units: about the width of a phone, so that its letters stay readable there."""

ROW = 46
MONTHS = 12
"""As many months are shown, the last one at the right."""

_EDGE = 14
_LARGEST = 11.0


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One theme's mentions: ``y`` is the row's top; ``strong`` when two employers have said it."""

    title: str
    mentions: int
    employers: int
    y: int
    length: float
    strong: bool


@dataclass(frozen=True, kw_only=True)
class Dot:
    """The mentions of one theme in one month."""

    x: float
    radius: float
    month: str
    mentions: int


@dataclass(frozen=True, kw_only=True)
class Track:
    """One theme over time."""

    title: str
    y: int
    strong: bool
    dots: tuple[Dot, ...]


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A month under the tracks."""

    x: float
    label: str


@dataclass(frozen=True, kw_only=True)
class Plots:
    """Both drawings."""

    bars: tuple[Bar, ...]
    tracks: tuple[Track, ...]
    ticks: tuple[Tick, ...]
    height: int


def plots(themes: Sequence[Counted], zone: tzinfo, now: datetime) -> Plots:
    """Drawings of these themes, in their order."""
    most = max((one.mentions for one in themes), default=1)
    months = _months(now.astimezone(zone).date())
    step = (WIDTH - 2 * _EDGE) / (MONTHS - 1)
    places = {month: _EDGE + index * step for index, month in enumerate(months)}
    return Plots(
        bars=tuple(_bar(one, index * ROW, most) for index, one in enumerate(themes)),
        tracks=tuple(_track(one, index * ROW, places, zone) for index, one in enumerate(themes)),
        ticks=tuple(_ticks(places)),
        height=len(themes) * ROW,
    )


def _bar(one: Counted, y: int, most: int) -> Bar:
    return Bar(
        title=title_of(one.theme),
        mentions=one.mentions,
        employers=one.employers,
        y=y,
        length=round(WIDTH * one.mentions / most, 1),
        strong=one.independent,
    )


def _track(one: Counted, y: int, places: dict[str, float], zone: tzinfo) -> Track:
    """The area of a dot grows with the mentions, as eyes compare areas."""
    dots = [
        Dot(x=round(places[month], 1), radius=round(min(_LARGEST, 5 * sqrt(number)), 1), month=month, mentions=number)
        for month, number in one.months(zone).items()
        if month in places
    ]
    return Track(title=title_of(one.theme), y=y, strong=one.independent, dots=tuple(dots))


def _months(last: date) -> list[str]:
    """The twelve months up to this one, ``2026-06``."""
    count = last.year * 12 + last.month - 1
    return [f"{at // 12}-{at % 12 + 1:02}" for at in range(count - MONTHS + 1, count + 1)]


def _ticks(places: dict[str, float]) -> Iterable[Tick]:
    """Every third month and the last: more would not fit on a phone."""
    shown = list(places.items())[::-1][::3][::-1]
    return (Tick(x=round(x, 1), label=f"{date.fromisoformat(f'{month}-01'):%b %Y}") for month, x in shown)
