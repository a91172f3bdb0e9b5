"""Mail built to stop its reader: bounded time, bounded memory, and never an exception but ``Unreadable``."""

import time
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.message import Message
from connectors.message.parse import TEXT_LIMIT, parse_parts
from connectors.port import Unreadable
from tests.mail import ARRIVED, read

SECONDS = 1.0
"""Of processor time, so that a busy machine does not count. The slowest takes a tenth; the quadratic ones minutes."""


def _nested(depth: int) -> bytes:
    levels = (b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level) for level in range(depth))
    return b"From: a@b.example\n" + b"".join(levels) + b"\nHello\n"


def _nested_widely() -> bytes:
    inner = b"Content-Type: multipart/mixed; boundary=c\n\n" + b"--c\n\nx\n" * 200 + b"--c--\n"
    middle = b"Content-Type: multipart/mixed; boundary=d\n\n" + (b"--d\n" + inner) * 190 + b"--d--\n"
    return _body(MIXED, (b"--b\n" + middle) * 24)


def _field(name: bytes, value: bytes) -> bytes:
    return b"From: a@b.example\n" + name + b": " + value + b"\n\nHello\n"


def _body(head: bytes, body: bytes) -> bytes:
    return b"From: a@b.example\nContent-Type: " + head + b"\n\n" + body


MIXED = b"multipart/mixed; boundary=b"
HOSTILE: dict[str, Callable[[], bytes]] = {
    "10,000 nested parts": lambda: _nested(10_000),
    "a few nested parts and 8 MB in them": lambda: _nested(199) + b"\n--b" * 2_000_000,
    "200 parts in each of 200 parts in each of 24 parts": _nested_widely,
    "100,000 parts": lambda: _body(MIXED, b"--b\nContent-Type: image/png\n\nx\n" * 100_000),
    "100,000 text parts": lambda: _body(MIXED, b"--b\n\nx\n" * 100_000),
    "delimiters everywhere": lambda: _body(b"multipart/mixed; boundary=-", b"\n---  " * 1_300_000),
    "a delimiter that never ends": lambda: _body(MIXED, b"--b" + b" " * 8_000_000),
    "a subject of 1 MB": lambda: _field(b"Subject", b"x" * 1_000_000),
    "200,000 fields": lambda: b"From: a@b.example\n" + b"X-A: b\n" * 200_000 + b"\nHello",
    "one name of 1 MB": lambda: b"From: a@b.example\n" + b"x" * 1_000_000 + b": y\n\nHello",
    "1 MB of folding": lambda: _field(b"To", b"\n " * 500_000),
    "encoded words without end": lambda: _field(b"Subject", b"=?a?q?" * 20_000),
    "encoded words in encoded words": lambda: _field(b"Subject", b"=?utf-7?q?+=?=" * 20_000),
    "comments in comments": lambda: _field(b"From", b"(" * 100_000),
    "a few comments in comments": lambda: _field(b"Reply-To", b"(" * 900 + b")" * 900),
    "angles": lambda: _field(b"From", b"<" * 100_000),
    "quotes": lambda: _field(b"From", b'"' * 100_000),
    "backslashes": lambda: _field(b"To", b'\\"' * 100_000),
    "groups": lambda: _field(b"To", b"a:" * 100_000),
    "a domain of brackets": lambda: _field(b"From", b"a@" + b"[" * 100_000),
    "100,000 recipients": lambda: _field(b"To", b"a@b.example, " * 100_000),
    "100,000 references": lambda: _field(b"References", b"<a@b> " * 100_000),
    "references of openings": lambda: _field(b"References", b"<a=?" * 100_000),
    "20,000 parameters": lambda: _body(b"text/plain" + b'; name*1*="a' * 20_000, b"Hello"),
    "parameters in pieces": lambda: _body(MIXED + b"; boundary*0*=utf-8''b; boundary*1=c" * 2_000, b"Hello"),
    "a quoted parameter without end": lambda: _body(b'text/plain; a="' + b'\\"' * 60_000, b"Hello"),
    "a quoted parameter of semicolons": lambda: _body(b'text/plain; a="' + b";" * 120_000, b"Hello"),
    "a date of 1 MB": lambda: _field(b"Date", b"Mon, " * 200_000),
    "a slow codec": lambda: _body(b"text/plain; charset=punycode", b"a" * 200_000),
    "50 MB of text": lambda: _body(b"text/plain", b"x" * 50_000_000),
    "50 MB of blank lines": lambda: _body(MIXED, b"\n" * 50_000_000),
    "8 MB of carriage returns": lambda: b"From: a@b.example\n" + b"\r" * 8_000_000,
    "base64 that is noise": lambda: _body(b"text/plain\nContent-Transfer-Encoding: base64", b"!" * 8_000_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_mail_is_read_in_time(name: str) -> None:
    """Each of these is read within a second and gives no more text than the limit."""
    raw = HOSTILE[name]()
    start = time.process_time()
    message = read(raw)
    assert time.process_time() - start < SECONDS
    assert len(message.text or "") + len(message.html or "") <= 2 * TEXT_LIMIT


def test_a_header_block_from_a_server_is_cut() -> None:
    """A connector may hand over whatever the server sent as the header block."""
    start = time.process_time()
    parse_parts(b"Subject: x\n" * 3_000_000, [], arrived=ARRIVED, outgoing=False)
    assert time.process_time() - start < SECONDS


def test_recipients_are_capped() -> None:
    """A mail to everybody keeps its first hundred recipients."""
    assert len(read(HOSTILE["100,000 recipients"]()).to) == 100


def test_memory_is_bounded() -> None:
    """A mail of 50 MB takes no more than its first megabytes again."""
    raw = HOSTILE["50 MB of text"]()
    tracemalloc.start()
    try:
        read(raw)
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
    finally:
        tracemalloc.stop()


def _is_sound(message: Message) -> None:
    shown = [message.subject, *(value for _, value in message.headers)]
    people = [*message.reply_to, *message.to, *message.cc, *([message.sender] if message.sender else [])]
    shown += [part for who in people for part in (who.name, who.address)]
    assert not any(character < " " for text in shown for character in text)
    written = [*shown, message.text or "", message.html or "", *message.calendars, message.key]
    assert not any("\x00" in text for text in written)
    "".join(written).encode()  # a lone surrogate would raise here, and in every database
    assert all(each.address.count("@") == 1 for each in people)


_FIELDS = [b"From: ", b"To: ", b"Subject: ", b"Date: ", b"Message-ID: ", b"References: ", b"Content-Type: "]
_PIECES = rb"""multipart/mixed ;boundary=b --b --b-- text/html text/calendar message/rfc822 ;charset= utf-7 base64
attachment Content-Transfer-Encoding: Content-Disposition: =?utf-8?q? =?x?b? ?= = =0A *0*= < > @ " \ ( ) : ; ,
a@b.example 2026 +0100"""
_SPACES = [b" ", b"\t", b"\n", b"\r\n", b"\r", b"\n\n", b"\n--b\n", b"\x00", b"\xff", "ü".encode()]
FRAGMENTS = st.sampled_from([*_FIELDS, *_PIECES.split(), *_SPACES])


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.lists(FRAGMENTS, max_size=60).map(b"".join)))
def test_anything_is_a_message_or_unreadable(raw: bytes) -> None:
    """Whatever bytes come, the outcome is a sound message or the one failure that sets it aside."""
    for each in (raw, b"From: a@b.example\n" + raw):
        try:
            _is_sound(read(each))
        except Unreadable:
            assert each is raw


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([b"From", b"To", b"Subject", b"Date", b"Message-ID", b"References", b"Content-Type"]), st.binary()
)
def test_any_value_of_any_field(name: bytes, value: bytes) -> None:
    """No value of a field costs more than that field."""
    message = read(b"X-First: 1\n" + name + b": " + value.replace(b"\n", b" ") + b"\nPrecedence: bulk\n\nHello")
    _is_sound(message)
    assert message.header("precedence") == "bulk"
