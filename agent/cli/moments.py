"""A moment as people type it (``yesterday 15:00``, ``2026-11-20``, ``2 h ago``), and how far back (``2y``)."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

FORMS = "`yesterday 15:00`, `today 9:30`, `15:00`, `monday 10:00`, `2026-11-20`, `2026-11-20 15:00`, `2 h ago`"

_NOON = time(12, 0)
_LONGEST = 100 * 366
"""Days. Nobody's mail is older, and the calendar ends somewhere."""

_CLOCK = r"(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)"
_MOMENT = re.compile(rf"(?P<day>[a-z]+|\d{{4}}-\d\d-\d\d)?(?:(?:^|\s+|t)(?:at\s+)?{_CLOCK})?")
_AGO = re.compile(r"(?P<count>\d{1,5})\s*(?P<unit>[a-z]+) ago")
_SPAN = re.compile(r"(?P<count>\d{1,5})\s*(?P<unit>[a-z]+)")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_UNITS = {
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), timedelta(minutes=1)),
    **dict.fromkeys(("h", "hour", "hours"), timedelta(hours=1)),
    **dict.fromkeys(("d", "day", "days"), timedelta(days=1)),
    **dict.fromkeys(("w", "week", "weeks"), timedelta(weeks=1)),
}
_LONG_UNITS = {
    **_UNITS,
    **dict.fromkeys(("month", "months"), timedelta(days=30.5)),
    **dict.fromkeys(("y", "year", "years"), timedelta(days=365.25)),
}


def moment(text: str, now: datetime, zone: tzinfo) -> datetime:
    """The moment meant on the user's own clock, in UTC. Raises ``ValueError`` with a sentence.

    A day without a time is noon; today, now when noon is still to come. A weekday is the last one before today.
    """
    said = " ".join(text.split()).casefold()
    if said == "now":
        return now
    if ago := _AGO.fullmatch(said):
        return now - _times(ago, _UNITS, text)
    found = _MOMENT.fullmatch(said)
    here = now.astimezone(zone)
    if not said or not found or (day := _day(found["day"], here.date())) is None:
        raise ValueError(f"“{text}” is no time that is understood here. Write it like {FORMS}.")
    at = time(int(found["hour"]), int(found["minute"])) if found["hour"] else _NOON
    if abs((day - here.date()).days) > _LONGEST:
        raise ValueError(f"“{text}” is too far away to be meant.")
    meant = datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
    return min(meant, now) if day == here.date() and not found["hour"] else meant


def since(text: str, now: datetime) -> datetime:
    """How far back: a length (``2y``, ``6 months``, ``90d``) or a day (``2024-11-20``). Raises ``ValueError``."""
    said = " ".join(text.split()).casefold()
    if span := _SPAN.fullmatch(said):
        return now - _times(span, _LONG_UNITS, text)
    try:
        day = datetime.combine(date.fromisoformat(said), time(), tzinfo=now.tzinfo)
        return max(day, now - timedelta(days=_LONGEST))
    except ValueError:
        raise ValueError(f"“{text}” is no length and no day. Write `2y`, `6 months`, `90d` or `2024-11-20`.") from None


def _times(found: re.Match[str], units: dict[str, timedelta], text: str) -> timedelta:
    unit = units.get(found["unit"])
    if unit is None:
        raise ValueError(f"“{text}”: “{found['unit']}” is no unit of time. Known are {', '.join(units)}.")
    length = int(found["count"]) * unit
    if length.days > _LONGEST:
        raise ValueError(f"“{text}” is longer ago than any mail.")
    return length


def _day(word: str | None, today: date) -> date | None:
    if word is None or word == "today":
        return today
    if word == "yesterday":
        return today - timedelta(days=1)
    if word == "tomorrow":
        return today + timedelta(days=1)
    if word in _WEEKDAYS:
        return today - timedelta(days=(today.weekday() - _WEEKDAYS.index(word) - 1) % 7 + 1)
    try:
        return date.fromisoformat(word) if re.fullmatch(r"\d{4}-\d\d-\d\d", word) else None
    except ValueError:
        return None
