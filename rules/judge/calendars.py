"""``text/calendar`` parts (RFC 5545, RFC 5546) as appointments. Whatever is broken in them is left out."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from icalendar import Calendar

from connectors.message import Message
from rules.verdict import Appointment

MAX_CALENDAR = 64 * 1024
_MAX_EVENTS = 20
_MAX_PEOPLE = 50


def appointments(message: Message) -> tuple[tuple[Appointment, str], ...]:
    """The events of all calendar parts, each with its description."""
    return tuple(found for part in message.calendars for found in _events(part))[:_MAX_EVENTS]


def _events(part: str) -> Iterator[tuple[Appointment, str]]:
    try:
        calendar = Calendar.from_ical(part[:MAX_CALENDAR])
        method = str(calendar.get("method", "")).upper()
        for event in calendar.walk("VEVENT")[:_MAX_EVENTS]:
            yield _appointment(event, method), _text(event, "description")
    except Exception:  # noqa: BLE001 - a library that parses hostile text may fail in any way; then there is no event
        return


def _appointment(event: Any, method: str) -> Appointment:
    organizer = event.get("organizer")
    guests = event.get("attendee", [])
    guests = guests if isinstance(guests, list) else [guests]
    return Appointment(
        start=_start(event),
        method=method,
        organizer=_address(organizer),
        organizer_name=_clean(str(organizer.params.get("CN", ""))) if hasattr(organizer, "params") else "",
        attendees=tuple(address for guest in guests[:_MAX_PEOPLE] if (address := _address(guest))),
        summary=_text(event, "summary")[:300],
    )


def _start(event: Any) -> str:
    start = getattr(event.get("dtstart"), "dt", None)
    return start.isoformat() if isinstance(start, datetime | date) else ""


def _address(value: object) -> str | None:
    """The address of a CAL-ADDRESS (RFC 5545 3.3.3): ``mailto:jane@mail.example``."""
    scheme, _, address = str(value or "").partition(":")
    return _clean(address) if scheme.lower() == "mailto" and "@" in address else None


def _text(event: Any, name: str) -> str:
    value = event.get(name)
    value = value[0] if isinstance(value, list) and value else value
    return _clean(str(value or ""))


def _clean(text: str) -> str:
    return " ".join(text[:4000].split())
