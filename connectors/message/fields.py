"""The header block of a mail: RFC 5322 fields, RFC 2047 words, RFC 2045 and 2231 parameters.

All of it is hostile. The ``email`` package raises IndexError, LookupError, RecursionError and more on broken fields, so
each field is read on its own and shielded: what cannot be read is missing, the rest of the mail stays. The header block
is cut before anything looks at it, and every pattern here takes linear time.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message as Part
from email.utils import getaddresses, parsedate_to_datetime
from typing import TypeVar

from connectors.message.encoding import from_base64, from_quoted, to_text
from connectors.message.values import Address, MessageId

T = TypeVar("T")

HEADER_LIMIT = 128 * 1024
"""Bytes of a header block that are looked at; a long thread over many servers has a quarter of it."""
PARAMETERS_LIMIT = 4096
"""Characters of a Content-Type that are looked at: the email package takes quadratic time."""
ADDRESSES_LIMIT = 100
CHAIN_TAIL = 20
"""How many ids of References are kept after the first: RFC 5322 2.1.1 allows lines of 998 characters."""

_FIELD_NAME = re.compile(rb"[!-9;-~]{1,100}")
# No quotes and no backslash: an id goes into IMAP search strings and other people's parsers as it is.
_MESSAGE_ID = re.compile(r"<[!#-;=?-\[\]-~]{1,900}>")
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,64})\?([bBqQ])\?([^\r\n]{0,900}?)\?=")
_ADDR_SPEC = re.compile(r'[^\s<>"(),:;\\@\x00-\x1f\x7f-\x9f]{1,128}@[^\s<>"(),:;\\@\x00-\x1f\x7f-\x9f]{1,255}')
_LAST_ANGLE = re.compile(r"<([^<>]{1,400})>[^<>]*\Z")
_BREAKS = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


@dataclass(frozen=True)
class Fields:
    """The fields of one header block in their order: lower-case names, unfolded values, nothing decoded yet."""

    pairs: tuple[tuple[str, str], ...]

    def first(self, name: str) -> str:
        """The first value of that name, or nothing: the receiving server writes above what the sender wrote."""
        return next((value for key, value in self.pairs if key == name), "")

    def as_part(self, default_type: str) -> Part:
        """The fields with parameters, for the email package to take apart; each look at it needs a shield."""
        part = Part()
        part["Content-Type"] = (self.first("content-type") or default_type)[:PARAMETERS_LIMIT]
        part["Content-Disposition"] = self.first("content-disposition")[:PARAMETERS_LIMIT]
        return part


def split_fields(block: bytes) -> Fields:
    """Unfold a header block. Lines that are no field are skipped; never raises."""
    found: list[tuple[str, list[bytes]]] = []
    for line in block[:HEADER_LIMIT].split(b"\n"):
        if line[:1] in (b" ", b"\t"):
            if found:
                found[-1][1].append(line.rstrip(b"\r"))
            continue
        name, colon, value = line.rstrip(b"\r").partition(b":")
        if colon and _FIELD_NAME.fullmatch(name.rstrip()):
            found.append((name.rstrip().decode("ascii").lower(), [value]))
    return Fields(tuple((name, to_text(b"".join(lines).strip(), None)) for name, lines in found))


def shielded(read: Callable[[], T], otherwise: T) -> T:
    """What ``read`` gives, or ``otherwise`` when the mail is too broken for it."""
    try:
        return read()
    except Exception:  # noqa: BLE001 - the email package's failures on broken mail are not listed anywhere
        return otherwise


def clean(text: str, limit: int = 1000) -> str:
    """One line, no control characters, at most ``limit`` characters; spaces of other scripts stay."""
    return _BREAKS.sub(" ", text).strip(" ")[:limit]


def decode_words(value: str) -> str:
    """RFC 2047 words decoded, broken ones one by one. A character split over two words is put together again."""
    shown: list[str] = []
    charset, pending, end = "", b"", 0
    for word in _ENCODED_WORD.finditer(value):
        gap = value[end : word.start()]
        own = word[1].partition("*")[0].lower()  # RFC 2231 5: a language may follow the charset
        if pending and (gap.strip() or own != charset):
            shown.append(to_text(pending, charset))
            pending = b""
        if gap.strip() or not end:  # RFC 2047 6.2: white space between two encoded words is not shown
            shown.append(gap)
        raw = word[3].encode("utf-8", "replace")
        pending += from_base64(raw) if word[2] in "bB" else from_quoted(raw.replace(b"_", b" "))
        charset, end = own, word.end()
    shown += [to_text(pending, charset), value[end:]]
    return "".join(shown)


def addresses(value: str) -> tuple[Address, ...]:
    """The addresses of a field, groups flattened, at most 100; what is no address is left out."""
    nothing: list[tuple[str, str]] = []
    pairs = shielded(lambda: getaddresses([value]), nothing)
    found = [_address(name, spec) for name, spec in pairs]
    good = [each for each in found if each is not None]
    return tuple(good[:ADDRESSES_LIMIT]) or _rescued(value)


def _address(name: str, spec: str) -> Address | None:
    spec = spec.strip()
    return Address(address=spec, name=clean(decode_words(name), 256)) if _ADDR_SPEC.fullmatch(spec) else None


def _rescued(value: str) -> tuple[Address, ...]:
    """The last ``<address>`` of a field that is otherwise broken, all before it being the name."""
    for text in (value, decode_words(value)):
        angle = _LAST_ANGLE.search(text[-2000:])
        found = _address(text.rpartition("<")[0].strip(' "'), angle[1]) if angle else _address("", text)
        if found:
            return (found,)
    return ()


def sender(value: str) -> Address | None:
    """The author of a From field: ``Acme, Inc. <jobs@acme.example>`` without quotes is one author and no list."""
    name, _, rest = value.partition("<")
    plain = not set(name) & set('"()') and not ("@" in name and "," in name)
    one = _address(name, rest.rstrip().removesuffix(">")) if plain else None
    return one or next(iter(addresses(value)), None)


def message_ids(value: str) -> tuple[MessageId, ...]:
    """Every well-formed msg-id of a field, each once, the first and the last twenty of a longer chain."""
    found = _MESSAGE_ID.findall(value) or _MESSAGE_ID.findall(decode_words(value))  # Python < 3.14 encodes long ids
    once = tuple(MessageId(each) for each in dict.fromkeys(found))
    return once if len(once) <= CHAIN_TAIL + 1 else (once[0], *once[-CHAIN_TAIL:])


def message_id(value: str) -> MessageId | None:
    """The first well-formed msg-id of a field."""
    return next(iter(message_ids(value)), None)


def date(value: str) -> datetime | None:
    """An RFC 5322 date; without a zone it counts as UTC; one outside 1970..2199 is nonsense."""
    found = shielded(lambda: parsedate_to_datetime(value[:100]), None)
    if found is None or not 1970 <= found.year < 2200:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
