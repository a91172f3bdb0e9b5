"""A server that answers, before anybody signs in: how protected the way is, and what its clock says."""

import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from connectors.port import Unavailable

_PATIENCE = (10.0, 10.0)
"""Seconds to connect, and to answer."""


@dataclass(frozen=True, kw_only=True)
class Reached:
    """Where we came to."""

    place: str
    """``imap.example.org port 993``, for the user's eyes."""
    protection: str | None = None
    """``TLSv1.3``; None where nothing leaves this machine."""
    pinned: bool = False
    """The certificate is the one that the configuration names: no authority vouches for it, and none has to."""
    certificate_ends: datetime | None = None
    """None where it does not matter: a pinned one, and those of the big providers."""
    told_time: datetime | None = None
    """The server's own clock, to the second (RFC 9110 6.6.1). IMAP has no such word."""


def over_https(url: str) -> Reached:
    """Ask an API's server for nothing but its headers. Raises ``Unavailable``."""
    import requests  # late: who has a password waits for no web library

    host = urlsplit(url).hostname or ""
    try:
        with requests.head(url, timeout=_PATIENCE, allow_redirects=False) as answer:
            date = answer.headers.get("Date", "")
    except requests.exceptions.SSLError as doubt:
        raise Unavailable(
            f"the certificate of {host} is not trusted: this computer's clock may be wrong, or the network (a "
            "hotel's, a company's) answers in its place"
        ) from doubt
    except (requests.RequestException, UnicodeError) as silent:
        raise Unavailable(f"{host} does not answer; the network may be down") from silent
    return Reached(place=host, protection="HTTPS" if url.startswith("https:") else None, told_time=_moment(date))


def _moment(date: str) -> datetime | None:
    with contextlib.suppress(ValueError):
        found = parsedate_to_datetime(date)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None
