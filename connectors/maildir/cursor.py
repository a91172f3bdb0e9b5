"""How far a tree of Maildirs was read: which file names were seen.

No time tells what is new in a Maildir. A file moved in keeps its old time; a file whose flags change is touched again;
a synchroniser stamps a whole folder with now, or with the times of the server. Only the name before the flags is made
for one message and never used again, so the names seen are kept: five bytes of hash for each, a third of a megabyte for
50,000 messages. Of 20 million new names one is taken for one of those 50,000.
"""

import base64
import json
from collections.abc import Iterable
from hashlib import blake2b

from connectors.port import Cursor

_SIZE = 5
_MANY = 20
_VERSION = 1


def name_hash(name: str) -> bytes:
    """What a cursor keeps of a file name."""
    return blake2b(name.encode("utf-8", "surrogateescape"), digest_size=_SIZE).digest()


class Seen:
    """The hashes of the names seen in one folder, and which directory it was (its inode)."""

    def __init__(self, identity: int, names: Iterable[bytes] = ()) -> None:
        self._identity = identity
        self._names = set(names)
        self._packed = _packed(self._names)
        self._added = bytearray()

    def __contains__(self, name: bytes) -> bool:
        return name in self._names

    def add(self, names: Iterable[bytes]) -> None:
        """These were given."""
        for name in names:
            self._names.add(name)
            self._added += name

    def is_forgotten(self, present: set[bytes], identity: int) -> bool:
        """Whether this is another Maildir than the one that was read: none of its names are there any more.

        An emptied inbox loses all its names too, so another directory must stand there, or many other messages.
        """
        if not self._names or not present or not self._names.isdisjoint(present):
            return False
        return identity != self._identity or (len(self._names) > _MANY and len(present) > _MANY)

    def kept(self, present: set[bytes], identity: int) -> "Seen":
        """Without the names that are there no more: a cursor stays as small as the folder."""
        return Seen(identity, self._names & present)

    def written(self) -> list[object]:
        """What ``read`` takes. Names added stand apart, so that the cursor after one more batch costs little."""
        return [self._identity, self._packed, base64.b64encode(self._added).decode("ascii")]

    @classmethod
    def read(cls, written: list[object]) -> "Seen":
        """The inverse of ``written``."""
        identity, *packed = written
        joined = b"".join(base64.b64decode(str(part)) for part in packed)
        return cls(int(str(identity)), (joined[at : at + _SIZE] for at in range(0, len(joined), _SIZE)))


def _packed(names: Iterable[bytes]) -> str:
    return base64.b64encode(b"".join(sorted(names))).decode("ascii")


def read_cursor(cursor: Cursor | None) -> dict[str, Seen]:
    """What was seen, by folder name."""
    if cursor is None:
        return {}
    _, folders = json.loads(cursor)
    return {name: Seen.read(written) for name, written in folders.items()}


def write_cursor(seen: dict[str, Seen]) -> Cursor:
    """The inverse of ``read_cursor``."""
    return Cursor(json.dumps([_VERSION, {name: each.written() for name, each in seen.items()}], separators=(",", ":")))
