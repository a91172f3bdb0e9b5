"""Which server: found by its address or named by the user, and tried until one answers."""

from collections.abc import Iterator
from dataclasses import dataclass

from agent.config import values as v
from agent.setup import providers
from agent.setup.asking import Given, again, answered, as_
from agent.setup.discover import look_up, plan
from agent.setup.knock import Answer, Knock, knock_at
from agent.setup.lookups import Lookups, may_fetch
from agent.setup.values import Provider, Server, Stopped, Talk
from connectors.account import Tls

_USUAL = "IMAP servers mostly use port 993, or 143. Your provider's help has host and port under “IMAP”."
_A_SERVER = (Answer.IMAP, Answer.UNTRUSTED)
_HOST = "Host name of the IMAP server"
_PIN = (
    "A certificate proves whom one speaks to. This one, which its server may have made itself, proves nothing to a "
    "stranger, but it can be pinned: Afterword then speaks with the server that has exactly this certificate, and with "
    "no other. That is right for a server of your own, or for Proton Bridge on this computer. With a public provider "
    "it is wrong: somebody may stand in between (a hotel's network, a virus scanner)."
)


@dataclass(frozen=True, kw_only=True)
class Door:
    """A server that answered. ``fingerprint``: the certificate that the user pinned."""

    server: Server
    fingerprint: str | None = None


def provider_of(address: str) -> Provider | None:
    """The provider as the built-in table knows it; nobody is asked."""
    return providers.for_domain(address.rpartition("@")[2])


@dataclass(frozen=True, kw_only=True)
class Sought:
    """Servers worth a try, and whose they are."""

    servers: tuple[Server, ...] = ()
    provider: Provider | None = None


def sought(talk: Talk, given: Given, address: str, lookups: Lookups) -> Sought:
    """What the table knows, else what the domain says, if it may be asked."""
    known = provider_of(address)
    if known is not None and given.autoconfig is None:
        talk.say(f"This is an address of {known.name}.")
        return Sought(servers=(known.server,) if known.server else (), provider=known)
    if given.host is not None or given.offline:
        return Sought(provider=known)
    if given.autoconfig is not None and not may_fetch(given.autoconfig):
        raise Stopped(
            f"--autoconfig {given.autoconfig}: write an https address; http is for addresses on this machine."
        )
    found = plan(address, url=given.autoconfig)
    talk.say("To find your mail server, Afterword would ask:")
    for sentence in found.sentences():
        talk.say(f"  - {sentence}")
    if not talk.agree("Ask them?", default=True):
        return Sought()
    answers = look_up(found, lookups)
    if answers.provider:
        talk.say(f"The mail of {found.domain} is with {answers.provider.name}.")
    return Sought(servers=answers.servers, provider=answers.provider)


def door(talk: Talk, given: Given, found: Sought) -> Door:
    """A server that answers as IMAP does, and whose certificate is trusted or pinned. Asks until there is one."""
    host = given.host or ""
    if host or (given.offline and not found.servers):
        host = answered(talk, _HOST, as_(v.Host), given=host or None, option="--host")
    port = given.port or (143 if given.tls in (Tls.STARTTLS, Tls.NONE) else 993)
    if given.offline:
        return Door(server=next(_named(given, host, port)) if host else found.servers[0], fingerprint=given.fingerprint)
    if host:
        opened = _of_named(talk, given, host, port)
    else:
        opened = _of_table(talk, given, found) or _of_found(talk, given, found)
    while opened is None:
        host = answered(talk, _HOST, as_(v.Host), default=host or None, option="--host")
        port = answered(talk, "Port", _port, default="993", option="--port")
        opened = _of_named(talk, given, host, port)
    return opened


def _port(answer: str) -> int:
    if answer.isdecimal() and 0 < int(answer[:6]) < 65536:
        return int(answer)
    raise ValueError("A port is a number from 1 to 65535.")


def _of_table(talk: Talk, given: Given, found: Sought) -> Door | None:
    """The server of a known provider. That it does not answer says something of the network, or that Bridge is off."""
    server = found.provider.server if found.provider else None
    while server is not None and talk.agree(f"Contact {server}?", default=True):
        [one] = knock_at([server])
        if one.answer in _A_SERVER:
            return _accepted(talk, given, one, public=not v.is_loopback(server.host))
        again(talk, _told(one))
    return None


def _of_found(talk: Talk, given: Given, found: Sought) -> Door | None:
    """The likeliest of the servers that were found, if the user wants it."""
    candidates = [each for each in found.servers if not (found.provider and each == found.provider.server)]
    if not candidates:
        return None
    for each in candidates:
        talk.say(f"Trying {each} ...")
    tried = knock_at(candidates)
    for wanted in _A_SERVER:
        for one in (each for each in tried if each.answer is wanted):
            talk.say(f"An IMAP server answers: {one.server}")
            if not talk.agree("Use it?", default=True):
                continue
            accepted = _accepted(talk, given, one)
            if accepted is not None:
                return accepted
    if all(each.answer not in _A_SERVER for each in tried):
        again(talk, f"None of them answers as an IMAP server, or there is no network. {_USUAL}")
    return None


def _of_named(talk: Talk, given: Given, host: str, port: int) -> Door | None:
    """The server that the user named, in whichever way it protects itself; None after saying what is wrong."""
    talk.say(f"Trying {host}, port {port} ...")
    tried = knock_at(list(_named(given, host, port)), enough=_A_SERVER)
    for wanted in _A_SERVER:
        for one in (each for each in tried if each.answer is wanted):
            return _accepted(talk, given, one)
    again(talk, f"{_told(tried[0])} {_USUAL}")
    return None


def _named(given: Given, host: str, port: int) -> Iterator[Server]:
    if given.tls is not None:
        yield Server(host=host, port=port, tls=given.tls)
        return
    yield Server(host=host, port=port)
    yield Server(host=host, port=port, tls=Tls.STARTTLS)
    if v.is_loopback(host):
        yield Server(host=host, port=port, tls=Tls.NONE)


def _told(one: Knock) -> str:
    place = f"{one.server.host}, port {one.server.port}"
    return {
        Answer.UNKNOWN: f"There is no server called {one.server.host}: a typing mistake, or no network.",
        Answer.CLOSED: f"Nobody answers at {place}: the port is wrong, or the server is down.",
        Answer.SILENT: f"{place} gives no answer: a wrong port, a firewall, or no network.",
    }.get(one.answer, f"Somebody answers at {place}, but does not speak IMAP: the port is wrong.")


def _accepted(talk: Talk, given: Given, one: Knock, *, public: bool = False) -> Door | None:
    """The door, once its certificate is trusted: by an authority, by ``--fingerprint``, or by the user's word.

    ``public``: a big provider's server, whose certificate nobody has to take on trust.
    """
    if given.fingerprint is not None:
        if _pin(given.fingerprint) == one.fingerprint:
            return Door(server=one.server, fingerprint=one.fingerprint)
        again(talk, f"{one.server.host} shows another certificate than the one of --fingerprint: {one.fingerprint}")
        return None
    if one.answer is Answer.IMAP:
        return Door(server=one.server)
    talk.say(f"The certificate of {one.server.host} is not trusted: {one.reason or 'it cannot be verified'}.")
    if public:
        again(talk, "With this provider that must not be: somebody may stand in between. Try it in another network.")
        return None
    talk.say(_PIN)
    talk.say(f"Its fingerprint: {one.fingerprint}")
    talk.say("Compare it with the one that the server's owner, or Bridge, shows.")
    if one.fingerprint and talk.agree("Pin this certificate?", default=False):
        return Door(server=one.server, fingerprint=one.fingerprint)
    again(talk, "Then this server is not used. Pinning needs your word, or --fingerprint.")
    return None


def _pin(fingerprint: str) -> str:
    try:
        found: str = as_(v.Fingerprint)(fingerprint)
    except ValueError as wrong:
        raise Stopped(f"--fingerprint: {wrong}") from None
    return found
