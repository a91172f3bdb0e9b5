"""Drafts in bytes: whole, safe, and the same when they are read again."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.message import Address, Draft, MessageId, Parent
from connectors.message.serialise import as_bytes, is_minted, mint_message_id
from tests.mail import read

LONG = MessageId("<IA3PR11MB9136414F72F6CE4AD6448FF892FDA@IA3PR11MB9136.namprd11.prod.outlook.example>")
DRAFT = Draft(
    message_id=MessageId("<0123@example.org>"),
    sender=Address(address="ana@example.org", name="Ana Sousa"),
    to=Address(address="jane@acme.example", name="Jane Doe"),
    subject="Re: Your application",
    text="Dear Jane,\n\nthank you.\n",
    date=datetime(2026, 11, 23, 10, 30, tzinfo=timezone(timedelta(hours=1))),
)


def test_the_whole_of_a_reply() -> None:
    """Exactly these bytes: every header a client needs, none that names the program."""
    parent = Parent(message_id=LONG, references=(MessageId("<first@x>"), LONG))
    assert as_bytes(replace(DRAFT, parent=parent)) == (
        b"From: Ana Sousa <ana@example.org>\r\n"
        b"To: Jane Doe <jane@acme.example>\r\n"
        b"Subject: Re: Your application\r\n"
        b"Date: Mon, 23 Nov 2026 10:30:00 +0100\r\n"
        b"Message-ID: <0123@example.org>\r\n"
        b"In-Reply-To: " + LONG.encode() + b"\r\n"
        b"References: <first@x>\r\n " + LONG.encode() + b"\r\n"
        b"MIME-Version: 1.0\r\n"
        b'Content-Type: text/plain; charset="utf-8"\r\n'
        b"Content-Transfer-Encoding: quoted-printable\r\n"
        b"\r\n"
        b"Dear Jane,\r\n\r\nthank you.\r\n"
    )


def test_a_fresh_letter() -> None:
    """Without parent and recipient there is no In-Reply-To, no References and no To, not even empty ones."""
    names = message_from_bytes(as_bytes(replace(DRAFT, to=None))).keys()
    assert names == [
        "From", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
    ]  # fmt: skip


def test_the_parent_stands_last_once() -> None:
    """A chain that holds the parent in the middle, or twice, ends with it; a long one is cut in the middle."""
    ids = tuple(MessageId(f"<{number}@x>") for number in range(50))
    placed = read(as_bytes(replace(DRAFT, parent=Parent(message_id=ids[7], references=(*ids, ids[7])))))
    assert placed.references == (ids[0], *ids[31:], ids[7])
    assert placed.in_reply_to == ids[7]


@pytest.mark.parametrize(
    "name",
    ["Jane", "Doe, Jane", 'Jane "JD" Doe', "back\\slash", "Zoë", "日本 花子" * 20, "=?utf-8?q?evil?=", "a <b@c>",
     "Jane (HR)", "Jane\r\nBcc: eve@evil.example", "Ž" * 200, "x" * 256, "שלום", ".", "@"],
)  # fmt: skip
def test_names(name: str) -> None:
    """Every name comes back as it was, on one line; the standard library and our own reader agree."""
    raw = as_bytes(replace(DRAFT, to=Address(address="jane@acme.example", name=name)))
    flat = re.sub(r"[\r\n]+", " ", name)
    assert read(raw).to == (Address(address="jane@acme.example", name=flat),)
    [theirs] = message_from_bytes(raw, policy=default)["To"].addresses
    assert theirs.addr_spec == "jane@acme.example"
    assert message_from_bytes(raw)["Bcc"] is None


def test_a_domain_in_other_letters() -> None:
    """An internationalised domain is written in its ASCII form, which every server takes."""
    raw = as_bytes(replace(DRAFT, sender=Address(address="ana@müller.example")))
    assert b"From: ana@xn--mller-kva.example\r\n" in raw
    assert mint_message_id("müller.example").endswith("@xn--mller-kva.example>")


@pytest.mark.parametrize(
    "address", ["", "jane", "a@b\r\nBcc: c@d", "a@b>, <c@d", "a b@c", "a@b@c", 'a"@b', "a@" + "x" * 300]
)
def test_an_address_that_is_none(address: str) -> None:
    """What cannot stand in a header is our own mistake, and never reaches one."""
    with pytest.raises(ValueError, match="address"):
        as_bytes(replace(DRAFT, to=Address(address=address)))


@pytest.mark.parametrize("own", ["", "a@b", "<a b>", "<a@b>\r\nBcc: c@d", "<a><b>", '<"a"@b>', "<" + "x" * 1000 + ">"])
def test_an_id_that_is_none(own: str) -> None:
    """An id that could break the header is refused, as the draft's own and as the parent's."""
    with pytest.raises(ValueError, match="Message-ID"):
        as_bytes(replace(DRAFT, message_id=MessageId(own)))
    with pytest.raises(ValueError, match="Message-ID"):
        as_bytes(replace(DRAFT, parent=Parent(message_id=MessageId(own), references=())))


def test_a_date_without_a_zone() -> None:
    """A naive time would be written as UTC and be wrong by hours."""
    with pytest.raises(ValueError, match="time zone"):
        as_bytes(replace(DRAFT, date=datetime(2026, 1, 1)))  # noqa: DTZ001 - the mistake under test


def test_minted_ids() -> None:
    """Random, under the user's own domain, with no name of the host or the program; known again by their shape."""
    ids = {mint_message_id("example.org") for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch(r"<[0-9a-f]{40}@example\.org>", each) and is_minted(each) for each in ids)
    assert not is_minted("<d41d8cd98f00b204e9800998ecf8427e@example.org>"), "Roundcube's have 32 digits"
    for bad in ("", "a b", "x>\r\nBcc: c@d", 'a"b'):
        with pytest.raises(ValueError, match="domain"):
            mint_message_id(bad)


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=400)
LINES = TEXTS.map(lambda text: " ".join(re.sub(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+", " ", text).split(" ")).strip(" "))
IDS = st.from_regex(r"<[!#-;=?-\[\]-~]{1,120}>", fullmatch=True).map(MessageId)


@settings(max_examples=300, deadline=None)
@given(text=TEXTS, subject=LINES, name=LINES, parent=IDS, chain=st.lists(IDS, max_size=40))
def test_what_is_written_is_read_again(
    text: str, subject: str, name: str, parent: MessageId, chain: list[MessageId]
) -> None:
    """Any text, subject, name and thread survive writing and reading; lines stay within RFC 5322's 998."""
    draft = replace(
        DRAFT,
        text=text,
        subject=subject,
        to=Address(address="jane@acme.example", name=name[:256].strip(" ")),
        parent=Parent(message_id=parent, references=tuple(chain)),
    )
    raw = as_bytes(draft)
    message = read(raw, outgoing=True)
    assert message.text == text.removeprefix("\ufeff")
    assert message.subject == subject
    assert draft.to and message.to == (draft.to,)
    assert message.message_id == draft.message_id
    assert message.in_reply_to == parent == message.references[-1]
    assert message.date == draft.date
    assert raw.isascii()
    lines = raw.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(map(len, lines)) <= 998
    assert max(map(len, lines[lines.index(b"") :])) <= 76


@settings(max_examples=100, deadline=None)
@given(subject=LINES)
def test_others_read_the_subject_too(subject: str) -> None:
    """The standard library decodes the subject to the same words: what is written is RFC 2047, not our own idea."""
    written = message_from_bytes(as_bytes(replace(DRAFT, subject=subject or "x")))["Subject"]
    assert str(make_header(decode_header(re.sub(r"\r\n", "", written)))).strip() == (subject or "x").strip()
    for word in re.findall(r"=\?\S+\?=", written):
        assert len(word) <= 75


def test_long_paragraphs_have_crlf_soft_breaks() -> None:
    """A first line that has to be broken gets CRLF like all others; servers refuse a bare LF."""
    raw = as_bytes(replace(DRAFT, text="word " * 50 + "\nend"))
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_utc_is_written_as_an_offset() -> None:
    """Clients show the sender's local time from it."""
    assert b"Date: Mon, 23 Nov 2026 09:30:00 +0000\r\n" in as_bytes(replace(DRAFT, date=DRAFT.date.astimezone(UTC)))
