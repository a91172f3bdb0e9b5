"""``Draft`` to bytes, and the minting of Message-IDs.

Written by hand and not with ``email.message.EmailMessage``: its policies encode ids of 78 characters and more
(Microsoft's are longer) as RFC 2047 words, which no reader takes for an id, and break long encoded subjects against
RFC 2047 2. There is no header that names Afterword: mail clients would send it on to the employer.
"""

import binascii
import re
import secrets
from datetime import datetime
from email.header import Header
from email.utils import format_datetime

from connectors.message.fields import clean, message_id, message_ids
from connectors.message.values import Address, Draft, MessageId

_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_ADDRESS = re.compile(r'[^\s<>"(),:;\[\]\\@\x00-\x1f\x7f-\x9f]{1,128}@[^\s<>"(),:;\[\]\\@\x00-\x1f\x7f-\x9f]{1,255}')
_MINTED = re.compile(r"<[0-9a-f]{40}@[^<>@]+>")
_LINE = 76


def mint_message_id(domain: str) -> MessageId:
    """A random Message-ID under the user's own domain; the host's name is nobody's business.

    Raises ``ValueError`` for something that cannot stand after the @.
    """
    minted = MessageId(f"<{secrets.token_hex(20)}@{_ascii_domain(domain)}>")
    if not is_minted(minted) or message_id(minted) != minted:
        raise ValueError("a Message-ID needs a domain of printable characters")
    return minted


def is_minted(own: str) -> bool:
    """Whether an id has the shape of ``mint_message_id``; mail clients use other shapes."""
    return _MINTED.fullmatch(own) is not None


def as_bytes(draft: Draft) -> bytes:
    """The draft as RFC 5322 text with CRLF line ends, ASCII only, no line longer than 998 characters.

    The text stays as it is; long lines are broken by quoted-printable alone, so every client shows them as paragraphs.
    Raises ``ValueError`` when an id or an address cannot stand in a header.
    """
    parent = draft.parent
    chain = parent and _chain((*parent.references, parent.message_id), parent.message_id)
    fields = [
        ("From", _mailbox("From", draft.sender)),
        ("To", draft.to and _mailbox("To", draft.to)),
        ("Subject", _words("Subject", clean(draft.subject, 900))),
        ("Date", _date(draft.date)),
        ("Message-ID", _checked(draft.message_id)),
        ("In-Reply-To", parent and _checked(parent.message_id)),
        ("References", chain),
        ("MIME-Version", "1.0"),
        ("Content-Type", 'text/plain; charset="utf-8"'),
        ("Content-Transfer-Encoding", "quoted-printable"),
    ]
    header = "".join(f"{name}: {value}\r\n" for name, value in fields if value)
    return header.encode() + b"\r\n" + _quoted(draft.text)


def _quoted(text: str) -> bytes:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace")
    # b2a_qp takes its line ends from the first one it meets, so they are made CRLF afterwards.
    return binascii.b2a_qp(lines, istext=True).replace(b"\n", b"\r\n")


def _date(when: datetime) -> str:
    if when.tzinfo is None:
        raise ValueError("the date of a draft needs a time zone")
    return format_datetime(when)


def _checked(own: MessageId) -> str:
    if message_id(own) != own:
        raise ValueError("this is no Message-ID")
    return own


def _chain(ids: tuple[MessageId, ...], parent: MessageId) -> str:
    """The parent last: Thunderbird rebuilds In-Reply-To from it. One id a line keeps every line below 998."""
    earlier = [each for each in message_ids(" ".join(ids)) if each != parent]
    return "\r\n ".join([*earlier, _checked(parent)])


def _words(name: str, text: str) -> str:
    """Unstructured text: as it is when ASCII, else encoded words of at most 75 characters."""
    plain = text.isascii() and "=?" not in text
    return Header(text, "us-ascii" if plain else "utf-8", _LINE, name).encode(linesep="\r\n", splitchars=" ")


def _mailbox(field: str, who: Address) -> str:
    if not _ADDRESS.fullmatch(who.address):
        raise ValueError("this address cannot stand in a header")
    local, _, domain = who.address.rpartition("@")
    address = f"{local}@{_ascii_domain(domain)}"
    name = clean(who.name, 256)
    if not name:
        return address
    if _PHRASE.fullmatch(name) and "=?" not in name:
        return f"{name} <{address}>"
    if name.isascii() and "=?" not in name:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{address}>'
    return f"{_words(field, name)}\r\n <{address}>"


def _ascii_domain(domain: str) -> str:
    """An internationalised domain in its ASCII form; anything else as it is."""
    try:
        return domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain
