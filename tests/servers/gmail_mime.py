"""A mail as Gmail's ``format=full`` shows it, made by the standard library and not by our own reader.

From developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages (MessagePart, MessagePartBody): parts
are undone from their transfer encoding and given as base64url; a part with a file name has an ``attachmentId`` instead.
Assumptions, for the page does not say: header values are shown decoded (RFC 2047), texts are turned into UTF-8 while
their Content-Type stays as it was, and a forwarded mail shows its own parts below it.
"""

import base64
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message as Part


@dataclass
class Full:
    """A payload, and what its attachment ids stand for."""

    payload: dict[str, object]
    attachments: dict[str, bytes] = field(default_factory=dict)


def full(raw: bytes, *, inline: int) -> Full:
    """``inline``: bytes of a text that still stand in the answer itself; a longer one gets an attachment id."""
    made = Full({})
    try:
        made.payload = _part(message_from_bytes(raw), "", made.attachments, inline)
    except Exception:  # noqa: BLE001 - the email package fails on broken mail in any way; Gmail shows such mail bare
        made.payload = {"partId": "", "mimeType": "text/plain", "headers": [], "body": {"size": 0}}
    return made


def headers(raw: bytes) -> list[dict[str, str]]:
    """The headers alone, for ``format=metadata``."""
    return [{"name": name, "value": _shown(str(value))} for name, value in message_from_bytes(raw).items()]


def base64url(content: bytes) -> str:
    """RFC 4648 5."""
    return base64.urlsafe_b64encode(content).decode()


def _part(part: Part, number: str, attachments: dict[str, bytes], inline: int) -> dict[str, object]:
    kind = part.get_content_type()
    shown: dict[str, object] = {
        "partId": number,
        "mimeType": kind,
        "filename": part.get_filename() or "",
        "headers": [{"name": name, "value": _shown(str(value))} for name, value in part.items()],
        "body": {"size": 0},
    }
    payload = part.get_payload()
    if isinstance(payload, list):
        below = f"{number}." if number else ""
        shown["parts"] = [
            _part(child, f"{below}{index}", attachments, inline)
            for index, child in enumerate(payload)
            if isinstance(child, Part)
        ]
    if not kind.startswith("multipart/"):
        shown["body"] = _body(part, shown, attachments, inline)
    return shown


def _body(part: Part, shown: dict[str, object], attachments: dict[str, bytes], inline: int) -> dict[str, object]:
    content = part.get_payload(decode=True)
    content = content if isinstance(content, bytes) else b"a forwarded mail"
    text = part.get_content_maintype() == "text" and not shown["filename"]
    if text:
        content = _utf8(content, part.get_content_charset())
    if text and len(content) <= inline:
        return {"size": len(content), "data": base64url(content)}
    own = f"ANGjdJ-{len(attachments)}_part"
    attachments[own] = content
    return {"size": len(content), "attachmentId": own}


def _utf8(content: bytes, charset: str | None) -> bytes:
    with suppress(LookupError, UnicodeError):
        return content.decode(charset or "utf-8").encode()
    return content


def _shown(value: str) -> str:
    flat = " ".join(value.split())
    with suppress(LookupError, ValueError):
        return str(make_header(decode_header(flat)))
    return flat
