"""Where the text of a whole mail lies: a walk over its MIME parts (RFC 2046 5.1) by offsets, without copying them.

Not the email package's parser: that one recurses for every nested part and compares every line with every open
boundary, so a small hostile mail stops it. Here depth, parts and sizes are bounded; a boundary is found in one pass.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from connectors.message.encoding import from_transfer, to_text
from connectors.message.fields import shielded, split_fields

MESSAGE_LIMIT = 8 * 1024 * 1024
"""Bytes of a mail that are looked at. Text and invitations stand before the attachments."""
TEXT_LIMIT = 256 * 1024
"""Bytes of one text part, still encoded, that are read; and characters of text kept of one kind."""
DEPTH_LIMIT = 12
PARTS_LIMIT = 200

TEXT_TYPES = ("text/plain", "text/html", "text/calendar")
"""The content types that are read; no other part is looked into, a forwarded mail included."""

_BLANK_LINE = re.compile(rb"\n\r{0,2}\n")
_BOUNDARY_LIMIT = 200  # RFC 2046 5.1.1 allows 70


@dataclass(frozen=True, kw_only=True)
class TextPart:
    """One text part as it came: still in its transfer encoding and charset.

    ``content_type`` in lower case without parameters (``text/plain``). ``cut``: only its beginning was fetched, so the
    end may stand in the middle of a character or of an escape.
    """

    content_type: str
    content: bytes
    charset: str | None = None
    encoding: str = "7bit"
    cut: bool = False

    def decoded(self) -> str:
        """The text, with ``\\n`` line ends; never raises."""
        cut = self.cut or len(self.content) > TEXT_LIMIT
        plain = from_transfer(self.content[:TEXT_LIMIT], self.encoding, cut=cut)
        return to_text(plain, self.charset, cut=cut).replace("\r\n", "\n").replace("\r", "\n")


def is_read(content_type: str, disposition: str | None) -> bool:
    """Whether a part belongs to the text of its mail: attachments do not, invitations always do."""
    return content_type in TEXT_TYPES and (disposition != "attachment" or content_type == "text/calendar")


@dataclass(frozen=True)
class _Span:
    """One part, or a whole mail: its header block, and where its body lies."""

    header: bytes
    start: int
    end: int


def split_header(raw: bytes) -> bytes:
    """The header block of a whole mail."""
    return _span(raw, 0, len(raw)).header


def text_parts(raw: bytes) -> Iterator[TextPart]:
    """The text parts of a whole mail in their order."""
    waiting = [(_span(raw, 0, len(raw)), "text/plain", 0)]
    for _ in range(PARTS_LIMIT):
        if not waiting:
            return
        span, default, depth = waiting.pop()
        fields = split_fields(span.header)
        part = fields.as_part(default)
        kind = shielded(part.get_content_type, "text/plain")
        if kind.startswith("multipart/"):
            children = _children(raw, span, shielded(part.get_boundary, None))
            if children:
                inner = "message/rfc822" if kind == "multipart/digest" else "text/plain"
                waiting += [(child, inner, depth + 1) for child in reversed(children) if depth < DEPTH_LIMIT]
                continue
            kind = "text/plain"  # its boundary was lost on the way; a person would still read what is there
        if is_read(kind, shielded(part.get_content_disposition, None)):
            yield TextPart(
                content_type=kind,
                content=raw[span.start : min(span.end, span.start + TEXT_LIMIT)],
                charset=shielded(part.get_content_charset, None),
                encoding=fields.first("content-transfer-encoding")[:40],
                cut=span.end - span.start > TEXT_LIMIT,
            )


def _children(raw: bytes, span: _Span, boundary: object) -> list[_Span]:
    if not isinstance(boundary, str) or not 0 < len(boundary) <= _BOUNDARY_LIMIT:
        return []
    line = re.escape(b"\n--" + boundary.encode("utf-8", "replace"))
    delimiter = re.compile(line + rb"(--)?[ \t]*\r{0,2}(?=\n|\Z)")
    found = list(islice(delimiter.finditer(raw, max(span.start - 1, 0), span.end), PARTS_LIMIT + 1))
    # RFC 2046 5.1.1: the line break before a delimiter belongs to the delimiter.
    ends = [each.start() - (raw[each.start() - 1] == ord("\r")) for each in found[1:]] + [span.end]
    return [
        _span(raw, match.end() + 1, max(end, match.end() + 1))
        for match, end in zip(found, ends, strict=False)
        if not match[1] and match.end() < end
    ]


def _span(raw: bytes, start: int, end: int) -> _Span:
    """Split at the first blank line. A part may begin with it, so the line break before the part is looked at too."""
    blank = _BLANK_LINE.search(raw, max(start - 1, 0), end)
    if blank is None:
        return _Span(raw[start:end], end, end)
    return _Span(raw[start : max(blank.start(), start)], blank.end(), end)
