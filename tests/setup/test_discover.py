"""Where the server of an address may be: whom it would ask, and what comes of the answers."""

import time

import pytest

from agent.setup import discover, providers
from agent.setup.discover import at_once, look_up, plan
from agent.setup.lookups import Lookups, Service
from agent.setup.values import Server, Way
from connectors.account import Tls
from tests.setup.test_autoconfig import file, incoming

ADDRESS = "ana@firm.example"


def nobody(_: str) -> None:
    return None


def lookups(
    files: dict[str, bytes] | None = None,
    services: dict[str, tuple[Service, ...]] | None = None,
    mx: tuple[str, ...] = (),
) -> Lookups:
    return Lookups(
        lambda url: (files or {}).get(url.partition("?")[0]), lambda name: (services or {}).get(name, ()), lambda _: mx
    )


def test_whom_it_would_ask() -> None:
    """The domain itself and its DNS, and nobody else; the address goes along as the providers expect it."""
    found = plan("ana+x@Firm.example")
    assert found.urls == (
        "https://autoconfig.firm.example/mail/config-v1.1.xml?emailaddress=ana%2Bx%40Firm.example",
        "https://firm.example/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress=ana%2Bx%40Firm.example",
    )
    assert found.names == ("_imaps._tcp.firm.example", "_imap._tcp.firm.example")
    shown = "\n".join(found.sentences())
    for asked in (
        *(url.partition("?")[0] for url in found.urls),
        *found.names,
        "imap.firm.example",
        "mail.firm.example",
    ):
        assert asked in shown


def test_a_domain_in_another_alphabet() -> None:
    assert plan("ana@bücher.example").guesses[0].host == "imap.xn--bcher-kva.example"
    assert plan("ana@" + "ü" * 80 + ".example").urls == ()


def test_one_file_alone() -> None:
    """With a URL of the user's own nobody else is asked."""
    found = plan(ADDRESS, url="https://it.firm.example/config.xml")
    assert (found.urls, found.names, found.guesses) == (("https://it.firm.example/config.xml",), (), ())


def test_the_order() -> None:
    """The file goes before the DNS, and that before the guesses."""
    answers = lookups(
        {"https://firm.example/.well-known/autoconfig/mail/config-v1.1.xml": file(incoming(hostname="a.firm.example"))},
        {
            "_imaps._tcp.firm.example": (
                Service(priority=20, weight=0, host="d.firm.example.", port=993),
                Service(priority=10, weight=1, host="c.firm.example.", port=993),
                Service(priority=10, weight=9, host="b.firm.example.", port=1993),
            ),
            "_imap._tcp.firm.example": (Service(priority=0, weight=0, host="e.firm.example.", port=143),),
        },
    )
    assert [(each.host[0], each.port, each.tls) for each in look_up(plan(ADDRESS), answers).servers] == [
        ("a", 993, Tls.IMPLICIT),
        ("b", 1993, Tls.IMPLICIT),
        ("c", 993, Tls.IMPLICIT),
        ("d", 993, Tls.IMPLICIT),
        ("e", 143, Tls.STARTTLS),
        ("i", 993, Tls.IMPLICIT),
    ]


def test_no_such_service() -> None:
    """RFC 6186 3.4: a lone dot. And records that nobody would write."""
    odd = tuple(
        Service(priority=0, weight=0, host=host, port=port) for host, port in ((".", 0), ("x y.", 993), ("a.b.", 0))
    )
    found = look_up(plan(ADDRESS), lookups(services={"_imaps._tcp.firm.example": odd}))
    assert found.servers == plan(ADDRESS).guesses


@pytest.mark.parametrize(
    ("mx", "name", "way", "host"),
    [
        ("aspmx.l.google.com.", "Gmail", Way.PASSWORD, "imap.gmail.com"),
        ("firm-example.mail.protection.outlook.com.", "Outlook.com or Microsoft 365", Way.MICROSOFT, None),
        ("firm-example.a-v1.mx.microsoft.", "Outlook.com or Microsoft 365", Way.MICROSOFT, None),
        ("in1-smtp.MessagingEngine.com.", "Fastmail", Way.PASSWORD, "imap.fastmail.com"),
        ("mx.zoho.eu.", "Zoho (Europe)", Way.PASSWORD, "imappro.zoho.eu"),
        ("mail.protonmail.ch.", "Proton", Way.PASSWORD, "127.0.0.1"),
        ("mx00.kundenserver.de.", "IONOS", Way.PASSWORD, "imap.ionos.de"),
    ],
)
def test_who_takes_the_mail(mx: str, name: str, way: Way, host: str | None) -> None:
    """A firm's own domain, with a big provider behind it."""
    found = look_up(plan(ADDRESS), lookups(mx=(mx,)))
    assert found.provider is not None
    assert (found.provider.name, found.provider.ways[0]) == (name, way)
    assert host is None or found.servers[0].host == host


def test_a_name_that_only_ends_alike() -> None:
    assert look_up(plan(ADDRESS), lookups(mx=("mx.notgoogle.com.",))).provider is None


def test_without_any_network() -> None:
    """Nothing answers: the guesses are left, and no failure comes out."""

    def broken(_: str) -> tuple[Service, ...]:
        raise OSError("no network")

    assert look_up(plan(ADDRESS), Lookups(nobody, broken, nobody)).servers == plan(ADDRESS).guesses  # type: ignore[arg-type] # odd on purpose


def test_the_silent_hold_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long one of them takes, the others' answers count."""
    monkeypatch.setattr(discover, "LONGEST", 0.5)
    answers = lookups(mx=("aspmx.l.google.com.",))
    begun = time.monotonic()
    found = look_up(plan(ADDRESS), Lookups(lambda _: time.sleep(5), answers.srv, answers.mx))
    assert time.monotonic() - begun < 2
    assert found.provider is not None


def test_at_once() -> None:
    """In order; after a good answer the others have a second, and a failure is no answer."""
    begun = time.monotonic()
    assert at_once([lambda: time.sleep(9) or 1, lambda: 1 // 0, lambda: 3], 8, good=lambda answer: answer == 3) == [
        None,
        None,
        3,
    ]
    assert time.monotonic() - begun < 4


def test_for_a_domain_of_its_own() -> None:
    """Another host than for the provider's own addresses, and the whole address as user name."""
    own = providers.for_domain("zoho.com")
    assert own is not None
    assert own.server == Server(host="imap.zoho.com")
