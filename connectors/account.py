"""``Account``: what a connector needs to know of one mailbox."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from connectors.secrets import Secret


class Tls(StrEnum):
    """How the connection is protected. ``none`` is allowed for loopback addresses only."""

    IMPLICIT = "implicit"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Folders:
    """Folder names as the user sees them; ``None`` means: find it (RFC 6154 special use, then usual names)."""

    watch: tuple[str, ...] = ("INBOX",)
    drafts: str | None = None
    sent: str | None = None


@dataclass(frozen=True, kw_only=True)
class Account:
    """One mailbox the user watches.

    ``addresses`` are all addresses the user writes from or is written to, the main one first.
    Fields that a connector does not use keep their defaults.
    """

    name: str
    connector: str
    addresses: tuple[str, ...]
    folders: Folders = field(default_factory=Folders)
    host: str = ""
    port: int = 993
    tls: Tls = Tls.IMPLICIT
    fingerprint: str | None = None
    ca: Path | None = None
    username: str = ""
    password: Secret | None = None
    token: Secret | None = None
    path: Path | None = None
    client: Path | None = None
    """Google: the client_secret.json of the user's Google Cloud client."""
    tenant: str = "common"
    """Microsoft: ``common``, ``organizations``, ``consumers`` or a tenant id."""
    client_id: str = ""
    """Microsoft: the application id of the user's registration in Entra."""
    endpoint: str = ""
    """The API's address where it is not the provider's usual one (sovereign clouds; loopback in tests)."""
    authority: str = ""
    """The same for the sign-in server."""

    @property
    def address(self) -> str:
        """The main address."""
        return self.addresses[0]

    def owns(self, address: str) -> bool:
        """Whether the address is one of the user's own here; letter case does not count."""
        return address.casefold() in {own.casefold() for own in self.addresses}
