"""Which server is taken, and which never."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from agent.setup.asking import Given
from agent.setup.discover import plan
from agent.setup.entrance import Sought, _accepted, door, sought
from agent.setup.knock import Answer, Knock
from agent.setup.lookups import Lookups, Service
from agent.setup.providers import for_domain
from agent.setup.values import Server, Stopped
from connectors.account import Tls
from tests.servers import Port
from tests.servers.dovecot import Dovecot
from tests.setup.scripted import Scripted

ADDRESS = "ana@firm.example"
PIN = "sha256:" + "ab" * 32


def nobody_may_be_asked() -> Lookups:
    def refuse(_: str) -> None:
        raise AssertionError("somebody was asked")

    return Lookups(refuse, refuse, refuse)  # type: ignore[arg-type] # nobody gets an answer


@pytest.fixture
def closed() -> Iterator[Server]:
    """A place where nobody answers."""
    port = Port()
    yield Server(host="127.0.0.1", port=port.number, tls=Tls.NONE)
    port.release()


def test_a_known_provider_is_not_looked_for() -> None:
    """Nobody is asked, and not even the user."""
    talk = Scripted()
    found = sought(talk, Given(), "ana@gmx.de", nobody_may_be_asked())
    assert [server.host for server in found.servers] == ["imap.gmx.net"]
    assert talk.shown == ["This is an address of GMX."]


def test_without_leave_nobody_is_asked() -> None:
    """The user sees them all first."""
    talk = Scripted({"Ask them?": "n"})
    assert sought(talk, Given(), ADDRESS, nobody_may_be_asked()) == Sought()
    assert [f"  - {each}" for each in plan(ADDRESS).sentences()] == talk.shown[1:-1]


def test_a_firm_with_a_big_provider_behind_it() -> None:
    talk = Scripted()
    lookups = Lookups(lambda _: None, lambda _: (), lambda _: ("aspmx.l.google.com.",))
    found = sought(talk, Given(), ADDRESS, lookups)
    assert found.provider is not None
    assert found.servers[0].host == "imap.gmail.com"
    assert talk.shown[-1] == "The mail of firm.example is with Gmail."


def test_the_one_that_answers_is_taken(closed: Server) -> None:
    """Of several; one that the user does not want is passed over."""
    with Dovecot() as server:
        there = Server(host="127.0.0.1", port=server.port, tls=Tls.NONE)
        again = replace(there, host="localhost")
        talk = Scripted({"Use it?": ["n", "y"]})
        assert door(talk, Given(), Sought(servers=(closed, there, again))).server == again


def test_a_server_from_the_dns() -> None:
    """What the DNS says is tried and offered."""
    with Dovecot(tls=True) as server:
        services = (Service(priority=0, weight=0, host="localhost.", port=server.port),)
        lookups = Lookups(lambda _: None, lambda name: services if name.startswith("_imap.") else (), lambda _: ())
        talk = Scripted({"Pin": "y"})
        opened = door(talk, Given(), sought(talk, Given(), ADDRESS, lookups))
    assert opened.server == Server(host="localhost", port=server.port, tls=Tls.STARTTLS)
    assert opened.fingerprint is not None


def test_a_provider_that_does_not_answer(closed: Server) -> None:
    """The network may come back, or Bridge be started, while one waits; and one may name a server oneself."""
    proton = for_domain("proton.me")
    assert proton is not None
    with Dovecot() as server:
        talk = Scripted({"Contact": ["y", "y", "n"], "Host name": "127.0.0.1", "Port": str(server.port)})
        found = Sought(servers=(closed,), provider=replace(proton, server=closed))
        assert door(talk, Given(), found).server.port == server.port
    assert sum(said.startswith("Nobody answers at 127.0.0.1") for said in talk.shown) == 2


def untrusted(fingerprint: str = PIN) -> Knock:
    return Knock(
        server=Server(host="imap.gmail.com"), answer=Answer.UNTRUSTED, fingerprint=fingerprint, reason="self-signed"
    )


def test_a_public_provider_is_never_pinned() -> None:
    """There a certificate that nobody knows is somebody in between; the user is not even asked."""
    talk = Scripted({"Pin": "y"})
    assert _accepted(talk, Given(), untrusted(), public=True) is None
    assert not any(said.startswith("Pin") for said in talk.shown)


def test_pinning_needs_a_yes() -> None:
    assert _accepted(Scripted(), Given(), untrusted()) is None
    assert _accepted(Scripted({"Pin": "y"}), Given(), untrusted("")) is None
    accepted = _accepted(Scripted({"Pin": "y"}), Given(), untrusted())
    assert accepted is not None
    assert accepted.fingerprint == PIN
    with pytest.raises(Stopped, match="--fingerprint"):
        _accepted(Scripted(alone=True), Given(), untrusted())


def test_the_given_fingerprint() -> None:
    """In any of the ways it is written; another certificate is refused, trusted or not."""
    colons = "sha256:" + ":".join(["AB"] * 32)
    accepted = _accepted(Scripted(), Given(fingerprint=colons), untrusted())
    assert accepted is not None
    assert accepted.fingerprint == PIN
    for answer in (Answer.IMAP, Answer.UNTRUSTED):
        other = replace(untrusted("sha256:" + "00" * 32), answer=answer)
        assert _accepted(Scripted(), Given(fingerprint=PIN), other) is None
