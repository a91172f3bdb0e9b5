"""Access tokens: where they come from and how they are renewed. Nobody here knows a mail protocol.

An account gets its token from a program (``token:``), from Google (``client:``) or from Microsoft (``client_id:``).
The concrete source is imported late, so that a password user loads neither Google's nor Microsoft's library.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from connectors.account import Account
from connectors.port import Refused
from connectors.secrets import Secret


class AccessTokens(Protocol):
    """The access tokens of one account (RFC 6749 1.4). Safe to ask before every request: answers come from memory."""

    def current(self) -> str:
        """A token that is valid now, renewed when its time is over.

        Raises ``Refused`` when the user must sign in again (the sentence names ``afterword auth ACCOUNT``),
        ``Unavailable`` when the sign-in server does not answer.
        """
        ...

    def renewed(self) -> str:
        """A new token, because the server has just refused ``current``; the same failures."""
        ...


@dataclass(frozen=True, kw_only=True)
class TokenAge:
    """What ``status`` shows of a stored sign-in. ``ends`` is None when it lives until it is revoked."""

    signed_in: datetime
    renewed: datetime
    ends: datetime | None = None


class FromProgram:
    """Tokens that the user's own program prints and keeps fresh (``token: {command: [...]}``)."""

    def __init__(self, secret: Secret) -> None:
        self._secret = secret
        self._token: str | None = None

    def current(self) -> str:
        if self._token is None:
            self._token = self._secret.reveal()
        return self._token

    def renewed(self) -> str:
        self._token = None
        return self.current()


def tokens_of(account: Account, *, scopes: tuple[str, ...]) -> AccessTokens:
    """Where this account's tokens come from. ``scopes`` are what the connector needs, and all it may be granted."""
    if account.token is not None:
        return FromProgram(account.token)
    raise Refused(f"account `{account.name}` has no way to sign in; see docs/config.md")


def sign_in(account: Account, *, scopes: tuple[str, ...], say: Callable[[str], None], browser: bool) -> None:
    """Sign in interactively and store what it gives. ``say`` prints one line for the user."""
    raise Refused(f"account `{account.name}` needs no sign-in")


def age(account: Account) -> TokenAge | None:
    """How old the stored sign-in is; None when there is none."""
    return None
