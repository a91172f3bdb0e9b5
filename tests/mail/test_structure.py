"""Parts: which of them are the text of a mail."""

import base64

import pytest

from connectors.message.parse import TEXT_LIMIT, TextPart, parse_parts
from tests.mail import ARRIVED, read


def _multipart(*parts: bytes, kind: bytes = b"mixed", boundary: bytes = b"b1") -> bytes:
    body = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    head = b"Content-Type: multipart/" + kind + b'; boundary="' + boundary + b'"\r\n\r\n'
    return head + b"preamble\r\n" + body + b"--" + boundary + b"--\r\nepilogue\r\n"


PLAIN = b"Content-Type: text/plain; charset=utf-8\r\n\r\nHello"
HTML = b"Content-Type: text/html; charset=utf-8\r\n\r\n<p>Hello</p>"
CALENDAR = b"Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR"


def test_a_bare_mail() -> None:
    """Without MIME headers the body is plain text, line ends made alike, no preamble of any kind."""
    message = read(b"From: a@b\r\n\r\nOne\r\nTwo\rThree\n")
    assert (message.text, message.html) == ("One\nTwo\nThree\n", None)


def test_alternatives() -> None:
    """Both twins are kept, each under its kind; preamble and epilogue are nobody's text."""
    message = read(b"From: a@b\r\n" + _multipart(PLAIN, HTML, kind=b"alternative"))
    assert (message.text, message.html) == ("Hello", "<p>Hello</p>")


def test_plain_parts_are_joined() -> None:
    """A list footer in a part of its own comes after the text."""
    assert read(b"From: a@b\r\n" + _multipart(PLAIN, PLAIN.replace(b"Hello", b"Footer"))).text == "Hello\nFooter"


def test_nested_parts() -> None:
    """Text is found in alternatives inside related inside mixed parts."""
    inner = _multipart(PLAIN, HTML, kind=b"alternative", boundary=b"b3")
    middle = _multipart(inner, b"Content-Type: image/png\r\n\r\nx", kind=b"related", boundary=b"b2")
    message = read(b"From: a@b\r\n" + _multipart(middle, CALENDAR))
    assert (message.text, message.html, message.calendars) == ("Hello", "<p>Hello</p>", ("BEGIN:VCALENDAR",))


@pytest.mark.parametrize(
    "part",
    [
        b"Content-Type: text/plain\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nnot text",
        b"Content-Type: text/plain\r\nContent-Disposition: ATTACHMENT\r\n\r\nnot text",
        b"Content-Type: message/rfc822\r\n\r\nSubject: forwarded\r\n\r\nnot text",
        b"Content-Type: text/x-amp-html\r\n\r\nnot text",
        b"Content-Type: application/pdf\r\n\r\nnot text",
        _multipart(b"\r\nSubject: in a digest\r\n\r\nnot text", kind=b"digest", boundary=b"b9"),
    ],
)
def test_what_is_not_its_own_text(part: bytes) -> None:
    """Attachments, forwarded mails, digests and other types are not the text of the mail."""
    assert read(b"From: a@b\r\n" + _multipart(PLAIN, part)).text == "Hello"


def test_an_attached_invitation_is_read() -> None:
    """Many calendars come as attachments only; five at most."""
    attached = CALENDAR.replace(b"\r\n\r\n", b"\r\nContent-Disposition: attachment; filename=invite.ics\r\n\r\n")
    assert read(b"From: a@b\r\n" + _multipart(PLAIN, attached)).calendars == ("BEGIN:VCALENDAR",)
    assert len(read(b"From: a@b\r\n" + _multipart(*[attached] * 9)).calendars) == 5


def test_a_report_is_recognised_by_its_header() -> None:
    """A bounce keeps its content type, and the returned mail in it is not its text."""
    returned = b"Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nnot text"
    message = read(b"From: a@b\r\n" + _multipart(PLAIN, returned, kind=b"report; report-type=delivery-status"))
    assert message.text == "Hello"
    assert (message.header("content-type") or "").startswith("multipart/report; report-type=delivery-status")


def test_parts_without_headers_or_bodies() -> None:
    """A part may begin with its text, and may have no text."""
    message = read(b"From: a@b\r\n" + _multipart(b"\r\nHello", b"Content-Type: text/html", b""))
    assert (message.text, message.html) == ("Hello\n", "")


def test_a_multipart_that_is_cut() -> None:
    """The last part ends where the mail ends."""
    whole = b"From: a@b\r\n" + _multipart(PLAIN)
    assert read(whole[: whole.index(b"Hello") + 3]).text == "Hel"


def test_a_boundary_is_a_whole_line() -> None:
    """A line that only begins like the delimiter is text; white space after it is allowed."""
    raw = _multipart(PLAIN.replace(b"Hello", b"--b1x\r\n --b1\r\n-- b1")).replace(b"--b1\r\nC", b"--b1 \t\r\nC")
    assert read(b"From: a@b\r\n" + raw).text == "--b1x\n --b1\n-- b1"


def test_a_lost_boundary() -> None:
    """A multipart without one delimiter is shown as it is, as a person would see it."""
    assert read(b"From: a@b\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\nHello").text == "Hello"
    assert read(b"From: a@b\r\nContent-Type: multipart/mixed\r\n\r\nHello").text == "Hello"


@pytest.mark.parametrize(
    "content_type",
    [b"text", b"text/plain; charset", b'text/plain; name*1*="', b"text/plain; =", b";;;", b"text/plain; charset*0*=''"],
)
def test_broken_content_types(content_type: bytes) -> None:
    """A content type that cannot be read counts as plain text (RFC 2045 5.2)."""
    assert read(b"From: a@b\r\nContent-Type: " + content_type + b"\r\n\r\nHello").text == "Hello"


def test_parameters_over_several_lines() -> None:
    """A boundary and a charset in pieces (RFC 2231 3 and 4) are put together."""
    part = b"Content-Type: text/plain;\r\n charset*0=iso-;\r\n charset*1=8859-1\r\n\r\nGr\xfc\xdfe"
    raw = _multipart(part).replace(b'boundary="b1"', b"boundary*0*=us-ascii''%62;\r\n boundary*1=1")
    assert read(b"From: a@b\r\n" + raw).text == "Grüße"


def test_texts_are_capped() -> None:
    """A text is cut at its limit, and so is the sum of many."""
    assert len(read(b"From: a@b\n\n" + b"x" * 10_000_000).text or "") == TEXT_LIMIT
    many = read(b"From: a@b\r\n" + _multipart(*[PLAIN.replace(b"Hello", b"x" * 100_000)] * 50))
    assert len(many.text or "") == TEXT_LIMIT


def test_a_text_cut_inside_a_character_is_no_other_charset() -> None:
    """The limit falls into a character, or an escape, and all before it stays readable."""
    utf8 = read(b"From: a@b\n\nx" + "ü".encode() * TEXT_LIMIT).text
    assert utf8 == "x" + "ü" * ((TEXT_LIMIT - 1) // 2)
    encoded = base64.b64encode("€".encode() * TEXT_LIMIT)
    assert set(read(b"From: a@b\nContent-Transfer-Encoding: base64\n\n" + encoded).text or "") == {"€"}
    quoted = b"x" + b"=E2=82=AC" * TEXT_LIMIT
    assert set(read(b"From: a@b\nContent-Transfer-Encoding: quoted-printable\n\n" + quoted).text or "") == {"x", "€"}


def test_chosen_parts() -> None:
    """A connector that fetched the header and some parts gets the same message as from the whole mail."""
    whole = b"From: a@b\r\nMessage-ID: <x@y>\r\n" + _multipart(PLAIN, HTML, CALENDAR)
    parts = [
        TextPart(content_type="text/plain", content=b"Hello", charset="utf-8"),
        TextPart(content_type="text/html", content=b"<p>Hello</p>", charset="utf-8", encoding="8BIT"),
        TextPart(content_type="text/calendar", content=b"BEGIN:VCALENDAR"),
        TextPart(content_type="application/pdf", content=b"never asked for"),
    ]
    header = whole[: whole.index(b"\r\n\r\n") + 4]
    assert parse_parts(header, parts, arrived=ARRIVED, outgoing=False) == read(whole)


def test_a_part_that_was_cut_on_the_server() -> None:
    """Only the beginning of a part was fetched: half a character at its end is dropped."""
    part = TextPart(content_type="text/plain", content="Grüß".encode()[:-1], charset="utf-8", cut=True)
    assert parse_parts(b"From: a@b\r\n", [part], arrived=ARRIVED, outgoing=False).text == "Grü"


def test_a_part_is_cut_by_its_reader() -> None:
    """A connector may hand over more than the limit; no more than the limit is decoded."""
    assert len(TextPart(content_type="text/plain", content=b"x" * 1_000_000).decoded()) == TEXT_LIMIT


def test_only_the_beginning_of_a_huge_mail_is_looked_at() -> None:
    """What stands behind many megabytes of attachments is not text that anybody reads first."""
    attachment = b"Content-Type: image/png\r\n\r\n" + b"x" * 9_000_000
    assert read(b"From: a@b\r\n" + _multipart(PLAIN, attachment, HTML)).html is None
    assert read(b"From: a@b\r\n" + _multipart(PLAIN, attachment, HTML)).text == "Hello"
