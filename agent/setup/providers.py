"""The built-in table of providers: known offline, so nobody has to be asked for most addresses."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from agent.setup.values import Provider, Server, Way
from connectors.account import Tls
from rules.source import read_file

_TABLE = Path(__file__).parent / "providers.yaml"


def for_domain(domain: str) -> Provider | None:
    """The provider whose own domain this is."""
    return next((each for each, _ in table() if domain.casefold() in each.domains), None)


def for_mx(hosts: tuple[str, ...]) -> Provider | None:
    """The provider that takes the mail of a domain with these MX hosts (RFC 5321 5.1), the preferred host first."""
    for host in hosts:
        name = host.casefold().rstrip(".")
        for _, hosted in table():
            if any(name == mx or name.endswith(f".{mx}") for mx in hosted.mx):
                return hosted
    return None


@cache
def table() -> tuple[tuple[Provider, Provider], ...]:
    """Every provider twice: for its own domains, and for those of its customers."""
    entries = read_file(_TABLE).plain()
    assert isinstance(entries, list)  # noqa: S101 - the file is ours, and a test reads it
    return tuple((_provider(each, own=False), _provider(each, own=True)) for each in entries if isinstance(each, dict))


def _provider(entry: Mapping[str, Any], *, own: bool) -> Provider:
    host = entry.get("own_host", entry.get("host")) if own else entry.get("host")
    return Provider(
        name=entry["name"],
        domains=frozenset(entry["domains"]),
        mx=tuple(entry.get("mx", ())),
        server=Server(host=host, port=entry.get("port", 993), tls=Tls(entry.get("tls", "implicit"))) if host else None,
        local_part=entry.get("username") == "local" and not own,
        ways=tuple(Way(way) for way in entry["ways"]),
        password=entry["password"],
        steps=tuple(entry["steps"]),
        page=entry["page"],
    )
