"""Which parts of a message are worth asking for, read from its BODYSTRUCTURE (RFC 9051 7.5.2).

imapclient gives it as nested tuples; a multipart has a list of its parts in the first place. All of it comes from the
sender by way of the server, so nothing is believed to be there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from connectors.message.parse import TEXT_LIMIT, is_read
from connectors.message.structure import DEPTH_LIMIT, PARTS_LIMIT

CALENDAR_LIMIT = 64 * 1024
"""Bytes of invitations; they have their own share, since they often stand behind a long text."""
SECTIONS_LIMIT = 10

_ENCODING, _SIZE = 5, 6
_DISPOSITION = {"text": 9}
"""Where a part's disposition stands: behind the MD5, which stands behind the line count in text parts (7.5.2)."""


@dataclass(frozen=True, kw_only=True)
class Section:
    """One text part to fetch: its number (``1.2``), what it says of itself, and how many bytes are wanted at most."""

    number: str
    content_type: str
    charset: str | None
    encoding: str
    wanted: int

    @property
    def item(self) -> str:
        """What to ask FETCH for. Peeking: a look must not mark as read."""
        return f"BODY.PEEK[{self.number}]<0.{self.wanted}>"


def sections(structure: object) -> tuple[Section, ...]:
    """The text parts of a message in their order, such that all of them together stay within the limits.

    A part is asked for in full length and not by the size it tells: Exchange tells wrong ones, and messages of the same
    shape can be asked for together.
    """
    left = {"text": TEXT_LIMIT, "calendar": CALENDAR_LIMIT}
    chosen: list[Section] = []
    for number, part in islice(_leaves(structure, "", DEPTH_LIMIT), PARTS_LIMIT):
        kind = f"{_word(part, 0)}/{_word(part, 1)}"
        if not is_read(kind, _disposition(part)) or len(chosen) >= SECTIONS_LIMIT:
            continue
        share, whole = ("calendar", CALENDAR_LIMIT) if kind == "text/calendar" else ("text", TEXT_LIMIT)
        if left[share] > 0:
            fits = _size(part) <= left[share]
            chosen.append(_section(number, kind, part, whole if fits else left[share]))
            left[share] -= _size(part)
    return tuple(chosen)


def _section(number: str, kind: str, part: tuple[object, ...], wanted: int) -> Section:
    return Section(
        number=number,
        content_type=kind,
        charset=_parameter(part, "charset"),
        encoding=_word(part, _ENCODING),
        wanted=wanted,
    )


def _leaves(part: object, number: str, depth: int) -> Iterator[tuple[str, tuple[object, ...]]]:
    """The parts that are no multipart, numbered as in RFC 9051 6.4.5; a forwarded message is one of them."""
    if not isinstance(part, tuple) or not part or not depth:
        return
    if isinstance(part[0], list):
        for index, child in enumerate(part[0], 1):
            yield from _leaves(child, f"{number}.{index}" if number else str(index), depth - 1)
    else:
        yield number or "1", part


def _word(part: tuple[object, ...], index: int) -> str:
    """A string of the structure in lower case. imapclient turns digits into numbers; NIL is nothing."""
    value = part[index] if index < len(part) else None
    return _text(value).lower()


def _size(part: tuple[object, ...]) -> int:
    """Bytes in transfer encoding, as told."""
    size = part[_SIZE] if len(part) > _SIZE else None
    return size if isinstance(size, int) else 0


def _text(value: object) -> str:
    return str(value, "ascii", "replace") if isinstance(value, bytes) else "" if value is None else str(value)


def _parameter(part: tuple[object, ...], name: str) -> str | None:
    found = part[2] if len(part) > 2 and isinstance(part[2], tuple) else ()
    pairs = {_text(key).lower(): _text(value) for key, value in zip(found[::2], found[1::2], strict=False)}
    return pairs.get(name)


def _disposition(part: tuple[object, ...]) -> str | None:
    """``attachment`` from ``("attachment" ("filename" "x"))``; some servers give the header field as it stands."""
    index = _DISPOSITION.get(_word(part, 0), 8)
    value = part[index] if index < len(part) else None
    told = _word(value, 0) if isinstance(value, tuple) else _text(value).lower()
    return told.partition(";")[0].strip() or None
