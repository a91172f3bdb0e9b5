"""What mail clients do to a draft, on its bytes: shared by the worlds that move the bytes themselves."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

SURVIVING = ("From", "To", "Cc", "Subject", "In-Reply-To", "References")
"""The headers Thunderbird keeps when it opens a draft; the rest it makes anew."""


def saved_again(raw: bytes, text: str | None, *, message_id: str) -> bytes:
    """The draft as Thunderbird saves or sends it: new Message-ID, new Date, ``text`` if the user wrote one."""
    old = message_from_bytes(raw)
    new = EmailMessage(policy=SMTP.clone(max_line_length=998))
    content = old.get_payload(decode=True)
    assert isinstance(content, bytes)
    new.set_content(text if text is not None else content.decode().replace("\r\n", "\n"), cte="quoted-printable")
    headers = [(name, " ".join(value.split())) for name, value in old.items() if name in SURVIVING]
    headers += [("Message-ID", message_id), ("Date", datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S +0000"))]
    block = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return block.encode() + new.as_bytes()
