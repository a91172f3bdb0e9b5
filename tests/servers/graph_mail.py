"""Mail as Exchange keeps it: MIME that came in, or properties that a client wrote, each shown as the other.

Built on the standard library and not on our own parser, so that the one does not vouch for the other.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage, Message
from email.policy import SMTP
from email.policy import default as modern
from email.utils import format_datetime, getaddresses, parsedate_to_datetime
from typing import Any, TypeVar

T = TypeVar("T")
Json = dict[str, Any]

MARK_ID = re.compile(r"String \{[0-9a-fA-F-]{36}\} Name \S+|(String|SystemTime|Integer) 0x[0-9a-fA-F]{1,4}")
"""graph/api/resources/extended-properties-overview: the forms of a property's id that are used here."""
IN_REPLY_TO, REFERENCES, COMPOSED = "String 0x1042", "String 0x1039", "SystemTime 0x0039"


def stamp(when: datetime) -> str:
    """A time as Graph writes it."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def shielded(read: Callable[[], T], otherwise: T) -> T:
    """What ``read`` gives; the standard library raises all sorts of things on broken mail."""
    try:
        return read()
    except Exception:  # noqa: BLE001 - it is not listed anywhere what it raises
        return otherwise


def person(address: str, name: str = "") -> Json:
    """A recipient in JSON."""
    return {"emailAddress": {"name": name or address, "address": address}}


def properties_of(raw: bytes) -> tuple[Json, dict[str, str]]:
    """The JSON properties and the extended ones of a mail that came in as MIME."""
    found = message_from_bytes(raw, policy=modern)

    def field(name: str) -> str:
        return shielded(lambda: " ".join(str(found[name] or "").split()), "")

    def people(name: str) -> list[Json]:
        values = shielded(lambda: [str(each) for each in found.get_all(name, [])], [])
        return [person(address, shown) for shown, address in shielded(lambda: getaddresses(values), []) if address]

    sender = people("From")
    properties: Json = {
        "internetMessageId": field("Message-ID"),
        "subject": field("Subject"),
        "from": sender[0] if sender else None,
        "toRecipients": people("To"),
        "ccRecipients": people("Cc"),
        "replyTo": people("Reply-To"),
        "body": shielded(lambda: _body(found), {"contentType": "text", "content": ""}),
        "hasAttachments": bool(attachments(raw)),
    }
    date = shielded(lambda: parsedate_to_datetime(str(found["Date"])), None)
    if date:
        properties["sentDateTime"] = stamp(date if date.tzinfo else date.replace(tzinfo=UTC))
    extended = {IN_REPLY_TO: field("In-Reply-To"), REFERENCES: field("References")}
    return properties, {name: value for name, value in extended.items() if value}


def attachments(raw: bytes) -> list[Json]:
    """What Exchange lists as attachments (graph/api/message-list-attachments), with the content under ``_content``."""
    found = shielded(lambda: list(message_from_bytes(raw, policy=modern).walk()), [])
    wanted = [part for part in found if shielded(part.get_content_disposition, None) == "attachment"]
    return [_attachment(number, part) for number, part in enumerate(wanted)]


def _attachment(number: int, part: Message) -> Json:
    content = shielded(lambda: part.get_payload(decode=True), b"") or b""
    assert isinstance(content, bytes)
    return {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "id": f"AAMkAttachment{number}=",
        "name": part.get_filename() or "",
        "contentType": part.get_content_type(),
        "size": len(content),
        "isInline": False,
        "_content": content,
    }


def _body(found: Message) -> Json:
    assert isinstance(found, EmailMessage)
    best = found.get_body(("html", "plain"))
    kind = "html" if best is not None and best.get_content_type() == "text/html" else "text"
    return {"contentType": kind, "content": best.get_content() if best is not None else ""}


def as_mime(properties: Json, extended: dict[str, str], created: datetime) -> bytes:
    """A draft that was written as properties, as MIME (graph/outlook-get-mime-message).

    Date is the time of submission where a client set one, else that of creation ([MS-OXCMAIL] 2.2.3.2.1).
    """
    message = EmailMessage(policy=SMTP.clone(max_line_length=998))
    for name, field in (("From", "from"), ("To", "toRecipients"), ("Cc", "ccRecipients")):
        value = properties.get(field) or []
        listed = [_shown(each) for each in (value if isinstance(value, list) else [value])]
        if listed:
            message[name] = listed
    message["Subject"] = properties.get("subject", "")
    date = datetime.fromisoformat(extended[COMPOSED]) if COMPOSED in extended else created
    message["Date"] = format_datetime(date)
    message["Message-ID"] = properties["internetMessageId"]
    for name, key in (("In-Reply-To", IN_REPLY_TO), ("References", REFERENCES)):
        if key in extended:
            message[name] = extended[key]
    body = properties["body"]
    is_html = body["contentType"].lower() == "html"
    message.set_content(body["content"], subtype="html" if is_html else "plain", cte="quoted-printable")
    return message.as_bytes()


def _shown(who: Json) -> Address:
    inner = who["emailAddress"]
    return Address(display_name=inner.get("name", ""), addr_spec=inner["address"])


def quoted_reply(properties: Json, comment: str, *, escaped: bool) -> str:
    """The body of a reply as createReply lays it out: the comment, a rule, and the original below.

    ``escaped``: a server that takes the comment for plain text, as an older documentation had it.
    """
    body = properties["body"]
    old = body["content"] if body["contentType"] == "html" else body["content"].replace("\n", "<br>\n")
    shown = comment.replace("&", "&amp;").replace("<", "&lt;") if escaped else comment
    sender = (properties["from"] or person("nobody"))["emailAddress"]
    return (
        f'<html>\r\n<head>\r\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\r\n</head>\r\n'
        f'<body>\r\n{shown}\r\n<hr tabindex="-1" style="display:inline-block; width:98%">\r\n'
        f'<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif"><b>From:</b> {sender["name"]}'
        f" &lt;{sender['address']}&gt;<br><b>Subject:</b> {properties['subject']}</font></div>\r\n"
        f"<div>{old}</div>\r\n</body>\r\n</html>"
    )
