"""Charsets and transfer encodings as they are really sent."""

import pytest

from tests.mail import read


def _text(body: bytes, charset: bytes = b"", encoding: bytes = b"8bit") -> str | None:
    head = b"From: a@b\nContent-Type: text/plain" + (b"; charset=" + charset if charset else b"")
    return read(head + b"\nContent-Transfer-Encoding: " + encoding + b"\n\n" + body).text


@pytest.mark.parametrize(
    ("body", "charset", "text"),
    [
        ("Grüße".encode(), b"utf-8", "Grüße"),
        ("Grüße".encode(), b"", "Grüße"),
        ("Grüße".encode(), b"us-ascii", "Grüße"),
        ("Grüße".encode("latin-1"), b"iso-8859-1", "Grüße"),
        ("Grüße".encode("latin-1"), b"", "Grüße"),
        ("Grüße aus München".encode("latin-1"), b"utf-8", "Grüße aus München"),
        ("“quoted” – 5 €".encode("cp1252"), b"iso-8859-1", "“quoted” – 5 €"),
        ("“quoted”".encode("cp1252"), b"Windows-1252", "“quoted”"),
        (b"odd \x81 byte", b"iso-8859-1", "odd \x81 byte"),
        ("Привет".encode("koi8-r"), b"koi8-r", "Привет"),
        ("日本語".encode("iso-2022-jp"), b"ISO-2022-JP", "日本語"),
        ("①高橋".encode("cp932"), b"shift_jis", "①高橋"),
        ("你好".encode("gb18030"), b"gb2312", "你好"),
        ("똠방각하".encode("cp949"), b"ks_c_5601-1987", "똠방각하"),
        ("שלום".encode("iso8859-8"), b"iso-8859-8-i", "שלום"),
        ("Grüße".encode("utf-16"), b"utf-16", "Grüße"),
        ("Grüße".encode(), b"no-such-charset", "Grüße"),
        ("Grüße".encode(), b"x" * 500, "Grüße"),
        (b"\xef\xbb\xbfHello", b"utf-8", "Hello"),
        (b"Hel\x00lo", b"utf-8", "Hello"),
        (b"+2AA-Hello", b"utf-7", "Hello"),
        ("Viele Grüße, schöne Straße".encode() + b" \xff end", b"utf-8", "Viele Grüße, schöne Straße \ufffd end"),
    ],
)
def test_charsets(body: bytes, charset: bytes, text: str) -> None:
    """The declared charset, as senders mean it; else UTF-8; else Windows. Never a NUL or half a character."""
    assert _text(body, charset) == text


_NO_CHARSETS = b"zlib bz2 hex base64 rot13 idna punycode undefined unicode_escape raw_unicode_escape mbcs os .. \x00"


@pytest.mark.parametrize("charset", _NO_CHARSETS.split())
def test_codecs_that_are_no_charsets(charset: bytes) -> None:
    """A name that Python knows for something else decodes nothing and unpacks nothing."""
    assert _text(b"48656c6c6f a.b", charset) == "48656c6c6f a.b"


@pytest.mark.parametrize(
    ("body", "encoding", "text"),
    [
        (b"R3LDvMOfZQ==", b"base64", "Grüße"),
        (b"R3LDvMOfZQ", b"BASE64", "Grüße"),
        (b"R3LD\r\n vM OfZQ==\r\n!\r\n", b"base64", "Grüße"),
        (b"R3LDvMOfZ", b"base64", "Grüß"),
        (b"", b"base64", ""),
        (b"Gr=C3=BC=\r\n=C3=9Fe", b"quoted-printable", "Grüße"),
        (b"50% = half=\n, =ZZ", b" Quoted-Printable ", "50% = half, =ZZ"),
        (b"plain", b"x-no-such-encoding", "plain"),
        (b"plain", b"", "plain"),
    ],
)
def test_transfer_encodings(body: bytes, encoding: bytes, text: str) -> None:
    """Noise, missing padding and broken escapes cost no more than what they stand for."""
    assert _text(body, b"utf-8", encoding) == text
