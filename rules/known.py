"""What the user knows of employers and addresses, from their own rule files."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True, kw_only=True)
class Employer:
    """An employer, with the other names and the addresses it writes under (``*`` stands for anything)."""

    name: str
    also: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Known:
    """All of it, what was said last first."""

    employers: tuple[Employer, ...] = ()
    unread: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()

    def employer(self, address: str, found: str | None) -> str | None:
        """What the user calls the employer who writes from this address, or whom a mail calls so; else that name."""
        wanted = _folded(found or "")
        for each in self.employers:
            if _among(address, each.addresses) or (wanted and wanted in map(_folded, (each.name, *each.also))):
                return each.name
        return found

    def nobody_reads(self, address: str) -> bool:
        """Whether the user knows that what is sent there is not read."""
        return _among(address, self.unread)

    def is_agency(self, address: str) -> bool:
        """Whether the user knows that a recruiter writes from here who places people with other employers."""
        return _among(address, self.agencies)


def _among(address: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(address.casefold(), pattern.casefold()) for pattern in patterns)


def _folded(name: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", name).casefold()))
