"""What answers a query, and who wrote a mail."""

from datetime import timedelta

import pytest

from connectors.account import Account
from connectors.message import Address, MessageId
from connectors.message.match import Matcher
from connectors.message.origin import from_user
from connectors.port import Query
from tests.mail import ARRIVED, read

ME = Account(name="home", connector="memory", addresses=("ana@example.org", "a.sousa@example.org"))
MAIL = read(
    b"From: =?utf-8?q?M=C3=BCller_Careers?= <no-reply@mail.acme.example>\r\nTo: ana@example.org\r\n"
    b"Cc: hr@other.example\r\nReply-To: jane@people.example\r\n"
    b"Message-ID: <own@x>\r\nIn-Reply-To: <parent@x>\r\nReferences: <root@x>\r\n"
    b"Subject: Your interview (R&D) =?utf-8?b?5qCq5byP5Lya56S+5pel5pys?=\r\n\r\nGlobex"
)


def _query(*, correspondent: str = "", name: str = "", reference: str = "", days: int = 1) -> Query:
    return Query(
        since=ARRIVED - timedelta(days=days),
        correspondents=frozenset(filter(None, [correspondent])),
        names=frozenset(filter(None, [name])),
        references=frozenset(map(MessageId, filter(None, [reference]))),
    )


@pytest.mark.parametrize(
    "query",
    [
        _query(reference="<own@x>"),
        _query(reference="<parent@x>"),
        _query(reference="<root@x>"),
        _query(correspondent="@acme.example"),
        _query(correspondent="@MAIL.acme.example"),
        _query(correspondent="@people.example"),
        _query(correspondent="HR@other.example"),
        _query(name="müller"),
        _query(name="MÜLLER CAREERS"),
        _query(name="R&D"),
        _query(name="acme"),
        _query(name="日本"),
    ],
)
def test_what_matches(query: Query) -> None:
    """Ids of the thread, domains with subdomains, whole addresses, names in subject and sender."""
    assert Matcher(query)(MAIL)


@pytest.mark.parametrize(
    "query",
    [
        _query(),
        _query(reference="<other@x>"),
        _query(correspondent="@cme.example"),
        _query(correspondent="reply@mail.acme.example"),
        _query(correspondent="@no.mail.acme.example"),
        _query(name="Mülle"),
        _query(name="Globex"),
        _query(name="   "),
        _query(name=".*"),
        _query(reference="<own@x>", days=-1),
    ],
)
def test_what_does_not(query: Query) -> None:
    """Parts of words, parts of domains, the body, patterns, and mail from before."""
    assert not Matcher(query)(MAIL)


@pytest.mark.parametrize(
    ("head", "own"),
    [
        (b"From: ana@example.org\n", True),
        (b"From: A.Sousa@Example.org\n", True),
        (b"From: jane@acme.example\n", False),
        (b"Subject: nobody\n", False),
        (b"Authentication-Results: mx; dkim=pass; dmarc=pass\nFrom: ana@example.org\n", True),
        (b"Authentication-Results: mx; spf=fail; DMARC=fail (p=none)\nFrom: ana@example.org\n", False),
        (
            b"Authentication-Results: mx; dmarc=pass\nAuthentication-Results: x; dmarc=fail\nFrom: ana@example.org\n",
            True,
        ),
    ],
)
def test_who_wrote_it(head: bytes, own: bool) -> None:
    """The user's own addresses in any letter case, unless the receiving server says it is forged."""
    assert from_user(read(head + b"\n"), ME) == own


def test_domains() -> None:
    """A domain is compared in lower case."""
    assert Address(address="a@ACME.Example").domain == "acme.example"
