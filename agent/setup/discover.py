"""Where the mail server of an address may be: what would be asked, and what the answers say."""

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar
from urllib.parse import quote

from agent.setup import autoconfig, providers
from agent.setup.autoconfig import is_host
from agent.setup.lookups import Lookups, Service
from agent.setup.values import Provider, Server
from connectors.account import Tls

LONGEST = 6.0
"""Seconds for all answers together: they are asked for at once, and a silent one holds nobody up for longer."""
_GRACE = 1.0
"""Seconds that others still have when a good answer is there: a better one may be on its way."""
_MOST = 6
"""Servers that are worth a try."""

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Whom the search would ask about an address. Nobody was asked yet."""

    address: str
    domain: str
    urls: tuple[str, ...]
    names: tuple[str, ...]
    """Names of the DNS, for SRV records."""
    guesses: tuple[Server, ...]

    def sentences(self) -> Iterator[str]:
        """Each of them, for the user to see."""
        for url in self.urls:
            yield f"{url.partition('?')[0]} (the file for mail programs; your address goes along)"
        if self.names:
            yield f"DNS: {', '.join(self.names)}, and the mail exchangers of {self.domain}"
        if self.urls or self.names:
            yield "the mail servers that these name (only a greeting)"
        for guess in self.guesses:
            yield f"{guess.host}, port {guess.port} (a guess; only a greeting)"


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What the answers say: the likeliest server first, and the provider behind the domain, where one is known."""

    servers: tuple[Server, ...] = ()
    provider: Provider | None = None


def plan(address: str, *, url: str | None = None) -> Plan:
    """Whom to ask; with ``url`` that one file and nobody else.

    The file's places: Thunderbird's autoconfiguration at the domain itself; a database of somebody else's is not
    asked. The names: RFC 6186 3.2 and 3.3.
    """
    domain = address.rpartition("@")[2].casefold()
    if url is not None:
        return Plan(address=address, domain=domain, urls=(url,), names=(), guesses=())
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        return Plan(address=address, domain=domain, urls=(), names=(), guesses=())
    query = f"?emailaddress={quote(address)}"
    return Plan(
        address=address,
        domain=domain,
        urls=(
            f"https://autoconfig.{domain}/mail/config-v1.1.xml{query}",
            f"https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml{query}",
        ),
        names=(f"_imaps._tcp.{domain}", f"_imap._tcp.{domain}"),
        guesses=(Server(host=f"imap.{domain}"), Server(host=f"mail.{domain}")),
    )


def look_up(found: Plan, lookups: Lookups) -> Findings:
    """Ask all of them at once, but for the guesses: whether those answer is tried with the others.

    A provider that the mail exchangers give away goes first: what it wants is known. Then what the domain says of
    itself in its file, then in the DNS (RFC 6186), then the guesses.
    """
    files: list[Callable[[], object]] = [partial(lookups.fetch, url) for url in found.urls]
    services: list[Callable[[], object]] = [partial(lookups.srv, name) for name in found.names]
    exchangers: list[Callable[[], object]] = [partial(lookups.mx, found.domain)] if found.names else []
    answers = at_once([*files, *services, *exchangers], LONGEST)
    hosts = answers[len(files) + len(services)] if exchangers else ()
    provider = providers.for_mx(hosts) if isinstance(hosts, tuple) else None
    servers = [provider.server] if provider and provider.server else []
    for raw in answers[: len(files)]:
        servers += autoconfig.servers(raw, found.address) if isinstance(raw, bytes) else ()
    for records, tls in zip(answers[len(files) :], (Tls.IMPLICIT, Tls.STARTTLS), strict=False):
        servers += _of_services(records, tls) if isinstance(records, tuple) else ()
    servers += found.guesses
    return Findings(servers=tuple(dict.fromkeys(servers))[:_MOST], provider=provider)


def _of_services(records: Sequence[object], tls: Tls) -> Iterator[Server]:
    """RFC 2782: the lower priority first, then the heavier weight; a lone ``.`` says that there is no such service."""
    known = [each for each in records if isinstance(each, Service)]
    for each in sorted(known, key=lambda each: (each.priority, -each.weight)):
        host = each.host.rstrip(".").casefold()
        if is_host(host) and 0 < each.port < 65536:
            yield Server(host=host, port=each.port, tls=tls)


def at_once(
    asked: Sequence[Callable[[], _Answer]], seconds: float, *, good: Callable[[_Answer], bool] | None = None
) -> list[_Answer | None]:
    """The answers in the order of the questions; None for one that did not come in time, or failed.

    After a ``good`` answer the others have little time left. The thread that still waits is left behind: it holds
    nothing, and it does not keep the program from ending.
    """
    answers: list[_Answer | None] = [None] * len(asked)
    arrived: queue.SimpleQueue[bool] = queue.SimpleQueue()

    def ask(number: int) -> None:
        try:
            answers[number] = answer = asked[number]()
            arrived.put(good is not None and good(answer))
        except Exception:  # noqa: BLE001 - what others answer may break anything; no answer is an answer too
            arrived.put(False)

    for number in range(len(asked)):
        threading.Thread(target=ask, args=(number,), daemon=True).start()
    end = time.monotonic() + seconds
    for _ in asked:
        try:
            is_good = arrived.get(timeout=max(0.0, end - time.monotonic()))
        except queue.Empty:
            break
        if is_good:
            end = min(end, time.monotonic() + _GRACE)
    return list(answers)
