"""The network as looking for a server needs it: a file by HTTPS, and DNS. Every answer is bounded, none may come."""

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from agent.config.values import is_loopback
from agent.setup.autoconfig import LIMIT

PATIENCE = 4.0
"""Seconds for one answer. Whoever waits longer for a terminal thinks that it hangs."""
_REDIRECTS = 3
"""Providers send the domains of their customers on to one place of their own."""


@dataclass(frozen=True, kw_only=True)
class Service:
    """One SRV record (RFC 2782); ``host`` is ``.`` where the domain says that it has no such service."""

    priority: int
    weight: int
    host: str
    port: int


@dataclass(frozen=True)
class Lookups:
    """Who is asked. Each gives nothing when there is no answer, for whatever reason, and never raises."""

    fetch: Callable[[str], bytes | None]
    srv: Callable[[str], tuple[Service, ...]]
    mx: Callable[[str], tuple[str, ...]]


def network() -> Lookups:
    """The real ones."""
    return Lookups(fetch, srv, mx)


def may_fetch(url: str) -> bool:
    """HTTPS; plain HTTP from this machine alone, since on the way anybody could name another mail server."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    )


def fetch(url: str) -> bytes | None:
    """What lies there, at most ``LIMIT`` bytes."""
    import requests  # late: the table of providers knows most addresses, and then nothing is fetched

    with contextlib.suppress(requests.RequestException, OSError, ValueError), requests.Session() as session:
        session.trust_env = False  # no netrc: nobody's password belongs here
        for _ in range(_REDIRECTS + 1):
            if not may_fetch(url):
                return None
            with session.get(url, timeout=PATIENCE, stream=True, allow_redirects=False) as answer:
                if answer.is_redirect:
                    url = urljoin(url, answer.headers["location"])
                    continue
                return _body(answer.iter_content(4096)) if answer.status_code == requests.codes.ok else None
    return None


def _body(chunks: Iterable[bytes]) -> bytes | None:
    raw = bytearray()
    for chunk in chunks:
        raw += chunk
        if len(raw) > LIMIT:
            return None
    return bytes(raw)


def srv(name: str) -> tuple[Service, ...]:
    """The SRV records of a name."""
    return tuple(
        Service(priority=each.priority, weight=each.weight, host=each.target.to_text(), port=each.port)
        for each in _records(name, "SRV")
    )


def mx(domain: str) -> tuple[str, ...]:
    """The MX hosts of a domain, the preferred one first."""
    found = sorted((each.preference, each.exchange.to_text()) for each in _records(domain, "MX"))
    return tuple(host for _, host in found)


def _records(name: str, kind: str) -> tuple[Any, ...]:
    import dns.exception  # late, as above
    import dns.resolver

    try:
        return tuple(dns.resolver.resolve(f"{name.rstrip('.')}.", kind, lifetime=PATIENCE, search=False))[:20]
    except (dns.exception.DNSException, OSError, ValueError):
        return ()
