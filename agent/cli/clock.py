"""The wall clock, read in one place, so that a test can hold it still."""

from datetime import UTC, datetime


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)
