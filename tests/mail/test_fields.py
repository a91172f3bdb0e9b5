"""Header fields: RFC 5322, 2047 and 2231, well and badly made."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from connectors.message import Address
from connectors.port import Unreadable
from tests.mail import ARRIVED, read, read_with


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"Hello", "Hello"),
        (b"=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"=?UTF-8?B?R3LDvMOfZQ==?=", "Grüße"),
        (b"=?iso-8859-1?Q?Gr=FC=DFe_aus_K=F6ln?= am =?utf-8?q?Rhein?=", "Grüße aus Köln am Rhein"),
        (b"=?utf-8?q?two?=  \r\n =?utf-8?q?_words?=", "two words"),
        (b"=?utf-8?b?8J+Y?= =?utf-8?b?gA==?=", "😀"),
        (b"=?utf-8?q?one?= =?iso-8859-1?q?=E9?=", "oneé"),
        (b"=?utf-8*de?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"=?iso-2022-jp?B?GyRCRnxLXDhsGyhC?=", "日本語"),
        (b"=?gb2312?B?xOO6ww==?=", "你好"),
        (b"=?x-unknown-9?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"=?utf-8?b?R3LDvMOfZQ?=", "Grüße"),
        (b"=?utf-8?b?!!!?= rest", "rest"),
        (b"=?utf-8?q?with spaces inside?=", "with spaces inside"),
        (b"=?utf-8?x?no such encoding?=", "=?utf-8?x?no such encoding?="),
        (b"=?utf-8?q?never closed", "=?utf-8?q?never closed"),
        (b"=?utf-8?q?line=0D=0Abreak=00?=", "line break"),
        ("Grüße roh".encode(), "Grüße roh"),
        ("Grüße roh".encode("cp1252"), "Grüße roh"),
        (b"folded\r\n over\r\n\tthree lines", "folded over three lines"),
        (b"", ""),
    ],
)
def test_subjects(raw: bytes, shown: str) -> None:
    """Encoded words are decoded one by one, neighbours joined, broken ones left as they are, breaks made spaces."""
    assert read_with(b"Subject: " + raw).subject == shown


@pytest.mark.parametrize(
    ("raw", "name", "address"),
    [
        (b"jane@acme.example", "", "jane@acme.example"),
        (b"Jane Doe <jane@acme.example>", "Jane Doe", "jane@acme.example"),
        (b'"Doe, Jane" <jane@acme.example>', "Doe, Jane", "jane@acme.example"),
        (b"jane@acme.example (Jane Doe)", "Jane Doe", "jane@acme.example"),
        (b"=?utf-8?q?J=C3=B6rg?= <j@acme.example>", "Jörg", "j@acme.example"),
        (b"=?utf-8?q?Doe=2C_Jane?= <jane@acme.example>", "Doe, Jane", "jane@acme.example"),
        (b'"=?utf-8?q?J=C3=B6rg?=" <j@acme.example>', "Jörg", "j@acme.example"),
        (b"Acme, Inc. <jobs@acme.example>", "Acme, Inc.", "jobs@acme.example"),
        (b"Acme: Careers <jobs@acme.example>", "Acme: Careers", "jobs@acme.example"),
        (b"Careers @ Acme <jobs@acme.example>", "Careers @ Acme", "jobs@acme.example"),
        (b"=?utf-8?q?Jane_=3Cjane=40acme=2Eexample=3E?=", "Jane", "jane@acme.example"),
        (b'"Jane\r\n Doe" <jane@acme.example>', "Jane Doe", "jane@acme.example"),
        (
            b"=?utf-8?q?Jane=0ABcc:_eve=40evil.example?= <j@acme.example>",
            "Jane Bcc: eve@evil.example",
            "j@acme.example",
        ),
        (b"<<jane@acme.example>>", "", "jane@acme.example"),
        ("Jörg <jörg@müller.example>".encode(), "Jörg", "jörg@müller.example"),
    ],
)
def test_senders(raw: bytes, name: str, address: str) -> None:
    """Whoever wrote is found, whatever the software made of the name."""
    assert read_with(b"From: " + raw).sender == Address(address=address, name=name)


@pytest.mark.parametrize("raw", [b"", b"Jane Doe", b"undisclosed-recipients:;", b"<>", b"(((", b'"', b"a b@c d", b"@"])
def test_no_sender(raw: bytes) -> None:
    """What is no address is no sender, and the mail is read all the same."""
    message = read_with(b"From: " + raw)
    assert message.sender is None
    assert message.text == "Hello\n"


def test_recipients() -> None:
    """All recipients in their order, groups flattened, what is no address left out."""
    message = read_with(
        b"To: Team: a@x.example, B <b@x.example>;, nobody, c@x.example\r\nCc: d@x.example\r\nReply-To: e@x.example"
    )
    assert [each.address for each in message.to] == ["a@x.example", "b@x.example", "c@x.example"]
    assert [each.address for each in message.cc] == ["d@x.example"]
    assert [each.address for each in message.reply_to] == ["e@x.example"]


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"<a@b>", "<a@b>"),
        (b" <a@b> (comment)", "<a@b>"),
        (b"\r\n <a@b>", "<a@b>"),
        (b"<no-at-sign>", "<no-at-sign>"),
        (b"<" + b"x" * 80 + b"@prod.outlook.example>", "<" + "x" * 80 + "@prod.outlook.example>"),
        (b"=?utf-8?q?=3Cx=40prod=2Eoutlook=2Eexample=3E?=", "<x@prod.outlook.example>"),
        (b"a@b", None),
        (b"<a b@c>", None),
        (b'<"a"@b>', None),
        (b"<a\\b@c>", None),
        (b"<a@b\r\n Z9 CREATE x>", None),
        ("<ä@b>".encode(), None),
        (b"<[abc@", None),
        (b"<>", None),
        (b"<" + b"x" * 2000 + b">", None),
        (b"", None),
    ],
)
def test_message_ids(raw: bytes, found: str | None) -> None:
    """Only what can stand in a header and in a search command again is an id."""
    assert read_with(b"Message-ID: " + raw).message_id == found


def test_references_are_capped_at_both_ends() -> None:
    """Of a long thread the root and the last twenty are kept, each once, in their order."""
    ids = [f"<{number}@x>" for number in range(300)]
    message = read_with(b"References: " + "\r\n ".join([*ids, ids[-1]]).encode())
    assert message.references == (ids[0], *ids[-20:])


def test_in_reply_to_of_old_clients() -> None:
    """Words around the id do not hide it."""
    message = read_with(b'In-Reply-To: Your message of "Mon, 1 Jan" <a@b>')
    assert message.in_reply_to == "<a@b>"
    assert message.ancestors == ("<a@b>",)


@pytest.mark.parametrize(
    ("raw", "when"),
    [
        (b"Mon, 23 Nov 2026 10:30:00 +0100", datetime(2026, 11, 23, 10, 30, tzinfo=timezone(timedelta(hours=1)))),
        (b"23 Nov 2026 10:30 GMT", datetime(2026, 11, 23, 10, 30, tzinfo=UTC)),
        (b"Mon, 23 Nov 2026 10:30:00 -0000", datetime(2026, 11, 23, 10, 30, tzinfo=UTC)),
        (b"Mon, 23 Nov 2026 10:30:00", datetime(2026, 11, 23, 10, 30, tzinfo=UTC)),
        (b"Mon, 99 Nov 2026 10:30:00 +0100", None),
        (b"Mon, 23 Nov 2026 10:30:00 +9999", None),
        (b"Fri, 31 Dec 9999 23:59:59 -1400", None),
        (b"yesterday", None),
        (b"", None),
    ],
)
def test_dates(raw: bytes, when: datetime | None) -> None:
    """Dates have a zone, and nonsense is no date."""
    assert read_with(b"Date: " + raw).date == when


def test_the_first_of_two_fields_counts() -> None:
    """A second Subject, as an injection would add it, is not looked at."""
    assert read_with(b"Subject: first\r\nSubject: second").subject == "first"


def test_lines_that_are_no_fields() -> None:
    """An mbox line, a line without a colon and doubled carriage returns do not hide the other fields."""
    raw = (
        b"From jane@x Mon Nov 23\r\r\nno field here\r\r\nSubject : spaced\r\r\nFrom: a@b.example\r\r\n\r\r\nHello\r\r\n"
    )
    message = read(raw)
    assert (message.subject, message.sender) == ("spaced", Address(address="a@b.example"))
    assert message.text and message.text.startswith("Hello")


def test_kept_headers() -> None:
    """The headers that tell a machine from a person are kept in their order, decoded, on one line; others are not."""
    message = read(
        b"Return-Path: <>\nAuto-Submitted: auto-replied\nAuthentication-Results: mx;\n dmarc=pass\nX-Other: no\n"
        b"List-ID: =?utf-8?q?=C3=84?= <l.x>\nAuthentication-Results: forged\nContent-Type: text/plain; charset=x\n\n"
    )
    assert [name for name, _ in message.headers] == [
        "return-path", "auto-submitted", "authentication-results", "list-id", "authentication-results", "content-type",
    ]  # fmt: skip
    assert message.header("Authentication-Results") == "mx; dmarc=pass"
    assert message.header("list-id") == "Ä <l.x>"
    assert message.header("x-other") is None


def test_the_key_without_an_id_is_the_same_for_every_copy() -> None:
    """Another folding, other transport headers and another arrival give the same key; another mail gives another."""
    one = read(b"From: a@b\r\nSubject: long\r\n subject\r\nDate: Mon, 23 Nov 2026 10:30:00 +0100\r\n\r\nHello")
    copy = read(b"Received: x\nDate: Mon, 23 Nov 2026 10:30:00 +0100\nSubject: long subject\nFrom: a@b\n\nHello")
    other = read(b"From: a@b\r\nSubject: other\r\nDate: Mon, 23 Nov 2026 10:30:00 +0100\r\n\r\nHello")
    assert one.key == copy.key != other.key
    assert one.key.startswith("sha256:")
    assert read(b"X-A: 1\n\n").key != read(b"X-A: 2\n\n").key


def test_the_key_is_the_id() -> None:
    """A well-formed Message-ID is how the mail is known."""
    assert read_with(b"Message-ID: <a@b>").key == "<a@b>"


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n\r\n", b"\x00\x01\x02", b"just words\r\nno fields\r\n", b"\xff" * 5000, b": x\n"]
)
def test_what_has_no_header_is_unreadable(raw: bytes) -> None:
    """Nothing at all can be made of it, and the sentence that says so holds no word of it."""
    with pytest.raises(Unreadable) as failure:
        read(raw)
    assert str(failure.value) == "this is no mail: it has no header"


def test_what_the_mailbox_knows_is_kept() -> None:
    """Arrival, direction and thread come from the connector and not from the mail."""
    message = read(b"From: a@b\nDate: Mon, 23 Nov 2020 10:30:00 +0100\n\n", outgoing=True)
    assert (message.arrived, message.outgoing, message.thread) == (ARRIVED, True, None)
