"""What an address tells: whether a person reads it, whether a recruiting platform or anybody may have it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import re2
from pydantic import BaseModel, ConfigDict

from rules.patterns import options
from rules.source import read_file

_TABLE = Path(__file__).parent / "senders.yaml"
_MAX_ADDRESS = 320
"""RFC 5321 4.5.3.1: 64 for the local part, 255 for the domain, and the @."""


class Reach(StrEnum):
    """Where a mail to an address ends."""

    HUMAN = "human"
    """With a person or a company mailbox, for all the address shows."""
    RELAY = "relay"
    """With a recruiting platform that passes it on to a person."""
    NOBODY = "nobody"


@dataclass(frozen=True, kw_only=True)
class Platform:
    """A recruiting platform's domain. ``employer``: where its addresses name the employer, if they do."""

    name: str
    relay: Any
    others: Reach
    employer: str | None


def reach(address: str) -> Reach:
    """Whether a mail to this address would be read. What is no address reaches nobody."""
    local, at, domain = address.strip().casefold().rpartition("@")
    if not at or not local or not domain or len(address) > _MAX_ADDRESS:
        return Reach.NOBODY
    if _table().nobody.search(local):
        return Reach.NOBODY
    platform = platform_of(domain)
    if platform is None:
        return Reach.HUMAN
    return Reach.RELAY if platform.relay is not None and platform.relay.search(local) else platform.others


def is_robot(address: str) -> bool:
    """Whether the address says itself that nobody reads it."""
    local, _, _ = address.strip().casefold().rpartition("@")
    return len(address) <= _MAX_ADDRESS and bool(_table().nobody.search(local))


def is_platform(domain: str) -> bool:
    """Whether the domain is a recruiting platform's: it names no employer."""
    return platform_of(domain) is not None


def is_freemail(domain: str) -> bool:
    """Whether anybody may have an address there."""
    return domain.strip().casefold() in _table().freemail


def is_one_house(one: str, other: str) -> bool:
    """Whether two domains may belong together: the same, one below the other, or one of them a platform's, which
    lawfully writes for everybody."""
    one, other = one.strip().casefold(), other.strip().casefold()
    nested = one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
    return nested or is_platform(one) or is_platform(other)


def platform_of(domain: str) -> Platform | None:
    """The platform that owns this domain or one above it."""
    labels = domain.strip().casefold()[:_MAX_ADDRESS].split(".")
    platforms = _table().platforms
    return next((found for at in range(len(labels)) if (found := platforms.get(".".join(labels[at:])))), None)


def tenant(address: str) -> str | None:
    """The employer's short name in a platform's address: ``acme`` of ``acme@myworkday.com``. Often abbreviated."""
    local, _, domain = address.strip().casefold().rpartition("@")
    platform = platform_of(domain)
    if platform is None or platform.employer is None:
        return None
    if platform.employer == "subdomain":
        labels = domain.split(".")
        return labels[0] if len(labels) > 2 else None
    name = local.partition("+")[0].removesuffix("-jobs")
    return name if name and not is_robot(address) else None


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _PlatformForm(_Form):
    name: str
    domains: list[str]
    relay: list[str] = []
    others: Reach
    employer: Literal["local", "subdomain"] | None = None


class _TableForm(_Form):
    nobody: list[str]
    platforms: list[_PlatformForm]
    freemail: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class _Table:
    nobody: Any
    platforms: Mapping[str, Platform]
    freemail: frozenset[str]


@lru_cache(maxsize=1)
def _table() -> _Table:
    form = _TableForm.model_validate(read_file(_TABLE).plain())
    platforms: dict[str, Platform] = {}
    for each in form.platforms:
        relay = _whole(each.relay) if each.relay else None
        platform = Platform(name=each.name, relay=relay, others=each.others, employer=each.employer)
        platforms |= dict.fromkeys(each.domains, platform)
    return _Table(nobody=_whole(form.nobody), platforms=platforms, freemail=form.freemail)


def _whole(patterns: list[str]) -> Any:
    """One RE2 object for any of the patterns, matching a whole local part."""
    return re2.compile(f"^(?:{'|'.join(patterns)})$", options())
