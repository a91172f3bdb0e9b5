"""Which parts of a message are asked for, whatever a server tells of its structure."""

import re

import pytest
from imapclient.response_types import BodyData

from connectors.imap.structure import CALENDAR_LIMIT, SECTIONS_LIMIT, sections
from connectors.message.parse import TEXT_LIMIT


def _part(kind: str, size: object = 100, disposition: object = None, encoding: object = b"7bit") -> tuple[object, ...]:
    major, minor = kind.encode().split(b"/")
    lines = (5,) if major == b"text" else ()
    return (major, minor, (b"CHARSET", b"UTF-8"), None, None, encoding, size, *lines, None, disposition, None, None)


def _mixed(*parts: object) -> BodyData:
    return BodyData.create((*parts, b"mixed", None, None, None))


def test_the_sections_of_a_nested_mail() -> None:
    """Texts and calendars with their numbers, charsets and sizes; attachments and forwarded mails are left out."""
    inner = (_part("text/plain"), _part("text/html", encoding=b"BASE64"), b"alternative", None, None, None)
    forwarded = (b"message", b"rfc822", None, None, None, b"7bit", 900, (), _part("text/plain"), 9, None, None, None)
    structure = _mixed(
        inner,
        _part("application/pdf", 30_000_000),
        _part("text/plain", disposition=(b"ATTACHMENT", (b"filename", b"x"))),
        _part("text/plain", disposition=b'attachment; filename="x"'),
        forwarded,
        _part("text/calendar", disposition=(b"attachment", None)),
    )
    found = sections(structure)
    assert [(each.number, each.content_type) for each in found] == [
        ("1.1", "text/plain"),
        ("1.2", "text/html"),
        ("6", "text/calendar"),
    ]
    assert {each.charset for each in found} == {"UTF-8"}
    assert found[1].encoding == "base64"
    assert found[0].item == f"BODY.PEEK[1.1]<0.{TEXT_LIMIT}>"


def test_all_sections_together_are_bounded() -> None:
    """A mail of many long texts costs no more than one; the invitation behind them has a share of its own."""
    texts = [_part("text/html", 200_000) for _ in range(15)]
    found = sections(_mixed(*texts, _part("text/calendar", 10_000_000)))
    assert [each.wanted for each in found if each.content_type == "text/html"] == [TEXT_LIMIT, TEXT_LIMIT - 200_000]
    assert [each.wanted for each in found if each.content_type == "text/calendar"] == [CALENDAR_LIMIT]
    assert len(sections(_mixed(*[_part("text/plain", 0) for _ in range(5000)]))) == SECTIONS_LIMIT


def test_what_lies_deep_or_far_behind_is_not_looked_for() -> None:
    """A structure nested hundreds of times, or of thousands of parts, is looked into as far as real mail goes."""
    nested: tuple[object, ...] = _part("text/plain")
    for _ in range(300):
        nested = (nested, b"mixed", None, None, None)
    assert sections(BodyData.create(nested)) == ()
    assert sections(_mixed(*[_part("application/pdf")] * 5000, _part("text/plain"))) == ()


@pytest.mark.parametrize(
    "structure",
    [None, (), b"text", 7, (None,), (b"text",), (b"text", b"plain", b"x", 1, 2, 3, b"y"), ([], b"mixed"), ([None],)],
)
def test_a_structure_of_anything_gives_sections_or_none(structure: object) -> None:
    """What a server says of a mail is hostile too: no exception, no section number that cannot be asked for."""
    assert all(re.fullmatch(r"\d+(\.\d+)*", each.number) for each in sections(structure))


def test_a_single_part_is_section_one() -> None:
    """A mail without multipart has its text in section 1 (RFC 9051 6.4.5); a charset of digits stays text."""
    part = (b"TEXT", b"PLAIN", (b"charset", 1252), None, None, b"QUOTED-PRINTABLE", 0, 0, None, None, None, None)
    [section] = sections(BodyData.create(part))
    assert (section.number, section.charset, section.encoding) == ("1", "1252", "quoted-printable")
