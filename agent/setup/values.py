"""What was found out about a mailbox on the way to its configuration."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from connectors.account import Tls


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where an IMAP server is said to be. ``username`` is what to sign in with; empty: the address."""

    host: str
    port: int = 993
    tls: Tls = Tls.IMPLICIT
    username: str = ""

    def __str__(self) -> str:
        kinds = {Tls.IMPLICIT: "TLS", Tls.STARTTLS: "STARTTLS", Tls.NONE: "no TLS"}
        return f"{self.host}, port {self.port}, {kinds[self.tls]}"


class Way(StrEnum):
    """How a provider lets a program in."""

    PASSWORD = "password"  # noqa: S105 - a kind of sign-in, no password
    """The user's own password, or an app password where the steps say so; over IMAP."""
    GOOGLE = "google"
    """Google's API, with a client of the user's own."""
    MICROSOFT = "microsoft"
    """Microsoft Graph, with a registration of the user's own; Microsoft takes no passwords from programs."""


@dataclass(frozen=True, kw_only=True)
class Provider:
    """What is known of one provider. ``steps`` are the shortest ones to what it wants, ``page`` says more."""

    name: str
    domains: frozenset[str]
    mx: tuple[str, ...]
    """Domains under which the MX hosts of its customers' own domains lie."""
    server: Server | None
    local_part: bool
    """Whether one signs in with the part before the @."""
    ways: tuple[Way, ...]
    """The recommended one first."""
    password: str
    """What the password is called there."""
    steps: tuple[str, ...]
    page: str


class NotAnswered(Exception):
    """Something has to be known and nobody is there to say it. Its text names the option that does."""


class Stopped(Exception):
    """The user stopped, or has to do something elsewhere first. Nothing was written. Its text says what to do."""


class Talk(Protocol):
    """The one who is asked. Every question may raise ``NotAnswered``, and ``KeyboardInterrupt`` at any time.

    ``alone``: nobody is there; a question without a default raises, and nothing is worth asking twice.
    """

    alone: bool

    def say(self, text: str = "") -> None:
        """Tell something; an empty text is an empty line."""
        ...

    def heading(self, text: str) -> None:
        """Tell that something new begins."""
        ...

    def ask(self, question: str, *, default: str | None = None, option: str) -> str:
        """A line; the default for an empty one. ``option`` is what would have answered on the command line."""
        ...

    def secret(self, question: str, *, option: str) -> str:
        """A line that is not shown."""
        ...

    def agree(self, question: str, *, default: bool) -> bool:
        """Yes or no."""
        ...

    def visit(self) -> Callable[[str], object] | None:
        """What opens a link in a browser here; None where there is none, as over ssh."""
        ...
